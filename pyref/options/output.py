"""What a command prints: options that all commands share."""

from .parser import Options


def add_json_option(parser: Options) -> None:
    parser.add_argument(
        "--json", action="store_true",
        help="print the answer as one JSON object, and nothing else on standard output",
    )


def add_quiet_option(parser: Options, what: str) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help=what)
