"""Pictures as figures of matplotlib.  Skips where it is missing; with PYREF_PLOT=1 in the
environment that is an error."""

import os
import sys
from pathlib import Path

import pytest

if os.environ.get("PYREF_PLOT") != "1":  # there, that it is missing is an error
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

from pyref.pictures.figure import figure_of
from pyref.pictures.answers import answers_to
from pyref.pictures.of_network import PICTURES, fitting, picture_of
from test_pictures import ROWS, XOR, trained, xor_by_hand


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    pyplot.close("all")


def words(figure):
    return [each.get_text() for each in figure.findobj(matplotlib.text.Text) if each.get_text()]


def test_learning_curves_of_a_history():
    _, history = trained(validation=(ROWS, XOR))
    figure = history.plot()
    (ax,) = figure.axes
    assert ax.lines[0].get_ydata().tolist() == history.loss
    assert ax.lines[1].get_ydata().tolist() == history.validation_loss
    best = 1 + history.validation_loss.index(min(history.validation_loss))
    assert set(ax.lines[2].get_xdata()[:2]) == {best}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert figure.number in pyplot.get_fignums()  # so pyplot.show shows it
    with pytest.raises(ValueError, match="no epoch has been finished"):
        trained(epochs=0)[1].plot()


def test_axes_of_ones_own():
    network, history = trained()
    figure, (left, right) = pyplot.subplots(1, 2)
    assert history.plot(ax=left) is figure
    assert network.plot("confusion", ROWS, XOR, ax=right) is figure
    assert left.get_title(loc="left") == "Learning curves"
    assert right.get_title(loc="left").startswith("Confusion matrix: ")
    with pytest.raises(ValueError, match="ax: this picture has 3 panels"):
        network.plot("weights", ax=left)


def test_all_pictures_of_networks():
    for network, targets in (
        (trained()[0], XOR), (trained("identity")[0], XOR),
        (trained(sizes=(2, 2), targets=[[0, 1], [1, 1], [0, 0], [1, 0]])[0],
         [[0, 1], [1, 1], [0, 0], [1, 0]]),
    ):
        found, _ = fitting(network, answers_to(network, ROWS, targets))
        for name, picture in found.items():
            figure = network.plot(name, ROWS, targets)
            assert len(figure.axes) == sum(map(len, picture.panels))
            assert words(figure)
    assert "curves" in found and len(PICTURES) == 7


def test_the_same_colours_and_texts_as_in_svg():
    network = xor_by_hand()
    figure = network.plot("regions", ROWS, ["no", "yes", "yes", "no"])
    (ax,) = figure.axes
    same = picture_of(network, "regions", ROWS, ["no", "yes", "yes", "no"])
    (cells,) = same.panels[0][0].marks[:1]
    image = ax.images[0].get_array()
    for row, column in ((0, 0), (5, 100), (119, 119)):
        red = int(cells.palette[cells.rows[row][column]][1:3], 16)
        assert round(255 * float(image[row][column][0])) == red
    assert ax.images[0].get_extent() == [cells.left, cells.right, cells.bottom, cells.top]
    assert [each.get_text().strip() for each in ax.get_legend().get_texts()] == ["no", "yes"]


def test_names_are_no_formulas(tmp_path):
    network, _ = trained()
    network.input_names, network.class_names = ["$x^2$", "_y"], ["_no", "$yes$"]
    figure = figure_of(picture_of(network, "regions"))
    figure.savefig(tmp_path / "regions.png", dpi=20)
    labels = [each.get_text().strip() for each in figure.axes[0].get_legend().get_texts()]
    assert labels == ["_no", r"\$yes\$"]
    assert r"\$x^2\$" in words(figure)


def test_files(run, monkeypatch):
    """Without what opens windows."""
    run("train moons --epochs 2 --hidden 3 -q")
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    shown = run("plot moons.model.json --only network,weights -o out.PNG")
    assert shown.out.split()[1:] == ["out.network.png", "out.weights.png"]
    assert Path("out.weights.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    files = []
    for _ in range(2):
        run("plot moons.model.json --only network -q -o one.pdf")
        files.append(Path("one.pdf").read_bytes())
    assert files[0].startswith(b"%PDF-") and files[0] == files[1]  # without a date


def test_without_matplotlib_it_is_told_what_to_install(monkeypatch):
    network, history = trained()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for plot in (network.plot, history.plot):
        with pytest.raises(ImportError, match="plot draws .*: pip install matplotlib"):
            plot()
