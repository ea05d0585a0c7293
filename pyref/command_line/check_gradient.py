"""pyref check-gradient: backpropagation against finite differences, on a table."""

import sys
from argparse import Namespace
from typing import List, Tuple

from ..tables.examples import Examples, to_judge, to_learn
from ..checks.gradient_check import GOOD, LayerCheck, check_gradient
from ..arguments.loss import loss_of
from ..network import Network
from .help.names import NETWORK_NAMES
from ..options import defaults
from ..options.groups import add_data_options, add_network_options, source_of, table_options
from ..options.output import add_json_option, add_quiet_option
from ..options.values import count
from .reports.words import amount, columns_that_fit, titled
from .saying import answer, answer_object
from .terminal import columns
from ..work.files import model_in
from ..work.from_options import given, new_network, option_names, targets_for
from ..work.model_data import expected
from ..work.starts import refuse_decided
from .help.parser import NewParser

DESCRIPTION = """\
Work out how the loss changes with single weights in two ways, by backpropagation and by moving
each weight a little to either side, and compare, layer by layer.  In each layer, at most 50
parameters are drawn for it.  Their differences are relative: divided by the larger of the two
figures, or by a thousandth of the loss where that is larger.

The network is a new one, as pyref train would make it from the same options, or that of --model.
The exit code is 0 if all differences are small, else 1.  A large one is a mistake in an
activation, a loss or a layer.  At a kink, where relu or an absolute error has one slope to either
side, both are right."""

OBJECT = """\
With --json: data, rows, loss, limit (of a small difference), good (whether all are), and layers,
each with layer (from 1), activation, parameters, checked, worst (the largest difference), and
backpropagated and measured, the two figures that have it."""

ROWS = 20


def add_parser(new_parser: NewParser) -> None:
    parser = new_parser(
        usage="pyref check-gradient DATA [options]",
        description=DESCRIPTION,
        epilog=f"{NETWORK_NAMES}\n\n{OBJECT}",
    )
    parser.set_defaults(run=run)
    parser.add_argument("--model", metavar="MODEL", help="file that pyref train wrote")
    parser.add_argument(
        "--rows", type=count, default=ROWS, metavar="N",
        help=f"how many rows to use, from the first (default: {ROWS})",
    )
    add_data_options(parser)
    add_network_options(parser, "the weights, and of the choice of those that are compared")
    add_json_option(parser)
    add_quiet_option(parser, "print the result alone")


def run(options: Namespace) -> int:
    network, examples = from_model(options) if options.model else from_options(options)
    rows = min(options.rows, examples.rows)
    inputs = examples.inputs[: rows * examples.input_count]
    targets = targets_for(network, examples.targets[: rows * examples.target_count])
    loss = loss_of(network)
    checks = check_gradient(network, inputs, targets, seed=given(options.seed, defaults.SEED))
    good = GOOD[network.precision]
    wrong = [check for check in checks if not check.worst <= good]
    if options.json:
        answer_object({
            "data": examples.name, "rows": rows, "loss": loss, "limit": good, "good": not wrong,
            "layers": [check._asdict() for check in checks],
        })
        return 1 if wrong else 0
    if not options.quiet:
        of_all = f"the first {rows:,} of {amount(examples.rows, 'row')}"
        which = of_all if rows < examples.rows else amount(rows, "row")
        answer([
            titled("data", f"{examples.name}: {which}"),
            titled("loss", loss),
            "",
            *table(checks, columns(sys.stdout)),
            "",
        ])
    if not wrong:
        answer([titled("result", f"all differences are at most {good:g}: good")])
        return 0
    places = ", ".join(str(check.layer) for check in wrong)
    answer([titled("result", f"larger differences than {good:g} in layer {places}")])
    return 1


def from_model(options: Namespace) -> Tuple[Network, Examples]:
    refuse_decided(options, "--model")
    network = model_in(options.model)
    return network, to_judge(source_of(options), expected(network))


def from_options(options: Namespace) -> Tuple[Network, Examples]:
    examples = to_learn(source_of(options), **table_options(options))
    with option_names(options):
        network = new_network(options, examples, examples.inputs, examples.targets)
    return network, examples


def table(checks: List[LayerCheck], room: int) -> List[str]:
    return columns_that_fit([
        ["layer", *[str(check.layer) for check in checks]],
        ["activation", *[check.activation for check in checks]],
        ["difference", *[f"{check.worst:.1e}" for check in checks]],
        ["parameters", *[f"{check.checked} of {check.parameters}" for check in checks]],
        ["backpropagated", *[f"{check.backpropagated:.7g}" for check in checks]],
        ["measured", *[f"{check.measured:.7g}" for check in checks]],
    ], room)
