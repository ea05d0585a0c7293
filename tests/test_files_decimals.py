"""Numbers in files: the decimals of Python's repr, whoever writes them."""

import json
import math
import random
import struct

import pytest

from conftest import require_kernel
from pyref.files.document import to_text
from pyref.rows.scanning import decimals_in_python


@pytest.fixture
def decimals():
    require_kernel()
    from pyref.engine.scans import decimals

    return decimals


def doubles(bits):
    return [struct.unpack("<d", struct.pack("<Q", each))[0] for each in bits]


def numbers_to_try(draw):
    yield [draw.getrandbits(64) for _ in range(3000)]
    for exponent in range(-8, 18):  # all lengths, and beyond both ends of what C writes
        for digits in range(1, 18):
            of_one_length = f".{digits}g"
            yield [float(format(draw.uniform(-1, 1) * 10.0**exponent, of_one_length))
                   for _ in range(40)]
        for near in (10.0**exponent, 2.0**exponent, 5.0 * 10.0**exponent, 2.0 ** (3 * exponent)):
            yield [math.nextafter(near, 0.0), near, math.nextafter(near, 1e300), -near, 1.5 * near]
    yield [float(whole) for whole in range(-300, 300)] + [0.0, -0.0, 5e-324, 1.7e308]
    yield [2.0**power + step for power in range(40, 60) for step in (-1.0, 0.0, 1.0)]


def test_the_kernel_writes_what_repr_writes(decimals):
    draw = random.Random(11)
    bits, *others = numbers_to_try(draw)
    for row in (doubles(bits), *others):
        if decimals(row) != decimals_in_python(row):
            assert [x.hex() for x in row if decimals([x]) != repr(x)] == []
    assert decimals([]) == ""


def test_most_numbers_are_written_in_c(decimals, monkeypatch):
    """Or the test above would compare Python with itself."""
    from pyref.engine.scans import lib

    calls = []
    write = lib.write_decimals
    monkeypatch.setattr("pyref.engine.scans.lib", type("Counted", (), {
        "DECIMALS_LENGTH": lib.DECIMALS_LENGTH,
        "write_decimals": staticmethod(lambda *given: calls.append(1) or write(*given))
    }))
    draw = random.Random(1)
    decimals([draw.uniform(-1.0, 1.0) for _ in range(1000)])
    assert len(calls) == 1 or calls == [1] * 1001  # a compiler without 128 bits leaves all


@pytest.mark.parametrize("value", [
    [0.1, -2.5e-7, 1e22, 3.0], [1, 2.5], [True, 1.0], [None, 1.0], ["0.1", 1.0], [0.25], [],
    {"a": [0.5, 1.0], "b": [[1.0, 1e-9], [2.0, 3.0]]},
])
def test_lists_of_numbers_are_json(value):
    assert json.loads(to_text(value, "")) == value
    if isinstance(value, list):
        assert to_text(value, "") == json.dumps(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_json_has_not_is_refused(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_text([1.0, value], "")
