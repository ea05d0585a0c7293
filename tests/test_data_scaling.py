"""Scaling and splitting."""

import math
from array import array
from fractions import Fraction

import pytest

from pyref.tables.scaling import Scaling
from pyref.tables import passes
from pyref.tables.splitting import folds, split
from pyref.reference.generator import Stream
from pyref.reference.losses import class_of

pytestmark = pytest.mark.usefixtures("reading")


def test_a_textbook_example():
    """2 4 4 4 5 5 7 9 has the mean 5 and the population deviation 2."""
    scaling = Scaling.fit(array("d", [2, 4, 4, 4, 5, 5, 7, 9]), 1)
    assert scaling == Scaling([5.0], [2.0])
    assert scaling.transform([9.0]) == [2.0] and scaling.inverse([-1.5]) == [2.0]


def test_two_passes_keep_what_one_would_lose():
    """Σx²/n − mean² has no correct digit here; the exact deviation is √(2/3)."""
    scaling = Scaling.fit(array("d", [1e9, 1e9 + 1, 1e9 + 2]), 1)
    assert scaling == Scaling([1e9 + 1], [math.sqrt(2 / 3)])


def test_against_exact_arithmetic():
    stream = Stream(7)
    flat = array("d", [stream.random() * 100 - 20 for _ in range(3 * 50)])
    scaling = Scaling.fit(flat, 3)
    for column in range(3):
        values = [Fraction(x) for x in flat[column::3]]
        mean = sum(values) / 50
        variance = sum((x - mean) ** 2 for x in values) / 50
        assert scaling.means[column] == pytest.approx(float(mean), rel=1e-14)
        assert scaling.deviations[column] == pytest.approx(math.sqrt(variance), rel=1e-14)


def test_a_constant_column_has_deviation_1():
    """0.1 added ten times is not 1.0: the mean of ten of them must still be 0.1."""
    flat = array("d", [x for _ in range(10) for x in (0.1, 5e-324)])
    assert Scaling.fit(flat, 2) == Scaling([0.1, 5e-324], [1.0, 1.0])


def test_values_too_large():
    with pytest.raises(ValueError, match="price: the values are too large to be scaled"):
        Scaling.fit(array("d", [1.0, 1e200, 2.0, -1e200]), 2, {0: "a", 1: "price"}.get)


def test_flat_and_row_by_row_are_the_same_bits():
    stream = Stream(3)
    flat = array("d", [stream.random() * 10 ** (i % 4) for i in range(4 * 31)])
    scaling = Scaling.fit(flat, 4)
    rows = [scaling.transform(flat[i : i + 4]) for i in range(0, len(flat), 4)]
    assert scaling.transform_flat(flat).tolist() == [x for row in rows for x in row]
    back = [x for row in rows for x in scaling.inverse(row)]
    assert back == pytest.approx(flat.tolist(), rel=1e-14)


def test_split_follows_the_stream():
    """numpy.random.seed(1) draws 0.417 0.720 0.000 0.302: places 4 3 2 1 change with 2 2 0 0,
    which takes 0 1 2 3 4 to 1 3 0 4 2; the first two validate."""
    assert [*map(list, split(5, 0.4, seed=1))] == [[0, 2, 4], [1, 3]]


@pytest.mark.parametrize("rows, part, validating", [(10, 0.2, 2), (11, 0.5, 6), (100, 0.204, 20)])
def test_every_row_is_on_one_side(rows, part, validating):
    training, held_out = split(rows, part, seed=9)
    assert len(held_out) == validating
    assert sorted(training + held_out) == list(range(rows))
    assert split(rows, part, seed=9) == (training, held_out)
    assert split(rows, part, seed=10) != (training, held_out)


def test_no_validation():
    assert [*map(list, split(3, 0.0, seed=1))] == [[0, 1, 2], []]


@pytest.mark.parametrize("rows, part, counts", [(4, 0.1, "0 .* 4"), (4, 0.9, "4 .* 0")])
def test_each_side_needs_a_row(rows, part, counts):
    with pytest.raises(ValueError, match=f"{counts} train; each side needs at least one"):
        split(rows, part, seed=1)


def test_taken():
    flat = array("d", [1, 2, 3, 4, 5, 6])
    assert passes.fastest.taken(flat, 2, 2, [0, 2]) == array("d", [1, 2, 5, 6])
    assert passes.fastest.taken(flat, 3, 2, None) == array("d", [1, 2, 4, 5])


@pytest.mark.parametrize(
    "means, deviations, message",
    [
        ([0.0, 1.0], [1.0], "a mean and a deviation for each column .* 2 means and 1 deviations"),
        ([0.0], [0.0], r"Scaling: deviations\[0\]: a number above 0 is needed, not 0.0"),
        ([0.0, 0.0], [1.0, -2.0], r"Scaling: deviations\[1\]: a number above 0"),
        ([0.0], [float("inf")], r"Scaling: deviations\[0\]: a finite number is needed, not inf"),
        ([0.0, float("nan")], [1.0, 1.0], r"Scaling: means\[1\]: a finite number is needed"),
        (["0"], [1.0], r"Scaling: means\[0\]: a finite number is needed, not '0'"),
        (5.0, [1.0], "Scaling: means: a number for each column is needed, not 5.0"),
        ([0.0], "1", "Scaling: deviations: a number for each column is needed, not '1'"),
    ],
)
def test_what_cannot_scale_is_refused(means, deviations, message):
    with pytest.raises(ValueError, match=message):
        Scaling(means, deviations)


def test_a_scaling_that_is_changed_is_checked_again():
    scaling = Scaling([0, 1], [1, 2])
    assert scaling.means == (0.0, 1.0)
    with pytest.raises(ValueError, match=r"deviations\[0\]: a number above 0 is needed, not 0"):
        scaling.deviations = [0, 1]
    assert scaling.deviations == (1.0, 2.0)


@pytest.mark.parametrize("width", [1, 3])
def test_answers_and_shuffles_are_the_reference_s(reading, width):
    stream = Stream(3)
    outputs = array("d", [int(10 * stream.random()) / 10 for _ in range(300)])  # with equal ones
    rows = [outputs[place : place + width] for place in range(0, 300, width)]
    assert list(passes.fastest.answers(outputs, width)) == [class_of(row) for row in rows]
    assert list(passes.fastest.shuffled(9, 1000)) == Stream(9).shuffled(1000)


def test_every_class_validates_its_share():
    """Of 50, 30 and 20 rows a fifth, in whatever order they stand."""
    classes = [0.0] * 50 + [1.0] * 30 + [2.0] * 20
    for seed in range(5):
        order = Stream(seed + 100).shuffled(100)
        mixed = [classes[place] for place in order]
        training, held_out = split(100, 0.2, seed, mixed)
        assert sorted([*training, *held_out]) == list(range(100))
        assert [[mixed[row] for row in held_out].count(c) for c in (0, 1, 2)] == [10, 6, 4]


def test_one_row_of_a_class_trains():
    assert [*map(list, split(5, 0.4, 1, [0, 0, 0, 0, 1]))][0][-1] == 4


@pytest.mark.parametrize("rows, count", [(10, 10), (11, 2), (103, 5), (1000, 7)])
def test_each_row_validates_in_one_fold(rows, count):
    made = folds(rows, count, seed=9)
    assert len(made) == count
    assert sorted(row for _, held_out in made for row in held_out) == list(range(rows))
    for training, held_out in made:
        assert sorted([*training, *held_out]) == list(range(rows))
        assert list(training) == sorted(training) and list(held_out) == sorted(held_out)
        assert len(held_out) in (rows // count, -(-rows // count))
    assert made == folds(rows, count, seed=9) != folds(rows, count, seed=10)


def test_every_class_is_dealt_out_evenly():
    """52, 31 and 3 rows over five folds, in whatever order they stand; the folds are of one size.
    """
    classes = [0.0] * 52 + [1.0] * 31 + [2.0] * 3
    for seed in range(5):
        mixed = [classes[place] for place in Stream(seed + 100).shuffled(86)]
        counts = [
            [[mixed[row] for row in held_out].count(c) for c in (0, 1, 2)]
            for _, held_out in folds(86, 5, seed, mixed)
        ]
        for column, of_class in zip(zip(*counts), (52, 31, 3)):
            assert {of_class // 5, -(-of_class // 5)}.issuperset(column)
        assert {17, 18}.issuperset(map(sum, counts))


@pytest.mark.parametrize("rows, count", [(5, 1), (5, 0), (5, 6), (1, 2)])
def test_folds_that_cannot_be_made(rows, count):
    with pytest.raises(ValueError, match=f"of {rows} rows, from 2 to {rows} folds"):
        folds(rows, count, seed=1)
