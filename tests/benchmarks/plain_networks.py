"""Networks in plain Python as people have written them to be read, each in its own style.

All have sigmoid units and squared errors, and learn row by row with plain gradient descent.
"""

import math
import random


def sigmoid(z):
    return 1.0 / (1.0 + math.exp(-z))


class Neurons:
    """Objects all the way down: a network of layers of neurons, each with its weights, output and
    delta (the style of many tutorials on backpropagation from scratch)."""

    def __init__(self, sizes):
        chance = random.Random(1)
        self.layers = [
            [
                {"weights": [chance.uniform(-0.1, 0.1) for _ in range(inputs)], "bias": 0.0}
                for _ in range(units)
            ]
            for inputs, units in zip(sizes, sizes[1:])
        ]

    def forward(self, row):
        for layer in self.layers:
            outputs = []
            for neuron in layer:
                activation = neuron["bias"]
                for weight, value in zip(neuron["weights"], row):
                    activation += weight * value
                neuron["output"] = sigmoid(activation)
                outputs.append(neuron["output"])
            row = outputs
        return row

    def train(self, row, target, rate):
        self.forward(row)
        for place in reversed(range(len(self.layers))):
            for j, neuron in enumerate(self.layers[place]):
                if place == len(self.layers) - 1:
                    error = neuron["output"] - target[j]
                else:
                    error = 0.0
                    for above in self.layers[place + 1]:
                        error += above["weights"][j] * above["delta"]
                neuron["delta"] = error * neuron["output"] * (1.0 - neuron["output"])
        for layer in self.layers:
            for neuron in layer:
                step = rate * neuron["delta"]
                for k in range(len(row)):
                    neuron["weights"][k] -= step * row[k]
                neuron["bias"] -= step
            row = [neuron["output"] for neuron in layer]


class Matrices:
    """Lists of lists as matrices, a row of weights for each unit, sums over comprehensions (the
    style of Nielsen's "Neural Networks and Deep Learning", with lists in place of arrays)."""

    def __init__(self, sizes):
        chance = random.Random(1)
        pairs = list(zip(sizes, sizes[1:]))
        self.weights = [
            [[chance.gauss(0.0, 0.1) for _ in range(inputs)] for _ in range(units)]
            for inputs, units in pairs
        ]
        self.biases = [[0.0] * units for _, units in pairs]

    def forward(self, row):
        activations = [row]
        for weights, biases in zip(self.weights, self.biases):
            row = [
                sigmoid(sum([w * x for w, x in zip(of_unit, row)]) + bias)
                for of_unit, bias in zip(weights, biases)
            ]
            activations.append(row)
        return activations

    def train(self, row, target, rate):
        activations = self.forward(row)
        delta = [(a - t) * a * (1.0 - a) for a, t in zip(activations[-1], target)]
        for place in reversed(range(len(self.weights))):
            weights, below = self.weights[place], activations[place]
            if place > 0:
                errors = [sum([w * d for w, d in zip(column, delta)]) for column in zip(*weights)]
                next_delta = [e * a * (1.0 - a) for e, a in zip(errors, below)]
            steps = [rate * d for d in delta]
            self.weights[place] = [
                [w - step * x for w, x in zip(of_unit, below)]
                for of_unit, step in zip(weights, steps)
            ]
            self.biases[place] = [b - step for b, step in zip(self.biases[place], steps)]
            if place > 0:
                delta = next_delta


class Value:
    """A number that remembers how it came about, so that derivatives flow back to it (the style of
    micrograd)."""

    def __init__(self, data, parents=(), slopes=()):
        self.data = data
        self.gradient = 0.0
        self.parents = parents
        self.slopes = slopes

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def sigmoid(self):
        y = sigmoid(self.data)
        return Value(y, (self,), (y * (1.0 - y),))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            value, is_done = stack.pop()
            if is_done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack.extend((parent, False) for parent in value.parents)
        self.gradient = 1.0
        for value in reversed(order):
            for parent, slope in zip(value.parents, value.slopes):
                parent.gradient += slope * value.gradient


class Scalars:
    """A network of such values."""

    def __init__(self, sizes):
        chance = random.Random(1)
        self.layers = [
            [
                ([Value(chance.uniform(-0.1, 0.1)) for _ in range(inputs)], Value(0.0))
                for _ in range(units)
            ]
            for inputs, units in zip(sizes, sizes[1:])
        ]

    def train(self, row, target, rate):
        outputs = row
        for layer in self.layers:
            below, outputs = outputs, []
            for weights, bias in layer:
                total = bias
                for weight, value in zip(weights, below):
                    total = total + weight * value
                outputs.append(total.sigmoid())
        loss = Value(0.0)
        for output, wanted in zip(outputs, target):
            difference = output + -wanted
            loss = loss + difference * difference * 0.5
        loss.backward()
        for layer in self.layers:
            for weights, bias in layer:
                for value in [*weights, bias]:
                    value.data -= rate * value.gradient
                    value.gradient = 0.0


STYLES = {"neurons": Neurons, "matrices": Matrices, "scalar graph": Scalars}
