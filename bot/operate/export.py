"""`trilha catalog export`, `conflicts` and `reload`: the curators' decisions on their way into the file."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from bot.catalog.entry import Catalog
from bot.catalog.export import (
    ExportPlan,
    conflict_in_words,
    contradicting,
    in_words,
    plan_export,
    says_something,
    settle,
)
from bot.catalog.file import parse_catalog, read_catalog
from bot.catalog.markdown.report import counted
from bot.catalog.overlay import Overlaid, overlay
from bot.catalog.rewrite import rewrite
from bot.clock import Present
from bot.operate.command_line import MISFIT, Commands, add_command, add_file, catalog_file, say
from bot.operate.database import open_database
from bot.settings import Settings, read_settings
from bot.store import catalog as kept_catalog
from bot.store import entries
from bot.store.entries import Decision

HOW_TO_SETTLE = (
    "Where they contradict, the file stays as it is and the chat's value serves. Settle it with "
    "`trilha catalog conflicts --take file` or `--take chat`, for all or for the ids you name."
)
HOW_TO_PRINT = (
    "`trilha catalog export --print` gives the whole file on the standard output, for you to put in its place; "
    "the README tells how with Docker."
)


def add_export_commands(commands: Commands) -> None:
    """Add what needs the database besides the file."""
    _add_export(commands)
    _add_conflicts(commands)
    _add_reload(commands)


def _add_export(commands: Commands) -> None:
    export = add_command(
        commands,
        "export",
        "write what curators decided in the chat into the file",
        run=lambda given: asyncio.run(_export(given)),
        more="Comments and order stay. What was changed in the file and in the chat at once is left for `trilha catalog conflicts`.",
        examples=(
            "trilha catalog export --dry-run",
            "trilha catalog export --commit",
            "trilha catalog export --print > catalog.new",
        ),
    )
    add_file(export)
    way = export.add_mutually_exclusive_group()
    way.add_argument("--commit", action="store_true", help="make it one git commit that says who decided what")
    way.add_argument("--print", action="store_true", help="write the whole file to the standard output instead")
    way.add_argument("--dry-run", action="store_true", help="only show the lines that would change")


def _add_conflicts(commands: Commands) -> None:
    conflicts = add_command(
        commands,
        "conflicts",
        "show what was changed in the file and in the chat, and settle it",
        run=lambda given: asyncio.run(_conflicts(given)),
        more="Until it is settled the chat's value serves, and the file stays as it is.",
        examples=(
            "trilha catalog conflicts",
            "trilha catalog conflicts --take chat",
            "trilha catalog conflicts --take file some-entry another-entry",
        ),
    )
    conflicts.add_argument("ids", nargs="*", metavar="ID", help="only these entries (by default all)")
    conflicts.add_argument(
        "--take", choices=("file", "chat"), help="who is right: file or chat; without it they are only shown"
    )
    conflicts.set_defaults(file=None)


def _add_reload(commands: Commands) -> None:
    reload = add_command(
        commands,
        "reload",
        "let the running bot read the file again",
        run=lambda given: asyncio.run(_reload(given)),
        more="A file with problems is told here and changes nothing. SIGHUP to `trilha run` does the same.",
        examples=("trilha catalog reload",),
    )
    add_file(reload)


async def live_catalog(settings: Settings, file: Catalog) -> Overlaid:
    """A file with what curators decided over it, as learners get it."""
    async with open_database(settings) as database, database.read() as session:
        return overlay(file, await entries.changes(session))


async def _export(given: argparse.Namespace) -> int:
    settings = read_settings()
    path = catalog_file(given.file)
    file = read_catalog(path)
    text = _text_of(path)
    async with open_database(settings) as database:
        async with database.read() as session:
            decisions = await entries.decisions(session)
        plan = plan_export(file, [decision.change for decision in decisions])
        written = rewrite(text, plan.catalog)
        _tell_what_stays_out(plan)
        if given.print or given.dry_run or written == text:
            _show(text, written, path, whole=given.print)
            return _end(plan)
        if problem := _write(path, written, commit=given.commit):
            say(problem)
            return 1
        news = [
            _line(decision, file)
            for decision in decisions
            if decision.change in plan.written and says_something(decision.change, file)
        ]
        say(*news, f"{path}: {counted(len(news), 'decision')} written.")
        now = Present().now()
        async with database.write() as session:
            await entries.mark_exported(session, plan.written, now)
            await kept_catalog.call_for_reload(session)
    if given.commit and (problem := _commit(path, news)):
        say(f"The file is written, but git did not commit it: {problem}")
        return 1
    return _end(plan)


def _show(text: str, written: str, path: Path, *, whole: bool) -> None:
    """What the file would be, whole or where it changes."""
    if whole:
        sys.stdout.write(written)
    else:
        sys.stdout.writelines(_diff(text, written, path))
        say("Nothing to write." if written == text else "Nothing was written: this was a dry run.")


def _write(path: Path, written: str, *, commit: bool) -> str | None:
    """Put it in the file's place, or say what is in the way."""
    if commit and (problem := _uncommitted(path)):
        return problem
    try:
        _replace(path, written)
    except OSError as error:
        return f"{path} cannot be written ({(error.strerror or '').lower()}). {HOW_TO_PRINT}"
    return None


async def _conflicts(given: argparse.Namespace) -> int:
    settings = read_settings()
    file = read_catalog(catalog_file())
    async with open_database(settings) as database:
        async with database.read() as session:
            changes = await entries.changes(session)
        laid = overlay(file, changes)
        known = {entry.id for entry in laid.catalog.resources} | {conflict.resource_id for conflict in laid.conflicts}
        if strange := [name for name in given.ids if name not in known]:
            say(f"No entry is called {strange[0]}. `trilha catalog conflicts` alone names those in question.")
            return MISFIT
        found = [conflict for conflict in laid.conflicts if not given.ids or conflict.resource_id in given.ids]
        for conflict in found:
            print(conflict_in_words(conflict))
        if not found:
            say("The file and the chat do not contradict each other.")
            return 0
        if not given.take:
            say(HOW_TO_SETTLE)
            return 1
        torn = contradicting(file, changes, given.ids)
        async with database.write() as session:
            done = [await entries.replace(session, one, settle(file, one, given.take), _now()) for one in torn]
    say(f"{sum(done)} settled: {'the file' if given.take == 'file' else 'the chat'} is right.")
    return 0 if all(done) else 1


async def _reload(given: argparse.Namespace) -> int:
    settings = read_settings()
    read_catalog(catalog_file(given.file))  # a file with problems is told here, not in the bot's log
    async with open_database(settings) as database, database.write() as session:
        await kept_catalog.call_for_reload(session)
    say("A running bot reads the file again within a few seconds; one that starts later reads it anyway.")
    return 0


def _tell_what_stays_out(plan: ExportPlan) -> None:
    say(*(str(problem) for problem in plan.set_aside), *(conflict_in_words(one) for one in plan.conflicts))
    if plan.conflicts:
        say(HOW_TO_SETTLE)


def _end(plan: ExportPlan) -> int:
    return 1 if plan.conflicts or plan.set_aside else 0


def _line(decision: Decision, file: Catalog) -> str:
    """One decision in one line: what, by whom, when and why."""
    why = f": {' '.join(decision.why.split())}" if decision.why else ""
    by = f", by {decision.by}" if decision.by else ""
    return f"{in_words(decision.change, file)}{by} on {decision.at:%Y-%m-%d}{why}"


def _diff(before: str, after: str, path: Path) -> list[str]:
    name = path.name
    return list(unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name, n=1))


def _text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file, all of it or nothing."""
    parse_catalog(text, path.name)
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(text.encode("utf-8"))
    beside.chmod(path.stat().st_mode)
    beside.replace(path)


def _uncommitted(path: Path) -> str | None:
    """Why git cannot take the export as a commit of its own, if so."""
    told = _git(path, "status", "--porcelain", "--", path.name)
    if told.returncode:
        return f"{path} is in no git repository, so nothing was written; leave --commit out."
    if told.stdout.strip():
        return (
            f"{path} has changes that are not committed. Commit them first, so that this export is a commit of its own."
        )
    return None


def _commit(path: Path, news: Sequence[str]) -> str | None:
    """Commit the file alone; the reason if git refuses."""
    count = f"{len(news)} decisions" if len(news) != 1 else "a decision"
    message = f"Take {count} of the curators into the catalog\n\n" + "\n".join(news) + "\n"
    told = _git(path, "commit", "--quiet", "--message", message, "--", path.name)
    return (told.stderr or told.stdout).strip() if told.returncode else None


def _git(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    folder = path.absolute().parent
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)


def _now() -> datetime:
    return Present().now()
