"""Tables 3 and 10 of the Proben1 report beside what pyref makes of the same data.

    python3 tests/benchmarks/proben1.py FOLDER [--runs 10] [--tables 3 10]
                                               [--optimizer RpropMinus] [PROBLEM …]

FOLDER holds Proben1's data, files such as diabetes1.dt, in whatever folders below it; they are not
part of pyref.  Every problem of the two tables whose file is there is trained with the seeds 1 to
`--runs`, which takes minutes for all of them with the C engine.

The procedure is that of the report's section 3.3.1, for both tables: full batches, the squared
error, Rprop with η⁺ = 1.2, η⁻ = 0.5, first steps drawn from 0.005 … 0.02, steps up to 50 and
however small, weights and biases drawn from ±0.01; hidden units bend by x/(1 + |x|) (softsign).
After every fifth epoch the validation rows are measured; training ends with GL₅, or when progress
falls below 0.1 per mille in a strip of 5 epochs, or after 3,000 epochs; what counts is the network
after the measurement with the lowest validation error.

For table 10 the limit of GL is 2 here, not 5.  The report names 5 for all, but where GL₅ ends a
training the last GL is above 5, and the column "overfit" of table 10 has means of little more than
2 with small deviations (gene3: 2.33 ± 0.39).  `--limit` sets another.

Which rule of Rprop the report had it does not say; it cites Riedmiller and Braun (1993).  Of the
30 problems of table 3 without mushroom1, the number of epochs comes out within one deviation on 29
by RpropMinus, without weight backtracking, on 21 by RpropPlus and on 9 by either of the rules that
rest (10 runs each).

Columns: test error, wrong classes and epochs, each as "report / pyref", mean ± deviation; a star
where pyref's mean is farther from the report's than one deviation of the report's runs and the
half of its last digit.
"""

import argparse
import statistics
import sys
from array import array
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Tuple

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import pyref  # noqa: E402
from proben1_report import TABLE_10, TABLE_3, TABLE_7, Cell, cells, split  # noqa: E402
from pyref import GeneralizationLoss, Network, Trainer, TrainingProgress, Uniform  # noqa: E402

RULES = ("RpropMinus", "RpropPlus", "IRpropMinus", "IRpropPlus")
LIMITS = {3: 5.0, 10: 2.0}  # of GL
REPORTED = {3: TABLE_3, 10: TABLE_10}
TITLES = {3: "linear networks", 10: "hidden layers, no shortcuts"}
SHOWN = (("test", 2), ("wrong", 2), ("total", 0))  # and with how many decimals
COUNTS = ("bool_in", "real_in", "bool_out", "real_out",
          "training_examples", "validation_examples", "test_examples")

Rows = Tuple[array, array]  # inputs and targets


class Problem(NamedTuple):
    inputs: int
    outputs: int
    training: Rows
    validation: Rows
    test: Rows


def read(path: Path) -> Problem:
    """Seven lines such as real_in=8, then the rows: inputs and outputs; ValueError for others."""
    lines = path.read_text(encoding="ascii").split("\n")
    counts = dict(line.split("=") for line in lines[: len(COUNTS)] if line.count("=") == 1)
    if tuple(counts) != COUNTS or not all(count.isdigit() for count in counts.values()):
        raise ValueError(f"{path}: it does not begin with the lines {'=, '.join(COUNTS)}=")
    *widths, training, validation, test = map(int, counts.values())
    inputs, outputs = widths[0] + widths[1], widths[2] + widths[3]
    rows = [list(map(float, line.split())) for line in lines[len(COUNTS) :] if line.strip()]
    if len(rows) != training + validation + test:
        raise ValueError(f"{path}: {len(rows)} rows found, its first lines promise others")
    if any(len(row) != inputs + outputs for row in rows):
        raise ValueError(f"{path}: rows of {inputs + outputs} numbers are needed")

    def part(first: int, count: int) -> Rows:
        chosen = rows[first : first + count]
        return (
            array("d", [value for row in chosen for value in row[:inputs]]),
            array("d", [value for row in chosen for value in row[inputs:]]),
        )

    return Problem(inputs, outputs, part(0, training), part(training, validation),
                   part(training + validation, test))


def trained(
    problem: Problem, hidden: List[int], output: str, rule: str, limit: float, seed: int
) -> Dict[str, float]:
    """One run: the columns of the report."""
    small = Uniform(-0.01, 0.01)
    network = Network([problem.inputs, *hidden, problem.outputs], hidden="softsign", output=output,
                      initializer=small, biases=small, seed=seed)
    optimizer = getattr(pyref, rule)(0.005, 0.02)
    trainer = Trainer(network, loss="mean_squared_error", optimizer=optimizer, batch_size=None)
    history = trainer.train(
        *problem.training,
        epochs=3000,
        validation=problem.validation,
        validation_every=5,
        stop=[GeneralizationLoss(limit, strip=5), TrainingProgress(0.1, strip=5)],
    )
    trainer.restore_best()
    errors = history.validation_loss
    lowest = min(errors)
    tested = network.evaluate(*problem.test, loss="mean_squared_error")
    return {
        "test": 100.0 * tested.loss,
        "wrong": 100.0 * (1.0 - tested.accuracy),
        "overfit": 100.0 * (errors[-1] / lowest - 1.0),
        "total": trainer.epoch,
        "best": history.validation_epochs[errors.index(lowest)],
    }


def summary(runs: List[Dict[str, float]]) -> Dict[str, Cell]:
    return {
        column: Cell(
            statistics.mean(run[column] for run in runs),
            statistics.stdev(run[column] for run in runs) if len(runs) > 1 else None,
        )
        for column in runs[0]
    }


def is_near(found: Cell, reported: Cell, decimals: int) -> bool:
    """Within one deviation of the report's, and the half of its last digit."""
    deviation = 0.0 if reported.deviation is None else reported.deviation
    return abs(found.mean - reported.mean) <= deviation + 0.5 * 10.0**-decimals


def shown(cell: Cell, decimals: int) -> str:
    deviation = "" if cell.deviation is None else f" ± {cell.deviation:.{decimals}f}"
    return f"{cell.mean:.{decimals}f}{deviation}"


def show_table(
    number: int, paths: Dict[str, Path], rule: str, limit: float, runs: int
) -> None:
    print(f"Table {number}: {TITLES[number]}; {runs} runs by {rule}, GL above {limit:g}\n")
    titles = {"test": "test error", "wrong": "wrong classes", "total": "epochs"}
    print(f"{'':<10} {'layers':<13}" + "".join(f"{titles[name]:>34}  " for name, _ in SHOWN))
    architectures, counted = split(TABLE_7), {name: 0 for name, _ in SHOWN}
    reported = cells(REPORTED[number])
    problems = [name for name in reported if name in paths]
    for name in problems:
        problem, hidden, output = read(paths[name]), [], "identity"
        if number == 10:
            layers, kind = architectures[name]
            hidden = [int(units) for units in layers.split("+")]
            output = "softsign" if kind == "s" else "identity"
        found = summary([
            trained(problem, hidden, output, rule, limit, seed) for seed in range(1, runs + 1)
        ])
        line = ""
        for column, decimals in SHOWN:
            near = is_near(found[column], reported[name][column], decimals)
            counted[column] += near
            pair = [shown(cell[column], decimals) for cell in (reported[name], found)]
            line += f"{' / '.join(pair):>34}{' ' if near else '*'} "
        layers = "-".join(map(str, [problem.inputs, *hidden, problem.outputs]))
        print(f"{name:<10} {layers:<13}{line}".rstrip(), flush=True)
    print(f"within one deviation, of {len(problems)}: "
          + ", ".join(f"{titles[name]} {count}" for name, count in counted.items()) + "\n")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("problems", metavar="PROBLEM", nargs="*", help="such as diabetes1")
    parser.add_argument("--runs", type=int, default=10, metavar="N")
    parser.add_argument("--tables", type=int, nargs="+", choices=LIMITS, default=list(LIMITS))
    parser.add_argument("--optimizer", choices=RULES, default=RULES[0])
    parser.add_argument("--limit", type=float, metavar="X", help="of GL (5 and 2)")
    options = parser.parse_intermixed_args(arguments)
    if options.runs < 1:
        parser.error(f"--runs: at least 1 is needed, not {options.runs}")
    paths = {path.stem: path for path in sorted(options.folder.rglob("*.dt"))}
    known = set(cells(TABLE_3))
    unknown = [name for name in options.problems if name not in known & set(paths)]
    if unknown:
        parser.error(f"{unknown[0]}: no problem of the two tables with a file in {options.folder}")
    if options.problems:
        paths = {name: paths[name] for name in options.problems}
    if not known & set(paths):
        parser.error(f"{options.folder}: no file such as diabetes1.dt is in it")
    try:
        for number in options.tables:
            limit = LIMITS[number] if options.limit is None else options.limit
            show_table(number, paths, options.optimizer, limit, options.runs)
    except ValueError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
