"""What people would pick instead of pyref, each doing the same work: same sizes, same batches,
plain gradient descent, rows in their order.

A peer is made from a Work, learns for any number of epochs (`train`), and answers rows
(`answer_all`, `answer_one`).  `rows` is what one epoch trains on.  A peer that is not installed, or
that cannot do a work, raises Unavailable when it is made.

genann and KANN, two small C libraries, are in no package index or distribution.  The table of
targets measures genann where its source is given; KANN is left out.
"""

from array import array

from pyref import SGD, Network, Trainer
from pyref.engine import backend


class Unavailable(Exception):
    """Says why a peer has no figure."""


class OfPyref:
    """pyref's C engine, as `Trainer.train` is used."""

    engine = "c"
    threads = 1
    settings = {}  # of the network: a former pyref knows no precision
    typecode = "d"  # of the arrays that it reads

    def __init__(self, work, optimizer=None, shuffle=False):
        if self.engine == "c" and backend.kernel is None:
            raise Unavailable(backend.kernel_missing)
        self.rows = self.rows_of(work)
        inputs, targets = (array(self.typecode, numbers) for numbers in work.data())
        self.inputs = inputs[: self.rows * work.sizes[0]]
        self.targets = targets[: self.rows * work.sizes[-1]]
        self.network = Network(work.sizes, hidden=work.hidden, output=work.output, **self.settings)
        self.trainer = Trainer(
            self.network,
            loss=work.loss,
            optimizer=optimizer or SGD(work.rate),
            batch_size=work.batch_size,
            shuffle=shuffle,
            backend=self.engine,
            threads=self.threads,
        )
        self.predict = self.network.predictor(backend=self.engine)
        self.row = self.inputs[: work.sizes[0]].tolist()

    def rows_of(self, work):
        return work.rows

    def train(self, epochs):
        self.trainer.train(self.inputs, self.targets, epochs=epochs)

    def answer_all(self):
        return self.predict(self.inputs)

    def answer_one(self):
        return self.predict([self.row])


class OfPyrefTwoThreads(OfPyref):
    threads = 2


class OfPyrefSingle(OfPyref):
    settings = {"precision": "single"}
    typecode = "f"


class OfReference(OfPyref):
    """The Python reference; one batch makes an epoch, because it takes its time."""

    engine = "python"

    def rows_of(self, work):
        return work.batch_size
