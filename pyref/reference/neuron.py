"""Where it began: a single neuron, in three steps from 1943 to the one used today.

A neuron takes some numbers, its *inputs*.  Each input has a *weight*, a number that says how much
the input counts and in which direction.  The neuron multiplies each input by its weight and adds
the products up; the sum is called the *pre-activation*.  What it then makes of the sum is its
*output*, or *activation*:

1. `McCullochPittsUnit` (1943) fires, which means that its output is 1, when the sum reaches a
   threshold.  Somebody has to choose the weights: it computes, but it does not learn.
2. `Perceptron` (1958) fires in the same way and learns: it corrects its weights after each mistake.
   All that it knows of a mistake is the direction.
3. `SigmoidNeuron` answers with any number between 0 and 1.  Now a small change of a weight makes a
   small change of the output, so the neuron can tell in which direction *and how far* each weight
   ought to move.  Everything in the files after this one grows out of that.

The file needs nothing but the function `sigmoid`, whose curve `SigmoidNeuron` describes (how it is
computed stands in the last chapter, in elementary.py, and can wait).  It keeps to one neuron:
layers, other activations and other ways of learning come in the files after it, which start
afresh.  They add numbers up in the same order, though, so a `SigmoidNeuron` and a network of one
neuron agree to the last bit.
"""

from typing import List, Sequence

from .elementary import sigmoid  # 1/(1 + e^−z)


def weighted_sum(inputs: Sequence[float], weights: List[float], start: float = 0.0) -> float:
    """start + inputs[0]·weights[0] + inputs[1]·weights[1] + …, added in this order.

    The order is part of the result: every addition is rounded, and in another order the sum may
    round to another number.  ValueError unless there are as many inputs as weights.

    >>> weighted_sum([1, 0, 1], [0.5, 3.0, -0.25])
    0.25
    """
    if len(inputs) != len(weights):
        raise ValueError(
            f"this neuron has {len(weights)} weights and takes as many inputs, not {len(inputs)}"
        )
    total = start
    for value, weight in zip(inputs, weights):
        total += value * weight
    return total


class McCullochPittsUnit:
    """A unit that fires (1) when its weighted sum reaches the threshold, and is silent (0) below.

    The inputs are 0 or 1.  This threshold takes two active inputs, so the unit is an AND:

    >>> both = McCullochPittsUnit(weights=[1, 1], threshold=2)
    >>> [both.output(inputs) for inputs in ([0, 0], [0, 1], [1, 0], [1, 1])]
    [0, 0, 0, 1]

    A negative weight inhibits.  This unit fires unless its input does, so it is a NOT:

    >>> inverter = McCullochPittsUnit(weights=[-1], threshold=0)
    >>> [inverter.output([0]), inverter.output([1])]
    [1, 0]

    Source: W. S. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous
    activity", Bulletin of Mathematical Biophysics 5 (1943).  In their paper all excitatory inputs
    count alike and one inhibitory input silences the unit, whatever the others do; the form with
    weights is the one taught today.
    """

    def __init__(self, weights: Sequence[float], threshold: float) -> None:
        self.weights = list(weights)
        self.threshold = threshold

    def output(self, inputs: Sequence[float]) -> int:
        """1 if the weighted sum of the inputs is at least the threshold, else 0."""
        return 1 if weighted_sum(inputs, self.weights) >= self.threshold else 0


class Perceptron:
    """A unit that fires when bias + weighted sum ≥ 0, and learns weights and bias from examples.

    The *bias* is the threshold on the other side of the sign: sum ≥ threshold means the same as
    −threshold + sum ≥ 0, and a bias of −threshold is learned as a weight is.  All start at 0.0.
    Here a perceptron learns OR; `train` returns how many mistakes it made in each epoch:

    >>> perceptron = Perceptron(inputs=2)
    >>> perceptron.train([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1], epochs=10)
    [2, 2, 1, 0]
    >>> perceptron.weights, perceptron.bias
    ([1.0, 1.0], -1.0)

    Source: F. Rosenblatt, "The perceptron: a probabilistic model for information storage and
    organization in the brain", Psychological Review 65 (1958).
    """

    def __init__(self, inputs: int) -> None:
        """A perceptron with this number of inputs."""
        self.weights = [0.0] * inputs
        self.bias = 0.0

    def output(self, inputs: Sequence[float]) -> int:
        """1 if bias + weighted sum of the inputs is at least 0, else 0."""
        return 1 if weighted_sum(inputs, self.weights, start=self.bias) >= 0.0 else 0

    def learn(self, inputs: Sequence[float], target: int) -> int:
        """Answer one example, learn from the answer, and return the error: target − output.

        target is 0 or 1.  After a right answer the error is 0 and nothing moves.  It is +1 if the
        unit should have fired: each weight grows by its input and the bias by 1, so that the sum
        will be larger the next time.  It is −1 if the unit should have been silent: they shrink.
        """
        error = target - self.output(inputs)
        for k, value in enumerate(inputs):
            self.weights[k] += error * value
        self.bias += error
        return error

    def train(
        self, rows: Sequence[Sequence[float]], targets: Sequence[int], epochs: int
    ) -> List[int]:
        """Go through the examples in order, again and again; return the mistakes of each epoch.

        One round through all examples is an *epoch*.  Training ends after an epoch without a
        mistake, or after this number of epochs.  If any weights and bias answer every example
        rightly, the mistakes come to an end (A. B. J. Novikoff, "On convergence proofs on
        perceptrons", 1962).  If none do, as for XOR, they never end.
        """
        mistakes = []
        for _ in range(epochs):
            errors = [self.learn(inputs, target) for inputs, target in zip(rows, targets)]
            mistakes.append(len(errors) - errors.count(0))
            if mistakes[-1] == 0:
                break
        return mistakes


class SigmoidNeuron:
    """A neuron whose output is sigmoid(weighted sum), a number between 0 and 1.

    The sigmoid of the sum z, 1/(1 + e^−z), is a threshold with a soft step: near 0 for a very
    negative sum, near 1 for a very positive one, 0.5 for a sum of 0.  There is no bias here, but an
    input that is always 1 does the same work, its weight being the bias.  In these examples the
    third input is of that kind, and the target is the first input, which the neuron finds out:

    >>> rows, targets = [[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]], [0, 1, 1, 0]
    >>> neuron = SigmoidNeuron(weights=[0.0, 0.0, 0.0])
    >>> neuron.output([1, 0, 0])
    0.5
    >>> neuron.train(rows, targets, iterations=1000)
    >>> print(f"{neuron.output([1, 0, 0]):.3f}")
    0.999

    Source: the rule of B. Widrow and M. E. Hoff, "Adaptive switching circuits" (1960), carried from
    the plain sum to the sigmoid, as in D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning
    representations by back-propagating errors", Nature 323 (1986).
    """

    def __init__(self, weights: Sequence[float]) -> None:
        """A neuron that starts with these weights, one for each input."""
        self.weights = [float(weight) for weight in weights]

    def output(self, inputs: Sequence[float]) -> float:
        """sigmoid(weighted sum of the inputs)."""
        return sigmoid(weighted_sum(inputs, self.weights))

    def train(
        self,
        rows: Sequence[Sequence[float]],
        targets: Sequence[float],
        iterations: int,
        learning_rate: float = 1.0,
    ) -> None:
        """Improve the weights by the delta rule this number of times, using all rows each time.

        (An iteration is an epoch that ends with one step, where a Perceptron takes one a row.)

        How wrong an answer is, the *loss* measures: ½·(output − target)².  If a weight moves a
        little, how does the loss move?  That is a product of three slopes (the chain rule):

            the loss's, as the output moves:   output − target
            the output's, as the sum moves:    output·(1 − output), the derivative of sigmoid
            the sum's, as the weight moves:    the input that belongs to this weight

        The first two together are the row's *delta*.  Delta times input, added up over the rows,
        is the slope of the whole loss along this weight: its *gradient*.  The loss shrinks against
        the slope, so the weight moves by −learning_rate · gradient.  (In matrices, with outputs o
        and targets t: w += learning_rate · Xᵀ((t − o)·o·(1 − o)); the minus sits in t − o.)
        """
        for _ in range(iterations):
            gradients = [0.0] * len(self.weights)
            for inputs, target in zip(rows, targets):
                output = self.output(inputs)
                delta = (output - target) * (output * (1.0 - output))
                for k, value in enumerate(inputs):
                    gradients[k] += value * delta
            for k, gradient in enumerate(gradients):
                self.weights[k] -= learning_rate * gradient
