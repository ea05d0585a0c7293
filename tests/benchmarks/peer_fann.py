"""FANN, the Fast Artificial Neural Network library in C (Debian: libfann2), through ctypes.

It has no mini-batches: it updates the weights after each row.  Floats of 32 bits, its own fast
approximation of the sigmoid.
"""

import ctypes
import ctypes.util

from peers import Unavailable

SIGMOID_STEPWISE = 4  # what fann.h says
TRAIN_INCREMENTAL = 0

Floats = ctypes.POINTER(ctypes.c_float)


class TrainData(ctypes.Structure):
    """The beginning of struct fann_train_data."""

    _fields_ = [
        ("errno", ctypes.c_int),
        ("error_log", ctypes.c_void_p),
        ("errstr", ctypes.c_char_p),
        ("num_data", ctypes.c_uint),
        ("num_input", ctypes.c_uint),
        ("num_output", ctypes.c_uint),
        ("input", ctypes.POINTER(Floats)),
        ("output", ctypes.POINTER(Floats)),
    ]


def library():
    path = ctypes.util.find_library("fann")
    if path is None:
        raise Unavailable("libfann is not installed (Debian: libfann2 and libfann-dev)")
    fann = ctypes.CDLL(path)
    network, data = ctypes.c_void_p, ctypes.POINTER(TrainData)
    fann.fann_create_standard_array.restype = network
    fann.fann_create_standard_array.argtypes = [ctypes.c_uint, ctypes.POINTER(ctypes.c_uint)]
    fann.fann_create_train.restype = data
    fann.fann_create_train.argtypes = [ctypes.c_uint] * 3
    fann.fann_set_activation_function_hidden.argtypes = [network, ctypes.c_int]
    fann.fann_set_activation_function_output.argtypes = [network, ctypes.c_int]
    fann.fann_set_training_algorithm.argtypes = [network, ctypes.c_int]
    fann.fann_set_learning_rate.argtypes = [network, ctypes.c_float]
    fann.fann_train_epoch.restype = ctypes.c_float
    fann.fann_train_epoch.argtypes = [network, data]
    fann.fann_run.restype = Floats
    fann.fann_run.argtypes = [network, Floats]
    return fann


class OfFann:
    def __init__(self, work, optimizer=None):
        if work.hidden != "sigmoid" or work.output != "sigmoid" or optimizer is not None:
            raise Unavailable("FANN has no such network")
        self.fann = fann = library()
        sizes = work.sizes
        self.network = fann.fann_create_standard_array(
            len(sizes), (ctypes.c_uint * len(sizes))(*sizes)
        )
        fann.fann_set_activation_function_hidden(self.network, SIGMOID_STEPWISE)
        fann.fann_set_activation_function_output(self.network, SIGMOID_STEPWISE)
        fann.fann_set_training_algorithm(self.network, TRAIN_INCREMENTAL)
        fann.fann_set_learning_rate(self.network, work.rate)
        self.rows, self.outputs = work.rows, sizes[-1]
        inputs, targets = work.data()
        self.data = fann.fann_create_train(work.rows, sizes[0], sizes[-1])
        for rows, values, width in (
            (self.data.contents.input, inputs, sizes[0]),
            (self.data.contents.output, targets, sizes[-1]),
        ):
            for place in range(work.rows):
                for column in range(width):
                    rows[place][column] = values[place * width + column]
        self.row = inputs[: sizes[0]].tolist()

    def train(self, epochs):
        for _ in range(epochs):
            self.fann.fann_train_epoch(self.network, self.data)

    def answer_all(self):
        for place in range(self.rows):
            self.fann.fann_run(self.network, self.data.contents.input[place])

    def answer_one(self):
        row = (ctypes.c_float * len(self.row))(*self.row)
        return self.fann.fann_run(self.network, row)[: self.outputs]
