"""Model files and run files: every bit comes back, and a training goes on elsewhere."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import require_kernel
import pyref
from pyref import (
    Adagrad, Adam, Gap, Network, Patience, RMSprop, SGD, TargetLoss, Trainer,
    ValidationPatience,
)
from pyref.tables.scaling import Scaling
from pyref.engine import python
from pyref.arguments.units import training_data
from pyref.reference.lbfgs import LBFGS
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.schedules import SCHEDULES
from pyref.reference.guard import guarded_train as reference_train

INPUTS = [[0.1 * i, 0.5 - 0.07 * i] for i in range(13)]
TARGETS = [[float(i % 3 == 0)] for i in range(13)]
VALIDATION = ([[0.15, 0.2], [0.65, 0.1], [1.1, -0.2]], [[1.0], [0.0], [0.5]])
RULES = (Patience(30, 1e-9), ValidationPatience(9), Gap(0.0), TargetLoss(0.0))
EXTREMES = [5e-324, -2.2250738585072014e-308, 0.1, -0.0, 1.7976931348623157e308, 1 / 3]


def no_such_token(token):
    raise AssertionError(f"{token} is not JSON")


def read_json(path):
    return json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=no_such_token)


def everything_of(network):
    """All that a network has, as text that shows every bit."""
    layers = [(layer.weights, layer.biases, layer.activation) for layer in network.layers]
    others = {name: value for name, value in vars(network).items() if name != "layers"}
    others["stream"] = network.stream.state()
    return repr(layers), repr(sorted(others.items(), key=lambda item: item[0]))


def extreme_network():
    network = Network([2, 3, 1], hidden="relu", output="identity", biases=False, seed=4,
                      initializer=[[EXTREMES[:3], EXTREMES[3:]], [[1.0], [-1.0], [2.0]]])
    network.layers[1].biases = [-0.0]
    network.input_scaling = Scaling([0.1, 1e300], [5e-324, 3.0])
    network.target_scaling = Scaling([-1 / 3], [1e-300])
    network.input_names, network.target_names = ["Länge", 'with "quotes"'], ["y\n2"]
    network.recipe = {"optimizer": "SGD", "learning_rate": 0.1, "rows": [1, 2]}
    network.loss = "huber"
    return network


@pytest.mark.parametrize(
    "network",
    [Network([2, 1]), Network([1, 1], biases=False), extreme_network(),
     Network([3, 4, 4, 3], hidden=["relu", "softmax"], output="softmax")],
    ids=repr,
)
def test_a_network_comes_back_with_every_bit(tmp_path, network):
    network.save(tmp_path / "model.json")
    loaded = Network.load(str(tmp_path / "model.json"))
    assert loaded == network and loaded.digest() == network.digest()
    assert everything_of(loaded) == everything_of(network)
    read_json(tmp_path / "model.json")


def test_the_file_can_be_read_by_people_and_programs(tmp_path):
    path = tmp_path / "model.json"
    extreme_network().save(path)
    document = read_json(path)
    assert document["format"] == "pyref model" and document["specification"] == pyref.SPECIFICATION
    assert document["layers"][0]["weights"] == [EXTREMES[:3], EXTREMES[3:]]
    assert document["layers"][0]["biases"] is None
    text = path.read_text(encoding="utf-8")
    assert "[5e-324, -2.2250738585072014e-308, 0.1]\n" in text.replace("],\n", "]\n")
    assert "Länge" in text and text.endswith("}\n") and "\r" not in text


def trainer_of(backend="auto", optimizer=None, **recipe):
    network = Network([2, 4, 1], seed=3)
    recipe = {"optimizer": optimizer or SGD(0.4, 0.9, nesterov=True), "batch_size": 4, **recipe}
    return Trainer(network, backend=backend, **recipe)


def train(trainer, epochs, **more):
    return trainer.train(INPUTS, TARGETS, epochs, validation=VALIDATION, stop=RULES, **more)


def break_off(trainer, batches):
    """Leave the next epoch after some batches, as Ctrl-C does."""
    examples = python.examples(training_data(trainer, INPUTS, TARGETS))
    steps = reference_train(trainer.run, examples, epochs=1)
    for _ in range(batches):
        next(steps)
    steps.close()


ELSEWHERE = """
import sys
sys.path[:0] = {path!r}
from test_files import train
from pyref import Trainer
trainer = Trainer.load({name!r}, backend={backend!r})
assert trainer.backend == {backend!r}
train(trainer, {epochs})
trainer.save({name!r})
"""


def go_on_elsewhere(name, backend, epochs):
    """In another process."""
    path = [str(Path(pyref.__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]
    program = ELSEWHERE.format(path=path, name=str(name), backend=backend, epochs=epochs)
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("batches", [0, 1, 3, 4])
@pytest.mark.parametrize("first, second", [("python", "python"), ("python", "c"), ("c", "python")])
def test_training_goes_on_in_another_process_and_engine(tmp_path, first, second, batches):
    """Twelve epochs are five, some batches, a file, another process, and the rest."""
    if "c" in (first, second):
        require_kernel()
    whole = trainer_of()
    train(whole, 12)
    trainer = trainer_of(first)
    train(trainer, 5)
    break_off(trainer, batches)
    trainer.save(tmp_path / "run.json")
    assert bool(trainer.run.order) == bool(batches)
    assert Trainer.load(tmp_path / "run.json") == trainer
    go_on_elsewhere(tmp_path / "run.json", second, 7)
    assert Trainer.load(tmp_path / "run.json") == whole != trainer


def made(kind):
    """An optimizer or schedule of this kind; what it must be told is 2."""
    told = inspect.signature(kind).parameters.values()
    return kind(*[2 for setting in told if setting.default is inspect.Parameter.empty])


SETTINGS = [
    *(dict(optimizer=made(kind)) for kind in OPTIMIZERS.values() if kind is not LBFGS),
    dict(optimizer=LBFGS(history_size=3), batch_size=None),
    *(dict(schedule=made(kind)) for kind in SCHEDULES.values()),
    dict(l1=0.01, l2=0.02, dropout=0.2, input_dropout=0.1, clip_value=0.5, clip_norm=1.5),
    dict(class_weights="balanced"),
    dict(class_weights=[1.0, 2.5]),
    dict(shuffle=False),
]


@pytest.mark.parametrize("recipe", SETTINGS, ids=repr)
def test_every_setting_comes_back(backend, tmp_path, recipe):
    whole, trainer = trainer_of(backend, **recipe), trainer_of(backend, **recipe)
    train(whole, 6)
    train(trainer, 2)
    break_off(trainer, batches=2 if trainer.batch_size else 1)
    trainer.save(tmp_path / "run.json")
    loaded = Trainer.load(tmp_path / "run.json")
    assert loaded == trainer and vars(loaded).keys() == vars(trainer).keys()
    assert loaded.class_weights == trainer.class_weights and loaded.backend == trainer.backend
    assert everything_of(loaded.network) == everything_of(trainer.network)
    train(loaded, 4)
    assert loaded == whole


def test_a_stopped_training_stays_stopped(backend, tmp_path):
    trainer = trainer_of(backend)
    trainer.train(INPUTS, TARGETS, 90, validation=VALIDATION, stop=ValidationPatience(2))
    trainer.save(tmp_path / "run.json")
    read_json(tmp_path / "run.json")
    loaded = Trainer.load(tmp_path / "run.json")
    assert loaded.history.stopped_by == trainer.history.stopped_by is not None
    assert loaded.run.best == trainer.run.best and loaded == trainer


def test_a_run_file_saved_before_any_epoch_has_no_infinity_in_it(tmp_path):
    trainer = trainer_of()
    train(trainer, 0)
    trainer.save(tmp_path / "run.json")
    read_json(tmp_path / "run.json")
    assert Trainer.load(tmp_path / "run.json") == trainer


@pytest.mark.parametrize("optimizer", [Adagrad(), Adam(), RMSprop()], ids=repr)
def test_memory_beyond_all_floats_comes_back(backend, tmp_path, optimizer):
    """Of a gradient of 1e200 the square is infinite; the weights stay as they are."""
    def trained(trainer):
        trainer.train([1e200, -1e200, 1.0], [0.0, 0.0, 1.0], epochs=2)
        return trainer

    network = Network([1, 1], output="identity", initializer=[[[0.5]]])
    recipe = dict(loss="mean_absolute_error", optimizer=optimizer, batch_size=1, backend=backend)
    trainer = trained(Trainer(network, **recipe))
    assert [float("inf")] in [rows[0] for rows in trainer.run.memory]
    trainer.save(tmp_path / "run.json")
    read_json(tmp_path / "run.json")
    loaded = Trainer.load(tmp_path / "run.json")
    assert loaded == trainer and loaded.run.memory == trainer.run.memory
    assert trained(loaded) == trained(trainer)


@pytest.mark.parametrize("name", ["folder", "nowhere/m.json"])
def test_what_cannot_be_written_is_called_as_it_was_given(tmp_path, monkeypatch, name):
    """Not by the temporary name that was tried."""
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    with pytest.raises(OSError) as error:
        Network([2, 1]).save(name)
    assert error.value.filename == name
    assert list(Path().iterdir()) == [Path("folder")]
