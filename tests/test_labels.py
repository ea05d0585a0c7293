"""Labels: several yes-or-no questions about a row, in the library and on the command line."""

import csv
import io
import re
from array import array
from pathlib import Path

import pytest

import pyref
from conftest import require_kernel
from pyref import SGD, Network, Trainer
from pyref.work.judging import label_counts, rows_right_in_all
from pyref.tables.examples import to_judge, to_learn
from pyref.tables.layout import LABELS, REGRESSION, Expected
from pyref.tables.sources import find
from pyref.checks.verification import verify

BITS = [[0, 0], [0, 1], [1, 0], [1, 1]]
GATES = [[0, 0, 0], [0, 1, 1], [0, 1, 1], [1, 1, 0]]  # and, or, xor
NAMES = ["and", "or", "xor"]
TABLE = "a,b,and,or,xor\n" + "".join(f"{x},{y},{p},{q},{r}\n"
                                     for (x, y), (p, q, r) in zip(BITS, GATES))


def comparer(outputs=2):
    """Each output is the sigmoid of its input: at least 0.5 where that is at least 0."""
    identity = [[float(k == j) for j in range(outputs)] for k in range(outputs)]
    return Network([outputs, outputs], initializer=[identity], biases=False)


def test_classify_lists_the_labels_of_each_row(backend):
    network = comparer()
    rows = [[1.0, 2.0], [-1.0, 0.0], [-1e-3, -5.0]]
    assert network.classify(rows, backend=backend) == [[0, 1], [1], []]
    network.target_names = ["red", "large"]
    assert network.classify(rows, backend=backend) == [["red", "large"], ["large"], []]
    buffer = array("d", [value for row in rows for value in row])
    assert network.classify(buffer, backend=backend) == [["red", "large"], ["large"], []]
    network.target_names = ["red"]
    with pytest.raises(ValueError, match="target_names: 2 are needed, one for each output"):
        network.classify(rows)


def trained_with(loss, **settings):
    network = Network([2, 3], **settings)
    Trainer(network, loss=loss)
    return network


def test_the_loss_says_whether_it_is_multi_label():
    assert Network([2, 3], output="sigmoid").is_multi_label  # by the loss that goes with it
    assert trained_with("binary_cross_entropy").is_multi_label
    assert not trained_with("mean_squared_error").is_multi_label
    assert not trained_with(None, output="softmax").is_multi_label
    assert not Network([2, 3], output="identity").is_multi_label
    assert not Network([2, 1], output="sigmoid").is_multi_label


def test_names_of_classes_say_that_one_is_right():
    """As in Nielsen's book: a sigmoid for each digit, and the largest is the answer."""
    network = comparer()
    network.class_names = ["zero", "one"]
    assert not network.is_multi_label
    assert network.classify([[1.0, 2.0], [-1.0, -2.0]]) == ["one", "zero"]


def test_labels_are_learned(backend):
    network = Network([2, 6, 3], hidden="tanh", seed=1)
    trainer = Trainer(network, optimizer=SGD(0.5, 0.9), batch_size=4, backend=backend)
    assert trainer.loss == "binary_cross_entropy"
    trainer.train(BITS, GATES, epochs=400)
    network.target_names = NAMES
    assert network.classify(BITS, backend=backend) == [[], ["or", "xor"], ["or", "xor"],
                                                       ["and", "or"]]


def test_both_engines_learn_labels_with_the_same_bits():
    require_kernel()
    digests = set()
    for backend in ("python", "c"):
        network = Network([2, 6, 3], seed=1)
        trainer = Trainer(network, batch_size=2, backend=backend)
        history = trainer.train(BITS, GATES, epochs=30, validation=(BITS, GATES))
        last = (history.loss[-1], history.validation_loss[-1], history.validation_accuracy[-1])
        digests.add((network.digest(), last))
    assert len(digests) == 1


def test_accuracy_still_asks_for_the_likeliest_label(backend):
    """The largest output against the largest target, the first of equals."""
    network = comparer()
    targets = [[1, 1], [0, 1]]
    assert network.classify([[3.0, 2.0], [2.0, 3.0]]) == [[0, 1], [0, 1]]
    assert network.evaluate([[3.0, 2.0], [2.0, 3.0]], targets, backend=backend).accuracy == 1.0
    assert network.evaluate([[2.0, 3.0], [2.0, 3.0]], targets, backend=backend).accuracy == 0.5


def test_a_file_keeps_what_classify_answers(tmp_path):
    network = comparer()
    network.target_names = ["red", "large"]
    for class_names in (None, ["a", "b"]):
        network.class_names = class_names
        network.save(tmp_path / "model.json")
        loaded = Network.load(tmp_path / "model.json")
        assert loaded.classify([[1.0, 2.0]]) == network.classify([[1.0, 2.0]])


def test_class_weights_need_a_class(backend):
    network = Network([2, 3], seed=2)
    for weights in ("balanced", [1.0, 2.0, 3.0]):
        with pytest.raises(ValueError, match="the 3 outputs are yes-or-no questions"):
            Trainer(network, class_weights=weights)
    assert network.loss is None
    network.class_names = NAMES
    classes = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]
    Trainer(network, class_weights="balanced", backend=backend).train(BITS, classes, epochs=3)
    assert verify(network, (BITS, classes), backend=backend).identical


def test_label_smoothing_belongs_to_classes():
    with pytest.raises(ValueError, match="belongs to cross_entropy, the loss is binary_cross"):
        Trainer(Network([2, 3]), label_smoothing=0.1)


@pytest.fixture
def source(tmp_path):
    def write(text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return find(str(path))

    return write


def test_columns_of_0_and_1_are_labels(source):
    examples = to_learn(source(TABLE), "and,or,xor", "auto")
    assert (examples.task, examples.classes) == (LABELS, None)
    assert examples.targets == array("d", [value for row in GATES for value in row])
    assert to_learn(source(TABLE), "and,or,xor", "regress").task == REGRESSION


def test_yes_and_no_are_labels_too(source):
    text = "x,p,q\n1,yes,FALSE\n2,No,true\n3,1,True\n"
    examples = to_learn(source(text), "p,q", "auto")
    assert (examples.task, examples.targets) == (LABELS, array("d", [1, 0, 0, 1, 1, 1]))


def test_other_numbers_are_a_regression(source):
    assert to_learn(source("x,p,q\n1,0,1\n2,1,0\n3,0,0.5\n"), "p,q", "auto").task == REGRESSION


@pytest.mark.parametrize(
    "text, target, task, message",
    [
        (TABLE, "xor", "labels", "--task labels: several target columns are needed"),
        (TABLE, "or,xor", "classify", "classes need a single one .--task labels makes"),
        ("x,p,q\n1,0,1\n2,1,2\n", "p,q", "labels", "line 3, column 'q': '2' found; a label is 0"),
        ("x,p,q\n1,0,m\n2,1,f\n", "p,q", "labels", "line 2, column 'q': 'm' found; a label is 0"),
        ("x,p,q\n1,0,1\n2,1,1\n", "p,q", "auto", "column 'q' has the same value in every row"),
    ],
)
def test_targets_that_are_no_labels(source, text, target, task, message):
    with pytest.raises(ValueError, match=message):
        to_learn(source(text), target, task)


def test_judging_labels(source):
    expected = Expected(1, ["x"], ["p", "q"], [1, 2], [], LABELS, None)
    examples = to_judge(source("q,x,p\nyes,5,0\n0,6,1\n"), expected)
    assert examples.targets == array("d", [0, 1, 1, 0])


def test_counts_by_hand():
    """Two labels of four rows; the first has a miss and a mistake."""
    outputs = array("d", [0.9, 0.9, 0.4, 0.1, 0.5, 0.2, 0.3, 0.8])
    targets = array("d", [1, 1, 1, 0, 0, 0, 0, 1])
    first, second = (label_counts(outputs[j::2], targets[j::2]) for j in range(2))
    assert first == (4, 2, 1, 1) and first.right == 2
    assert second == (4, 2, 2, 0) and second.right == 4
    assert rows_right_in_all(outputs, targets, 2) == 2


@pytest.fixture
def gates(in_a_folder):
    Path("gates.csv").write_text(TABLE, encoding="utf-8")


TRAIN = "train gates.csv --target and,or,xor --hidden 6 --activation tanh --learning-rate 0.1"


def test_the_command_line_learns_labels(run, gates, backend):
    shown = run(f"{TRAIN} --epochs 300 --backend {backend}").out
    assert re.search(r"^task +3 labels, and, or, xor: a row may have several", shown, re.MULTILINE)
    right = "100.0 % right in all 3 labels (4 of 4 rows), 100.0 % of single labels, loss "
    assert right in shown and right in run("evaluate gates.model.json gates.csv").out
    network = Network.load("gates.model.json")
    assert network.target_names == NAMES and network.class_names is None
    assert network.loss == "binary_cross_entropy" and network.layers[-1].activation == "sigmoid"

    lines = list(csv.reader(io.StringIO(run("predict gates.model.json gates.csv").out)))
    assert lines[0] == NAMES + [f"probability_{name}" for name in NAMES]
    assert [[int(yes) for yes in line[:3]] for line in lines[1:]] == GATES
    assert [[float(value) for value in line[3:]] for line in lines[1:]] == network.predict(BITS)

    assert "3: and, or, xor" in run("show gates.model.json").out
    assert "identical to the last bit" in run("verify gates.model.json gates.csv").out


def test_evaluate_counts_each_label(run, gates):
    """Of rows with the labels 11, 10, 00 and 01 the answers are 11, 01, 00 and 11."""
    network = comparer()
    network.target_names = ["red", "large"]
    network.save("m.json")
    Path("rows.csv").write_text("1,1,1,1\n-1,1,1,0\n-1,-1,0,0\n2,2,no,yes\n", encoding="utf-8")
    output = run("evaluate m.json rows.csv").out
    assert "50.0 % right in all 2 labels (2 of 4 rows), 62.5 % of single labels" in output
    red, large = (line.split() for line in output.splitlines()[-2:])
    assert red == ["red", *["50.0", "%"] * 3, "2", "1", "1", "1"]
    assert large == ["large", "75.0", "%", "100.0", "%", "66.7", "%", "2", "2", "0", "1"]


def test_a_run_of_labels_goes_on_bit_for_bit(run, gates):
    run(f"{TRAIN} --epochs 9 -q -o all.json")
    expected = Network.load("all.json").digest()
    for backend in ("python", "c") if pyref.kernel_missing is None else ("python",):
        run(f"{TRAIN} --epochs 5 --checkpoint-every 5 -q --backend {backend} -o part.json")
        run("train gates.csv --resume part.run.json --epochs 4 -q -o part.json")
        assert Network.load("part.json").digest() == expected


def test_check_gradient_takes_labels(run, gates):
    line = "check-gradient gates.csv"
    assert "good" in run(f"{line} --target and,or,xor --activation tanh").out
    run(f"{TRAIN} --epochs 2 -q")
    shown = run(f"{line} --model gates.model.json").out
    assert "binary_cross_entropy" in shown and "good" in shown


@pytest.mark.parametrize(
    "options, message",
    [
        ("--class-weights balanced", "--class-weights: a row has no single class to weigh it by"),
        ("--label-smoothing 0.1", "--label-smoothing belongs to cross_entropy"),
        ("--loss huber", "--loss huber: labels are learned by binary_cross_entropy"),
        ("--output-activation tanh", "--output-activation is for a regression"),
    ],
)
def test_options_that_labels_have_no_use_for(run, gates, options, message):
    shown = run(f"{TRAIN} --epochs 1 {options}", code=2)
    assert message in shown.err and shown.err.count("\n") == 1
    assert not Path("gates.model.json").exists()
