"""Pictures: what is computed for them, by hand and from outside, and how it is drawn as SVG."""

import re
import xml.etree.ElementTree as xml
from array import array
from math import inf, nan

import pytest

from pyref import Network, Trainer
from pyref.measures import LabelCounts
from pyref.pictures import calibration, colours, course, curves, decisions, drawing, region, text
from pyref.pictures.answers import answers_to
from pyref.pictures.chart import Axis, Cells, in_between
from pyref.pictures.confusion import confusion, of_labels
from pyref.pictures.of_network import OF_ANSWERS, PICTURES, fitting, picture_of
from pyref.pictures.svg import svg

ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [0, 1, 1, 0]


def xor_by_hand():
    """"One of them", and "both" against it: McCulloch and Pitts's units."""
    weights = [[[1.0, 1.0], [1.0, 1.0]], [[1.0], [-2.0]]]
    network = Network([2, 2, 1], hidden="threshold", output="threshold", initializer=weights,
                      biases=[[-0.5, -1.5], [-0.5]])
    network.class_names = ["no", "yes"]
    return network


def trained(output="sigmoid", sizes=(2, 3, 1), targets=XOR, epochs=12, validation=None):
    network = Network(list(sizes), hidden="tanh", output=output, seed=3)
    history = Trainer(network, batch_size=2, seed=5).train(
        ROWS, targets, epochs=epochs, validation=validation
    )
    return network, history


def parsed(picture):
    return xml.fromstring(svg(picture))


def texts(root):
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def tags(root, name):
    return list(root.iter("{http://www.w3.org/2000/svg}" + name))


def test_a_course_is_the_same_from_the_history_and_from_the_recipe():
    network, history = trained(validation=(ROWS, XOR))
    from_history = course.of_history(history)
    from_recipe = course.of_segments(network.recipe["segments"])
    assert from_recipe.losses == from_history.losses == list(enumerate(history.loss, 1))
    assert [epoch for epoch, _ in from_recipe.validation] == list(range(1, 13))
    for (_, kept), (_, exact) in zip(from_recipe.validation, from_history.validation):
        assert kept == pytest.approx(exact, rel=1e-6)
    best = min(history.validation_loss)
    assert from_history.best == (history.validation_loss.index(best) + 1, best)


def test_segments_stand_one_behind_the_other():
    """The second goes on with the first one's trainer, whose epochs its validation counts."""
    segments = [
        {"trainer": 1, "epochs": 4, "loss_every": 2, "losses": [0.5, 0.4],
         "validation_epochs": [2, 4], "validation_losses": [0.7, 0.6],
         "validation_accuracies": [0.25, 0.5]},
        {"trainer": 1, "epochs": 1, "loss_every": 1, "losses": [0.3],
         "validation_epochs": [5], "validation_losses": [0.65], "validation_accuracies": [0.5]},
        {"trainer": 2, "epochs": 2, "loss_every": 1, "losses": [0.2, 0.1],
         "validation_epochs": [1], "validation_losses": [0.9], "validation_accuracies": [1.0]},
    ]
    found = course.of_segments(segments)
    assert found.losses == [(2, 0.5), (4, 0.4), (5, 0.3), (6, 0.2), (7, 0.1)]
    assert found.validation == [(2, 0.7), (4, 0.6), (5, 0.65), (6, 0.9)]
    assert found.accuracies == [(2, 0.25), (4, 0.5), (5, 0.5), (6, 1.0)]
    assert found.best == (4, 0.6)
    assert course.of_segments([]).losses == []


def test_a_long_course_is_thinned_and_keeps_its_ends():
    points = [(epoch, 1.0 / epoch) for epoch in range(1, 12346)]
    found = course.thinned(points)
    assert len(found) <= course.MOST_POINTS + 2
    assert (found[0], found[-1]) == (points[0], points[-1])
    assert course.thinned(points[:500]) == points[:500]


def test_curves_show_the_losses_and_the_best_epoch():
    found = course.Course([(1, 1.0), (2, 0.5), (3, 0.25)], [(1, 1.5), (2, 0.75), (3, 1.0)], [])
    root = parsed(curves.curves(found))
    lines = [
        [tuple(map(float, point.split(","))) for point in each.get("points").split()]
        for each in tags(root, "polyline")
    ]
    assert list(map(len, lines)) == [3, 3]
    assert lines[0][0][0] < lines[0][1][0] < lines[0][2][0]
    heights = {loss: y for line, losses in zip(lines, ([1.0, 0.5, 0.25], [1.5, 0.75, 1.0]))
               for loss, (_, y) in zip(losses, line)}
    assert [loss for loss, _ in sorted(heights.items(), key=lambda item: item[1])] == [
        1.5, 1.0, 0.75, 0.5, 0.25
    ]
    assert heights[0.5] - heights[1.0] == pytest.approx(2 * (heights[0.75] - heights[1.0]), abs=0.1)
    dashes = [each.get("stroke-dasharray") for each in tags(root, "polyline")]
    assert dashes[0] is None and dashes[1] is not None  # read without colours, too
    assert "best epoch, 2: validation loss 0.75" in texts(root) and "epoch" in texts(root)


def test_the_axis_of_a_model_s_losses_says_which_loss():
    network, _ = trained()
    assert "binary cross entropy" in texts(parsed(picture_of(network, "curves")))


def test_losses_of_many_sizes_have_a_logarithmic_axis():
    found = course.Course([(1, 10.0), (2, 1.0), (3, 0.1)], [], [])
    root = parsed(curves.curves(found))
    (line,) = tags(root, "polyline")
    first, second, third = (float(point.split(",")[1]) for point in line.get("points").split())
    assert second - first == pytest.approx(third - second, abs=0.2)
    assert {"loss (logarithmic)", "0.1", "1", "10"} <= set(texts(root))


@pytest.mark.parametrize("losses", [[0.0], [0.0, 0.0], [-1.0, -2.0], [1e300, 1e-300], [5.0, 5.0]])
def test_losses_of_any_kind_can_be_drawn(losses):
    root = parsed(curves.curves(course.Course(list(enumerate(losses, 1)), [], [])))
    for point in tags(root, "polyline")[0].get("points").split():
        x, y = map(float, point.split(","))
        assert 0.0 <= x <= 600.0 and 0.0 <= y <= 400.0


def test_confusion_counts_stand_in_their_cells():
    root = parsed(confusion([[8, 2], [0, 5]], ["cat", "dog"]))
    found = texts(root)
    assert found[0] == "Confusion matrix: 86.7 % of 15 right"
    assert [word for word in found if word.isdigit()] == ["8", "2", "0", "5"]
    assert [word for word in found if "%" in word][1:] == ["80 %", "20 %", "0 %", "100 %"]
    at = {word: (float(each.get("x")), float(each.get("y")))
          for word, each in zip(found, tags(root, "text"))}
    assert at["8"][0] == at["0"][0] < at["2"][0] and at["8"][1] < at["0"][1]
    assert [word for word in found if word in ("cat", "dog")] == ["cat", "dog"] * 2
    assert {"answer", "true class"} <= set(found)


def test_many_classes_are_shaded_only():
    count = 30
    matrix = [[int(i == j) for j in range(count)] for i in range(count)]
    found = texts(parsed(confusion(matrix, [f"c{i}" for i in range(count)])))
    assert "1" not in found and found.count("c29") == 2


def test_a_class_without_rows_is_no_error():
    assert texts(parsed(confusion([[2, 0], [0, 0]], ["a", "b"])))[0].endswith("100.0 % of 2 right")


def test_what_became_of_labels():
    found = texts(parsed(of_labels([LabelCounts(10, 4, 3, 2)], ["comedy"])))
    assert [word for word in found if word.isdigit()] == ["3", "1", "2", "4"]
    assert [word for word in found if "%" in word] == ["75 %", "25 %", "33 %", "67 %"]
    assert {"found", "missed", "mistaken", "comedy"} <= set(found)


def test_bins_of_a_calibration_by_hand():
    """Ten rows: of five that were given 0.2, one was so; of five that were given 0.9, four."""
    found = calibration.bins([0.2] * 5 + [0.9] * 5, [True] + [False] * 5 + [True] * 4)
    assert [(each.low, each.high, each.rows, each.so) for each in found] == [
        (0.1, 0.2, 5, 1), (0.8, 0.9, 5, 4)
    ]
    assert [each.mean for each in found] == pytest.approx([0.2, 0.9])
    assert calibration.expected_error(found) == pytest.approx(0.5 * 0.0 + 0.5 * 0.1)


def test_every_probability_is_in_one_bin():
    edges = [place / 10 for place in range(11)]
    for p in [*edges, 0.05, 0.999, 1e-300]:
        (found,) = calibration.bins([p], [True])
        assert found.low < p <= found.high or (found.low, p) == (0.0, 0.0)


@pytest.mark.parametrize("so, rows, low, high", [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
])
def test_intervals_are_those_that_newcombe_prints(so, rows, low, high):
    """In "Two-sided confidence intervals for the single proportion", 1998, table I, method 3."""
    assert calibration.interval(so, rows) == pytest.approx((low, high), abs=1e-4)


def test_the_region_of_xor_by_hand():
    network = xor_by_hand()
    across, up = region.spans(network, None)
    assert (across, up) == ((-0.5, 1.5), (-0.5, 1.5))
    said = network.predict(region.grid(across, up, 4, 4))
    # Yes from a + b = 0.5 on, and no from 1.5 on, at -0.25, 0.25, 0.75 and 1.25 both ways.
    assert region.lines([int(y) for y in said], 4) == [
        [1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]
    ]


def areas(root):
    """Of the cells of each colour."""
    found = {}
    for path in tags(root, "path"):
        for cell in re.findall(r"M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)", path.get("d")):
            left, top, right, bottom = map(float, cell)
            colour = path.get("fill")
            found[colour] = found.get(colour, 0.0) + (right - left) * (bottom - top)
    return found


def test_decision_regions_of_xor():
    network = xor_by_hand()
    for inputs, targets in ((None, None), (ROWS, ["no", "yes", "yes", "no"])):
        root = parsed(picture_of(network, "regions", inputs, targets))
        no, yes = areas(root).values()
        side = decisions.SIDE
        assert no + yes == pytest.approx(side * side, rel=1e-3)
        assert {"no", "yes", "input 0", "input 1"} <= set(texts(root))
    assert len(tags(root, "circle")) == 3  # two rows of "no", and one in the legend
    wrong = parsed(picture_of(network, "regions", ROWS, ["no"] * 4))
    assert texts(wrong)[0] == "Decision regions (hollow: taken for another class)"


def test_where_to_look_without_rows():
    from pyref.tables.scaling import Scaling

    network = Network([2, 1], seed=1)
    network.input_scaling = Scaling((10.0, -1.0), (2.0, 0.5))
    assert region.spans(network, None) == ((5.0, 15.0), (-2.25, 0.25))
    assert region.spans(network, array("d", [1.0, 5.0, 3.0, 5.0])) == (
        pytest.approx((0.84, 3.16)), pytest.approx((4.6, 5.4))
    )


def test_borders_lie_between_the_regions():
    plane = decisions.Plane(["a", "b"], (0.0, 3.0), (0.0, 2.0), None)
    assert decisions.borders([[0, 0, 1], [0, 1, 1]], plane) == [
        ((1.0, 1.0), (2.0, 1.0)), ((1.0, 1.0), (1.0, 0.0)), ((2.0, 2.0), (2.0, 1.0))
    ]


def test_residuals_are_what_is_left_over():
    network = Network([2, 1], output="identity", initializer=[[[2.0], [1.0]]], biases=False)
    found = picture_of(network, "residuals", ROWS, [0.5, 1.0, 1.0, 3.0])
    panel = found.panels[0][0]
    assert panel.marks[0].points == [(0.0, 0.5), (1.0, 0.0), (2.0, -1.0), (3.0, 0.0)]
    assert panel.title == "root mean squared error 0.559, R² 0.6610"
    assert (panel.y.label, panel.y.low) == ("target − answer, target", -panel.y.high)
    root = parsed(found)
    assert len(tags(root, "circle")) == 4 and "answer, target" in texts(root)


def test_weights_as_colours_have_their_numbers():
    network = Network([2, 2, 1], initializer=[[[0.5, -1.25], [2.0, 0.0]], [[1.0], [-2.0]]])
    panels = picture_of(network, "weights").panels[0]
    assert [panel.title for panel in panels[:2]] == ["layer 1, tanh", "layer 2, sigmoid"]
    (cells,) = panels[0].marks
    assert cells.texts == [["0.50", "−1.25"], ["2.00", "0.00"], ["0.00", "0.00"]]
    assert cells.rows[1] == [63, 32] and panels[1].marks[0].rows[1] == [0]
    assert panels[0].y.names == ["0", "1", "bias"]
    assert (panels[2].y.low, panels[2].y.high) == (-2.0, 2.0)


def test_a_large_bias_leaves_the_weights_their_colours():
    network = Network([3, 1], initializer=[[[1.0], [-1.0], [-0.001]]], biases=[[-50.0]])
    panel, scale = picture_of(network, "weights").panels[0]
    (cells,) = panel.marks
    assert cells.rows == [[63], [0], [31], [0]]  # the last, of the bias, as far as the scale goes
    assert cells.texts == [["1.00"], ["−1.00"], ["0.00"], ["−50.00"]]
    assert (scale.y.low, scale.y.high) == (-1.0, 1.0)


def test_of_large_layers_some_weights_are_shown_and_that_is_said():
    network = Network([900, 3, 1], seed=1)
    panel = picture_of(network, "weights").panels[0][0]
    assert panel.title == "layer 1, tanh (every 4th input)"
    assert len(panel.marks[0].rows) == 226


def test_a_drawing_has_every_unit_and_weight():
    network = Network([2, 3, 1], initializer=[[[1.0, -1.0, 0.5], [1.0, 1.0, 1.0]],
                                              [[1.0], [1.0], [-0.1]]])
    network.input_names = ["x", "y"]
    root = parsed(picture_of(network, "network"))
    assert len(tags(root, "circle")) == 6
    lines = [path for path in tags(root, "path") if path.get("d").count("L") and path.get("fill")]
    assert sum(path.get("d").count("M") for path in lines) == 9
    assert sum(path.get("d").count("M") for path in lines if path.get("stroke-dasharray")) == 2
    assert {"x", "y", "2 inputs", "3 tanh", "1 sigmoid"} <= set(texts(root))


def test_of_many_units_some_are_drawn():
    assert drawing.places(12) == list(range(12))
    found = texts(parsed(picture_of(Network([100, 20, 3], seed=1), "network")))
    assert {"90 more", "10 more", "100 inputs"} <= set(found)


@pytest.mark.parametrize("what, network, told", [
    ("regions", lambda: Network([3, 1]), "decision regions need a network of two inputs; this one"),
    ("calibration", lambda: trained("identity")[0], "calibration is of probabilities"),
    ("confusion", lambda: trained("identity")[0], "confusion is of classes or labels"),
    ("residuals", lambda: trained()[0], "residuals are of a regression"),
    ("curves", lambda: Network([2, 1]), "learning curves: the model has no record of a training"),
    ("curve", lambda: Network([2, 1]), "what"),
])
def test_pictures_that_cannot_be(what, network, told):
    rows = (None, None) if what in ("regions", "curves", "curve") else (ROWS, XOR)
    with pytest.raises(ValueError, match=told):
        picture_of(network(), what, *rows)


def test_rows_are_needed_with_their_targets():
    network, _ = trained()
    for what in OF_ANSWERS:
        with pytest.raises(ValueError, match=f"{what} needs rows whose targets are known"):
            picture_of(network, what)
    with pytest.raises(ValueError, match="both are needed, or neither"):
        picture_of(network, "confusion", ROWS)


def test_outputs_that_are_no_probabilities():
    network = Network([2, 2], output="tanh", seed=1)
    network.class_names = ["a", "b"]
    with pytest.raises(ValueError, match="tanh outputs are none"):
        picture_of(network, "calibration", ROWS, ["a", "b", "b", "a"])


def test_which_pictures_there_are():
    binary, _ = trained()
    answers = answers_to(binary, ROWS, XOR)
    assert list(fitting(binary, None)[0]) == ["curves", "regions", "weights", "network"]
    assert set(PICTURES) - set(fitting(binary, answers)[0]) == {"residuals"}
    numbers, _ = trained("identity")
    assert set(PICTURES) - set(fitting(numbers, answers_to(numbers, ROWS, XOR))[0]) == {
        "confusion", "calibration"
    }
    labels, _ = trained(sizes=(2, 2), targets=[[0, 1], [1, 1], [0, 0], [1, 0]])
    found, notes = fitting(labels, answers_to(labels, ROWS, [[0, 1], [1, 1], [0, 0], [1, 0]]))
    assert notes == []
    assert set(PICTURES) - set(found) == {"residuals"}
    for picture in found.values():
        parsed(picture)


def test_what_cannot_be_drawn_of_its_kind_is_told():
    network = Network([2, 1], output="identity", initializer=[[[1.7e308], [0.0]]], biases=False)
    answers = answers_to(network, [[1.0, 0.0], [-1.0, 0.5]], [1.0, 2.0])
    found, notes = fitting(network, answers)
    assert list(found) == ["network"]
    assert notes == [
        f"there is no picture {what}: the numbers are too far apart to be drawn"
        for what in ("residuals: answer, target", "regions: target", "weights: weight")
    ]
    with pytest.raises(ValueError, match="calibration: nan is no probability"):
        calibration.bins([nan], [True])


def test_answers_are_in_the_users_units():
    from pyref.tables.scaling import Scaling

    network = Network([2, 1], output="identity", initializer=[[[1.0], [1.0]]], biases=False)
    network.input_scaling = Scaling((1.0, 1.0), (2.0, 2.0))
    network.target_scaling = Scaling((5.0,), (10.0,))
    found = answers_to(network, [[1.0, 1.0], [3.0, 1.0]], [5.0, 20.0])
    assert found.inputs.tolist() == [1.0, 1.0, 3.0, 1.0]
    assert (found.outputs.tolist(), found.targets.tolist()) == ([5.0, 15.0], [5.0, 20.0])


def test_names_from_anywhere_leave_it_xml():
    network, _ = trained()
    network.input_names = ["<a & \"b\">\x1b[2J\n\ud800", "$x$ of \u202e a name that will be cut"]
    network.class_names = ["]]>", "&amp;"]
    for picture in fitting(network, None)[0].values():
        found = " ".join(texts(parsed(picture)))
        assert not set(found) & {"\x1b", "\u202e", "\n"}
    found = texts(parsed(picture_of(network, "network")))
    assert r'<a & "b">\x1b[2J\n\ud800' in found and "&amp;" in found


def test_scales_of_colours_are_readable_in_grey():
    for stops, way in ((colours.BLUES, -1), (colours.CIVIDIS, 1)):
        found = list(map(colours.lightness, colours.scale(stops)))
        assert len(found) == colours.LEVELS
        assert sorted(found, key=lambda lightness: way * lightness) == found
        assert abs(found[0] - found[-1]) > 0.6
    kinds = list(map(colours.lightness, colours.KINDS))
    assert all(abs(a - b) > 0.1 for a, b in zip(kinds, kinds[1:4]))
    assert [colours.level(value, 0.0, 1.0) for value in (-inf, nan, 0.0, 1.0, inf)] == [
        0, 0, 0, 63, 63
    ]


# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", 2009, of severity 1: what linear red, green and blue look like.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}


def linear(part):
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def seen(colour, matrix):
    light = [linear(part / 255) for part in colours.parts_of(colour)]
    sums = [min(max(sum(m * part for m, part in zip(row, light)), 0.0), 1.0) for row in matrix]
    return [12.92 * s if s <= 0.0031308 else 1.055 * s ** (1 / 2.4) - 0.055 for s in sums]


@pytest.mark.parametrize("matrix", DEFICIENCIES.values(), ids=DEFICIENCIES)
def test_the_colour_blind_can_tell_kinds_apart(matrix):
    found = [seen(colour, matrix) for colour in colours.KINDS]
    for place, one in enumerate(found):
        for other in found[:place]:
            assert sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5 > 0.1
    red, green = seen("#d05000", matrix), seen("#608000", matrix)  # a pair that is not so
    if matrix is DEFICIENCIES["deuteranopia"]:
        assert sum((a - b) ** 2 for a, b in zip(red, green)) ** 0.5 < 0.25


@pytest.mark.parametrize("low, high, whole, wanted", [
    (0.0, 100.0, False, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
    (-1.0, 1.0, False, [-1.0, -0.5, 0.0, 0.5, 1.0]),
    (1.0, 3.0, True, [1.0, 2.0, 3.0]), (3.0, 3.0, False, [3.0]),
    (1e-9, 2e-9, False, [1e-9, 1.2e-9, 1.4e-9, 1.6e-9, 1.8e-9, 2e-9]),
])
def test_ticks(low, high, whole, wanted):
    assert text.ticks(low, high, whole=whole) == wanted


def test_axes_refuse_what_cannot_be_drawn():
    assert in_between("x", [1.0, nan, 3.0, inf]) == Axis("x", 0.9, 3.1)
    with pytest.raises(ValueError, match="x: there is no finite number to be drawn"):
        in_between("x", [nan])
    with pytest.raises(ValueError, match="x: the numbers are too far apart to be drawn"):
        in_between("x", [-1e308, 1e308])


def test_cells_side_by_side_are_one_rectangle():
    from pyref.pictures.layout import Scale
    from pyref.pictures.svg import cells

    axis = Axis("", 0.0, 3.0)
    mark = Cells(0.0, 0.0, 3.0, 3.0, [[0, 0, 1]], ["#000000", "#ffffff"])
    found = "".join(cells(mark, Scale(axis, 0.0, 30.0), Scale(axis, 30.0, 0.0)))
    assert found.count("M") == 2 and 'd="M0.00 0.00H20.00V30.00H0.00Z"' in found
