"""`pyref read`: the reference chapter by chapter, beside its mirror, and through a pager."""

import io
import re
import sys
from pathlib import Path

import pytest

import test_mirror
from pyref.command_line import main, pager
from pyref.command_line.book import chapters, columns, mirror
from pyref.command_line.help import symbols
from pyref.command_line.terminal import BOLD
from test_packaging import READING_ORDER, REFERENCE

pytestmark = pytest.mark.usefixtures("in_a_folder")

REFERENCE_TEXT = (REFERENCE / "__init__.py").read_text(encoding="utf-8")

needs_sources = pytest.mark.skipif(
    not chapters.MIRROR.is_dir(), reason="the kernel's source is not beside the package"
)


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def reading(capsys, monkeypatch):
    """Runs pyref read at a width; the lines that it prints."""

    def lines(words, width=80, code=0):
        monkeypatch.setenv("COLUMNS", str(width))
        assert main(["read", *words.split()]) == code
        return capsys.readouterr().out.splitlines()

    return lines


def test_the_table_of_contents_is_the_reading_order(reading):
    found = [re.match(r" +(\d+)  (\w+)  +(\S.*)", line) for line in reading("")]
    listed = [line.groups() for line in found if line]
    assert [(int(number), name) for number, name, _ in listed] == list(enumerate(READING_ORDER, 1))
    assert all(len(line) <= 80 for line in reading(""))
    assert "The neuron, and networks of neurons" in reading("")


@pytest.mark.parametrize("name", READING_ORDER)
def test_a_chapter_is_its_file_to_the_letter(reading, name):
    source = (REFERENCE / f"{name}.py").read_text(encoding="utf-8").rstrip().split("\n")
    lines = reading(name)
    assert lines[0].endswith(f"pyref/reference/{name}.py") and lines[2] == ""
    assert lines[3 : 3 + len(source)] == [
        f"{number:3} {line}".rstrip() for number, line in enumerate(source, 1)
    ]
    assert lines == reading(str(READING_ORDER.index(name) + 1)) == reading(f"{name}.py")
    following = READING_ORDER[READING_ORDER.index(name) + 1 :][:1]
    assert lines[-1] == (f"Next: pyref read {following[0]}" if following else
                         "This was the last chapter.")


@pytest.mark.parametrize("width", [40, 80])
def test_the_symbols_of_textbooks_are_those_of_the_reference(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["help", "symbols"]) == 0
    printed = capsys.readouterr().out
    table = symbols.table()
    rows = [row.strip() for row in table.splitlines()[2:]]
    assert len(rows) == 16 and all(len(line) <= width for line in printed.splitlines())
    assert printed.split() == table.split() and table in REFERENCE_TEXT
    if width == 80:
        assert [line for line in printed.splitlines() if line in rows] == rows
    text = "".join(path.read_text(encoding="utf-8") for path in REFERENCE.glob("[a-z]*.py"))
    for name in (re.match(r"\w+", row)[0] for row in rows):
        assert re.search(rf"\b{name}\b", text), name


def test_a_chapter_names_its_exercises(reading):
    assert reading("neuron")[-2] == "Exercises: pyref exercise xor-units, perceptron-rule"
    assert reading("layer")[-2] == "Exercise: pyref exercise sum-order"
    assert not reading("guard")[-2].startswith("Exercise")


@pytest.mark.parametrize("name", ["layer", "lbfgs"])
def test_a_terminal_gets_lines_that_fit_and_lose_nothing(monkeypatch, name):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("PAGER", "cat")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["read", name]) == 0
    lines = sys.stdout.getvalue().splitlines()
    plain = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in lines]
    assert max(map(len, plain)) <= 60
    source = chapters.python_source(name)
    begin = next(at for at, line in enumerate(plain) if line.startswith("  1 "))
    text = "".join("".join(line[4:] for line in plain[begin:]).split())
    assert text.startswith("".join(source.split()))
    faint = [line for line in lines if columns.FAINT in line]
    assert len(faint) == len(source.splitlines())
    assert all(re.match("\x1b\\[2m *\\d+ \x1b\\[0m", line) for line in faint)


def inside_of(lines):
    """Between the heading and what is next."""
    return lines[lines.index("") + 1 : len(lines) - 1 - lines[::-1].index("")]


def divided_at(lines):
    """Where there is a bar in all lines, but for those of the heading and the end."""
    inside = inside_of(lines)
    places = [at for at in range(len(inside[0])) if all(line[at:][:2] == " |" for line in inside)]
    assert len(places) == 1
    return places[0]


@needs_sources
@pytest.mark.parametrize("name", test_mirror.MIRRORED)
def test_every_mirrored_function_stands_beside_its_mirror(reading, name):
    python = set(test_mirror.python_functions(name))
    both = [found for found in test_mirror.c_functions(name) if found in python]
    pairs = mirror.pairs(chapters.python_source(name), chapters.c_source(name))
    assert [pair.name for pair in pairs] == both
    assert both or name == "optimizers"  # a table, in both languages
    lines = reading(name, 230)  # nothing is folded at this width
    room = divided_at(lines)
    place = {}
    for pair in pairs:
        left = chapters.python_source(name).split("\n")[pair.python]
        right = chapters.c_source(name).split("\n")[pair.c]
        beside = [number for number, line in enumerate(lines)
                  if (line[4:room].rstrip(), line[room + 3 :]) == (left, right)]
        assert beside, pair
        place[pair.name] = beside[0]
    assert list(place.values()) == sorted(place.values())


@needs_sources
@pytest.mark.parametrize("width", [150, 170, 230])
def test_both_columns_lose_nothing_and_fit(reading, width):
    lines = reading("losses", width)
    assert max(map(len, lines)) <= width
    room = divided_at(lines)
    left = "".join(line[4:room] for line in inside_of(lines))
    right = "".join(line[room + 2 :] for line in inside_of(lines))
    assert "".join(left.split()) == "".join(chapters.python_source("losses").split())
    assert "".join(right.split()) == "".join(chapters.c_source("losses").split())


def test_without_the_sources_of_c_it_says_where_they_are(reading, monkeypatch, tmp_path):
    monkeypatch.setattr(chapters, "MIRROR", tmp_path / "nowhere")
    lines = reading("layer", 200)
    assert not any(columns.BETWEEN in line for line in lines)
    assert "comes with pyref's sources" in lines[1]


def test_what_has_no_mirror_says_so(reading):
    assert reading("neuron", 200)[1].startswith("No C is beside it: here is what networks grew")
    if chapters.MIRROR.is_dir():
        assert set(mirror.PYTHON_ALONE) == {
            name for name in READING_ORDER if chapters.c_source(name) is None
        }
        assert "from 150 columns on" in reading("layer", 80)[1]
        assert reading("layer", 200)[1] == ""


@pytest.mark.parametrize("word, wanted", [("neurons", "did you mean neuron?"), ("0", "1 to 26"),
                                          ("27", "'27'"), ("__init__", "there is no chapter")])
def test_what_is_no_chapter(capsys, word, wanted):
    assert main(["read", word]) == 2
    assert wanted in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a pager is a shell's command")
def test_a_terminal_has_a_pager_and_less_gets_colours(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for said, plain in (("cat >seen", True), ("cat >seen  # less", False)):
        monkeypatch.setenv("PAGER", said)
        assert main(["read", "neuron"]) == 0 and sys.stdout.getvalue() == ""
        text = Path("seen").read_text(encoding="utf-8")
        assert "class SigmoidNeuron:" in text and (BOLD in text) is not plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["read", "neuron"]) == 0
    assert "\x1b" not in Path("seen").read_text(encoding="utf-8")
    monkeypatch.setenv("PAGER", "there-is-no-such-command-here 2>/dev/null")
    assert main(["read", "1"]) == 0
    assert "class SigmoidNeuron:" in sys.stdout.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="a pager is a shell's command")
def test_the_pager_answers_ctrl_c(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PAGER", "sleep 0.2; kill -INT $PPID; sleep 0.1; cat >seen")
    assert main(["read", "neuron"]) == 0
    assert "Next: pyref read activations" in Path("seen").read_text(encoding="utf-8")


def test_who_wants_no_pager(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    for name, value in (("PAGER", "cat"), ("PAGER", ""), ("TERM", "dumb")):
        with monkeypatch.context() as changed:
            changed.setenv("TERM", "xterm")
            changed.setenv("PAGER", "less")
            changed.setenv(name, value)
            assert pager.pager() is None
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setenv("PAGER", "less")
    assert pager.pager() is None
