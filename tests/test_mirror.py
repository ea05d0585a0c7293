"""csrc/ mirrors the reference: the same function names, in the same order, file by file.

A reader of the C finds `f` of pyref/network.py as `f` in csrc/network.c at the same relative
place.  Methods are written class_method (SGD.update is sgd_update).
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MIRRORED = ["elementary", "generator", "activations", "losses", "network", "regularization",
            "gradient_descent", "full_batch", "schedules", "stopping", "run", "training"]

pytestmark = pytest.mark.skipif(
    not (ROOT / "csrc").is_dir(), reason="the kernel's source is not beside the tests"
)

# What one language has and the other cannot or need not have, with the reason.
C_ONLY = {
    "twisted": "Python has the Mersenne twister built in",
    "renew_words": "Python has the Mersenne twister built in",
    "next_word": "Python has the Mersenne twister built in",
    "reduced": "Python repeats it: a call would cost exp a tenth of its time",
    "exp_part": "exp without its limits, which C selects afterwards",
    "exp_below": "exp without its upper limit",
    "softmax_rows": "a layer's rows; Python keeps them apart",
    "softmax_rows_deltas": "a layer's rows; Python keeps them apart",
    "area_of": "where the numbers of a tile stand",
    "activation_outputs": "the table ACTIVATIONS",
    "activation_deltas": "the table ACTIVATIONS",
    "is_fused": "the table LOSSES",
    "loss_divisor": "the table LOSSES",
    "loss_terms": "the table LOSSES: what each output adds to its row",
    "loss_gradient": "the table LOSSES",
    "exact_reciprocal": "a quicker division with the same bits",
    "weigh": "in Python the end of output_deltas",
    "says_stop": "calling a method of whatever rule it is",
    "rate_of_epoch": "calling a method of whatever schedule it is",
    "after_epoch": "calling a method of whatever schedule it is",
    "layer_outputs": "in Python a part of forward; in C threads divide it",
    "deltas_below": "in Python a part of backward; in C threads divide it",
    "layer_gradients": "in Python a part of backward; in C threads divide it",
    "not_finite": "math.isfinite",
    "first_not_finite": "all_finite, with the place",
    "ask_for": "memory is asked early for what will be wanted",
    "gather_inputs": "Python picks rows with a list comprehension",
    "gather_targets": "likewise",
    "row_losses": "C computes them in threads, and adds them afterwards",
    "begin_batch": "what a batch needs before its first tile; Python has no tiles",
    "steps_at_once": "whether a fast form may be taken",
    "add_losses": "training and validation add them in their own loops",
}
PYTHON_ONLY = {
    "initial_words": "streams are seeded in Python",
    "unit_by_unit": "C writes the loop out, in a macro",
    "new_layers": "weights are drawn in Python",
    "absolute_sum": "only L-BFGS needs it, whose loop is shared",
    "penalties": "only L-BFGS needs their value, whose loop is shared",
    "same_network": "only L-BFGS needs it, whose loop is shared",
    "minimise": "L-BFGS, whose loop is shared",
    "dot": "in C it is part of norm, which alone needs it",
    "batch_length": "a field of Run",
    "first_layer_astray": "Python explains a divergence for both engines",
}


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def python_functions(name):
    """Function names in order; a class stands for its constructor."""
    names = []
    for node in ast.parse((ROOT / "pyref" / f"{name}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.ClassDef):
            names.append(snake(node.name))
            names += [
                f"{snake(node.name)}_{part.name}"
                for part in node.body
                if isinstance(part, ast.FunctionDef)
            ]
    return names


def c_functions(name):
    source = (ROOT / "csrc" / f"{name}.c").read_text(encoding="utf-8")
    names = re.findall(r"^(?:INLINE|static) [\w \*]*?\b(\w+)\([^;]*?\)\s*\{", source, re.M | re.S)
    return [mirrored_name(found) for found in names]


def mirrored_name(found):
    if found == "random_double":
        return "stream_random"
    if found == "shuffled":
        return "stream_shuffled"
    return re.sub(r"(_body|_)$", "", found)


@pytest.mark.parametrize("name", MIRRORED)
def test_same_names_in_the_same_order(name):
    c = [found for found in c_functions(name) if found not in C_ONLY]
    python = python_functions(name)
    assert c, "no functions were found: the pattern no longer fits the source"
    assert [found for found in c if found not in python] == [], "in C alone"
    places = [python.index(found) for found in c]
    assert places == sorted(places), f"order: {c}"


@pytest.mark.parametrize("name", MIRRORED)
def test_nothing_is_missing_in_c(name):
    tree = ast.parse((ROOT / "pyref" / f"{name}.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    in_c = c_functions(name)
    assert [f for f in functions if f not in in_c and f not in PYTHON_ONLY] == []


def test_exceptions_are_not_stale():
    everything_c = {f for name in MIRRORED for f in c_functions(name)}
    everything_python = {f for name in MIRRORED for f in python_functions(name)}
    assert set(C_ONLY) <= everything_c - everything_python
    assert set(PYTHON_ONLY) <= everything_python - everything_c
