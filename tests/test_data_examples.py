"""From tables to examples: the choice of the task, classes, targets, and the digest."""

import hashlib
import struct
from array import array

import pytest

from pyref.tables.examples import to_judge, to_learn, to_predict
from pyref.tables.layout import CLASSIFICATION, REGRESSION, Expected
from pyref.tables.sources import find


@pytest.fixture
def table(tmp_path):
    """Makes the source of a table with these targets beside inputs 0, 1, 2 …"""

    def make(targets, header="x,y"):
        lines = [header] if header else []
        lines += [f"{place},{target}" for place, target in enumerate(targets)]
        path = tmp_path / "table.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return find(str(path))

    return make


@pytest.mark.parametrize(
    "targets, classes",
    [
        (["b", "a", "B", "a"], ["B", "a", "b"]),  # by code point
        ([10, 9, -1, 9], ["-1", "9", "10"]),  # by value
        (["1", "1.0", "01", "2e0"], ["1", "2"]),  # however they are written
        (list(range(20)), [str(n) for n in range(20)]),
        (list(range(21)), None),
        ([0.5, 1, 1], None),
        (["-0", "0", "1"], ["0", "1"]),
        (["a", "1", "2"], ["1", "2", "a"]),
        (["nan", "mum", "NA", "dad"], ["dad", "mum"]),  # where nothing is known, there is no class
    ],
)
def test_the_task_is_chosen_by_the_targets(table, targets, classes):
    examples = to_learn(table(targets), None, "auto")
    assert examples.classes == classes
    if classes is None:
        assert list(examples.targets) == [float(target) for target in targets]


def test_targets_are_class_numbers(table):
    examples = to_learn(table(["b", "c", "a", "c"]), None, "auto")
    assert examples.targets == array("d", [1, 2, 0, 2])


def test_task_overrides(table):
    assert to_learn(table([3, 1, 1]), None, "regress").targets == array("d", [3, 1, 1])
    assert to_learn(table([0.5, 1.25, 0.5]), None, "classify").classes == ["0.5", "1.25"]
    many = to_learn(table([n // 2 for n in range(60)]), None, "classify")
    assert many.classes == [str(n) for n in range(30)]


@pytest.mark.parametrize(
    "targets, task, message",
    [
        (["a", "a"], "auto", "every row is of the same class, 'a'"),
        ([1, 1.0], "auto", "every row is of the same class, '1'"),
        ([1.5, 1.5], "auto", "column 'y' has the same value in every row"),
        (["a", "b"], "regress", "line 2, column 'y': 'a' found; a number is needed"),
        (["1", "2", "inf"], "auto", "line 4, column 'y': 'inf' found; a finite number is needed"),
        (["", "nan", "?"], "auto", "column 'y', the target, is empty in every row"),
        (["1", "2_0"], "auto", "line 3, column 'y': '2_0' found; a number in plain digits"),
        (['"1,5"', '"2,5"'], "auto", "line 2, column 'y': '1,5' has a comma"),
        ([*range(40), "few"], "auto", "line 42, column 'y': 'few' found among numbers"),
        ([f"id{n}" for n in range(40)], "auto", "a different text in every row"),
    ],
)
def test_targets_to_refuse(table, targets, task, message):
    with pytest.raises(ValueError, match=message):
        to_learn(table(targets), None, task)


def test_a_word_among_numbers_may_be_meant(table):
    examples = to_learn(table([*range(40), "few"]), None, "classify")
    assert len(examples.classes) == 41


def test_several_targets(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,6\n", encoding="utf-8")
    examples = to_learn(find(str(path)), "c,a", "auto")
    assert examples.classes is None
    assert examples.targets == array("d", [3, 1, 6, 4])
    assert examples.target_names == ["c", "a"]
    assert examples.target_places == [2, 0]
    with pytest.raises(ValueError, match="several columns were named; classes need a single one"):
        to_learn(find(str(path)), "c,a", "classify")


EXPECTED = Expected(1, ["x"], ["y"], [1], [], REGRESSION, None)


def test_judging_takes_the_model_s_classes(table):
    three = EXPECTED._replace(task=CLASSIFICATION, classes=["1", "2", "3"])
    examples = to_judge(table(["3", "1.0", "3"]), three)
    assert examples.targets == array("d", [2, 0, 2])
    with pytest.raises(ValueError, match="line 3, column 'y': '4' is none of the classes '1', '2'"):
        to_judge(table(["1", "4"]), three._replace(classes=["1", "2"]))


def test_judging_numbers(table):
    assert to_judge(table(["3", "1.5"]), EXPECTED).targets == array("d", [3, 1.5])
    with pytest.raises(ValueError, match="line 2, column 'y': 'a' found; a number is needed"):
        to_judge(table(["a"]), EXPECTED)


def test_predicting_needs_no_targets(table):
    assert to_predict(table(["?", ""]), EXPECTED).inputs == array("d", [0, 1])


def test_digest_is_that_of_the_numbers(table):
    """Big-endian doubles, inputs then targets, after their shape; not the text they came from."""
    expected = hashlib.sha256(b"3 1 1\n" + struct.pack(">6d", 0, 1, 2, 1, 0, 1)).hexdigest()
    assert to_learn(table(["b", "a", "b"]), None, "auto").digest() == expected
    assert to_learn(table([7, 3.0, 7], header=None), None, "auto").digest() == expected
    assert to_learn(table(["b", "a", "a"]), None, "auto").digest() != expected
