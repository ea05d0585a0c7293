"""Reading tables: every form that is accepted, and a clear word on what is not."""

import io
import sys
from array import array

import pytest

from pyref.tables.examples import to_learn, to_predict
from pyref.tables.layout import REGRESSION, Expected, for_model, for_training
from pyref.tables.sources import find
from pyref.tables.table import read

pytestmark = pytest.mark.usefixtures("reading")


@pytest.fixture
def source(tmp_path):
    """Makes the source of a file with the given bytes or text."""

    def make(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return find(str(path))

    return make


def learn(source, target=None, task="auto"):
    return to_learn(source, target, task)


FORMS = {
    "commas": "a,b,c\n1,2.5,x\n-3,4e1,y\n",
    "semicolons": "a;b;c\n1;2.5;x\n-3;4e1;y\n",
    "tabs": "a\tb\tc\n1\t2.5\tx\n-3\t4e1\ty\n",
    "no last newline": "a,b,c\n1,2.5,x\n-3,4e1,y",
    "CR LF": "a,b,c\r\n1,2.5,x\r\n-3,4e1,y\r\n",
    "byte order mark": "\ufeffa,b,c\n1,2.5,x\n-3,4e1,y\n",
    "quotes": '"a","b","c"\n"1","2.5","x"\n-3,"4e1","y"\n',
    "quotes after the mark": '\ufeff"a","b","c"\n1,2.5,x\n-3,4e1,y\n',
    "spaces": "a, b, c\n 1 , 2.5, x \n-3, 4e1, y\n",
    "empty lines": "\n  \na,b,c\n\n1,2.5,x\n  \n-3,4e1,y\n\n\n",
    "other spellings": "a,b,c\n+1.,2.50,x\n-3.0E+0,40,y\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_one_table(source, form):
    examples = learn(source(FORMS[form]))
    assert examples.inputs == array("d", [1.0, 2.5, -3.0, 40.0])
    assert examples.targets == array("d", [0.0, 1.0])
    assert examples.classes == ["x", "y"]
    assert examples.input_names == ["a", "b"]
    assert examples.target_names == ["c"]


def test_quoted_fields(source):
    """Delimiters, quotes and line ends inside quotes belong to the field."""
    text = 'a,"b;1",c\n1,2,"x, ""y""\nz"\n3,4,plain\n5,bad,plain\n'
    with pytest.raises(ValueError, match=r"table\.csv, line 5, column 'b;1': 'bad' found"):
        learn(source(text))
    examples = learn(source(text.replace("bad", "6")))
    assert examples.classes == ["plain", 'x, "y"\nz']


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1,2,x\n3,4,y\n")))
    examples = learn(find("-"))
    assert examples.rows == 2 and examples.input_names is None
    assert not sys.stdin.closed


def test_a_file_with_a_built_in_name_is_reached_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "iris").write_text("1,x\n2,y\n", encoding="utf-8")
    assert learn(find("./iris")).rows == 2
    assert learn(find("iris")).rows == 150


@pytest.mark.parametrize(
    "name, stem",
    [("my.csv", "my"), ("my.TSV", "my"), ("my.txt", "my"), ("my.data", "my.data"), ("my", "my")],
)
def test_stem_of_a_file(source, name, stem):
    assert source("1,2\n", name).stem.endswith("/" + stem)


HEADERS = [
    ("a,b,c\n1,2,x\n3,4,y\n", True),
    ("1,2,x\n3,4,y\n", False),
    ("1,2,3\n3,4,5\n", False),
    ("a,2,x\n3,4,y\n5,6,z\n", True),  # half of the input cells are words
    ("inf,2,x\n3,4,y\n", ValueError),  # meant as a number: no header, but no number either
    ("a,2,7,x\n3,4,8,y\n", ValueError),  # one word among numbers is a mistake, not a header
    ("NA,2,x\n3,4,y\n", False),
    (",2,x\n3,4,y\n", False),
    ("red,small,x\ngreen,small,y\ngreen,large,y\n", False),  # small comes again
    ("colour,size,y\nred,small,x\nred,large,y\n", True),
    ('"1,5",2,x\n3,4,y\n', ValueError),
    ("٣,x\n3,y\n", ValueError),
]


@pytest.mark.parametrize("text, expected", HEADERS)
def test_header_rule(source, text, expected):
    if expected is ValueError:
        with pytest.raises(ValueError, match="line 1, column 1: "):
            learn(source(text))
    else:
        examples = learn(source(text))
        assert (examples.target_names is not None) == expected
        assert examples.rows == text.count("\n") - expected


def test_a_word_above_numbers_is_a_late_header(source):
    """Columns named by numbers, as pandas names them; only the target has a word."""
    examples = learn(source("0,1,target\n5,6,0.5\n7,8,2.5\n"))
    assert examples.input_names == ["0", "1"]
    assert examples.target_names == ["target"]
    assert examples.inputs == array("d", [5, 6, 7, 8])
    assert examples.targets == array("d", [0.5, 2.5])


def test_a_word_that_comes_again_is_no_header(source):
    examples = learn(source("0,1,a\n5,6,3\n7,8,a\n"))
    assert examples.rows == 3 and examples.classes == ["3", "a"]


@pytest.mark.parametrize(
    "content, message",
    [
        ("", "table.csv: the table is empty"),
        ("\n \n", "table.csv: the table is empty"),
        ("a,b\n", "table.csv: the table has a header, but no rows"),
        ("a\n1\n", "table.csv: only one column found; .* comma, a semicolon, a tab, | or a space"),
        ("a,b\n1,2\n3\n", "line 3: the row has 1 of the 2 cells that the first row has"),
        ("a,b\n1,2,3\n", "line 2: the row has 3 cells, the first row has 2"),
        ("a,b\n1, \n", "column 'b', the target, is empty in every row"),
        ("a,b\n,1\n,2\n", "no column is left to learn from .*column 'a': it is empty in every"),
        ("a,b\n1,2\nred,4\n", "line 3, column 'a': 'red' found; a number is needed"),
        ("a,b\n1,2\n-inf,4\n", "'-inf' found; a finite number is needed"),
        ("a,b\n1,2\n1e999,4\n", "'1e999' found; a finite number is needed"),
        ("a,b\n1_000,2\n", "line 2, column 'a': '1_000' found; a number in plain digits"),
        ("a,b\n٣,2\n", "line 2, column 'a': '٣' found; a number in plain digits"),
        ("a,b\n0x10,2\n17,3\n", "'0x10' found; a number is needed"),
        ("a;b\n1,5;2.5\n", "line 2, column 'a': '1,5' has a comma; numbers need a decimal .*--dec"),
        ("a;b\n1,5;2\n1.000,5;2\n", "line 3, column 'a': '1.000,5' found; a number with a decimal"),
        ("a;b\n1,5;0,5\n2,5;1.000,5\n", "'1.000,5' found; a number with a decimal comma and"),
        ('a,b\n"1,000",2\n', "'1,000' has a comma; numbers need a decimal point and no other"),
        ("1,2,3\n4,5,6\n7,x,9\n", "line 3, column 2: 'x' found; a number is needed; --ignore 2"),
        ("a,b,a\n1,2,3\n", "the header names two columns 'a'"),
        ("a,,b\n1,2,3\n", "the header has no name for column 2"),
        (b"a,b\n1,\xe9t\xe9\n", "line 2: byte 3 is 0xe9, which is not UTF-8"),
        (b"a,b\n1,\x00\n", "line 2: a zero byte found: this is no text file"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: this is UTF-16"),
        ('a,b\n1,"2\n3,4\n5,6\n', "line 2: in the row that begins here, the quotes around a"),
        ('a,b\n1,"x\ny"\n1,"2\n3,4\n', "line 4: in the row that begins here, the quotes"),
        ('a,b\n1,"2\n3,"4"\n', "line 2: in the row that begins here, the quotes"),
        ('a,b\n1,"2"x\n', "line 2: in the row that begins here, the quotes around a"),
        ("a,b\r1,2\r", "line 1: a carriage return inside a line"),
    ],
)
def test_what_is_wrong_is_said(source, content, message):
    with pytest.raises(ValueError, match=message):
        learn(source(content))


def test_underscores_and_accents_in_names_and_classes_are_fine(source):
    examples = learn(source("länge_1,größe\n1,é_1\n2,b_2\n"))
    assert examples.classes == ["b_2", "é_1"]
    assert examples.inputs == array("d", [1.0, 2.0])


def test_no_such_file():
    with pytest.raises(ValueError, match="nowhere: there is no such file, .*iris, xor"):
        find("nowhere")


def test_a_folder(tmp_path):
    with pytest.raises(ValueError, match="this is a folder"):
        find(str(tmp_path))


def test_target_by_name_number_and_default():
    first = ["a", "b", "c"]
    assert for_training(first, None).targets == [2]
    assert for_training(first, "b") == (first, [0, 2], [1])
    assert for_training(first, "1").targets == [0]
    assert for_training(first, "c,a").targets == [2, 0]
    assert for_training(["1", "2", "x"], "3") == (None, [0, 1], [2])
    assert for_training(["x", "2", "3"], "1") == (None, [1, 2], [0])


def test_a_name_goes_before_a_number():
    assert for_training(["a", "b", "c", "1"], "1").targets == [3]
    assert for_training(["a,b", "c", "d"], "a,b").targets == [0]


def test_a_target_that_is_named_shows_the_header():
    """Of these cells only one is a word, but it is the one that was asked for."""
    assert for_training(["1990", "1991", "1992", "total"], "total").names is not None


@pytest.mark.parametrize(
    "first, target, message",
    [
        (["a", "b"], "c", "no column 'c' for the target; the columns are 'a', 'b'"),
        (["a", "b"], "3", "no column '3'"),
        (["a", "b"], "0", "no column '0'"),
        (["1", "2"], "c", "no column 'c' for the target: the table has no header, .* from 1 to 2"),
        (["a", "b"], "a,b", "no column is left for the inputs"),
        (["a", "b", "c"], "a,1", "a column is named twice"),
    ],
)
def test_targets_that_are_not_there(first, target, message):
    with pytest.raises(ValueError, match=message):
        for_training(first, target)


def test_columns_to_ignore():
    """By name or number; a word among the numbers of the first row is then no header."""
    first = ["id", "a", "b", "c"]
    assert for_training(first, None, "id") == (first, [1, 2], [3])
    assert for_training(first, "a", "4,id") == (first, [2], [1])
    assert for_training(first, None, "c").targets == [2]  # the last that is left
    assert for_training(["x", "1", "2", "3"], None, "1") == (None, [1, 2], [3])
    assert for_training(["1", "kind", "note"], None, "3") == (None, [0], [1])
    unnamed = ["", "a", "b", ""]  # as an index in a table that pandas wrote
    assert for_training(unnamed, "b", "1,4") == (unnamed, [1], [2])
    with pytest.raises(ValueError, match="no column 'd' for --ignore; the columns are 'id', 'a'"):
        for_training(first, None, "d")
    with pytest.raises(ValueError, match="a column is named twice"):
        for_training(first, "c", "c")
    with pytest.raises(ValueError, match="no column is left for the inputs"):
        for_training(first, "c", "id,a,b")


NAMED = Expected(2, ["a", "b"], ["t"], [2], [], REGRESSION, None)
NUMBERED = Expected(2, None, None, [0], [], REGRESSION, None)  # the target was the first column
IGNORING = Expected(2, None, None, [1], [0, 3], REGRESSION, None)


@pytest.mark.parametrize(
    "expected, first, needs_targets, inputs, targets",
    [
        (NAMED, ["a", "b", "t"], True, [0, 1], [2]),
        (NAMED, ["t", "x", "b", "a"], True, [3, 2], [0]),
        (NAMED, ["b", "a"], False, [1, 0], []),
        (NAMED, ["1", "2"], False, [0, 1], []),
        (NAMED, ["1", "2", "yes"], False, [0, 1], []),
        (NAMED, ["1", "2", "yes"], True, [0, 1], [2]),
        (NUMBERED, ["yes", "1", "2"], True, [1, 2], [0]),
        (NUMBERED, ["1", "2"], False, [0, 1], []),
        (NUMBERED, ["p", "q", "r"], True, [1, 2], [0]),
        (IGNORING, ["x", "0", "1", "y", "2"], True, [2, 4], [1]),
        (IGNORING, ["1", "2"], False, [0, 1], []),
    ],
)
def test_layout_for_a_model(expected, first, needs_targets, inputs, targets):
    layout = for_model(first, expected, needs_targets)
    assert (layout.inputs, layout.targets) == (inputs, targets)
    assert (layout.names is None) == (first[-1] in ("2", "yes"))


@pytest.mark.parametrize(
    "expected, first, message",
    [
        (NAMED, ["a", "c", "t"], "no column 'b', which the model needs; the columns are 'a', 'c'"),
        (NAMED, ["a", "b", "x"], "no column 't' for the target"),
        (NAMED, ["1", "2"], "the 2 columns are the inputs; the target is missing"),
        (NAMED, ["1"], r"columns found: 1; needed: 2 \(the inputs\), or 3 \(with the target"),
        (NUMBERED, ["1", "2", "3", "4"], "columns found: 4; needed: 2 "),
        (IGNORING, ["1", "2", "3"], r"columns found: 3; needed: 2 \(the inputs\), or 5 \(with"),
    ],
)
def test_tables_that_do_not_fit_a_model(expected, first, message):
    with pytest.raises(ValueError, match=message):
        for_model(first, expected, needs_targets=True)


def test_columns_of_no_use_may_hold_anything(source):
    layout_of = lambda reader, header: for_model(reader.first, NAMED, False)  # noqa: E731
    table = read(source("b,name,a\n1,red,2\n3,,4\n"), layout_of)
    assert table.cells.numbers == array("d", [2, 1, 4, 3])


def test_the_target_is_named_where_it_may_be_another_column(source):
    """A word in what was taken for an input; only the user knows which column is the target."""
    table = source("a,y,b\n1,no,3\n2,5,4\n3,6,5\n")
    with pytest.raises(ValueError, match="'no' found; .* target is column 'b', the last: --target"):
        learn(table)
    with pytest.raises(ValueError, match="--categorical y takes what is written there for names$"):
        learn(table, "a")


def test_a_header_of_numbers_above_classes(source):
    rows = "1,2,cat\n3,4,dog\n5,6,cat\n7,8,dog\n"
    taken = to_learn(source("2019,2020,y\n" + rows), None, "auto")
    assert taken.classes == ["cat", "dog", "y"]
    assert "line 1: taken for data, though no other row is of the class 'y'" in taken.notes[0]
    asked = to_learn(source("2019,2020,y\n" + rows)._replace(header=True), None, "auto")
    assert asked.classes == ["cat", "dog"] and asked.input_names == ["2019", "2020"]
    assert not to_learn(source("2019,2020,y\n" + rows)._replace(header=False), None, "auto").notes
    for clear in (rows, "a,b,y\n" + rows, "1,2,x\n3,4,y\n"):
        assert not to_learn(source(clear), None, "auto").notes


def test_whether_there_is_a_header_can_be_said(source):
    mixed = source("id,1,2,3\n1,2,3,4\n5,6,7,8\n")
    with pytest.raises(ValueError, match="'id' found.*--header yes takes the first row"):
        learn(mixed)
    assert to_learn(mixed._replace(header=True), "2", "auto").target_names == ["2"]
    late = source("0,1,target\n5,6,0.5\n7,8,2.5\n")
    with pytest.raises(ValueError, match="line 1, column 3: 'target' found"):
        to_learn(late._replace(header=False), None, "regress")
    numbers = source("1,2\n3,4\n")
    named = Expected(2, ["1", "2"], None, [2], [], REGRESSION, None)
    assert to_predict(numbers, named).rows == 1
    assert to_predict(numbers._replace(header=False), named).rows == 2
    unnamed = named._replace(input_names=None)
    assert to_predict(numbers._replace(header=True), unnamed).rows == 1
