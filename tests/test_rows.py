"""What may be handed over as rows, what comes back, and what is refused with which words."""

import re
from array import array

import pytest

from conftest import require_kernel
from pyref import Network, Trainer
from pyref.rows import scanning

NAN, INFINITY = float("nan"), float("inf")


@pytest.fixture
def weigher():
    """a + 10·b, exact for small whole numbers."""
    return Network([2, 1], output="identity", initializer=[[[1.0], [10.0]]], biases=False)


class Frame:
    """As pandas' DataFrame: it has no buffer itself."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return 2

    def to_numpy(self):
        return self.values


class Tensor:
    def __init__(self, values):
        self.values = values

    def __array__(self):
        return self.values


class Sequence:
    """A row that is neither a list nor a tuple."""

    def __len__(self):
        return 2

    def __iter__(self):
        return iter([1, 2])


ANSWERS = [21.0, 43.0]  # for the rows (1, 2) and (3, 4)


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2], [3, 4]],
        ((1.0, 2.0), (3.0, 4.0)),
        [array("d", [1, 2]), array("i", [3, 4])],
        [memoryview(array("f", [1, 2])), (True + 2, 4)],
        [Sequence(), [3, 4]],
    ],
    ids=["lists", "tuples", "arrays", "memoryview", "other sequence"],
)
def test_lists_give_lists(weigher, backend, rows):
    answer = weigher.predict(rows, backend=backend)
    assert answer == [[value] for value in ANSWERS]
    assert type(answer) is list and all(type(row) is list for row in answer)
    assert all(type(value) is float for row in answer for value in row)


def matrix(typecode, *rows):
    flat = array(typecode, [value for row in rows for value in row])
    return memoryview(flat).cast("B").cast(typecode, (len(rows), len(rows[0])))


BUFFERS = [
    array("d", [1, 2, 3, 4]),
    array("f", [1, 2, 3, 4]),
    array("i", [1, 2, 3, 4]),
    array("Q", [1, 2, 3, 4]),
    memoryview(array("d", [1, 2, 3, 4])),
    memoryview(array("d", [1, 2, 3, 4])).toreadonly(),
    memoryview(array("d", [1, 0, 2, 0, 3, 0, 4, 0]))[::2],
    memoryview(array("h", [4, 3, 2, 1]))[::-1],
    matrix("d", (1, 2), (3, 4)),
    matrix("f", (1, 2), (3, 4)),
    memoryview(bytearray([1, 2, 3, 4])),
    Frame(matrix("d", (1, 2), (3, 4))),
    Tensor(array("d", [1, 2, 3, 4])),
]


@pytest.mark.parametrize("rows", BUFFERS, ids=range(len(BUFFERS)))
def test_buffers_give_one_flat_array(weigher, backend, rows):
    answer = weigher.predict(rows, backend=backend)
    assert type(answer) is array and answer.typecode == "d"
    assert answer.tolist() == ANSWERS


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i4", "u1", "i2", ">f8"])
@pytest.mark.parametrize("layout", ["plain", "Fortran", "every second", "backwards", "flat", "row"])
def test_numpy_arrays(weigher, backend, numpy, dtype, layout):
    rows = numpy.array([[1, 2], [3, 4]], dtype=dtype)
    if layout == "Fortran":
        rows = numpy.asfortranarray(rows)
    elif layout == "every second":
        rows = numpy.repeat(numpy.repeat(rows, 2, axis=0), 2, axis=1)[::2, ::2]
    elif layout == "backwards":
        rows = rows[::-1, ::-1].copy()[::-1, ::-1]
    elif layout == "flat":
        rows = rows.ravel()
    elif layout == "row":
        rows = list(rows)
    answer = weigher.predict(rows, backend=backend)
    if layout in ("row", "flat"):
        assert type(answer) is (list if layout == "row" else array)
        assert numpy.array(answer).ravel().tolist() == ANSWERS
    else:
        assert type(answer) is numpy.ndarray and answer.dtype == "f8"
        assert answer.tolist() == [[value] for value in ANSWERS]


def test_numpy_truth_values_and_scalars(weigher, backend, numpy):
    assert weigher.predict(numpy.array([[True, False]]), backend=backend).tolist() == [[1.0]]
    row = [numpy.float32(1.5), numpy.int64(2)]
    assert weigher.predict([row], backend=backend) == [[21.5]]


@pytest.mark.parametrize("dtype", ["O", "c16", "U3", "M8[s]"])
def test_numpy_arrays_of_other_things_are_refused(weigher, numpy, dtype):
    with pytest.raises(TypeError, match="inputs: .*buffer of numbers .* needed, not"):
        weigher.predict(numpy.zeros((2, 2), dtype=dtype))


def test_numbers_arrive_with_every_bit(backend):
    passing = Network([1, 1], output="identity", initializer=[[[1.0]]], biases=False)
    numbers = [5e-324, 2.2250738585072014e-308, 0.1, 1 / 3, 1.7976931348623157e308, 2**53]
    assert passing.predict(numbers, backend=backend) == [[float(number)] for number in numbers]
    assert passing.predict(array("d", numbers), backend=backend) == array("d", numbers)


@pytest.mark.parametrize(
    "rows, error, message",
    [
        ([[1, 2], [3]], ValueError, "inputs, row 1: 1 numbers found, 2 are needed"),
        ([[1, 2, 3]], ValueError, "inputs, row 0: 3 numbers found, 2 are needed"),
        ([[]], ValueError, "inputs, row 0: 0 numbers found, 2 are needed"),
        ([], ValueError, "inputs: there are no rows"),
        (array("d"), ValueError, "inputs: there are no rows"),
        ([1, 2, 3], TypeError, "inputs, row 0: a list of 2 numbers is needed, not 1$"),
        ([1, 2], TypeError, r"row 0: a list .*, not 1; one row alone is \[\[1, 2\]\]"),
        ([[1, 2], [3, NAN]], ValueError, "inputs, row 1, column 1: nan found, a finite number"),
        ([[-INFINITY, 2]], ValueError, "inputs, row 0, column 0: -inf found"),
        ([[1, "2"]], TypeError, "inputs, row 0, column 1: a number is needed, not '2'"),
        ([[1, None]], TypeError, "inputs, row 0, column 1: a number is needed, not None"),
        ([[1, [2]]], TypeError, r"inputs, row 0, column 1: a number is needed, not \[2\]"),
        ([[1, 2j]], TypeError, "inputs, row 0, column 1: a number is needed, not 2j"),
        ([[1, 10**400]], ValueError, "inputs, row 0, column 1: 1000.* is too large"),
        (["12"], TypeError, "inputs, row 0: a list of 2 numbers is needed, not '12'"),
        ([b"12"], TypeError, "inputs, row 0: a list of 2 numbers is needed, not b'12'"),
        ([bytearray(16)], TypeError, "inputs, row 0: a list of 2 numbers is needed, not bytearr"),
        ([{1: 2, 3: 4}], TypeError, "inputs, row 0: a list of 2 numbers is needed, not {1: 2"),
        ("text", TypeError, "inputs: rows of numbers are needed, not str"),
        (b"bytes", TypeError, "inputs: rows of numbers are needed, not bytes"),
        (None, TypeError, "inputs: lists of rows or a buffer of numbers are needed, not NoneType"),
        (5, TypeError, "inputs: lists of rows or a buffer of numbers are needed, not int"),
        (iter([[1, 2]]), TypeError, "inputs: lists of rows or a buffer"),
        (array("d", [1, 2, 3]), ValueError, "flat buffer of 3 numbers cannot be split .* of 2"),
        (array("d", [1, 2, NAN, 4]), ValueError, "inputs, row 1, column 0: nan found"),
        (array("f", [1, 2, 3, INFINITY]), ValueError, "inputs, row 1, column 1: inf found"),
        (matrix("d", (1, 2, 3), (4, 5, 6)), ValueError, r"shape \(2, 3\) found, 2 columns are"),
        (memoryview(bytes(8)).cast("d", (1, 1, 1)), ValueError, r"shape \(1, 1, 1\) found"),
        (memoryview(b"abcd").cast("c"), TypeError, "a buffer of numbers .* format 'c'"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_refused(weigher, backend, rows, error, message):
    with pytest.raises(error, match=message):
        weigher.predict(rows, backend=backend)


def trainer_of(output, loss, outputs):
    return Trainer(Network([1, outputs], output=output), loss=loss)


@pytest.mark.parametrize("targets", [[0, 1], [[0], [1]], array("d", [0, 1]), (0.0, 1.0)])
def test_one_output_takes_flat_targets(backend, targets):
    network = Network([1, 1], seed=3)
    Trainer(network, backend=backend).train([1.0, 2.0], targets, epochs=2)
    again = Network([1, 1], seed=3)
    Trainer(again, backend=backend).train([[1.0], [2.0]], [[0.0], [1.0]], epochs=2)
    assert network == again


@pytest.mark.parametrize(
    "targets", [[2, 0], [2.0, 0.0], array("i", [2, 0]), [[0, 0, 1], [1, 0, 0]],
                array("d", [0, 0, 1, 1, 0, 0]), [[0, 0.0, 1.0], (1, 0, 0)], [[2], [0]],
                matrix("d", (2,), (0,))],
)
def test_cross_entropy_takes_class_numbers(backend, targets):
    network = Network([1, 3], output="softmax", initializer=[[[1.0, 2.0, 4.0]]], biases=False)
    evaluation = network.evaluate([[0.0], [-1.0]], targets, backend=backend)
    assert evaluation.accuracy == 0.5  # all equal: class 0; then −1, −2, −4: class 0
    by_hand = network.evaluate([[0.0], [-1.0]], [[0, 0, 1], [1, 0, 0]], backend=backend)
    assert evaluation == by_hand


@pytest.mark.parametrize(
    "output, loss, outputs, targets, message",
    [
        ("softmax", "cross_entropy", 3, [0, 3], "row 1: 3 found, a class from 0 to 2"),
        ("softmax", "cross_entropy", 3, [-1, 0], "row 0: -1 found, a class from 0 to 2"),
        ("softmax", "cross_entropy", 3, [0, 0.5], "row 1: 0.5 found, a class from 0 to 2"),
        ("softmax", "cross_entropy", 3, [[0], [1, 0]], "targets, row 0: 1 numbers found, 3 are"),
        ("softmax", "cross_entropy", 3, ["no", "yes"], "'(no|yes)' found, a class from 0 to 2"),
        ("softmax", "cross_entropy", 3, [0, 1, 2], "2 rows of inputs, but 3 rows of targets"),
        ("softmax", "cross_entropy", 3, [0], "2 rows of inputs, but 1 rows of targets"),
        ("softmax", "cross_entropy", 2, [[1, 0], [0.5, 0.4]], "row 1: they add up to 0.9, "),
        ("softmax", "cross_entropy", 2, [[1, 0], [1.5, -0.5]], "row 1, column 0: 1.5 found"),
        ("sigmoid", "binary_cross_entropy", 1, [0.0, 2.0], "row 1, column 0: 2.0 found, .* 0 to 1"),
        ("sigmoid", "binary_cross_entropy", 1, [-1.0, 1.0], "row 0, column 0: -1.0 found"),
        ("identity", "mean_squared_error", 3, [0, 2], "targets: one value for each row .* softmax"),
        ("sigmoid", "mean_squared_error", 3, [[0], [2]], "loss='cross_entropy', or give each"),
        ("identity", "huber", 3, array("i", [0, 2]), "huber compares with all 3 outputs"),
        ("sigmoid", "half_squared_error", 3, array("d", [0, 2]), "1 in the place of its class"),
        ("identity", "mean_squared_error", 1, [1], "2 rows of inputs, but 1 rows of targets"),
        ("identity", "mean_squared_error", 2, [[1, 2], [1]], "targets, row 1: 1 numbers found"),
        ("identity", "mean_squared_error", 1, [1, NAN], "targets, row 1, column 0: nan found"),
        ("softplus", "poisson", 1, [1, -1], "row 1, column 0: -1.0 found, .* 0 or more"),
    ],
)
def test_targets_that_do_not_fit(output, loss, outputs, targets, message):
    trainer = trainer_of(output, loss, outputs)
    network = trainer.network
    before = network.digest()
    with pytest.raises(ValueError, match=message):
        trainer.train([[1.0], [2.0]], targets, epochs=1)
    with pytest.raises(ValueError, match=message):
        network.evaluate([[1.0], [2.0]], targets, loss=loss)
    with pytest.raises(ValueError, match=message):
        right = [[1.0] + [0.0] * (outputs - 1)]
        trainer.train([[1.0]], right, validation=([[1.0], [2.0]], targets))
    assert network.digest() == before and trainer.epoch == 0


def test_messages_stay_short(weigher):
    with pytest.raises(TypeError) as caught:
        weigher.predict([["x" * 10_000, 2]])
    assert len(str(caught.value)) < 120 and re.search("row 0, column 0", str(caught.value))


def test_the_first_number_that_is_not_finite_is_found_by_either_engine(backend):
    scans = scanning.IN_PYTHON
    if backend == "c":
        from pyref.engine.scans import IN_C as scans
    for code in "df":
        check_first_not_finite(scans, array(code, [float(place) for place in range(37)]))


def check_first_not_finite(scans, numbers):
    assert scans.first_not_finite(numbers) == -1
    for place in range(37):
        for value in (NAN, INFINITY, -INFINITY):
            changed = numbers[:]
            changed[place] = value
            changed[36] = INFINITY
            assert scans.first_not_finite(changed) == place


def test_the_kernel_scans_once_it_has_been_checked():
    require_kernel()
    from pyref.engine.scans import IN_C

    assert scanning.fastest == IN_C
    numbers = array("d", [0.5] * 9)
    before = scanning.fingerprint(numbers)
    numbers[8] += 2.0**-53
    assert None not in (before, scanning.fingerprint(numbers))
    assert before != scanning.fingerprint(numbers)


def test_the_fingerprint_reads_every_byte():
    require_kernel()
    for count in (0, 1, 7, 8, 9, 23):
        numbers = array("d", [0.0] * count)
        made = {scanning.fingerprint(array("d", [0.0] * (count + more))) for more in range(9)}
        for place in range(count):
            changed = numbers[:]
            changed[place] = 5e-324
            made.add(scanning.fingerprint(changed))
        assert len(made) == 9 + count


@pytest.mark.parametrize("code", ["d", "f"])
def test_whole_numbers_are_found(code):
    """Those that an int may equal; one of 2⁵¹ or more may be taken for whole."""
    require_kernel()
    from pyref._kernel import ffi, lib

    def holds_whole(numbers):
        return bool(lib.holds_whole(ffi.from_buffer(numbers), len(numbers), code == "f"))

    eps, least = (2.0**-52, 5e-324) if code == "d" else (2.0**-23, 2.0**-149)
    none = [least, 0.5, 0.3, 1.0 - eps / 2, 1.0 + eps, 1.5, 1 / eps / 8 - 0.5, NAN]
    others = array(code, (none + [-value for value in none]) * 3)
    assert not holds_whole(others) and not holds_whole(others[:0])
    whole = [0.0, 1.0, 2.0, 3.0, 2.0**31, 2.0**50, 2.0**51 + 1.0, 2.0**52, 2.0**53, 2.0**100]
    for place in range(len(others)):
        for value in whole + [-value for value in whole]:
            changed = others[:]
            changed[place] = value
            assert holds_whole(changed)


def test_a_kernel_that_was_refused_scans_nothing(monkeypatch):
    require_kernel()
    from pyref.engine import backend, kernel_check

    used = []
    monkeypatch.setattr(scanning, "use", used.append)
    monkeypatch.setattr(kernel_check, "unusable", lambda: "it gives other bits")
    assert backend.found()["kernel_missing"] == "it gives other bits" and not used
    monkeypatch.setattr(kernel_check, "unusable", lambda: None)
    assert backend.found()["kernel_missing"] is None and used
