"""The networks that are trained here, and rows for them to learn from: the same for every peer."""

import random
from array import array


class Work:
    """A network and a batch size.

    `hidden` and `output` name activations, `loss` the loss; plain gradient descent at `rate`.
    `rows` is a whole number of batches.
    """

    def __init__(
        self,
        sizes,
        batch_size,
        hidden="sigmoid",
        output="sigmoid",
        loss="mean_squared_error",
        rate=0.1,
    ):
        self.sizes = sizes
        self.batch_size = batch_size
        self.hidden = hidden
        self.output = output
        self.loss = loss
        self.rate = rate
        self.rows = batch_size * max(1, 1280 // batch_size)

    @property
    def name(self):
        return "-".join(map(str, self.sizes))

    @property
    def weights(self):
        return sum(inputs * units for inputs, units in zip(self.sizes, self.sizes[1:]))

    @property
    def flops(self):
        """Multiplications and additions for one training row: forward, the gradients, and back
        through all layers but the first."""
        return 2 * (3 * self.weights - self.sizes[0] * self.sizes[1])

    def data(self):
        """Inputs and targets as flat arrays, each number from 0 to below 1; where softmax answers,
        one class of each row's targets is 1."""
        chance = random.Random(1)
        inputs = array("d", (chance.random() for _ in range(self.rows * self.sizes[0])))
        outputs = self.sizes[-1]
        if self.output == "softmax":
            targets = array("d", bytes(8 * self.rows * outputs))
            for row in range(self.rows):
                targets[row * outputs + chance.randrange(outputs)] = 1.0
        else:
            targets = array("d", (chance.random() for _ in range(self.rows * outputs)))
        return inputs, targets


TRAINING = [
    Work([2, 2, 1], 4),
    Work([4, 8, 3], 16),
    Work([64, 32, 10], 32),
    Work([125, 32, 2], 32),
    Work([784, 30, 10], 10),
    Work([784, 128, 10], 32),
    Work([784, 128, 10], 128),
    Work([784, 512, 512, 10], 32, hidden="relu", output="identity", rate=0.001),
    Work([784, 512, 512, 10], 128, hidden="relu", output="identity", rate=0.001),
]
