"""The `pyref` command: each option of train reaches the trainer; check-gradient; notes."""

import re
from pathlib import Path

import pytest

import pyref
from conftest import require_kernel
from pyref import (
    LBFGS, SGD, Adam, Constant, Cosine, Gap, Network, Patience, Quickprop, RMSprop, Rprop,
    Step, TargetLoss, ValidationPatience,
)
from pyref.reference.activations import ACTIVATIONS
from pyref.command_line import main
from pyref.options.named_settings import parse
from pyref.reference.initializers import INITIALIZERS
from pyref.reference.losses import LOSSES
from pyref.reference.optimizers import OPTIMIZERS
from pyref.reference.regularization import Regularization
from pyref.reference.schedules import SCHEDULES
from pyref.reference.stopping import RULES


pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.fixture
def trained(run):
    """The trainer in the run file of a training with these options."""

    def train(options, data="iris"):
        run(f"train {data} --epochs 2 -q --checkpoint-every 9 -o n.json {options}")
        return pyref.Trainer.load("n.run.json")

    return train


OPTIMIZER_OPTIONS = {
    "--optimizer adam": Adam(),
    "--optimizer ADAM:beta1=0.8,epsilon=1e-6": Adam(beta1=0.8, epsilon=1e-6),
    "--optimizer adam --learning-rate 0.25": Adam(0.25),
    "--optimizer sgd": SGD(),
    "--optimizer sgd:nesterov=true,momentum=0.5": SGD(nesterov=True, momentum=0.5),
    "--optimizer sgd --momentum 0.5 --nesterov": SGD(nesterov=True, momentum=0.5),
    "--optimizer rmsprop:centered=True": RMSprop(centered=True),
    "--optimizer lbfgs:history_size=7": LBFGS(history_size=7),
    "--optimizer irprop_minus": pyref.IRpropMinus(),
}


@pytest.mark.parametrize("options", OPTIMIZER_OPTIONS)
def test_optimizers(trained, options):
    trainer = trained(options)
    assert trainer.optimizer == OPTIMIZER_OPTIONS[options]
    told = trainer.network.recipe["segments"][0]["optimizer"]
    assert told == {"name": type(trainer.optimizer).__name__, **vars(trainer.optimizer)}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains(trained, name):
    trainer = trained(f"--optimizer {name}")
    assert trainer.optimizer == OPTIMIZERS[name]() and trainer.epoch == 2
    whole = isinstance(trainer.optimizer, (Rprop, Quickprop, LBFGS))
    assert (trainer.batch_size is None) == whole


SCHEDULE_OPTIONS = {
    "": Constant(),
    "--schedule constant": Constant(),
    "--schedule step:every=20,factor=0.5": Step(20, 0.5),
    "--schedule cosine:epochs=100,warmup=5": Cosine(100, warmup=5),
    "--schedule reduce_on_plateau": pyref.ReduceOnPlateau(),
    "--schedule InverseScaling:power=1": pyref.InverseScaling(1),
}


@pytest.mark.parametrize("options", SCHEDULE_OPTIONS)
def test_schedules(trained, options):
    assert trained(options).run.schedule == SCHEDULE_OPTIONS[options]


STOP_OPTIONS = {
    "--stop target_loss:loss=1e-9": [TargetLoss(1e-9)],
    "--stop patience:epochs=20 --stop gap:gap=0": [Patience(20), Gap(0.0)],
    "--stop generalization_loss:threshold=5,strip=3": [pyref.GeneralizationLoss(5, strip=3)],
    "--stop progress_quotient:threshold=1,restore_best=false --patience 9": [
        pyref.ProgressQuotient(1, restore_best=False), ValidationPatience(9)
    ],
    "--stop consecutive_increases:strips=4": [pyref.ConsecutiveIncreases(4)],
    "--stop training_progress": [pyref.TrainingProgress()],
}


@pytest.mark.parametrize("options", STOP_OPTIONS)
def test_stopping_rules(trained, options):
    trainer = trained(options)
    assert trainer.run.rules == STOP_OPTIONS[options]
    assert len(trainer.network.recipe["segments"][0]["stop"]) == len(STOP_OPTIONS[options])


def test_a_rule_of_its_own_takes_the_place_of_the_default(trained):
    least = ValidationPatience(5)
    assert trained("").run.rules == [least, pyref.ProgressQuotient(2.0, strip=20)]
    assert trained("", "xor").run.rules == []
    assert trained("--stop gap:gap=0").run.rules == [Gap(0.0)]
    assert trained("--patience 3").run.rules == [ValidationPatience(3)]
    assert trained("--patience 0").run.rules == []
    assert trained("--validation 0").run.rules == []


def test_regularization(trained):
    trainer = trained(
        "--l1 0.001 --l2 0.25 --dropout 0.1 --input-dropout 0.2 --clip-value 3 --clip-norm 4 "
        "--label-smoothing 0.3"
    )
    expected = Regularization(0.001, 0.25, 0.1, 0.2, 3.0, 4.0)
    assert trainer.run.regularization == expected
    assert trainer.run.smoothing == 0.3
    told = trainer.network.recipe["segments"][0]
    assert told["regularization"] == {"name": "Regularization", **vars(expected)}


def test_training_options(trained):
    trainer = trained("--batch-size all --no-shuffle --class-weights 1,2,0.5 --threads 2")
    assert (trainer.batch_size, trainer.run.shuffle, trainer.threads) == (None, False, 2)
    assert trainer.class_weights == [1.0, 2.0, 0.5]
    assert trained("--class-weights balanced").class_weights == "balanced"


def test_network_options(trained):
    trainer = trained(
        "--task regress --output-activation softplus --loss poisson --no-biases "
        "--activation silu --hidden 3",
        "xor",
    )
    layers = trainer.network.layers
    assert [layer.activation for layer in layers] == ["silu", "softplus"]
    assert [layer.biases for layer in layers] == [None, None]
    assert trainer.loss == "poisson" and trainer.network.target_scaling is None


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_for_classes(run, loss):
    """Three classes are a softmax: its targets are rows unless the loss takes numbers."""
    if loss in ("poisson", "binary_cross_entropy"):
        assert "cannot be used with" in run(f"train iris --epochs 1 --loss {loss}", code=2).err
        return
    shown = run(f"train iris --epochs 3 --loss {loss}").out
    network = pyref.Network.load("iris.model.json")
    assert network.loss == loss
    evaluated = run("evaluate iris.model.json iris").out
    assert re.search(r"\((\d+) of 150\), (log )?loss", evaluated) and "Confusion matrix" in shown


INITIALIZER_OPTIONS = {
    **{name: name for name in INITIALIZERS},
    "He_Normal": "he_normal",
    "uniform:low=-0.5,high=0.25": pyref.Uniform(-0.5, 0.25),
    "normal:mean=0,deviation=0.125": pyref.Normal(0.0, 0.125),
    "constant:value=0.5": pyref.ConstantWeights(0.5),
}


@pytest.mark.parametrize("text", INITIALIZER_OPTIONS)
def test_initializers(run, text):
    run(f"train xor --hidden 3 --epochs 1 -q --initializer {text}")
    drawn = pyref.Network([2, 3, 1], initializer=INITIALIZER_OPTIONS[text], seed=1)
    recipe = pyref.Network.load("xor.model.json").recipe
    assert recipe["start"]["digest"] == drawn.digest()


@pytest.mark.parametrize("text", INITIALIZER_OPTIONS)
def test_biases(run, text):
    run(f"train xor --hidden 3 --epochs 1 -q --biases {text}")
    drawn = pyref.Network([2, 3, 1], biases=INITIALIZER_OPTIONS[text], seed=1)
    recipe = pyref.Network.load("xor.model.json").recipe
    assert recipe["start"]["digest"] == drawn.digest()
    assert "identical" in run("verify xor.model.json xor").out


def test_the_time_limit_ends_a_training_that_can_be_repeated(run):
    output = run("train moons --epochs 100000000 --time-limit 0.3 --backend python").out
    assert "ended because the time limit of 0.3 s was reached after epoch" in output
    network = pyref.Network.load("moons.model.json")
    epochs = network.recipe["epochs"]
    run(f"train moons --epochs {epochs} -q --backend python -o again.json")
    assert pyref.Network.load("again.json").digest() == network.digest()


RICH = (
    "--activation gelu --initializer lecun_normal --optimizer rmsprop:momentum=0.5 "
    "--schedule cosine:epochs=5,warmup=2 --l1 1e-4 --dropout 0.2 --input-dropout 0.1 "
    "--clip-norm 1 --label-smoothing 0.1 --class-weights balanced --hidden 9,5 --batch-size 11"
)


def test_engines_agree_and_a_rich_run_goes_on(run):
    require_kernel()
    digests = {}
    for backend in ("python", "c"):
        run(f"train iris -q --epochs 5 --backend {backend} -o {backend}.json {RICH}")
        digests[backend] = pyref.Network.load(f"{backend}.json").digest()
    run(f"train iris -q --epochs 3 --checkpoint-every 9 --backend c -o part.json {RICH}")
    run("train iris -q --epochs 2 --resume part.run.json --backend python -o part.json")
    digests["resumed"] = pyref.Network.load("part.json").digest()
    assert len(set(digests.values())) == 1


WRONG = [
    ("--optimizer adamant", "--optimizer: 'adamant' is unknown; there are SGD, RMSprop,"),
    ("--optimizer adam:beta3=1", "Adam has no setting 'beta3'; its settings are learning_rate,"),
    ("--optimizer adam:beta1=2", "--optimizer: Adam: beta1: a number from 0 to below 1"),
    ("--optimizer adam:beta1", "setting=value is needed after Adam:, not 'beta1'"),
    ("--optimizer adam:beta1=high", "Adam: beta1: a number is needed, not 'high'"),
    ("--optimizer adam:beta1=0.5,beta1=0.6", "beta1 is given twice"),
    ("--optimizer sgd:nesterov=1,momentum=0.5", "nesterov: true or false is needed, not '1'"),
    ("--optimizer adam --momentum 0.5", "--momentum: Adam has no setting 'momentum'"),
    ("--optimizer sgd:momentum=0.5 --momentum 0.5", "--momentum: --optimizer says its momentum"),
    ("--optimizer lbfgs --batch-size 3", "--batch-size 3: LBFGS needs all 120 rows at once (--bat"),
    ("--optimizer rprop --schedule step:every=2", "--schedule: Rprop has steps of its own"),
    ("--optimizer lbfgs --input-dropout 0.5", "--input-dropout: LBFGS needs the true gradients"),
    ("--loss poisson", "--loss 'poisson' cannot be used with output activation"),
    ("--schedule step", "--schedule: Step needs its every: Step:every=…"),
    ("--schedule constant:x=1", "Constant has no setting 'x'; it has none"),
    ("--schedule step:every=2.5", "--schedule: Step: every: a whole number, at least 1,"),
    ("--stop soon", "--stop: 'soon' is unknown; there are TargetLoss, Patience,"),
    ("--stop gap:gap=1 --validation 0", "needs validation rows, and there are none"),
    ("--initializer glorot", "--initializer: 'glorot' is unknown; there are zeros, uniform,"),
    ("--initializer constant", "constant needs its value"),
    ("--initializer uniform:low=2,high=1", "--initializer: Uniform: high: at least the low"),
    ("--biases glorot", "--biases: 'glorot' is unknown; there are zeros, uniform,"),
    ("--biases normal:mean=0", "--biases: normal needs its deviation"),
    ("--biases zeros --no-biases", "--biases and --no-biases: only one of them is possible"),
    ("--loss squared", "argument --loss: invalid choice: 'squared'"),
    ("--class-weights 1,2", '--class-weights: "balanced" or a list of 3 numbers'),
    ("--class-weights 1,-2,3", "0 or a number above it is needed, not '-2'"),
    ("--output-activation tanh", "--output-activation is for a regression"),
    ("--dropout 1", "a number from 0 to below 1 is needed, not '1'"),
    ("--time-limit 0", "a number above 0 is needed, not '0'"),
    ("--label-smoothing 0.1 --loss huber", "error: --label-smoothing belongs to cross_entropy"),
]


@pytest.mark.parametrize("options, message", WRONG)
def test_wrong_settings_are_one_line(run, options, message):
    shown = run(f"train iris -q --epochs 1 {options}", code=2)
    assert message in shown.err
    assert shown.err.startswith("pyref: error: ") and shown.err.count("\n") == 1
    assert not Path("iris.model.json").exists()


def test_a_regression_has_no_classes_to_weigh(run):
    line = "train xor --task regress --class-weights balanced"
    assert "a regression has no classes" in run(line, code=2).err


CHANGES = [
    "--optimizer adam", "--momentum 0", "--nesterov", "--schedule constant", "--l1 0", "--l2 0",
    "--dropout 0", "--input-dropout 0", "--clip-value 1", "--clip-norm 1", "--label-smoothing 0",
    "--class-weights balanced", "--no-shuffle", "--no-biases", "--biases zeros",
    "--initializer zeros",
    "--loss huber", "--output-activation tanh",
]


def test_a_run_keeps_what_decides_it(run):
    run("train xor --epochs 2 --checkpoint-every 1 -q")
    for options in CHANGES:
        error = run(f"train xor --resume xor.run.json --epochs 1 {options}", code=2).err
        assert f"{options.split()[0]} cannot be given with --resume" in error
    wish = "--stop target_loss:loss=9 --threads 3"
    run(f"train xor --resume xor.run.json --epochs 9 --checkpoint-every 9 -q {wish}")
    trainer = pyref.Trainer.load("xor.run.json")
    assert trainer.epoch == 3 and trainer.run.rules == [TargetLoss(9.0)] and trainer.threads == 3


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_help_fits_the_terminal_in_groups(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "usage: pyref train DATA [options]"
    assert max(map(len, lines)) <= columns
    assert "  pyref train iris" in lines  # an example keeps its line
    groups = ["data:", "network:", "training:", "optimizer:", "regularization:", "stopping:",
              "files and output:", "activations:", "losses:", "initializers:", "optimizers:",
              "schedules:", "stopping rules:"]
    assert [line for line in lines if line in groups] == groups


@pytest.mark.parametrize(
    "table", [ACTIVATIONS, LOSSES, INITIALIZERS, OPTIMIZERS, SCHEDULES, RULES]
)
def test_help_lists_all_names(capsys, table):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--help"])
    assert ended.value.code == 0
    words = set(re.findall(r"\w+", capsys.readouterr().out.split("\nactivations:\n")[1]))
    assert set(table) - {"threshold"} <= words


def test_names_with_settings():
    named = parse("--x", "validation_patience: epochs = 20 ,restore_best=FALSE", RULES)
    assert named == ("ValidationPatience", {"epochs": 20, "restore_best": False})


@pytest.mark.parametrize("options", ["", "--activation tanh --hidden 5 --loss huber --seed 3"])
def test_check_gradient(run, options):
    shown = run(f"check-gradient iris {options}").out
    assert "iris: the first 20 of 150 rows" in shown and "at most 1e-06: good" in shown
    numbers = re.findall(r"^ +(\d) +\w+ +(\d\.\de[-+]\d\d) +\d+ of \d+ ", shown, re.MULTILINE)
    assert [n for n, _ in numbers] == (["1", "2"] if options else ["1", "2", "3", "4"])
    assert all(float(difference) < 1e-6 for _, difference in numbers)


def test_check_gradient_says_how_many_parameters_it_drew(run):
    shown = run("check-gradient iris --hidden 16,3 --no-biases --seed 2").out
    assert re.findall(r"(\d+ of \d+)  ", shown) == ["50 of 64", "48 of 48", "9 of 9"]
    assert shown.splitlines()[3].split() == [
        "layer", "activation", "difference", "parameters", "backpropagated", "measured",
    ]


def test_check_gradients_help_is_about_itself(capsys):
    with pytest.raises(SystemExit):
        main(["check-gradient", "--help"])
    shown = capsys.readouterr().out
    assert not re.search("above|split|shuffles", shown.split("activations:")[0])


def test_check_gradient_of_a_model(run):
    run("train xor --epochs 5 -q --hidden 3 --activation softplus")
    shown = run("check-gradient xor --model xor.model.json --rows 3").out
    assert "xor: the first 3 of 4 rows" in shown and "softplus" in shown
    shown = run("check-gradient xor --model xor.model.json --hidden 3", code=2)
    assert "--hidden cannot be given with --model" in shown.err


def test_check_gradient_finds_a_mistake(run, monkeypatch):
    """A tanh whose derivative is wrong."""
    wrong = ACTIVATIONS["tanh"]._replace(deltas=ACTIVATIONS["sigmoid"].deltas)
    monkeypatch.setitem(ACTIVATIONS, "tanh", wrong)
    shown = run("check-gradient iris --hidden 4,3 --activation tanh", code=1).out
    assert "larger differences than 1e-06 in layer 1, 2" in shown


def test_notes(run):
    """Targets beyond the outputs; units that the first step has killed."""
    Path("far.csv").write_text("a,b\n1,2.5\n2,30\n3,9.5\n4,7\n", encoding="utf-8")
    shown = run("train far.csv --task regress --output-activation sigmoid --epochs 1").out
    assert re.search(r"^note: targets go from 2.5 to 30, but sigmoid outputs", shown, re.MULTILINE)
    line = "train iris --epochs 1 --activation relu --patience 0"
    shown = run(f"{line} --learning-rate 20 --clip-norm 20 --optimizer sgd").out
    assert re.search(r"^note: layer \d: \d+ of 16 relu units answer 0", shown, re.MULTILINE)


@pytest.mark.parametrize("said, meant", [
    ("--epochs 1e1", "--epochs 10"),
    ("--validation 20%", "--validation 0.2"),
    ("--activation ReLU", "--activation relu"),
    ("--activation LeakyReLU", "--activation leaky_relu"),
    ("--loss CrossEntropy", "--loss cross_entropy"),
])
def test_values_as_people_write_them(run, said, meant):
    run(f"train iris --epochs 2 {said} -q -o said.json")
    run(f"train iris --epochs 2 {meant} -q -o meant.json")
    said, meant = Network.load("said.json"), Network.load("meant.json")
    assert said == meant and said.recipe == meant.recipe


@pytest.mark.parametrize("value", ["1.5", "1e-1", "1e400", "0e1", "e3", "10.0"])
def test_what_is_no_count(run, value):
    assert f"is needed, not {value!r}" in run(f"train iris --epochs {value}", code=2).err


@pytest.mark.parametrize("words, meant", [
    ("trian iris", "train"), ("evalute a b", "evaluate"),
    ("train iris --lr 1", "--learning-rate"), ("train iris --weight-decay 1", "--l2"),
    ("train iris --activation rellu", "relu"), ("train Irsi", "iris"),
    ("train iris --optimizer adm", "Adam"), ("train iris --schedule exponentail", "Exponential"),
    ("train iris --optimizer adam:learning_rat=1", "learning_rate"),
    ("train iris --target Specis", "species"), ("train iris --ignore sepal_with", "sepal_width"),
])
def test_what_was_probably_meant(run, words, meant):
    assert f"did you mean {meant}?" in run(words, code=2).err


def test_nothing_is_meant_by_what_the_command_lacks(run):
    """evaluate has no --learning-rate to propose."""
    assert "did you mean" not in run("evaluate a b --lr 1", code=2).err
    assert "did you mean" not in run("train iris --bogus", code=2).err  # --loss is far
    assert "did you mean" not in run("evaluate a b --thread 1", code=2).err  # so is --header


@pytest.mark.parametrize("words, same", [("help train", "train --help"), ("help", "--help")])
def test_help_is_a_command_too(capsys, words, same):
    texts = []
    for line in (words, same):
        with pytest.raises(SystemExit) as ended:
            main(line.split())
        assert ended.value.code == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] and "usage: pyref" in texts[0]
