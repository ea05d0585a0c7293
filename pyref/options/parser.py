"""A parser of options whose errors say what was meant, and are raised."""

import argparse
from typing import Any, List, NoReturn, Protocol, Tuple

from ..guessing import closest, did_you_mean

CALLED_ELSEWHERE = {
    "--lr": "--learning-rate", "--layers": "--hidden", "--units": "--hidden",
    "--weight-decay": "--l2", "--alpha": "--l2", "--early-stopping": "--patience",
    "--validation-split": "--validation", "--labels": "--target", "--out": "--output",
}


class Options(Protocol):
    """What options are added to: a parser, or a group of one."""

    def add_argument(self, *names: str, **settings: Any) -> Any: ...

    def add_argument_group(self, title: str, /) -> "Options": ...

    def set_defaults(self, **defaults: Any) -> None: ...


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are ValueErrors, and which takes no half names of options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def parse_some(self, args: Any = None, namespace: Any = None) -> Tuple[Any, List[str]]:
        """What is known here, and what is left."""
        return super().parse_known_args(args, namespace)

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]  # of three forms
        self, args: Any = None, namespace: Any = None
    ) -> Tuple[Any, List[str]]:
        """Refuses what is unknown here, where the command is known whose help explains."""
        found, unknown = self.parse_some(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self.meant(unknown[0])}")
        return found, unknown

    def meant(self, unknown: str) -> str:
        option = unknown.split("=")[0]
        if option in CALLED_ELSEWHERE:
            called = CALLED_ELSEWHERE[option]
            known = [called] if called in self._option_string_actions else []
        else:
            names = {name.lstrip("-"): name for name in self._option_string_actions}
            known = [names[name] for name in closest(option.lstrip("-"), names)]
        return did_you_mean(known)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += did_you_mean(closest(str(value), map(str, action.choices or ())))
            raise

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} ({self.prog} --help explains)")
