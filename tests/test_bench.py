"""`pyref bench`, and that the programs of tests/benchmarks run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pyref
from pyref.command_line import main

BENCHMARKS = Path(__file__).parent / "benchmarks"


def test_bench_measures_every_engine(capsys):
    assert main(["bench", "5,3,2", "--batch-size", "4", "--seconds", "0.01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["network", "5-3-2,", "21", "weights"]
    assert lines[1].split() == ["batch", "size", "4"]
    figures = [line.split() for line in lines if line.startswith(("c ", "python "))]
    engines = [row[0] for row in figures]
    assert engines == (["c"] * (len(figures) - 1) if pyref.backend == "c" else []) + ["python"]
    for _, threads, rows, nanoseconds, gigaflops in figures:
        speed = float(rows.replace(",", ""))
        assert int(threads) >= 1
        assert float(nanoseconds.replace(",", "")) == pytest.approx(1e9 / speed, rel=0.05, abs=1)
        # 3 · (5·3 + 3·2) multiply-adds, without the 5·3 of errors below the first layer
        assert float(gigaflops) == pytest.approx(speed * 2 * 48 / 1e9, rel=0.05, abs=0.006)


@pytest.mark.parametrize("sizes", ["784", "2,0,1", "2,x", ""])
def test_bench_says_what_sizes_are(sizes, capsys):
    assert main(["bench", sizes]) == 2
    assert "784,128,10" in capsys.readouterr().err


def test_compare_prints_a_table():
    answer = subprocess.run(
        [sys.executable, BENCHMARKS / "compare.py", "calls", "--seconds", "0.003", "--rounds", "1"],
        stdout=subprocess.PIPE,
        check=True,
        universal_newlines=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    row = next(line for line in answer.stdout.splitlines() if line.startswith("predictor, 1 row"))
    assert float(row.split()[-1].replace(",", "")) > 0.0


def test_compare_refuses_unknown_tables():
    answer = subprocess.run(
        [sys.executable, BENCHMARKS / "compare.py", "speed"],
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    assert answer.returncode == 2
    assert "'speed' is no table" in answer.stderr
