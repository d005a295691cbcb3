"""How every command of `trilha` is declared, and what a slip on the command line is answered with: what to do next."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from bot.errors import CatalogError, SettingsError
from bot.settings import Settings, no_catalog, read_settings

MISFIT = 2
MISFITS = (SettingsError, CatalogError)
"""What ends with it."""
EXIT_CODES = (
    "Exit codes: 0 done; 1 it ended badly, or found something that needs a person, and says what; "
    "2 the command line, the settings or the catalog do not fit."
)


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose complaints say what to do next; those of its subcommands are of the same kind."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": _Paragraphs, "allow_abbrev": False, **given})
        self.set_defaults(parser=self)

    def add_commands(self) -> Commands:
        """Where its subcommands go."""
        return self.add_subparsers(required=True, dest="command", metavar="COMMAND", title="commands")

    def read(self, arguments: Sequence[str] | None) -> argparse.Namespace:
        """What was given. What nothing takes is told by the command that was meant."""
        given, strange = self.parse_known_args(arguments)
        if strange:
            meant: CommandParser = given.parser
            options = [name for action in meant._actions for name in action.option_strings if name.startswith("--")]
            near = _nearest(strange[0].partition("=")[0], options)
            meant.error(f"“{strange[0]}” means nothing here" + (f"; did you mean {near}?" if near else ""))
        return given

    def error(self, message: str) -> NoReturn:
        """Say what does not fit and where the way on is told, and end with 2; a group alone shows what is in it."""
        if message.endswith("required: COMMAND"):
            self.print_help(sys.stderr)
        else:
            end = "" if message.endswith("?") else "."
            print(f"{self.prog}: {message}{end}\n`{self.prog} --help` tells more.", file=sys.stderr)
        sys.exit(MISFIT)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Argparse's own way names every choice, and never the one that was meant."""
        if action.choices is not None and value not in action.choices:
            what = f"{action.option_strings[0]} cannot be" if action.option_strings else "there is no command"
            near = _nearest(value, list(action.choices))
            way_on = f"did you mean {near}?" if near else f"it is one of {', '.join(action.choices)}"
            raise argparse.ArgumentError(None, f"{what} “{value}”; {way_on}")


Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"
"""A group's place for its commands."""


class _Paragraphs(argparse.HelpFormatter):
    """Wraps a text by its paragraphs, and leaves those of several lines as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        parts = (part if "\n" in part else textwrap.fill(part, width) for part in text.split("\n\n"))
        return "\n\n".join(parts)


def _nearest(wrong: str, there_are: list[str]) -> str | None:
    """What is spelt nearly so."""
    return next(iter(get_close_matches(wrong, there_are, n=1)), None)


def add_command(
    commands: Commands,
    name: str,
    does: str,
    *,
    run: Callable[[argparse.Namespace], int],
    more: str = "",
    examples: Sequence[str] = (),
) -> CommandParser:
    """One command: what it does in the list and above its own help, what runs it, more about it, and how it is written."""
    description = "\n\n".join(filter(None, (_sentence(does), more)))
    shown = "\n  ".join(("examples:", *examples)) if examples else None
    command = commands.add_parser(name, help=does, description=description, epilog=shown)
    command.set_defaults(run=run)
    return command


def add_group(commands: Commands, name: str, does: str) -> CommandParser:
    """A name that stands before commands of its own."""
    return commands.add_parser(name, help=does, description=_sentence(does))


def _sentence(does: str) -> str:
    return f"{does[0].upper()}{does[1:]}."


def say(*sentences: str) -> None:
    """Tell whoever runs a command, beside what it gives."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)


def add_file(command: argparse.ArgumentParser) -> None:
    """The catalog to work on, where it may be named."""
    command.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the catalog (by default the one that BOT_CATALOG names)"
    )


def catalog_file(named: Path | None = None, settings: Settings | None = None) -> Path:
    """The file that was named, or the one of the settings. Raises SettingsError where there is none."""
    file = named or (settings or read_settings()).catalog
    if not file.exists():
        raise SettingsError((f"There is no file {file}." if named else no_catalog(file),))
    if file.is_dir():
        raise SettingsError((f"{file} is a folder; the catalog is a file in it, such as {file / 'catalog.yaml'}.",))
    return file
