"""The class Network: making one, asking it, comparing and copying it."""

import copy
import hashlib
import pickle
import struct
from array import array
from fractions import Fraction

import pytest

from pyref import Network, Trainer, Uniform
from pyref.engine.one_training import being_trained
from pyref.tables.scaling import Scaling
from pyref.reference.generator import Stream

# numpy.random.seed(1); numpy.random.random(12), as NumPy's documentation and many tutorials show.
SEED_1 = [4.17022005e-01, 7.20324493e-01, 1.14374817e-04, 3.02332573e-01, 1.46755891e-01,
          9.23385948e-02, 1.86260211e-01, 3.45560727e-01, 3.96767474e-01, 5.38816734e-01,
          4.19194514e-01, 6.85219500e-01]


def flat(network):
    return [value for layer in network.layers for row in layer.weights for value in row]


def test_defaults():
    network = Network([2, 4, 3, 1])
    assert network.sizes == [2, 4, 3, 1]
    assert [layer.activation for layer in network.layers] == ["tanh", "tanh", "sigmoid"]
    assert [layer.biases for layer in network.layers] == [[0.0] * 4, [0.0] * 3, [0.0]]
    assert [(len(layer.weights), layer.units) for layer in network.layers] == [
        (2, 4), (4, 3), (3, 1)
    ]
    assert network.seed == 1
    assert network.parameter_count == 12 + 15 + 4
    assert network == Network([2, 4, 3, 1], "tanh", "sigmoid", "glorot_uniform", True, 1)
    names = ("input_scaling", "target_scaling", "class_names", "input_names", "target_names")
    assert [getattr(network, name) for name in names] == [None] * 5


def test_weights_are_drawn_layer_by_layer_and_row_by_row():
    network = Network([2, 3, 2], initializer="uniform")
    assert [round((w + 1.0) / 2.0, 9) for w in flat(network)] == [round(u, 9) for u in SEED_1]


def test_the_figures_of_the_tutorials():
    network = Network([3, 1], initializer="uniform", biases=False, seed=1)
    assert [round(w, 8) for w in flat(network)] == [-0.16595599, 0.44064899, -0.99977125]


@pytest.mark.parametrize("biases", [True, False, [[0.5, 0.25, 0.125], [4.0, 8.0]]])
def test_biases_draw_nothing(biases):
    assert flat(Network([2, 3, 2], biases=biases, seed=5)) == flat(Network([2, 3, 2], seed=5))


@pytest.mark.parametrize(
    "initializer, limits",
    [
        ("uniform", [1.0, 1.0]),
        ("glorot_uniform", [(6.0 / 70.0) ** 0.5, (6.0 / 50.0) ** 0.5]),
        ("he_uniform", [(6.0 / 40.0) ** 0.5, (6.0 / 30.0) ** 0.5]),
        (Uniform(-0.5, 0.5), [0.5, 0.5]),
    ],
)
def test_initializers_fill_their_range(initializer, limits):
    for layer, limit in zip(Network([40, 30, 20], initializer=initializer).layers, limits):
        values = [w for row in layer.weights for w in row]
        assert -limit <= min(values) < -0.98 * limit
        assert 0.98 * limit < max(values) < limit
        assert abs(sum(values) / len(values)) < 0.1 * limit


def test_explicit_weights_and_biases_are_copied_and_draw_nothing():
    weights, biases = [[[1, 2], [3, 4]], [[5], [6]]], [[7, 8], (9,)]
    network = Network([2, 2, 1], initializer=weights, biases=biases, seed=3)
    assert network.layers[0].weights == [[1.0, 2.0], [3.0, 4.0]]
    assert network.layers[0].biases == [7.0, 8.0] and network.layers[1].biases == [9.0]
    assert all(type(value) is float for value in flat(network))
    assert network.stream == Stream(3)
    network.layers[0].weights[0][0] = network.layers[0].biases[0] = 99.0
    assert weights[0][0][0] == 1 and biases[0][0] == 7


def by_hand():
    """z = (2a − b + 1, b), relu, then −3·first + second + 0.5."""
    return Network(
        [2, 2, 1],
        hidden="relu",
        output="identity",
        initializer=[[[2.0, 0.0], [-1.0, 1.0]], [[-3.0], [1.0]]],
        biases=[[1.0, 0.0], [0.5]],
    )


def test_predict_classify_evaluate_by_hand(backend):
    network = by_hand()
    rows = [[0.0, 0.0], [1.0, 4.0], [-1.0, -2.0]]
    outputs = [-2.5, 4.5, -2.5]  # sums before relu: (1, 0), (−1, 4), (1, −2)
    assert network.predict(rows, backend=backend) == [[output] for output in outputs]
    assert network.classify(rows, backend=backend) == [0, 1, 0]
    evaluation = network.evaluate(rows, [[-2.5], [3.5], [1.5]], backend=backend)
    assert evaluation.loss == (0.0 + 1.0 + 16.0) / 3.0  # the mean squared error
    assert evaluation.accuracy == 2 / 3
    assert network.evaluate(rows, [-2.5, 3.5, 1.5], "half_squared_error", backend).loss == 8.5


def test_classes_have_names_and_ties_go_to_the_first(backend):
    network = Network([1, 3], output="softmax", initializer=[[[1.0, 1.0, 0.0]]])
    assert network.classify([[2.0], [0.0], [-2.0]], backend=backend) == [0, 0, 2]
    network.class_names = ["setosa", "versicolor", "virginica"]
    assert network.classify([[2.0], [-2.0]], backend=backend) == ["setosa", "virginica"]


@pytest.mark.parametrize(
    "name, names, message",
    [
        ("class_names", ["a", "b"], "class_names: 3 names are needed, not 2"),
        ("class_names", "abc", "class_names: a list of texts or None is needed, not 'abc'"),
        ("class_names", [1, 2, 3], r"class_names: a list of texts or None .*, not \[1, 2, 3\]"),
        ("class_names", 5, "class_names: a list of texts or None is needed, not 5"),
        ("class_names", ["a", "b", "a"], "class_names: 'a' is there twice"),
        ("input_names", ["a", "b"], "input_names: 1 names are needed, not 2"),
        ("target_names", ["a", "b"], "target_names: 1 or 3 names are needed, not 2"),
    ],
)
def test_names_that_do_not_fit_are_refused_before_they_are_used(tmp_path, name, names, message):
    network = Network([1, 3], output="softmax")
    setattr(network, name, names)
    with pytest.raises(ValueError, match=message):
        network.classify([[0.0]])
    with pytest.raises(ValueError, match=message):
        network.save(tmp_path / "model.json")
    assert not (tmp_path / "model.json").exists()


def test_names_are_equal_as_lists_and_as_tuples(tmp_path):
    network = Network([1, 2], output="softmax")
    network.class_names = ("a", "b")
    network.save(tmp_path / "model.json")
    assert Network.load(tmp_path / "model.json") == network


def test_named_columns_must_be_those_that_the_network_learned_from():
    class Frame(list):
        """As pandas' tables, rows that know the names of their columns."""

        columns = ["width", "length"]

    network = Network([2, 1])
    rows = Frame([[1.0, 2.0]])
    network.predict(rows)
    network.input_names = ["width", "length"]
    network.predict(rows)
    network.input_names = ["length", "width"]
    with pytest.raises(ValueError, match="columns are width, length; .* from length, width, in"):
        network.predict(rows)


def test_scaled_networks_speak_in_the_users_units(backend):
    network = Network([1, 1], output="identity", initializer=[[[2.0]]], biases=[[1.0]])
    network.input_scaling = Scaling([10.0], [2.0])
    network.target_scaling = Scaling([100.0], [10.0])
    assert network.predict([[14.0]], backend=backend) == [[150.0]]  # 2·(14 − 10)/2 + 1 = 5
    assert network.evaluate([[14.0]], [[130.0]], backend=backend).loss == 4.0  # (5 − 3)²


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_a_row_alone_equals_the_row_in_a_batch(backend, output):
    network = Network([3, 5, 4], output=output, seed=2)
    draw = Stream(7).random
    rows = [[8.0 * draw() - 4.0 for _ in range(3)] for _ in range(131)]
    together = network.predict(rows, backend=backend)
    assert [network.predict([row], backend=backend)[0] for row in rows] == together
    predict = network.predictor(backend=backend)
    assert [predict([row])[0] for row in rows] == together == predict(rows)


@pytest.mark.parametrize("width", [1, 3, 9])
def test_rows_of_all_forms_for_a_predictor(backend, width):
    """One row by itself, in the plainest form, goes another way than all others."""
    network = Network([width, 5, 2], seed=2)
    predict = network.predictor(backend=backend)
    row = [0.25 * k - 1.0 for k in range(width)]
    expected = network.predict([row], backend="python")
    forms = [[row], (row,), [tuple(row)], [array("d", row)], [[Fraction(x) for x in row]]]
    assert [predict(form) for form in forms] == [expected] * len(forms)
    assert predict([[1] * width]) == network.predict([[1.0] * width], backend="python")
    flat = predict(array("d", row))
    assert type(flat) is array and flat == array("d", expected[0])
    for form in (array("f", row), memoryview(array("d", row))):
        assert predict(form) == flat
    assert predict(array("d", row + row)) == flat + flat
    if width == 1:
        assert predict(row) == expected == predict([row, row])[:1]
    nothing, too_large = float("nan"), 10 ** 400
    wrong = [[row + [1.0]], [row[1:]], [[nothing] * width], [["1"] * width], [[too_large] * width],
             array("d", [nothing] * width), array("d", row + [1.0] * (width > 1)), [], [None]]
    for inputs in wrong + ([row] if width > 1 else []):
        found = []
        for function in (predict, network.predict):
            try:
                found.append(function(inputs))
            except (TypeError, ValueError) as error:
                found.append(str(error))
        assert found[0] == found[1] and (width == 1 or type(found[0]) is str)


def test_a_predictor_keeps_the_weights_of_its_making(backend):
    network = by_hand()
    predict = network.predictor(backend=backend)
    network.layers[1].biases[0] = 100.0
    assert predict([[0.0, 0.0]]) == [[-2.5]]
    assert network.predict([[0.0, 0.0]], backend=backend) == [[97.0]]


def test_edits_between_calls_count(backend):
    network = by_hand()
    network.layers[0].weights[0][0] = 5
    network.layers[1].biases = [10]
    network.layers[1].activation = "relu"
    assert network.predict([[1.0, 1.0], [4.0, 0.0]], backend=backend) == [[0.0], [0.0]]
    assert network.predict([[-1.0, 1.0]], backend=backend) == [[11.0]]


@pytest.mark.parametrize(
    "edit, message",
    [
        (lambda first, last: last.weights.pop(), "layer 2: .* 2 rows of 1"),
        (lambda first, last: last.weights.clear(), "layer 2: .* 2 rows of"),
        (lambda first, last: first.weights[1].append(1.0), "layer 1: .* 2 rows of 2"),
        (lambda first, last: first.biases.pop(), "layer 1: the biases .* 2 numbers"),
        (lambda first, last: setattr(last, "activation", "tan"), "layer 2: .*'tan'.*sigmoid"),
        (lambda first, last: first.weights[1].__setitem__(0, "x"), "layer 1: 'x' found among"),
        (lambda first, last: last.biases.__setitem__(0, None), "layer 2: None found among"),
        (lambda first, last: setattr(first, "weights", 5), "layer 1: .* a list of rows of as many"),
        (lambda first, last: setattr(last, "weights", [1.0, 2.0]), "layer 2: .* 2 rows of"),
        (lambda first, last: setattr(last, "biases", 0.5), "layer 2: the biases .* 1 numbers"),
        (lambda first, last: first.weights[1].__setitem__(0, True), "layer 1: True found among"),
        (lambda first, last: last.biases.__setitem__(0, 10**400), "layer 2: .* too large for a fl"),
        (lambda first, last: last.weights[1].__setitem__(0, 10**400), "layer 2: .* too large for"),
    ],
)
def test_edits_that_do_not_fit_are_refused(backend, edit, message):
    network = by_hand()
    edit(*network.layers)
    with pytest.raises(ValueError, match=message):
        network.predict([[1.0, 2.0]], backend=backend)


def test_digest_by_hand():
    numbers = [2.0, 0.0, -1.0, 1.0, 1.0, 0.0, -3.0, 1.0, 0.5]  # weights, then biases, per layer
    by_definition = hashlib.sha256(struct.pack(">9d", *numbers)).hexdigest()
    assert by_hand().digest() == by_definition
    without = Network([1, 1], initializer=[[[-0.0]]], biases=False)
    assert without.digest() == hashlib.sha256(b"\x80" + bytes(7)).hexdigest()


def test_repr_says_what_it_is():
    assert repr(by_hand()) == (
        "<Network [2, 2, 1] hidden=['relu'], output='identity', 9 parameters>"
    )
    assert repr(Network([3, 1], biases=False)) == "<Network [3, 1] output='sigmoid', 3 parameters>"


def test_equal_means_the_same_bits_and_the_same_meaning():
    assert by_hand() == by_hand()
    assert by_hand() != "network" and Network([2, 1]) != Network([2, 1], biases=False)
    assert Network([2, 1], output="tanh") != Network([2, 1], output="sigmoid")
    nearly, named = by_hand(), by_hand()
    nearly.layers[0].biases[1] = -0.0
    named.class_names = ["no", "yes"]
    assert by_hand() != nearly and by_hand() != named


@pytest.mark.parametrize(
    "twin_of", [copy.copy, copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))]
)
def test_copies_are_equal_and_independent(twin_of):
    network = Network([2, 3, 1], seed=4)
    with being_trained(network):
        twin = twin_of(network)
    assert twin == network and twin.stream == network.stream and twin.seed == 4
    with being_trained(twin):  # the original was in training, its copy is not
        pass
    twin.layers[0].weights[0][0] += 1.0
    twin.stream.random()
    assert twin != network and twin.stream != network.stream
    assert network == Network([2, 3, 1], seed=4)


@pytest.mark.parametrize(
    "edit, message",
    [
        (lambda layers: layers.__setitem__(0, 5), r"layers\[0\]: a layer is needed, .* not 5"),
        (lambda layers: layers.append([[1.0]]), r"layers\[2\]: a layer is needed"),
        (lambda layers: layers.clear(), r"layers: a list of layers is needed, not \[\]"),
    ],
)
@pytest.mark.parametrize("use", [
    lambda network: network.predict([[1.0, 2.0]]),
    lambda network: network.predictor(),
    lambda network: network.classify([[1.0, 2.0]]),
    lambda network: network.evaluate([[1.0, 2.0]], [[1.0]]),
    lambda network: network.digest(),
    lambda network: network.save("never.json"),
    lambda network: Trainer(network),
])
def test_what_is_no_layer_is_refused(edit, message, use, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network = by_hand()
    edit(network.layers)
    with pytest.raises(ValueError, match=message):
        use(network)
    assert not list(tmp_path.iterdir())


def test_a_trainer_refuses_what_is_no_layer(backend):
    network = by_hand()
    trainer = Trainer(network, backend=backend)
    network.layers[1] = 5
    with pytest.raises(ValueError, match=r"layers\[1\]: a layer is needed"):
        trainer.train([[1.0, 2.0]], [[1.0]], epochs=1)


@pytest.mark.parametrize("name", ["input_scaling", "target_scaling"])
def test_scalings_that_do_not_fit_are_refused(backend, name):
    network, rows, targets = by_hand(), [[1.0, 2.0]], [[1.0]]
    columns = {"input_scaling": 2, "target_scaling": 1}[name]
    askings = [
        lambda: network.predict(rows, backend=backend),
        lambda: network.predict(array("d", rows[0]), backend=backend),
        lambda: network.evaluate(rows, targets, backend=backend),
        lambda: Trainer(network, backend=backend).train(rows, targets, epochs=1),
    ]
    for wrong, message in [
        (5, "a Scaling or None is needed, not 5"),
        (Scaling([0.0] * 3, [1.0] * 3), f"a Scaling of {columns} columns is needed, not of 3"),
    ]:
        setattr(network, name, wrong)
        for asking in askings:
            with pytest.raises(ValueError, match=f"{name}: {message}"):
                asking()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(sizes=[2]), "sizes: at least the inputs and the outputs"),
        (dict(sizes=5), r"sizes: a list such as \[2, 4, 1\] is needed, not 5"),
        (dict(sizes="24"), "sizes: a list"),
        (dict(sizes={1, 2}), r"sizes: a list such as \[2, 4, 1\] is needed, not {1, 2}"),
        (dict(sizes={2: 1, 1: 1}), r"sizes: a list .* not {2: 1, 1: 1}"),
        (dict(sizes=[1, 2], initializer=[[[1.0, True]]]), "initializer, layer 1, row 0: True"),
        (dict(biases=[[0.0] * 3, [0.0, False, 0.0], [0.0]]), "biases, layer 2, row 0: False found"),
        (dict(biases=[[0.0] * 3, [0.0] * 3, [10**400]]), "biases, layer 3.*too large for a float"),
        (dict(sizes=[2, 0, 1]), r"sizes\[1\]: a whole number, at least 1, is needed, not 0"),
        (dict(sizes=[2, 1.5]), r"sizes\[1\]: .* not 1.5"),
        (dict(sizes=[True, 1]), r"sizes\[0\]: .* not True"),
        (dict(hidden="tan"), "hidden: 'tan' is unknown; one of identity, .*tanh"),
        (dict(hidden=None), "hidden: .*None"),
        (dict(hidden=["tanh"]), "hidden: 1 activations found, 2 hidden layers"),
        (dict(hidden=["tanh", 3]), "hidden: 3 is unknown"),
        (dict(output="linear"), "output: 'linear' is unknown; one of identity"),
        (dict(initializer="glorot"), "initializer: 'glorot' is unknown; one of .*glorot_uniform"),
        (dict(initializer=[[[1.0]]]), "initializer: weights of 1 layers found, 3 are needed"),
        (dict(initializer=[[[1.0]] * 2] * 3), "initializer: .* layer 1 must be 2 rows of 3"),
        (dict(initializer=[5, 6, 7]), "initializer: .* layer 1 must be 2 rows of 3"),
        (dict(sizes=[1, 2], initializer=[[[1.0, float("nan")]]]), "layer 1, row 0, column 1: nan"),
        (dict(biases="yes"), "biases: True, False or a list .* not 'yes'"),
        (dict(biases=[[0.0] * 3]), "biases: those of 1 layers found, 3 are needed"),
        (dict(biases=[[0.0] * 3, [0.0], [0.0]]), "biases, layer 2.*1 numbers found, 3 are needed"),
        (dict(seed=-1), r"seed.*0 to 2\*\*32 - 1, not -1"),
        (dict(seed=2**32), "seed.*not 4294967296"),
    ],
)
def test_what_does_not_fit_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        Network(**{"sizes": [2, 3, 3, 1], **arguments})


@pytest.mark.parametrize("seed", ["1", None, 1.0, True])
def test_seeds_are_whole_numbers(seed):
    with pytest.raises(TypeError, match="seed must be an integer"):
        Network([2, 1], seed=seed)


@pytest.mark.parametrize("sizes", [[10**6, 10**7], [1, 10**12, 1], [10**400, 1], [3, 2**63]])
def test_sizes_that_fit_no_machine_are_refused_at_once(sizes):
    with pytest.raises(MemoryError, match="parameters"):
        Network(sizes)


@pytest.mark.parametrize(
    "output, loss, message",
    [
        ("sigmoid", "mse", "loss: 'mse' is unknown; one of half_squared_error, mean_squared_error"),
        ("sigmoid", "cross_entropy", "'cross_entropy' cannot be used with .*'sigmoid'.* softmax"),
        ("identity", "binary_cross_entropy", "cannot be used with .*'identity'.* sigmoid"),
    ],
)
def test_losses_that_do_not_go_with_the_output(output, loss, message):
    with pytest.raises(ValueError, match=message):
        Network([1, 1], output=output).evaluate([[1.0]], [[0.5]], loss=loss)


def test_unknown_backends_are_refused():
    with pytest.raises(ValueError, match="backend: 'fortran' is unknown; one of auto, python, c"):
        Network([1, 1]).predict([[1.0]], backend="fortran")
