"""Write the loop that trains, and get pyref's own digest.

The file has `gradients`, which gives the slopes of the loss of a batch by all parameters.  What is
missing is the loop around it.  Write `train(layers, inputs, targets, epochs, batch_size, rate,
stream)`:

In each epoch, the rows are drawn in a new order, stream.shuffled(number of rows), and cut into
batches of batch_size; the last batch has what is left.  After each batch, every parameter moves by
−rate times its slope: parameters(layers) has lists, in the same order as the slopes, and whoever
changes them changes the layers.

Five rows in batches of two are trained for 1, 2 and 50 epochs; after each of these all parameters
must be those of a `Trainer`, to the last bit.
"""

from typing import List

from pyref.exercises.comparing import same
from pyref.exercises.work import Work
from pyref.reference.generator import Stream
from pyref.reference.initializers import glorot_uniform, new_layers
from pyref.reference.layer import Layer
from pyref.reference.parameters import parameters

CHAPTER = "training"

GIVEN = '''\
from pyref.reference.losses import output_deltas
from pyref.reference.network import backward, forward
from pyref.reference.parameters import parameters


def gradients(layers, inputs, targets, batch):
    """The slopes of the batch's loss; batch has the numbers of its rows."""
    passed = forward(layers, [inputs[row] for row in batch])
    deltas = []
    for z, y, row in zip(passed.z[-1], passed.y[-1], batch):
        deltas.append(output_deltas("binary_cross_entropy", "sigmoid", z, y, targets[row],
                                    weight=1.0, divisor=float(len(batch))))
    return backward(layers, passed, deltas)
'''

START = GIVEN + '''

def train(layers, inputs, targets, epochs, batch_size, rate, stream):
    for epoch in range(epochs):
        slopes = gradients(layers, inputs, targets, list(range(len(inputs))))
'''

HINTS = (
    "for first in range(0, len(order), batch_size): the batch is order[first : first + "
    "batch_size].  A slice may be shorter at the end.",
    "for values, of_list in zip(parameters(layers), slopes): for place, slope in "
    "enumerate(of_list): values[place] -= rate * slope.",
    "The README has such a loop, under In twenty lines.",
)

SOLUTION = GIVEN + '''

def train(layers, inputs, targets, epochs, batch_size, rate, stream):
    for epoch in range(epochs):
        order = stream.shuffled(len(inputs))
        for first in range(0, len(order), batch_size):
            slopes = gradients(layers, inputs, targets, order[first : first + batch_size])
            for values, of_list in zip(parameters(layers), slopes):
                for place, slope in enumerate(of_list):
                    values[place] -= rate * slope
'''

INPUTS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.5]]
TARGETS = [[0.0], [1.0], [1.0], [0.0], [0.0]]
RATE = 0.5


def start(stream: Stream) -> List[Layer]:
    initializers = [glorot_uniform(2, 4), glorot_uniform(4, 1)]
    return new_layers([2, 4, 1], ["tanh", "sigmoid"], list(initializers), True, stream)


def by_trainer(epochs: int) -> List[List[float]]:
    from pyref import SGD, Network, Trainer

    network = Network([2, 4, 1], hidden="tanh", output="sigmoid", seed=1)
    trainer = Trainer(network, optimizer=SGD(learning_rate=RATE), batch_size=2)
    trainer.train(INPUTS, TARGETS, epochs=epochs)
    return parameters(list(network.layers))


def check(work: Work) -> str:
    train = work.function("train", "it is to be the function that the task describes")
    digest = ""
    for epochs in (1, 2, 50):
        stream = Stream(1)
        layers = start(stream)
        train(layers, [list(row) for row in INPUTS], [list(row) for row in TARGETS], epochs, 2,
              RATE, stream)
        after = "after 1 epoch" if epochs == 1 else f"after {epochs} epochs"
        same(f"{after}: parameters", by_trainer(epochs), parameters(layers))
        digest = digest_of(layers)
    return f"after 50 epochs all parameters are those of a Trainer, SHA-256 {digest[:16]}…"


def digest_of(layers: List[Layer]) -> str:
    from hashlib import sha256
    from struct import pack

    numbers = [value for values in parameters(layers) for value in values]
    return sha256(pack(f">{len(numbers)}d", *numbers)).hexdigest()
