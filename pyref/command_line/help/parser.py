"""The kind of parser that every command has, and how it sets help: paragraphs fill the terminal,
lines of lists and examples stay lines."""

import argparse
import textwrap
from typing import Any, Callable, Iterator, List

from ...options.parser import Parser
from ..saying import answer, as_typed

LONGEST_COMMAND = 20  # with the indent that argparse forgets when it looks for the longest name


class HelpFormatter(argparse.HelpFormatter):
    """A description's paragraphs end at empty lines; a line that begins with a space is its own."""

    def __init__(self, prog: str, **settings: Any) -> None:
        super().__init__(prog, **settings)
        self._action_max_length = LONGEST_COMMAND

    def add_usage(self, usage: Any, *others: Any, **settings: Any) -> None:
        typed = None if usage is None else as_typed(usage).replace("%", "%%")  # which it expands
        super().add_usage(typed, *others, **settings)

    def _split_lines(self, text: str, width: int) -> List[str]:
        return super()._split_lines(as_typed(text), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(
            textwrap.fill(
                line,
                width,
                subsequent_indent="      " if line.startswith(" ") else "",
                break_on_hyphens=False,
            )
            for line in with_whole_paragraphs(as_typed(text))
        )


def with_whole_paragraphs(text: str) -> Iterator[str]:
    """
    >>> list(with_whole_paragraphs("Two\\nlines.\\n\\nNames:\\n  one\\n  two"))
    ['Two lines.', '', 'Names:', '  one', '  two']
    """
    paragraph = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            paragraph.append(line)
            continue
        if paragraph:
            yield " ".join(paragraph)
            paragraph = []
        yield line
    if paragraph:
        yield " ".join(paragraph)


class CommandParser(Parser):
    """Of a command: with its help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=HelpFormatter, **settings)

    def _print_message(self, message: str, file: Any = None) -> None:
        """argparse's own lets help vanish where it cannot be written."""
        answer(message.splitlines())


NewParser = Callable[..., CommandParser]  # what a command's add_parser calls for its own
