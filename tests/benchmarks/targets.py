"""What the kernel, and what stands around it, shall reach: a line for each, with its target.

All are ratios of neighbours: the two that are compared take turns, and what counts is the median of
the ratios of those that stood side by side; the least and the most of them are printed beside it.
What needs a former pyref, or genann's source, is left out where none is given.
"""

import io
import os
import statistics
import subprocess
import sys
import zipfile
from array import array
from pathlib import Path

import pyref
from pyref import LBFGS, Network, Trainer
from pyref.engine import backend

import machine
import minimising
from measuring import (
    fitting, print_title, processor_time, seconds_of, seconds_of_one_more, wall_time,
)
from overheads import processor_seconds_of
from peer_genann import OfGenann, built
from peer_numpy import OfNumpy, OfNumpyFloat32
from peer_torch import OfTorch, OfTorchFloat64
from peers import OfPyref, OfPyrefSingle, OfPyrefTwoThreads, Unavailable
from works import TRAINING, Work

LARGE = TRAINING[-4:]  # 784-128-10 and 784-512-512-10, in batches of 32 and 128
# In single precision against PyTorch and NumPy in float32, and against double precision.
SINGLE = {
    ("784-128-10", 32): (2.5, 1.3, 1.7),
    ("784-128-10", 128): (1.3, 1.0, 1.8),
    ("784-512-512-10", 32): (1.5, 1.2, 1.7),
    ("784-512-512-10", 128): (1.1, 1.0, 1.8),
    ("64-32-10", 32): (25.0, 3.0, 1.2),
    ("2-2-1", 4): (1000.0, 100.0, 0.9),
}
FORMER = [("64-32-10", 32), ("125-32-2", 32), ("784-30-10", 10)]
AT_LEAST, AT_MOST = "at least", "at most"


def ratios(ours, theirs, options, clock=processor_time):
    """Of their time ÷ ours, round by round; both are functions of a number of repetitions, which
    do as much work in each.  Of what a call costs but once, nothing counts."""
    often = [max(4, fitting(function, options.seconds, clock)) for function in (ours, theirs)]
    found = []
    for _ in range(max(options.rounds, 5)):
        mine, other = (
            seconds_of_one_more(function, repetitions, clock)
            for function, repetitions in zip((ours, theirs), often)
        )
        found.append(other / mine)
    return sorted(found)


def show(what, found, sense, target, unit=""):
    middle = statistics.median(found)
    met = middle >= target if sense == AT_LEAST else middle <= target
    spread = f"{min(found):.2f} to {max(found):.2f}" if len(found) > 1 else ""
    print(f"{what:<58}{middle:>8.2f}{unit:<3} {spread:<16} {sense} {target:g}  "
          f"{'met' if met else 'MISSED'}", flush=True)


def left_out(what, why):
    print(f"{what:<58}    left out: {why}", flush=True)


def show_targets(options):
    print_title("Targets: ratios, the median with the least and the most")
    if backend.kernel is None:
        print(f"no C engine ({backend.kernel_missing})")
        return
    calls = backend.kernel.calls
    best = calls.instruction_set
    calls.instruction_set = min(best, calls.INSTRUCTION_SETS["avx2"])
    name = next(n for n, number in calls.INSTRUCTION_SETS.items()
                if number == calls.instruction_set)
    print(f"instruction set: {name}\n")
    try:
        show_training(options, name)
        show_single(options)
        show_online(options)
        show_callbacks(options)
        show_prediction(options)
        show_lbfgs(options)
        show_threads(options, name)
    finally:
        calls.instruction_set = best
    show_former(options)
    show_start(options)
    show_sizes()


def show_training(options, name):
    peak = machine.peaks().get(name)
    for work in LARGE:
        what, ours = f"{work.name}, {work.batch_size}", OfPyref(work)
        if peak is not None:
            scale = work.flops * ours.rows / peak.flops
            shares = [scale * r for r in ratios(ours.train, peak.repeat, options)]
            show(f"{what}: share of the multiply-then-add peak", shares, AT_LEAST, 0.8)
        show_against(what, work, ours, options, [
            ("NumPy float64", OfNumpy, 1.1), ("PyTorch float64", OfTorchFloat64, 1.3),
        ])


def show_against(what, work, ours, options, peers):
    for title, kind, target in peers:
        try:
            theirs = kind(work)
        except Unavailable as error:
            left_out(f"{what}: against {title}", error)
            continue
        show(f"{what}: against {title}", ratios(ours.train, theirs.train, options),
             AT_LEAST, target)


def show_single(options):
    for work in TRAINING:
        if (work.name, work.batch_size) not in SINGLE:
            continue
        of_torch, of_numpy, of_double = SINGLE[work.name, work.batch_size]
        what, ours = f"{work.name}, {work.batch_size}, single", OfPyrefSingle(work)
        show_against(what, work, ours, options, [
            ("PyTorch float32", OfTorch, of_torch), ("NumPy float32", OfNumpyFloat32, of_numpy),
            ("double", OfPyref, of_double),
        ])


def show_online(options):
    library = None
    if options.genann:
        library = built(options.genann)
    for sizes in ([2, 2, 1], [4, 8, 3]):
        work = Work(sizes, 1, loss="half_squared_error")
        if library is None:
            left_out(f"{work.name} online: against genann", "no --genann FOLDER")
            continue
        found = ratios(OfPyref(work).train, OfGenann(work, library).train, options)
        show(f"{work.name} online: against genann", found, AT_LEAST, 1.0)
    online, batches = (OfPyref(Work([784, 128, 10], size)) for size in (1, 32))
    found = ratios(batches.train, online.train, options)  # as many rows in both
    show("784-128-10: a row online ÷ one in batches of 32", found, AT_MOST, 0.7 * 2.5)


def show_callbacks(options):
    for sizes, rows, epochs, target in (([784, 128, 10], 200, 5, 1.6), ([2, 2, 1], 4, 25, 4.0)):
        inputs, targets = (array("d", [0.5]) * (rows * count) for count in (sizes[0], sizes[-1]))
        trainer = Trainer(Network(sizes))

        def trained(callback):
            def repeat(repetitions):
                for _ in range(repetitions):
                    trainer.train(inputs, targets, epochs=epochs, callback=callback)

            return repeat

        found = ratios(trained(None), trained(lambda trainer, epoch: None), options)
        show(f"{'-'.join(map(str, sizes))}, {rows} rows: with an empty callback ÷ without", found,
             AT_MOST, target)


def show_prediction(options):
    try:
        import numpy
    except ImportError as error:
        left_out("prediction: against NumPy float64", error)
        return
    for sizes in ([784, 128, 10], [64, 32, 10], [4, 8, 3]):
        work = Work(sizes, 10_000)
        ours, theirs = OfPyref(work), OfNumpy(work)

        def repeated(function):
            return lambda repetitions: [function() for _ in range(repetitions)] and None

        if sizes[0] > 4:
            found = ratios(repeated(ours.answer_all), repeated(theirs.answer_all), options)
            show(f"{work.name}: 10,000 rows, against NumPy float64", found, AT_LEAST, 1.1)
        found = ratios(repeated(ours.answer_one), repeated(theirs.answer_one), options)
        show(f"{work.name}: one row, lists, against NumPy", found, AT_LEAST, 2.0)
        row, flat = numpy.array([ours.row]), array("d", ours.row)
        found = ratios(repeated(lambda: ours.predict(flat)),
                       repeated(lambda: theirs.forward(row)), options)
        show(f"{work.name}: one row, buffers, against NumPy", found, AT_LEAST, 2.0)


def show_lbfgs(options):
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        left_out("L-BFGS, digits: ÷ SciPy's time", error)
        return
    inputs, labels = load_digits(return_X_y=True)
    history = LBFGS().history_size
    for units in minimising.HIDDEN:
        given, found = (inputs / 16.0, labels, units, "relu"), []
        for seed in range(1, 6):
            theirs, ours = (
                minimising.seconds_an_iteration(function) for function in (
                    lambda: minimising.trained_by_scikit_learn(*given, seed),
                    lambda: minimising.trained_by_pyref(*given, seed, history),
                )
            )
            found.append(ours / theirs)
        show(f"L-BFGS, digits, 64-{units}-10: ÷ SciPy's time", found, AT_MOST, 1.0)


def show_threads(options, name):
    """By the clock on the wall, beside two processes that do the same each by itself: what they
    gain is all that the machine has to give."""
    if backend.kernel.lib.most_threads() == 1 or (os.cpu_count() or 1) < 2:
        left_out("two threads", "one processor")
        return
    for work in (LARGE[1], LARGE[3]):
        what = f"{work.name}, {work.batch_size}"
        one, two = OfPyref(work), OfPyrefTwoThreads(work)
        found = ratios(two.train, one.train, options, clock=wall_time)
        show(f"{what}: two threads against one", found, AT_LEAST, 1.8)
        found = gains_of_two_processes(work, options, name)
        print(f"{what + ': two processes, for comparison':<58}{statistics.median(found):>8.2f}    "
              f"{min(found):.2f} to {max(found):.2f}", flush=True)


def gains_of_two_processes(work, options, name):
    folder = Path(pyref.__file__).parents[1]
    processes, found = [trainer_in(folder, name, work, options.seconds) for _ in range(2)], []
    for _ in range(max(options.rounds, 5)):
        alone, together = (
            seconds_of(lambda asked: told_by(processes[:asked]), asked, wall_time)
            for asked in (1, 2)
        )
        found.append(2.0 * alone / together)
    for process in processes:
        process.communicate()
    return found


SCRIPT = """
import sys
sys.path[:0] = sys.argv[1:3]
from pyref.engine import backend
from measuring import fitting, processor_time, seconds_of_one_more
from peers import OfPyref
from works import Work
calls = backend.kernel.calls
calls.instruction_set = min(calls.instruction_set, calls.INSTRUCTION_SETS[sys.argv[3]])
sizes, batch_size, seconds = eval(sys.argv[4])
train = OfPyref(Work(sizes, batch_size)).train
often = fitting(train, seconds, processor_time)
for line in sys.stdin:
    print(seconds_of_one_more(train, often, processor_time), flush=True)
"""
TURNS = 8  # of two processes for each round: short ones, as others on the machine come and go


def trainer_in(folder, name, work, seconds):
    """A process with the pyref of that folder, which trains for about so long when it is asked."""
    given = f"{work.sizes}, {work.batch_size}, {seconds}"
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), str(Path(__file__).parent), name, given],
        encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )
    told_by([process])  # it is ready
    return process


def told_by(processes):
    """Seconds that a repetition takes each of them, all at the same time."""
    for process in processes:
        process.stdin.write("again\n")
        process.stdin.flush()
    return [float(process.stdout.readline()) for process in processes]


def show_former(options):
    """Two processes, one with the pyref in that folder, answer in turn."""
    asked = [("avx2", work, AT_MOST, 0.8) for work in TRAINING
             if (work.name, work.batch_size) in FORMER]
    asked.append(("base", LARGE[1], AT_MOST, 0.8))
    for name, work, sense, target in asked:
        what = f"{work.name}, {work.batch_size}, {name}: ÷ the time of a former pyref"
        if not options.former:
            left_out(what, "no --former FOLDER")
            continue
        both = [
            trainer_in(folder, name, work, options.seconds / 3)
            for folder in (Path(pyref.__file__).parents[1], options.former)
        ]
        found = []
        for _ in range(TURNS * max(options.rounds, 5)):
            (ours,), (theirs,) = (told_by([process]) for process in both)
            found.append(ours / theirs)
        for process in both:
            process.communicate()
        show(what, sorted(found), sense, target)


def show_start(options):
    """Milliseconds of processor time beyond those of an interpreter that does nothing."""
    scripts = {
        "import pyref": ("import pyref", 15.0),
        "pyref --help": ("import sys; sys.stdout = open(__import__('os').devnull, 'w'); "
                         "from pyref.command_line import main; main(['--help'])", 45.0),
        "from pyref import Network": ("from pyref import Network", None),
    }
    for what, (script, target) in scripts.items():
        found = []
        for _ in range(8 * max(options.rounds, 5)):
            nothing, something = map(processor_seconds_of, ("pass", script))
            found.append(1e3 * (something - nothing))
        if target is None:
            print(f"{what + ', for comparison':<58}{statistics.median(found):>8.2f} ms")
        else:
            show(what, found, AT_MOST, target, " ms")


def show_sizes():
    folder = Path(pyref.__file__).parent
    files = [path for path in folder.rglob("*")
             if path.is_file() and "__pycache__" not in path.parts]
    show("the installed package, without bytecode",
         [sum(path.stat().st_size for path in files) / 1e6], AT_MOST, 1.3, " MB")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder))
    show("the same as a zip archive, which a wheel is",
         [len(packed.getvalue()) / 1e6], AT_MOST, 0.5, " MB")
