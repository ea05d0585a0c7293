"""What a report holds a network against: a constant answer, and a linear model."""

import math
import re

import pytest


def compared(output):
    return re.search(r"^to compare  (.*)", output, re.MULTILINE)[1]


def write(lines):
    with open("rows.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def test_classes(run, backend):
    """Six of ten rows are of the class b, and a line tells all apart."""
    write(["x,kind", *[f"{x},{'a' if x < 4 else 'b'}" for x in range(10)]])
    output = run(f"train rows.csv --epochs 2 --backend {backend}").out
    assert compared(output) == (
        "60.0 % right (balanced 50.0 %) by always answering b, "
        "100.0 % right (area 1.0000) by a linear model"
    )


def test_numbers(run, backend):
    """Of 0, 3 … 27 around their mean: 3 × √((10² − 1)/12); a line through them leaves next to
    nothing."""
    write(["x,y", *[f"{x},{3 * x}.5" for x in range(10)]])
    output = run(f"train rows.csv --epochs 2 --task regress --backend {backend}").out
    constant, linear = re.findall(r"error ([\d.e-]+) \(R² ", compared(output))
    assert float(constant) == pytest.approx(3 * math.sqrt(99 / 12), rel=1e-5)
    assert float(linear) < 0.05
    assert "by always answering the mean" in output


def test_labels(run):
    """Yes is likelier of p, no of q: right for the two rows that have p alone."""
    write(["x,p,q", "0,1,0", "1,0,0", "2,1,1", "3,1,0"])
    output = run("train rows.csv --target p,q --task labels --epochs 2").out
    wanted = "50.0 % right in all labels by always answering the likelier"
    assert compared(output).startswith(wanted)


def test_the_constant_is_that_of_the_training_rows_and_judged_by_the_others(run):
    output = run("train iris --epochs 2").out
    assert compared(output).startswith("33.3 % right by always answering setosa, ")


def test_a_linear_network_is_its_own_measure(run):
    assert "linear" not in compared(run("train iris --epochs 2 --hidden 0").out)


def test_it_stands_outside_the_training(run):
    """Neither bits nor the recipe know of it."""
    from pyref import Network

    run("train iris --epochs 2 --hidden 3")
    recipe = Network.load("iris.model.json").recipe
    assert [segment["trainer"] for segment in recipe["segments"]] == [1]
    assert recipe["segments"][0]["optimizer"]["name"] == "AdamW"
