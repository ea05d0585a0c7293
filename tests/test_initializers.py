"""The start values of weights: their formulas, their distributions, and the order of the draws."""

import math

import pytest

from pyref import ConstantWeights, Network, NguyenWidrow, Normal, Uniform
from pyref.reference.generator import Stream
from pyref.reference.initializers import INITIALIZERS

# numpy.random.seed(1); numpy.random.randn(8), as it is printed all over the net.
RANDN_OF_SEED_1 = [
    1.62434536, -0.61175641, -0.52817175, -1.07296862, 0.86540763, -2.3015387, 1.74481176,
    -0.7612069,
]


def drawn(name, inputs, units, seed=5):
    """All weights of a layer, in one list."""
    rows = INITIALIZERS[name](inputs, units).weights(inputs, units, Stream(seed))
    assert [len(row) for row in rows] == [units] * inputs
    return [weight for row in rows for weight in row]


def test_normal_deviates_are_every_other_one_of_randn():
    stream = Stream(1)
    normals = [stream.normal() for _ in range(4)]
    assert normals == pytest.approx(RANDN_OF_SEED_1[::2], abs=6e-9)


def test_a_point_outside_the_circle_is_drawn_again():
    """Of 10,000 points in the square, π/4 lie in the circle; each costs two draws."""
    stream, twin = Stream(4), Stream(4)
    accepted = draws = 0
    while draws < 20000:
        x, y = 2.0 * twin.random() - 1.0, 2.0 * twin.random() - 1.0
        draws += 2
        accepted += x * x + y * y < 1.0
    for _ in range(accepted):
        stream.normal()
    for _ in range(20):  # the last point may have been outside
        if stream == twin:
            break
        stream.random()
    assert stream == twin
    assert abs(accepted - 10000 * math.pi / 4) < 5 * math.sqrt(10000 * 0.7854 * 0.2146)


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_draws_agree_with_numpy(seed, numpy):
    theirs = numpy.random.RandomState(seed).uniform(-0.3, 0.7, (40, 30)).tolist()
    assert Uniform(-0.3, 0.7).weights(40, 30, Stream(seed)) == theirs
    theirs = (2.0 * numpy.random.RandomState(seed).random_sample((40, 30)) - 1.0).tolist()
    assert Uniform(-1.0, 1.0).weights(40, 30, Stream(seed)) == theirs
    theirs = numpy.random.RandomState(seed).standard_normal(2000)[::2].tolist()
    ours = Normal(0.0, 1.0).weights(1, 1000, Stream(seed))[0]
    assert ours == pytest.approx(theirs, rel=1e-14)


@pytest.mark.parametrize(
    "name, inputs, units, expected",
    [
        ("zeros", 3, 5, ConstantWeights(0.0)),
        ("uniform", 3, 5, Uniform(-1.0, 1.0)),
        ("normal", 3, 5, Normal(0.0, 1.0)),
        ("glorot_uniform", 16, 8, Uniform(-0.5, 0.5)),  # 6/24 = ¼
        ("glorot_normal", 3, 5, Normal(0.0, 0.5)),  # 2/8 = ¼
        ("he_uniform", 24, 5, Uniform(-0.5, 0.5)),  # 6/24
        ("he_normal", 8, 5, Normal(0.0, 0.5)),  # 2/8
        ("lecun_uniform", 12, 5, Uniform(-0.5, 0.5)),  # 3/12
        ("lecun_normal", 4, 5, Normal(0.0, 0.5)),  # 1/4
        ("nguyen_widrow", 4, 5, NguyenWidrow()),
    ],
)
def test_widths_follow_the_papers(name, inputs, units, expected):
    assert INITIALIZERS[name](inputs, units) == expected


VARIANCES = {
    "uniform": lambda inputs, units: 1.0 / 3.0,
    "normal": lambda inputs, units: 1.0,
    "glorot_uniform": lambda inputs, units: 2.0 / (inputs + units),
    "glorot_normal": lambda inputs, units: 2.0 / (inputs + units),
    "he_uniform": lambda inputs, units: 2.0 / inputs,
    "he_normal": lambda inputs, units: 2.0 / inputs,
    "lecun_uniform": lambda inputs, units: 1.0 / inputs,
    "lecun_normal": lambda inputs, units: 1.0 / inputs,
}


@pytest.mark.parametrize("name", VARIANCES)
def test_mean_and_variance(name):
    """Within five standard deviations of what 10,000 draws of this distribution have."""
    weights = drawn(name, 80, 125)
    count, variance = len(weights), VARIANCES[name](80, 125)
    assert abs(math.fsum(weights) / count) < 5.0 * math.sqrt(variance / count)
    of_squares = 2.0 if name.endswith("normal") else 0.8  # the variance of x²/σ²: kurtosis − 1
    measured = math.fsum(weight * weight for weight in weights) / count
    assert abs(measured / variance - 1.0) < 5.0 * math.sqrt(of_squares / count)
    if name.endswith("uniform"):
        limit = math.sqrt(3.0 * variance)
        assert -limit <= min(weights) < -0.99 * limit and 0.99 * limit < max(weights) < limit


def largest_distance(values, distribution):
    """Kolmogorov and Smirnov's: between the part of values up to x and what it should be."""
    count = len(values)
    return max(
        max(abs(distribution(x) - place / count), abs(distribution(x) - (place + 1) / count))
        for place, x in enumerate(sorted(values))
    )


@pytest.mark.parametrize(
    "name, distribution",
    [
        ("normal", lambda x: 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))),
        ("uniform", lambda x: 0.5 * (x + 1.0)),
    ],
)
def test_distribution(name, distribution):
    """1.95/√n is passed by one true sample in a thousand."""
    weights = drawn(name, 100, 100)
    assert largest_distance(weights, distribution) < 1.95 / math.sqrt(len(weights))
    shifted = [weight + 0.1 for weight in weights]
    assert largest_distance(shifted, distribution) > 1.95 / math.sqrt(len(weights))


def test_neighbouring_deviates_are_independent():
    weights = drawn("normal", 100, 100)
    product = math.fsum(a * b for a, b in zip(weights, weights[1:])) / (len(weights) - 1)
    assert abs(product) < 5.0 / math.sqrt(len(weights))


def test_parameters_of_uniform_and_normal():
    shifted = Normal(3.0, 0.25).weights(50, 50, Stream(2))
    standard = Normal(0.0, 1.0).weights(50, 50, Stream(2))
    assert shifted == [[3.0 + 0.25 * x for x in row] for row in standard]
    assert Normal(3.0, 0.0).weights(1, 2, Stream(2)) == [[3.0, 3.0]]
    assert Uniform(0.5, 0.5).weights(1, 2, Stream(2)) == [[0.5, 0.5]]
    assert ConstantWeights(-2).weights(2, 1, Stream(2)) == [[-2.0], [-2.0]]


@pytest.mark.parametrize("inputs, units", [(1, 1), (1, 10), (2, 5), (13, 7)])
def test_nguyen_widrow_rows_have_the_length_beta(inputs, units):
    beta = 0.7 * units ** (1.0 / inputs)
    rows = NguyenWidrow().weights(inputs, units, Stream(3))
    for unit in zip(*rows):
        assert math.hypot(*unit) == pytest.approx(beta, rel=1e-13)
    # Scaling keeps the directions of an even draw from [−1, 1).
    plain = Uniform(-1.0, 1.0).weights(inputs, units, Stream(3))
    for unit, other in zip(zip(*rows), zip(*plain)):
        length = math.hypot(*other)
        assert list(unit) == pytest.approx([beta * w / length for w in other], rel=1e-13)


def test_nguyen_widrow_biases_fill_plus_and_minus_beta():
    biases = NguyenWidrow().biases(2, 2500, Stream(3))
    beta = 0.7 * 50.0
    assert largest_distance(biases, lambda x: 0.5 * (x / beta + 1.0)) < 1.95 / 50.0
    assert -beta <= min(biases) and max(biases) < beta


class NothingButHalves(Stream):
    def random(self):
        return 0.5


def test_nguyen_widrow_keeps_units_whose_draws_are_all_zero():
    assert NguyenWidrow().weights(2, 1, NothingButHalves(1)) == [[0.0], [0.0]]


def test_the_order_of_draws():
    """Layer by layer, row by row; biases draw nothing."""
    network, stream = Network([3, 4, 2], initializer="uniform", seed=6), Stream(6)
    for layer, inputs, units in zip(network.layers, [3, 4], [4, 2]):
        for k in range(inputs):
            for j in range(units):
                assert layer.weights[k][j] == -1.0 + 2.0 * stream.random()
        assert layer.biases == [0.0] * units
    assert network.stream == stream


def test_the_order_of_normal_draws():
    network, stream = Network([2, 3, 1], initializer=Normal(0.0, 0.5), seed=6), Stream(6)
    for layer, inputs, units in zip(network.layers, [2, 3], [3, 1]):
        expected = [[0.5 * stream.normal() for _ in range(units)] for _ in range(inputs)]
        assert layer.weights == expected
    assert network.stream == stream


def test_the_order_of_nguyen_and_widrows_draws():
    """A layer's weights, then its biases, then the next layer."""
    network, stream = Network([2, 3, 1], initializer="nguyen_widrow", seed=6), Stream(6)
    for layer, inputs, units in zip(network.layers, [2, 3], [3, 1]):
        beta = 0.7 * units ** (1.0 / inputs)
        directions = [[2.0 * stream.random() - 1.0 for _ in range(units)] for _ in range(inputs)]
        assert [[w > 0.0 for w in row] for row in layer.weights] == [
            [w > 0.0 for w in row] for row in directions
        ]
        expected = [beta * (2.0 * stream.random() - 1.0) for _ in range(units)]
        assert layer.biases == pytest.approx(expected, rel=1e-13)
    assert network.stream == stream


@pytest.mark.parametrize("biases", [False, [[1.0, 2.0, 3.0], [4.0]]])
def test_biases_that_are_not_drawn_cost_no_draws(biases):
    network = Network([2, 3, 1], initializer=NguyenWidrow(), biases=biases, seed=6)
    stream = Stream(6)
    for _ in range(2 * 3 + 3 * 1):
        stream.random()
    assert network.stream == stream
    assert [layer.biases for layer in network.layers] == (biases or [None, None])


@pytest.mark.parametrize("biases", ["uniform", Uniform(-1.0, 1.0)], ids=str)
@pytest.mark.parametrize("initializer", ["uniform", "zeros", "lists"])
def test_biases_with_an_initializer_are_drawn_after_the_weights_of_their_layer(
    initializer, biases
):
    lists = [[[0.5] * 3] * 2, [[0.5]] * 3]
    given = lists if initializer == "lists" else initializer
    network, stream = Network([2, 3, 1], initializer=given, biases=biases, seed=6), Stream(6)
    for layer, inputs, units in zip(network.layers, [2, 3], [3, 1]):
        if initializer == "uniform":
            for _ in range(inputs * units):
                stream.random()
        assert layer.biases == [-1.0 + 2.0 * stream.random() for _ in range(units)]
    assert network.stream == stream


def test_the_spread_of_biases_is_that_of_the_weights_of_their_layer():
    """±√(6/600) = ±0.1 and ±√(6/3) = ±√2: the bias is the weight of one more input."""
    first, last = Network([600, 3, 1], biases="he_uniform", seed=3).layers
    stream = Stream(3)
    for _ in range(600 * 3):  # glorot_uniform's
        stream.random()
    assert first.biases == [-0.1 + 0.2 * stream.random() for _ in range(3)]
    for _ in range(3):
        stream.random()
    assert last.biases == [-math.sqrt(2.0) + 2.0 * math.sqrt(2.0) * stream.random()]


def test_nguyen_widrow_draws_biases_of_its_own_whatever_draws_the_weights():
    layers = Network([2, 3, 1], initializer="zeros", biases="nguyen_widrow", seed=6).layers
    stream = Stream(6)
    for layer, inputs, units in zip(layers, [2, 3], [3, 1]):
        assert layer.biases == NguyenWidrow().biases(inputs, units, stream)
        assert any(layer.biases)


@pytest.mark.parametrize("initializer", [*INITIALIZERS, ConstantWeights(0.3)], ids=str)
def test_networks_begin_finite_and_the_same_each_time(initializer):
    network = Network([5, 4, 2], initializer=initializer, seed=8)
    assert network == Network([5, 4, 2], initializer=initializer, seed=8)
    assert all(math.isfinite(y) for y in network.predict([[1.0, -2.0, 0.5, 0.0, 3.0]])[0])
    stays = initializer in ("zeros", ConstantWeights(0.3))
    assert (network == Network([5, 4, 2], initializer=initializer, seed=9)) == stays


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: ConstantWeights("one"), "ConstantWeights: value: a finite number is needed"),
        (lambda: Uniform(float("nan"), 1.0), "Uniform: low: a finite number is needed, not nan"),
        (lambda: Uniform(1.0, 0.5), "Uniform: high: at least the low of 1.0 is needed, not 0.5"),
        (lambda: Uniform(-1e308, 1e308), "Uniform: high"),
        (lambda: Normal(0.0, -1.0), "Normal: deviation: 0 or a number above it is needed"),
        (lambda: Network([1, 1], initializer="constant"), "initializer: 'constant' is unknown"),
        (lambda: Network([1, 1], biases="constant"), "biases: .* zeros, uniform.*, not 'constant'"),
        (lambda: Network([1, 1], biases=Uniform), "biases: True, False or a list .* not <"),
        (lambda: Network([1, 1], biases=None), "biases: True, False or a list .* not None"),
        (lambda: Network([1, 1], initializer=Uniform), "initializer: .* is unknown; one of zeros"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
