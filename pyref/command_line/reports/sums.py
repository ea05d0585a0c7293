"""What a call of the reference has computed, written out: a line for each number."""

from typing import Callable, Dict, Iterator, List, Sequence, Tuple

from ...reference.losses import LOSSES
from ...tracing.trace import Trace
from ...tracing.watching import Call

MOST, FIRST = 8, 3  # of more numbers than MOST in a row, the FIRST are shown

Line = Tuple[str, List[str]]  # what is computed; its parts, between which the line may break
Lines = Iterator[Line]


def number(value: float) -> str:
    """
    >>> number(0.39249999999999996), number(-0.5), number(2.0)
    ('0.3925', '−0.5', '2')
    """
    return f"{value:.9g}".replace("-", "−")


def factor(value: float) -> str:
    """
    >>> factor(-0.5), factor(-0.0)
    ('(−0.5)', '(−0)')
    """
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def places(count: int) -> range:
    """Those that are shown."""
    return range(count if count <= MOST else FIRST)


def row_of(name: str, values: Sequence[float], parts: Callable[[int], List[str]]) -> Lines:
    """For each value: its name, the parts of the sum, and the value.

    >>> list(row_of("y", [0.5], lambda j: ["sigmoid(0)"]))
    [('y[0]', ['= sigmoid(0)', '= 0.5'])]
    """
    for place in places(len(values)):
        first, *others = parts(place)
        yield f"{name}[{place}]", [f"= {first}", *others, f"= {number(values[place])}"]
    if len(values) > MOST:
        yield f"… and {len(values) - FIRST:,} more", []


def products(a: Sequence[float], b: Sequence[float]) -> List[str]:
    """
    >>> products([1.0, 0.5], [-2.0, 3.0])
    ['1·(−2)', '+ 0.5·3']
    """
    terms = [f"{'+ ' * (k > 0)}{factor(a[k])}·{factor(b[k])}" for k in places(len(a))]
    return terms + [f"+ … ({len(a) - FIRST:,} more)"] * (len(a) > MOST)


def pre_activations(call: Call) -> Lines:
    x, weights, biases = (call.given[name] for name in ("x", "weights", "biases"))

    def parts(j: int) -> List[str]:
        first, *others = products(x, [of_input[j] for of_input in weights])
        return [first, *others] if biases is None else [number(biases[j]), f"+ {first}", *others]

    return row_of("z", call.found, parts)


def activation(call: Call) -> Lines:
    if call.function == "softmax":
        return row_of("y", call.found, lambda j: [f"softmax(z)[{j}]"])
    z = call.given["z"]
    return row_of("y", call.found, lambda j: [f"{call.function}({number(z[j])})"])


def smoothed(call: Call) -> Lines:
    t, smoothing = call.given["t"], call.given["smoothing"]
    return row_of("t", call.found, lambda j: [
        f"{number(t[j])}·(1 − {number(smoothing)})", f"+ {number(smoothing)}/{len(t)}"
    ])


SQUARES = {"half_squared_error": "½·", "mean_squared_error": ""}


def loss(call: Call) -> Lines:
    t, found = call.given["t"], f"= {number(call.found)}"
    if call.function not in SQUARES:
        yield f"{call.function}({', '.join(call.given)})", [found]
        return
    y = call.given["y"]
    terms = [f"({number(y[j])} − {factor(t[j])})²" for j in places(len(t))]
    terms += [f"… ({len(t) - FIRST:,} more)"] * (len(t) > MOST)
    terms = [f"{'+ ' * (j > 0)}{term}" for j, term in enumerate(terms)]
    yield "loss", [f"= {SQUARES[call.function]}({terms[0]}", *terms[1:-1],
                   *(f"{term})" for term in terms[1:][-1:]), found]


DIFFERENCES = (
    "half_squared_error_gradient", "binary_cross_entropy_gradient", "cross_entropy_gradient"
)


def loss_gradient(call: Call) -> Lines:
    y, t = call.given["y"], call.given["t"]

    def parts(j: int) -> List[str]:
        difference = f"{number(y[j])} − {factor(t[j])}"
        if call.function in DIFFERENCES:
            return [difference]
        if call.function == "mean_squared_error_gradient":
            return [f"2·({difference})"]
        return [f"slope at y {number(y[j])}, t {number(t[j])}"]

    fused = LOSSES[call.function[: -len("_gradient")]].fused
    return row_of("deltas" if fused else "errors", call.found, parts)


def activation_deltas(call: Call) -> Lines:
    errors, slopes = call.given["errors"], call.given.get("slopes")
    if slopes is None:
        y = call.given["y"]
        return row_of("deltas", call.found, lambda j: [
            f"{number(y[j])}·({number(errors[j])} − Σ errors[i]·y[i])"
        ])
    return row_of("deltas", call.found, lambda j: [f"{factor(errors[j])}·{factor(slopes[j])}"])


def weight_gradients(call: Call) -> Lines:
    x, deltas = call.given["x"], call.given["deltas"]
    columns = list(zip(*deltas))
    for k, of_input in enumerate(list(zip(*x))[: len(places(len(x[0])))]):
        yield from row_of(
            f"gradient[{k}]", call.found[k], lambda j: products(of_input, columns[j])
        )
    if len(x[0]) > MOST:
        yield f"… and {len(x[0]) - FIRST:,} more inputs", []


def bias_gradients(call: Call) -> Lines:
    deltas = call.given["deltas"]

    def parts(j: int) -> List[str]:
        if len(deltas) == 1:
            return [f"deltas[{j}]"]
        terms = [f"{'+ ' * (r > 0)}{factor(deltas[r][j])}" for r in places(len(deltas))]
        return terms + [f"+ … ({len(deltas) - FIRST:,} more)"] * (len(deltas) > MOST)

    return row_of("gradient", call.found, parts)


def errors_below(call: Call) -> Lines:
    deltas, weights = call.given["deltas"], call.given["weights"]
    return row_of("errors", call.found, lambda k: products(deltas, weights[k]))


def scaled_by(call: Call) -> Lines:
    rows, factors = call.given["rows"], call.given["factors"]
    return row_of("kept", call.found, lambda k: [f"{factor(rows[k])}·{number(factors[k])}"])


def update(call: Call) -> Lines:
    """One of an optimizer's lists; SGD's plain step is a sum, of others it is shown what moves."""
    given, name = call.given, call.given["of"]
    before, gradient, after = given["weights"], given["gradient"], call.found["weights"]
    if call.function == "SGD.update" and not given["memory"]:
        yield from row_of(name, after, lambda j: [
            f"{number(before[j])} − {number(given['rate'])}·{factor(gradient[j])}"
        ])
        return
    for j in places(len(after)):
        moves = [f"{memory} {moved(values[j], call.found['memory'][memory][j])}"
                 for memory, values in given["memory"].items()]
        yield f"{name}[{j}]", [moved(before[j], after[j]) + ",",
                               *(f"{each}," for each in moves), f"gradient {number(gradient[j])}"]
    if len(after) > MOST:
        yield f"… and {len(after) - FIRST:,} more", []


def moved(before: float, after: float) -> str:
    return f"{number(before)} → {number(after)}"


def is_shown(name: str, inputs: int) -> bool:
    """
    >>> is_shown("biases", 9), is_shown("weights[2]", 9), is_shown("weights[3]", 9)
    (True, True, False)
    """
    return name == "biases" or int(name[len("weights[") : -1]) in places(inputs)


def of_parameters(trace: Trace, parts: Callable[[int, int], str]) -> Lines:
    """A line for each parameter, by the places of its list and in its list."""
    for place, (layer, name) in enumerate(trace.lists):
        if not is_shown(name, trace.sizes[layer]):
            continue
        for j in places(len(trace.before[place])):
            yield f"layers[{layer}].{name}[{j}]", [parts(place, j)]
        if len(trace.before[place]) > MOST:
            yield f"… and {len(trace.before[place]) - FIRST:,} more", []


LINES: Dict[str, Callable[[Call], Lines]] = {
    "smoothed": smoothed, "scaled_by": scaled_by, "pre_activations": pre_activations,
    "activation": activation, "loss": loss, "loss_gradient": loss_gradient,
    "activation_deltas": activation_deltas, "weight_gradients": weight_gradients,
    "bias_gradients": bias_gradients, "errors_below": errors_below,
}
