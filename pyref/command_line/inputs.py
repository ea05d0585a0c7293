"""Reading the files of models and runs, with a word on what is needed where they are none."""

import os

from ..engine import backend as engines
from ..files import model_file, run_file
from ..network import Network
from ..trainer import Trainer
from .outputs import is_one_of_ours


def model_in(path: str) -> Network:
    needed = "a model file, as pyref train writes it, is needed"
    refuse_no_file(path, needed)
    if is_one_of_ours(path, run_file.KIND):
        raise ValueError(
            f"{path}: this is a run file, from which pyref train DATA --resume {path} goes on; "
            f"{needed}: it was written with the run"
        )
    return Network.load(path)


def run_in(path: str, backend: str) -> Trainer:
    needed = "a run file, as pyref train --checkpoint-every N writes it, is needed"
    refuse_no_file(path, needed)
    if is_one_of_ours(path, model_file.KIND):
        raise ValueError(f"{path}: this is a model file, whose training cannot go on; {needed}")
    return Trainer.load(path, backend=engines.choose(backend))


def refuse_no_file(path: str, needed: str) -> None:
    if os.path.isdir(path):
        raise ValueError(f"{path}: this is a folder; {needed}")
    if not os.path.exists(path):
        raise ValueError(f"{path}: there is no such file; {needed}")
