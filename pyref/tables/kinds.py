"""What becomes of each column of a table: numbers, words, or nothing, as its cells tell.

A column of numbers, and of gaps, is a column of numbers.  One of words is one of categories.
Where both are met, it holds categories if more than half of the cells are words, or if there are
at most 20 different cells that come twice or more on average; else the words are taken for
mistakes, and refused.  More different words than half the rows (in a small table, as many as rows)
are names or identifiers, and left out: nothing can be learned for other rows from them.  Dates and
times are refused, with a word on what to make of them.
"""

from typing import Dict, List, NamedTuple, Optional, Tuple

from .cells import advice_on_commas, is_date_or_time, is_word, why_no_number
from .preparation import LEFT_OUT, NUMBERS, WORDS, Kind
from .table import Table

MOST_MIXED = 20
FEW_WORDS = 10
MOST_REFUSED = 10  # columns that an error names


class Refusal(NamedTuple):
    """A column that cannot be used: its first bad cell, why, and whether its words might be
    categories."""

    row: int
    column: int
    why: str
    may_be_words: bool = False


def kinds_of(table: Table) -> List[Kind]:
    """Of each input of a table.  `table.categorical` holds the places of columns that are words
    because somebody says so.

    Raises ValueError that names all columns that cannot be used, each with its first bad cell.
    """
    kinds, refused = [], []
    for column, place in enumerate(table.layout.inputs):
        kind, refusal = kind_of(table, column, place in table.categorical)
        kinds.append(kind)
        if refusal is not None:
            refused.append(refusal)
    if refused:
        refuse(table, refused)
    if all(kind.name == LEFT_OUT for kind in kinds):
        reasons = "; ".join(
            f"{table.layout.column(place)}: {kind.reason}"
            for place, kind in zip(table.layout.inputs[:MOST_REFUSED], kinds)
        )
        raise ValueError(f"{table.name}: no column is left to learn from ({reasons})")
    return kinds


def kind_of(table: Table, column: int, said: bool) -> Tuple[Kind, Optional[Refusal]]:
    cells = table.cells
    words = cells.words.get(column)
    filled = cells.rows - cells.gaps.get(column, 0)
    if not filled:
        return Kind(LEFT_OUT, "it is empty in every row"), None
    if said:
        return Kind(WORDS), None
    if words is None:
        return Kind(NUMBERS), None
    codes, texts = cells.as_words(column)
    if not any(map(is_word, words.texts)):
        return Kind(NUMBERS), bad_number(table, column)
    dates = sum(map(is_date_or_time, words.texts))
    if 2 * dates > len(texts):
        why = (
            f"{words.texts[0]!r:.60} is a date or a time; make numbers of it: the year, the month, "
            "the weekday, the hour, or the days since a first day"
        )
        return Kind(WORDS), Refusal(words.rows[0], column, why, True)
    with_words = cells.rows - words.pad(cells.rows).count(0)
    if 2 * with_words <= filled and (len(texts) > MOST_MIXED or 2 * len(texts) > filled):
        place = next(place for place, text in enumerate(words.texts) if is_word(text))
        why = f"{words.texts[place]!r:.60} found; a number is needed"
        return Kind(WORDS), Refusal(words.rows[place], column, why, True)
    if len(texts) == filled > 2 or 2 * len(texts) > filled > 2 * FEW_WORDS:
        return Kind(
            LEFT_OUT, f"{len(texts):,} different words in {filled:,} rows: names or identifiers"
        ), None
    if len(texts) == 1 and filled == cells.rows:
        return Kind(LEFT_OUT, f"it is {texts[0]!r:.40} in every row"), None
    return Kind(WORDS), None


def bad_number(table: Table, column: int) -> Refusal:
    """Nothing that is written there is a word, but some of it is no number either."""
    words = table.cells.words[column]
    text = words.texts[0]
    decimal = table.cells.decimal
    why = why_no_number(text, decimal) + advice_on_commas(text, decimal)
    return Refusal(words.rows[0], column, why)


def refuse(table: Table, refused: List[Refusal]) -> None:
    """One error for all of them, with the options to paste."""
    cells, of = table.cells, table.layout
    places = [table.places[each.column] for each in refused]
    advice = []
    if of.targets:  # of a training
        may_be_words = [
            place for place, each in zip(places, refused) if each.may_be_words
        ]
        advice.append(f"--ignore {pasted(table, places)} leaves {them(places)} out")
        if may_be_words:
            advice.append(
                f"--categorical {pasted(table, may_be_words)} takes what is written there for names"
            )
        if of.names is None and any(each.row == 0 for each in refused):
            advice.append("--header yes takes the first row for the names of the columns")
        last = of.column(of.targets[0])
        if len(of.targets) == 1 and of.targets[0] == table.width - 1:
            advice.append(f"the target is {last}, the last: --target names another, or several")
    advised = "".join(f"; {text}" for text in advice)
    if len(refused) == 1:
        one = refused[0]
        raise ValueError(f"{table.where(one.row, one.column)}: {one.why}{advised}")
    lines = [
        f"  {of.column(place)}, line {cells.line(each.row)}: {each.why}"
        for place, each in zip(places, refused[:MOST_REFUSED])
    ]
    if len(refused) > MOST_REFUSED:
        lines.append(f"  and {len(refused) - MOST_REFUSED:,} more")
    raise ValueError(
        f"{table.name}: {len(refused):,} columns cannot be used as they are\n"
        + "\n".join(lines) + advised.replace("; ", "\n", 1)
    )


def them(places: List[int]) -> str:
    return "it" if len(places) == 1 else "them"


def pasted(table: Table, places: List[int]) -> str:
    """Names of columns as an option takes them; their numbers where that would be misread."""
    names = [table.layout.names[place] if table.layout.names else "" for place in places]
    plain = all(name and "," not in name for name in names)
    text = ",".join(names) if plain else ",".join(str(place + 1) for place in places)
    return text if all(c.isalnum() or c in "_,.-" for c in text) else f"'{text}'"


def remarks(table: Table, kinds: List[Kind]) -> List[str]:
    """What a person may want to know of the columns."""
    left_out: Dict[str, List[int]] = {}
    for place, kind in zip(table.layout.inputs, kinds):
        if kind.name == LEFT_OUT:
            left_out.setdefault(kind.reason, []).append(place)
    notes = [
        f"left out: {', '.join(map(table.layout.column, places))} ({reason})"
        for reason, places in left_out.items()
    ]
    constant, numbered = [], []
    for column, (place, kind) in enumerate(zip(table.layout.inputs, kinds)):
        if kind.name == NUMBERS and column not in table.cells.gaps and table.rows > 1:
            cells = table.cells
            first, second = (cells.numbers[row * cells.width + column] for row in (0, 1))
            if first == second and same_in_all(table, column):
                constant.append(place)
            elif second - first == 1.0 and first in (0.0, 1.0) and are_row_numbers(table, column):
                numbered.append(place)
    if constant:
        more = f" … ({len(constant):,} in all)" if len(constant) > MOST_REFUSED else ""
        notes.append(
            f"{', '.join(map(table.layout.column, constant[:MOST_REFUSED]))}{more}: the same "
            "number in every row, from which nothing can be learned"
        )
    if numbered and table.rows > 2:
        notes.append(
            f"{', '.join(map(table.layout.column, numbered))}: the numbers of the rows; --ignore "
            f"{pasted(table, numbered)} leaves {them(numbered)} out, or the network may learn the "
            "order of the rows by heart"
        )
    return notes


def same_in_all(table: Table, column: int) -> bool:
    cells = table.cells
    first, some = cells.numbers[column], range(min(cells.rows, 99))
    if any(cells.numbers[row * cells.width + column] != first for row in some):
        return False
    return cells.column(column).count(first) == cells.rows


def are_row_numbers(table: Table, column: int) -> bool:
    values = table.cells.column(column)
    return all(value == values[0] + row for row, value in enumerate(values))

