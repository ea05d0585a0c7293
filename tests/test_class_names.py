"""Targets that are the names of classes."""

import json
from array import array

import pytest

from conftest import imported
from pyref import Network, Trainer
from pyref.checks.verification import verify

ROWS = [[0.0, 1.0], [2.0, 0.5], [1.0, 1.0], [0.25, 3.0]]
NAMES = ["owl", "ape", "cow", "ape"]  # in order: ape, cow, owl
PLACES = [2, 0, 1, 0]


def classifier(outputs=3):
    return Network([2, 4, outputs], output="softmax" if outputs > 1 else "sigmoid", seed=3)


def trained(targets, backend, outputs=3, **other):
    network = classifier(outputs)
    Trainer(network, backend=backend).train(ROWS, targets, epochs=3, **other)
    return network


def in_numpy(names):
    numpy = imported("numpy")
    return [numpy.array(names), numpy.array(names, dtype=object),
            numpy.array([[name] for name in names])]


def in_pandas(names):
    pandas = imported("pandas")
    series = pandas.Series(names, index=range(7, 7 + len(names)))
    return [series, series.astype(object), series.astype("string"), series.astype("category"),
            pandas.Categorical(names), pandas.DataFrame({"animal": names})]


def in_polars(names):
    polars = imported("polars")
    series = polars.Series(names)
    return [series, series.cast(polars.Categorical), polars.DataFrame({"animal": names}),
            series.cast(polars.Enum(sorted(set(names))))]


def in_lists(names):
    return [names, tuple(names), [[name] for name in names]]


@pytest.mark.parametrize("forms", [in_lists, in_numpy, in_pandas, in_polars])
def test_names_are_learned(backend, forms):
    by_number = trained(PLACES, backend)
    assert by_number.class_names is None
    for targets in forms(NAMES):
        network = trained(targets, backend, validation=(ROWS[:2], NAMES[:2]))
        assert network.class_names == ["ape", "cow", "owl"]
        assert network.digest() == by_number.digest()
        assert network.evaluate(ROWS, targets, backend=backend) == by_number.evaluate(ROWS, PLACES)
        assert set(network.classify(ROWS)) <= {"ape", "cow", "owl"}
        assert type(network.class_names[0]) is str


@pytest.mark.parametrize("forms", [in_lists, in_numpy, in_pandas, in_polars])
def test_one_output_learns_two_names(backend, forms):
    by_number = trained([1, 0, 0, 1], backend, outputs=1)
    for targets in forms(["yes", "no", "no", "yes"]):
        network = trained(targets, backend, outputs=1)
        assert network.class_names == ["no", "yes"] and network.digest() == by_number.digest()
        assert network.classify(ROWS) == [["no", "yes"][at] for at in by_number.classify(ROWS)]


def test_a_categorical_has_an_order(backend):
    pandas = imported("pandas")
    kind = pandas.CategoricalDtype(["owl", "cow", "ape"], ordered=True)
    assert trained(pandas.Series(NAMES, dtype=kind), backend).class_names == ["owl", "cow", "ape"]
    more = pandas.CategoricalDtype(["owl", "eel", "cow", "ape"])
    assert trained(pandas.Series(NAMES, dtype=more), backend).class_names == ["owl", "cow", "ape"]
    four = trained(pandas.Series(NAMES, dtype=more), backend, outputs=4)  # one without a row
    assert four.class_names == ["owl", "eel", "cow", "ape"]


def test_arrays_of_objects_may_hold_numbers_and_truths(backend):
    numpy = imported("numpy")
    for outputs in (1, 2):
        expected = trained([1, 0, 0, 1], backend, outputs).digest()
        for values, kind in (([1, 0, 0, 1], None), ([True, False, False, True], "boolean")):
            network = trained(numpy.array(values, dtype=object), backend, outputs)
            assert network.digest() == expected and network.class_kind == kind


def test_names_that_a_network_has_are_kept(backend, tmp_path):
    network = classifier()
    network.class_names = ["owl", "cow", "ape"]
    trainer = Trainer(network, backend=backend)
    trainer.train(ROWS, NAMES, epochs=1)
    trainer.train(ROWS, [0, 2, 1, 2], epochs=1)  # numbers are places
    assert network.class_names == ["owl", "cow", "ape"]
    network.save(tmp_path / "model.json")
    assert Network.load(tmp_path / "model.json").evaluate(ROWS, NAMES) == network.evaluate(
        ROWS, [0, 2, 1, 2])


def test_a_loss_that_compares_with_all_outputs(backend):
    network = Network([2, 3], output="sigmoid", seed=2)
    network.class_names = ["ape", "cow", "owl"]
    rows = [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]
    for loss in ("mean_squared_error", "binary_cross_entropy"):
        assert network.evaluate(ROWS, NAMES, loss, backend) == network.evaluate(ROWS, rows, loss)


def test_learned_names_are_verified(backend):
    network = trained(NAMES, backend)
    assert verify(network, (ROWS, NAMES), backend=backend).identical


@pytest.mark.parametrize("targets, outputs, message", [
    (["a", None, "b", "c"], 3, "targets, row 1: None found, a text is needed, as in other rows"),
    (["a", "b", 5, "c"], 3, "targets, row 2: 5 found, a text is needed"),
    (["a", "b", "c", "d"], 3, "they are 'a', 'b', 'c', 'd', but the network tells 3 classes"),
    (["a", "b", "a", "b"], 3, "row 1: 'b' found, a class from 0 to 2 .* as names .* 'a', 'b', but"),
    (["a", "a", "a", "a"], 1, "they are 'a', but the network tells 2 classes apart"),
    (["a", "b", "c"], 3, "4 rows of inputs, but 3 rows of targets"),
    ([1, 2, 3, 4], 3, r"row 2: 3 found, a class from 0 to 2 is needed \(classes may have other"),
])
def test_names_that_do_not_fit(backend, targets, outputs, message):
    network = classifier(outputs)
    before = network.digest()
    with pytest.raises(ValueError, match=message):
        Trainer(network, backend=backend).train(ROWS, targets, epochs=1)
    assert network.class_names is None and network.digest() == before


def test_arrays_of_other_things(backend):
    numpy = imported("numpy")
    with pytest.raises(ValueError, match="row 0: b'a' found, .*other names: give these as texts"):
        trained(numpy.array([b"a", b"b", b"c", b"a"]), backend)
    for kind in ("c16", "M8[s]"):
        with pytest.raises(TypeError, match="targets: .*buffer of numbers .* needed, not"):
            trained(numpy.zeros((4, 3), dtype=kind), backend)
        with pytest.raises((TypeError, ValueError), match="targets: "):
            trained(numpy.zeros(4, dtype=kind), backend)


def test_names_that_were_never_seen(backend):
    network = classifier()
    with pytest.raises(ValueError, match="row 0: 'owl' found, .* has no class_names; it learns"):
        network.evaluate(ROWS, NAMES, backend=backend)
    trainer = Trainer(network, backend=backend)
    with pytest.raises(ValueError, match="row 1: 'eel' found, which is none of the classes 'ape'"):
        trainer.train(ROWS, NAMES, validation=(ROWS[:2], ["ape", "eel"]))
    assert network.class_names is None  # nothing was learned
    for output, loss in (("identity", "mean_squared_error"), ("sigmoid", "binary_cross_entropy")):
        network = Network([2, 3], output=output)
        with pytest.raises(ValueError, match=f"number is needed: {loss} with 3 outputs learns"):
            Trainer(network, backend=backend).train(ROWS, NAMES)
        with pytest.raises(ValueError, match="unless the network is given its class_names"):
            network.evaluate(ROWS, NAMES, backend=backend)


def test_gaps_among_names():
    pandas = imported("pandas")
    gap = "targets, row 1: .*(nan|NA|None).* found, a text is needed"  # as pandas has it
    with pytest.raises(ValueError, match=gap):
        trained(pandas.Series(["owl", None, "cow", "ape"]), "python")
    assert trained(array("d", PLACES), "python").class_names is None


NUMBERS = [7, -2, 5, -2]  # in order, which is not that of their texts: -2, 5, 7
TRUTHS = [True, False, False, True]


def whole_in_frames(numbers):
    pandas, polars = imported("pandas"), imported("polars")
    series = pandas.Series(numbers)
    return [series, series.astype("Int64"), series.astype("int8"),
            pandas.DataFrame({"place": numbers}), polars.Series(numbers)]


@pytest.mark.parametrize("forms", [in_lists, in_numpy, whole_in_frames])
def test_other_whole_numbers_are_names(backend, forms):
    by_number = trained(PLACES, backend)
    for targets in forms(NUMBERS):
        network = trained(targets, backend, validation=(ROWS[:2], NUMBERS[:2]))
        assert (network.class_kind, network.class_names) == ("integer", ["-2", "5", "7"])
        assert network.digest() == by_number.digest()
        answers = network.classify(ROWS)
        assert set(answers) <= {-2, 5, 7} and set(map(type, answers)) == {int}
        assert network.evaluate(ROWS, targets) == by_number.evaluate(ROWS, PLACES)
        assert verify(network, (ROWS, targets), (ROWS[:2], NUMBERS[:2])).identical


@pytest.mark.parametrize("outputs", [1, 2])
def test_truth_values_are_names(backend, outputs):
    for targets in [TRUTHS, imported("numpy").array(TRUTHS),
                    imported("pandas").Series(TRUTHS), imported("polars").Series(TRUTHS)]:
        network = trained(targets, backend, outputs)
        assert (network.class_kind, network.class_names) == ("boolean", ["False", "True"])
        assert network.digest() == trained([1, 0, 0, 1], backend, outputs).digest()
        assert set(map(type, network.classify(ROWS))) == {bool}
        assert network.evaluate(ROWS, [1, 0, 0, 1]) == network.evaluate(ROWS, targets)


@pytest.mark.parametrize("targets, outputs", [
    (PLACES, 3), ([0, 1, 1, 0], 1), ([0, 1, 1, 0], 2), (array("d", [0.0, 1.0, 1.0, 0.0]), 1),
    ([True, False, False, True], 3),
])
def test_numbers_of_classes_stay_what_they_are(targets, outputs):
    network = trained(targets, "python", outputs)
    assert (network.class_kind, network.class_names) == (None, None)


def test_whole_numbers_that_are_too_many_or_unknown():
    with pytest.raises(ValueError, match="targets, row 0: 7 found, a class from 0 to 2 is needed"):
        trained([7, -2, 5, 11], "python")
    network = trained(NUMBERS, "python")
    with pytest.raises(ValueError, match="row 1: '0' found, which is none of the classes '-2'"):
        network.evaluate(ROWS, [7, 0, 5, -2])


def test_files_tell_the_kind_of_names(tmp_path):
    network, path = trained(NUMBERS, "python"), tmp_path / "m.json"
    network.save(path)
    assert json.loads(path.read_text())["format_version"] == 3
    again = Network.load(path)
    assert again == network and again.classify(ROWS) == network.classify(ROWS)
    again.class_kind = None
    assert again != network and set(again.classify(ROWS)) <= {"-2", "5", "7"}
    for kind in ("boolean", "complex"):
        again.class_kind = kind
        with pytest.raises(ValueError, match="class_kind"):
            again.save(path)
    damaged = json.loads(path.read_text())
    del damaged["checksum"]
    damaged["class_names"][0] = "+2"
    path.write_text(json.dumps(damaged))
    with pytest.raises(ValueError, match="class_kind: it is 'integer', but the class_names are"):
        Network.load(path)


def test_the_command_judges_by_such_names(tmp_path, run):
    network, path = trained(NUMBERS, "python"), tmp_path / "m.json"
    network.save(path)
    rows = "".join(f"{a},{b},{name}\n" for (a, b), name in zip(ROWS, NUMBERS))
    (tmp_path / "rows.csv").write_text("a,b,what\n" + rows)
    found = json.loads(run(f"evaluate {path} {tmp_path / 'rows.csv'} --json").out)["result"]
    expected = network.evaluate(ROWS, NUMBERS)
    assert (found["loss"], found["accuracy"]) == (expected.loss, expected.accuracy)
    assert [each["name"] for each in found["classes"]] == ["-2", "5", "7"]
