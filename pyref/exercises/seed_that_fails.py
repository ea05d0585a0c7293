"""Find the seeds that fail.

Where a training begins, the seed decides, and where it begins decides whether it arrives.  The file
has a recipe that learns XOR with three hidden units.  By most seeds it ends with four right
answers, by some it gets stuck with three.

Find all seeds from 1 to 20 that fail, and list them in `FAILS`.  With the same recipe you get the
same list as everybody else, on every machine and by either engine: that is what a seed is good for.
And it is why one training says little about a recipe, and `pyref sweep` trains by many seeds.
"""

from typing import Any, Dict

from pyref.exercises.work import Work, Wrong, shortly

CHAPTER = "generator"

RECIPE = '''\
from pyref import SGD, Network, Trainer

INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
TARGETS = [0, 1, 1, 0]


def answers(seed):
    """What the network answers to INPUTS, trained by this seed."""
    network = Network([2, 3, 1], hidden="tanh", output="sigmoid", seed=seed)
    trainer = Trainer(network, optimizer=SGD(learning_rate=0.5, momentum=0.9), batch_size=None)
    trainer.train(INPUTS, TARGETS, epochs=100)
    return network.classify(INPUTS)
'''

START = RECIPE + '''

FAILS = []
'''

HINTS = (
    "A loop over range(1, 21) that prints answers(seed) is enough; or a list comprehension.",
    "FAILS = [seed for seed in range(1, 21) if answers(seed) != TARGETS]",
)

SOLUTION = RECIPE + '''

FAILS = [seed for seed in range(1, 21) if answers(seed) != TARGETS]
'''

SEEDS = range(1, 21)


def check(work: Work) -> str:
    said = work.get("FAILS", (list, tuple, set), "a list of seeds")
    strange = [seed for seed in said if seed not in SEEDS]
    if strange:
        raise Wrong(f"FAILS has {shortly(strange[0])}; the seeds are 1 to 20")
    recipe: Dict[str, Any] = {"__name__": "recipe"}
    exec(RECIPE, recipe)
    fails = 0
    for seed in SEEDS:
        answers = recipe["answers"](seed)
        wrong = answers != recipe["TARGETS"]
        fails += wrong
        if wrong and seed not in said:
            raise Wrong(f"seed {seed} is not in FAILS, and it answers {answers}")
        if not wrong and seed in said:
            raise Wrong(f"seed {seed} is in FAILS, and it answers {answers}, all right")
    return f"{fails} of {len(SEEDS)} seeds fail, here and everywhere"
