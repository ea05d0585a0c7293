"""A Network and a Trainer for hints, as those see them who stand below network.py and trainer.py
and must not import these."""

from typing import Any, Dict, List, Optional, Protocol, Union

from ..reference.generator import Stream
from ..reference.layer import Layer
from ..reference.optimizers import Optimizer
from ..rows.late import LateRun
from ..tables.preparation import Preparation
from ..tables.scaling import Scaling


class NetworkLike(Protocol):
    layers: List[Layer]
    stream: Stream
    loss: Optional[str]
    preparation: Optional[Preparation]
    input_scaling: Optional[Scaling]
    target_scaling: Optional[Scaling]
    class_names: Optional[List[str]]
    class_kind: Optional[str]
    input_names: Optional[List[str]]
    target_names: Optional[List[str]]
    specification: int
    seed: int

    @property
    def sizes(self) -> List[int]: ...

    @property
    def recipe(self) -> Dict[str, Any]: ...

    @recipe.setter
    def recipe(self, told: Dict[str, Any]) -> None: ...

    @property
    def precision(self) -> str: ...

    def digest(self) -> str: ...


class TrainerLike(Protocol):
    run: LateRun
    seed: Optional[int]
    number: Optional[int]
    class_weights: Union[None, str, List[float]]
    time_limit_reached: Optional[float]
    _shape: List[int]

    @property
    def network(self) -> NetworkLike: ...

    @property
    def loss(self) -> str: ...

    @property
    def optimizer(self) -> Optimizer: ...

    @property
    def backend(self) -> str: ...

    @property
    def threads(self) -> Optional[int]: ...

    @property
    def epoch(self) -> int: ...
