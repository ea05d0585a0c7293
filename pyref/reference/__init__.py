"""The specification of pyref: lists of floats, loops, and Python's standard library.

Read the files in this order; each adds one idea to those before it.

The neuron, and networks of them: neuron, activations, losses, layer, network.

Training: batch, parameters, run, divergence, training.

What a training may be told: gradient_descent, full_batch, line_search, lbfgs, search, optimizers,
schedules, stopping, regularization, initializers, labels, guard.

What all of it stands on: settings, elementary, generator.
"""
