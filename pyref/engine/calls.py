"""The calls of the kernel that compute.  All use the same instruction set; the bits do not depend
on it."""

from .._kernel import lib

INSTRUCTION_SETS = {"plain": lib.PLAIN, "base": lib.BASE, "avx2": lib.AVX2, "avx512": lib.AVX512}

instruction_set = lib.best_instruction_set()  # tests set others


def predict(run, outputs) -> None:
    lib.predict(run, outputs, instruction_set)


def evaluate(run) -> int:
    return lib.evaluate(run, instruction_set)


def train(run) -> int:
    return lib.train(run, instruction_set)


def elementary(function: int, arguments, results, count: int) -> None:
    lib.elementary(function, arguments, results, count, instruction_set)
