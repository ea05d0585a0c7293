"""Damaged files are refused with their name and the member concerned; writing is all or nothing."""

import errno
import json
import os
import re

import pytest

from conftest import edited
import pyref
from pyref import Network, SGD, Trainer, ValidationPatience
from pyref.tables.scaling import Scaling
from pyref.files.document import FORMAT_VERSION, ModelFileError


def network():
    made = Network([2, 3, 2], output="softmax", seed=5)
    made.class_names = ["no", "yes"]
    made.input_scaling = Scaling([1.0, 2.0], [3.0, 4.0])
    return made


def trainer():
    made = Trainer(network(), optimizer=SGD(0.1, 0.9), batch_size=1)
    rows, classes = [[1.0, 2.0], [3.0, 1.0], [0.0, 2.0]], [0, 1, 1]
    made.train(rows, classes, 3, validation=(rows, classes), stop=ValidationPatience(9))
    made.run.order, made.run.position = [2, 0, 1], 1
    return made


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    of_training = trainer().network
    of_training.recipe["segments"][0]["validation_every"] = 1
    of_training.recipe["note"] = "by hand"
    of_training.recipe["not_repeatable"] = "by hand"
    of_training.recipe["start"]["initializer"] = {"name": "Uniform", "low": -1.0, "high": 1.0}
    of_training.recipe["segments"][0]["restored_best"] = False
    of_training.save(folder / "model.json")
    trainer().save(folder / "run.json")
    return {
        kind: (folder / f"{kind}.json").read_text(encoding="utf-8") for kind in ("model", "run")
    }


def load(kind, path):
    return Network.load(path) if kind == "model" else Trainer.load(path)


def refused(kind, path):
    with pytest.raises(ModelFileError) as caught:
        load(kind, path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and len(message) < len(str(path)) + 300
    return message


@pytest.mark.parametrize("kind", ["model", "run"])
def test_the_whole_files_load(documents, tmp_path, kind):
    (tmp_path / "file.json").write_text(documents[kind], encoding="utf-8")
    load(kind, tmp_path / "file.json")


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda text: text[: len(text) // 2], "damaged"),
        (lambda text: text[:-3], "damaged"),
        (lambda text: "", "damaged"),
        (lambda text: "sepal,petal\n5.1,3.5\n", "damaged"),
        (lambda text: "\xff\xfe" + text, "damaged"),
        (lambda text: "[" * 100_000, "damaged"),
        (lambda text: "[1, 2]", 'no member "format"'),
        (lambda text: "{}", 'no member "format"'),
        (lambda text: text.replace('"pyref ', '"other '), "member format: .* is needed"),
        (lambda text: text.replace('"format_version": 2', '"format_version": 4'), "newer pyref"),
        (lambda text: text.replace('"format_version": 2', '"format_version": "1"'), "not '1'"),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("kind", ["model", "run"])
def test_what_is_no_such_file(documents, tmp_path, kind, damage, message):
    assert FORMAT_VERSION == 3
    path = tmp_path / "file.json"
    path.write_text(damage(documents[kind]), encoding="latin-1", errors="replace")
    assert re.search(message, refused(kind, path))


def test_best_weights_must_be_there_for_a_rule_that_puts_them_back(documents, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(documents["run"], encoding="utf-8")
    with edited(path) as document:
        document["training"]["best"] = None
    assert "member training.best: the weights after epoch" in refused("run", path)


def test_a_model_is_not_a_run(documents, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(documents["model"], encoding="utf-8")
    assert "a pyref run file is needed, this is 'pyref model'" in refused("run", path)


GONE = object()



def nested(depth):
    return [nested(depth - 1)] if depth else []


MODEL = [  # the member, by its path; what it becomes
    ("sizes", GONE), ("sizes", [2, 3]), ("sizes", [2, 3.5, 2]), ("sizes", [2, 10**12, 2]),
    ("sizes", [3, 3, 2]), ("sizes", [2, 0, 2]), ("layers", GONE), ("layers", []),
    ("layers", "none"), ("layers[1]", [1.0]),
    ("layers[0].activation", "tan"), ("layers[0].activation", None),
    ("layers[0].weights", GONE), ("layers[0].weights", [[1.0, 2.0, 3.0]]),
    ("layers[0].weights[1]", [1.0, 2.0]), ("layers[0].weights[1][2]", "0.5"),
    ("layers[0].weights[1][2]", None), ("layers[0].weights[1][2]", True),
    ("layers[0].weights[1][2]", float("nan")), ("layers[0].weights[1][2]", float("inf")),
    ("layers[0].weights[1][2]", 10**400),
    ("layers[0].biases", GONE), ("layers[0].biases", [0.0]), ("layers[0].biases[1]", "x"),
    ("digest", GONE), ("digest", 5), ("seed", -1), ("seed", 2**32), ("seed", "1"),
    ("stream", GONE), ("stream.words", GONE), ("stream.words", "0123"), ("stream.words", 5),
    ("stream.words", "z" * 4992), ("stream.position", 625), ("stream.position", 1.5),
    ("input_scaling", [1.0]), ("input_scaling.means", [1.0]), ("input_scaling.means", GONE),
    ("input_scaling.deviations", [1.0, 0.0]), ("class_names", ["only one"]),
    ("class_names", "no, yes"), ("class_names", [0, 1]), ("loss", "mse"), ("loss", 5),
    ("class_names", ["no", "no"]), ("checksum", 5),
    ("input_names", []), ("input_names", ["a"]), ("target_names", ["a", "b", "c"]),
    ("target_names", "y"), ("loss", "binary_cross_entropy"), ("recipe", "by heart"),
    ("specification", GONE), ("specification", "0"), ("specification", 0), ("format_version", 0),
    ("format_version", 10**400),
    ("class_names", ["no", "\ud800"]),
    ("input_names", ["a", "\udfff"]), ("recipe.note", float("nan")), ("recipe.note", 10**400),
    ("recipe.note", {"deep": [float("inf")]}), ("recipe.note", "\ud800"),
    ("recipe.note", nested(500)), ("recipe.note", nested(30)),
    ("recipe.start", "by heart"), ("recipe.start.initializer", 5),
    ("recipe.start.initializer", {"name": "Uniform", "low": "x"}), ("recipe.start.biases", 1),
    ("recipe.start.digest", "0123"), ("recipe.segments", {}), ("recipe.segments", [5]),
    ("recipe.segments[0].trainer", 0), ("recipe.segments[0].seed", 2**32),
    ("recipe.segments[0].specification", "1"), ("recipe.segments[0].loss", None),
    ("recipe.segments[0].optimizer", "SGD"), ("recipe.segments[0].optimizer.name", 5),
    ("recipe.segments[0].optimizer.momentum", 1.0), ("recipe.segments[0].batch_size", "all"),
    ("recipe.segments[0].shuffle", "yes"), ("recipe.segments[0].schedule.name", None),
    ("recipe.segments[0].regularization.l2", -1.0), ("recipe.segments[0].label_smoothing", 1.0),
    ("recipe.segments[0].class_weights", [-1.0, 1.0]), ("recipe.segments[0].class_weights", "fair"),
    ("recipe.segments[0].activations", "tanh"), ("recipe.segments[0].data", 5),
    ("recipe.segments[0].data.rows", 0), ("recipe.segments[0].data.sha256", "x" * 64),
    ("recipe.segments[0].validation", []), ("recipe.segments[0].stop[0].epochs", 0),
    ("recipe.segments[0].validation_every", 0), ("recipe.segments[0].engines", ["c", 5]),
    ("recipe.segments[0].epochs", -1), ("recipe.segments[0].epochs", 2**53 + 1),
    ("recipe.segments[0].ended", 5), ("recipe.segments[0].loss_every", 0),
    ("recipe.segments[0].losses", [None]), ("recipe.segments[0].losses[0]", float("nan")),
    ("recipe.segments[0].position", -1), ("recipe.segments[0].digest", None),
    ("recipe.segments[0].restored_best", 1), ("recipe.not_repeatable", {"why": "?"}),
]

RUN = [
    ("network", GONE), ("training", GONE), ("network.digest", GONE),
    ("training.loss", "mse"), ("training.loss", "binary_cross_entropy"), ("training.loss", 5),
    ("training.optimizer", "SGD"), ("training.optimizer.name", "Sgd"),
    ("training.optimizer.name", []), ("training.schedule.name", {}), ("checksum", "0"),
    ("training.optimizer.learning_rate", -1.0), ("training.optimizer.momentum", GONE),
    ("training.optimizer.speed", 1.0), ("training.batch_size", 0), ("training.batch_size", GONE),
    ("training.shuffle", "yes"), ("training.schedule", GONE), ("training.regularization.l2", -1),
    ("training.label_smoothing", 1.5), ("training.class_weights", "fair"),
    ("training.class_weights", [1.0]), ("training.backend", "fortran"), ("training.epoch", -1),
    ("training.epoch", 4), ("training.position", 4), ("training.position", 1.0),
    ("training.loss_sum", None), ("training.order", [0, 1, 3]), ("training.order", [0, 0, 1]),
    ("training.order", [0, -1, 1]), ("training.order[1]", 0.5), ("training.losses", [0.5]),
    ("training.losses[1]", float("nan")), ("training.validation_losses", [0.5, 0.5, 0.5, 0.5]),
    ("training.validation_accuracies", []), ("training.rules[0].name", "Wait"),
    ("training.rules[0].epochs", 0), ("training.rule_states", []),
    ("training.rule_states[0]", [1.0]), ("training.rule_states[0]", 5.0),
    ("training.rule_states[0][0]", "x"), ("training.stopped_by", 1), ("training.best_loss", "x"),
    ("training.best_epoch", None), ("training.best", [[1.0]]), ("training.best[0]", [1.0, 2.0]),
    ("training.best[0][0]", "x"), ("training.memory", []), ("training.memory[0]", [[1.0]]),
    ("training.memory[0][0][0]", None), ("training.scalars", [1.0]),
    ("training.schedule_state", None), ("training.converged", 5), ("training.rate", "fast"),
    ("training.stream.position", -1), ("training.stream.position", 10**400),
    ("training.stream.words", "+1234567" * 624),
    ("specification", 0), ("format_version", 0), ("training.converged", "it is enough"),
    ("training.loss_sum", float("nan")), ("training.position", 2**63), ("training.epoch", 10**400),
    ("training.rate", -0.1), ("training.rate", "NaN"), ("training.rate", "-Infinity"),
    ("training.seed", 2**32), ("training.number", 0), ("training.threads", 0),
    ("training.validation_every", 0), ("training.validation_every", 2**53 + 1),
    ("training.validation_epochs", [1, 1, 2]), ("training.validation_epochs", [1, 2, 4]),
    ("training.validation_epochs", [0, 1, 2]), ("training.validation_accuracies[0]", 1.5),
    ("training.validation_accuracies[0]", -0.5), ("training.best_epoch", 2**63),
    ("training.best_epoch", 4), ("training.best_loss", "NaN"), ("training.best_loss", "Infinity"),
    ("training.best_loss", 0.125), ("training.rule_states[0]", ["NaN", 0.0]),
    ("training.rule_states[0][1]", -1.0), ("training.rule_states[0][1]", 0.5),
    ("training.rule_states[0][1]", "Infinity"), ("training.time_limit_reached", 0.0),
    ("training.time_limit_reached", -1), ("network.recipe.note", float("nan")),
]


def put(document, member, value):
    *path, last = [
        int(step) if step.isdigit() else step
        for step in member.replace("[", ".").replace("]", "").split(".")
    ]
    for step in path:
        document = document[step]
    if value is GONE:
        del document[last]
    else:
        document[last] = value


# Where two members contradict each other, the other one may be named.
CONTRADICTED = {
    "sizes": "layers[0].weights",
    "layers": "sizes",
    "training.epoch": "training.losses",
    "training.scalars": "training.memory",
    "training.validation_accuracies": "training.validation_losses",
}


def names(member, message):
    """Whether the message names the member, one in it, or one that holds it."""
    said = message.split("member ", 1)[1].split(": ")[0]
    around = member.startswith((f"{said}.", f"{said}["))
    return around or said.startswith(member) or said == CONTRADICTED.get(member)


@pytest.mark.parametrize("member, value", MODEL)
def test_a_damaged_model_is_refused_and_the_member_named(documents, tmp_path, member, value):
    damaged("model", documents, tmp_path, member, value)


@pytest.mark.parametrize("member, value", RUN)
def test_a_damaged_run_is_refused_and_the_member_named(documents, tmp_path, member, value):
    damaged("run", documents, tmp_path, member, value)


def damaged(kind, documents, tmp_path, member, value):
    document = json.loads(documents[kind])
    put(document, member, value)
    path = tmp_path / "file.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    message = refused(kind, path)
    assert names(member, message), message


@pytest.mark.parametrize("weight", [0.1, 0.10000000000000002, -0.0])
def test_a_changed_weight_does_not_go_unnoticed(documents, tmp_path, weight):
    document = json.loads(documents["model"])
    document["layers"][1]["weights"][0][1] = weight
    (tmp_path / "file.json").write_text(json.dumps(document), encoding="utf-8")
    message = refused("model", tmp_path / "file.json")
    assert "member digest: it is not that of the weights" in message


@pytest.mark.parametrize(
    "kind, old, new",
    [
        ("model", '"activation": "tanh"', '"activation": "relu"'),
        ("model", "3.0", "3.5"),
        ("model", '"yes"', '"yes!"'),
        ("run", '"shuffle": true', '"shuffle": false'),
        ("run", '"position": 1', '"position": 2'),
    ],
)
def test_a_change_that_fits_is_seen_and_may_be_meant(documents, tmp_path, kind, old, new):
    path = tmp_path / "file.json"
    assert old in documents[kind]
    path.write_text(documents[kind].replace(old, new, 1), encoding="utf-8")
    assert "member checksum: the file was changed or damaged" in refused(kind, path)
    with edited(path):
        pass
    load(kind, path)


def test_files_that_are_not_there_are_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        Network.load(tmp_path / "nowhere.json")


@pytest.mark.parametrize("made", [network, trainer])
@pytest.mark.parametrize("failing", ["replace", "fsync", "open"])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, made, failing):
    path = tmp_path / "file.json"
    made().save(path)
    before = path.read_bytes()
    changed = made()
    getattr(changed, "network", changed).layers[0].weights[0][0] = 0.5

    def fail(*arguments, **more):
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(*(("builtins.open",) if failing == "open" else (os, failing)), fail)
        with pytest.raises(OSError, match="no space left"):
            changed.save(path)
    assert os.listdir(tmp_path) == ["file.json"] and path.read_bytes() == before
    changed.save(path)
    assert os.listdir(tmp_path) == ["file.json"] and path.read_bytes() != before


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_networks_that_are_not_finite_are_not_saved(tmp_path, value):
    made = network()
    made.layers[1].biases[0] = value
    with pytest.raises(ValueError, match="layer 2: a weight or bias is infinite or not a number"):
        made.save(tmp_path / "model.json")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "folder" / "model.json")
    network().save(tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert os.listdir(tmp_path / "folder") == ["model.json"]
    assert Network.load(tmp_path / "folder" / "model.json") == network()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions, and no such pipes")
def test_permissions_stay_and_what_is_no_file_is_left_alone(tmp_path):
    path = tmp_path / "model.json"
    network().save(path)
    path.chmod(0o640)
    network().save(path)
    assert path.stat().st_mode & 0o777 == 0o640
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="this is no file, but a device or a pipe: .*pipe"):
        network().save(tmp_path / "pipe")
    assert sorted(os.listdir(tmp_path)) == ["model.json", "pipe"]


def of_another_specification(text, path):
    path.write_text(text, encoding="utf-8")
    with edited(path) as document:
        document["specification"] += 999
    return pyref.SPECIFICATION + 999


def test_a_model_of_another_specification_predicts_with_a_warning(documents, tmp_path):
    path = tmp_path / "model.json"
    number = of_another_specification(documents["model"], path)
    with pytest.warns(UserWarning, match=f"numerical specification {number}") as warned:
        loaded = Network.load(path)
    assert warned[0].filename == __file__
    assert loaded.predict([[1.0, 2.0]]) == trainer().network.predict([[1.0, 2.0]])
    with pytest.raises(ValueError, match=f"specification {number}.* cannot go on"):
        Trainer(loaded)
    loaded.save(path)  # saving does not make it one of this specification
    assert json.loads(path.read_text(encoding="utf-8"))["specification"] == number


def test_a_run_of_another_specification_is_refused(documents, tmp_path):
    path = tmp_path / "run.json"
    number = of_another_specification(documents["run"], path)
    message = refused("run", path)
    assert "member specification: " in message and f"specification {number} and cannot" in message
