"""pyref.sklearn's estimators beside scikit-learn's: scores on rows that were held out, and seconds.

    python tests/benchmarks/sklearn_estimators.py [--seeds 10] [--solver adam lbfgs sgd]

needs scikit-learn (`pip install scikit-learn`).  On each of the five sets that come with
scikit-learn, a quarter of the rows is held out, by so many seeds, and numbers are scaled by the
others; all settings but the solver are the defaults.  The difference of the scores (the part that
is right, or R²) is the mean over the seeds, with its standard error; seconds are those of one
processor, for `fit`: BLAS is held to one thread, which on these sets is its quickest way, too.
"""

import argparse
import math
import time
import warnings

import sklearn
import sklearn.neural_network as theirs
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import pyref.sklearn as ours

SETS = ("iris", "wine", "breast_cancer", "digits", "diabetes")


def rows_of(name, seed):
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    classes = None if name == "diabetes" else y
    learned, held_out, y, wanted = train_test_split(
        X, y, test_size=0.25, random_state=seed, stratify=classes
    )
    scaler = StandardScaler().fit(learned)
    return scaler.transform(learned), y, scaler.transform(held_out), wanted


def fitted(estimator, X, y):
    """It, and the seconds of this processor that it took."""
    started = time.process_time()
    estimator.fit(X, y)
    return estimator, time.process_time() - started


def compared(name, solver, seeds):
    kind = "MLPRegressor" if name == "diabetes" else "MLPClassifier"
    scores, seconds, epochs = ([], []), ([], []), ([], [])
    for seed in range(seeds):
        X, y, others, wanted = rows_of(name, seed)
        for place, library in enumerate((theirs, ours)):
            made = getattr(library, kind)(solver=solver, random_state=seed)
            made, took = fitted(made, X, y)
            scores[place].append(made.score(others, wanted))
            seconds[place].append(took)
            epochs[place].append(made.n_iter_)
    return scores, seconds, epochs


def mean(values):
    return math.fsum(values) / len(values)


def line(name, solver, scores, seconds, epochs):
    differences = [own - their for their, own in zip(*scores)]
    middle = mean(differences)
    spread = math.fsum((d - middle) ** 2 for d in differences) / max(len(differences) - 1, 1)
    error = math.sqrt(spread / len(differences))
    score, took, trained = ([mean(of) for of in both] for both in (scores, seconds, epochs))
    return (
        f"{name:14}{solver:7}{100 * score[0]:8.2f}{100 * score[1]:8.2f}"
        f"{100 * middle:+8.2f} ± {100 * error:.2f}"
        f"{trained[0]:8.0f}{trained[1]:7.0f}{took[0]:9.3f}{took[1]:8.3f}{took[0] / took[1]:8.1f}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--solver", nargs="+", default=["adam", "lbfgs", "sgd"])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"scikit-learn {sklearn.__version__}; score in % of theirs and ours, difference ± "
          "standard error,\nepochs, seconds, theirs over ours")
    with threadpool_limits(1):
        for solver in options.solver:
            for name in SETS:
                print(line(name, solver, *compared(name, solver, options.seeds)), flush=True)


if __name__ == "__main__":
    main()
