"""Reading numbers in C: the bits of Python's float, for all lengths and exponents."""

import random
import sys
from array import array

import pytest

from conftest import require_kernel
from pyref.tables import passes
from pyref.tables.cells import number
from pyref.tables.examples import read_table
from pyref.tables.sources import find


@pytest.fixture
def engine():
    require_kernel()
    from pyref.engine.table_passes import IN_C

    return IN_C


def read(engine, lines, separator=",", decimal=".", places=(0,), width=1):
    """The numbers of rows, None for a cell that is left to Python; and where it stopped."""
    text = "".join(line + "\n" for line in lines).encode()
    reader = engine.read_rows(separator, decimal, width, list(places))
    rows, at, values, others = reader.read(text, 0)
    values = values.tolist()
    for place in others[0::3]:
        values[place] = None
    return values, text[at:].decode()


def numbers_to_try(draw):
    for digits in range(1, 26):
        for exponent in range(-60, 61):
            for _ in range(3):
                text = "".join(draw.choice("0123456789") for _ in range(digits))
                place = draw.randrange(digits + 1)
                sign = draw.choice(["", "-", "+"])
                mantissa = draw.choice([text, text[:place] + "." + text[place:]])
                yield f"{sign}{mantissa}" + (f"e{exponent}" if exponent else "")
    for _ in range(30_000):
        yield repr(draw.uniform(-1, 1) * 10.0 ** draw.randint(-12, 15))
    for _ in range(3_000):  # halfway between two doubles, and just beside
        whole = draw.randrange(2**53, 2**54) * 2 + 1
        for close in (whole - 1, whole, whole + 1):
            yield str(close)
            yield f"{close}.0"
            yield f"{close}00e-2"
            yield f"{close}e-{draw.randint(1, 27)}"
            yield f"{str(close)[:7]}.{str(close)[7:]}"
    for power in range(1, 64):
        for near in range(-2, 3):
            yield str(2**power + near)
            yield f"{2**power + near}e-7"


def test_all_lengths_and_exponents(engine):
    texts = list(numbers_to_try(random.Random(1)))
    found, left = read(engine, texts)
    assert not left
    done = 0
    for text, value in zip(texts, found):
        if value is not None:
            assert value.hex() == float(text).hex(), text
            done += 1
    assert done > 0.6 * len(texts)


def test_what_most_tables_hold_is_read(engine):
    """Numbers as people and programs write them do not go to Python."""
    draw = random.Random(2)
    texts = [f"{draw.gauss(0, 100):.6g}" for _ in range(2000)]
    texts += [f"{draw.gauss(0, 1e6):.2f}" for _ in range(2000)]
    texts += [str(draw.randrange(10**15)) for _ in range(2000)]
    wide = [repr(draw.uniform(-1000, 1000)) for _ in range(2000)]
    assert None not in read(engine, texts)[0]
    if sys.maxsize > 2**32 and sys.platform != "win32":  # where C has whole numbers of 128 bits
        assert None not in read(engine, wide)[0]


@pytest.mark.parametrize("text", [
    "", "1_0", "nan", "inf", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1 2", "--1", "1,5",
    "٣", "1e400", "1" * 400, "12345678901234567890", "-1e-400", "1.", ".5", "-.5e1", "+7", "-0",
    "0e99999999999999", "00000000000000000000000000001", "0." + "0" * 40 + "1", "1e22", "1e23",
    "9007199254740993", "9007199254740992e22", "  4  ", "4\t",
])
def test_cells_of_all_kinds(engine, text):
    """What C takes has the bits that Python gives; what it does not take is left."""
    (value, *_), _ = read(engine, [f"0;{text}"], ";", ".", (1,), 2)
    expected = number(text)
    if value is not None:
        assert value.hex() == expected.hex()


@pytest.mark.parametrize("lines, separator, expected", [
    (["1,2", "3,4"], ",", [1, 2, 3, 4]),
    (["1, 2\r", " 3 ,4 "], ",", [1, 2, 3, 4]),
    (["1 2  ", "  3 \t4", "5\t6"], " ", [1, 2, 3, 4, 5, 6]),
    (['"1",2', '3,"4"'], ",", [1, 2, 3, 4]),
])
def test_rows_of_all_forms(engine, lines, separator, expected):
    assert read(engine, lines, separator, ".", (0, 1), 2) == (expected, "")


@pytest.mark.parametrize("line", [
    "1,2,3", "1", "", "#1,2", '"1""",2', '"1\n",2', '1"2,3', '"1"2,3', "1,2\r3", "1,\0",
])
def test_rows_that_are_for_python(engine, line):
    values, left = read(engine, ["5,6", line, "7,8"], ",", ".", (0, 1), 2)
    assert values == [5, 6] and left == line + "\n7,8\n"


def test_columns_are_picked(engine):
    assert read(engine, ["1;2,5;x;4"], ";", ",", (3, 1, 2), 4) == ([4, 2.5, None], "")


def test_room_for_others_may_end(engine, monkeypatch):
    monkeypatch.setattr("pyref.engine.table_passes.TextReader.OTHERS", 3)
    values, left = read(engine, ["a,1", "b,2", "c,d", "e,3"], ",", ".", (0, 1), 2)
    assert values == [None, 1, None, 2] and left == "c,d\ne,3\n"


def random_table(draw):
    words = ["red", "green", "", "NA", "-", '"a, b"', '"with ""quotes"""', '"two\nlines"', "größe"]
    lines = ["a,b,c,y\n"]
    for k in range(draw.choice([3, 400, 9000])):
        cells = [
            draw.choice([repr(draw.gauss(0, 1)), str(k), "", "1e-7", " 5 ", '"6"']),
            draw.choice(words if draw.random() < 0.1 else words[:4]),
            str(draw.randrange(5)),
            f"{draw.gauss(0, 1):.3f}",
        ]
        lines.append(",".join(cells) + draw.choice(["\n", "\r\n"]))
        if draw.random() < 0.01:
            lines.append(draw.choice(["# a comment\n", "\n", "  \n"]))
    return "".join(lines)


@pytest.mark.parametrize("seed", range(8))
def test_both_read_the_same(engine, seed, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_bytes(random_table(random.Random(seed)).encode())
    found = []
    for each in (passes.IN_PYTHON, engine):
        monkeypatch.setattr(passes, "fastest", each)
        table = read_table(find(str(path)), None, "regress", categorical="b")
        cells = table._table.cells
        lines = [cells.line(row) for row in range(cells.rows)]
        examples = table.prepared(range(0, table.rows, 2))
        found.append((table.inputs, table.targets, table.notes, lines, examples.preparation,
                      examples.inputs.tobytes(), examples.digest()))
    assert found[0] == found[1]


@pytest.mark.parametrize("width, apart", [(1, 1), (3, 3), (3, 5), (8, 8)])
def test_passes_have_the_same_bits(engine, width, apart):
    draw = random.Random(width)
    rows = 57
    flat = array("d", [draw.gauss(0, 1) * 10 ** draw.randint(-9, 9) for _ in range(rows * apart)])
    flat[::apart] = array("d", [0.1] * rows)
    some = [50, 3, 3, 17, 0]
    for wanted in (None, some):
        for name in ("means", "taken"):
            one, other = (getattr(p, name)(flat, apart, width, wanted)
                          for p in (passes.IN_PYTHON, engine))
            assert array("d", one).tobytes() == array("d", other).tobytes()
    block = passes.IN_PYTHON.taken(flat, apart, width, None)
    one, other = (p.means_and_deviations(block, width) for p in (passes.IN_PYTHON, engine))
    assert one == other and one[0] == (0.1, 1.0)
    means, deviations = zip(*one)
    assert (passes.IN_PYTHON.scaled(block, means, deviations).tobytes()
            == engine.scaled(block, means, deviations).tobytes())
