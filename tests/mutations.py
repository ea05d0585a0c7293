"""Whether the tests would notice: small mistakes are put into either engine, one at a time.

    python tests/mutations.py            all of them; about a quarter of an hour
    python tests/mutations.py threads    those whose file or words have that text

Each changes a bit of some finite result, or loses something that a run relies on.  A copy of the
project is changed, its kernel built again, and then asked: the kernel's canary, `pyref selftest`,
and at last the whole suite.  Needs setuptools 77 or newer (pip install -U setuptools) beside what
`pip install -e '.[c,test]'` brings.  Exit code 1 if a mistake survives.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import List, NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Mutation(NamedTuple):
    file: str
    before: str  # the first place where it stands is changed
    after: str
    what: str


MUTATIONS = [
    Mutation("pyref/reference/elementary.py", "0x1.6c16c16c174a1p-10", "0x1.6c16c16c174a2p-10",
             "a constant of exp, by its last bit"),
    Mutation("pyref/reference/elementary.py", "p = ((C3 + r * C4) + r2 * (C5 + r * C6)) + r4 * (",
             "p = (C3 + (r * C4 + r2 * (C5 + r * C6))) + r4 * (", "the order of addition in exp"),
    Mutation("pyref/reference/generator.py", "y = 2.0 * self.random() - 1.0\n            square",
             "y = 2.0 * self.random() - 1.0\n            self.random()\n            square",
             "one draw too many for a normal deviate"),
    Mutation("pyref/reference/activations.py", "return 1.0 - y * y", "return (1.0 - y) * (1.0 + y)",
             "the derivative of tanh, factored"),
    Mutation("pyref/reference/losses.py", "total += target * (log_total - (value - largest))",
             "total += target * ((log_total - value) + largest)",
             "the order of subtraction in the cross-entropy"),
    Mutation("pyref/reference/precision.py", "    for total, column in zip(starts, columns):\n",
             "    for total, column in zip(starts, columns):\n"
             "        factors, column = list(factors)[::-1], column[::-1]\n",
             "a weighted sum from its last product to its first"),
    Mutation("pyref/reference/precision.py",
             "products = to_binary32([factor * number for number in numbers])",
             "products = [factor * number for number in numbers]",
             "products that are not rounded in single precision"),
    Mutation("pyref/reference/layer.py", "for row, of_row in zip(x, deltas):",
             "for row, of_row in zip(x[::-1], deltas[::-1]):",
             "the rows of a gradient from the last to the first"),
    Mutation("pyref/reference/batch.py", "        round_rows(run.layers, [values, *memory])\n", "",
             "steps that are not rounded in single precision"),
    Mutation("pyref/reference/gradient_descent.py", "scale = 1.0 / sqrt(1.0 - scalars[1])",
             "scale = sqrt(1.0 / (1.0 - scalars[1]))", "Adam's correction, rounded otherwise"),
    Mutation("pyref/reference/full_batch.py", "0.0 if a < 0.0 else g for g, a in",
             "0.0 if a <= 0.0 else g for g, a in", "Rprop forgets the gradient of a rest"),
    Mutation("pyref/reference/full_batch.py", "(w + s if b > 0.0 else w - s) if g * b < 0.0 else w",
             "(w - s if b > 0.0 else w + s) if g * b < 0.0 else w",
             "a step that is not taken back, but taken again"),
    Mutation("pyref/reference/line_search.py",
             "step = last - margin if last - step < step - first else first + margin",
             "step = first + margin if last - step < step - first else last - margin",
             "a tenth of the bracket away from its other end"),
    Mutation("pyref/reference/search.py", "if not is_finite(made.point):", "if False:",
             "an iteration of L-BFGS that ends where none can begin"),
    Mutation("pyref/reference/stopping.py",
             "        if validation_loss is None:\n            state[1] += 1.0\n",
             "        if validation_loss is None:\n",
             "the epochs without a validation, in the patience"),
    Mutation("pyref/engine/handing_back.py", "= before[numbers].tolist()",
             "= values[numbers].tolist()",
             "the way back where memory runs out in the midst"),
    Mutation("pyref/reference/regularization.py", "limit / (norm(layers, gradients) + 1e-6)",
             "limit / norm(layers, gradients)", "clipping by norm without its epsilon"),
    Mutation("pyref/reference/schedules.py",
             "learning_rate * ((epoch + 1.0) / (self.warmup + 1.0))",
             "learning_rate * (epoch + 1.0) / (self.warmup + 1.0)",
             "the order of products in a warm-up"),
    Mutation("pyref/reference/stopping.py", "return state[1] >= epochs", "return state[1] > epochs",
             "patience, by one epoch"),
    Mutation("pyref/reference/training.py",
             "run.loss_sum = loss_sum\n", "run.loss_sum = loss_sum - 0.0 * 1e-9\n"
             "        run.rate = run.rate * (1.0 + 2.0**-52)\n",
             "a rate that grows by its last bit"),
    Mutation("csrc/reference/elementary.c",
             "C11 = 0x1.af6165648530ap-26", "C11 = 0x1.af6165648530bp-26",
             "a constant of exp, by its last bit"),
    Mutation("csrc/reference/generator.c",
             "(upper * 67108864.0 + lower)", "(upper * 67108864.0 + (lower | 1))",
             "the last bit of a random number"),
    Mutation("csrc/reference/activations.c",
             "return z <= 0.0 ? 0.0 : 1.0;", "return z < 0.0 ? 0.0 : 1.0;",
             "the derivative of relu at 0"),
    Mutation("csrc/reference/losses.c", "reciprocal >= DBL_MIN ? reciprocal : 0.0",
             "reciprocal >= DBL_MIN ? reciprocal : reciprocal",
             "a reciprocal that is not exact instead of a division"),
    Mutation("csrc/reference/regularization.c",
             "(layer->kept[(first + r) * layer->inputs + k] ? factor : 0.0)",
             "(layer->kept[r * layer->inputs + k] ? factor : 0.0)",
             "dropout of the first tile in all tiles of a batch"),
    Mutation("csrc/fast/network.c", "if (block.right == below->units)", "if (0)",
             "infinity among the units that do not exist"),
    Mutation("csrc/fast/tiles.c", "i < count && more; i++)", "i < 0; i++)",
             "the tiles before, in the gradients of a narrow layer"),
    Mutation("csrc/fast/gather.c", "gather_inputs(run, tile, 0, tile->rows, x_of",
             "gather_inputs(run, tile, from, to, x_of", "a thread's own inputs, in part"),
    Mutation("csrc/fast/tiles.c", "STORE(to + WIDTH * (left + i) + top, row[i]);",
             "STORE(to + WIDTH * (left + i) + top, row[i == 1 ? 0 : i]);",
             "one lane of the turned weights"),
    Mutation("csrc/fast/tiles.c", "more ? LOAD(g + WIDTH * i + OF(v, g_apart)) : (Vector){0}",
             "(Vector){0}", "the gradients of earlier tiles"),
    Mutation("csrc/fast/tiles.c", "    g = g + WIDTH * k;\n",
             "    g = g + WIDTH * k;\n    rows = rows > 64 ? 64 : rows;\n",
             "the rows of a tile after the sixty-fourth"),
    Mutation("csrc/fast/small.c",
             "for (int64_t r = 0; r < rows; r++) {\n        number product = x",
             "for (int64_t r = rows - 1; r >= 0; r--) {\n        number product = x",
             "the rows of a small gradient from the last to the first"),
    Mutation("csrc/fast/row.c", "lane[l] = layer->weights[WIDTH * least(v * LANES + l,",
             "lane[l] = layer->weights[WIDTH * least(v * LANES + (l & 1),",
             "the third input's error of a row by itself"),
    Mutation("csrc/fast/threads.c", "while (acquire(&team->done) < (unsigned)parts)\n"
             "        waited = linger(waited);", "(void)waited;", "a lost barrier"),
    Mutation("csrc/fast/threads.c",
             "least(WIDTH * part_begin(panels, 1, part + 1, parts), units));",
             "least(WIDTH * (part_begin(panels, 1, part + 1, parts) - (parts == 7)), units));",
             "the last panel of a part, with seven threads"),
    Mutation("csrc/fast/tiles.c",
             "ROUNDED(WIDENED(weights) - step * WIDENED(gradient))",
             "weights - (number)step * gradient", "a step in single precision alone"),
    Mutation("csrc/reference/losses.c", "space + 2 * WIDTH * panels, outputs",
             "space + 16 * panels, outputs", "room that belongs to another row"),
    Mutation("csrc/reference/gradient_descent.c", "double m = beta1 * mean[i] + rest1 * g;",
             "double m = mean[i] + rest1 * (g - mean[i]);", "Adam's mean, rearranged"),
    Mutation("csrc/reference/optimizers.c",
             "                     0, weights, gradient",
             "                     1, weights, gradient",
             "a rest for RpropMinus"),
    Mutation("csrc/reference/lbfgs.c", "sy = search->products[place_of_pair(search, pairs - 1)];",
             "sy = search->products[place_of_pair(search, 0)];",
             "the curvature of the oldest pair instead of the newest"),
    Mutation("csrc/reference/lbfgs.c", "search->oldest = place_of_pair(search, 1);", ";",
             "which pair is the oldest"),
    Mutation("csrc/reference/training.c", "(run->epoch + 1) % run->validation_every == 0",
             "run->epoch % run->validation_every == 0", "the epochs that are validated, by one"),
    Mutation("csrc/reference/parameters.c",
             "of_unit[j] += of_sizes ? abs_(a[bias]) : (double)a[bias] * b[bias];",
             "total += of_sizes ? abs_(a[bias]) : (double)a[bias] * b[bias];",
             "the order of addition in a norm"),
    Mutation("csrc/reference/stopping.c", "if (loss < state[0] - minimum_improvement)",
             "if (loss <= state[0] - minimum_improvement)", "an improvement by nothing"),
    Mutation("csrc/reference/schedules.c",
             "state[3] = plateau->cooldown;", "state[3] = plateau->cooldown + 1.0;",
             "a cooldown, by one epoch"),
    Mutation("csrc/fast/batch.c",
             "\n            || !one_finite(run->batch_loss_sum))\n            return status;",
             ")\n            return status;", "batches after one whose loss is not finite"),
    Mutation("csrc/fast/batch.c", "run->batch_stream = run->stream;", "",
             "where a broken-off batch with dropout began"),
    Mutation("csrc/set.c",
             "    Team team;                                      \\\n"
             "    uint64_t environment = enter_arithmetic();",
             "    Team team;                                      \\\n"
             "    uint64_t environment = 0x1f80;",
             "the arithmetic of the caller's thread"),
    Mutation("csrc/sets.h", '#include "arithmetic.h"', '#include "arithmetic.h"\n'
             '#pragma GCC optimize("fp-contract=fast")', "fused multiplications and additions"),
]


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={
            **os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )


def build(folder: Path) -> None:
    made = run(folder, "setup.py", "-q", "build_ext", "--inplace", PYREF_KERNEL="1")
    if made.returncode:
        raise SystemExit(made.stdout)


def caught_by(folder: Path, mutation: Mutation) -> str:
    """What noticed it, or ""."""
    path = folder / mutation.file
    original = path.read_text(encoding="utf-8")
    if mutation.before not in original:
        raise SystemExit(f"{mutation.file} has changed: {mutation.before!r} is no longer in it")
    path.write_text(original.replace(mutation.before, mutation.after, 1), encoding="utf-8")
    in_c = mutation.file.startswith("csrc/")
    try:
        if in_c:
            build(folder)
        told = run(folder, "-c", "import pyref; print(pyref.kernel_missing)").stdout.strip()
        if told != "None":
            return "the canary"
        if run(folder, "-m", "pyref", "selftest").returncode:
            return "pyref selftest"
        if run(folder, "-m", "pyref", "selftest", "--threads", "7").returncode:
            return "pyref selftest --threads 7"
        tested = run(folder, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
        if tested.returncode:
            failed = [line for line in tested.stdout.splitlines() if line.startswith("FAILED ")]
            return failed[0].split()[1] if failed else "the suite"
        return ""
    finally:
        path.write_text(original, encoding="utf-8")


def main(words: List[str]) -> int:
    chosen = [m for m in MUTATIONS if not words or any(w in m.file + m.what for w in words)]
    survived = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pyref"
        listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, universal_newlines=True)
        for name in listed.split():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        build(folder)
        for mutation in chosen:
            noticed = caught_by(folder, mutation)
            survived += not noticed
            print(f"{mutation.file:<28} {mutation.what:<58} {noticed or 'SURVIVED'}", flush=True)
            if mutation.file.startswith("csrc/"):
                build(folder)
    print(f"{len(chosen)} mistakes, {survived} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
