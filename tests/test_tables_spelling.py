"""How a text is written: its encoding, and the marks between the thousands of its numbers."""

from array import array

import pytest

from pyref import read_table
from pyref.tables.sources import find
from pyref.tables.streams import BLOCK, InUtf8, opened

pytestmark = pytest.mark.usefixtures("reading", "in_a_folder")

WORDS = "größe;art\n" + "".join(
    f"{row},5;{'süß' if row % 3 else 'säuerlich'}\n" for row in range(9)
)


def written(text, encoding="utf-8"):
    with open("t.csv", "wb") as file:
        file.write(text.encode(encoding))
    return "t.csv"


def learned(path, **how):
    examples = read_table(path, **how)
    return examples.prepared(range(examples.rows))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-be", "utf-8-sig"])
def test_other_encodings_are_the_same_table(encoding):
    wanted = learned(written(WORDS))
    found = learned(written(WORDS, encoding), encoding=encoding)
    assert found.classes == ["säuerlich", "süß"] and found.input_names == ["größe"]
    assert found.digest() == wanted.digest() and found.targets == wanted.targets


def test_an_encoding_whose_characters_lie_across_pieces():
    """Two bytes are a character, and three are what is read at once."""
    with opened(find(written("ä;€\n" * 1000, "utf-16"))._replace(encoding="utf-16")) as stream:
        recoded = InUtf8(stream, find("t.csv")._replace(encoding="utf-16"))
        pieces = iter(lambda: recoded.read(3), b"")
        assert b"".join(pieces).decode() == "ä;€\n" * 1000
    many = written("x;y\n" + "ä;1\nö;2\n" * (BLOCK // 12), "utf-16")
    assert read_table(many, encoding="utf-16").rows == BLOCK // 12 * 2


def test_arff_in_another_encoding():
    text = "@relation r\n@attribute größe numeric\n@attribute y {ą,b}\n@data\n1,ą\n2,b\n"
    assert learned(written(text, "cp1250"), encoding="cp1250").classes == ["b", "ą"]


@pytest.mark.parametrize("text, encoding, said, message", [
    (WORDS, "cp1252", None, "line 1: byte 3 is 0xf6, which is not UTF-8; --encoding cp1252 reads"),
    (WORDS, "utf-16", None, "line 1: this is UTF-16: --encoding utf-16 reads it"),
    (WORDS + "ä;1", "latin-1", "ascii", "line 1: 0xf6 is no text in ascii"),
    ("a;b\n1;x\n\x81;y\n", "latin-1", "cp1252", "t.csv, line 3: 0x81 is no text in cp1252"),
])
def test_what_is_another_encoding_is_said(text, encoding, said, message):
    with pytest.raises(ValueError, match=message):
        read_table(written(text, encoding), encoding=said)


@pytest.mark.parametrize("mark, decimal, separator, cells", [
    (",", None, ",", ['"1,234"', '"1,234,567.5"', "12", "-0.5", "1234"]),
    (".", None, ";", ["1.234", "1.234.567,5", "12", "-0,5", "1234"]),
    (" ", None, ";", ["1 234", "1\u00a0234\u202f567.5", "12", "-0.5", "1234"]),
    ("'", ",", ";", ["1'234", "1’234'567,5", "12", "-0,5", "1234"]),
    ("_", None, ",", ["1_234", "1_234_567.5", "12", "-0.5", "1234"]),
])
def test_marks_between_thousands(mark, decimal, separator, cells):
    path = written(f"x{separator}y\n" + "".join(
        f"{cell}{separator}{'pq'[row % 2]}\n" for row, cell in enumerate(cells)
    ))
    found = learned(path, thousands=mark, decimal=decimal)
    assert found.inputs == array("d", [1234.0, 1234567.5, 12.0, -0.5, 1234.0])


@pytest.mark.parametrize("text, how, message", [
    ('x,y\n"1,234",2\n', {}, r"'1,234' has a comma.*\(--thousands , reads commas between thousand"),
    ('y,x\n2,"1,234"\n', {}, r"'1,234' has a comma.*\(--thousands , reads commas between thousand"),
    ("x;y\n1.234,5;2\n2,5;4\n", {}, r"decimal comma.*\(--thousands \. reads points between"),
    ('x,y\n"12,34",2\n', {"thousands": ","}, "'12,34' has a comma"),
    ("x;y\n1,5;2\n", {"thousands": ",", "decimal": ","},
     "the mark of thousands and the decimal mark are both ','"),
])
def test_what_is_wrong_with_marks_is_said(text, how, message):
    with pytest.raises(ValueError, match=message):
        read_table(written(text), **how)


def test_the_command_takes_both(run):
    """Wherever it reads a table; the model remembers nothing of how one was written."""
    text = "größe;art\n" + "".join(f"{row}'000,5;{'äb'[row % 2]}\n" for row in range(1, 30))
    how = "--encoding latin-1 --thousands apostrophe --decimal ,"
    written(text, "latin-1")
    run(f"train t.csv --epochs 2 -q {how} --validation 0")
    assert "29 rows" in run(f"evaluate t.model.json t.csv {how}").out
    assert "identical" in run(f"verify t.model.json t.csv {how}").out
    answers = run(f"predict t.model.json t.csv {how}").out
    written(text.replace("'", ""))
    assert run("predict t.model.json t.csv").out == answers
    for wrong, message in (
        ("--thousands ;", "comma, point, space, apostrophe or one of , . ' _ is needed, not ';'"),
        ("--encoding hex", "an encoding of texts is needed, such as cp1252"),
        ("--encoding klingon", "an encoding of texts is needed, such as cp1252"),
    ):
        assert message in run(f"train t.csv {wrong}", code=2).err
