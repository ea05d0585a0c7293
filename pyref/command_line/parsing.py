"""The kind of parser that every command has."""

import argparse
import difflib
from typing import NoReturn

from .help_text import HelpFormatter


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are ValueErrors, and which takes no half names of options."""

    def __init__(self, **settings) -> None:
        super().__init__(allow_abbrev=False, formatter_class=HelpFormatter, **settings)

    def parse_some(self, args=None, namespace=None):
        """What is known here, and what is left."""
        return super().parse_known_args(args, namespace)

    def parse_known_args(self, args=None, namespace=None):
        """Refuses what is unknown here, where the command is known whose help explains."""
        found, unknown = self.parse_some(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self.meant(unknown[0])}")
        return found, unknown

    def meant(self, unknown: str) -> str:
        known = difflib.get_close_matches(unknown.split("=")[0], self._option_string_actions, 1)
        return f"; did you mean {known[0]}?" if known else ""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} ({self.prog} --help explains)")
