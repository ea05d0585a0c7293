"""Single precision: what is rounded, when and how; files, buffers, and what stands around it.

That both engines give the same bits is for test_single_parity.py.
"""

import copy
import json
import pickle
import random
import struct
from array import array

import pytest

from conftest import edited, missing, require_kernel
from pyref import Adam, LBFGS, Network, SGD, Trainer
from pyref.checks.gradient_check import check_gradient
from pyref.checks.verification import NotRepeatable, verify
from pyref.engine import arithmetic
from pyref.files.document import ModelFileError
from pyref.files.short_numbers import shortest
from pyref.reference import losses, precision
from pyref.reference.layer import (
    Layer, bias_gradients, errors_below, pre_activations, weight_gradients,
)
from pyref.reference.parameters import parameters
from pyref.tables.scaling import Scaling

ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS = [0.0, 1.0, 1.0, 0.0]
LARGEST = 2.0**128 - 2.0**104


def nearest(value):
    """By the bits of the double: whole numbers only, to nearest, ties to even."""
    bits = struct.unpack(">Q", struct.pack(">d", value))[0]
    sign, exponent, fraction = bits >> 63, (bits >> 52) & 0x7FF, bits & (2**52 - 1)
    whole = fraction + (2**52 if exponent else 0)
    power = max(exponent, 1) - 1075  # value = whole · 2^power
    unit = max(power + 29, -149)  # of the result's last place
    drop = unit - power
    kept, rest = (whole >> drop, whole & (2**drop - 1)) if drop < 64 else (0, 0)
    half = 2 ** (drop - 1)
    kept += rest > half or rest == half and kept % 2
    if kept and unit + kept.bit_length() > 128:
        return float("-inf" if sign else "inf")
    return (-1.0 if sign else 1.0) * kept * 2.0**unit


def numbers_of_all_sizes(count, seed=1):
    draw = random.Random(seed)
    found = [0.0, -0.0, 1.0, LARGEST, 2.0**-149, 2.0**-150, 3 * 2.0**-150, 2.0**128 - 2.0**103,
             2.0**128 - 2.0**103 - 2.0**76, 1.0 + 2.0**-24, 1.0 + 3 * 2.0**-24, 5e-324, 1e300]
    while len(found) < count:
        size = 2.0 ** draw.randrange(-160, 135)
        found.append(size * draw.uniform(-2.0, 2.0))
        found.append(size * draw.randrange(2**23, 2**25) * 2.0**-23)  # halfway, often
    return found


def test_rounding():
    values = numbers_of_all_sizes(4000)
    assert [v.hex() for v in precision.to_binary32(values)] == [nearest(v).hex() for v in values]


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def test_each_product_and_each_sum_of_a_layer_is_rounded():
    """Number by number, and by other means than the reference's."""
    draw = random.Random(3)

    def drawn(rows, columns):
        return [[single(draw.uniform(-1, 1)) for _ in range(columns)] for _ in range(rows)]

    layer = Layer(drawn(5, 3), drawn(1, 3)[0], "identity", "single")
    x, deltas = drawn(4, 5), drawn(4, 3)

    def total(start, pairs):
        for a, b in pairs:
            start = single(start + single(a * b))
        return start

    units = list(zip(*layer.weights))
    assert pre_activations(layer, x) == [
        [total(b, zip(row, unit)) for b, unit in zip(layer.biases, units)] for row in x
    ]
    assert errors_below(layer, deltas) == [
        [total(0.0, zip(row, weights)) for weights in layer.weights] for row in deltas
    ]
    assert weight_gradients(layer, x, deltas) == [
        [total(0.0, zip(column, unit)) for unit in zip(*deltas)] for column in zip(*x)
    ]
    assert bias_gradients(layer, deltas) == [
        total(0.0, ((1.0, delta) for delta in unit)) for unit in zip(*deltas)
    ]
    in_double = Layer(layer.weights, layer.biases, "identity")
    assert pre_activations(in_double, x) != pre_activations(layer, x)


def trained(backend, optimizer=None, epochs=20, **settings):
    network = Network([2, 4, 1], seed=2, precision="single")
    trainer = Trainer(network, optimizer=optimizer or SGD(0.5, 0.9), batch_size=2,
                      backend=backend, **settings)
    trainer.train(ROWS, TARGETS, epochs)
    return trainer


def all_single(rows):
    return all(value == single(value) for row in rows for value in row)


def test_everything_that_is_kept_is_a_number_of_single_precision(backend):
    trainer = trained(backend, Adam(0.05), l2=0.01)
    run = trainer.run
    assert all_single(parameters(trainer.network.layers))
    assert run.memory and all(all_single(lists) for lists in run.memory)
    assert all_single(trainer.network.predict(ROWS, backend=backend))
    assert not all_single([run.losses]) and not all_single([run.scalars])


def test_a_step_is_computed_in_double_and_rounded_once(backend):
    """w − rate · (momentum · v + g), by hand: one weight, one row, the identity."""
    w, x, t, rate, momentum = single(0.3), single(0.7), single(0.1), 0.1, 0.9
    network = Network([1, 1], output="identity", initializer=[[[w]]], biases=False,
                      precision="single")
    trainer = Trainer(network, "half_squared_error", SGD(rate, momentum), 1, backend=backend)
    velocity = 0.0
    for _ in range(5):
        trainer.train([[x]], [[t]], epochs=1)
        gradient = single(single(single(x * w) - t) * x)
        unrounded = momentum * velocity + gradient
        w, velocity = single(w - rate * unrounded), single(unrounded)
        assert network.layers[0].weights == [[w]]


@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.1, 0.9), Adam(0.02)], ids=repr)
def test_the_path_is_that_of_double_precision_up_to_rounding(backend, optimizer):
    draw = random.Random(1)
    inputs = [[draw.gauss(0, 1) for _ in range(4)] for _ in range(24)]
    targets = [[draw.gauss(0, 1) for _ in range(3)] for _ in range(24)]
    found = {}
    for name in precision.PRECISIONS:
        network = Network([4, 7, 3], output="identity", seed=5, precision=name)
        trainer = Trainer(network, "mean_squared_error", optimizer, 8, backend=backend)
        trainer.train(inputs, targets, epochs=20)
        found[name] = [value for row in parameters(network.layers) for value in row]
    pairs = list(zip(found["double"], found["single"]))
    assert 0.0 < max(abs(a - b) for a, b in pairs) < 1e-5


def test_the_precision_of_a_network():
    network = Network([2, 3, 1])
    assert network.precision == "double" and "precision" not in repr(network)
    assert "precision='single'" in repr(network.to("single"))
    with pytest.raises(ValueError, match="precision: 'half' is unknown; one of double, single"):
        Network([2, 1], precision="half")
    with pytest.raises(ValueError, match="precision: 3 is unknown"):
        network.to(3)
    with pytest.raises(AttributeError):
        network.precision = "single"


def test_conversion():
    network = Network([2, 5, 1], seed=4)
    before = network.digest()
    made = network.to("single")
    assert network.digest() == before and network.precision == "double"
    assert made == Network([2, 5, 1], seed=4, precision="single") != network
    assert made.to("single") == made and made.to("double").to("single") == made
    back = made.to("double")
    assert parameters(back.layers) == parameters(made.layers) and back != made
    for other in (copy.copy(made), pickle.loads(pickle.dumps(made))):
        assert other == made and other.precision == "single"
    network.layers[0].weights[0][0] = 1e39
    with pytest.raises(ValueError, match="layer 1: a weight or bias is infinite"):
        network.to("single")


def test_the_digest_is_of_big_endian_numbers_of_single_precision():
    """SHA-256 of 3f 80 00 00, by the sha256sum of GNU coreutils."""
    network = Network([1, 1], initializer=[[[1.0]]], biases=False, precision="single")
    assert network.digest() == "de620abd6d3615746360c1d15ce3a56291236d37424124054a49d25e947ffc4d"


def test_what_a_user_writes_into_the_lists_is_rounded(backend):
    network = Network([1, 1], output="identity", initializer=[[[0.1]]], biases=False,
                      precision="single")
    assert network.layers[0].weights == [[single(0.1)]]
    network.layers[0].weights[0][0] = 0.2
    assert network.predict([[1.0]], backend=backend) == [[single(0.2)]]
    assert network.digest() and network.layers[0].weights == [[single(0.2)]]
    network.layers = [Layer([[0.3]], None, "identity")]
    assert network.predict([[1.0]], backend=backend) == [[single(0.3)]]
    network.layers[0].weights[0][0] = 1e39
    with pytest.raises(ValueError, match="infinite"):
        Trainer(network, backend=backend).train([[1.0]], [[1.0]])
    with pytest.raises(ValueError, match="layer 1: a weight or bias is infinite"):
        Network([1, 1], initializer=[[[-1e39]]], precision="single")


def test_rows_are_rounded_and_must_fit(backend):
    network = Network([2, 1], output="identity", precision="single")
    for rows in ([[0.1, 2.0]], array("d", [0.1, 2.0])):
        rounded = [[single(0.1), 2.0]]
        assert list(network.predict(rows, backend=backend))[-1:] == list(
            network.predict(rounded if isinstance(rows, list) else array("d", rounded[0]),
                            backend=backend)
        )[-1:]
    message = "inputs, row 0, column 1: 1e\\+39 found, which is beyond the largest number of single"
    with pytest.raises(ValueError, match=message):
        network.predict([[1.0, 1e39]], backend=backend)
    with pytest.raises(ValueError, match="targets, row 0, column 0: -1e\\+39 found, which is"):
        network.evaluate([[1.0, 1.0]], [[-1e39]], backend=backend)


def test_answers_have_the_form_of_what_was_asked(backend):
    network = Network([2, 2], precision="single")
    floats, doubles = array("f", [0.5, 0.25]), array("d", [0.5, 0.25])
    answer = network.predict(floats, backend=backend)
    assert answer.typecode == "f"
    assert network.predict(doubles, backend=backend) == array("d", answer)
    assert network.predict([[0.5, 0.25]], backend=backend) == [answer.tolist()]
    assert network.predictor(backend)(memoryview(floats)) == answer
    in_double = network.to("double")
    assert in_double.predict(floats, backend=backend).typecode == "d"
    assert network.classify(floats, backend=backend) == network.classify([[0.5, 0.25]])


def test_floats_are_read_where_they_are():
    from pyref.arguments.units import scaled_data

    network = Network([2, 1], precision="single")
    inputs, targets = array("f", [0.5, 0.25, 1.0, 2.0]), array("f", [0.0, 1.0])
    data = scaled_data(network, inputs, targets, "binary_cross_entropy")
    inputs[0], targets[0] = 7.0, 1.0
    assert data.inputs.flat()[0] == 7.0 and data.targets.flat()[0] == 1.0


def test_a_row_by_itself(backend):
    network = Network([3, 17], seed=2, precision="single")
    predict = network.predictor(backend)
    row = [0.1, 1e-42, -3.0]
    (expected,) = network.predict([row], backend="python")
    assert predict([row]) == [expected]
    assert predict(array("f", row)).tolist() == expected
    assert predict(array("d", row)).tolist() == expected
    with pytest.raises(ValueError, match="1e\\+39 found, which is beyond"):
        predict([[0.0, 1e39, 0.0]])


def test_numpy_arrays(backend):
    try:
        import numpy
    except ImportError:
        missing("NumPy is not installed")
    network = Network([2, 1], precision="single")
    rows = numpy.array([[0.5, 0.25], [1.0, -1.0]], dtype="float32")
    expected = network.predict(rows.tolist(), backend=backend)
    answer = network.predict(rows, backend=backend)
    assert answer.dtype == "float32" and answer.tolist() == expected
    turned = numpy.asfortranarray(rows)
    assert network.predict(turned, backend=backend).tolist() == expected
    wide = network.predict(rows.astype("float64"), backend=backend)
    assert wide.dtype == "float64" and wide.tolist() == expected


def test_singles_are_answered_in_singles_where_units_are_scaled(backend):
    """The scaling computes in doubles; what comes out is rounded, as without it."""
    network = Network([2, 3, 1], output="identity", precision="single", seed=2)
    network.input_scaling = Scaling((0.5, -1.0), (2.0, 3.0))
    network.target_scaling = Scaling((10.0,), (0.1,))
    rows, targets = [[0.5, 0.25], [1.0, -1.0], [3.0, 0.125]], [9.5, 10.25, 10.0]
    singles = array("f", [number for row in rows for number in row])
    networks = [network, copy.copy(network)]
    for each, given, wanted in zip(networks, (rows, singles), (targets, array("f", targets))):
        Trainer(each, backend=backend, seed=1).train(given, wanted, epochs=5)
    assert networks[0].digest() == networks[1].digest()
    answer = network.predict(singles, backend=backend)
    expected = [number for row in network.predict(rows, backend=backend) for number in row]
    assert answer.typecode == "f" and answer == array("f", expected)
    assert network.evaluate(singles, targets) == network.evaluate(rows, targets)


def test_odd_addresses(backend):
    network = Network([2, 1], precision="single")
    memory = bytearray(b"\0") + array("f", [0.5, 0.25]).tobytes()
    odd = memoryview(memory)[1:].cast("f")
    assert network.predict(odd, backend=backend) == network.predict(array("f", [0.5, 0.25]))


def test_shortest_decimals():
    values = [v for v in precision.to_binary32(numbers_of_all_sizes(3000, 5)) if abs(v) <= LARGEST]
    short = shortest(values)
    assert [v.hex() for v in precision.to_binary32(short)] == [v.hex() for v in values]
    for value, found in zip(values, short):
        digits = len(repr(found).partition("e")[0].replace(".", "").strip("-0"))
        assert digits <= 9
        if digits > 1 and value:
            fewer = [float(f"{value:.{n}g}") for n in range(1, digits)]
            assert value not in precision.to_binary32(fewer)


def test_shortest_decimals_are_those_of_numpy():
    try:
        import numpy
    except ImportError:
        missing("NumPy is not installed")
    values = precision.to_binary32([random.Random(7).gauss(0, 1) for _ in range(300)])
    assert shortest(values) == [float(str(numpy.float32(value))) for value in values]


def test_model_files(tmp_path):
    network = trained("python").network
    network.save(tmp_path / "model.json")
    text = (tmp_path / "model.json").read_text()
    document = json.loads(text)
    assert (document["precision"], document["format_version"]) == ("single", 3)
    numbers = [w for layer in document["layers"] for row in layer["weights"] for w in row]
    assert max(len(repr(number)) for number in numbers) <= 14
    again = Network.load(tmp_path / "model.json")
    assert again == network and again.precision == "single"
    Network([2, 1]).save(tmp_path / "double.json")
    document = json.loads((tmp_path / "double.json").read_text())
    assert "precision" not in document and document["format_version"] == 2
    with edited(tmp_path / "model.json") as document:
        document["precision"] = "half"
    with pytest.raises(ModelFileError, match="member precision: 'half' is unknown"):
        Network.load(tmp_path / "model.json")


@pytest.mark.parametrize("optimizer", [SGD(0.5, 0.9), Adam(), LBFGS()], ids=repr)
def test_run_files_go_on_with_the_same_bits(tmp_path, backend, optimizer):
    def begun():
        network = Network([2, 3, 1], seed=5, precision="single")
        return Trainer(network, optimizer=optimizer, batch_size=None, backend=backend)

    straight, halves = begun(), begun()
    straight.train(ROWS, TARGETS, 6)
    halves.train(ROWS, TARGETS, 3)
    halves.save(tmp_path / "run.json")
    again = Trainer.load(tmp_path / "run.json", backend=backend)
    assert again == halves and again.network.precision == "single"
    again.train(ROWS, TARGETS, 3)
    assert again.network.digest() == straight.network.digest()
    assert again.history.loss == straight.history.loss


def test_verification():
    network = trained("python").network
    assert verify(network, (ROWS, TARGETS), backend="python").identical
    converted = network.to("double")
    with pytest.raises(NotRepeatable, match="converted to double precision after 20 epochs"):
        verify(converted, (ROWS, TARGETS), backend="python")
    fresh = Network([2, 4, 1]).to("single")  # its weights are rounded once, then as otherwise
    Trainer(fresh, backend="python").train(ROWS, TARGETS, 2)
    assert verify(fresh, (ROWS, TARGETS), backend="python").identical


@pytest.mark.parametrize("hidden", ["tanh", "relu", "gelu"])
def test_gradients_are_right(hidden):
    network = Network([2, 5, 4, 1], hidden=hidden, seed=6, precision="single")
    checks = check_gradient(network, ROWS, TARGETS)
    assert all(check.worst < 1e-4 for check in checks)
    assert any(check.worst > 0.0 for check in checks)


def test_a_wrong_gradient_is_found(monkeypatch):
    wrong = losses.LOSSES["binary_cross_entropy"]._replace(
        gradient=lambda y, t: [0.99 * (output - target) for output, target in zip(y, t)]
    )
    monkeypatch.setitem(losses.LOSSES, "binary_cross_entropy", wrong)
    checks = check_gradient(Network([2, 5, 1], precision="single"), ROWS, TARGETS)
    assert all(check.worst > 5e-3 for check in checks)


def test_the_python_engine_refuses_where_rounding_is_wrong(monkeypatch):
    def to_zero(row):
        return [value - value % 2.0**-23 for value in row]

    monkeypatch.setattr(arithmetic, "to_binary32", to_zero)
    with pytest.raises(ArithmeticError, match="not rounded to single precision"):
        Network([1, 1]).predict([[1.0]], backend="python")


def test_the_command(run):
    run("train iris --precision single --hidden 5 --epochs 3 -q -o iris.json")
    network = Network.load("iris.json")
    assert network.precision == "single"
    assert "of single precision" in run("show iris.json").out
    assert "single precision" in run("train iris --epochs 1 --precision single -o a.json").out
    assert "identical to the last bit" in run("verify iris.json iris").out
    assert "good" in run("check-gradient iris --precision single --hidden 5").out
    assert "good" in run("check-gradient iris --model iris.json").out
    run("train iris --precision half", code=2)
    run("train iris --init iris.json --precision double -o b.json", code=2)
    lines = run("predict iris.json iris").out.splitlines()
    cells = [cell for line in lines[1:] for cell in line.split(",")[1:]]
    assert max(map(len, cells)) <= 14
    assert "precision   single" in run("bench 3,2 --seconds 0.01 --precision single").out


def test_the_kernel_narrows_as_python_does():
    require_kernel()
    from pyref.engine.scans import narrowed
    from pyref.rows.scanning import narrowed_in_python

    values = array("d", numbers_of_all_sizes(2000, 9))
    assert narrowed(values).tobytes() == narrowed_in_python(values).tobytes()
