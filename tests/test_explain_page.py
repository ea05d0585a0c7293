"""The page that replays training steps: its numbers are the reference's; it asks nobody else."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pyref.command_line.page.document import scaled, shades
from pyref.command_line.page.script import SCRIPT
from pyref.command_line.reports.sums import number
from pyref.command_line.reports.trace import Origin, trace_in_words
from pyref.reference.network import predict
from pyref.tracing.of_example import example
from pyref.tracing.region import CELLS, Region, answers, square
from pyref.tracing.trace import next_step


class Elements(HTMLParser):
    """Ids, and all attributes that a page has."""

    def __init__(self, text):
        super().__init__()
        self.attributes, self.ids, self.tags = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.ids |= {value for name, value in attributes if name == "id"}


def told_in(text):
    return json.loads(re.search(r'id="told">(.*?)</script>', text, re.DOTALL)[1])


@pytest.fixture
def written(run):
    def write(line):
        run(f"explain {line} --html page.html -q")
        return Path("page.html").read_text(encoding="utf-8")

    return write


def slots(lines):
    return {(line["of"], line["key"]): line["value"] for line in lines if "of" in line}


def as_shown(value):
    digits = 4 if abs(value) >= 0.01 else 3
    return f"{value:.{digits}g}".replace("-", "−")


def test_a_page_has_an_end(run):
    told = run("explain --html page.html --epochs 1000000", code=2).err
    assert "--epochs: 1,000,000: a page replays at most 10,000" in told


def test_its_numbers_are_those_of_the_reference(written):
    """Unit by unit and weight by weight, epoch after epoch; so is what the text form prints."""
    told = told_in(written("--epochs 3"))
    run, examples = example()
    for epoch in told["epochs"]:
        trace = next_step(run, examples)
        before, found = slots(epoch["start"]), {}
        for frame in epoch["frames"]:
            found.update(slots(frame["lines"]))
        wanted = {}
        for call in trace.calls:
            if call.kind in ("pre_activations", "activation"):
                key = "z" if call.kind == "pre_activations" else "y"
                wanted.update({
                    (f"n{call.layer + 1}_{j}", key): v for j, v in enumerate(call.found)
                })
            elif call.kind == "weight_gradients":
                wanted.update({
                    (f"e{call.layer}_{k}_{j}", "gradient"): value
                    for k, row in enumerate(call.found) for j, value in enumerate(row)
                })
        for parameters, into in ((trace.before, before), (trace.after, found)):
            for (layer, name), values in zip(trace.lists, parameters):
                for j, value in enumerate(values):
                    place = f"n{layer + 1}_{j}", "bias"
                    if name != "biases":
                        place = f"e{layer}_{re.findall('[0-9]+', name)[0]}_{j}", "weight"
                    assert into[place] == as_shown(value)
        assert len(wanted) == 4 + 4 + 8
        assert {place: found[place] for place in wanted} == {
            place: as_shown(value) for place, value in wanted.items()
        }
        printed = "\n".join(trace_in_words(trace, Origin(None, None, None, None, []), 1000))
        for frame in epoch["frames"]:
            assert frame["title"] in printed and frame["function"] in printed
            assert all(f"    {line['text']}\n" in printed + "\n" for line in frame["lines"])
    assert told["losses"][-1] == number(trace.loss_after) and len(told["losses"]) == 4


@pytest.mark.parametrize("options", [
    "--hidden 3 --optimizer adam --dropout 0.5 --input-dropout 0.5 --label-smoothing 0.1",
    "--hidden 12 --optimizer lbfgs --l2 0.01", "--hidden 2,2 --clip-norm 0.1 --activation relu",
])
def test_all_that_it_speaks_of_is_there(run, written, options):
    run(f"train iris --epochs 1 -q -o m.json {options}")
    text = written("m.json iris --row 51 --epochs 2")
    page, told = Elements(text), told_in(text)
    assert set(re.findall(r'\bat\("(\w+)"\)', SCRIPT)) <= page.ids
    lines = [line for epoch in told["epochs"] for line in epoch["start"]]
    lines += [line for epoch in told["epochs"] for f in epoch["frames"] for line in f["lines"]]
    places = {line["of"] for line in lines if "of" in line}
    assert places == {name for name in page.ids if re.match(r"[ne]\d", name)} == set(told["names"])
    assert "x[0] sepal_le…" in text and "input x[0], sepal_length" in text


@pytest.mark.parametrize("origin", ["", "m.json moons --row 5"])
def test_it_asks_nobody_else(run, written, origin):
    run("train moons --epochs 1 --hidden 2 -q -o m.json")
    text = written(origin)
    page = Elements(text)
    assert not {"link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "srcset"} & {name for name, _ in page.attributes}
    assert "default-src 'none'" in text and "prefers-color-scheme: dark" in text
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttp", text)
    assert page.tags.count("script") == 2 and page.tags.count("circle") == 11 + 1


def test_the_region_is_what_the_network_answers(run, written):
    run("train moons --epochs 1 --hidden 2 -q -o m.json")
    told = told_in(written("m.json moons --epochs 2"))
    every = [region["levels"] for region in told["regions"]]
    assert [len(levels) for levels in every] == [CELLS * CELLS] * 3
    layers = example()[0].layers
    found = answers(layers, -1.0, 2.0)
    assert found[5] == predict(layers, [square(-1.0, 2.0)[5]])[0][0]
    layers[-1].activation = "softmax"
    assert set(answers(layers, -1.0, 2.0)) <= {0.0, 1.0}


def test_every_moment_of_the_region_has_all_shades(written):
    """And its caption the numbers that they stand for."""
    told = told_in(written("--epochs 3"))
    run, examples = example()
    for region in told["regions"]:
        found = answers(run.layers, -0.5, 1.5)
        low, high = min(found), max(found)
        assert region["range"] == f"from {number(low)} (faint) to {number(high)} (strong)"
        assert region["levels"][found.index(low)] == "0"
        assert region["levels"][found.index(high)] == "9"
        assert set(region["levels"]) == set("0123456789")
        next_step(run, examples)


def test_a_class_keeps_its_shade():
    trace = next_step(*example())._replace(activations=["sigmoid", "softmax"])
    region = Region(0.0, 1.0, [[0.0, 1.0], [1.0, 1.0]])
    assert [shades(*each)["levels"] for each in scaled(trace, region)] == ["09", "99"]


def test_rows_of_a_batch_have_numbers_of_their_own(run, written):
    """Where the same unit has another number for each row, it is said of which row it is."""
    run("train moons --epochs 1 --hidden 2 -q -o m.json")
    text = written("m.json moons --row 7,3,9 --epochs 1")
    told, found = told_in(text), json.loads(run("explain m.json moons --row 7,3,9 --json").out)
    assert told["rows"] == ["row 7", "row 3", "row 9"]
    assert "the next epochs on rows 7, 3, 9 of moons" in text and "Loss of the batch" in text
    assert Elements(text).tags.count("circle") == 2 + 3
    (epoch,) = told["epochs"]
    for row in range(3):
        mine = [line for line in epoch["start"] if line.get("row") == row]
        assert [line["value"] for line in mine] == [
            as_shown(v) for v in found["inputs"][row] + found["targets"][row]
        ]
        frames = [frame for frame in epoch["frames"] if frame.get("row") == row]
        values = {}
        for frame in frames:
            values.update(slots(frame["lines"]))
        for call in found["calls"]:
            if call["kind"] in ("pre_activations", "activation") and call["row"] == row:
                key = "z" if call["kind"] == "pre_activations" else "y"
                for j, value in enumerate(call["found"]):
                    assert values[f"n{call['layer'] + 1}_{j}", key] == as_shown(value)
    of_all = [frame["function"].split(",")[0] for frame in epoch["frames"] if "row" not in frame]
    assert of_all == ["start_epoch", "batch_gradients", *["weight_gradients", "bias_gradients"] * 2,
                      *["AdamW.update"] * 2]


def test_a_name_stays_a_name(run, written):
    Path("t.csv").write_text(
        '"</script><b>",x\x1b[2J,y\n' + "".join(f"{i},{i % 3},{i % 2}\n" for i in range(12)),
        encoding="utf-8",
    )
    run("train t.csv --epochs 1 --hidden 2 -q -o m.json")
    text = written("m.json t.csv")
    assert "<b>" not in text and "\x1b" not in text
    assert Elements(text).tags.count("script") == 2
    assert told_in(text)["names"]["n0_0"] == "input x[0], </script><b>"


@pytest.mark.parametrize("line, told", [
    ("explain --epochs 3", "--epochs is how many a page replays"),
    ("explain --html nowhere/page.html", "there is no folder"),
    ("explain m.json iris --html m.json", "must not be overwritten"),
])
def test_what_is_refused(run, line, told):
    run("train iris --epochs 1 --hidden 2 -q -o m.json")
    written = Path("m.json").read_bytes()
    assert told in run(line, code=2).err
    assert Path("m.json").read_bytes() == written


def test_what_it_says(run):
    shown = run("explain --html p.html --epochs 1").out
    assert shown == "page        p.html: 1 epoch, for a browser\n"
    assert json.loads(run("explain --html p.html --json").out) == {"html": "p.html", "epochs": 10}
    assert run("explain --html p.html -q").out == ""
