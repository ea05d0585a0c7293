"""pyref tutorial: the tutorials that pyref comes from, replayed."""

from ..engine import backend as engines
from ..tutorials import TUTORIALS, title


def add_parser(commands) -> None:
    parser = commands.add_parser(
        "tutorial",
        help="tutorials on how a network learns",
        description="Run a tutorial; without a name, list them all.",
    )
    parser.set_defaults(run=run)
    parser.add_argument("name", metavar="NAME", nargs="?", help="tutorial to run")
    parser.add_argument("arguments", metavar="ARGUMENT", nargs="*", help="what the tutorial takes")
    parser.add_argument(
        "--backend", choices=engines.BACKENDS, default="auto",
        help="the engine: Python or C, with the same bits (default: auto, C if it is there)",
    )


def run(options) -> int:
    if options.name is None:
        width = max(map(len, TUTORIALS))
        for name in TUTORIALS:
            print(f"{name:<{width}}  {title(name)}")
        print("\npyref tutorial NAME runs one of them.")
        return 0
    if options.name not in TUTORIALS:
        raise ValueError(
            f"there is no tutorial {options.name!r}; there are {', '.join(TUTORIALS)}"
        )
    TUTORIALS[options.name]().main(options.arguments, options.backend)
    return 0
