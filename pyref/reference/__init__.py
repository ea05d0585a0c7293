"""The specification of pyref: lists of floats, loops, and Python's standard library.

Read the files in this order.  Each adds one idea to those before it, and begins by saying which;
what it takes from a later one is said where it stands.

The neuron, and networks of neurons: neuron, activations, losses, layer, network.

Training them: batch, parameters, training, run, divergence.

What may be chosen: gradient_descent, schedules, stopping, regularization, initializers.

Learning from all rows at once: full_batch, line_search, lbfgs, search, optimizers.

And the whole: labels, guard.

What all of it stands on: precision, settings, elementary, generator.

What textbooks call by other names (Nielsen's; Goodfellow, Bengio and Courville's):

    x              what a layer reads               x, a^(l−1); x, h^(l−1)
    weights[k][j]  from input k to unit j           w^l_jk, j first; W in Wᵀx
    biases[j]      of unit j                        b^l_j; b, c
    z              its weighted sum, with the bias  z^l; a, z in chapter 6.2
    activation     how it makes y of z              σ; g, σ
    y              what it makes of that            a^l, a^L; h, ŷ
    t              what an output should be         y; y
    loss           how wrong outputs are            C_x, C; L, J
    deltas         the loss's slopes by z           δ^l, δ^L; ∇_a J
    gradients      its slopes by the parameters     ∂C/∂w, ∇C; ∇_θ J, g
    parameters     all weights and biases in order  all w and b; θ
    rate           how far a step goes              η; ε
    momentum       how much of the last step stays  μ; α
    velocity       that step, before the rate       −v/η; −v/ε
    batch_size     how many rows a step is from     m; m
    l2             ½·l2·Σw² is added to the loss    λ/n; α
"""
