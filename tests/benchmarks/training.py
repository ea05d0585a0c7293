"""How fast a network learns: pyref and its peers, in nanoseconds for one training row."""

import pyref
from pyref.engine import backend

import machine
from measuring import medians, nanoseconds, print_row, print_title, wall_time
from peer_fann import OfFann
from peer_numpy import OfNumpy, OfNumpyFloat32
from peer_scikit_learn import OfScikitLearn
from peer_torch import OfTorch, OfTorchFloat64
from peers import OfPyref, OfPyrefTwoThreads, OfReference, Unavailable
from works import TRAINING, Work

PEERS = {
    "PyTorch f32": OfTorch,
    "PyTorch f64": OfTorchFloat64,
    "sklearn f32": OfScikitLearn,
    "NumPy f64": OfNumpy,
    "FANN f32": OfFann,
}
BESIDE = {"NumPy f32": OfNumpyFloat32}  # shown, and not among the peers of the targets
COLUMNS = {"pyref C": OfPyref, **PEERS, **BESIDE, "Python": OfReference}

# The ratios peer's time / pyref's that this project has set itself: name, batch size, of whom.
TARGETS = [
    ("2-2-1", 4, "best peer", 1.6),
    ("4-8-3", 16, "best peer", 2.2),
    ("64-32-10", 32, "best peer", 2.2),
    ("125-32-2", 32, "best peer", 2.2),
    ("784-30-10", 10, "best peer", 2.2),
    ("784-128-10", 32, "best peer", 1.5),
    ("784-128-10", 128, "PyTorch f32", 0.78),
    ("784-128-10", 128, "PyTorch f64", 1.25),
    ("784-512-512-10", 128, "PyTorch f64", 0.8),
    ("784-512-512-10", 32, "PyTorch f64", 1.15),
]


def seconds_for(work, options):
    """One measurement takes longer where an epoch does."""
    return options.seconds * (4 if work.weights > 500_000 else 1)


PEAK = "peak"


def times(work, columns, options, clock=None, peak=None, **settings):
    """Seconds for one training row, by column; without those that are not available.

    With a machine.Peak, also what it takes for the arithmetic of a row, as PEAK.
    """
    functions, rows = {}, {}
    if peak is not None:
        functions[PEAK], rows[PEAK] = peak.repeat, peak.flops / work.flops
    for name, kind in columns.items():
        try:
            peer = kind(work, **settings)
        except Unavailable:
            continue
        functions[name], rows[name] = peer.train, peer.rows
    clocks = {} if clock is None else {"clock": clock}
    found = medians(functions, seconds_for(work, options), options.rounds, **clocks)
    return {name: taken / rows[name] for name, taken in found.items()}


def show_training(options):
    print_title("Training, one thread: nanoseconds per row")
    sets = machine.instruction_sets()
    peak = machine.peaks().get(sets[-1]) if sets else None
    print("Sigmoid layers; relu and identity for 784-512-512-10.  FANN updates after each row.")
    print("The peak is that of multiplying and then adding, measured in turn with the others.\n")
    print_row(["network, batch", *COLUMNS, "GFLOP/s", "of peak"])
    found = {}
    for work in TRAINING:
        columns = dict(COLUMNS)
        if not options.python:
            del columns["Python"]
        taken = times(work, columns, options, peak=peak)
        found[work.name, work.batch_size] = taken
        cells = [nanoseconds(taken[name]) if name in taken else "" for name in COLUMNS]
        speed = work.flops / taken["pyref C"] / 1e9 if "pyref C" in taken else 0.0
        share = f"{taken[PEAK] / taken['pyref C']:.0%}" if PEAK in taken else ""
        print_row([f"{work.name}, {work.batch_size}", *cells, f"{speed:.1f}", share])
    if pyref.backend == "c":
        show_targets(found)


def show_targets(found):
    print_title("Targets: peer's time ÷ pyref's")
    print_row(["network, batch", "peer", "target", "measured", ""], width=14)
    for name, batch_size, peer, target in TARGETS:
        taken = found[name, batch_size]
        others = {key: value for key, value in taken.items() if key in PEERS}
        if peer == "best peer" and others:
            peer = min(others, key=others.get)
        if peer not in others:
            continue
        ratio = others[peer] / taken["pyref C"]
        holds = "holds" if ratio >= target else "missed"
        print_row([f"{name}, {batch_size}", peer, target, f"{ratio:.2f}", holds], width=14)


def show_everything(options):
    """The other ways to train."""
    print_title("Training otherwise, one thread: nanoseconds per row")
    columns = {"pyref C": OfPyref, **PEERS}
    print_row(["what", *columns], first=44)
    adam, rprop = pyref.Adam(0.001), pyref.Rprop(0.001)
    large, small = Work([784, 128, 10], 32), Work([4, 8, 3], 16)
    softmax = {"output": "softmax", "loss": "cross_entropy"}
    for title, work, settings in [
        ("784-128-10 online", Work([784, 128, 10], 1), {}),
        ("4-8-3 online", Work([4, 8, 3], 1), {}),
        ("2-2-1 online", Work([2, 2, 1], 1), {}),
        ("784-128-10, 32, Adam", large, {"optimizer": adam}),
        ("4-8-3, 16, Adam", small, {"optimizer": adam}),
        ("784-128-10, 1280 rows, Rprop", Work([784, 128, 10], 1280), {"optimizer": rprop}),
        ("4-8-3, 1280 rows, Rprop", Work([4, 8, 3], 1280), {"optimizer": rprop}),
        ("784-128-10, 32, softmax, cross-entropy", Work([784, 128, 10], 32, **softmax), {}),
        ("4-8-3, 16, softmax, cross-entropy", Work([4, 8, 3], 16, **softmax), {}),
        ("784-1, 128", Work([784, 1], 128), {}),
        ("784-128-1, 32", Work([784, 128, 1], 32), {}),
        ("8-2000-1, 32", Work([8, 2000, 1], 32), {}),
        ("13-7-5, 17", Work([13, 7, 5], 17), {}),
        ("784-63-10, 128", Work([784, 63, 10], 128), {}),
        ("784-64-10, 128", Work([784, 64, 10], 128), {}),
        ("784-65-10, 128", Work([784, 65, 10], 128), {}),
    ]:
        taken = times(work, columns, options, **settings)
        cells = [nanoseconds(taken[name]) if name in taken else "" for name in columns]
        print_row([title, *cells], first=44)


def show_instruction_sets(options):
    if backend.kernel is None:
        return
    calls = backend.kernel.calls
    print_title("Training with each instruction set: nanoseconds per row, share of that set's peak")
    peaks = machine.peaks()
    names = machine.instruction_sets()
    print_row(["network, batch", *names], width=16)
    best = calls.instruction_set
    for work in TRAINING:
        training = OfPyref(work)

        def trained_with(name):
            def train(epochs):
                calls.instruction_set = calls.INSTRUCTION_SETS[name]
                training.train(epochs)

            return train

        try:
            functions = {name: trained_with(name) for name in names}
            functions.update({f"peak of {name}": peak.repeat for name, peak in peaks.items()})
            found = medians(functions, seconds_for(work, options), options.rounds)
        finally:
            calls.instruction_set = best
        cells = []
        for name in names:
            taken = found[name] / training.rows
            cells.append(nanoseconds(taken))
            if name in peaks:
                best_rate = peaks[name].flops / found[f"peak of {name}"]
                cells[-1] += f" {work.flops / taken / best_rate:.0%}"
        print_row([f"{work.name}, {work.batch_size}", *cells], width=16)


def show_threads(options):
    """By the clock on the wall: only an idle machine shows what a second thread is worth."""
    print_title("Training with two threads: nanoseconds per row on the wall's clock")
    if backend.kernel is None or backend.kernel.lib.most_threads() == 1:
        print("no threads here")
        return
    columns = {"one thread": OfPyref, "two threads": OfPyrefTwoThreads}
    print_row(["network, batch", *columns, "faster"])
    for work in TRAINING:
        taken = times(work, columns, options, clock=wall_time)
        one, two = taken["one thread"], taken["two threads"]
        cells = [nanoseconds(one), nanoseconds(two), f"{one / two:.2f}"]
        print_row([f"{work.name}, {work.batch_size}", *cells])
