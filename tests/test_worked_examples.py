"""Backpropagation worked out by hand in the literature: pyref prints the figures printed there.

Every figure is compared as it was published, rounded to as many decimals.  Where an author went on
with rounded intermediate results the docstring says so.
"""

from pyref import SGD, Network, Trainer


def delta_rule(network, backend, learning_rate, loss="half_squared_error"):
    """A trainer that updates after the whole batch, as all these authors do."""
    return Trainer(
        network,
        loss=loss,
        optimizer=SGD(learning_rate=learning_rate),
        batch_size=None,
        backend=backend,
    )


def printed(rows, decimals):
    return [[round(value, decimals) for value in row] for row in rows]


def mazur():
    """The network of Mazur's article; weights[k][j], so that w2 stands under w1."""
    w1, w2, w3, w4, w5, w6, w7, w8 = 0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55
    return Network(
        [2, 2, 2],
        hidden="sigmoid",
        output="sigmoid",
        initializer=[[[w1, w3], [w2, w4]], [[w5, w7], [w6, w8]]],
        biases=[[0.35, 0.35], [0.60, 0.60]],
    )


MAZUR_INPUTS, MAZUR_TARGETS = [[0.05, 0.10]], [[0.01, 0.99]]


def mazur_steps(network, trainer, epochs=1):
    """Train, and put the biases back each time: in the article they are not updated."""
    def biases_back(*_):
        network.layers[0].biases[:] = [0.35, 0.35]
        network.layers[1].biases[:] = [0.60, 0.60]

    trainer.train(MAZUR_INPUTS, MAZUR_TARGETS, epochs, callback=biases_back)


def test_mazur_forward(backend):
    """M. Mazur, "A Step by Step Backpropagation Example" (2015), the forward pass.

    https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/

        net_h1 = w1·i1 + w2·i2 + b1 = 0.15·0.05 + 0.2·0.1 + 0.35 = 0.3775
        out_h1 = 1/(1 + e^−0.3775) = 0.593269992               out_h2 = 0.596884378
        net_o1 = w5·out_h1 + w6·out_h2 + b2 = 1.105905967
        out_o1 = 1/(1 + e^−1.105905967) = 0.75136507           out_o2 = 0.772928465
        E = ½(0.01 − 0.75136507)² + ½(0.99 − 0.772928465)² = 0.274811083 + 0.023560026
          = 0.298371109
    """
    network = mazur()
    hidden = Network(
        [2, 2], output="sigmoid", initializer=[network.layers[0].weights], biases=[[0.35, 0.35]]
    )
    assert printed(hidden.predict(MAZUR_INPUTS), 9) == [[0.593269992, 0.596884378]]
    outputs = network.predict(MAZUR_INPUTS)
    assert round(outputs[0][0], 8) == 0.75136507
    assert round(outputs[0][1], 9) == 0.772928465
    evaluation = network.evaluate(MAZUR_INPUTS, MAZUR_TARGETS, loss="half_squared_error")
    assert round(evaluation.loss, 9) == 0.298371109
    history = delta_rule(network, backend, 0.5).train(MAZUR_INPUTS, MAZUR_TARGETS, epochs=1)
    assert round(history.loss[0], 9) == 0.298371109


def test_mazur_one_update(backend):
    """The backward pass of the same article, learning rate 0.5.

    For w5, a product of three slopes:

        ∂E/∂out_o1       = out_o1 − target         = 0.74136507
        ∂out_o1/∂net_o1  = out_o1·(1 − out_o1)     = 0.186815602
        ∂net_o1/∂w5      = out_h1                  = 0.593269992
        ∂E/∂w5           = the product             = 0.082167041
        w5+ = 0.4 − 0.5·0.082167041 = 0.35891648

    For w1, through both outputs, with w5 and w7 as they were before the update:

        ∂E/∂out_h1       = 0.138498562·0.40 − 0.019049119 = 0.036350306
        ∂out_h1/∂net_h1  = 0.241300709             ∂net_h1/∂w1 = 0.05
        w1+ = 0.15 − 0.5·0.000438568 = 0.149780716

    The loss afterwards is 0.291027774.  The article prints 0.291027924: that is what its author's
    program gives, which computes the hidden layer from output weights it has updated already, other
    than the article says (it moves w1 to 0.149817639).  To six decimals the two agree.
    """
    network = mazur()
    trainer = delta_rule(network, backend, 0.5)
    mazur_steps(network, trainer)
    (w1, w3), (w2, w4) = network.layers[0].weights
    (w5, w7), (w6, w8) = network.layers[1].weights
    assert round(w5, 8) == 0.35891648
    assert printed([[w6, w7, w8]], 9) == [[0.408666186, 0.511301270, 0.561370121]]
    assert round(w1, 9) == 0.149780716
    assert printed([[w2, w3, w4]], 8) == [[0.19956143, 0.24975114, 0.29950229]]
    loss = network.evaluate(MAZUR_INPUTS, MAZUR_TARGETS, loss="half_squared_error").loss
    assert round(loss, 6) == round(0.291027924, 6)


def test_mazur_ten_thousand_updates(backend):
    """After 10,000 rounds the article has a loss of 0.0000351085: that of the 10,000th round.

    (A later edition prints 0.000035085, from the program of the test above.)
    """
    network = mazur()
    trainer = delta_rule(network, backend, 0.5)
    mazur_steps(network, trainer, epochs=10000)
    assert round(trainer.history.loss[-1], 10) == 0.0000351085


def test_han_kamber_pei(backend):
    """J. Han, M. Kamber, J. Pei, Data Mining: Concepts and Techniques, 3rd edition, 9.2.3.

    "Sample calculations for learning by the backpropagation algorithm", tables 9.1 to 9.4.  Inputs
    are units 1 to 3, hidden units 4 and 5, the output unit 6; x = (1, 0, 1), target 1, learning
    rate 0.9.  The book calls a bias θ and computes with three decimals:

        unit 4: 0.2 + 0 − 0.5 − 0.4 = −0.7                     output 1/(1 + e^0.7) = 0.332
        unit 5: −0.3 + 0 + 0.2 + 0.2 = 0.1                     output 1/(1 + e^−0.1) = 0.525
        unit 6: −0.3·0.332 − 0.2·0.525 + 0.1 = −0.105          output 1/(1 + e^0.105) = 0.474

        Err6 = 0.474·(1 − 0.474)·(1 − 0.474) = 0.1311
        Err5 = 0.525·(1 − 0.525)·0.1311·(−0.2) = −0.0065
        Err4 = 0.332·(1 − 0.332)·0.1311·(−0.3) = −0.0087

        w46 = −0.3 + 0.9·0.1311·0.332 = −0.261       w56 = −0.2 + 0.9·0.1311·0.525 = −0.138
        w14 = 0.2 + 0.9·(−0.0087)·1 = 0.192          w15 = −0.3 + 0.9·(−0.0065)·1 = −0.306
        w24 = 0.4 + 0.9·(−0.0087)·0 = 0.4            w25 = 0.1 + 0.9·(−0.0065)·0 = 0.1
        w34 = −0.5 + 0.9·(−0.0087)·1 = −0.508        w35 = 0.2 + 0.9·(−0.0065)·1 = 0.194
        θ6 = 0.1 + 0.9·0.1311 = 0.218   θ5 = 0.2 + 0.9·(−0.0065) = 0.194
        θ4 = −0.4 + 0.9·(−0.0087) = −0.408

    A bias moves by 0.9 times its unit's error, so the moves tell the errors.  With all digits Err6
    is 0.13117: the book's 0.1311 comes from the rounded 0.474, hence one unit of tolerance.
    """
    network = Network(
        [3, 2, 1],
        hidden="sigmoid",
        output="sigmoid",
        initializer=[[[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]], [[-0.3], [-0.2]]],
        biases=[[-0.4, 0.2], [0.1]],
    )
    hidden = Network(
        [3, 2], output="sigmoid", initializer=[network.layers[0].weights], biases=[[-0.4, 0.2]]
    )
    assert printed(hidden.predict([[1, 0, 1]]), 3) == [[0.332, 0.525]]
    assert printed(network.predict([[1, 0, 1]]), 3) == [[0.474]]
    delta_rule(network, backend, 0.9).train([[1, 0, 1]], [[1]], epochs=1)
    first, second = network.layers
    assert printed(second.weights, 3) == [[-0.261], [-0.138]]
    assert printed(first.weights, 3) == [[0.192, -0.306], [0.4, 0.1], [-0.508, 0.194]]
    assert printed([first.biases, second.biases], 3) == [[-0.408, 0.194], [0.218]]
    moves = [first.biases[0] + 0.4, first.biases[1] - 0.2, second.biases[0] - 0.1]
    for move, error in zip(moves, (-0.0087, -0.0065, 0.1311)):
        assert abs(move / 0.9 - error) < 0.0001


def test_schiendorfer_batch_of_two(backend):
    """A. Schiendorfer, "A worked example of backpropagation" (2020): two examples in one batch.

    https://alexander-schiendorfer.github.io/2020/02/24/a-worked-example-of-backprop.html
    with eight decimals as in the program that github.com/itoybox/gxnet checks against it.

    No biases.  Rows (3, 1) → (1, 0) and (−1, 4) → (0, 1).  For the first row:

        h1 = sigmoid(6·3 − 2·1) = 0.99999989       y1 = sigmoid(1·h1 + 0.25·h2) = 0.73194171
        h2 = sigmoid(−3·3 + 5·1) = 0.01798621      y2 = sigmoid(−2·h1 + 2·h2) = 0.12303186
        loss (1 − 0.73194171)² + (0 − 0.12303186)² = 0.08699208

    There is no ½ in this loss, so its gradient is twice that of half_squared_error; its learning
    rate of 0.5 is 1.0 here.  The batch's gradient for the weight from h1 to y1 is the sum over the
    rows, −1.051877e−01 + 2.301185e−07 = −0.1051875, which moves the weight to
    1 + 0.5·0.1051875 = 1.05259373.
    """
    rows, targets = [[3, 1], [-1, 4]], [[1, 0], [0, 1]]
    network = Network(
        [2, 2, 2],
        hidden="sigmoid",
        output="sigmoid",
        initializer=[[[6, -3], [-2, 5]], [[1, -2], [0.25, 2]]],
        biases=False,
    )
    loss = network.evaluate(rows[:1], targets[:1], loss="half_squared_error").loss
    assert round(2.0 * loss, 8) == 0.08699208
    delta_rule(network, backend, 1.0).train(rows, targets, epochs=1)
    assert printed(network.layers[0].weights, 8) == [
        [6.00000016, -3.00071007], [-2.00000053, 4.99976331]
    ]
    assert printed(network.layers[1].weights, 8) == [
        [1.05259373, -2.01327451], [0.11257513, 2.01227682]
    ]
    assert printed(network.predict(rows[:1]), 8) == [[0.74165987, 0.12162137]]


def test_schiendorfer_with_the_mean(backend):
    """The same example, its loss read as a mean over 2 rows × 2 outputs: learning rate 0.5·4."""
    network = Network(
        [2, 2, 2],
        hidden="sigmoid",
        output="sigmoid",
        initializer=[[[6, -3], [-2, 5]], [[1, -2], [0.25, 2]]],
        biases=False,
    )
    trainer = delta_rule(network, backend, 2.0, loss="mean_squared_error")
    trainer.train([[3, 1], [-1, 4]], [[1, 0], [0, 1]], epochs=1)
    assert printed(network.layers[0].weights + network.layers[1].weights, 8) == [
        [6.00000016, -3.00071007], [-2.00000053, 4.99976331],
        [1.05259373, -2.01327451], [0.11257513, 2.01227682],
    ]
