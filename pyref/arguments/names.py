"""The names of a network's inputs, targets and classes."""

from typing import Dict, List, Optional, Sequence, Set

from ..rows.conversion import is_row
from .protocols import NetworkLike


def name_counts(network: NetworkLike) -> Dict[str, Set[int]]:
    """How many names there may be; classes are all in one column of targets."""
    inputs, *_, outputs = network.sizes
    return {
        "input_names": {inputs},
        "target_names": {1, outputs},
        "class_names": {max(2, outputs)},
    }


def check_names(network: NetworkLike) -> None:
    """Raises ValueError where they are not what they may be."""
    for name, counts in name_counts(network).items():
        names = getattr(network, name)
        if names is None:
            continue
        if not is_row(names) or not all(isinstance(each, str) for each in names):
            raise ValueError(f"{name}: a list of texts or None is needed, not {names!r:.60}")
        for each in names:
            try:
                each.encode("utf-8")  # as files hold it
            except UnicodeEncodeError:
                raise ValueError(
                    f"{name}: {each!r:.40} has a lone surrogate, which no file can hold"
                ) from None
        if len(names) not in counts:
            wanted = " or ".join(map(str, sorted(counts)))
            raise ValueError(f"{name}: {wanted} names are needed, not {len(names)}")
        if len(set(names)) < len(names):
            twice = next(each for each in names if list(names).count(each) > 1)
            raise ValueError(f"{name}: {twice!r} is there twice")
    check_kind(network.class_kind, network.class_names)


def check_kind(kind: Optional[str], names: Optional[Sequence[str]]) -> None:
    """Whether the names of classes stand for what `class_kind` says."""
    if kind is None:
        return
    if kind not in CLASS_KINDS:
        raise ValueError(f"class_kind: one of {', '.join(CLASS_KINDS)} or None is needed, "
                         f"not {kind!r:.40}")
    if names is None or not all(map(CLASS_KINDS[kind], names)):
        raise ValueError(f"class_kind: it is {kind!r}, but the class_names are {names!r:.60}")


def is_whole(name: str) -> bool:
    try:
        return str(int(name)) == name
    except ValueError:
        return False


CLASS_KINDS = {"integer": is_whole, "boolean": ("False", "True").__contains__}


def output_names(network: NetworkLike) -> List[str]:
    """Of each output: its class or its target, or its number (from 0) where it has no name."""
    check_names(network)
    outputs = network.sizes[-1]
    for names in (network.class_names, network.target_names):
        if names is not None and len(names) == outputs:
            return list(names)
    return [str(place) for place in range(outputs)]
