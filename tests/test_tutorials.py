"""The tutorials print the figures that their articles published, with either engine."""

import builtins
import doctest
import importlib

import pytest

import pyref.tutorials
from pyref.command_line import main
from pyref.tutorials import NAMES, TUTORIALS, printing, title

FIRST_WEIGHTS = "-0.16595599 0.44064899 -0.99977125"
PRINTED = {}  # what has been run already: the texts by name, engine and arguments


def run(capsys, name, backend, arguments=()):
    """What the tutorial prints."""
    key = (name, backend, *arguments)
    if key not in PRINTED:
        TUTORIALS[name]().main(list(arguments), backend)
        PRINTED[key] = capsys.readouterr().out
    return PRINTED[key]


def lines_with(text, words):
    """The lines that hold these words, each as a list of words without commas."""
    return [line.replace(",", "").split() for line in text.splitlines() if words in line]


def no_questions(prompt=""):
    raise AssertionError("this tutorial must not ask anything")


def test_the_list():
    assert list(TUTORIALS) == NAMES
    titles = [title(name) for name in NAMES]
    assert len(set(titles)) == len(NAMES)
    for line in titles:
        assert line.strip() == line and 40 <= len(line) <= 64 and line.endswith(".")


@pytest.mark.parametrize("module", [pyref.tutorials, printing])
def test_the_examples_in_the_docstrings(module):
    failed, tried = doctest.testmod(module)
    assert tried > 0 and failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_same_text_with_either_engine(capsys, monkeypatch, backend, name):
    monkeypatch.setattr(builtins, "input", no_questions)
    arguments = ["1", "0", "0"] if name == "new-situation" else []
    text = run(capsys, name, backend, arguments)
    assert text == run(capsys, name, "python", arguments)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert text.endswith("\n") and not text.endswith("\n\n")


@pytest.mark.parametrize("name", ["gates", "perceptron"])
def test_gates_and_perceptron_are_the_references_alone(name):
    module = importlib.import_module(f"pyref.tutorials.{name}")
    assert not hasattr(module, "Trainer") and not hasattr(module, "Network")


def test_gates(capsys):
    text = run(capsys, "gates", "auto")
    rows = {line.split()[0]: line for line in text.splitlines() if "→" in line}
    for name, outputs in {
        "AND": "0001", "OR": "0111", "NAND": "1110", "NOR": "1000", "XOR": "0110"
    }.items():
        pairs = ("00", "01", "10", "11")
        table = "   ".join(f"{pair} → {bit}" for pair, bit in zip(pairs, outputs))
        assert rows[name].endswith(table)
    assert rows["NOT"].endswith("0 → 1   1 → 0")
    assert "Among 1,331 units with whole numbers from −5 to 5: 0." in text


def epochs(text):
    """The lines of a table of epochs: epoch, mistakes, the two weights and the bias."""
    lines = [line.replace("(", "").replace(")", "").replace(",", "").split()
             for line in text.splitlines()]
    return [[int(word) for word in words] for words in lines
            if len(words) == 5 and words[0].isdigit()]


def test_perceptron(capsys):
    and_text, xor_text = run(capsys, "perceptron", "auto").split("XOR (0 1 1 0)")
    last = epochs(and_text)[-1]
    assert last[1] == 0
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        assert (last[2] * a + last[3] * b + last[4] >= 0) == (a == b == 1)
    table = epochs(xor_text)
    assert all(mistakes > 0 for _, mistakes, *_ in table)
    # The text says that weights and bias come back to where they have been.
    states = [tuple(state) for _, _, *state in table]
    assert len(set(states)) < len(states)


def test_third_input(capsys, backend):
    text = run(capsys, "third-input", backend)
    answers = {line[1]: line[-1] for line in lines_with(text, "iterations ")}
    assert answers == {"10": "0.65980921", "100": "0.87680541", "10000": "0.9897704"}


def test_first_input(capsys, backend):
    text = run(capsys, "first-input", backend)
    assert [" ".join(line[4:]) for line in lines_with(text, "weights at the start")] == [
        FIRST_WEIGHTS
    ]
    assert [" ".join(line[4:]) for line in lines_with(text, "weights after 10,000")] == [
        "9.67299303 -0.2078435 -4.62963669"
    ]
    assert [line[-1] for line in lines_with(text, "answer to (1, 0, 0)")] == [
        "0.45860596", "0.99993704"
    ]


def test_new_situation_with_arguments(capsys, monkeypatch, backend):
    monkeypatch.setattr(builtins, "input", no_questions)
    text = run(capsys, "new-situation", backend, ["1", "0", "0"])
    assert f"weights at the start               {FIRST_WEIGHTS}\n" in text
    assert "weights after 15,000 iterations    10.08740896 -0.20695366 -4.83757835\n" in text
    # sigmoid(10.08740896) = 1/(1 + 4.16e-5)
    assert "answer to (1, 0, 0): 0.9999584\n" in text


def test_new_situation_asks(capsys, monkeypatch, backend):
    answers = iter(["6", " 7 ", "8"])
    monkeypatch.setattr(builtins, "input", lambda prompt="": next(answers))
    # The article's own example, (6, 7, 8), printed as 1.
    assert "answer to (6, 7, 8): 1\n" in run(capsys, "new-situation", backend)


@pytest.mark.parametrize("text", ["x", "", "1,5", "nan", "inf", "-infinity", "1e999"])
def test_new_situation_refuses_what_is_no_number(text):
    with pytest.raises(ValueError, match="an input must be a (finite )?number") as error:
        TUTORIALS["new-situation"]().main(["1", text, "0"], "python")
    assert repr(text) in str(error.value)


def test_new_situation_refuses_it_on_the_terminal_too(monkeypatch):
    monkeypatch.setattr(builtins, "input", lambda prompt="": "perhaps")
    with pytest.raises(ValueError, match="an input must be a number.*not 'perhaps'"):
        TUTORIALS["new-situation"]().main([], "auto")


def test_new_situation_when_nobody_answers(monkeypatch, capsys):
    def end_of_file(prompt=""):
        print(prompt, end="")
        raise EOFError

    monkeypatch.setattr(builtins, "input", end_of_file)
    with pytest.raises(ValueError, match="three inputs were asked for"):
        TUTORIALS["new-situation"]().main([], "auto")
    assert capsys.readouterr().out.endswith("first input: \n")  # the error has its own line


@pytest.mark.parametrize("arguments", [["1"], ["1", "0"], ["1", "0", "0", "1"]])
def test_new_situation_takes_three_or_none(arguments):
    with pytest.raises(ValueError, match=f"takes three numbers.*found {len(arguments)}"):
        TUTORIALS["new-situation"]().main(arguments, "python")


def accuracies(text):
    """{iterations: percentage} of the tutorial bias, cut off after eight decimals as published."""
    return {int(line[0]): line[2][:11] for line in lines_with(text, " iterations: ")}


def test_bias(capsys, backend):
    as_printed, shared = run(capsys, "bias", backend).split("With one shared bias")
    assert list(accuracies(as_printed)) == list(range(1000, 10001, 1000))
    assert accuracies(as_printed)[10000] == "89.58854730"
    assert list(accuracies(shared)) == list(range(1000, 10001, 1000))
    assert accuracies(shared)[10000] == "98.96773380"


@pytest.mark.parametrize("backend", ["c"], indirect=True)  # in Python it takes two minutes
def test_bias_for_a_million_iterations(capsys, backend):
    text = run(capsys, "bias", backend, ["--iterations", "1000000"])
    as_printed, _ = text.split("With one shared bias")
    assert accuracies(as_printed)[10000] == "89.58854730"
    assert accuracies(as_printed)[1000000] == "96.15466658"


@pytest.mark.parametrize("iterations, reports", [
    (1, [1]),
    (1000, [1000]),
    (2500, [1000, 2000, 2500]),
    (10000, list(range(1000, 10001, 1000))),
    (25000, list(range(1000, 10001, 1000)) + [20000, 25000]),
])
def test_bias_reports(iterations, reports):
    assert TUTORIALS["bias"]().steps(iterations) == reports


@pytest.mark.parametrize("text", ["0", "-5", "1.5", "many", "", "²"])
def test_bias_refuses_other_counts(text):
    with pytest.raises(ValueError, match="whole number of at least 1") as error:
        TUTORIALS["bias"]().main(["--iterations", text], "python")
    assert repr(text) in str(error.value)


@pytest.mark.parametrize("arguments", [["1000"], ["--iterations"], ["--epochs", "5"]])
def test_bias_refuses_other_arguments(arguments):
    with pytest.raises(ValueError, match="takes --iterations N or nothing") as error:
        TUTORIALS["bias"]().main(arguments, "python")
    assert " ".join(arguments) in str(error.value)


def test_xor(capsys, backend):
    text = run(capsys, "xor", backend)
    assert [line[2:] for line in lines_with(text, "one neuron   ")] == [["0.5"] * 4]
    # What the same few lines give in NumPy 2.4, weights and all from its generator with seed 1.
    assert lines_with(text, "four hidden neurons   ")[0][3:] == [
        "0.00702172", "0.99101005", "0.99215207", "0.0104785"
    ]


def test_hidden_layers(capsys, backend):
    text = run(capsys, "hidden-layers", backend)
    losses = {int(line[1]): [float(word) for word in line[2:]]
              for line in lines_with(text, "iteration ") if line[0] == "iteration"}
    # From the same lines in NumPy 2.4.
    assert losses[1] == [0.495187, 0.500615, 0.531809]
    assert losses[5000] == [0.000347, 0.000296, 0.000169]
    # What the closing text says: the deeper, the later off the plateau at 0.5, and the lower.
    assert losses[1000][0] < losses[1000][1] < losses[1000][2]
    assert losses[1000][2] > 0.45
    assert losses[5000][0] > losses[5000][1] > losses[5000][2]
    for name in ("one ", "two ", "three "):
        outputs = [line[1:] for line in lines_with(text, name) if line[0] == name.strip()]
        assert [round(float(output)) for output in outputs[0]] == [0, 1, 1, 0]
    moves = [float(word) for word in lines_with(text, "first layer  ")[0][2:]]
    assert moves[0] > moves[1] > moves[2] > 0


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("new-situation", "bias")])
def test_arguments_that_nobody_asked_for(name):
    with pytest.raises(ValueError, match=f"the tutorial {name} takes no arguments.*found: a b"):
        TUTORIALS[name]().main(["a", "b"], "python")


@pytest.mark.parametrize("line", [
    "bias --iterations 5", "bias --iterations 5 --backend python",
    "bias --backend=python --iterations 5", "--backend python bias --iterations 5",
])
def test_a_tutorials_own_option_on_the_command_line(capsys, line):
    assert main(["tutorial", *line.split()]) == 0
    assert capsys.readouterr().out == run(capsys, "bias", "python", ["--iterations", "5"])


@pytest.mark.parametrize("line", ["1 -2e0 .5", "--backend python 1 -2 0.5"])
def test_a_tutorials_own_arguments_on_the_command_line(capsys, monkeypatch, line):
    monkeypatch.setattr("pyref.Trainer.train", lambda *_, **__: None)  # the answer is not at issue
    assert main(["tutorial", "new-situation", *line.split()]) == 0
    assert "answer to (1, -2, 0.5): " in capsys.readouterr().out


@pytest.mark.parametrize("line, message", [
    ("xor --iterations 5", "the tutorial xor takes no arguments, but found: --iterations 5"),
    ("bias --epochs 5", "takes --iterations N or nothing, but found: --epochs 5"),
    ("xor --backend rust", "invalid choice: 'rust'"),
])
def test_wrong_arguments_on_the_command_line(capsys, line, message):
    assert main(["tutorial", *line.split()]) == 2
    error = capsys.readouterr().err
    assert error.startswith("pyref: error: ") and error.count("\n") == 1 and message in error


@pytest.mark.parametrize("name", NAMES)
def test_help(capsys, name):
    with pytest.raises(SystemExit) as ended:
        main(["tutorial", name, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert f"usage: pyref tutorial {name} " in shown and title(name) in shown
