"""The calls of the kernel that compute.  All use the same instruction set; the bits do not depend
on it."""

from typing import Any

from .._kernel import lib

CData = Any  # a structure, an array or a pointer of C: cffi knows of which type

INSTRUCTION_SETS = {"plain": lib.PLAIN, "base": lib.BASE, "avx2": lib.AVX2, "avx512": lib.AVX512}

instruction_set = lib.best_instruction_set()  # tests set others


def predict(run: CData, outputs: CData) -> None:
    lib.predict(run, outputs, instruction_set)


def evaluate(run: CData) -> int:
    status: int = lib.evaluate(run, instruction_set)
    return status


def train(run: CData) -> int:
    status: int = lib.train(run, instruction_set)
    return status


def elementary(function: int, arguments: CData, results: CData, count: int) -> None:
    lib.elementary(function, arguments, results, count, instruction_set)
