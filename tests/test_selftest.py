"""The golden digests, the command that checks them, and the kernel's canary."""

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import missing, require_kernel
import pyref
from pyref.reference.activations import ACTIVATIONS
from pyref.command_line import main
from pyref.engine import backend as engines
from pyref.engine import canary
from pyref.files.document import read
from pyref.reference.generator import Stream
from pyref.reference.initializers import INITIALIZERS
from pyref.reference.losses import LOSSES
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.schedules import SCHEDULES
from pyref.selftest import recipes, write
from pyref.reference.stopping import RULES

GOLDEN = recipes.golden()
QUICK = [recipe for recipe in GOLDEN.recipes if recipe.truth("quick")]


def name_of(recipe):
    return recipe.text("name")


@pytest.mark.parametrize("recipe", GOLDEN.recipes, ids=name_of)
def test_digests_are_the_golden_ones(backend, recipe):
    assert recipes.computed(recipe, backend) == recipes.expected(recipe)


def test_every_instruction_set_gives_them(monkeypatch):
    require_kernel()
    kernel = engines.kernel
    for number in range(kernel.lib.best_instruction_set() + 1):
        monkeypatch.setattr(kernel.calls, "instruction_set", number)
        for recipe in QUICK:
            assert recipes.computed(recipe, "c") == recipes.expected(recipe), (number, recipe)


def test_any_number_of_threads_gives_them(capsys):
    require_kernel()
    for threads in ("1", "3"):
        arguments = ["selftest", "--quick", "--backend", "c", "--threads", threads]
        if int(threads) <= engines.kernel.lib.most_threads():
            assert main(arguments) == 0
    usual = engines.kernel.pace.team.__name__
    assert usual == "team"
    assert main(["selftest", "--backend", "c", "--threads", "100000"]) == 2
    assert "built for at most" in capsys.readouterr().err


def test_the_digests_are_of_this_specification():
    assert GOLDEN.specification == pyref.SPECIFICATION


def test_names_are_different():
    names = [name_of(recipe) for recipe in GOLDEN.recipes]
    assert len(set(names)) == len(names) >= 40


USED = {
    "activations": (ACTIVATIONS, lambda network, training: network["hidden"] + [network["output"]]),
    "losses": (LOSSES, lambda network, training: [training["loss"]]),
    "optimizers": (OPTIMIZERS, lambda network, training: [training["optimizer"]["name"]]),
    "schedules": (SCHEDULES, lambda network, training: [training["schedule"]["name"]]),
    "rules": (RULES, lambda network, training: [rule["name"] for rule in training["stop"]]),
    "initializers": (INITIALIZERS, lambda network, training: [network["initializer"]]),
    "regularization": (
        ["l1", "l2", "dropout", "input_dropout", "clip_value", "clip_norm"],
        lambda network, training: [n for n, v in training["regularization"].items() if v],
    ),
}
NO_TRAINING = {"loss": None, "optimizer": {"name": None}, "schedule": {"name": None}, "stop": [],
               "regularization": {}}


@pytest.mark.parametrize("kind", USED)
def test_the_quick_recipes_use_every_name(kind):
    table, names_in = USED[kind]
    used = set()
    for recipe in QUICK:
        told = recipe.members
        used.update(names_in(told["network"], told["training"] or NO_TRAINING))
    assert set(table) <= used


def test_the_quick_recipes_use_what_has_no_table():
    told = [recipe.members for recipe in QUICK]
    trainings = [t["training"] for t in told if t["training"]]
    assert any(not t["network"]["biases"] for t in told)
    assert any(t["weighted"] for t in told) and any(t["validation_rows"] for t in told)
    assert any(t["label_smoothing"] for t in trainings)
    assert any(t["class_weights"] for t in trainings)
    assert any(t.get("validation_every", 1) > 1 for t in trainings)
    assert any(t["rows"] % (t["training"]["batch_size"] or 1) for t in told if t["training"])


def test_rows_by_hand():
    """The rule in the docstring, with the first numbers of numpy.random.seed(1)'s stream."""
    u = [0.417022004702574, 0.7203244934421581, 0.00011437481734488664, 0.30233257263183977]
    inputs, targets = recipes.rows_of(Stream(1), 1, [2, 3], "softmax", 0.5)
    assert inputs == [[0.5 * (2 * u[0] - 1), 0.5 * (2 * u[1] - 1)]]
    assert targets == [[1.0, 0.0, 0.0]]
    assert recipes.rows_of(Stream(1), 1, [2, 2], "tanh", 1.0)[1] == [u[2:]]


def test_the_digest_is_of_big_endian_doubles():
    """SHA-256 of 3f f0 00 00 00 00 00 00, 1.0 in IEEE 754, by the sha256sum of GNU coreutils."""
    assert struct.pack(">d", 1.0).hex() == "3ff0000000000000"
    assert recipes.sha256([1.0]) == pyref.Network(
        [1, 1], initializer=[[[1.0]]], biases=False
    ).digest()


def test_the_command_says_that_all_is_well(capsys):
    assert main(["selftest", "--quick", "--backend", "python"]) == 0
    output = capsys.readouterr().out
    assert f"all bits are right ({len(QUICK)} recipes, 1 engine" in output
    assert output.count(" same\n") == len(QUICK)


def test_the_command_notices_a_wrong_bit(capsys, monkeypatch):
    """One constant of one activation, off by its last bit."""
    wrong = pyref.reference.activations.unit_by_unit(
        lambda z: z if z >= 0.0 else 0.010000000000000002 * z,
        pyref.reference.activations.leaky_relu_derivative,
    )
    monkeypatch.setitem(ACTIVATIONS, "leaky_relu", wrong)
    assert main(["selftest", "--quick", "--backend", "python"]) == 1
    output = capsys.readouterr().out
    (line,) = [line for line in output.splitlines() if line.startswith("RMSprop, leaky ReLU")]
    assert line.endswith(" history")
    assert "1 results are WRONG" in output


def test_the_command_says_what_is_wrong_with_the_arithmetic(capsys, monkeypatch):
    def refuse():
        raise ArithmeticError("subnormal numbers are flushed to zero")

    monkeypatch.setattr(pyref.engine.python, "check_arithmetic", refuse)
    assert main(["selftest", "--quick", "--backend", "python"]) == 1
    assert "Python: subnormal numbers are flushed to zero" in capsys.readouterr().out


def test_writing_is_refused_once_the_specification_is_frozen(monkeypatch):
    monkeypatch.setattr(write, "SPECIFICATION", 1)
    assert "frozen" in write.refusal(["adam"], False)
    assert write.refusal([], False) == "" == write.refusal(["adam"], True)
    monkeypatch.setattr(write, "SPECIFICATION", 0)
    assert write.refusal(["adam"], False) == ""


def test_the_writer_writes_what_is_there(tmp_path, monkeypatch, capsys):
    paths = {"PATH": write.PATH, "CANARY_PATH": write.CANARY_PATH}
    for name, path in paths.items():
        monkeypatch.setattr(write, name, str(tmp_path / name))
    monkeypatch.setattr(write, "golden", lambda: GOLDEN._replace(recipes=QUICK))
    assert write.main([]) == 0
    assert capsys.readouterr().out.endswith("changed: none\n")
    written = recipes.golden_in(read(tmp_path / "PATH", recipes.KIND))
    assert [recipe.members for recipe in written.recipes] == [recipe.members for recipe in QUICK]
    assert (tmp_path / "CANARY_PATH").read_bytes() == Path(write.CANARY_PATH).read_bytes()


def test_the_writer_says_what_has_changed(tmp_path, monkeypatch, capsys):
    name, path = name_of(QUICK[0]), tmp_path / "golden.json"
    other = {**QUICK[0].members, "parameters": "0" * 64}
    members = type(QUICK[0])("golden", "", other)
    monkeypatch.setattr(write, "golden", lambda: GOLDEN._replace(recipes=[members]))
    monkeypatch.setattr(write, "PATH", str(path))
    monkeypatch.setattr(write, "CANARY_PATH", str(tmp_path / "canary.py"))
    monkeypatch.setattr(write, "SPECIFICATION", 1)
    assert write.main([]) == 1 and not path.exists()
    assert f"new: none; changed: {name}\n" in capsys.readouterr().out
    assert write.main(["--new-specification"]) == 0
    (written,) = recipes.golden_in(read(path, recipes.KIND)).recipes
    assert written.members == QUICK[0].members


def test_the_writer_adds_recipes_to_a_frozen_specification(tmp_path, monkeypatch, capsys):
    without = {k: v for k, v in QUICK[0].members.items() if k not in recipes.Digests._fields}
    members = type(QUICK[0])("golden", "", without)
    monkeypatch.setattr(write, "golden", lambda: GOLDEN._replace(recipes=[members]))
    monkeypatch.setattr(write, "PATH", str(tmp_path / "golden.json"))
    monkeypatch.setattr(write, "CANARY_PATH", str(tmp_path / "canary.py"))
    monkeypatch.setattr(write, "SPECIFICATION", 1)
    assert write.main([]) == 0
    assert f"new: {name_of(QUICK[0])}; changed: none\n" in capsys.readouterr().out
    (written,) = recipes.golden_in(read(tmp_path / "golden.json", recipes.KIND)).recipes
    assert written.members == QUICK[0].members


# The canary.


def test_the_reference_gives_the_canary_s_digests():
    assert canary.reference_digests() == canary.DIGESTS
    assert canary.differences({}) == list(canary.DIGESTS)


@pytest.fixture
def check():
    require_kernel()
    from pyref.engine import kernel_check

    return kernel_check


def test_the_kernel_passes(check):
    assert check.unusable() is None


def test_the_canary_hears_one_wrong_bit(check, monkeypatch):
    def apply(name, values):
        results = list(right(name, values))
        if name == "tanh":
            results[20] *= 1.0 + 2.0**-52
        return results

    right = check.apply
    monkeypatch.setattr(check, "apply", apply)
    assert check.unusable().startswith("the kernel gives other bits than the reference (tanh): ")


def test_the_canary_hears_a_wrong_step(check, monkeypatch):
    def train(run, data, epochs):
        right(run, data, epochs)
        if run.regularization.dropout:
            run.layers[0].weights[1][2] *= 1.0 + 2.0**-52

    right = check.train
    monkeypatch.setattr(check, "train", train)
    assert "(a training with dropout)" in check.unusable()


@pytest.mark.parametrize("gone", ["elementary", "train", "ADAM", "ELEMENTARY_POWER"])
def test_a_kernel_that_lacks_something_is_not_used(check, monkeypatch, gone):
    class Older:
        def __getattr__(self, name):
            if name == gone:
                raise AttributeError(f"no {gone}")
            return getattr(lib, name)

    from pyref.engine import buffers, kernel_training

    lib = buffers.lib
    monkeypatch.setattr(check.calls, "lib", Older())
    monkeypatch.setattr(buffers, "lib", Older())
    for module in (check, kernel_training, buffers):
        monkeypatch.setattr(module, "code", buffers.code.__wrapped__)
    assert f"other sources than these (no {gone})" in check.unusable()


def test_a_kernel_of_other_sources_is_not_used(check, monkeypatch, tmp_path):
    monkeypatch.setattr(check, "SOURCES", str(tmp_path / "none"))
    assert check.unusable() is None  # an installed package has no sources beside it
    (tmp_path / "csrc").mkdir()
    (tmp_path / "csrc" / "kernel.c").write_text("/* newer */\n", encoding="utf-8")
    monkeypatch.setattr(check, "SOURCES", str(tmp_path / "csrc"))
    assert "was built from other sources" in check.unusable()


def test_a_stale_kernel_ends_in_kernel_missing(tmp_path):
    """A module pyref._kernel without most of its constants: Python takes over, with the reason."""
    package = tmp_path / "pyref"
    shutil.copytree(Path(pyref.__file__).parent, package,
                    ignore=shutil.ignore_patterns("_kernel*", "__pycache__"))
    (package / "_kernel.py").write_text(
        "class Library:\n    PLAIN = 0\n\nffi, lib = None, Library()\n", encoding="utf-8"
    )
    program = "import pyref; print(pyref.backend, pyref.kernel_missing)"
    environment = {k: v for k, v in os.environ.items() if k not in ("PYREF_BACKEND", "PYTHONPATH")}
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment,
                          capture_output=True, encoding="utf-8")
    assert done.stderr == ""
    assert done.stdout.startswith("python it was built from other sources than these: ")


def compiler():
    found = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if not found:
        missing("no C compiler")
    return found.split()[0]


FUSES = """
#include "arithmetic.h"
__attribute__((noinline)) double f(double a, double b, double c) { return a * b + c; }
#include <stdio.h>
int main(void)
{
    double a = 1.0 + 0x1p-27;   /* a * a is 1 + 2^-26 + 2^-54, of which a double holds no more
                                   than 1 + 2^-26 */
    puts(f(a, a, -(1.0 + 0x1p-26)) == 0.0 ? "rounded twice" : "fused");
    return 0;
}
"""


def test_the_pragmas_outdo_a_compiler_that_is_told_to_fuse(tmp_path):
    """-ffp-contract=fast for a processor with fused instructions: the header still says no."""
    source = Path(__file__).resolve().parent.parent / "csrc"
    flags = Path("/proc/cpuinfo")
    if not source.is_dir() or not flags.exists() or " fma " not in flags.read_text():
        pytest.skip("needs the sources, and a processor that fuses")
    (tmp_path / "fuses.c").write_text(FUSES, encoding="utf-8")
    arguments = ["-O2", "-mfma", "-ffp-contract=fast", "fuses.c", "-o", "fuses"]

    def output(include):
        subprocess.run([compiler(), f"-I{include}", *arguments], cwd=tmp_path, check=True)
        return subprocess.run([tmp_path / "fuses"], stdout=subprocess.PIPE, check=True,
                              encoding="utf-8").stdout.strip()

    assert output(source) == "rounded twice"
    # The test can fail: without the header's pragmas, the same program fuses.
    (tmp_path / "arithmetic.h").write_text("", encoding="utf-8")
    assert output(tmp_path) == "fused"
