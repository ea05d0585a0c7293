"""`pyref completion`: what shells offer, asked of the shells themselves where they are here."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pyref.command_line.completion import names, parsers
from pyref.command_line.help.shells import SHELLS, commands_of
from pyref.tables.sources import BUILT_IN

pytestmark = pytest.mark.usefixtures("in_a_folder")


def shell(name):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def script(run, name):
    text = run(f"completion {name}").out
    Path("script").write_text(text, encoding="utf-8")
    return text


OFFERED = [
    ("pyref tr", ["train"]),
    ("pyref ", ["check-gradient", "verify", "help", "--version"]),
    ("pyref train --learn", ["--learning-rate"]),
    ("pyref train iris --task cl", ["classify"]),
    ("pyref train iris --task = cl", ["classify"]),
    ("pyref train iris --task =", ["classify", "regress"]),
    ("pyref train iris --optimizer RM", ["RMSprop"]),
    ("pyref predict --bad-rows ", ["blank", "error"]),
    ("pyref train ir", ["iris", "irises.csv"]),
    ("pyref predict mo", ["model one.json", "moons", "more"]),
    ("pyref train iris -o mo", ["model one.json", "more"]),
    ("pyref help ver", ["verify"]),
    ("pyref tutorial x", ["xor"]),
    ("pyref completion f", ["fish"]),
    ("pyref train iris --epochs ", []),
]


def test_what_bash_offers(run):
    """As readline asks: the words in COMP_WORDS, the place in COMP_CWORD, the answer in
    COMPREPLY."""
    script(run, "bash")
    for name in ("irises.csv", "model one.json", "more"):
        Path(name).touch()
    asked = "source ./script\n"
    for line, _ in OFFERED:
        words = line.split() + [""] * line.endswith(" ")
        quoted = " ".join(f"'{word}'" for word in words)
        asked += (
            f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _pyref\n"
            "printf '%s\\n' \"${COMPREPLY[@]}\"; echo ---\n"
        )
    done = subprocess.run(
        [shell("bash"), "--norc", "-c", asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", timeout=60,
    )
    assert done.stderr == ""
    answers = [part.split("\n")[:-1] for part in done.stdout.split("---\n")[:-1]]
    for (line, wanted), offered in zip(OFFERED, answers):
        if line in ("pyref ", "pyref train iris --task ="):
            assert set(wanted) <= set(offered), line
        else:
            assert sorted(offered) == sorted(wanted or [""]), line


def test_bash_binds_it(run):
    script(run, "bash")
    done = subprocess.run([shell("bash"), "--norc", "-c", "source ./script; complete -p pyref"],
                          stdout=subprocess.PIPE, encoding="utf-8", timeout=60)
    assert done.stdout == "complete -F _pyref pyref\n"


def test_zsh_takes_it(run):
    script(run, "zsh")
    subprocess.run([shell("zsh"), "-n", "script"], check=True, timeout=60)


def test_fish_offers(run):
    script(run, "fish")
    done = subprocess.run(
        [shell("fish"), "-c", "source ./script; complete -C 'pyref train iris --task cl'"],
        stdout=subprocess.PIPE, encoding="utf-8", timeout=60, check=True,
    )
    assert done.stdout.split()[0] == "classify"


@pytest.mark.parametrize("name", SHELLS)
def test_every_option_of_every_command_is_in_it(run, name):
    text = script(run, name)
    for command, (parser, _) in parsers().items():
        for option in parser._option_string_actions:
            wanted = f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
            here = [line for line in text.splitlines() if f"from {command}'" in line]
            assert any(wanted in line for line in here) if name == "fish" else option in text
    assert all(word in text for word in (*BUILT_IN, "classify", "AdamW", "glorot_uniform"))


def test_what_takes_files():
    commands = {command.name: command for command in commands_of(parsers(), names())}
    assert commands["train"].others.files and commands["verify"].others.files
    assert not commands["bench"].others.files and not commands["help"].others.files
    with_files = {
        name for option in commands["train"].options if option.value and option.value.files
        for name in option.names
    }
    assert with_files == {
        "-o", "--output", "--history", "--resume", "--init", "--validation", "--test"
    }
