"""Exercises: every solution is right, and what is wrong is said with what would help."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pyref
from pyref.command_line import main
from pyref.exercises import NAMES, copying, exercise, new_activation, title
from pyref.exercises.exact import Exact
from pyref.exercises.work import Wrong
from conftest import missing, require_kernel
from test_packaging import READING_ORDER

pytestmark = pytest.mark.usefixtures("in_a_folder")

FILES = [name for name in NAMES if name != "new-activation"]


@pytest.fixture
def asked(capsys, monkeypatch):
    """Runs pyref exercise; what it prints on both streams."""
    monkeypatch.setenv("COLUMNS", "1000")

    def ask(line, code=0):
        assert main(["exercise", *line.split()]) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return ask


def written(name, text):
    path = Path(f"{name}.py")
    path.write_text(text, encoding="utf-8")
    return path


# A plausible answer to each that is wrong, as a change of the solution, and what is said of it.
WRONG = {
    "xor-units": [
        ("([-1, -1], -1)", "([1, 1], 2)", "inputs [0, 1]: the hidden units answer [1, 0], and to "
         "that the output unit answers 0; XOR is 1"),
        ("([1, 1], 1)", "([1, 1, 1], 1)", "HIDDEN[0] reads 2 numbers and needs as many weights"),
        ("OUTPUT = ([1, 1], 2)", "OUTPUT = [1, 1]", "OUTPUT reads 2 numbers"),
    ],
    "perceptron-rule": [
        (">= 0.0", "> 0.0", "AND, learn([0.0, 0.0], 0.0, [0, 0], 0): bias: expected -1.0, found "),
        ("bias + error", "bias", "AND, learn([0.0, 0.0], 0.0, [0, 0], 0): bias: expected -1.0"),
        ("], bias + error", "]", "weights: expected a list of 2, found 0.0"),
    ],
    "derive-gradient": [
        ("(1 - z * z) /", "(1 + z * z) /", "slope(1): expected 0, found 1/2 (0.5); the difference "
         "quotient over z ± 1/1000 (0.001) is 2.5e-07"),
        ("(activation(z) - t) * slope(z)", "activation(z) - t", "delta(1, 0): "
         "expected 0, found 1/2"),
        ("(1 + z * z) ** 2", "((1 + z * z) ** 2) ** 0.5 ** 2", "slope("),
    ],
    "saturated-loss": [
        ("37", "36", "sigmoid(36) is 0.9999999999999998, and not 1.0 yet"),
        ("37", "38", "sigmoid(37) is 1.0, too"),
        ("t * softplus(-z) + (1.0 - t) * softplus(z)", "softplus(z) - z * t",
         "loss(40.0, 1.0): expected 4.248354255291589e-18, found 0.0"),
    ],
    "sum-order": [
        ("0.1, 0.2, 0.3", "0.1, 0.2, 0.25", "(A + B) + C and A + (B + C) are both"),
        ("total = bias", "total = 0.0", "pre_activation of 1 inputs (unit 0): expected"),
        ("    for value, weight in zip(inputs, weights):", "    for value, weight in zip("
         "inputs[::-1], weights[::-1]):", "right up to rounding, but other bits"),
    ],
    "backpropagation": [
        ("(y * (1.0 - y))", "1.0", "network 1-1-1, second layer: biases[0]: expected"),
        ("error * (h * (1.0 - h))", "error * h * (1.0 - h)", "right up to rounding, but other"),
        ("return [slopes(x, hidden_deltas), slopes(hidden, deltas)]", "return hidden",
         "expected two pairs of slopes"),
    ],
    "training-loop": [
        ("stream.shuffled(len(inputs))", "list(range(len(inputs)))", "after 1 epoch: parameters["),
        ("-= rate", "+= rate", "after 1 epoch: parameters[0][0]: expected"),
        ("float(len(batch))", "2.0", "after 1 epoch: parameters["),
    ],
    "why-diverges": [
        ("1 - 2 * rate", "1 - rate", "factor([10, 20, 30], 1/100 (0.01)): expected -25/3"),
        ("return 1 / mean", "return 2 / mean", "largest_rate([10, 20, 30]): expected 3/1400"),
        ("return 1 / mean_square(inputs)", "return 0.0021", "largest_rate([10, 20, 30]): expected"),
    ],
    "own-optimizer": [
        ("beta2 * m", "beta1 * m", "after 30 epochs: parameters[0][0]: expected"),
        ("Lion(Optimizer)", "Lion", "Lion is to be derived from pyref.Optimizer"),
        ("- (direction < 0.0)", "", "after 1 epoch: parameters["),
    ],
    "break-symmetry": [
        ("[-0.5]", "[0.5]", "the hidden units have the weights (4.344, 4.344) and (4.344, 4.344) "
         "and still the same to the last bit"),
        ("[0.5, 0.5],  # from input 1", "[0.5, 0.4],", "2 numbers are not 0.5 any more"),
        ("[-0.5]", "[float('nan')]", "2 lists of 1 numbers are needed"),
    ],
    "seed-that-fails": [
        ("if answers(seed) != TARGETS", "if seed == 15", "seed 17 is not in FAILS, and it answers"),
        ("if answers(seed) != TARGETS", "", "seed 1 is in FAILS, and it answers [0, 1, 1, 0], all"),
        ("range(1, 21) if", "(0, 15) if True or", "FAILS has 0; the seeds are 1 to 20"),
    ],
}


def test_the_list(asked):
    listed = re.findall(r"^ ?(\d+)  ([a-z-]+)  +\S.*\((\w+)\)$", asked(""), re.MULTILINE)
    assert [(int(number), name) for number, name, _ in listed] == list(enumerate(NAMES, 1))
    assert len(NAMES) == 12
    for _, name, chapter in listed:
        assert chapter == exercise(name).CHAPTER in READING_ORDER
        assert title(name).endswith(".") and len(title(name)) <= 64


def test_without_docstrings(asked):
    """python -OO leaves them out; the tasks are there all the same."""
    done = subprocess.run(
        [sys.executable, "-OO", "-m", "pyref", "exercise", "xor-units", "-o", "there.py"],
        stdout=subprocess.PIPE, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8",
             "PYTHONPATH": str(Path(pyref.__file__).parents[1])},
    )
    here = asked("xor-units -o here.py").replace("here.py", "there.py")
    assert done.stdout == here.replace(": pyref ", ": python3 -m pyref ")  # as it was started


@pytest.mark.parametrize("name", FILES)
def test_what_it_begins_with_is_wrong_and_the_solution_is_right(asked, name):
    task = asked(name)
    assert task.startswith(title(name)) and f"File: {name}.py" in task
    assert f"pyref exercise {name} --check" in task
    assert Path(f"{name}.py").read_text(encoding="utf-8") == exercise(name).START
    begun = asked(f"{name} --check", 1)
    assert begun.startswith(f"not yet     {name}.py: ") and "--hint" in begun
    written(name, asked(f"{name} --solution"))
    assert asked(f"{name} --check").startswith(f"right       {name}.py: ")


@pytest.mark.parametrize(
    "name, changed, to, said", [(name, *case) for name in FILES for case in WRONG[name]]
)
def test_what_is_wrong_is_said(asked, name, changed, to, said):
    solution = exercise(name).SOLUTION
    assert changed in solution
    written(name, solution.replace(changed, to))
    assert said in asked(f"{name} --check", 1)


@pytest.mark.parametrize("name", ["why-diverges", "break-symmetry"])
def test_the_same_verdict_by_either_engine(asked, monkeypatch, backend, name):
    monkeypatch.setenv("PYREF_BACKEND", backend)
    written(name, exercise(name).SOLUTION)
    said = asked(f"{name} --check")
    monkeypatch.setenv("PYREF_BACKEND", "python")
    assert said == asked(f"{name} --check")


def test_a_file_that_is_there_stays(asked):
    written("xor-units", "mine")
    assert "is there already and stays as it is" in asked("xor-units")
    assert Path("xor-units.py").read_text() == "mine"
    assert "File: own.py, to be filled in" in asked("xor-units -o own.py")
    assert asked("xor-units --check own.py", 1).startswith("not yet     own.py")


@pytest.mark.parametrize("text, said", [
    ("x = 1\nHIDDEN = [(\n", "line 2: SyntaxError"),
    ("\n\nHIDDEN = 1 / 0\n", "line 3: ZeroDivisionError: division by zero: HIDDEN = 1 / 0"),
    ("import sys\nsys.exit(3)\n", "line 2: SystemExit: 3: sys.exit(3)"),
    ("", "there is no HIDDEN in it: a list of units"),
    ("HIDDEN = 3", "HIDDEN is 3: a list of units"),
    ("x = 'caf\udce9'", "line 1: SyntaxError: (unicode error) 'utf-8'"),
    ("x = '\0'", "it is no Python"),
    ("  x = 1", "line 1: IndentationError"),
])
def test_errors_in_a_file_are_shown_with_their_line(asked, text, said):
    Path("xor-units.py").write_bytes(text.encode("utf-8", "surrogateescape"))
    told = asked("xor-units --check", 1)
    assert said in told and "Traceback" not in told


def test_errors_of_a_function_are_shown_with_their_line(asked):
    written("sum-order", "A, B, C = 0.1, 0.2, 0.3\ndef pre_activation(b, x, w):\n    return x['a']")
    said = asked("sum-order --check", 1)
    assert "line 3: TypeError: " in said and said.split("\n")[0].endswith(": return x['a']")
    written("sum-order", "A, B, C = 0.1, 0.2, 0.3\ndef pre_activation(b):\n    return b")
    assert "TypeError: pre_activation() takes 1 positional argument" in asked(
        "sum-order --check", 1
    )
    written("sum-order", "A, B, C = 0.1, 0.2, 0.3\ndef pre_activation(b, x, w):\n    return '1'")
    assert "found the text '1'" in asked("sum-order --check", 1)


def test_the_verdict_as_an_object(asked, capsys):
    written("xor-units", "print('mine')\n" + exercise("xor-units").SOLUTION)
    assert main(["exercise", "xor-units", "--check", "--json"]) == 0
    printed = capsys.readouterr()
    assert "mine" in printed.err
    found = json.loads(printed.out)
    assert found == {"exercise": "xor-units", "file": "xor-units.py", "right": True,
                     "message": "the answers to 00, 01, 10, 11 are 0, 1, 1, 0"}
    written("xor-units", "OUTPUT = 1")
    assert main(["exercise", "xor-units", "--check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["right"] is False


@pytest.mark.parametrize("name", NAMES)
def test_hints(asked, name):
    hints = exercise(name).HINTS
    assert len(hints) >= 2
    assert asked(f"{name} --hint") == asked(f"{name} --hint 1")
    for number, hint in enumerate(hints, 1):
        said = asked(f"{name} --hint {number}").splitlines()
        assert said[0].split() == f"Hint {number} of {len(hints)}: {hint}".split()
        further = [f"next: pyref exercise {name} --hint {number + 1}"] * (number < len(hints))
        assert said[1:] == further
    assert "hints, and no number" in asked(f"{name} --hint {len(hints) + 1}", 2)


def test_a_number_is_as_good_as_a_name(asked):
    assert asked("3 --solution") == exercise(NAMES[2]).SOLUTION
    assert "there is no xor-units.py" in asked("1 --check", 2)
    assert "next: pyref exercise new-activation --hint 2" in asked(f"{len(NAMES)} --hint")
    assert "there is no exercise '13'" in asked("13", 2)
    assert "new-activation needs a clone" in asked("")


def test_it_says_what_to_type_as_it_was_started(asked, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["./pyref.pyz"])
    assert "Then: python3 ./pyref.pyz exercise xor-units --check" in asked("1")
    said = asked("") + asked("1 --hint") + asked("1 --check", 1) + asked("2 --check", 2)
    said = said.replace("python3 ./pyref.pyz", "")
    assert "pyref exercise" not in said and "pyref read" not in said


@pytest.mark.parametrize("line, said", [
    ("nothing", "there is no exercise 'nothing'; there are xor-units, "),
    ("xor-unit --check", "there is no exercise 'xor-unit'; did you mean xor-units?"),
    ("xor-units --check .", ".: this is a folder, and a file is needed"),
    ("xor-units -o .", ".: this is a folder, and a file is needed"),
    ("xor-units --check", "there is no xor-units.py: pyref exercise xor-units writes it"),
    ("--check", "which exercise?"),
    ("--solution", "which exercise?"),
    ("xor-units --json", "--json is for the verdict of --check"),
    ("xor-units --check --hint", "not allowed with"),
    ("xor-units --hint 0", "--hint"),
    ("new-activation --check .", "is no copy of pyref's sources"),
    ("xor-units -o nowhere/x.py", "nowhere/x.py"),
])
def test_bad_usage(asked, line, said):
    assert said in asked(line, 2)


def test_fractions_are_exact():
    third = Exact(1) / 3
    assert third + third + third == 1 == 1.0 and 0.5 < 2 * third < 1 and -third == 0 - third
    assert third ** 2 == 1 / Exact(9) and abs(-third) == +third and float(third) == 1 / 3
    assert isinstance(third ** 0.5, float) and 1 - third >= 2 * third >= third <= 1.0 - third
    assert third != 1 / 3  # the float is another number
    assert {third: 1}[Exact(1) / 3] == 1


# What follows takes sources of C, and the last of it a compiler.


@pytest.fixture
def folder(asked):
    if not (copying.CLONE / "csrc").is_dir():
        pytest.skip("the kernel's source is not beside the package")
    assert "File: new-activation" in asked("new-activation")
    return Path("new-activation")


def apply(folder, edits):
    for file, before, text in edits:
        path = folder / file
        source = path.read_text(encoding="utf-8")
        assert source.count(f"\n{before}") == 1, before
        path.write_text(source.replace(f"\n{before}", f"\n{text}{before}"), encoding="utf-8")


EDITS = new_activation.SOLUTION_EDITS
IN_PYTHON, IN_C = EDITS[:3], EDITS[3:]


def test_the_folder_begins_without_a_kernel_and_stays(asked, folder):
    assert not list(folder.rglob("_kernel*"))
    assert (folder / "csrc" / "kernel.c").is_file()
    assert "the table ACTIVATIONS has no isru" in asked("new-activation --check", 1)
    apply(folder, IN_PYTHON)
    assert "is there already" in asked("new-activation")
    assert "no function that begins with INLINE double isru(" in asked("new-activation --check", 1)


@pytest.mark.parametrize("changed, to, said", [
    ("root * root * root", "y * root * root", "Python: isru_derivative at z = 0.0: expected 1.0"),
    ("return z * root", "return z / sqrt(1.0 + z * z)", "Python: isru at z = "),
    ("return z * root", "return zz * root", "NameError: name 'zz' is not defined"),
    ("return z * root", "return z * root)", "SyntaxError"),
])
def test_mistakes_in_the_python_of_a_new_activation(asked, folder, changed, to, said):
    apply(folder, [edit._replace(text=edit.text.replace(changed, to)) for edit in IN_PYTHON])
    told = asked("new-activation --check", 1)
    assert said in told and "Traceback" not in told


@pytest.mark.parametrize("left_out, said", [
    (0, "no function that begins with INLINE double isru("),
    (1, "EACH_ACTIVATION has no line ROW(ISRU, isru, isru_derivative)"),
    (2, "the names of ACTIVATIONS have no ISRU"),
])
def test_what_is_missing_in_the_c_of_a_new_activation(folder, left_out, said):
    apply(folder, [edit for place, edit in enumerate(IN_C) if place != left_out])
    texts = [(folder / edit.file).read_text(encoding="utf-8") for edit in (IN_C[0], IN_C[2])]
    with pytest.raises(Wrong, match=re.escape(said)):
        new_activation.check_names(*texts)


def test_without_a_compiler_it_says_what_is_missing(asked, folder, monkeypatch):
    apply(folder, EDITS)
    monkeypatch.setattr(copying, "what_is_missing", lambda: "a C compiler (cc)")
    said = asked("new-activation --check", 2)
    assert "the Python is right; to compile the C, a C compiler (cc) is needed" in said
    monkeypatch.undo()
    monkeypatch.setenv("CC", "there-is-no-such-compiler -x")
    assert copying.what_is_missing() in (
        "a C compiler (there-is-no-such-compiler)", "cffi (pip install cffi)",
        "a POSIX system, such as Linux, macOS or Windows' WSL",
    )


def test_without_sources_it_says_so(asked, monkeypatch, tmp_path):
    monkeypatch.setattr(copying, "CLONE", tmp_path)
    assert "needs pyref's sources" in asked("new-activation", 2)
    assert not Path("new-activation").exists()


def test_a_new_activation_in_both_engines(asked, folder):
    """Compiles two kernels, which takes half a minute: where PYREF_EXERCISES is set."""
    if not os.environ.get("PYREF_EXERCISES"):
        pytest.skip("PYREF_EXERCISES is not set")
    require_kernel()
    if copying.what_is_missing():
        missing(copying.what_is_missing())
    apply(folder, EDITS)
    source = folder / "csrc/reference/activations.c"
    right = source.read_text(encoding="utf-8")
    source.write_text(right.replace("return z * root;", "return z * root"), encoding="utf-8")
    assert "the compiler: " in asked("new-activation --check", 1)
    wrong = right.replace("return z * root;", "return z / sqrt_(1.0 + z * z);")
    source.write_text(wrong, encoding="utf-8")
    assert "the engines have other weights" in asked("new-activation --check", 1)
    source.write_text(right, encoding="utf-8")
    assert asked("new-activation --check").startswith("right       new-activation: 4 trainings")
