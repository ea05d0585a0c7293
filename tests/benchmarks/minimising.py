"""L-BFGS beside SciPy's, as scikit-learn's MLPClassifier uses it: digits, full batches."""

import statistics
import warnings

from pyref import LBFGS, Network, Trainer
from pyref.engine import backend

from measuring import print_row, print_title, processor_time

ITERATIONS = 100
HIDDEN = [10, 32, 100]
L2 = 1e-4  # scikit-learn's `alpha`, which it divides by the number of rows
TARGET = 1.0


def seconds_an_iteration(train):
    """`train` returns how many iterations there were: SciPy may end sooner."""
    before = processor_time()
    iterations = train()
    return (processor_time() - before) / iterations


def trained_by_scikit_learn(inputs, labels, units, activation, seed):
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (units,), activation=activation, solver="lbfgs", alpha=L2, max_iter=ITERATIONS, tol=0.0,
        max_fun=10**6, random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it did not converge
        model.fit(inputs, labels)
    return model.n_iter_


def trained_by_pyref(inputs, labels, units, activation, seed, history_size):
    network = Network(
        [64, units, 10], hidden=activation, output="softmax", initializer="glorot_uniform",
        seed=seed,
    )
    optimizer = LBFGS(history_size=history_size, tolerance_gradient=0.0, tolerance_change=0.0)
    trainer = Trainer(network, optimizer=optimizer, batch_size=None, l2=L2 / len(labels))
    trainer.train(inputs, labels, epochs=ITERATIONS)
    return trainer.epoch


def show_lbfgs(options):
    """The two take turns, from other weights each time; ratios are of neighbours."""
    print_title("L-BFGS on digits, 1797 rows: microseconds an iteration, pyref's ÷ scikit-learn's")
    if backend.kernel is None:
        print(f"no C engine ({backend.kernel_missing})")
        return
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        print(f"left out: {error}")
        return
    inputs, labels = load_digits(return_X_y=True)
    inputs = inputs / 16.0
    print("SciPy remembers 10 pairs; pyref as many, and then its default of 100.\n")
    print_row(["network, hidden", "scikit-learn", "pyref, 10", "ratio", "least", "most",
               "pyref, 100", "ratio"])
    for activation in ("relu", "tanh"):
        for units in HIDDEN:
            given = inputs, labels, units, activation
            taken = []
            for seed in range(1, max(options.rounds, 3) + 1):
                taken.append([
                    seconds_an_iteration(lambda: trained_by_scikit_learn(*given, seed)),
                    seconds_an_iteration(lambda: trained_by_pyref(*given, seed, 10)),
                    seconds_an_iteration(lambda: trained_by_pyref(*given, seed, 100)),
                ])
            peer, ten, hundred = (statistics.median(times) for times in zip(*taken))
            ratios = sorted(ours / theirs for theirs, ours, _ in taken)
            of_default = statistics.median(ours / theirs for theirs, _, ours in taken)
            print_row([
                f"64-{units}-10, {activation}", f"{peer * 1e6:,.0f}", f"{ten * 1e6:,.0f}",
                f"{statistics.median(ratios):.2f}", f"{ratios[0]:.2f}", f"{ratios[-1]:.2f}",
                f"{hundred * 1e6:,.0f}", f"{of_default:.2f}",
            ])
    print(f"(target: {TARGET:g} with as long a memory)")
