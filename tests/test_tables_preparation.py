"""From columns of words, numbers and gaps to the inputs of a network."""

from array import array

import pytest

from pyref.tables.examples import read_table, to_judge, to_learn, to_predict
from pyref.tables.in_memory import raw_examples
from pyref.tables.layout import REGRESSION, Expected
from pyref.tables.preparation import Column, Preparation
from pyref.tables.raw_rows import prepared
from pyref.tables.sources import find

pytestmark = pytest.mark.usefixtures("reading")


@pytest.fixture
def source(tmp_path):
    def make(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return find(str(path))

    return make


MIXED = """\
age,sex,port,y
20,m,S,1
,f,C,2
40,f,,3.5
30,m,Q,4
30,m,S,5
"""


def rows_of(examples):
    width = examples.input_count
    flat = examples.inputs
    return [list(flat[place : place + width]) for place in range(0, len(flat), width)]


def test_each_column_becomes_inputs(source):
    """Worked out by hand: the mean of 20, 40, 30, 30 is 30; S comes most often."""
    examples = to_learn(source(MIXED), None, "regress")
    assert examples.input_names == [
        "age", "age is missing", "sex=m", "port=C", "port=Q", "port=S", "port is missing"
    ]
    assert rows_of(examples) == [
        [20, 0, 1, 0, 0, 1, 0],
        [30, 1, 0, 1, 0, 0, 0],
        [40, 0, 0, 0, 0, 1, 1],
        [30, 0, 1, 0, 1, 0, 0],
        [30, 0, 1, 0, 0, 1, 0],
    ]


def test_only_the_training_rows_decide(source):
    """Mean, words and whether there are gaps are theirs; what they do not have becomes zeros."""
    table = read_table(source(MIXED), None, "regress")
    examples = table.prepared([0, 2, 4])
    age, sex, port = examples.preparation.columns
    assert (age.gap, age.indicator) == (30.0, False)
    assert sex.words == ("f", "m") and port.words == ("S",) and port.indicator
    inputs, targets = examples.part([1, 3])
    assert list(inputs) == [30, 0, 0, 0, 30, 1, 0, 0] and list(targets) == [2, 4]


@pytest.mark.parametrize(
    "missing, first, count", [("mean", 30.0, 5), ("median", 30.0, 5), ("drop", 20.0, 3)]
)
def test_what_becomes_of_gaps(source, missing, first, count):
    text = MIXED.replace("40,f", "90,f") if missing == "median" else MIXED
    examples = to_learn(source(text), None, "regress", missing=missing)
    assert examples.rows == count
    column = examples.preparation.columns[0]
    assert column.gap == (80 / 3 if missing == "drop" else first)
    assert column.indicator == (missing != "drop")


def test_gaps_may_be_refused(source):
    with pytest.raises(ValueError, match="1 in column 'age', 1 in column 'port', .* line 3, and"):
        to_learn(source(MIXED), None, "regress", missing="error")
    whole = MIXED.replace("\n,f", "\n5,f").replace("f,,", "f,C,")
    preparation = to_learn(source(whole), None, "regress", missing="error").preparation
    with pytest.raises(ValueError, match="line 2, column 'age': the cell is empty"):
        to_predict(source("age,sex,port\n,m,S\n"), expected(preparation)).inputs


@pytest.mark.parametrize("text", ["", "NA", "n/a", "nan", "NULL", "None", "?", "-", " na "])
def test_ways_to_write_that_nothing_is_known(source, text):
    lines = [f"a,y\n{text},1\n3,2\n5,4.5\n7,{text}\n"]
    examples = to_learn(source(lines[0]), None, "regress")
    assert rows_of(examples) == [[4, 1], [3, 0], [5, 0]]
    assert "1 row without a target is left out" in examples.notes[0]
    assert "gaps: 1 in column 'a'; the mean of the training rows" in examples.notes[1]


def test_a_mean_is_added_up_in_the_order_of_the_file(source):
    values = [0.1, 0.2, 0.3, 1e16, 0.7, -1e16, 0.9]
    text = "a,b,y\n" + "".join(f"{v!r},{k},{k}.5\n" for k, v in enumerate(values)) + ",9,3\n"
    total = 0.0
    for value in values:
        total += value
    column = to_learn(source(text), None, "regress").preparation.columns[0]
    assert column.gap == total / 7 and column.gap != sum(sorted(values)) / 7


def test_numbers_that_are_names(source):
    text = "code,y\n1,1\n10,2\n9,3.5\n1.0,4\n"
    examples = to_learn(source(text), None, "regress", categorical="code")
    assert examples.input_names == ["code=1", "code=9", "code=10"]
    assert rows_of(examples) == [[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
    with pytest.raises(ValueError, match="no column 'cod' for --categorical; the columns are"):
        to_learn(source(text), None, "regress", categorical="cod")


@pytest.mark.parametrize("words", [("no", "yes"), ("FALSE", "TRUE"), ("f", "m")])
def test_two_words_are_one_input(source, words):
    low, high = words
    examples = to_learn(source(f"a,y\n{high},1\n{low},2\n{low},3.5\n{high},4\n"), None, "regress")
    assert rows_of(examples) == [[1], [0], [0], [1]] and examples.input_names == [f"a={high}"]


def long_table(cell, rows=60):
    return "a,b,y\n" + "".join(f"{cell(k)},{k % 7},{k % 3}.5\n" for k in range(rows))


def test_names_are_left_out(source):
    examples = to_learn(source(long_table(lambda k: f"name {k}")), None, "regress")
    assert examples.input_names == ["b"] and examples.ignored_places == [0]
    assert examples.notes == [
        "left out: column 'a' (60 different words in 60 rows: names or identifiers)"
    ]
    kept = to_learn(source(long_table(lambda k: f"n{k}")), None, "regress", categorical="a")
    assert kept.input_count == 61


def test_columns_worth_a_word(source):
    assert "the numbers of the rows; --ignore a" in to_learn(
        source(long_table(lambda k: k + 1)), None, "regress").notes[0]
    assert to_learn(source(long_table(lambda k: 7)), None, "regress").notes == [
        "column 'a': the same number in every row, from which nothing can be learned"]
    constant = to_learn(source(long_table(lambda k: "x")), None, "regress")
    assert constant.input_names == ["b"]
    assert constant.notes == ["left out: column 'a' (it is 'x' in every row)"]


def test_few_words_among_few_numbers_are_names(source):
    examples = to_learn(source(long_table(lambda k: ("1", "2", "3", "A")[k % 4])), None, "regress")
    assert examples.preparation.columns[0].words == ("1", "2", "3", "A")


def test_a_word_among_many_numbers_is_refused(source):
    text = long_table(lambda k: "x" if k == 50 else k)
    with pytest.raises(ValueError, match="line 52, column 'a': 'x' found; a number is needed"):
        to_learn(source(text), None, "regress")


@pytest.mark.parametrize("date", ["2024-01-{:02}", "{}.1.2024", "1/{}/24", "2024-01-{:02}T10:00",
                                  "10:{:02}", "{}-Jan-2024", "2024/1/{}"])
def test_dates_and_times_are_refused(source, date):
    text = long_table(lambda k: date.format(k % 28 + 1))
    with pytest.raises(ValueError, match="line 2, column 'a': '.*' is a date or a time; make"):
        to_learn(source(text), None, "regress")
    assert to_learn(source(text), None, "regress", categorical="a").input_count == 29


def test_all_that_is_wrong_is_said_at_once(source):
    lines = ["day,size,price,ok,y\n"]
    lines += [f"2024-01-{k % 28 + 1:02},{k},{k}.5,{k % 2},{k % 3}.5\n" for k in range(60)]
    lines[31] = lines[31].replace(",30,", ",large,")
    lines[41] = lines[41].replace(",40.5,", ",4_0,")
    with pytest.raises(ValueError) as caught:
        to_learn(source("".join(lines)), None, "regress")
    said = str(caught.value).splitlines()
    assert said[0].endswith("table.csv: 3 columns cannot be used as they are")
    assert said[1].startswith("  column 'day', line 2: '2024-01-01' is a date")
    assert said[2] == "  column 'size', line 32: 'large' found; a number is needed"
    assert said[3].startswith("  column 'price', line 42: '4_0' found; a number in plain digits")
    assert said[4].startswith("--ignore day,size,price leaves them out; --categorical day,size tak")
    assert to_learn(source("".join(lines)), None, "regress", "day,size,price").input_names == ["ok"]


def expected(preparation, places=(), ignored=()):
    return Expected(len(preparation.used), preparation.names(), ["y"], [3], list(ignored),
                    REGRESSION, None, preparation)


def test_a_word_never_seen(source):
    preparation = to_learn(source(MIXED), None, "regress").preparation
    new = source("port,age,sex\nS,50,m\nX,?,d\n")
    with pytest.raises(ValueError) as caught:
        to_predict(new, expected(preparation)).inputs
    assert str(caught.value).splitlines() == [
        f"{new.name}, line 3, column 'sex': 'd' was never seen in training; known are 'f', 'm' "
        "(--unknown ignore takes it for none of them)",
        f"{new.name}, line 3, column 'port': 'X' was never seen in training; known are 'C', 'Q', "
        "'S' (--unknown ignore takes it for none of them)",
    ]
    examples = to_predict(new, expected(preparation), unknown="ignore")
    assert rows_of(examples) == [[50, 0, 1, 0, 0, 1, 0], [30, 1, 0, 0, 0, 0, 0]]


def test_a_gap_in_a_column_that_had_none(source):
    text = MIXED.replace("\n,f", "\n40,f").replace("f,,", "f,C,")
    preparation = to_learn(source(text), None, "regress").preparation
    examples = to_predict(source("age,sex,port\nNA,-,\n"), expected(preparation))
    assert rows_of(examples) == [[32.0, 1.0, 1.0, 0.0, 0.0]]  # C and S as often: C is the first


def test_judging_leaves_out_the_same_rows(source):
    dropping = to_learn(source(MIXED), None, "regress", missing="drop").preparation
    judged = to_judge(source(MIXED.replace(",5\n", ",\n")), expected(dropping))
    assert judged.rows == 2 and list(judged.targets) == [1, 4]
    assert "1 row without a target is left out" in judged.notes[0]
    assert "2 rows with gaps are left out, as in training" in judged.notes[1]


ROWS = [[20, "m", "S"], [None, "f", "C"], ["40", "f", None], [30.0, "m", "Q"]]


@pytest.mark.parametrize("text, task, told", [
    ("a,b\n1,2\n3,5\n", "regress", "2 rows, 1 column, target b, regression"),
    ("1,2,x\n3,5,y\n4,5,y\n", "auto", "3 rows, 2 columns, target column 3, classification"),
])
def test_a_table_says_what_it_is(source, text, task, told):
    table = read_table(source(text), None, task)
    assert repr(table) == f"<RawExamples of {table.name}: {told}>"


def test_a_table_without_targets_says_what_it_is():
    table = raw_examples([[1.0, 2.0]], None, array("d", [0.0, 1.0]), [], "regression", None)
    assert repr(table) == "<RawExamples of X: 2 rows, 1 column, regression>"


def test_raw_rows_are_prepared(source):
    examples = to_learn(source(MIXED), None, "regress")
    assert prepared(examples.preparation, ROWS) == rows_of(examples)[:4]
    assert prepared(None, ROWS) is ROWS
    flat = array("d", [1.0])
    assert prepared(examples.preparation, flat) is flat
    with pytest.raises(ValueError, match="inputs, row 1, column 'sex': 'x' was never seen"):
        prepared(examples.preparation, [ROWS[0], [3, "x", "S"]])
    with pytest.raises(ValueError, match="inputs, row 1: 2 cells found, 3 cells are needed"):
        prepared(examples.preparation, [ROWS[0], [3, "m"]])


def test_raw_rows_may_have_what_was_left_out():
    made = Preparation((Column("id", "left out"), Column("a", "numbers", (), 2.0, False)))
    assert prepared(made, [["x", 1.0], ["y", None]]) == [[1.0], [2.0]]
    assert prepared(made, [["7"], [None]]) == [[7.0], [2.0]]
    rows = [[1.0], [3.0]]
    assert prepared(made, rows) is rows


def test_what_the_reader_gives_is_what_a_network_takes(source):
    table = read_table(source(MIXED), None, "regress")
    assert table.inputs == [[20.0, "m", "S"], [None, "f", "C"], [40.0, "f", None],
                            [30.0, "m", "Q"], [30.0, "m", "S"]]
    examples = table.prepared()
    assert prepared(examples.preparation, table.inputs) == rows_of(examples)
    assert (table.input_names, table.target_names) == (["age", "sex", "port"], ["y"])


def test_booleans_and_large_numbers_in_raw_rows(source):
    text = "a,ok,y\n1,TRUE,1\n2,FALSE,2\n3,FALSE,3.5\n"
    made = to_learn(source(text), None, "regress").preparation
    assert prepared(made, [[1, True], [2, False], [3, "TRUE"]]) == [[1, 1], [2, 0], [3, 1]]
    with pytest.raises(ValueError, match="row 0, column 'a': '1000.* found; a finite number"):
        prepared(made, [[10**400, "TRUE"]])
