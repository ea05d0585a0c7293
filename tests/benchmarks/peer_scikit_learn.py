"""scikit-learn as a peer."""

import warnings

import pyref

from peers import Unavailable


class OfScikitLearn:
    """scikit-learn, in float32, which it keeps; shuffling, penalty and stopping switched off.

    It has no squared error of sigmoid outputs: there it computes binary cross-entropy, which is
    as much work.
    """

    def __init__(self, work, optimizer=None):
        try:
            import numpy
            from sklearn.neural_network import MLPClassifier, MLPRegressor
        except ImportError as error:
            raise Unavailable(str(error)) from None
        if optimizer is not None and not isinstance(optimizer, pyref.Adam):
            raise Unavailable("it has SGD and Adam only")
        self.rows = work.rows
        inputs, targets = work.data()
        self.inputs = numpy.array(inputs, "float32").reshape(work.rows, -1)
        self.targets = numpy.array(targets).reshape(work.rows, -1)
        self.row = inputs[: work.sizes[0]].tolist()
        kind = MLPRegressor
        if work.output == "sigmoid":
            kind, self.targets = MLPClassifier, (self.targets > 0.5).astype(int)
        elif work.output == "softmax":
            kind, self.targets = MLPClassifier, self.targets.argmax(axis=1)
        else:
            self.targets = self.targets.astype("float32")
        if self.targets.ndim == 2 and self.targets.shape[1] == 1:
            self.targets = self.targets[:, 0]
        self.model = kind(
            hidden_layer_sizes=work.sizes[1:-1],
            activation={"sigmoid": "logistic"}.get(work.hidden, work.hidden),
            solver="sgd" if optimizer is None else "adam",
            alpha=0.0,
            batch_size=work.batch_size,
            learning_rate_init=work.rate,
            shuffle=False,
            momentum=0.0,
            nesterovs_momentum=False,
            tol=0.0,
            n_iter_no_change=10**9,
            random_state=1,
        )

    def train(self, epochs):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it did not converge
            self.model.set_params(max_iter=epochs).fit(self.inputs, self.targets)

    def answer_all(self):
        return self.model.predict(self.inputs)

    def answer_one(self):
        return self.model.predict([self.row])
