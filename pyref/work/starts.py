"""A training that goes on from another model's weights, on other data."""

from argparse import Namespace

from ..network import Network
from .files import model_in

# What a network is made with: one that is there already has them all.
OF_THE_MODEL = (
    "target", "ignore", "categorical", "missing", "task", "hidden", "activation",
    "output_activation", "initializer", "biases", "no_biases", "precision", "loss",
)


def going_on(options: Namespace) -> Network:
    """The network in the model file of --init, its history forgotten: what remains of it in the
    recipe is the name of the file, and the digest of the weights.

    Raises ValueError for options that the model has decided already.
    """
    refuse_decided(options, "--init")
    network = model_in(options.init)
    network.recipe = {
        "start": {"model": options.init, "digest": network.digest()},
        "segments": [],
        **{
            name: value for name, value in (network.recipe or {}).items()
            if name in ("task", "target_columns", "ignored_columns")
        },
    }
    return network


def refuse_decided(options: Namespace, by: str) -> None:
    given = [name for name in OF_THE_MODEL if getattr(options, name) is not None]
    if given:
        names = ", ".join("--" + name.replace("_", "-") for name in given)
        raise ValueError(
            f"{names} cannot be given with {by}: layers, columns, classes and loss are the model's"
        )
