"""NumPy as a peer: a network written by hand."""

from peers import Unavailable


class OfNumpy:
    """A network by hand, as tutorials write it with NumPy, and no faster way left out that a
    reader would still call clear."""

    dtype = "float64"

    def __init__(self, work, optimizer=None):
        try:
            import numpy
        except ImportError as error:
            raise Unavailable(str(error)) from None
        if optimizer is not None or work.output == "softmax":
            raise Unavailable("by hand it is plain SGD with squared errors")
        self.numpy = numpy
        self.rows, self.batch_size, self.rate = work.rows, work.batch_size, work.rate
        inputs, targets = work.data()
        self.row = inputs[: work.sizes[0]].tolist()
        self.inputs = numpy.array(inputs, self.dtype).reshape(work.rows, -1)
        self.targets = numpy.array(targets, self.dtype).reshape(work.rows, -1)
        chance = numpy.random.default_rng(1)
        pairs = list(zip(work.sizes, work.sizes[1:]))
        self.weights = [chance.normal(0.0, i**-0.5, (i, j)).astype(self.dtype) for i, j in pairs]
        self.biases = [numpy.zeros(j, self.dtype) for _, j in pairs]
        self.names = [work.hidden] * (len(pairs) - 1) + [work.output]

    def activation(self, name, z):
        if name == "sigmoid":
            return 1.0 / (1.0 + self.numpy.exp(-z))
        return self.numpy.maximum(z, 0.0) if name == "relu" else z

    def slope(self, name, y):
        return y * (1.0 - y) if name == "sigmoid" else y > 0.0

    def forward(self, x):
        outputs = [x]
        for weights, biases, name in zip(self.weights, self.biases, self.names):
            outputs.append(self.activation(name, outputs[-1] @ weights + biases))
        return outputs

    def step(self, x, t):
        outputs = self.forward(x)
        deltas = (outputs[-1] - t) * (2.0 / t.size)
        if self.names[-1] != "identity":
            deltas *= self.slope(self.names[-1], outputs[-1])
        for place in range(len(self.weights) - 1, -1, -1):
            below = outputs[place]
            gradient = below.T @ deltas
            bias_gradient = deltas.sum(axis=0)
            if place > 0:
                deltas = deltas @ self.weights[place].T
                deltas *= self.slope(self.names[place - 1], below)
            self.weights[place] -= self.rate * gradient
            self.biases[place] -= self.rate * bias_gradient

    def train(self, epochs):
        size = self.batch_size
        for _ in range(epochs):
            for first in range(0, self.rows, size):
                batch = slice(first, first + size)
                self.step(self.inputs[batch], self.targets[batch])

    def answer_all(self):
        return self.forward(self.inputs)[-1]

    def answer_one(self):
        return self.forward(self.numpy.array([self.row], self.dtype))[-1].tolist()


class OfNumpyFloat32(OfNumpy):
    dtype = "float32"
