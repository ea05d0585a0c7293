"""Tables whose columns are of several kinds, and what is no table yet: taken, or refused with the
way out."""

import warnings

import pytest

from pyref import Network, Trainer

ROWS = [[1.0, 2.0], [0.0, 4.0], [1.0, 0.25]]


@pytest.fixture
def network():
    return Network([2, 3, 1], seed=4)


def same(network, backend, frame, rows=ROWS):
    found = network.predict(frame, backend=backend)
    return found.to_numpy().tolist() == network.predict(rows, backend=backend)


@pytest.mark.parametrize("kind", ["Float64", "float32", "Sparse[float]"])
def test_kinds_of_numbers(network, backend, pandas, kind):
    assert same(network, backend, pandas.DataFrame(ROWS).astype(kind))


@pytest.mark.parametrize("kind", ["bool", "boolean", "Int64", "int8", "UInt8", "category"])
def test_kinds_of_whole_numbers_and_truths(network, backend, pandas, kind):
    frame = pandas.DataFrame(ROWS)
    frame[0] = frame[0].astype(int).astype(kind)  # beside a column of floats
    assert same(network, backend, frame)
    both = pandas.DataFrame({"a": [1, 0], "b": [0, 1]}).astype(kind)
    assert same(network, backend, both, [[1, 0], [0, 1]])
    targets = pandas.Series([1, 0, 1]).astype(kind)
    weights = pandas.Series([1, 0, 1]).astype(kind)
    by_kind, by_list = (Network([2, 3, 1], seed=4) for _ in "ab")
    Trainer(by_kind, backend=backend).train(frame, targets, epochs=2, weights=weights)
    Trainer(by_list, backend=backend).train(ROWS, [1, 0, 1], epochs=2, weights=[1, 0, 1])
    assert by_kind.digest() == by_list.digest()
    assert by_kind.class_kind == ("boolean" if kind.startswith("bool") else None)


def test_kinds_of_polars(network, backend, polars):
    frame = polars.DataFrame(ROWS, schema=["a", "b"], orient="row")
    for kind in (polars.Float32, polars.Int64, polars.Boolean):
        assert same(network, backend, frame.with_columns(frame["a"].cast(kind)))


@pytest.mark.parametrize("values, message", [
    (["x", "y"], "inputs, row 0, column 1: a number is needed, not 'x'; words and gaps .* fillna"),
    ([True, None], "inputs, row 1, column 1: a number is needed, not None; words and gaps"),
])
def test_words_and_gaps_of_frames(network, backend, pandas, values, message):
    with pytest.raises(TypeError, match=message):
        network.predict(pandas.DataFrame({"a": [1.0, 2.0], "b": values}), backend=backend)


def test_gaps_of_nullable_columns(network, backend, pandas, polars):
    frame = pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64"), "b": [1.0, 2.0]})
    with pytest.raises((TypeError, ValueError), match="inputs, row 1, column 0: .*n(eed|an)"):
        network.predict(frame, backend=backend)
    assert same(network, backend, frame.fillna(0), [[1.0, 1.0], [0.0, 2.0]])
    frame = polars.DataFrame({"a": [1, None], "b": [1.0, 2.0]})
    with pytest.raises(ValueError, match="inputs, row 1, column 0: nan found"):
        network.predict(frame, backend=backend)


def test_lazy_tables(network, polars):
    frame = polars.DataFrame(ROWS, schema=["a", "b"], orient="row")
    network.input_names = ["a", "b"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # polars warns of questions that are expensive
        with pytest.raises(TypeError, match=r"inputs: a lazy table found; .* collect\(\)"):
            network.predict(frame.lazy())
    with pytest.raises(TypeError, match="targets: a lazy table"):
        network.evaluate(frame, frame.lazy())


def test_sparse_matrices(network):
    """SciPy's have these members, and a dtype."""

    class Sparse:
        nnz = 5

        def toarray(self):
            return ROWS

    with pytest.raises(TypeError, match=r"inputs: a sparse matrix found; .* toarray\(\)"):
        network.predict(Sparse())
    with pytest.raises(TypeError, match="targets: a sparse matrix found"):
        network.evaluate(ROWS, Sparse())


def test_sparse_matrices_of_scipy(network):
    try:
        from scipy import sparse
    except ImportError:
        pytest.skip("SciPy is not installed")  # its members are those of the test above
    for kind in (sparse.csr_matrix, sparse.coo_array):
        with pytest.raises(TypeError, match="inputs: a sparse matrix found"):
            network.predict(kind(ROWS))
        with pytest.raises(TypeError, match="targets: a sparse matrix found"):
            network.evaluate(ROWS, kind([[1.0], [0.0], [1.0]]))
