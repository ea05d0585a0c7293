"""pyref.sklearn's PyrefClassifier and PyrefRegressor: what `pyref train` does, as estimators."""

import os
import pickle

import pytest

if os.environ.get("PYREF_SKLEARN") != "1":  # there, that it is missing is an error
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import numpy as np
from sklearn.datasets import load_diabetes, load_iris, make_multilabel_classification
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import pyref
from pyref.sklearn import PyrefClassifier, PyrefRegressor

QUICK = "--hidden 4 --epochs 20"


@parametrize_with_checks([PyrefClassifier(), PyrefRegressor()])
def test_scikit_learns_checks(estimator, check):
    """None is expected to fail."""
    check(estimator)


def test_the_same_bits_as_the_command(run):
    """From pyref's copy of iris and from scikit-learn's."""
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    run("train iris")
    assert PyrefClassifier().fit(X, names).digest() == pyref.Network.load(
        "iris.model.json"
    ).digest()
    run(f"train iris {QUICK} --seed 3 --backend python")
    by_command = pyref.Network.load("iris.model.json")
    made = PyrefClassifier(QUICK, random_state=3).fit(X, names)
    assert made.digest() == by_command.digest()
    assert made.predict(X).tolist() == by_command.classify(X.tolist())


@pytest.fixture
def table(pandas):
    """Words, gaps, truths, categories, whole numbers that may be missing, and names."""
    chance = np.random.RandomState(0)
    rows = 80
    made = pandas.DataFrame({
        "colour": chance.choice(["red", "green", "blue"], rows),
        "size": chance.rand(rows) * 10,
        "new": chance.rand(rows) > 0.5,
        "kind": pandas.Categorical(chance.choice(list("xy"), rows)),
        "number": pandas.array(chance.randint(0, 9, rows), dtype="Int64"),
        "name": [f"thing {row}" for row in range(rows)],
    })
    made.loc[3, "size"] = np.nan
    made.loc[5, "colour"] = None
    made.loc[7, "number"] = pandas.NA
    return made


@pytest.fixture
def wanted(table, pandas):
    dear = (table["colour"] == "red") | (table["size"].fillna(0) > 6)
    return pandas.Series(np.where(dear, "dear", "cheap"), name="price")


def test_words_gaps_and_names(table, wanted):
    made = PyrefClassifier().fit(table, wanted)
    assert made.score(table, wanted) > 0.9
    assert made.network_.input_names == [
        "colour=blue", "colour=green", "colour=red", "colour is missing", "size",
        "size is missing", "new=True", "kind=y", "number", "number is missing",
    ]
    assert list(made.feature_names_in_) == list(table.columns)
    assert [note.partition(":")[0] for note in made.notes_] == ["gaps", "left out"]
    assert made.n_iter_ == len(made.loss_curve_)


def test_the_same_network_as_from_a_file(table, wanted, run):
    table.assign(price=wanted).to_csv("things.csv", index=False)
    run(f"train things.csv {QUICK}")
    by_command = pyref.Network.load("things.model.json")
    made = PyrefClassifier(QUICK).fit(table, wanted)
    assert made.digest() == by_command.digest()
    assert made.network_.preparation == by_command.preparation
    made.network_.save("estimator.json")
    answers = run("predict estimator.json things.csv -o -").out.splitlines()
    assert answers[0].split(",")[0] == "price"
    assert [line.split(",")[0] for line in answers[1:]] == made.predict(table).tolist()


def test_polars_tables(table, wanted, polars):
    from_polars = polars.DataFrame({
        name: [None if value != value else value for value in table[name].astype(object)
               .where(table[name].notna(), None)]
        for name in table.columns
    })
    made = PyrefClassifier(QUICK).fit(from_polars, wanted.to_numpy())
    assert made.digest() == PyrefClassifier(QUICK).fit(table, wanted).digest()


def test_words_that_come_later(table, wanted):
    made = PyrefClassifier(QUICK).fit(table, wanted)
    later = table.assign(colour="violet")
    assert made.predict(later).shape == (80,)
    with pytest.raises(ValueError, match="'violet' was never seen in training"):
        made.set_params(unknown="error").predict(later)


def test_numbers_that_are_names(table, wanted):
    made = PyrefClassifier(QUICK, categorical=["number"]).fit(table, wanted)
    assert "number=8" in made.network_.input_names
    by_place = PyrefClassifier(QUICK, categorical=[4]).fit(table, wanted)
    assert by_place.digest() == made.digest()
    with pytest.raises(ValueError, match="'weight' is no column"):
        PyrefClassifier(QUICK, categorical=["weight"]).fit(table, wanted)


def test_gaps_that_are_refused(table, wanted):
    with pytest.raises(ValueError, match="cells are empty"):
        PyrefClassifier(missing="error").fit(table, wanted)
    with pytest.raises(ValueError, match="'missing' parameter"):
        PyrefClassifier(missing="drop").fit(table, wanted)


def test_dates_are_refused_with_a_way_out(pandas):
    days = pandas.DataFrame({"day": pandas.date_range("2024-01-01", periods=30)})
    with pytest.raises(ValueError, match="is a date or a time; make numbers of it"):
        PyrefRegressor().fit(days, np.arange(30.0))


def test_recipes_that_cannot_be_followed():
    X, y = load_iris(return_X_y=True)
    for wrong in ("--hidden many", "--colour red", "--epochs '3"):
        with pytest.raises(ValueError, match="^recipe: "):
            PyrefClassifier(wrong).fit(X, y)
    with pytest.raises(ValueError, match="same class"):
        PyrefClassifier().fit(X[:50], y[:50])


def test_labels():
    X, y = make_multilabel_classification(n_samples=60, n_classes=3, random_state=0)
    made = PyrefClassifier(QUICK).fit(X, y)
    assert made.predict(X).shape == made.predict_proba(X).shape == y.shape
    assert made.network_.is_multi_label
    assert (made.predict(X) == (made.predict_proba(X) > 0.5)).all()


def test_numbers_in_their_own_units():
    X, y = load_diabetes(return_X_y=True)
    made = PyrefRegressor().fit(X, y)
    assert 0.45 < made.score(X, y) < 0.65
    two = PyrefRegressor(QUICK).fit(X, np.column_stack([y, -y]))
    assert two.predict(X).shape == (442, 2)


def test_engines_threads_and_jobs_give_the_same_bits():
    X, y = load_iris(return_X_y=True)
    made = PyrefClassifier(QUICK, backend="python").fit(X, y)
    assert made.verify(X, y) and made.set_params(threads=2).verify(X, y)
    with pytest.raises(ValueError, match="other rows"):
        made.verify(X[:100], y[:100])
    found = [
        GridSearchCV(PyrefClassifier(), {"recipe": [QUICK, "--hidden 0 --epochs 9"]}, cv=2,
                     n_jobs=n_jobs).fit(X, y)
        for n_jobs in (1, 2)
    ]
    assert found[0].best_params_ == found[1].best_params_
    assert found[0].best_estimator_.digest() == found[1].best_estimator_.digest()


def test_copies_and_cross_validation(table, wanted):
    made = pickle.loads(pickle.dumps(PyrefClassifier(QUICK).fit(table, wanted)))
    assert made.score(table, wanted) > 0.7
    scores = cross_val_score(make_pipeline(PyrefClassifier(QUICK)), table, wanted, cv=3)
    assert scores.mean() > 0.7
