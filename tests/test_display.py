"""What notebooks show, and the progress of a training that is not the command's."""

import io
import re
import xml.etree.ElementTree as xml

import pytest

from pyref import Network, Trainer
from pyref.display import line, page

ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [0, 1, 1, 0]


def trained(epochs=30, **more):
    trainer = Trainer(Network([2, 3, 1], hidden="tanh", seed=3), batch_size=2, seed=5)
    return trainer, trainer.train(ROWS, XOR, epochs=epochs, **more)


def parsed(text):
    return xml.fromstring(f"<div>{text}</div>")


def test_a_network_is_a_table_of_its_layers():
    network = Network([784, 128, 10], hidden="relu", output="softmax", precision="single")
    found = [["".join(cell.itertext()) for cell in row]
             for row in parsed(network._repr_html_()).iter("tr")]
    assert found == [
        ["", "units", "activation", "parameters"], ["inputs", "784", "", ""],
        ["layer 1", "128", "relu", "100,480"], ["layer 2", "10", "softmax", "1,290"],
    ]


def test_a_history_is_its_losses_and_their_course():
    trainer, history = trained(validation=(ROWS, XOR), validation_every=10)
    root = parsed(history._repr_html_())
    cells = ["".join(cell.itertext()) for cell in root.iter("td")]
    assert cells[0] == "loss" and cells[1] == f"{history.loss[0]:.4g}"
    assert cells[3] == f"{history.loss[-1]:.4g}" and cells[4] == "validation loss"
    lines = [each for each in root.iter() if each.tag.endswith("polyline")]
    points = [each.get("points").split() for each in lines]
    assert list(map(len, points)) == [30, 3]
    (drawing,) = [each for each in root.iter() if each.tag.endswith("svg")]
    (frame,) = [each for each in drawing if each.tag.endswith("rect")]  # and no white paper
    left, top, wide, high = (float(frame.get(name)) for name in ("x", "y", "width", "height"))
    assert (wide, high) == (page.WIDTH, page.HEIGHT)
    for point in points[0] + points[1]:
        x, y = map(float, point.split(","))
        assert 0.0 <= x - left <= wide and 0.0 <= y - top <= high
    assert drawing.get("fill") == frame.get("stroke") == "currentColor"
    first, last = (float(point.split(",")[1]) for point in (points[0][0], points[0][-1]))
    assert (first < last) == (history.loss[0] > history.loss[-1])  # a high loss stands high


@pytest.mark.parametrize("epochs", [0, 1])
def test_without_a_course_there_is_no_drawing(epochs):
    assert "<svg" not in trained(epochs)[1]._repr_html_()


def test_verbose_leaves_a_line(capsys):
    asked = []
    trainer, history = trained(epochs=3, verbose=True, progress=asked.append)
    said = capsys.readouterr().err.splitlines()[-1]
    assert re.fullmatch(rf"epoch 3 of 3, loss {history.loss[-1]:.4g}, [\d,]+ rows/s", said)
    assert asked and asked[0] is trainer
    trainer.train(ROWS, XOR, epochs=1)
    assert capsys.readouterr().err == ""
    with pytest.raises(ValueError, match="verbose: True or False is needed"):
        trainer.train(ROWS, XOR, epochs=1, verbose="yes")


def test_verbose_says_how_far_a_training_came_that_failed(capsys):
    def fail(trainer, epoch):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        trained(verbose=True, callback=fail)
    assert capsys.readouterr().err.splitlines()[-1].startswith("epoch 1 of 30, loss ")


def test_the_streams_of_a_notebook_can_rewrite_a_line():
    """As ipykernel's OutStream, which is no terminal and has no size."""
    OutStream = type("OutStream", (io.StringIO,), {"__module__": "ipykernel.iostream"})
    assert line.can_rewrite(OutStream()) and not line.can_rewrite(io.StringIO())
    stream = OutStream()
    shown = line.Line(stream)
    for text in ("epoch 1", "epoch 10", "done"):
        shown.rewrite(text)
    assert stream.getvalue() == "\repoch 1\repoch 10\rdone    "
