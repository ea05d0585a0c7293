"""scikit-learn's own tests of its multi-layer perceptrons, with pyref's classes in their place.

They are read from the installed package; nothing of them is kept here.
"""

import importlib.util
import os
from pathlib import Path

import pytest

if os.environ.get("PYREF_SKLEARN") != "1":  # there, that it is missing is an error
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")

THEIRS = "from sklearn.neural_network import MLPClassifier, MLPRegressor"
OURS = "from pyref.sklearn import MLPClassifier, MLPRegressor"

# Tests of what is private to scikit-learn's classes.  What they ask in these words is asked of
# public names in test_sklearn.py.
PRIVATE = {
    "test_gradient": "_loss_grad_lbfgs: check-gradient and its tests do this for all activations",
    "test_learning_rate_warmstart": "_optimizer.learning_rate",
    "test_adaptive_learning_rate": "_optimizer.learning_rate",
}
OTHERS = {
    "test_lbfgs_classification_maxfun": "that L-BFGS is not done after ten evaluations with two "
    "classes and logistic units: pyref's is, after seven, and has nothing to warn of",
}
LEFT_OUT = {**PRIVATE, **OTHERS}


@pytest.fixture
def global_random_seed():
    return 42


def their_tests() -> dict:
    found = importlib.util.find_spec("sklearn.neural_network.tests.test_mlp")
    if found is None:
        pytest.skip("this scikit-learn comes without its tests", allow_module_level=True)
    source = Path(found.origin).read_text(encoding="utf-8")
    assert source.count(THEIRS) == 1
    names = {"__name__": __name__, "__file__": found.origin}
    exec(compile(source.replace(THEIRS, OURS), found.origin, "exec"), names)
    return names


TESTS = their_tests()
globals().update({
    name: value for name, value in TESTS.items()
    if name.startswith("test_") and name not in LEFT_OUT
})


def test_those_left_out_are_there():
    assert set(LEFT_OUT) <= set(TESTS)
