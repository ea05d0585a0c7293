"""What goes in as an array or a table comes back as one."""

import subprocess
import sys
from array import array

import pytest

from pyref import Network
from pyref.tables.scaling import Scaling

ROWS = [[1.0, 2.0], [3.0, 4.0], [-5.0, 0.25]]
FLAT = array("d", [value for row in ROWS for value in row])


@pytest.fixture
def network():
    return Network([2, 3, 3], output="softmax", seed=4)


def both(network, backend):
    """`predict` and what `predictor` gives."""
    return [lambda rows: network.predict(rows, backend=backend), network.predictor(backend)]


def test_an_array_for_an_array(network, backend, numpy):
    expected = network.predict(ROWS, backend=backend)
    for predict in both(network, backend):
        for kind in ("f8", "f4", ">f8"):
            answer = predict(numpy.array(ROWS, dtype=kind))
            assert type(answer) is numpy.ndarray and answer.dtype == numpy.float64
            assert answer.shape == (3, 3) and answer.tolist() == expected
        answer[0, 0] = 7.0  # it is the caller's own
        assert predict(numpy.array(ROWS)).tolist() == expected
        assert predict(numpy.array(ROWS[:1])).argmax(axis=1).shape == (1,)
        assert predict(FLAT) == array("d", sum(expected, [])) and type(predict(FLAT)) is array
        assert type(predict(numpy.array(FLAT))) is array  # a flat buffer, as others are
        assert predict(ROWS) == expected


def test_scaled_answers_have_the_form_too(backend, numpy, pandas):
    network = Network([2, 1], output="identity", initializer=[[[1.0], [10.0]]], biases=False)
    network.target_scaling = Scaling([100.0], [10.0])
    for predict in both(network, backend):
        assert predict(numpy.array(ROWS[:2])).tolist() == [[310.0], [530.0]]
        assert predict(pandas.DataFrame(ROWS[:2]))["0"].tolist() == [310.0, 530.0]


def test_a_frame_of_pandas_for_one(network, backend, pandas):
    frame = pandas.DataFrame(ROWS, columns=["a", "b"], index=["x", "y", "x"])
    expected = network.predict(ROWS, backend=backend)
    for names, columns in ((None, ["0", "1", "2"]), (["u", "v", "w"], ["u", "v", "w"])):
        network.class_names = names
        for predict in both(network, backend):
            answer = predict(frame)
            assert type(answer) is pandas.DataFrame
            assert list(answer.columns) == columns and list(answer.index) == ["x", "y", "x"]
            assert answer.values.tolist() == expected


def test_a_frame_of_polars_for_one(network, backend, polars):
    network.class_names = ["u", "v", "w"]
    expected = network.predict(ROWS, backend=backend)
    for predict in both(network, backend):
        answer = predict(polars.DataFrame(ROWS, schema=["a", "b"], orient="row"))
        assert type(answer) is polars.DataFrame and answer.columns == ["u", "v", "w"]
        assert list(map(list, answer.rows())) == expected
        assert answer.dtypes == [polars.Float64] * 3


def test_a_series_counts_as_a_table_of_one_column(backend, pandas, polars):
    network = Network([1, 1], output="identity", initializer=[[[2.0]]], biases=False)
    network.target_names = ["price"]
    answer = network.predict(pandas.Series([1.0, 2.0], index=[7, 8]), backend=backend)
    assert answer.to_dict() == {"price": {7: 2.0, 8: 4.0}}
    assert network.predict(polars.Series([1.0, 2.0]), backend=backend).rows() == [(2.0,), (4.0,)]


def test_targets_name_the_columns(backend, pandas):
    network = Network([2, 2], output="identity", seed=1)
    network.target_names = ["width", "length"]
    assert list(network.predict(pandas.DataFrame(ROWS), backend=backend)) == ["width", "length"]
    network.target_names = ["width", "width"]
    with pytest.raises(ValueError, match="target_names: 'width' is there twice"):
        network.predict(pandas.DataFrame(ROWS), backend=backend)


def test_classes_in_the_form_of_the_rows(network, backend, numpy, pandas, polars):
    frame = pandas.DataFrame(ROWS, columns=["a", "b"], index=[5, 6, 9])
    places = network.classify(ROWS, backend=backend)
    answer = network.classify(numpy.array(ROWS), backend=backend)
    assert type(answer) is numpy.ndarray and answer.tolist() == places
    network.class_names, network.target_names = ["u", "v", "w"], ["kind"]
    names = [network.class_names[place] for place in places]
    assert network.classify(ROWS, backend=backend) == names
    assert network.classify(FLAT, backend=backend) == names
    answer = network.classify(numpy.array(ROWS), backend=backend)
    assert answer.dtype.kind == "U" and answer.tolist() == names
    answer = network.classify(frame, backend=backend)
    assert answer.name == "kind" and answer.to_dict() == dict(zip([5, 6, 9], names))
    answer = network.classify(polars.DataFrame(ROWS, schema=["a", "b"], orient="row"))
    assert answer.name == "kind" and answer.to_list() == names


def test_labels_are_lists_for_an_array_too(backend, numpy, pandas):
    network = Network([2, 2], output="sigmoid", initializer=[[[1.0, 0.0], [0.0, 1.0]]])
    expected = network.classify(ROWS, backend=backend)
    assert expected[2] == [1] and network.classify(numpy.array(ROWS), backend=backend) == expected
    answer = network.classify(pandas.DataFrame(ROWS, index=[3, 4, 5]), backend=backend)
    assert answer.to_dict() == dict(zip([3, 4, 5], expected))


def test_no_library_is_imported_for_lists_and_buffers():
    program = (
        "import sys, pyref; from array import array; n = pyref.Network([2, 2]); "
        "n.predict([[1, 2]]); n.classify([[1, 2]]); n.predict(array('d', [1, 2])); "
        "pyref.Trainer(n).train([[1, 2]], [[0, 1]], epochs=1); "
        "print({'numpy', 'pandas', 'polars', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
    assert done.stdout.strip() == b"set()"
