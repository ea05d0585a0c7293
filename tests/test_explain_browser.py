"""The page of pyref explain in a browser: led by keys, in light and dark, as narrow as a phone."""

import json
import re
from pathlib import Path

import pytest

import browser as chromium
from conftest import missing
from pyref.tracing.of_example import example
from pyref.tracing.trace import next_step
from test_explain_page import as_shown

PHONE = 360  # pixels
SHOWN = """(() => {
  const text = id => document.getElementById(id).textContent;
  const numbers = {};
  for (const group of document.querySelectorAll("#network g"))
    numbers[group.id] = [...group.querySelectorAll(".number, [data-key]")]
      .map(each => each.textContent).filter(each => each);
  return {title: text("title"), function: text("function"), where: text("where"),
    loss: text("loss"), sums: text("sums"), which: text("which"), focus: document.activeElement.id,
    lines: [...document.querySelectorAll("#lines li")].map(each => each.textContent),
    numbers: numbers, width: document.documentElement.scrollWidth};
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if chromium.path() is None:
        missing("no Chromium")
    started = chromium.Browser(tmp_path_factory.mktemp("chromium"))
    yield started
    started.close()


@pytest.fixture
def page(browser, run):
    """Writes a page, opens it, and sees afterwards that it was quiet and asked nobody."""
    browser.problems.clear()
    browser.requests.clear()

    def opened(words="", width=1200, dark=False):
        run(f"explain {words} --html page.html -q")
        browser.look(width, dark=dark)
        browser.open(Path("page.html"))
        return browser

    yield opened
    assert browser.problems == []
    assert browser.requests == [Path("page.html").resolve().as_uri()]


def moments(browser):
    """What is shown at each moment of the epoch, right arrow by right arrow."""
    count = int(re.search(r"of (\d+)", pressed(browser, "ArrowRight")["where"])[1])
    yield browser.ask(SHOWN)
    for _ in range(count - 1):
        yield pressed(browser, "ArrowRight")


def pressed(browser, key):
    browser.press(key)
    return browser.ask(SHOWN)


def check(shown, call, row=""):
    """What a moment shows of a call is what the call has found."""
    key = {"pre_activations": "z", "activation": "y", "errors_below": "errors",
           "activation_deltas": "delta"}.get(call["kind"])
    if key in ("z", "y", "delta"):
        for j, value in enumerate(call["found"]):
            assert f"{key} {as_shown(value)}" in shown["numbers"][f"n{call['layer'] + 1}_{j}"]
    for value, line in zip(call["found"] if key else (), shown["lines"]):
        printed = line.rpartition("= ")[2].replace("−", "-")
        assert float(printed) == pytest.approx(value, rel=1e-8)
    if row:
        assert shown["where"].endswith(f", {row}")
    return bool(key)


def test_its_numbers_are_the_trace_s_at_every_moment(run, page):
    """Of a batch: those of each row, when its moment has come; at the end, the new weights."""
    run("train iris --hidden 3 --epochs 2 --optimizer sgd -q -o m.json")
    words = "m.json iris --row 60,3"
    found = json.loads(run(f"explain {words} --json").out)
    led, checked = page(words), 0
    start = led.ask(SHOWN)
    for place, value in enumerate(found["inputs"][0]):
        assert start["numbers"][f"n0_{place}"] == [f"x {as_shown(value)}"]
    for shown in moments(led):
        layer = re.match(r"layers\[(\d+)\]", shown["title"])
        row = shown["where"].rpartition(", ")[2]
        calls = [
            call for call in found["calls"]
            if shown["function"] == f"{call['function']}, {call['file']}:{call['line']}"
            and layer and call["layer"] == int(layer[1])
            and call["row"] == {"row 60": 0, "row 3": 1}[row]
        ]
        checked += sum(check(shown, call, row) for call in calls)
    assert checked == 2 * (4 + 1 + 1)  # of each row: z and y twice, errors and deltas below
    for (layer, name), values in zip(found["lists"], found["after"]):
        for j, value in enumerate(values):
            if name == "biases":
                assert f"bias {as_shown(value)}" in shown["numbers"][f"n{layer + 1}_{j}"]
            else:
                edge = f"e{layer}_{re.findall('[0-9]+', name)[0]}_{j}"
                assert shown["numbers"][edge] == [as_shown(value)]


def test_keys_lead_through_it(page):
    """Moments, epochs, the beginning and the end; Tab goes to a unit, whose sums are shown."""
    led = page("--epochs 3")
    run, examples = example()
    traces = [next_step(run, examples) for _ in range(3)]
    assert led.ask(SHOWN)["where"] == "epoch 1, not begun"
    assert pressed(led, "ArrowLeft")["where"] == "epoch 1, not begun"
    assert pressed(led, "ArrowRight")["where"].startswith("epoch 1, moment 1 of")
    assert pressed(led, "ArrowDown")["where"].startswith("epoch 2, moment 1 of")
    shown = pressed(led, "End")
    assert re.fullmatch(r"epoch 3, moment (\d+) of \1", shown["where"])
    assert shown["loss"] == f"{traces[-1].loss_after:.9g} after this step"
    assert shown["numbers"]["e0_0_0"] == [as_shown(traces[-1].after[0][0])]
    assert led.ask("document.getElementById('forward').disabled") is True
    assert pressed(led, "ArrowRight")["where"] == shown["where"]
    assert "epoch 2, " in pressed(led, "ArrowUp")["where"]
    assert pressed(led, "Home")["where"] == "epoch 1, not begun"
    for _ in range(3):
        shown = pressed(led, "ArrowRight")
    for _ in range(30):
        if shown["focus"] == "n1_0":
            break
        shown = pressed(led, "Tab")
    assert shown["which"] == "layers[0], unit 0"
    assert "z[0] = 0.35 + 0.05·0.15 + 0.1·0.2 = 0.3775" in shown["sums"]
    assert led.ask("getComputedStyle(document.querySelector('#n1_0 rect')).strokeWidth") == "3px"


def test_beside_the_text_the_example_has_room(page):
    led = page("--epochs 1", 900)
    wide, room = led.ask("[at('net').scrollWidth, at('net').clientWidth]")
    assert wide == room and led.ask("at('text').offsetTop < at('course').offsetTop")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_a_phone(run, page, dark):
    """Nothing but the drawing has to be moved sideways, at any moment; its letters stand out."""
    rows = [f"{i * 123456.789},{i % 3},{'ja' if i % 2 else 'nein'}\n" for i in range(12)]
    header = "a_very_long_name_of_a_column_that_has_no_spaces_in_it,b,c\n"
    Path("t.csv").write_text(header + "".join(rows), encoding="utf-8")
    run("train t.csv --epochs 1 --hidden 9,2 -q -o m.json")
    led = page("m.json t.csv --row 1,5 --epochs 2", PHONE, dark)
    assert [shown["width"] for shown in moments(led) if shown["width"] > PHONE] == []
    assert led.ask("document.getElementById('net').scrollWidth") > PHONE
    paper = led.ask("getComputedStyle(document.body).backgroundColor")
    for element in ("body", ".faint", "li", "button:not(:disabled)"):
        ink = led.ask(f"getComputedStyle(document.querySelector('{element}')).color")
        assert contrast(ink, paper) >= 4.5, element
    assert (brightness(paper) < 0.1) is dark


def brightness(colour):
    """The relative luminance of WCAG 2 (https://www.w3.org/TR/WCAG21/#dfn-relative-luminance)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(*colours):
    darker, lighter = sorted(map(brightness, colours))
    return (lighter + 0.05) / (darker + 0.05)
