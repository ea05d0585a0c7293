"""Regularization: keeping a network from learning its training rows by heart.

Stopping in time is one way; here are others.  Penalties pull the weights towards 0 (biases are left
alone, they do not make a function steeper); dropout trains with some units missing, so that none
relies on another; clipping keeps a single steep batch from throwing the weights far away.

Nothing of it is on unless somebody asks.  training.py has two lines for it: `draw_dropout` before
the gradients are computed says what each layer may read, `regularize` afterwards changes them.
"""

import math
from typing import List, Optional

from .generator import Stream
from .layer import Layer, Row, Rows
from .parameters import dot, round_rows
from .settings import Setting, Settings, above_zero_or_none, below_one, zero_or_more


class Regularization(Settings):
    """What a `Trainer` is told.

    `l2` adds ½·l2·Σw² to what is minimised, `l1` adds l1·Σ|w|, over the weights; the losses that
    are reported leave both out.  `dropout` is the part of each hidden layer's units that is
    missing from a row, `input_dropout` that of the inputs.  `clip_value` bounds each gradient,
    `clip_norm` the length of the vector of all gradients; None leaves them alone.  They follow each
    other in this order: the penalties are part of the gradients that are clipped, and
    `clip_norm` measures what `clip_value` has left.
    """

    l1 = Setting(zero_or_more, 0.0)
    l2 = Setting(zero_or_more, 0.0)
    dropout = Setting(below_one, 0.0)
    input_dropout = Setting(below_one, 0.0)
    clip_value = Setting(above_zero_or_none, None)
    clip_norm = Setting(above_zero_or_none, None)


def draw_kept(rate: float, rows: int, units: int, stream: Stream) -> Rows:
    """For each row and unit, 0 where it is dropped, else 1/(1 − rate).

    The factor makes up for the missing units, so that prediction needs no change ("inverted"
    dropout; Srivastava et al. 2014).
    """
    factor = 1.0 / (1.0 - rate)
    return [
        [0.0 if stream.random() < rate else factor for _ in range(units)] for _ in range(rows)
    ]


def draw_dropout(
    regularization: Regularization, layers: List[Layer], rows: int, stream: Stream
) -> List[Optional[Rows]]:
    """What each layer of a batch may read: the inputs first, then hidden layer by hidden layer."""
    kept: List[Optional[Rows]] = []
    for place, layer in enumerate(layers):
        rate = regularization.dropout if place else regularization.input_dropout
        kept.append(draw_kept(rate, rows, len(layer.weights), stream) if rate else None)
    return kept


def scaled_by(layer: Layer, rows: Rows, factors: Optional[Rows]) -> Rows:
    """Each number that the layer reads times its factor; None leaves them as they are."""
    if factors is None:
        return rows
    return [
        layer.rounded([v * f for v, f in zip(row, of_row)]) for row, of_row in zip(rows, factors)
    ]


def add_penalties(l1: float, l2: float, weights: Row, gradient: Row) -> None:
    """The penalties' derivative: l2·w + l1·(the sign of w, 0 at 0)."""
    if l2:
        gradient[:] = [g + l2 * w for g, w in zip(gradient, weights)]
    if l1:
        gradient[:] = [
            g + l1 if w > 0.0 else g - l1 if w < 0.0 else g for g, w in zip(gradient, weights)
        ]


def absolute_sum(layers: List[Layer], rows: Rows) -> float:
    """Σ|a| over lists in the shape of `parameters`."""
    signs = [[math.copysign(1.0, value) for value in row] for row in rows]
    return dot(layers, rows, signs)


def penalties(regularization: Regularization, layers: List[Layer]) -> float:
    """What they add to what is minimised: ½·l2·Σw² + l1·Σ|w|."""
    weights: Rows = []
    for layer in layers:
        weights.extend(layer.weights)
        if layer.biases is not None:
            weights.append([0.0] * layer.units)
    total = 0.0
    if regularization.l2:
        total += 0.5 * regularization.l2 * dot(layers, weights, weights)
    if regularization.l1:
        total += regularization.l1 * absolute_sum(layers, weights)
    return total


def clip_values(limit: float, gradient: Row) -> None:
    """(torch.nn.utils.clip_grad_value_)"""
    gradient[:] = [-limit if g < -limit else limit if g > limit else g for g in gradient]


def norm(layers: List[Layer], gradients: Rows) -> float:
    """The length of the vector of all gradients."""
    return math.sqrt(dot(layers, gradients, gradients))


def scale_to_norm(limit: float, layers: List[Layer], gradients: Rows) -> None:
    """Shorten the gradients to `limit`, if they are longer.  (torch.nn.utils.clip_grad_norm_)"""
    factor = limit / (norm(layers, gradients) + 1e-6)
    if factor < 1.0:
        for gradient in gradients:
            gradient[:] = [g * factor for g in gradient]


def regularize(regularization: Regularization, layers: List[Layer], gradients: Rows) -> None:
    """Penalties first, as part of the gradient; then clipping, first of values, then by norm."""
    if regularization.l1 or regularization.l2:
        first = 0
        for layer in layers:
            for weights, gradient in zip(layer.weights, gradients[first:]):
                add_penalties(regularization.l1, regularization.l2, weights, gradient)
            first += len(layer.weights) + (layer.biases is not None)
        round_rows(layers, gradients)
    if regularization.clip_value is not None:
        for gradient in gradients:
            clip_values(regularization.clip_value, gradient)
        round_rows(layers, gradients)
    if regularization.clip_norm is not None:
        scale_to_norm(regularization.clip_norm, layers, gradients)
        round_rows(layers, gradients)
