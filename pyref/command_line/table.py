"""The commands, and what each of them does, in the order of `pyref --help`."""

SUMMARIES = {
    "train": "learn from a table, and write a model",
    "cross-validate": "how good a recipe is, by several trainings",
    "compare": "several recipes over the same folds",
    "sweep": "many trainings: every combination of options, by many seeds",
    "predict": "a model's answers for a table",
    "evaluate": "how good a model is on a table",
    "show": "what is in a model file",
    "plot": "pictures of a model and of its answers",
    "explain": "one training step with every number",
    "check-gradient": "backpropagation against finite differences",
    "verify": "train a model again and compare every bit",
    "selftest": "whether the bits are right here",
    "bench": "how fast this machine trains a network",
    "info": "version, engine, platform",
    "read": "the code that computes it all, in reading order",
    "tutorial": "tutorials on how a network learns",
    "exercise": "tasks, with hints, a checker and solutions",
    "completion": "a script that completes words in the shell",
}

TOPICS = ("defaults", "symbols")  # of pyref help, beside the commands: modules of help/
