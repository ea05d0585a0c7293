"""Scripts that complete the words of `pyref` in a shell, made from the parsers of its commands."""

import argparse
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ...options.parser import Parser

FILES = {"DATA", "MODEL", "RUN", "OUT", "FILE", "PART|FILE"}  # as help calls them


class Word(NamedTuple):
    """What may stand after an option, or instead of one: some words, and files or not."""

    words: List[str]
    files: bool


class Option(NamedTuple):
    names: List[str]
    help: str
    value: Optional[Word]  # None: it has none


class Command(NamedTuple):
    name: str
    help: str
    options: List[Option]
    others: Word

    @property
    def option_names(self) -> str:
        return " ".join([name for option in self.options for name in option.names])


def commands_of(
    parsers: Dict[str, Tuple[Parser, str]], names_of: Dict[str, List[str]]
) -> List[Command]:
    """`parsers` have a word of help each; `names_of` has the words for options without choices,
    and for the places of others, as help calls them."""
    made = []
    for name, (parser, text) in parsers.items():
        options, others = [], Word([], False)
        for action in parser._actions:
            value = value_of(action, names_of)
            if action.option_strings:
                text_of_option = first_sentence(action.help)
                options.append(Option(list(action.option_strings), text_of_option, value))
            elif value is not None:
                others = Word(others.words + value.words, others.files or value.files)
        made.append(Command(name, text, options, others))
    return made


def value_of(action: argparse.Action, names_of: Dict[str, List[str]]) -> Optional[Word]:
    if action.nargs == 0:
        return None
    called = [str(action.metavar), *action.option_strings][-1]
    words = [str(choice) for choice in action.choices or names_of.get(called, [])]
    return Word(words, action.metavar in FILES)


def first_sentence(text: Optional[str]) -> str:
    """
    >>> first_sentence("Train a network\\non a table.  And more.")
    'Train a network on a table'
    """
    words = " ".join((text or "").split()).replace("%%", "%")
    return words.partition(". ")[0].partition("; ")[0].rstrip(".")


def cases(commands: Sequence[Command]) -> Iterator[Tuple[str, Word]]:
    """Patterns of a command and the option before the word, and what may follow."""
    for command in commands:
        same: Dict[Tuple[str, bool], List[str]] = {}
        for option in command.options:
            if option.value is not None:
                key = " ".join(option.value.words), option.value.files
                same.setdefault(key, []).extend(option.names)
        for (words, files), names in same.items():
            pattern = "|".join(f'"{command.name} {name}"' for name in names)
            yield pattern, Word(words.split(), files)


BASH = """\
# Completion of pyref for bash: eval "$(pyref completion bash)"
_pyref_offer() {{  # words, in any case, and whether files
    local IFS=$' \\t\\n'
    COMPREPLY=($(
        shopt -s nocasematch
        for offered in $1; do
            [[ "$offered" != "$2"* ]] || printf '%s\\n' "$offered"
        done
    ))
    if [ -n "$3" ]; then
        IFS=$'\\n'
        COMPREPLY+=($(compgen -f -- "$2"))
        compopt -o filenames 2>/dev/null
    fi
}}
_pyref() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    local command="${{COMP_WORDS[1]}}"
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _pyref_offer "{names} --help --version" "$word"
        return
    fi
    if [ "$word" = "=" ]; then
        word=""
    elif [ "$before" = "=" ]; then
        before="${{COMP_WORDS[COMP_CWORD-2]}}"
    fi
    case "$command $before" in
{values}
    esac
    case "$command" in
{others}
    esac
}}
complete -F _pyref pyref
"""


def bash(commands: Sequence[Command]) -> str:
    values = []
    for names, (words, files) in cases(commands):
        reply = f'_pyref_offer "{" ".join(words)}" "$word"{" files" * files}; '
        values.append(f"        {names}) {reply * bool(words or files)}return ;;")
    others = []
    for command in commands:
        offered = " ".join(command.others.words)
        also = " files" * command.others.files
        others.append(
            f'        {command.name})\n            case "$word" in\n'
            f'                -*) _pyref_offer "{command.option_names}" "$word" ;;\n'
            f'                *) _pyref_offer "{offered}" "$word"{also} ;;\n'
            "            esac ;;"
        )
    names = " ".join([command.name for command in commands])
    return BASH.format(names=names, values="\n".join(values), others="\n".join(others))


ZSH = """\
#compdef pyref
# Completion of pyref for zsh: a file _pyref in a folder of $fpath
_pyref() {{
    local command="$words[2]" before="$words[CURRENT-1]"
    if (( CURRENT == 2 )); then
        local -a commands=(
{names}
        )
        _describe command commands
        compadd -- --help --version
        return
    fi
    if [[ "$PREFIX" == --*=* ]]; then
        before="${{PREFIX%%=*}}"
        compset -P '*='
    fi
    case "$command $before" in
{values}
    esac
    case "$command" in
{others}
    esac
}}
if [[ "$funcstack[1]" == _pyref ]]; then
    _pyref "$@"
else
    compdef _pyref pyref
fi
"""


def zsh(commands: Sequence[Command]) -> str:
    def offer(word: Word) -> str:
        words = " ".join(word.words)
        return "; ".join([f"compadd -- {words}"] * bool(words) + ["_files"] * word.files) or ":"

    names = [
        f"            {in_single_quotes(f'{command.name}:{command.help}')}" for command in commands
    ]
    values = [f"        {names}) {offer(value)}; return ;;" for names, value in cases(commands)]
    others = []
    for command in commands:
        others.append(
            f"        {command.name})\n            if [[ \"$PREFIX\" == -* ]]; then\n"
            f"                compadd -- {command.option_names}\n            else\n"
            f"                {offer(command.others)}\n            fi ;;"
        )
    return ZSH.format(
        names="\n".join(names), values="\n".join(values), others="\n".join(others)
    )


def fish(commands: Sequence[Command]) -> str:
    lines = [
        "# Completion of pyref for fish: a file ~/.config/fish/completions/pyref.fish",
        "complete -c pyref -f",
        "complete -c pyref -n __fish_use_subcommand -s h -l help -d 'what there is'",
        "complete -c pyref -n __fish_use_subcommand -l version -d 'which version this is'",
    ]
    for command in commands:
        lines.append(
            f"complete -c pyref -n __fish_use_subcommand -a {command.name} "
            f"-d {in_single_quotes(command.help)}"
        )
    for command in commands:
        here = f"complete -c pyref -n '__fish_seen_subcommand_from {command.name}'"
        for option in command.options:
            flags = " ".join(
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                for name in option.names
            )
            lines.append(
                f"{here} {flags}{fish_value(option.value)} -d {in_single_quotes(option.help)}"
            )
        if command.others.files or command.others.words:
            lines.append(here + fish_value(command.others)[len(" -r"):])
    return "\n".join(lines) + "\n"


def fish_value(value: Optional[Word]) -> str:
    if value is None:
        return ""
    offered = in_single_quotes(" ".join(value.words))
    return (" -r -F" if value.files else " -x") + f" -a {offered}" * bool(value.words)


def in_single_quotes(text: str) -> str:
    """Of sh, zsh and fish alike: an apostrophe becomes another one, that quotes nothing."""
    return "'" + text.replace("\\", "").replace("'", "’") + "'"


SHELLS = {"bash": bash, "zsh": zsh, "fish": fish}
