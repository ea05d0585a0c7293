"""The formats that tables come in, each told by its content and not by its name."""

import bz2
import gzip
import io
import lzma
import sqlite3
import struct
import subprocess
import sys
import zipfile
from array import array

import pytest

from conftest import missing
from pyref.tables.examples import read_table, to_learn, to_predict
from pyref.tables.layout import CLASSIFICATION, Expected
from pyref.tables.sources import find

pytestmark = pytest.mark.usefixtures("reading")

ROWS = [[1.0, 2.5, 7.0], [-3.0, 40.0, 8.5], [0.5, 0.0, 9.0]]
INPUTS, TARGETS = [1, 2.5, -3, 40, 0.5, 0], [7, 8.5, 9]
NUMBERS = "1,2.5,7\n-3,40,8.5\n.5,0,9\n"


@pytest.fixture
def source(tmp_path):
    def make(content, name="table"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return find(str(path))

    return make


def same(source):
    examples = to_learn(source, None, "regress")
    assert list(examples.inputs) == INPUTS and list(examples.targets) == TARGETS
    return examples


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed(source, pack):
    same(source(pack(NUMBERS.encode()), "table.csv"))
    damaged = pack(NUMBERS.encode() * 1000)
    with pytest.raises(ValueError, match="table: the packed file is damaged"):
        same(source(damaged[: len(damaged) // 2]))


TEXTS = {
    "commas": NUMBERS,
    "tabs": NUMBERS.replace(",", "\t"),
    "pipes": NUMBERS.replace(",", "|"),
    "spaces": NUMBERS.replace(",", " "),
    "columns of spaces": "  1   2.5  7 \n -3  40    8.5\n  .5  0    9\n",
    "spaces and tabs": "1 \t2.5  7\n-3\t 40 8.5\n.5 0 9\n",
    "decimal commas": "1;2,5;7\n-3;40;8,5\n,5;0;9\n",
    "comments": "# made by hand\n1,2.5,7\n# half way\n-3,40,8.5\n.5,0,9\n#end\n",
    "Excel": "sep=;\r\n1;2,5;7\r\n-3;40;8,5\r\n,5;0;9\r\n",
    "Excel's odd one": "sep=|\n1|2.5|7\n-3|40|8.5\n.5|0|9\n",
    "Proben1": "bool_in=1\nreal_in=1\nbool_out=0\nreal_out=1\ntraining_examples=1\n"
               "validation_examples=1\ntest_examples=1\n1 2.5 7\n-3 40 8.5\n.5 0 9\n",
    "FANN": "3 2 1\n1 2.5\n7\n-3 40\n8.5\n.5 0\n9\n",
    "ARFF": "% a comment\n@RELATION r\n\n@attribute a NUMERIC\n@attribute 'b c' real\n"
            "@attribute y numeric\n@DATA\n1,2.5,7\n% more\n-3, 40, 8.5\n.5,0,9\n",
}


@pytest.mark.parametrize("form", TEXTS)
def test_forms_of_text(source, form):
    examples = same(source(TEXTS[form]))
    assert examples.input_names == (["a", "b c"] if form == "ARFF" else None)


def test_what_is_said_goes_before_what_is_found(source):
    odd = source("1x2,5x7\n-3x40x8,5\n,5x0x9\n")
    same(odd._replace(separator="x", decimal=","))
    found = to_learn(source("1;2;7\n-3;40;8\n.5;0;9\n")._replace(separator=";"), None, "regress")
    assert found.input_count == 2
    with pytest.raises(ValueError, match="the separator and the decimal mark are both ','"):
        same(source(NUMBERS)._replace(decimal=","))


def test_decimal_commas_beside_words(source):
    text = "Größe;Farbe;Preis\n1,5;rot, hell;3,25\n2;grün;4\nNA;rot, hell;5,5\n"
    examples = to_learn(source(text), None, "auto")
    assert list(examples.inputs) == [1.5, 0, 1, 2, 0, 0, 1.75, 1, 1]
    assert list(examples.targets) == [3.25, 4, 5.5]
    assert examples.input_names[-1] == "Farbe=rot, hell"


def test_comments_are_counted_and_may_not_begin_a_quoted_field(source):
    examples = to_learn(source('a,y\n1,2.5\n#2,3\n"#3",4\n5,6\n7,8\n"#3",1\n'), None, "regress",
                        categorical="a")
    assert examples.rows == 5 and "1 lines below the first row begin with #" in examples.notes[0]
    assert "#3" in examples.preparation.columns[0].words


def test_the_files_of_scikit_learn(source):
    text = "4,2,setosa,versicolor\n5.1,3.5,0\n4.9,3.0,1\n4.7,3.2,0\n4.6,3.1,1\n"
    examples = to_learn(source(text), None, "auto")
    assert examples.rows == 4 and examples.input_names is None and examples.classes == ["0", "1"]
    assert "line 1 (4,2,setosa,versicolor) is taken for the sizes of the table" in examples.notes[0]


def test_attributes_have_types(source):
    text = ("@relation r\n@attribute n {1,2,3}\n@attribute s string\n@attribute w {'it''s',b}\n"
            "@attribute c {0, 1}\n@data\n1,'x, y',b,0\n3,z,\"b\",1\n?,z,b,1\n3,'don\\'t',b,?\n")
    table = read_table(source(text), None, "auto")
    assert table.classes == ["0", "1"] and table.rows == 3
    assert table.inputs == [[1, "x, y", "b"], [3, "z", "b"], [None, "z", "b"]]
    assert table.prepared().preparation.columns[0].words == ("1", "3")


@pytest.mark.parametrize("text, message", [
    ("@relation r\n@attribute a real\n@attribute y real\n@data\n{0 1}\n", "line 5: sparse rows"),
    ("@relation r\n@attribute a real\n@attribute y real\n@data\n1\n", "line 5: 1 cells found, 2"),
    ("@relation r\n@attribute a real\n@attribute y real\n@data\n'1,2\n", "line 5: the quotes"),
    ("@relation r\n@attribute a relational\n", "line 2: a type 'relational' is not read"),
    ("@relation r\n@data\n", "no @attribute"),
    ("3 2 1\n1 2\n3\n4 5\n6\n", "3 rows are announced, 2 found"),
    ("1 2 1\n1 2\n3\n4 5\n6\n", "line 4: more than the 1 rows that are announced"),
    ("2 2 1\n1 2\n3\n4\n6\n", "1 inputs stand above, 2 are needed"),
    (TEXTS["Proben1"].replace("40 ", ""), "line 9: 2 numbers found, 3 are needed"),
    (TEXTS["Proben1"].replace("real_in=1", "real_in=1\nreal"), "seven lines such as bool_in=0"),
    ("sep=,\n", "the table is empty"),
    ("# nothing\n", "the table is empty"),
])
def test_what_is_wrong_is_said(source, text, message):
    with pytest.raises(ValueError, match=f"table[:,] .*{message}"):
        to_learn(source(text), None, "regress")


@pytest.mark.parametrize("content, what", [
    (b"%PDF-1.7\n", "a PDF"), (b"\x89PNG\r\n\x1a\n" + bytes(9), "a picture"),
    (b" \n<!DOCTYPE html>\n<table>", "a page of the web"), (b'[{"a": 1, "b": 2}]\n', "JSON"),
    (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"), (b"\xd0\xcf\x11\xe0" + bytes(99), "a spreadshe"),
])
def test_what_is_plainly_something_else(tmp_path, content, what):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"table.csv: this is {what}.*; a table is needed"):
        to_learn(find(str(path)), None, "auto")


def test_a_spreadsheet(tmp_path):
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ValueError, match="table.xlsx: this is a spreadsheet; save its table as"):
        to_learn(find(str(path)), None, "auto")


@pytest.mark.parametrize("target, categorical, message", [
    ("Y", None, "no column 'Y' for the target; the columns are 'a', 'b', 'y'; did you mean y"),
    ("y", "c", "no column 'c' for --categorical; the columns are 'a', 'b', 'y'"),
])
def test_a_column_that_is_not_there(source, target, categorical, message):
    """Where the last one's name is among its own values, too."""
    text = "a,b,y\n" + "".join(f"{i},{i % 3},{'xy'[i % 2]}\n" for i in range(8))
    with pytest.raises(ValueError, match=f"table: {message}"):
        to_learn(source(text), target, "auto", categorical=categorical)


def npy(descr, data, shape, by_column=False, version=1):
    header = f"{{'descr': {descr!r}, 'fortran_order': {by_column}, 'shape': {shape!r}, }}"
    header = header.encode() + b" " * 20 + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind, code", [("f8", "d"), ("f4", "f"), ("f2", "e")])
def test_arrays(source, kind, code, order, version):
    flat = [value for row in ROWS for value in row]
    data = struct.pack(f"{order}9{code}", *flat)
    same(source(npy(order + kind, data, (3, 3), version=version)))
    columns = struct.pack(f"{order}9{code}", *(row[k] for k in range(3) for row in ROWS))
    same(source(npy(order + kind, columns, (3, 3), by_column=True, version=version)))


@pytest.mark.parametrize("kind, code", [("i1", "b"), ("i2", "h"), ("i4", "i"), ("i8", "q"),
                                        ("u1", "B"), ("u2", "H"), ("u4", "I"), ("u8", "Q")])
@pytest.mark.parametrize("order", "<>")
def test_arrays_of_whole_numbers(source, kind, code, order):
    values = [1, 2, 100, 7, 8, 50, 3, 5, 99]
    examples = to_learn(source(npy(order + kind, struct.pack(f"{order}9{code}", *values), (3, 3))),
                        None, "regress")
    assert list(examples.inputs) == [1, 2, 7, 8, 3, 5] and list(examples.targets) == [100, 50, 99]


def test_gaps_and_what_no_number_is_in_arrays(source):
    nan, inf = float("nan"), float("inf")
    gap = npy("<f8", struct.pack("<6d", 1, 2.5, nan, 3, 5, 4), (3, 2))
    assert list(to_learn(source(gap), None, "regress").inputs) == [1, 0, 3, 1, 5, 0]
    infinite = npy("<f8", struct.pack("<4d", 1, 2.5, inf, 3), (2, 2))
    with pytest.raises(ValueError, match="table: inf found; a finite number is needed"):
        to_learn(source(infinite), None, "regress")


@pytest.mark.parametrize("content, message", [
    (npy("|O", b"", (2, 2)), "Python objects are never loaded"),
    (npy([("a", "<f8")], b"", (2,)), "an array of records"),
    (npy("<f8", b"\0" * 24, (2, 2)), "ends too early: 8 bytes are missing"),
    (npy("<f8", b"", (0, 2)), "the table is empty"),
    (npy("<c16", b"", (2, 2)), "an array of type '<c16'; numbers or texts are needed"),
    (npy("<f8", b"", (-1, 2)), "damaged"),
    (b"\x93NUMPY\x01\0\x05\0{'a':", "damaged"),
])
def test_arrays_that_are_no_tables(source, content, message):
    with pytest.raises(ValueError, match=f"table: .*{message}"):
        to_learn(source(content), None, "regress")


def npz(**arrays):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in arrays.items():
            archive.writestr(name + ".npy", content)
    return file.getvalue()


X = npy("<f8", struct.pack("<6d", *INPUTS), (3, 2))
Y = npy("<f8", struct.pack("<3d", *TARGETS), (3,))
SPECIES = npy("<U3", "catdogcat".encode("utf-32-le"), (3,))


def test_archives_of_arrays(source):
    same(source(npz(x=X, y=Y)))
    same(source(npz(X_train=X, y_train=Y, X_test=X, y_test=Y)))
    same(source(npz(other=Y, b=X, a=Y))._replace(part="b,a"))
    both = npy("<f8", struct.pack("<9d", *(v for row in ROWS for v in row)), (3, 3))
    same(source(npz(table=both)))
    assert to_learn(source(npz(x=X, y=SPECIES)), None, "auto").classes == ["cat", "dog"]
    images = npy("|u1", bytes(range(12)), (3, 2, 2))
    assert list(to_learn(source(npz(x=images, y=Y)), None, "regress").inputs) == list(range(12))
    with pytest.raises(ValueError, match=r"it holds b, a; say which .*table\?b,a"):
        same(source(npz(b=X, a=Y)))
    with pytest.raises(ValueError, match="arrays x and y have .2, 3. rows"):
        same(source(npz(x=npy("<f8", b"\0" * 16, (2, 1)), y=Y)))
    with pytest.raises(ValueError, match="without arrays of NumPy"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.csv", NUMBERS)
        same(source(file.getvalue()))


def test_as_numpy_writes_them(source, tmp_path):
    try:
        import numpy
    except ImportError:
        missing("no NumPy")
    for order in "CF":
        for kind in ("float64", "float32", ">f8"):
            path = tmp_path / "t.npy"
            numpy.save(path, numpy.array(ROWS, dtype=kind, order=order))
            same(find(str(path)))
    path = tmp_path / "t.npz"
    numpy.savez_compressed(path, x=numpy.array(ROWS)[:, :2], y=numpy.array(ROWS)[:, 2])
    same(find(str(path)))


def idx(code, type_number, shape, values):
    head = struct.pack(f">BBBB{len(shape)}I", 0, 0, type_number, len(shape), *shape)
    return head + struct.pack(f">{len(values)}{code}", *values)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_images_find_their_labels(source, pack):
    images = pack(idx("B", 8, (3, 2, 2), range(12)))
    source(pack(idx("B", 8, (3,), [7, 0, 7])), "train-labels-idx1-ubyte")
    examples = to_learn(source(images, "train-images-idx3-ubyte"), None, "auto")
    assert list(examples.inputs) == list(range(12))
    assert examples.classes == ["0", "7"] and list(examples.targets) == [1, 0, 1]
    alone = source(images, "other-images-idx3-ubyte.gz")
    expected = Expected(4, None, None, [4], [], CLASSIFICATION, ["0", "7"])
    assert to_predict(alone, expected).rows == 3
    assert to_predict(source(images, "train-images-idx3-ubyte"), expected).rows == 3


def test_labels_that_do_not_fit(source):
    source(idx("B", 8, (2,), [7, 0]), "a-labels")
    with pytest.raises(ValueError, match="3 images, but the labels in .*a-labels are 2"):
        to_learn(source(idx("B", 8, (3, 4), range(12)), "a-images"), None, "auto")
    with pytest.raises(ValueError, match="these are labels; name the file of the images"):
        to_learn(source(idx("B", 8, (2,), [7, 0]), "a-labels"), None, "auto")


@pytest.mark.parametrize("type_number, code", list(zip((9, 11, 12, 13, 14), "bhifd")))
def test_other_types_of_idx(source, type_number, code):
    table = idx(code, type_number, (3, 2), [1, -2, 3, -4, 5, -6])
    examples = to_learn(source(table), None, "regress")
    assert list(examples.inputs) == [1, 3, 5] and list(examples.targets) == [-2, -4, -6]


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "things.db"
    connection = sqlite3.connect(path)
    connection.execute("create table things (a, colour text, y real)")
    rows = [(1, "red", 7), (None, "blue", 8.5), (0.5, "red", 9), (2, None, 3)]
    connection.executemany("insert into things values (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


def test_databases(database):
    for data in (f"sqlite:{database}", f"sqlite:{database}?things", str(database),
                 f"sqlite:{database}?select * from things where y > 0"):
        table = read_table(find(data), None, "regress")
        assert table.inputs == [[1, "red"], [None, "blue"], [0.5, "red"], [2, None]]
        assert table.input_names == ["a", "colour"] and list(table.targets) == [7, 8.5, 9, 3]
    assert find(f"sqlite:{database}?things").stem == str(database)[: -len(".db")]


def test_databases_are_only_read(database):
    for part in ("drop table things", "select drop"):
        with pytest.raises(ValueError, match="no table 'drop table things'|syntax error"):
            read_table(find(f"sqlite:{database}?{part}"))
    with pytest.raises(ValueError, match="no table 'thing'; its tables are things: say which"):
        read_table(find(f"sqlite:{database}?thing"))
    with pytest.raises(ValueError, match="the table is empty"):
        read_table(find(f"sqlite:{database}?select * from things where y < 0"))
    assert read_table(find(f"sqlite:{database}"), None, "regress").rows == 4


def test_parquet(tmp_path):
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        missing("no pyarrow")
    path = tmp_path / "t.parquet"
    columns = {"a": [1, None, 3], "b": ["x", "y", "x"], "ok": [True, False, None], "y": [1.5, 2, 4]}
    parquet.write_table(pyarrow.table(columns), path)
    table = read_table(find(str(path)), None, "regress")
    assert table.inputs == [[1, "x", 1], [None, "y", 0], [3, "x", None]]
    assert table.input_names == ["a", "b", "ok"]


def test_parquet_says_what_it_needs(source, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ValueError, match=r"needs pyarrow: pip install pyarrow"):
        read_table(source(b"PAR1 and so on"))


def test_nothing_is_named_behind_a_question_mark_of_a_text(source):
    with pytest.raises(ValueError, match="only databases and archives of arrays have parts"):
        to_learn(find(source(NUMBERS).path + "?x"), None, "auto")


def test_a_line_without_end(source, monkeypatch):
    monkeypatch.setattr("pyref.tables.streams.LONGEST_LINE", 1 << 19)
    with pytest.raises(ValueError, match="a line of more than .* bytes: this is no table"):
        to_learn(source(gzip.compress(b"1," * (1 << 20))), None, "auto")


def test_more_than_fits_in_memory(source, monkeypatch):
    monkeypatch.setattr("pyref.tables.columns.memory_here", lambda: 800)
    text = "1,2.5\n" * 100
    with pytest.raises(ValueError, match="more than 100 numbers, which is more than fit in"):
        to_learn(source(gzip.compress(text.encode())), None, "auto")


def test_a_pipe(tmp_path):
    code = ("from pyref.tables import examples, sources\n"
            "e = examples.to_learn(sources.find('-'), None, 'regress')\n"
            "print(list(e.inputs), list(e.targets))\n")
    found = subprocess.run([sys.executable, "-c", code], input=gzip.compress(NUMBERS.encode()),
                           stdout=subprocess.PIPE, check=True)
    inputs, targets = list(map(float, INPUTS)), list(map(float, TARGETS))
    assert found.stdout.decode().strip() == f"{inputs} {targets}"


def test_large_tables_come_in_blocks(source):
    """Quoted fields, wide rows and late words cross the ends of blocks."""
    lines = ["a,b,c,y\n"]
    for k in range(40_000):
        word = ('"x, ""y"""', "plain", '"two\nlines"')[k % 3] if k % 1000 > 990 else "plain"
        lines.append(f"{k}.25,{word},{'' if k == 39_000 else k % 11},{k % 5}.5\n")
    examples = to_learn(source("".join(lines)), None, "regress", categorical="b")
    assert examples.rows == 40_000
    assert examples.preparation.columns[1].words == ("plain", "two\nlines", 'x, "y"')
    width = examples.input_count
    assert examples.inputs[::width] == array("d", [k + 0.25 for k in range(40_000)])
    assert examples.inputs[39_000 * width : 39_001 * width][-1] == 1.0
    assert examples.preparation.columns[2].indicator
