"""The specification of pyref: lists of floats, loops, and Python's standard library.

Read the files in this order.  Each adds one idea to those before it, and begins by saying which;
what it takes from a later one is said where it stands.

The neuron, and networks of neurons: neuron, activations, losses, layer, network.

Training them: batch, parameters, training, run, divergence.

What may be chosen: gradient_descent, schedules, stopping, regularization, initializers.

Learning from all rows at once: full_batch, line_search, lbfgs, search, optimizers.

And the whole: labels, guard.

What all of it stands on: precision, settings, elementary, generator.
"""
