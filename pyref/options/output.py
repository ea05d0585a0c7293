"""What a command prints: options that all commands share."""


def add_json_option(parser) -> None:
    parser.add_argument(
        "--json", action="store_true",
        help="print the answer as one JSON object, and nothing else on standard output",
    )


def add_quiet_option(parser, what: str) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help=what)
