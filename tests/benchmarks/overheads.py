"""What does not depend on the amount of work: importing pyref, making a network, each call."""

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pyref
from pyref import SGD, Network, Trainer

from measuring import medians, print_row, print_title, processor_time, repeated, seconds_of
from peers import OfPyref
from works import Work

TARGET = 15.0  # ms


def processor_seconds_of(script):
    """Processor time of a new interpreter that runs `script`; its own start is part of it."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(pyref.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show_import(options):
    """Processor time, which is what a busy machine disturbs least; the least of many runs is the
    nearest to a quiet one."""
    print_title("Importing, in milliseconds of processor time of a new interpreter")
    scripts = {"nothing": "pass", "pyref": "import pyref", "NumPy": "import numpy"}
    taken = {name: [] for name in scripts}
    for _ in range(20 * options.rounds):
        for name, script in list(scripts.items()):
            try:
                taken[name].append(1e3 * processor_seconds_of(script))
            except subprocess.CalledProcessError:
                del scripts[name], taken[name]
    print_row(["import", "least", "median", "more"])
    for name, times in taken.items():
        median = statistics.median(times)
        more = median - statistics.median(taken["nothing"])
        print_row([name, f"{min(times):.1f}", f"{median:.1f}", f"{more:.1f}" if more else ""])
    print(f"(target: pyref at most {TARGET:g} ms more than nothing)")


def show_calls(options):
    print_title("Calls, in microseconds")
    print_row(["call", "C", "Python"], first=52)
    inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    engines = ["c", "python"] if pyref.backend == "c" else ["python"]
    calls = {}
    for engine in engines:
        network = Network([2, 2, 1])
        trainer = Trainer(network, optimizer=SGD(0.5), batch_size=4, backend=engine)
        predict = network.predictor(backend=engine)
        calls[engine] = {
            "Network([2, 2, 1])": lambda: Network([2, 2, 1]),
            "Trainer(network)": lambda e=engine, n=network: Trainer(n, backend=e),
            "trainer.train, 4 rows of XOR, epochs=1": lambda t=trainer: t.train(
                inputs, targets, epochs=1
            ),
            "network.predict, 1 row": lambda e=engine, n=network: n.predict([[0, 1]], e),
            "predictor, 1 row": lambda p=predict: p([[0, 1]]),
            "predictor, 4 rows": lambda p=predict: p(inputs),
        }
    for title in calls["python"]:
        functions = {engine: repeated(calls[engine][title]) for engine in engines}
        found = medians(functions, options.seconds / 3, options.rounds)
        cells = [f"{found[e] * 1e6:,.1f}" if e in found else "" for e in ("c", "python")]
        print_row([title, *cells], first=52)
    if pyref.backend == "c":
        show_first_epoch(options)


def show_first_epoch(options):
    """What a call of train costs once: data are checked, parameters copied, digests taken."""
    work = Work([784, 128, 10], 128)
    peer = OfPyref(work)
    further = medians({"": peer.train}, options.seconds, options.rounds)[""]
    first = statistics.median(seconds_of(peer.train, 1, processor_time) for _ in range(5))
    title = f"trainer.train, 784-128-10, {work.rows} rows: once, more"
    print_row([title, f"{(first - further) * 1e6:,.0f}"], first=52)
