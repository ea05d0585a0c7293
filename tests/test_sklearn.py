"""pyref.sklearn's MLPClassifier and MLPRegressor: as estimators, and beside scikit-learn's own."""

import inspect
import os
import pickle
import warnings

import pytest

if os.environ.get("PYREF_SKLEARN") != "1":  # there, that it is missing is an error
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import joblib
import numpy as np
import sklearn.neural_network as theirs
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris, make_multilabel_classification, make_regression
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import pyref
from pyref.sklearn import MLPClassifier, MLPRegressor
from pyref.sklearn.scores import accuracy, r2

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

IRIS, SPECIES = load_iris(return_X_y=True)
LABELLED = make_multilabel_classification(n_samples=100, random_state=0)
NUMBERS = make_regression(n_samples=120, n_features=5, n_targets=3, random_state=0)
TASKS = {
    "classes": (theirs.MLPClassifier, MLPClassifier, IRIS, SPECIES),
    "two classes": (theirs.MLPClassifier, MLPClassifier, IRIS[:100], SPECIES[:100]),
    "labels": (theirs.MLPClassifier, MLPClassifier, LABELLED[0] / 10, LABELLED[1]),
    "number": (theirs.MLPRegressor, MLPRegressor, NUMBERS[0], NUMBERS[1][:, 0] / 50),
    "numbers": (theirs.MLPRegressor, MLPRegressor, NUMBERS[0], NUMBERS[1] / 50),
}


@parametrize_with_checks([MLPClassifier(), MLPRegressor()])
def test_scikit_learns_checks(estimator, check):
    """None is expected to fail."""
    check(estimator)


def parameters_of(estimator):
    return [*estimator.coefs_, *estimator.intercepts_]


def largest_difference(some, other):
    pairs = list(zip(parameters_of(some), parameters_of(other)))
    assert len(pairs) == 2 * (some.n_layers_ - 1)
    return max(np.abs(a - b).max() for a, b in pairs)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("settings", [
    dict(solver="sgd"),
    dict(solver="sgd", momentum=0.0, alpha=1.0),
    dict(solver="sgd", nesterovs_momentum=False, activation="logistic"),
    dict(solver="sgd", momentum=0.0, learning_rate="invscaling", learning_rate_init=0.1),
    dict(solver="sgd", momentum=0.0, learning_rate="adaptive", learning_rate_init=0.3, tol=0.01,
         n_iter_no_change=2),
    dict(solver="sgd", batch_size=20, shuffle=False, activation="tanh"),
    dict(solver="adam", epsilon=1e-16, activation="tanh"),
], ids=lambda settings: ",".join(map(str, settings.values())))
def test_the_way_is_scikit_learns(task, settings):
    """From the same weights, with the same batches: all that is left are roundings."""
    their, our, X, y = TASKS[task]
    settings = dict(hidden_layer_sizes=(7, 3), max_iter=12, random_state=3, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        their, our = their(**settings).fit(X, y), our(**settings).fit(X, y)
    tolerance = 1e-10 if "batch_size" not in settings else 1e-5  # the last batch may be short
    assert largest_difference(their, our) < tolerance
    assert our.loss_curve_ == pytest.approx(their.loss_curve_, abs=1e-5)
    for name in ("n_iter_", "t_", "n_layers_", "n_outputs_", "out_activation_", "n_features_in_"):
        assert getattr(our, name) == getattr(their, name)
    assert our.best_loss_ == pytest.approx(their.best_loss_, abs=1e-5)


@pytest.mark.parametrize("task", TASKS)
def test_weighted_rows_count_as_in_scikit_learn(task):
    their, our, X, y = TASKS[task]
    if "sample_weight" not in inspect.signature(their.fit).parameters:
        pytest.skip("this scikit-learn's own have no sample_weight")
    weights = np.random.RandomState(0).rand(len(X))
    settings = dict(solver="sgd", hidden_layer_sizes=5, max_iter=10, random_state=3, alpha=0.1)
    their, our = (kind(**settings).fit(X, y, weights) for kind in (their, our))
    assert largest_difference(their, our) < 1e-12
    assert our.loss_ == pytest.approx(their.loss_, abs=1e-5)


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_their_parameters_are_ours(kind):
    """The same names, defaults and places; on an older scikit-learn, where it has them."""
    own = inspect.signature(kind.__init__).parameters
    known = inspect.signature(getattr(theirs, kind.__name__).__init__).parameters
    assert set(known) <= set(own)
    assert {name: p.default for name, p in known.items()} == {
        name: own[name].default for name in known
    }
    if kind is MLPClassifier or "loss" in known:
        assert [n for n, p in own.items() if p.kind == p.POSITIONAL_OR_KEYWORD] == [
            n for n, p in known.items() if p.kind == p.POSITIONAL_OR_KEYWORD
        ]


@pytest.mark.parametrize("kind, X, y", [
    (MLPClassifier, IRIS, SPECIES), (MLPRegressor, *NUMBERS)
], ids=["classifier", "regressor"])
@pytest.mark.parametrize("wrong", [
    dict(alpha=-1.0), dict(batch_size=0), dict(solver="newton"), dict(activation="threshold"),
    dict(hidden_layer_sizes=(3, 0)), dict(momentum=2.0), dict(loss="log"), dict(dropout=1.0),
    dict(schedule="sometimes"), dict(threads=0), dict(backend="fortran"), dict(early_stopping=3),
    dict(activation=["tanh", "relu"], hidden_layer_sizes=3), dict(activation=["threshold"]),
], ids=str)
def test_settings_that_cannot_be(kind, X, y, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        kind(**wrong).fit(X, y)


def test_the_rate_of_invscaling():
    """learning_rate_init / (rows seen + 1)^power_t."""
    made = MLPClassifier(4, solver="sgd", learning_rate="invscaling", power_t=0.25, max_iter=2)
    made.fit([[3, 2], [1, 6], [5, 6], [-2, -4]], [1, 1, 1, 0])
    assert made._rate == pytest.approx(0.001 / 9**0.25, rel=1e-15)


def test_the_adaptive_rate_ends_the_training():
    made = MLPClassifier(tol=0.5, max_iter=3000, solver="sgd", learning_rate="adaptive")
    made.fit([[3, 2], [1, 6]], [1, 0])
    assert made.n_iter_ < 3000 and made._rate == pytest.approx(0.001 / 5**5)


def test_a_regressor_at_another_rate():
    """pyref's gradients are twice scikit-learn's here, so its rate is half of it."""
    made = MLPRegressor(hidden_layer_sizes=3, solver="sgd", learning_rate_init=0.02, max_iter=1)
    made.fit(NUMBERS[0], NUMBERS[1][:, 0])
    assert made._trainer.optimizer.learning_rate == 0.01


@pytest.mark.parametrize("found", [
    [0.5, 1.0, 2.5, 2.0], [[0.5, 1.0], [1.5, 2.0], [3.0, 1.0], [0.0, 3.0]],
])
@pytest.mark.parametrize("weights", [None, [1.0, 0.5, 2.0, 0.25]])
def test_scores(found, weights):
    from sklearn.metrics import accuracy_score, r2_score

    found = np.array(found)
    wanted = np.round(found) + [[1], [0], [0], [0]] if found.ndim > 1 else np.round(found)
    weights = weights and np.array(weights)
    assert r2(wanted, found, weights) == pytest.approx(
        r2_score(wanted, found, sample_weight=weights), rel=1e-14
    )
    assert accuracy(wanted > 1, found > 1, weights) == pytest.approx(
        accuracy_score(wanted > 1, found > 1, sample_weight=weights), rel=1e-14
    )


def test_names_of_classes_and_columns(pandas):
    table = pandas.DataFrame(IRIS, columns=["a", "b", "c", "d"])
    names = np.array(["setosa", "versicolor", "virginica"])[SPECIES]
    made = MLPClassifier(8, max_iter=300, learning_rate_init=0.01, random_state=1).fit(table, names)
    assert list(made.classes_) == ["setosa", "versicolor", "virginica"]
    assert list(made.feature_names_in_) == ["a", "b", "c", "d"]
    assert made.score(table, names) > 0.9
    with pytest.warns(UserWarning, match="feature names"):
        assert (made.predict(IRIS) == made.predict(table)).all()
    network = made.network_
    assert network.class_names == list(made.classes_) and network.input_names == list("abcd")
    assert network.classify(IRIS.tolist()) == list(made.predict(table))
    assert network.digest() == made.digest()


def test_weights_are_what_stands_in_coefs():
    made = MLPRegressor(hidden_layer_sizes=3, max_iter=5, random_state=1).fit(*NUMBERS)
    before = made.predict(NUMBERS[0])
    made.coefs_[-1][:] = 0.0
    assert (made.predict(NUMBERS[0]) == made.intercepts_[-1]).all()
    assert not (before == made.predict(NUMBERS[0])).all()


@pytest.mark.parametrize("rows, precision, kept", [
    (np.float64, "auto", np.float64), (np.float32, "auto", np.float32),
    (np.float64, "single", np.float32), (np.float32, "double", np.float64),
])
def test_precision(rows, precision, kept):
    X, y = NUMBERS[0].astype(rows), NUMBERS[1]
    made = MLPRegressor(hidden_layer_sizes=5, max_iter=4, random_state=1, precision=precision)
    made.fit(X, y)
    assert {array.dtype.type for array in parameters_of(made)} == {kept}
    assert made.network_.precision == ("single" if kept is np.float32 else "double")
    narrow = rows is kept is np.float32
    assert made.predict(X).dtype == (np.float32 if narrow else np.float64)
    assert made.network_.digest() == made._trainer.network.digest()
    found = np.array(made.network_.predict(X))
    assert (found == made.predict(X)).all()
    made.partial_fit(X, y)  # from where the weights are, exactly
    again = MLPRegressor(hidden_layer_sizes=5, max_iter=5, random_state=1, precision=precision)
    assert made.digest() == again.fit(X, y).digest()


def test_one_row_is_predicted_as_among_all():
    made = MLPClassifier(max_iter=5, random_state=1).fit(IRIS, SPECIES)
    alone = np.vstack([made.predict_proba(row[None]) for row in IRIS])
    assert alone.tobytes() == made.predict_proba(IRIS).tobytes()


@pytest.mark.parametrize("settings", [
    dict(solver="adam"), dict(solver="sgd", early_stopping=True), dict(solver="lbfgs"),
    dict(solver="IRpropPlus"), dict(solver=pyref.RMSprop(0.01), schedule=pyref.Step(3, 0.5)),
    dict(dropout=0.3, activation=["gelu", "softsign"], hidden_layer_sizes=(4, 3)),
    dict(loss="mean_squared_error"), dict(class_weight="balanced"), dict(precision="single"),
], ids=str)
def test_engines_give_the_same_bits(settings):
    """And verify says so."""
    made = MLPClassifier(**{
        **dict(hidden_layer_sizes=4, max_iter=6, random_state=5, backend="python"), **settings
    }).fit(IRIS[::3], SPECIES[::3])
    assert made.verify(IRIS[::3], SPECIES[::3])
    assert made.verify(IRIS[::3], SPECIES[::3], backend="python")
    made.coefs_[0][0, 0] *= 1.000001
    assert not made.verify(IRIS[::3], SPECIES[::3])


def test_verify_with_other_rows_or_more_than_one_call():
    made = MLPRegressor(hidden_layer_sizes=2, max_iter=3).fit(*NUMBERS)
    assert made.verify(*NUMBERS)  # the seed was drawn, and is kept
    with pytest.raises(ValueError, match="other rows"):
        made.verify(NUMBERS[0] + 1.0, NUMBERS[1])
    made.partial_fit(*NUMBERS)
    with pytest.raises(ValueError, match="trained by partial_fit"):
        made.verify(*NUMBERS)
    with pytest.raises(NotFittedError):
        MLPRegressor().verify(*NUMBERS)


def test_partial_fit_goes_on_as_fit():
    """Where an epoch is as long as a chunk, and after a copy by pickle and joblib, too."""
    whole = MLPClassifier(5, max_iter=6, random_state=2, batch_size=16).fit(IRIS, SPECIES)
    parts = MLPClassifier(5, random_state=2, batch_size=16)
    for part in range(6):
        parts.partial_fit(IRIS, SPECIES, classes=[0, 1, 2])
        if part == 2:
            parts = pickle.loads(pickle.dumps(parts))
    assert parts.digest() == whole.digest()
    assert parts.loss_curve_ == pytest.approx(whole.loss_curve_)


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_copies(kind, tmp_path):
    made = kind(hidden_layer_sizes=3, max_iter=3, random_state=1).fit(IRIS, SPECIES)
    joblib.dump(made, tmp_path / "made")
    for copy in (pickle.loads(pickle.dumps(made)), joblib.load(tmp_path / "made")):
        assert (copy.predict(IRIS) == made.predict(IRIS)).all()
        assert copy.digest() == made.digest()
    assert not hasattr(clone(made), "coefs_")


def test_class_weights():
    """A class that weighs more is found more often; weights of rows multiply with them."""
    X, y = IRIS[50:, :1], SPECIES[50:] == 1
    settings = dict(solver="lbfgs", random_state=1)
    often = MLPClassifier(3, class_weight={True: 5.0, False: 1.0}, **settings).fit(X, y)
    seldom = MLPClassifier(3, class_weight={True: 1.0, False: 5.0}, **settings).fit(X, y)
    assert often.predict(X).sum() > y.sum() > seldom.predict(X).sum()
    by_rows = MLPClassifier(3, **settings).fit(X, y, np.where(y, 5.0, 1.0))
    assert by_rows.digest() == often.digest()


def test_dropout_and_schedules_are_passed_on():
    plain = MLPClassifier(5, max_iter=4, random_state=1).fit(IRIS, SPECIES)
    for other in (dict(dropout=0.5), dict(schedule="InverseScaling")):
        made = MLPClassifier(5, max_iter=4, random_state=1, **other).fit(IRIS, SPECIES)
        assert made.digest() != plain.digest()


@pytest.mark.parametrize("solver, steps", [
    ("RMSprop", True), (pyref.AdamW(0.01), True), ("Quickprop", False), (pyref.Rprop(), False),
    ("lbfgs", False), (pyref.LBFGS(), False),
], ids=str)
def test_optimizers_by_batches_and_by_all_rows(solver, steps):
    """Adam's kin takes ten rows at a time; what needs all rows has them, and no partial_fit."""
    made = MLPClassifier(3, solver=solver, batch_size=10, max_iter=3, random_state=1)
    assert hasattr(made, "partial_fit") == steps
    made.fit(IRIS, SPECIES)
    if not isinstance(solver, pyref.LBFGS) and solver != "lbfgs":
        assert made._trainer.batch_size == (10 if steps else None)


def test_a_training_that_diverges():
    X, y = IRIS * 1e200, SPECIES
    with pytest.raises(ValueError, match="non-finite parameter weights") as error:
        MLPRegressor(solver="sgd", learning_rate_init=1e3).fit(X, y)
    assert isinstance(error.value.__cause__, pyref.DivergedError)


@pytest.mark.parametrize("settings", [
    dict(tol=0.02), dict(tol=0.004, n_iter_no_change=3), dict(alpha=0.0, tol=0.01),
    dict(tol=0.05, solver="sgd", learning_rate="adaptive", learning_rate_init=0.1),
    dict(early_stopping=True, tol=0.01, n_iter_no_change=5, validation_fraction=0.3),
    dict(early_stopping=True, solver="sgd", learning_rate="adaptive", n_iter_no_change=2),
], ids=str)
@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_epochs_ahead_of_the_rule_leave_no_trace(kind, settings, monkeypatch):
    """Where the rule ends a training among them, all is as if they had never been."""
    from pyref.sklearn import stopping

    settings = dict(hidden_layer_sizes=5, max_iter=300, batch_size=40, random_state=1, **settings)
    ahead = kind(**settings).fit(IRIS, SPECIES)
    monkeypatch.setattr(stopping, "LOOK_AHEAD", 0)
    monkeypatch.setattr(stopping, "FEW_ROWS", 0)
    plain = kind(**settings).fit(IRIS, SPECIES)
    assert plain.validation_scores_ == ahead.validation_scores_
    assert plain.n_iter_ == ahead.n_iter_ < 300
    assert plain.digest() == ahead.digest()
    assert plain.loss_curve_ == pytest.approx(ahead.loss_curve_, abs=1e-5)


@pytest.mark.parametrize("limit", [dict(max_fun=10), dict(max_iter=9)], ids=str)
def test_a_search_that_is_not_done(limit):
    made = MLPClassifier(20, solver="lbfgs", random_state=1, **limit)
    with pytest.warns(ConvergenceWarning, match="failed to converge after 9 iterations"):
        made.fit(IRIS, SPECIES)
    assert made.n_iter_ == 9 and not hasattr(made, "loss_curve_")


def test_verbose_lines(capsys):
    MLPClassifier(2, max_iter=2, early_stopping=True, verbose=True).fit(IRIS, SPECIES)
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["Iteration", "Validation"] * 2


def test_weights_that_are_all_zero():
    for settings, weights in (({}, np.zeros(150)), (dict(class_weight=dict.fromkeys(range(3), 0)),
                                                    None)):
        with pytest.raises(ValueError, match="are zero|non-zero number"):
            MLPClassifier(**settings).fit(IRIS, SPECIES, weights)


def test_one_more_epoch_is_no_failure_to_converge():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MLPClassifier(3, max_iter=1).partial_fit(IRIS, SPECIES, classes=[0, 1, 2])


def test_ctrl_c_keeps_what_was_learned(monkeypatch):
    from pyref import Trainer

    train, calls = Trainer.train, []

    def interrupted(self, *arguments, **named):
        calls.append(train(self, *arguments, **named))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return calls[-1]

    monkeypatch.setattr(Trainer, "train", interrupted)
    with pytest.warns(UserWarning, match="interrupted"):
        made = MLPClassifier(3, max_iter=100, n_iter_no_change=2).fit(IRIS, SPECIES)
    assert made.n_iter_ == len(made.loss_curve_) == 6 and made.predict(IRIS).shape == (150,)


def test_the_same_bits_with_any_number_of_jobs():
    grid = {"mlp__alpha": [1e-4, 0.1], "mlp__hidden_layer_sizes": [3, (4, 2)]}
    found = []
    for n_jobs in (1, 2):
        mlp = MLPClassifier(max_iter=8, random_state=1)
        pipe = Pipeline([("scaled", StandardScaler()), ("mlp", mlp)])
        search = GridSearchCV(pipe, grid, cv=3, n_jobs=n_jobs).fit(IRIS, SPECIES)
        found.append((
            search.best_params_, search.cv_results_["mean_test_score"].tolist(),
            search.best_estimator_[-1].digest(),
        ))
    assert found[0] == found[1]


def test_a_digest():
    """Of weights drawn and trained here, whichever NumPy and scikit-learn these are."""
    made = MLPClassifier((4, 3), max_iter=20, batch_size=16, random_state=7).fit(IRIS, SPECIES)
    assert made.digest() == (
        "6b79f7ca89755e5c04fd82d6c6e1e7bd86949a7b072f0fd7cfec9c24b0b3ccc2"
    )


def test_columns_of_a_table_and_cross_validation(pandas):
    table = pandas.DataFrame(IRIS, columns=list("abcd"))
    scaled = ColumnTransformer([("scaled", StandardScaler(), list("abc"))], remainder="passthrough")
    scaled.set_output(transform="pandas")
    pipe = make_pipeline(scaled, MLPClassifier(8, solver="lbfgs", max_iter=30, random_state=1))
    assert cross_val_score(pipe, table, SPECIES, cv=3).mean() > 0.9
    pipe.fit(table, SPECIES)
    assert list(pipe[-1].feature_names_in_) == [f"scaled__{n}" for n in "abc"] + ["remainder__d"]


def test_weights_of_rows_are_routed():
    import sklearn

    weights = np.where(SPECIES == 0, 0.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        asks = MLPClassifier(5, solver="lbfgs", max_iter=50, random_state=1)
        asks.set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipe = make_pipeline(scaler, asks).fit(IRIS, SPECIES, sample_weight=weights)
        again = MLPClassifier(5, solver="lbfgs", max_iter=50, random_state=1)
        again.fit(StandardScaler().fit_transform(IRIS), SPECIES, weights)
        assert pipe[-1].digest() == again.digest()


def test_polars_tables(polars):
    table = polars.DataFrame(IRIS, schema=list("abcd"))
    made = MLPClassifier(3, max_iter=3, random_state=1).fit(table, SPECIES)
    assert made.predict(table).shape == (150,)
