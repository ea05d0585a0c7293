"""Names that would act on a terminal: shown escaped by every command, and exact in data."""

import csv
import json
import sys
from pathlib import Path

import pytest

from pyref import Network
from pyref.command_line import main, saying
from pyref.command_line.table import SUMMARIES

CLEAR, TITLE = "\x1b[2J", "\x1b]0 root\x07"
BIDI, C1 = "\u202e\u2066", "\x9b31m"
DATA = f"da{CLEAR}ta{BIDI}.csv"
MODEL = f"mo{CLEAR}del.json"
NAMES = [f"wi{TITLE}dth", f"hei{C1}ght", f"ki{BIDI}nd"]
CLASSES = [f"ca{CLEAR}t", "d\x7fog"]
ACTING = {chr(code) for code in saying.ACTING} - {"\n"}


@pytest.fixture
def hostile(in_a_folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")  # where lines break is another matter
    with open(DATA, "w", encoding="utf-8", newline="") as file:
        rows = [[i % 7 + 0.5, i % 5 - 0.25, CLASSES[i % 2]] for i in range(30)]
        csv.writer(file).writerows([NAMES, *rows])
    assert main(["train", DATA, "--epochs", "3", "-o", MODEL, "--checkpoint-every", "2"]) == 0


def said(capsys):
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert not ACTING & set(text), [line for line in text.splitlines() if ACTING & set(line)]
    return text


def test_train_shows_names_escaped(hostile, capsys):
    text = said(capsys)
    for shown in (r"da\x1b[2Jta\u202e\u2066.csv", r"wi\x1b]0 root\x07dth", r"hei\x9b31mght",
                  r"ki\u202e\u2066nd", r"ca\x1b[2Jt", r"d\x7fog", r"mo\x1b[2Jdel.json"):
        assert shown in text
    assert Network.load(MODEL).class_names == CLASSES  # and they are what they were


@pytest.mark.parametrize(
    "words, shown",
    [
        (["predict", MODEL, DATA, "-o", f"out{CLEAR}.csv"], r"out\x1b[2J.csv"),
        (["evaluate", MODEL, DATA], r"ca\x1b[2Jt"),
        (["show", MODEL], r"wi\x1b]0 root\x07dth"),
        (["plot", MODEL, DATA], r"mo\x1b[2Jdel.curves.svg"),
        (["explain", MODEL, DATA], r"x[0] wi\x1b]0 root\x07dth"),
        (["check-gradient", MODEL, DATA], "gradient"),
        (["verify", MODEL, DATA], "identical"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_commands_show_names_escaped(hostile, capsys, words, shown):
    capsys.readouterr()
    main(words)
    assert shown in said(capsys)


def test_texts_of_a_recipe_are_escaped(hostile, capsys):
    network = Network.load(MODEL)
    network.recipe["no\x1bte"] = f"by {CLEAR}hand\nrepeatable  yes"
    network.recipe["not_repeatable"] = f"be{CLEAR}cause"
    network.save(MODEL)
    capsys.readouterr()
    assert main(["show", MODEL]) == 0
    text = said(capsys)
    assert r"no\x1bte: by \x1b[2Jhand\nrepeatable  yes" in text and r"be\x1b[2Jcause" in text
    assert main(["verify", MODEL, DATA]) == 2
    assert r"be\x1b[2Jcause" in said(capsys)


@pytest.mark.parametrize("name", SUMMARIES)
def test_errors_of_every_command_show_names_escaped(in_a_folder, capsys, name):
    wrong = f"a{CLEAR}b{BIDI}"
    texts = []
    for words in ([wrong], [wrong, wrong], [wrong, wrong, wrong]):
        assert main([name, *words]) == 2
        texts.append(said(capsys))
    assert any(r"\x1b[2J" in text for text in texts)


def test_files_that_are_refused_are_named_escaped(hostile, capsys):
    document = json.loads(Path(MODEL).read_text(encoding="utf-8"))
    document["layers"][0]["activation"] = CLEAR
    Path(MODEL).write_text(json.dumps(document), encoding="utf-8")
    capsys.readouterr()
    assert main(["show", MODEL]) == 2
    assert r"mo\x1b[2Jdel.json" in said(capsys)


def test_answers_are_exact_in_a_pipe_and_in_a_file(hostile, capsys):
    capsys.readouterr()
    assert main(["predict", MODEL, DATA]) == 0
    piped = capsys.readouterr().out
    first = next(csv.reader(piped.splitlines()))
    assert first == [NAMES[2], *(f"probability_{name}" for name in CLASSES)]
    assert main(["predict", MODEL, DATA, "-o", "out.csv"]) == 0
    assert Path("out.csv").read_bytes() == piped.encode("utf-8")
    capsys.readouterr()


def test_answers_are_escaped_on_a_terminal(hostile, capsys, monkeypatch):
    capsys.readouterr()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["predict", MODEL, DATA]) == 0
    text = said(capsys)
    assert r"probability_ca\x1b[2Jt,probability_d\x7fog" in text
    assert len(text.splitlines()) == 31


def test_what_is_harmless_stays_as_it_is():
    text = "Größe, 高さ, גובה, 👩‍🔬, a\\b"
    assert saying.visible(text) == text
