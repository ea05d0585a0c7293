"""`pyref completion`: what shells offer, asked of the shells themselves where they are here."""

import os
import select
import shutil
import subprocess
from pathlib import Path

import pytest

from pyref.command_line.completion import names, parsers
from pyref.command_line.help.shells import SHELLS, commands_of
from pyref.reference.optimizers import OPTIMIZERS
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
    ("pyref --ver", ["--version"]),
    ("pyref train --learn", ["--learning-rate"]),
    ("pyref train iris --task cl", ["classify"]),
    ("pyref train iris --task=cl", ["classify"]),
    ("pyref train iris --task=", ["auto", "classify", "labels", "regress"]),
    ("pyref train iris --optimizer RM", ["RMSprop"]),
    ("pyref predict --bad-rows ", ["blank", "error"]),
    ("pyref train ir", ["iris", "irises.csv"]),
    ("pyref predict mo", ["model one.json", "moons", "more"]),
    ("pyref train iris -o mo", ["model one.json", "more"]),
    ("pyref train iris --output=mo", ["model one.json", "more"]),
    ("pyref help ver", ["verify"]),
    ("pyref tutorial x", ["xor"]),
    ("pyref completion f", ["fish"]),
    ("pyref train iris --epochs ", []),
    ("pyref train iris --epochs=", []),
]


def test_bash_offers_names_in_any_case(run):
    """As the options take them; fish does so, and zsh where it is told to."""
    script(run, "bash")
    lines = ["pyref train iris --optimizer a", "pyref train XO", "pyref train --LEARN"]
    assert [sorted(words) for words in by_bash(shell("bash"), lines)] == [
        sorted(name for name in OPTIMIZERS if name.startswith("A")), ["xor"], ["--learning-rate"],
    ]


@pytest.mark.parametrize("name", SHELLS)
def test_what_a_shell_offers(run, name):
    path = shell(name)
    script(run, name)
    for file in ("irises.csv", "model one.json", "more"):
        Path(file).touch()
    lines = ["pyref ", *[line for line, _ in OFFERED]]
    commands, *offered = {"bash": by_bash, "zsh": by_zsh, "fish": by_fish}[name](path, lines)
    assert {"check-gradient", "verify", "help"} <= set(commands)
    for (line, wanted), words in zip(OFFERED, offered):
        assert sorted(filter(None, words)) == wanted, line
    assert len(offered) == len(OFFERED)


def parts(text):
    return [part.split("\n")[:-1] for part in text.split("---\n")[:-1]]


def by_bash(path, lines):
    """As readline asks: the words in COMP_WORDS, = one of them, the place in COMP_CWORD, the answer
    in COMPREPLY."""
    asked = "source ./script\n"
    for line in lines:
        words = line.replace("=", " = ").rstrip("= ").split()
        words += ["="] * line.endswith("=") + [""] * line.endswith(" ")
        quoted = " ".join(f"'{word}'" for word in words)
        asked += (
            f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _pyref\n"
            "printf '%s\\n' \"${COMPREPLY[@]}\"; echo ---\n"
        )
    done = subprocess.run(
        [path, "--norc", "-c", asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", timeout=60,
    )
    assert done.stderr == ""
    return parts(done.stdout)


# Completion is at work at a prompt only: there, each line is put and completed, and what the
# builtin compadd is to add is written down in its place.  With -A, -O and -D it only selects.
AT_A_PROMPT = r"""
fpath+=("$PWD")
autoload -Uz compinit && compinit -D -u
compadd() {
    if (( ${@[(I)-[AOD]*]} )); then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -O found "$@"
    (( $#found )) && print -rl -- ${(Q)found} >>offered
    return 0
}
zle-line-init() {
    for BUFFER in "${(@f)$(<lines)}"; do
        CURSOR=$#BUFFER
        zle complete-word
        print -r -- --- >>offered
    done
    exit
}
zle -N zle-line-init
"""


def by_zsh(path, lines):
    import pty

    Path("script").rename("_pyref")
    Path(".zshrc").write_text(AT_A_PROMPT, encoding="utf-8")
    Path("lines").write_text("\n".join(lines), encoding="utf-8")
    here, there = pty.openpty()
    surroundings = {"PATH": os.environ["PATH"], "TERM": "dumb", "ZDOTDIR": os.getcwd()}
    zsh = subprocess.Popen([path, "-d", "-i"], stdin=there, stdout=there, stderr=there,
                           env=surroundings, start_new_session=True)
    os.close(there)
    shown = b""
    while select.select([here], [], [], 60)[0]:
        try:
            piece = os.read(here, 4096)
        except OSError:  # so Linux tells that the other side is closed
            piece = b""
        shown += piece
        if not piece:
            break
    zsh.kill()
    zsh.wait()
    os.close(here)
    assert Path("offered").exists(), shown
    return parts(Path("offered").read_text(encoding="utf-8"))


def by_fish(path, lines):
    """It offers whole words, --task=classify, and behind a tab what they are."""
    asked = "source ./script\n" + "".join(f"complete -C '{line}'; echo ---\n" for line in lines)
    done = subprocess.run(
        [path, "-c", asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", timeout=60, env={**os.environ, "HOME": os.getcwd()},
    )
    assert done.stderr == ""
    return [
        [word.split("\t")[0].rpartition("=")[2] for word in words] for words in parts(done.stdout)
    ]


def test_bash_binds_it(run):
    script(run, "bash")
    done = subprocess.run([shell("bash"), "--norc", "-c", "source ./script; complete -p pyref"],
                          stdout=subprocess.PIPE, encoding="utf-8", timeout=60)
    assert done.stdout == "complete -F _pyref pyref\n"


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
