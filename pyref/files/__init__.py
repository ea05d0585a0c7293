"""Model files and run files: JSON that a person can read, with every bit of every number.

A model file in one page, for those who read it in another language.  Its members:

format           "pyref model"
format_version   2 (1: without `preparation`; 3: with `precision` or `class_kind`)
layers           from the inputs on: `weights[k][j]` leads from input k to unit j, `biases[j]` is
                 added (null: none), `activation` names what is made of the sum
precision        "single", where all numbers are to be rounded to binary32, those of `layers` too
input_scaling    `means` and `deviations`, one for each input: (x - mean) / deviation goes in
target_scaling   the same of the outputs: y * deviation + mean comes out
class_names      of the classes, in the order of the outputs; with one output, which is the
                 probability of the second, there are two
class_kind       "integer" or "boolean", where the names of classes stand for such
target_names     of what is predicted
preparation      how the columns of a table become inputs: see preparation_members.py; a model
                 without it takes numbers
input_names      of the inputs that come of it

Other members say how it was made (`recipe`, `loss`, `seed`, `stream`, `specification`), and that it
is whole (`digest`, `checksum`).  Members that a model has no use for are left out.

The history of its training is in the recipe, for each of `recipe.segments`: `losses` are those of
every `loss_every`-th of its `epochs`; `validation_epochs`, counted from the trainer's first epoch,
`validation_losses` and `validation_accuracies` those of its validation rows.  Each list has at most
a thousand members: every second is left out as often as there would be more.

This reads one with Node; `answer` takes the cells of a row, without columns that were left out, and
gives the outputs:

    const fs = require("fs"), m = JSON.parse(fs.readFileSync(process.argv[2]))
    const columns = m.preparation.columns.filter(c => c.kind != "left out")
    const inputs = (c, x, gap = x == null, y = gap ? c.gap : x) => [
      ...(c.kind == "numbers" ? [+y] : c.words.slice(c.words.length == 2).map(w => +(w == y))),
      ...(c.indicator ? [+gap] : [])]
    const exp = Math.exp, f = {identity: x => x, sigmoid: x => 1 / (1 + exp(-x)), tanh: Math.tanh,
      relu: x => Math.max(0, x), silu: x => x / (1 + exp(-x)),
      softmax: (x, i, all) => 1 / all.reduce((sum, z) => sum + exp(z - x), 0)}
    const layer = (x, l) => l.weights[0].map((_, j) => x.reduce((sum, v, k) =>
      sum + v * l.weights[k][j], l.biases ? l.biases[j] : 0)).map(f[l.activation])
    const scaled = (x, s) => s ? x.map((v, i) => (v - s.means[i]) / s.deviations[i]) : x
    const back = (y, s) => s ? y.map((v, i) => v * s.deviations[i] + s.means[i]) : y
    const answer = row => back(m.layers.reduce(layer,
      scaled(columns.flatMap((c, i) => inputs(c, row[i])), m.input_scaling)), m.target_scaling)

Of plain numbers without gaps, the first scaling and the layers are enough.
"""
