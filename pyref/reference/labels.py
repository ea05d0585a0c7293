"""Labels: several yes-or-no questions about a row, each answered by an output of its own.

Unlike classes, of which one is right, labels do not exclude each other: a row may have several, or
none.  An output says yes from 0.5 on, as one that decides between two classes does.
"""

from typing import List, Optional, Sequence, Union


def means_labels(loss: str, outputs: int, class_names: Optional[List[str]]) -> bool:
    """Whether a network that learns by this loss answers in labels.

    >>> means_labels("binary_cross_entropy", 3, None), means_labels("binary_cross_entropy", 1, None)
    (True, False)
    """
    return loss == "binary_cross_entropy" and outputs > 1 and class_names is None


def said_yes(outputs: Sequence[float]) -> List[bool]:
    """
    >>> said_yes([0.7, 0.5, 0.49])
    [True, True, False]
    """
    return [output >= 0.5 for output in outputs]


def label_names(names: Optional[List[str]], outputs: int) -> Sequence[Union[str, int]]:
    """The names of the outputs, or their numbers where they have none.

    Raises ValueError where there are names, but not one for each output.
    """
    if names is None:
        return range(outputs)
    if len(names) != outputs:
        raise ValueError(f"target_names: {outputs} are needed, one for each output, not {names!r}")
    return names
