"""csrc/reference/ mirrors pyref/reference/: the same functions, in the same order, file by file.

A reader of the C finds `f` of pyref/reference/training.py as `f` in csrc/reference/training.c, at
the same relative place.  Methods are written class_method (SGD.update is sgd_update).  What
csrc/fast/ has in another form bears the names of what it equals.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "pyref" / "reference"
MIRROR = ROOT / "csrc" / "reference"
FAST = ROOT / "csrc" / "fast"
MIRRORED = sorted(path.stem for path in MIRROR.glob("*.c"))
TWICE = ["batch", "layer", "network"]  # a set includes these from one folder or from the other

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
    "activation_outputs": "the table ACTIVATIONS",
    "activation_deltas": "the table ACTIVATIONS",
    "activation_errors": "the table ACTIVATIONS, on the way to the output deltas",
    "layer_outputs": "the table ACTIVATIONS, softmax among them",
    "layer_deltas": "the table ACTIVATIONS, softmax among them",
    "layer_errors": "the same on the way to the output deltas, in doubles",
    "is_fused": "the table LOSSES",
    "loss_divisor": "the table LOSSES",
    "loss_terms": "the table LOSSES: what each output adds to its row",
    "loss_gradient": "the table LOSSES",
    "exact_reciprocal": "a quicker division with the same bits",
    "weigh": "in Python the end of output_deltas",
    "was_measured": "is not None",
    "says_stop": "calling a method of whatever rule it is",
    "rate_of_epoch": "calling a method of whatever schedule it is",
    "after_epoch": "calling a method of whatever schedule it is",
    "adam_step": "what adam_update and adam_w_update share",
    "memory_list": "run.memory[place]",
    "begin_step": "calling a method of whatever optimizer it is",
    "optimizer_step": "calling a method of whatever optimizer it is",
    "not_finite": "math.isfinite",
    "one_finite": "math.isfinite",
    "first_not_finite": "all_finite, with the place",
    "sum_by_units": "dot, also of absolute values or without the biases",
    "pauses": "Python may be interrupted anywhere",
    "place_of_pair": "memory[2 * pair], of a list",
    "s_of_pair": "memory[2 * pair]",
    "y_of_pair": "memory[2 * pair + 1]",
    "remember": "adding to a list, and cutting it",
    "free_gradients": "Python makes new lists",
    "trial_at": "a function within LBFGS.iteration",
    "point_at": "a function within Search.step",
    "gather": "Python picks rows with a list comprehension",
}
PYTHON_ONLY = {
    "initial_words": "streams are seeded in Python",
    "round_rows": "C rounds where it writes a number",
    "unit_by_unit": "C writes the loop out, in a macro",
    "parameters": "Python hands the kernel all of them in one buffer",
    "batch_length": "a field of Run",
    "is_loss": "files are read in Python",
    "is_within": "files are read in Python",
}
# Words of the machinery, for which there is no place in the mirror.
FAST_WORDS = re.compile(r"\b(Tile|Team|Work|Vector|divide|PREFETCH|LANES|budget|batch_done)\b")


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def parsed(name):
    return ast.parse((PYTHON / f"{name}.py").read_text(encoding="utf-8")).body


def python_functions(name):
    """Function names in order; a class stands for its constructor."""
    names = []
    for node in parsed(name):
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


def c_signatures(path):
    """What stands before the bodies of a file's functions, in order, by their names."""
    source = path.read_text(encoding="utf-8")
    pattern = r"^((?:INLINE|static) [\w \*]*?\b(\w+)\([^;{]*?\))\s*\{"
    return {name: " ".join(text.split()) for text, name in re.findall(pattern, source, re.M)}


def c_functions(name):
    return [mirrored_name(found) for found in c_signatures(MIRROR / f"{name}.c")]


def mirrored_name(found):
    if found == "random_double":
        return "stream_random"
    if found == "shuffled":
        return "stream_shuffled"
    return re.sub(r"(_body|_)$", "", found)


def test_files_are_found():
    assert set(TWICE) < set(MIRRORED) and len(MIRRORED) > 15
    assert [name for name in MIRRORED if not (PYTHON / f"{name}.py").exists()] == []


@pytest.mark.parametrize("name", MIRRORED)
def test_same_names_in_the_same_order(name):
    c = [found for found in c_functions(name) if found not in C_ONLY]
    python = python_functions(name)
    assert c_functions(name), "no functions were found: the pattern no longer fits the source"
    assert [found for found in c if found not in python] == [], "in C alone"
    places = [python.index(found) for found in c]
    assert places == sorted(places), f"order: {c}"


@pytest.mark.parametrize("name", MIRRORED)
def test_nothing_is_missing_in_c(name):
    functions = [node.name for node in parsed(name) if isinstance(node, ast.FunctionDef)]
    in_c = c_functions(name)
    assert [f for f in functions if f not in in_c and f not in PYTHON_ONLY] == []


@pytest.mark.parametrize("name", MIRRORED)
def test_the_mirror_speaks_of_what_the_reference_speaks_of(name):
    source = (MIRROR / f"{name}.c").read_text(encoding="utf-8")
    assert FAST_WORDS.findall(source) == []


def test_the_words_would_be_found():
    assert FAST_WORDS.search((FAST / "batch.c").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TWICE)
def test_what_is_there_twice_bears_the_same_names(name):
    plain = [found for found in c_signatures(MIRROR / f"{name}.c") if found not in C_ONLY]
    fast = [found for found in c_signatures(FAST / f"{name}.c") if found in plain]
    assert fast == plain


def test_the_three_sums_take_the_same_parameters():
    plain, fast = (c_signatures(folder / "layer.c") for folder in (MIRROR, FAST))
    assert set(plain) == {"pre_activations", "errors_below", "weight_gradients", "bias_gradients"}
    assert {name: fast.get(name) for name in plain} == plain


def test_exceptions_are_not_stale():
    everything_c = {f for name in MIRRORED for f in c_functions(name)}
    everything_python = {f for name in MIRRORED for f in python_functions(name)}
    assert set(C_ONLY) <= everything_c - everything_python
    assert set(PYTHON_ONLY) <= everything_python - everything_c
