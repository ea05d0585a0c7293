"""Between a network's user and its layers: rows in the user's units, and in those of the layers."""

from typing import Any, Optional, Sequence

from ..rows.conversion import refuse_unfinished, table
from ..rows.data import Data, Table
from ..rows.forms import in_the_form_of
from ..rows.precision import in_precision, kept
from ..rows.targets import targets_table
from ..rows.weights import row_weights, weighed_by_class
from ..tables.raw_rows import prepared
from ..tables.scaling import Scaling
from .labels import numbered
from .names import output_names
from .protocols import NetworkLike, TrainerLike


def given_inputs(network: NetworkLike, inputs: Any) -> Table:
    """Rows of inputs, checked, in the user's units."""
    refuse_unfinished("inputs", inputs)  # before it is asked for its columns
    inputs = prepared(network.preparation, inputs)
    if network.input_names is not None and hasattr(inputs, "columns"):  # as pandas' and polars' do
        columns = inputs.columns
        if columns is not None and list(columns) != list(network.input_names):
            raise ValueError(
                f"inputs: the columns are {', '.join(map(str, columns))}; the network learned "
                f"from {', '.join(network.input_names)}, in this order"
            )
    return table("inputs", inputs, len(network.layers[0].weights), network.precision)


def scaled_inputs(network: NetworkLike, inputs: Any) -> Table:
    """Likewise, in the units that the network's layers compute in."""
    rows = given_inputs(network, inputs)
    if network.input_scaling is not None:
        rows = scaled(rows, checked_scaling("input_scaling", network.input_scaling, rows.width))
    return kept("inputs", rows, network.precision)


def scaled_data(
    network: NetworkLike, inputs: Any, targets: Any, loss: str, weights: Any = None
) -> Data:
    """Inputs and targets, row for row, likewise."""
    rows = scaled_inputs(network, inputs)
    targets = numbered(network, targets, loss)
    wanted = targets_table(targets, network.sizes[-1], loss, rows.count, network.precision)
    if network.target_scaling is not None:
        scaling = checked_scaling("target_scaling", network.target_scaling, wanted.width)
        wanted = scaled(wanted, scaling)
    wanted = kept("targets", wanted, network.precision)
    return Data(rows, wanted, row_weights(weights, rows.count))


def training_data(trainer: TrainerLike, inputs: Any, targets: Any, weights: Any = None) -> Data:
    """Rows to learn from: the weight of each is its own times that of its class."""
    data = scaled_data(trainer.network, inputs, targets, trainer.loss, weights)
    if trainer.class_weights is None:
        return data
    return weighed_by_class(data, trainer.class_weights)


def validation_data(trainer: TrainerLike, validation: Optional[Sequence[Any]]) -> Optional[Data]:
    """The rows of a pair (inputs, targets), or a triple with their weights; None for None."""
    if validation is None:
        return None
    if not isinstance(validation, (tuple, list)) or len(validation) not in (2, 3):
        raise TypeError("validation: a pair (inputs, targets) is needed, or also weights")
    inputs, targets, *weights = validation
    return scaled_data(trainer.network, inputs, targets, trainer.loss, *weights)


def checked_scaling(what: str, scaling: Any, columns: int) -> Scaling:
    """What a user may have put in its place, after a look at whether it fits."""
    if not isinstance(scaling, Scaling):
        raise ValueError(f"{what}: a Scaling or None is needed, not {scaling!r:.40}")
    scaling.check()
    if len(scaling.means) != columns:
        raise ValueError(
            f"{what}: a Scaling of {columns} columns is needed, not of {len(scaling.means)}"
        )
    return scaling


def scaled(rows: Table, scaling: Scaling) -> Table:
    """In doubles, whatever the rows were given in; what answers them has their form."""
    if rows.form is not None:
        flat = scaling.transform_flat(in_precision(rows.flat(), "d"))
        made = Table(rows.count, rows.width, None, flat)
        made.form = rows.form
        return made
    lists = [scaling.transform(row) for row in rows.lists()]
    return Table(rows.count, rows.width, lists, None)


def answer(network: NetworkLike, inputs: Any, rows: Table, outputs: Table) -> Any:
    """What the layers made of `rows`, in the units of the targets and in the form of the `inputs`
    that were given (rows/forms.py)."""
    if network.target_scaling is not None:
        scaling = checked_scaling("target_scaling", network.target_scaling, outputs.width)
        lists = [scaling.inverse(row) for row in outputs.lists()]
        outputs = Table(len(lists), len(lists[0]), lists, None)
    return in_the_form_of(inputs, rows, outputs, lambda: output_names(network))
