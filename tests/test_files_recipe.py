"""A recipe that somebody has spoiled costs no training: it goes on, and what was learned is saved.
"""

import warnings

import pytest

from pyref import Network, SGD, Trainer
from pyref.checks.verification import NotRepeatable, verify
from pyref.command_line import main

ROWS, TARGETS = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def trained(epochs=3, **settings):
    trainer = Trainer(Network([2, 3, 1], seed=4), optimizer=SGD(0.5), **settings)
    trainer.train(ROWS, TARGETS, epochs)
    return trainer


def circle():
    made = {}
    made["again"] = made
    return made


def deep():
    made = []
    for _ in range(500):
        made = [made]
    return made


UNWRITABLE = {
    "nan": (float("nan"), "member note: a finite number is needed, not nan"),
    "surrogate": ("\ud800", "member note: a text that UTF-8 can hold is needed"),
    "object": ({"by": object()}, "member note.by: JSON cannot hold object objects"),
    "set": ({1, 2}, "JSON cannot hold set objects"),
    "names": ({5: "five"}, "member note.5: names have to be texts"),
    "surrogate in a name": ({"\udfff": 5}, "names have to be texts"),
    "circle": (circle(), "nested more than 20 deep"),
    "deep": (deep(), "nested more than 20 deep"),
}


@pytest.mark.parametrize("kind", UNWRITABLE)
@pytest.mark.parametrize("of_run", [False, True])
def test_weights_are_saved_without_a_recipe_that_cannot_be_written(tmp_path, kind, of_run):
    value, reason = UNWRITABLE[kind]
    trainer = trained()
    trainer.network.recipe["note"] = value
    saved = trainer if of_run else trainer.network
    with pytest.warns(UserWarning, match="its recipe could not be written") as warned:
        saved.save(tmp_path / "file.json")
    assert warned[0].filename == __file__
    loaded = type(saved).load(tmp_path / "file.json")
    assert loaded == saved
    network = loaded.network if of_run else loaded
    assert reason in network.recipe["not_repeatable"]
    with pytest.raises(NotRepeatable, match="could not be written"):
        verify(network, (ROWS, TARGETS))
    assert trainer.network.recipe["note"] is value  # theirs stays theirs


def test_a_recipe_that_can_be_written_is_written_without_a_warning(tmp_path):
    trainer = trained()
    trainer.network.recipe["note"] = ["by hand", {"of": (1, 2.5, None, True)}]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trainer.network.save(tmp_path / "model.json")
    loaded = Network.load(tmp_path / "model.json")
    assert loaded.recipe["note"] == ["by hand", {"of": [1, 2.5, None, True]}]
    assert verify(loaded, (ROWS, TARGETS)).identical


def last(network):
    return network.recipe["segments"][-1]


SPOILT = {
    "gone": lambda network: setattr(network, "recipe", None),
    "no object": lambda network: setattr(network, "recipe", "by heart"),
    "empty": lambda network: network.recipe.clear(),
    "segments": lambda network: network.recipe.update(segments=5),
    "segment": lambda network: last(network).clear(),
    "losses": lambda network: last(network).update(losses="low"),
    "no losses": lambda network: last(network)["losses"].clear(),
    "epochs": lambda network: last(network).update(epochs="many"),
    "too many epochs": lambda network: last(network).update(epochs=2**53),
    "fewer than no epochs": lambda network: last(network).update(epochs=-3),
    "every": lambda network: last(network).update(loss_every=0),
    "trainer": lambda network: last(network).update(trainer=None),
    "engines": lambda network: last(network).update(engines=7),
    "start": lambda network: network.recipe.update(start=[]),
    "settings": lambda network: last(network).update(optimizer=object()),
    "digest": lambda network: last(network).update(digest=float("nan")),
}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize("when", ["between two calls", "in a callback"])
@pytest.mark.filterwarnings("ignore:the network is saved, but its recipe")
def test_a_training_goes_on_whatever_became_of_its_recipe(tmp_path, backend, when, kind):
    expected = trained(epochs=8, backend=backend)
    trainer = trained(epochs=3, backend=backend)

    def spoil(trainer, epoch):
        if epoch == 5:
            SPOILT[kind](trainer.network)

    if when == "in a callback":
        trainer.train(ROWS, TARGETS, 3, callback=spoil)
    else:
        trainer.train(ROWS, TARGETS, 3)
        SPOILT[kind](trainer.network)
    trainer.train(ROWS, TARGETS, 2)
    assert trainer.network == expected.network and trainer.history.loss == expected.history.loss
    trainer.save(tmp_path / "run.json")
    trainer.network.save(tmp_path / "model.json")
    assert Trainer.load(tmp_path / "run.json") == expected
    assert Network.load(tmp_path / "model.json") == expected.network
    assert main(["show", str(tmp_path / "model.json")]) in (0, 2)


@pytest.mark.parametrize("name", ["input_names", "target_names", "class_names"])
def test_names_that_no_file_can_hold_are_refused_with_a_reason(tmp_path, name):
    network = Network([2, 2])
    setattr(network, name, ["a", "\ud800"])
    with pytest.raises(ValueError, match=f"{name}: .* has a lone surrogate"):
        network.save(tmp_path / "model.json")
