"""What came of training a model again, in words."""

from typing import Any, Dict, List

from ...checks.verification import Verdict
from ...engine import backend as engines
from ...network import Network
from .words import ENGINES, titled


def verdict_in_words(verdict: Verdict, network: Network) -> List[str]:
    if verdict.identical:
        return [titled("result", "identical to the last bit"),
                titled("", f"SHA-256 {network.digest()}")]
    lines: List[str] = [titled("result", "NOT identical")]
    if verdict.loss is not None:
        after, epoch, recorded, found = verdict.loss
        where = f"epoch {epoch:,}" if epoch == after + 1 else f"epochs {after + 1:,} to {epoch:,}"
        lines.append(titled("", f"the first difference is in {where}: the loss of epoch {epoch:,} "
                                f"is {recorded.hex()} in the model, {found.hex()} here"))
    elif verdict.segment is not None:
        lines.append(titled("", "all recorded losses are the same; the weights differ after "
                                f"segment {verdict.segment}"))
    if verdict.weight is not None:
        layer, source, unit, recorded, found = verdict.weight
        what = f"bias of unit {unit}" if source is None else (
            f"weight from input {source} to unit {unit}")
        lines.append(titled("", f"the first parameter to differ is in layer {layer}, the {what}: "
                                f"{recorded.hex()} in the model, {found.hex()} here"))
    return lines


def verdict_object(verdict: Verdict) -> Dict[str, Any]:
    return {
        "loss_difference": verdict.loss and verdict.loss._asdict(),
        "segment": verdict.segment,
        "weight_difference": verdict.weight and verdict.weight._asdict(),
    }


def same_engine(backend: str) -> str:
    """Why the result says less than it might."""
    text = f"by the {ENGINES[backend]} engine, which trained it too"
    if backend == "python" and engines.kernel_missing is not None:
        missing = engines.kernel_missing
        text += f": the other one is missing here ({missing}); {engines.HOW_TO_GET_C}"
    return text
