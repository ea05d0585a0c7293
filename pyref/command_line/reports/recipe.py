"""How a training was set up, in words: of the trainer at work, and of one in a model's recipe, with
all that somebody needs to do it again, and whether that can be."""

from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from ...files.document import Members
from ...files.trainer_settings import rules_from
from ...network import Network
from ...recipe import segments_of
from ...reference.stopping import Rule
from ...checks.verification import NotRepeatable
from ...checks.verification import segments_of as repeatable_segments
from ...work.division import table_in
from ..saying import as_typed
from .words import amount, engines_in_words, numbered

Lines = Iterator[Tuple[str, str]]  # a title, empty where that before goes on, and a text

# What the lines below say in words; other members of a recipe are shown as they are.
SAID = {
    "start", "segments", "not_repeatable", "pyref", "data", "data_sha256", "rows", "task",
    "target_columns", "ignored_columns", "validation", "stratified", "seed", "planned_epochs",
    "epochs", "engine", "kept_epoch", "test", "split_seed", "validation_data", "test_data",
    "choice",
}

BY_HEART = "to learn all rows by heart: they are too few to hold any back"
PARTS_AND_DOING = {"validation": "validate", "test": "test"}


def called(described: Dict[str, Any]) -> str:
    """What `settings.describe` gave, as it is called in Python.

    >>> called({"name": "SGD", "learning_rate": 0.1})
    'SGD(learning_rate=0.1)'
    """
    settings = [f"{name}={value!r}" for name, value in described.items() if name != "name"]
    return f"{described.get('name', 'unknown')}({', '.join(settings)})"


def course(epochs: Optional[int], settings: Dict[str, Any]) -> str:
    """`settings` are those of `recipe.settings_of`; `epochs` are those planned, if known."""
    size = settings["batch_size"]
    batches = "all rows at once" if size is None else f"batches of {size:,}"
    if not settings["shuffle"]:
        batches += " in the table's order"
    planned = "" if epochs is None else f"{amount(epochs, 'epoch')}, "
    return f"{planned}{batches}, loss {settings['loss']}"


def steps(settings: Dict[str, Any], rules: Sequence[Rule]) -> List[str]:
    """What ends it, and how the weights move, line by line; nothing of what was not asked for."""
    lines = [f"or until {rule.reason()}" for rule in rules]
    lines.append(called(settings["optimizer"]))
    if settings["schedule"] != {"name": "Constant"}:
        lines.append(f"learning rate by {called(settings['schedule'])}")
    wishes = {**settings["regularization"], "name": None}
    for name in ("label_smoothing", "class_weights"):
        wishes[name] = settings[name]
    given = [f"{name.replace('_', ' ')} {value}" for name, value in wishes.items() if value]
    if given:
        lines.append(", ".join(given))
    return lines


def seed_in_words(seed: Optional[int]) -> str:
    return "the network's own stream" if seed is None else f"seed {seed}"


def recipe_in_words(network: Network, path: str) -> Lines:
    """Raises ModelFileError, which names the file, for segments that are no segments."""
    segments_of(network)  # gives a recipe from elsewhere a list of them
    recipe = Members(path, "recipe.", network.recipe)
    from_table = recipe.optional("data_sha256")
    if from_table:
        yield from data_lines(recipe)
    if from_table and recipe.optional("choice"):
        yield from choice_lines(recipe.object("choice"))
    yield from start_lines(network, recipe)
    described = recipe.objects("segments")
    for number, segment in enumerate(described, 1):
        yield from segment_lines(segment, number, recipe, from_table)
    yield from repeatable_lines(network)
    yield from other_lines(recipe.members, from_table)


def data_lines(recipe: Members) -> Lines:
    columns = recipe.wholes("target_columns")
    rows = recipe.whole("rows")
    yield "recipe", f"of pyref train, version {recipe.text('pyref')}"
    where = f"target in {numbered('column', columns)}"
    if recipe.optional("ignored_columns") and recipe.wholes("ignored_columns"):
        where += f", without {numbered('column', recipe.wholes('ignored_columns'))}"
    yield "data", f"{recipe.text('data')}: {amount(rows, 'row')}, {where}"
    yield "", f"SHA-256 {recipe.text('data_sha256')} (of its numbers)"
    yield from rows_lines(recipe)


def rows_lines(recipe: Members) -> Lines:
    """How many do what, and which they are; nothing without a training."""
    parts = {
        name: recipe.number(name) if recipe.optional(name) else 0.0 for name in PARTS_AND_DOING
    }
    tables = {name: table_in(recipe, name) for name in PARTS_AND_DOING}
    if not any(parts.values()) and not any(tables.values()):
        yield "rows", f"{recipe.whole('rows'):,} train, none validate"
        return
    stratified = recipe.optional("stratified") and recipe.truth("stratified")
    of_each = " of each class" if stratified else ""
    by = recipe.whole("split_seed" if recipe.optional("split_seed") else "seed")
    for segment in recipe.objects("segments")[-1:]:
        train = segment.object("data").whole("rows")
        counts = {"validation": 0}
        if segment.optional("validation"):
            counts["validation"] = segment.object("validation").whole("rows")
        left = 0 if tables["validation"] else counts["validation"]
        counts["test"] = recipe.whole("rows") - train - left
        text = f"{train:,} train"
        for name, doing in PARTS_AND_DOING.items():
            if parts[name]:
                yield "rows" if text else "", (
                    f"{text}, " * bool(text) + f"{counts[name]:,} {doing} (a part of "
                    f"{parts[name]:g}{of_each}, drawn by seed {by})"
                )
                text = ""
        if text:
            yield "rows", text
        for name, table in tables.items():
            if table is not None:
                yield "", (
                    f"{table.whole('rows'):,} of {table.text('data')} {PARTS_AND_DOING[name]}, "
                    f"SHA-256 {table.text('sha256')}"
                )


def choice_lines(choice: Members) -> Lines:
    """By what the command chose this recipe (work/choosing.py)."""
    if not choice.optional("folds"):
        yield "chosen", BY_HEART
    else:
        yield "chosen", f"by {folds_in_words(choice.whole('folds'), choice.whole('of_folds'))}"
    for recipe in choice.objects("compared"):
        hidden = "-".join(map(str, recipe.wholes("hidden")))
        units = f"{hidden} {recipe.text('activation')}" if hidden else "no hidden units"
        error = f"squared error {recipe.number('squared_error'):.4g}"
        yield "", f"{error} by {units}, l2 {recipe.number('l2'):g}"


def folds_in_words(looked_at: int, of_folds: int) -> str:
    """
    >>> folds_in_words(5, 5), folds_in_words(2, 5)
    ('5-fold cross-validation', '2 of 5 folds of a cross-validation')
    """
    if looked_at == of_folds:
        return f"{of_folds}-fold cross-validation"
    return f"{looked_at} of {of_folds} folds of a cross-validation"


def start_lines(network: Network, recipe: Members) -> Lines:
    if not recipe.optional("start"):
        return
    start = recipe.object("start")
    if start.optional("model"):
        yield "start", f"the weights of {start.text('model')}, SHA-256 {start.text('digest')}"
        return
    initializer = initializer_in_words(start.get("initializer"))
    biases = start.get("biases")
    if isinstance(biases, bool):
        by_itself = initializer in ("nguyen_widrow", "NguyenWidrow()")
        in_words = f"biases {'of its own' if by_itself else 'of 0'}" if biases else "no biases"
    else:
        in_words = f"biases as {initializer_in_words(biases)}"
    yield "start", f"weights drawn as {initializer} by seed {network.seed}, {in_words}"


def initializer_in_words(told: Any) -> Any:
    return called(told) if isinstance(told, dict) else told


def segment_lines(segment: Members, number: int, recipe: Members, from_table: bool) -> Lines:
    """What was asked for, and then what was done."""
    of_all, epochs = len(recipe.list("segments")), segment.whole("epochs")
    planned = None
    if from_table and number == of_all:
        planned = recipe.whole("planned_epochs") - recipe.whole("epochs") + epochs
    part = "" if of_all == 1 else f"segment {number} of {of_all}: "
    settings = settings_from(segment)
    yield "training", part + course(planned, settings)
    for line in steps(settings, rules_from(segment, "stop")):
        yield "", line
    yield "", f"shuffles drawn by {seed_in_words(segment.get('seed'))}"
    if not from_table:
        for name, what in (("data", "training"), ("validation", "validation")):
            if segment.optional(name):
                rows = segment.object(name)
                count, digest = amount(rows.whole("rows"), f"{what} row"), rows.text("sha256")
                yield "", f"{count}, SHA-256 {digest}"
    yield "trained", (
        f"{amount(epochs, 'epoch')} by the {engines_in_words(segment.texts('engines'))} engine, "
        f"numerical specification {segment.whole('specification')}"
    )
    if segment.optional("position"):
        yield "", f"broken off {amount(segment.whole('position'), 'row')} into the next epoch"
    if segment.optional("ended"):
        yield "", f"ended because {segment.text('ended')}"
    elif planned is not None:
        yield "", how_it_ended(epochs, planned)
    if segment.members.get("restored_best"):
        yield "", f"then the weights {kept(recipe, number == of_all)} were put back"
    yield from history_lines(segment)


def history_lines(segment: Members) -> Lines:
    losses = segment.numbers("losses")
    if losses:
        every = segment.whole("loss_every")
        first, last = amount(every, "epoch"), amount(every * len(losses), "epoch")
        text = f"the loss was {losses[0]:.4g} after {first}"
        yield "history", text + (f", {losses[-1]:.4g} after {last}" if len(losses) > 1 else "")
    if segment.optional("validation_losses") and segment.numbers("validation_losses"):
        losses, epochs = segment.numbers("validation_losses"), segment.wholes("validation_epochs")
        lowest = losses.index(min(losses))
        yield "", (
            f"the validation loss was {losses[0]:.4g} after epoch {epochs[0]:,}, {losses[-1]:.4g} "
            f"after epoch {epochs[-1]:,}, and lowest, {losses[lowest]:.4g}, after epoch "
            f"{epochs[lowest]:,}"
        )


def how_it_ended(epochs: int, planned: int) -> str:
    """Said of a run of pyref train that no rule ended."""
    if epochs >= planned:
        return "ended with the last of these epochs, as planned"
    return f"ended before {planned:,} epochs: by Ctrl-C, a time limit or an error"


def kept(recipe: Members, is_last: bool) -> str:
    if is_last and recipe.optional("kept_epoch"):
        return f"after epoch {recipe.whole('kept_epoch'):,}, whose validation loss was the lowest,"
    return "of the lowest validation loss"


def settings_from(segment: Members) -> Dict[str, Any]:
    """Those of `recipe.settings_of`, after a look at whether they are all there."""
    for name in ("optimizer", "schedule", "regularization"):
        segment.object(name).text("name")
    for name in ("shuffle", "label_smoothing", "class_weights"):
        segment.get(name)
    segment.text("loss")
    if segment.get("batch_size") is not None:
        segment.whole("batch_size")
    return segment.members


def why_not_repeatable(network: Network) -> Optional[str]:
    try:
        repeatable_segments(network)
    except NotRepeatable as error:
        reason, prefix = str(error), "not repeatable: "
        return reason[len(prefix):] if reason.startswith(prefix) else reason
    return None


def repeatable_lines(network: Network) -> Lines:
    reason = why_not_repeatable(network)
    if reason is None:
        how = as_typed("pyref verify MODEL DATA trains it again and compares every bit")
        yield "repeatable", f"yes: {how}"
    else:
        yield "repeatable", f"no: {reason}"


def other_lines(members: Dict[str, Any], from_table: bool) -> Lines:
    """What people have added."""
    from json import dumps

    title = "also noted"
    said = SAID if from_table else {"start", "segments", "not_repeatable"}
    for name, value in members.items():
        if name not in said:
            text = value if isinstance(value, str) else dumps(value, ensure_ascii=False)
            yield title, f"{name.replace('_', ' ')}: {text}"
            title = ""
