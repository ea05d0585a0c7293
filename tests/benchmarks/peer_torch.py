"""PyTorch as a peer."""

import pyref
from pyref import SGD

from peers import Unavailable


class OfTorch:
    """PyTorch in one thread: tensors and batches made beforehand, no data loader.

    The fused optimizers are the fastest that it has.  torch.compile is left out: on a small
    network it costs more for each batch than it saves (2-2-1: 205 µs a row instead of 100).
    """

    dtype = "float32"

    def __init__(self, work, optimizer=None):
        try:
            import torch
        except ImportError as error:
            raise Unavailable(str(error)) from None
        torch.set_num_threads(1)
        self.torch = torch
        dtype = getattr(torch, self.dtype)
        torch.manual_seed(1)
        self.rows = work.rows
        inputs, targets = work.data()
        self.inputs = torch.tensor(inputs, dtype=dtype).reshape(work.rows, -1)
        self.targets = torch.tensor(targets, dtype=dtype).reshape(work.rows, -1)
        self.row = inputs[: work.sizes[0]].tolist()
        activations = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}
        modules = []
        for inputs, units in zip(work.sizes, work.sizes[1:]):
            modules += [torch.nn.Linear(inputs, units), activations[work.hidden]()]
        modules.pop()
        self.loss = torch.nn.MSELoss()
        if work.output == "sigmoid":
            modules.append(torch.nn.Sigmoid())
        elif work.output == "softmax":
            self.loss = torch.nn.CrossEntropyLoss()
        self.model = torch.nn.Sequential(*modules).to(dtype)
        self.optimizer = self.optimizer_for(optimizer or SGD(work.rate))
        self.batches = list(
            zip(self.inputs.split(work.batch_size), self.targets.split(work.batch_size))
        )

    def optimizer_for(self, wanted):
        optim, parameters = self.torch.optim, self.model.parameters()
        if isinstance(wanted, pyref.Adam):
            return optim.Adam(parameters, lr=wanted.learning_rate, fused=True)
        if isinstance(wanted, pyref.Rprop):
            return optim.Rprop(parameters, lr=wanted.learning_rate, foreach=True)
        return optim.SGD(parameters, lr=wanted.learning_rate, fused=True)

    def train(self, epochs):
        model, loss, optimizer = self.model, self.loss, self.optimizer
        for _ in range(epochs):
            for inputs, targets in self.batches:
                optimizer.zero_grad()
                loss(model(inputs), targets).backward()
                optimizer.step()

    def answer_all(self):
        with self.torch.inference_mode():
            return self.model(self.inputs)

    def answer_one(self):
        with self.torch.inference_mode():
            row = self.torch.tensor([self.row], dtype=self.inputs.dtype)
            return self.model(row).tolist()


class OfTorchFloat64(OfTorch):
    dtype = "float64"
