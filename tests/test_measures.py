"""Measures of answers: hand-worked values, and scikit-learn's, where it is installed."""

import os
import random
import re
from array import array
from math import inf, log, sqrt

import pytest

from pyref import Network
from pyref import measures


def test_a_matrix_and_what_follows_from_it():
    """Three of a, of which one is taken for b; one b; two of c, both taken for a."""
    matrix = measures.confusion_matrix(
        array("d", [0, 0, 0, 1, 2, 2]), [0, 0, 1, 1, 0, 0], 4
    )
    assert matrix == [[2, 1, 0, 0], [0, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0]]
    a, b, c, d = measures.class_counts(matrix)
    assert (a.precision, a.recall) == (2 / 4, 2 / 3)
    assert (b.precision, b.recall) == (1 / 2, 1.0)
    assert (c.precision, c.recall) == (None, 0.0)
    assert (d.precision, d.recall) == (None, None)
    assert measures.balanced_accuracy(matrix) == pytest.approx((2 / 3 + 1 + 0) / 3, rel=1e-15)


def test_log_loss():
    """The probabilities of the classes that the rows are of: 0.7, 0.9 and 1/2."""
    wanted = -(log(0.7) + log(0.9) + log(0.5)) / 3
    one = measures.log_loss([0.7, 0.1, 0.5], 1, [1.0, 0.0, 1.0])
    several = measures.log_loss([0.2, 0.7, 0.1, 0.9, 0.1, 0.0, 0.25, 0.25, 0.5], 3, [1.0, 0.0, 2.0])
    assert one == pytest.approx(wanted, rel=1e-15)
    assert several == pytest.approx(wanted, rel=1e-15)


def test_log_loss_of_what_was_held_impossible():
    assert measures.log_loss([1.0, 0.0], 1, [0.0, 1.0]) == pytest.approx(52 * log(2), rel=1e-15)


@pytest.mark.parametrize("low, high, area", [
    ([0.1, 0.4], [0.35, 0.8], 0.75),
    ([0.1, 0.2], [0.3], 1.0),
    ([0.3], [0.1, 0.2], 0.0),
    ([0.5, 0.5], [0.5], 0.5),
    ([0.1, 0.5, 0.5, 0.9], [0.5, 0.5], 0.5),
    ([0.2, 0.5], [0.5, 0.7, 0.1], (2 + 1.5 + 0) / 6),
])
def test_the_area_under_the_roc_curve(low, high, area):
    targets = [0.0] * len(low) + [1.0] * len(high)
    assert measures.roc_auc(low + high, targets) == pytest.approx(area, rel=1e-15)
    again = list(zip(low + high, targets))
    random.Random(3).shuffle(again)
    assert measures.roc_auc(*zip(*again)) == pytest.approx(area, rel=1e-15)


def test_there_is_no_area_for_one_class():
    assert measures.roc_auc([0.1, 0.2], [1.0, 1.0]) is None


def test_errors_of_numbers():
    error = measures.column_error([1.0, 2.0, 6.0], [1.0, 4.0, 4.0])
    assert error.root_mean_square == pytest.approx(sqrt(8 / 3), rel=1e-15)
    assert error.mean_absolute == pytest.approx(4 / 3, rel=1e-15)
    assert error.r_squared == pytest.approx(1 - 8 / 6, rel=1e-15)
    assert measures.column_error([1.0, 3.0], [2.0, 2.0]).r_squared is None


def test_errors_beyond_all_floats():
    error = measures.column_error([1e308, -1e308, 1e308], [0.0, 0.0, 0.0])
    assert error.root_mean_square == error.mean_absolute == inf


def test_labels():
    counts = measures.label_counts([0.9, 0.6, 0.1, 0.2], [1.0, 0.0, 1.0, 0.0])
    assert counts == (4, 2, 1, 1) and counts.right == 2
    assert (counts.precision, counts.recall) == (0.5, 0.5)
    nothing = measures.label_counts([0.1], [0.0])
    assert (nothing.precision, nothing.recall) == (None, None)


def test_beside_scikit_learn():
    """Random answers with ties, classes that are rare, numbers of any size.  Skips where
    scikit-learn is not installed; with PYREF_SKLEARN=1 in the environment that is an error."""
    try:
        from sklearn import metrics
    except ImportError:
        if os.environ.get("PYREF_SKLEARN") == "1":
            raise
        pytest.skip("scikit-learn is not installed")
    chance = random.Random(5)
    for classes in (2, 3, 7):
        rows = 400
        targets = [float(min(int(chance.expovariate(1.0)), classes - 1)) for _ in range(rows)]
        targets[:classes] = map(float, range(classes))  # none is missing
        outputs = [[chance.randint(1, 9) for _ in range(classes)] for _ in range(rows)]
        outputs = [[value / sum(row) for value in row] for row in outputs]
        answers = [row.index(max(row)) for row in outputs]
        flat = [value for row in outputs for value in row]
        matrix = measures.confusion_matrix(targets, answers, classes)
        assert matrix == metrics.confusion_matrix(targets, answers).tolist()
        expected = metrics.balanced_accuracy_score(targets, answers)
        assert measures.balanced_accuracy(matrix) == pytest.approx(expected, rel=1e-12)
        expected = metrics.log_loss(targets, outputs)
        assert measures.log_loss(flat, classes, targets) == pytest.approx(expected, rel=1e-12)
        counts = measures.class_counts(matrix)
        precision, recall, *_ = metrics.precision_recall_fscore_support(
            targets, answers, zero_division=0
        )
        assert [c.precision or 0.0 for c in counts] == pytest.approx(precision, rel=1e-12)
        assert [c.recall or 0.0 for c in counts] == pytest.approx(recall, rel=1e-12)
        if classes == 2:
            expected = metrics.roc_auc_score(targets, flat[1::2])
            assert measures.roc_auc(flat[1::2], targets) == pytest.approx(expected, rel=1e-12)
    targets = [chance.gauss(1e3, 5.0) for _ in range(300)]
    outputs = [target + chance.gauss(0.0, 2.0) for target in targets]
    error = measures.column_error(outputs, targets)
    assert error.root_mean_square == pytest.approx(
        sqrt(metrics.mean_squared_error(targets, outputs)), rel=1e-12)
    assert error.r_squared == pytest.approx(metrics.r2_score(targets, outputs), rel=1e-12)
    assert error.mean_absolute == pytest.approx(
        metrics.mean_absolute_error(targets, outputs), rel=1e-12)


@pytest.fixture
def judge():
    """Two classes; the probability of the second is the sigmoid of x."""
    network = Network([1, 1], initializer=[[[1.0]]], biases=False)
    network.class_names = ["no", "yes"]
    network.save("m.json")


def write(text):
    with open("t.csv", "w", encoding="utf-8") as file:
        file.write(text)


def test_a_report_of_two_unequal_classes(run, in_a_folder, judge):
    """Right: two of three no, one of one yes; all pairs but one are in order."""
    write("-2,no\n-1,no\n3,no\n1,yes\n")
    output = run("evaluate m.json t.csv").out
    assert "75.0 % right (3 of 4), log loss " in output
    assert "balanced accuracy 83.3 %, area under the ROC curve 0.6667" in output
    assert "to compare  75.0 % right (balanced 50.0 %) by always answering no" in output
    table = [line.split() for line in output.splitlines()[-3:]]
    assert table == [
        ["no", "yes", "recall", "precision"], ["no", "2", "1", "66.7", "%", "100.0", "%"],
        ["yes", "0", "1", "100.0", "%", "50.0", "%"],
    ]


def test_equal_classes_need_no_balanced_accuracy(run, in_a_folder, judge):
    write("-2,no\n1,yes\n")
    output = run("evaluate m.json t.csv").out
    assert "balanced" not in output and "area under the ROC curve 1.0000" in output


def test_a_squared_loss_is_no_log_loss(run, in_a_folder, judge):
    """It is worked out beside it: all three probabilities are 1/2."""
    network = Network.load("m.json")
    network.loss = "mean_squared_error"
    network.save("m.json")
    write("0,no\n0,yes\n0,yes\n")
    output = run("evaluate m.json t.csv").out
    assert re.search(r"right \(2 of 3\), loss 0.25$", output, re.MULTILINE)
    assert "log loss 0.6931" in output


def test_many_classes_are_told_of_by_the_worst(run, in_a_folder):
    identity = [[9.0 * (k == j) for j in range(12)] for k in range(12)]
    network = Network([12, 12], output="softmax", initializer=[identity], biases=False)
    network.class_names = [f"class{n:02d}" for n in range(12)]
    network.save("m.json")
    rows = [(n, n) for n in range(12)] + [(3, 7), (3, 7), (5, 2)]  # taken for, and the class
    write("".join(
        ",".join(str(int(k == said)) for k in range(12)) + f",class{true:02d}\n"
        for said, true in rows
    ))
    output = run("evaluate m.json t.csv").out
    lines = output[output.index("Of the 12 classes") :].splitlines()
    assert lines[0] == "Of the 12 classes of the rows, the 10 that are found least"
    assert lines[2].split() == ["class07", "3", "33.3", "%", "100.0", "%", "class03"]
    assert lines[3].split() == ["class02", "2", "50.0", "%", "100.0", "%", "class05"]
    assert len(lines) == 12


def test_a_regression_is_held_against_the_mean(run, in_a_folder):
    Network([1, 1], output="identity", initializer=[[[1.0]]], biases=False).save("m.json")
    write("1,1\n4,2\n")
    output = run("evaluate m.json t.csv").out
    assert "root mean squared error 1.41421, R² -7.0000, mean absolute error 1\n" in output
    assert "to compare  error 0.5 (R² 0.0000) by always answering the mean" in output
