"""`trilha catalog …`: what a curator does with the file.

What a command makes goes to standard output, what it has to say to standard error, so that `> file` does what one expects.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.catalog.entry import Catalog
from bot.catalog.export import conflict_in_words
from bot.catalog.file import check_file, parse_catalog, read_catalog
from bot.catalog.markdown.draft import insert_draft, write_draft
from bot.catalog.markdown.merge import Proposal, merge
from bot.catalog.markdown.publish import publish
from bot.catalog.markdown.read import read_list
from bot.catalog.markdown.report import ImportReport
from bot.catalog.problem import Problem
from bot.catalog.schema import write_schema
from bot.catalog.stats import catalog_stats, write_stats
from bot.errors import CatalogError
from bot.languages import EITHER, LANGUAGES
from bot.operate.command_line import MISFIT, CommandParser, Commands, add_command, add_file, catalog_file, say
from bot.operate.export import add_export_commands, live_catalog
from bot.settings import read_settings


def add_commands(parser: CommandParser) -> None:
    """Add the subcommands of `trilha catalog`."""
    commands = parser.add_commands()
    _add_check(commands)
    _add_stats(commands)
    _add_publish(commands)
    add_export_commands(commands)
    _add_schema(commands)
    _add_import(commands)


def _add_check(commands: Commands) -> None:
    check = add_command(
        commands,
        "check",
        "find every problem of the file, each with its line",
        run=_check,
        more="Ends with 1 where there is one. Nothing is changed, and no address is visited: `trilha links check` does that.",
        examples=("trilha catalog check", "trilha catalog check draft.yaml", "trilha catalog check --live"),
    )
    _add_file_or_live(check)


def _add_stats(commands: Commands) -> None:
    stats = add_command(
        commands,
        "stats",
        "count lists, topics, kinds, languages and uses",
        run=_stats,
        examples=("trilha catalog stats", "trilha catalog stats --live"),
    )
    _add_file_or_live(stats)


def _add_publish(commands: Commands) -> None:
    out = add_command(
        commands,
        "publish",
        "write the catalog as a readable Markdown list",
        run=_publish,
        more="With credit to those who keep the lists it comes from. `trilha catalog import` reads its entries back.",
        examples=("trilha catalog publish > LIST.md", "trilha catalog publish --lang pt-BR --list ml-notes > NOTAS.md"),
    )
    out.add_argument("--lang", choices=LANGUAGES, default="en", help=f"its language: {EITHER} (en)")
    out.add_argument(
        "--list",
        dest="lists",
        action="append",
        default=[],
        metavar="ID",
        help="only what this list has; may be given several times (`trilha catalog stats` names them)",
    )
    _add_file_or_live(out)


def _add_schema(commands: Commands) -> None:
    add_command(
        commands,
        "schema",
        "print the JSON Schema with which editors complete and validate the file",
        run=_schema,
        examples=("trilha catalog schema > catalog.schema.json",),
    )


def _add_import(commands: Commands) -> None:
    into = add_command(
        commands,
        "import",
        "read Markdown lists and propose entries: a draft, or additions to a catalog (--into)",
        run=_import,
        more="What cannot be placed is reported with its line. What a person wrote in the catalog stays as it is.",
        examples=(
            "trilha catalog import LIST.md > draft.yaml",
            "trilha catalog import LIST.md --into catalog.yaml --dry-run",
            "trilha catalog import LIST.md --into catalog.yaml",
        ),
    )
    into.add_argument(
        "lists", nargs="+", type=Path, metavar="FILE.md", help="Markdown lists; what is known is recognised"
    )
    into.add_argument(
        "--into", type=Path, metavar="CATALOG", help="add to this file; nothing a person wrote is changed"
    )
    into.add_argument("--dry-run", action="store_true", help="only say what would be added")


def _add_file_or_live(command: CommandParser) -> None:
    add_file(command)
    command.add_argument("--live", action="store_true", help="with what curators decided in the chat since")


def _check(given: argparse.Namespace) -> int:
    file = catalog_file(given.file)
    problems = check_file(file)
    for problem in problems:
        print(problem if problem.path == file.name else f"{file}: {problem}")
    if problems:
        return 1
    catalog, found = _read(given)
    for line in found:
        print(f"{file}: {line}")
    print(f"{file}: {len(catalog.resources)} resources, {len(catalog.topics)} topics, no problem.")
    return 1 if found else 0


def _stats(given: argparse.Namespace) -> int:
    print(write_stats(catalog_stats(_read(given)[0])))
    return 0


def _publish(given: argparse.Namespace) -> int:
    catalog, _ = _read(given)
    known = {known.id for known in catalog.lists}
    if strange := [name for name in given.lists if name not in known]:
        say(f"No list is called {strange[0]}. There are: {', '.join(sorted(known))}.")
        return MISFIT
    sys.stdout.write(publish(catalog, given.lang, tuple(given.lists)))
    return 0


def _schema(_: argparse.Namespace) -> int:
    sys.stdout.write(write_schema())
    return 0


def _import(given: argparse.Namespace) -> int:
    reports = [_read_list(path) for path in given.lists]
    base = read_catalog(catalog_file(given.into)) if given.into else None
    proposal = merge(reports, base)
    for report in reports:
        say(*report.in_words())
    say(*proposal.in_words())
    if given.dry_run:
        return 0
    if given.into is None:
        sys.stdout.write(write_draft(proposal))
        return 0
    return _insert(proposal, given.into)


def _insert(proposal: Proposal, file: Path) -> int:
    """Put a proposal into a catalog file, all of it or nothing."""
    written = insert_draft(proposal, file.read_text("utf-8"))
    added = _parse(written, file)
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(written, "utf-8")
    beside.replace(file)
    say(f"{file} has {len(added.resources)} resources now. `trilha catalog check {file}` says what to look at.")
    return 0


def _parse(written: str, file: Path) -> Catalog:
    try:
        return parse_catalog(written, file.name)
    except CatalogError as error:
        said = Problem(None, "", "the result would not be a valid catalog, so nothing was written:")
        raise CatalogError((said, *error.problems)) from error


def _read_list(path: Path) -> ImportReport:
    try:
        return read_list(path.read_bytes(), path.name)
    except OSError as error:
        raise CatalogError((Problem(None, "", f"{path}: {(error.strerror or 'cannot be read').lower()}"),)) from None


def _read(given: argparse.Namespace) -> tuple[Catalog, list[str]]:
    """The catalog of the file, or with `--live` as learners get it, and what of the curators' decisions does not fit."""
    file = read_catalog(catalog_file(given.file))
    if not given.live:
        return file, []
    laid = asyncio.run(live_catalog(read_settings(), file))
    return laid.catalog, [*map(str, laid.set_aside), *map(conflict_in_words, laid.conflicts)]
