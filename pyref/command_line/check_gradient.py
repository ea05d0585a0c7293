"""pyref check-gradient: backpropagation against finite differences, on a table."""

from typing import Iterator, List, Tuple

from ..tables.examples import Examples, to_judge, to_learn
from ..checks.gradient_check import GOOD, LayerCheck, check_gradient
from ..arguments.loss import loss_of
from ..network import Network
from .help.names import NETWORK_NAMES
from .options import defaults
from .options.groups import add_data_options, add_network_options, source_of, table_options
from .options.values import count
from .reports.words import amount, titled
from .saying import answer
from .work.files import model_in
from .work.from_options import given, new_network, option_names, targets_for
from .work.model_data import expected
from .work.starts import refuse_decided

DESCRIPTION = """\
Work out how the loss changes with single weights in two ways, by backpropagation and by moving
each weight a little to either side, and compare, layer by layer.  In each layer, at most 50
parameters are drawn for it.  Their differences are relative: divided by the larger of the two
figures, or by a thousandth of the loss where that is larger.

The network is a new one, as pyref train would make it from the same options, or that of --model.
The exit code is 0 if all differences are small, else 1.  A large one is a mistake in an
activation, a loss or a layer.  At a kink, where relu or an absolute error has one slope to either
side, both are right."""

ROWS = 20


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "check-gradient",
        usage="pyref check-gradient DATA [options]",
        help="backpropagation against finite differences",
        description=DESCRIPTION,
        epilog=NETWORK_NAMES,
    )
    parser.set_defaults(run=run)
    parser.add_argument("--model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument(
        "--rows", type=count, default=ROWS, metavar="N",
        help=f"how many rows to use, from the first (default: {ROWS})",
    )
    add_data_options(parser)
    add_network_options(parser, "the weights, and of the choice of those that are compared")


def run(options) -> int:
    network, examples = from_model(options) if options.model else from_options(options)
    rows = min(options.rows, examples.rows)
    inputs = examples.inputs[: rows * examples.input_count]
    targets = targets_for(network, examples.targets[: rows * examples.target_count])
    loss = loss_of(network)
    checks = check_gradient(network, inputs, targets, seed=given(options.seed, defaults.SEED))
    answer([
        titled("data", f"{examples.name}: {amount(rows, 'row')}"),
        titled("loss", loss),
        "",
        *table(checks),
        "",
    ])
    wrong = [check for check in checks if not check.worst <= GOOD]
    if not wrong:
        answer([titled("result", f"all differences are at most {GOOD:g}: good")])
        return 0
    places = ", ".join(str(check.layer) for check in wrong)
    answer([titled("result", f"larger differences than {GOOD:g} in layer {places}")])
    return 1


def from_model(options) -> Tuple[Network, Examples]:
    refuse_decided(options, "--model")
    network = model_in(options.model)
    return network, to_judge(source_of(options), expected(network))


def from_options(options) -> Tuple[Network, Examples]:
    examples = to_learn(source_of(options), **table_options(options))
    with option_names(options):
        network = new_network(options, examples, examples.inputs, examples.targets)
    return network, examples


def table(checks: List[LayerCheck]) -> Iterator[str]:
    yield "layer  activation     parameters  relative difference  backpropagated        measured"
    for check in checks:
        parameters = f"{check.checked} of {check.parameters}"
        yield (
            f"{check.layer:>5}  {check.activation:<10}  {parameters:>13}  {check.worst:>19.1e}"
            f"  {check.backpropagated:>14.7g}  {check.measured:>14.7g}"
        )
