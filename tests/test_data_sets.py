"""The data sets that come with the package: compared with what is published about them."""

import math
from array import array

import pytest

from pyref.tables.examples import to_learn
from pyref.tables.sources import BUILT_IN, find


def columns(examples):
    return [examples.inputs[c :: examples.input_count] for c in range(examples.input_count)]


@pytest.fixture(scope="module")
def iris():
    return to_learn(find("iris"), None, "auto")


# Fisher 1936, table II, "observed means"; and the deviations as R prints them for its `iris`
# (sample deviations, with n − 1).
FISHER = {
    "setosa": ([5.006, 3.428, 1.462, 0.246], [0.3524897, 0.3790644, 0.1736640, 0.1053856]),
    "versicolor": ([5.936, 2.770, 4.260, 1.326], [0.5161711, 0.3137983, 0.4699110, 0.1977527]),
    "virginica": ([6.588, 2.974, 5.552, 2.026], [0.6358796, 0.3224966, 0.5518947, 0.2746501]),
}


@pytest.mark.parametrize("species", FISHER)
def test_iris_has_fisher_s_means(iris, species):
    which = [row for row in range(150) if iris.classes[int(iris.targets[row])] == species]
    assert len(which) == 50
    for column, mean, deviation in zip(columns(iris), *FISHER[species]):
        values = [column[row] for row in which]
        found = math.fsum(values) / 50
        assert found == pytest.approx(mean, abs=1e-12)
        spread = math.fsum((value - found) ** 2 for value in values) / 49
        assert math.sqrt(spread) == pytest.approx(deviation, abs=1e-7)


def test_iris_is_fisher_s_variant(iris):
    """The copy at UCI has 4.9 3.1 1.5 0.1 and 4.9 3.1 1.5 0.1 in these rows."""
    assert iris.inputs[34 * 4 : 35 * 4] == array("d", [4.9, 3.1, 1.5, 0.2])
    assert iris.inputs[37 * 4 : 38 * 4] == array("d", [4.9, 3.6, 1.4, 0.1])


def test_iris_names(iris):
    assert iris.input_names == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert iris.target_names == ["species"]
    assert iris.classes == sorted(FISHER)


@pytest.mark.parametrize("name, bits", [("xor", 2), ("parity4", 4)])
def test_parity_is_complete(name, bits):
    examples = to_learn(find(name), None, "auto")
    assert (examples.rows, examples.input_count) == (2**bits, bits)
    rows = [tuple(map(int, row)) for row in zip(*columns(examples))]
    assert len(set(rows)) == 2**bits and set(sum(rows, ())) == {0, 1}
    assert [int(target) for target in examples.targets] == [sum(row) % 2 for row in rows]
    assert examples.classes == ["0", "1"]


def test_spirals_are_those_of_the_benchmark():
    """Three turns of 32 points and an end point; 6.5 at the outside, 0.5 at the inside."""
    examples = to_learn(find("spirals"), None, "auto")
    points = list(zip(*columns(examples), examples.targets))
    assert len(points) == 194
    for i in range(97):
        radius, angle = 6.5 * (104 - i) / 104, math.pi * i / 16
        x, y, spiral = points[2 * i]
        exact = (radius * math.cos(angle), radius * math.sin(angle))
        assert (x, y) == pytest.approx(exact, abs=6e-6)
        assert points[2 * i + 1] == (-x, -y, 1 - spiral) and spiral == 1


def test_moons_lie_on_two_half_circles():
    examples = to_learn(find("moons"), None, "auto")
    assert examples.classes == ["lower", "upper"]
    assert list(examples.targets).count(0) == list(examples.targets).count(1) == 150
    for x, y, moon in zip(*columns(examples), examples.targets):
        distance = math.hypot(x, y) if moon == 1 else math.hypot(x - 1, y - 0.5)
        assert abs(distance - 1) < 5 * 0.15


@pytest.mark.parametrize("name", BUILT_IN)
def test_files_are_plain_text(name):
    with find(name).open() as file:
        content = file.read()
    assert content.isascii() and content.endswith(b"\n") and b"\r" not in content
