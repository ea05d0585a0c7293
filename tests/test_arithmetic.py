"""The arithmetic probe: what it lets pass, what it stops, and that the kernel needs no help.

A small C library, compiled here, sets the processor as a library built with -ffast-math does.
"""

import ctypes
import os
import shlex
import shutil
import subprocess
import sysconfig
from contextlib import contextmanager, nullcontext

import pytest

from conftest import missing, require_kernel
from pyref import Network, SGD, Trainer
from pyref.engine import arithmetic

SOURCE = """
#include <fenv.h>
#include <stdint.h>

int rounding(int way)   /* 0: to nearest even; 1 up, 2 down, 3 towards zero */
{
    int ways[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    return fesetround(ways[way]);
}

uint64_t control(void)
{
#if defined(__x86_64__) || defined(__i386__)
    uint32_t control;
    __asm__ volatile("stmxcsr %0" : "=m"(control));
    return control;
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return control;
#else
    return 0;
#endif
}

void set_control(uint64_t control)
{
#if defined(__x86_64__) || defined(__i386__)
    uint32_t word = (uint32_t)control;
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
#endif
}

/* The bits that flush results to zero, and those that take subnormal operands for zero. */
#if defined(__x86_64__) || defined(__i386__)
const uint64_t FLUSH_RESULTS = 0x8000, FLUSH_OPERANDS = 0x40;
#elif defined(__aarch64__)
const uint64_t FLUSH_RESULTS = 1 << 24, FLUSH_OPERANDS = 1 << 24;
#else
const uint64_t FLUSH_RESULTS = 0, FLUSH_OPERANDS = 0;
#endif
"""


@pytest.fixture(scope="module")
def processor(tmp_path_factory):
    """The C library; skips where there is no compiler."""
    command = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    if os.name == "nt" or shutil.which(command[0]) is None:
        missing("no C compiler, or one that this test cannot talk to")
    folder = tmp_path_factory.mktemp("processor")
    (folder / "processor.c").write_text(SOURCE, encoding="utf-8")
    library = folder / "processor.so"
    subprocess.run(
        [*command, "-shared", "-fPIC", "-o", library, folder / "processor.c", "-lm"], check=True
    )
    loaded = ctypes.CDLL(str(library))
    loaded.control.restype = ctypes.c_uint64
    loaded.set_control.argtypes = [ctypes.c_uint64]
    return loaded


FAULTS = ["flush results", "flush operands", "flush both", "upwards", "downwards", "towards zero"]


@contextmanager
def broken(processor, fault):
    """The arithmetic of this thread, set to `fault` for a while."""
    before = processor.control()
    bits = 0
    if fault.startswith("flush"):
        for name, part in (("FLUSH_RESULTS", "operands"), ("FLUSH_OPERANDS", "results")):
            if part not in fault:
                bits |= ctypes.c_uint64.in_dll(processor, name).value
        if bits == 0:
            pytest.skip("this test does not know how to flush to zero on this processor")
    try:
        if bits:
            processor.set_control(before | bits)
        else:
            assert processor.rounding(FAULTS.index(fault) - 2) == 0
        yield
    finally:
        processor.rounding(0)
        processor.set_control(before)


def test_this_process_computes_as_specified():
    assert arithmetic.fault() == ""
    arithmetic.check_arithmetic()


@pytest.mark.parametrize(
    "numbers, cause",
    [
        (dict(smallest=0.0), "flushed to zero"),
        (dict(smallest_normal=0.0), "flushed to zero"),
        (dict(half_ulp=2.0**-52), "nearest even"),
        (dict(half_ulp=2.0**-55), "nearest even"),
        (dict(one_and_a_bit=1.0 + 2.0**-26), "more bits than a double"),
    ],
)
def test_each_part_of_the_probe_can_fail(numbers, cause):
    right = dict(one=1.0, smallest=5e-324, smallest_normal=2.0**-1022,
                 one_and_a_bit=1.0 + 2.0**-27, half_ulp=2.0**-53)
    assert arithmetic.probe(**right) == ""
    assert cause in arithmetic.probe(**{**right, **numbers})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_arithmetic_is_named(processor, fault):
    with broken(processor, fault):
        found = arithmetic.fault()
    assert found == (
        "subnormal numbers are flushed to zero" if "flush" in fault
        else "sums are not rounded to nearest even"
    )
    assert arithmetic.fault() == ""


# A training whose products are subnormal.
INPUTS = [[1e-310 * i, 3e-309 - 2e-310 * i] for i in range(9)]
TARGETS = [[0.1 * i] for i in range(9)]


def trainer_of(backend):
    network = Network([2, 3, 1], hidden="identity", output="identity", biases=False, seed=2)
    return Trainer(network, optimizer=SGD(0.5, 0.9), batch_size=2, backend=backend)


def as_bits(numbers):
    return [number.hex() for number in numbers]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_python_engine_refuses_and_names_the_cause(processor, fault):
    network = Network([2, 3, 1], seed=2)
    trainer = Trainer(network, backend="python")
    before = network.digest()
    causes = []
    with broken(processor, fault):
        for work in (
            lambda: trainer.train(INPUTS, TARGETS, epochs=1),
            lambda: network.predict(INPUTS, backend="python"),
            lambda: network.classify(INPUTS, backend="python"),
            lambda: network.evaluate(INPUTS, [0.5] * 9, backend="python"),
            arithmetic.check_arithmetic,
        ):
            try:
                work()
            except ArithmeticError as error:
                causes.append(str(error))
    assert len(causes) == 5 and network.digest() == before and trainer.epoch == 0
    cause = "flushed to zero" if "flush" in fault else "nearest even"
    assert all(cause in said and "backend='c'" in said for said in causes)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_kernel_gives_the_same_bits_all_the_same(processor, fault):
    require_kernel()
    whole, again, python = trainer_of("c"), trainer_of("c"), trainer_of("python")
    whole.train(INPUTS, TARGETS, epochs=3)
    expected = whole.network.predict(INPUTS, backend="c")
    assert 0.0 < abs(expected[1][0]) < 2.0**-1022  # or nothing would be flushed here
    with broken(processor, fault):
        before = processor.control()
        again.train(INPUTS, TARGETS, epochs=3)
        predicted = again.network.predict(INPUTS, backend="c")
        after = processor.control()
    assert again.network.digest() == whole.network.digest()
    assert as_bits(again.history.loss) == as_bits(whole.history.loss)
    assert as_bits(y for y, in predicted) == as_bits(y for y, in expected)
    assert after & ~0x3F == before & ~0x3F  # the caller's settings are back; 0x3f are mere flags
    python.train(INPUTS, TARGETS, epochs=3)
    assert python == whole


@pytest.mark.parametrize("fault", FAULTS)
def test_so_do_its_threads(processor, fault, monkeypatch):
    """A new thread begins with the settings of the one that made it."""
    require_kernel()
    from pyref.engine import kernel

    if kernel.lib.most_threads() < 3:
        pytest.skip("the kernel was built without threads")
    rows, units = 96, 64
    inputs = [[1e-310 * (i * k % 17 - 8) for k in range(40)] for i in range(rows)]
    targets = [[0.1 * (i % 7)] * units for i in range(rows)]

    def results(threads):
        monkeypatch.setattr(kernel.pace, "team", lambda *of_work: threads)
        network = Network([40, units, units], hidden="identity", output="identity", seed=2,
                          biases=False)
        trainer = Trainer(network, optimizer=SGD(0.5, 0.9), batch_size=48, backend="c")
        with broken(processor, fault) if threads > 1 else nullcontext():
            trainer.train(inputs, targets, epochs=2)
            predicted = network.predict(inputs, backend="c")
        assert 0.0 < max(abs(y) for row in predicted for y in row) < 2.0**-1022
        return [as_bits(row) for row in predicted], network.digest()

    assert results(3) == results(1)
