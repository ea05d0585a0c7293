"""Targets that are the names of classes."""

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
        for values in ([1, 0, 0, 1], [True, False, False, True]):
            network = trained(numpy.array(values, dtype=object), backend, outputs)
            assert network.digest() == expected and network.class_names is None


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
    ([1, 2, 3, 1], 3, r"row 2: 3 found, a class from 0 to 2 is needed \(classes may have other"),
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
