"""The command line: `trilha run`, `trilha chat`, `trilha catalog …`, `trilha migrate`, `trilha doctor`.

Exit codes: 0 done, 1 it ended badly (and said why), 2 the settings, the catalog or the command line do not fit.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.clock import Present
from bot.errors import CatalogError, DatabaseAway, DatabaseInUse, DatabaseTooNew, SettingsError, Unauthorized
from bot.languages import EITHER, LANGUAGES
from bot.operate import catalog, feeds, links, simulate
from bot.operate.command_line import EXIT_CODES, MISFIT, CommandParser, Commands, add_command, add_group, catalog_file
from bot.settings import read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code. What does not fit is said in sentences, never as a traceback."""
    given = parser().read(arguments)
    try:
        code = int(given.run(given))
        sys.stdout.flush()
        return code
    except SettingsError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return MISFIT
    except CatalogError as error:
        for problem in error.problems:
            print(f"{error.file}: {problem}" if error.file and problem.line else problem, file=sys.stderr)
        return MISFIT
    except DatabaseInUse as error:
        print(
            f"Another `trilha run` or `trilha chat` uses {error}. Stop it first, or use PostgreSQL for several processes.",
            file=sys.stderr,
        )
    except DatabaseTooNew:
        print(
            "A newer version of Trilha made this database. Install that version, or restore a backup.", file=sys.stderr
        )
    except Unauthorized as error:
        print(f"{error.reason}. The tokens are in BOT_TELEGRAM_TOKEN and BOT_DISCORD_TOKEN.", file=sys.stderr)
    except BrokenPipeError:  # `| head` has seen enough; what is left in the buffer goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (DBAPIError, OSError, DatabaseAway) as error:
        reason = getattr(error, "orig", None) or error
        print(
            f"Something the bot needs cannot be reached or written: {reason}. Look at BOT_DATABASE_URL and BOT_DATA_DIR.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        pass
    return 1


def parser() -> CommandParser:
    """Every command there is, with what it takes."""
    trilha = CommandParser(
        prog="trilha",
        description="One well-chosen dose a day, in chat. `trilha COMMAND --help` tells more of each.",
        epilog=f"Settings come from BOT_… variables or a file .env; the README lists them. {EXIT_CODES}",
    )
    trilha.add_argument("--version", action="version", version=version("trilha"))
    commands = trilha.add_commands()
    _add_run(commands)
    _add_chat(commands)
    _add_owner(commands)
    _add_log(commands)
    _add_migrate(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_restored(commands)
    _add_doctor(commands)
    simulate.add(commands)
    catalog.add_commands(add_group(commands, "catalog", "check, describe and convert the catalog"))
    feeds.add_commands(add_group(commands, "feeds", "take in and give out lists of feeds"))
    links.add_commands(add_group(commands, "links", "see whether the catalog's links still lead somewhere"))
    return trilha


# ------------------------------------------------------------------ each command, and what it starts, which is imported only then


def _add_run(commands: Commands) -> None:
    add_command(
        commands,
        "run",
        "serve the platforms whose tokens are set",
        run=_run,
        more="Until Ctrl-C or SIGTERM; SIGHUP reads the catalog again. BOT_TELEGRAM_TOKEN and BOT_DISCORD_TOKEN turn the platforms on.",
        examples=("trilha run", "BOT_TELEGRAM_TOKEN=123:abc trilha run"),
    )


def _run(_: argparse.Namespace) -> int:
    from bot.hostnames import Loop
    from bot.operate.last_resort import LastResort
    from bot.operate.run import run

    # it also counts for what asyncio itself waits for at its end, without an end: tasks and threads that are left
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(run(read_settings(), LastResort().begin))


def _add_chat(commands: Commands) -> None:
    chat = add_command(
        commands,
        "chat",
        "talk to the bot in this terminal",
        run=_chat,
        more="No account anywhere is needed. `:help` at the prompt tells what else it can do, such as moving the time. Lines from a pipe "
        "are taken as typed; with --scratch and without a terminal it plays a short tour.",
        examples=("trilha chat --scratch", "trilha chat --as bruno --lang en"),
    )
    chat.add_argument("--as", dest="person", default="ana", metavar="NAME", help="who you are (ana)")
    chat.add_argument("--lang", default=None, choices=LANGUAGES, help=f"the language of your client: {EITHER}")
    chat.add_argument(
        "--scratch", action="store_true", help="in a fresh folder, gone afterwards; nothing of yours is touched"
    )


def _chat(given: argparse.Namespace) -> int:
    from bot.operate.chat import chat

    settings = read_settings(alone=given.scratch)
    catalog_file(settings=settings)
    return asyncio.run(chat(settings, person=given.person, language=given.lang, scratch=given.scratch))


def _add_owner(commands: Commands) -> None:
    add_command(
        commands,
        "owner",
        "a one-time code that makes whoever sends it to the bot an owner",
        run=_owner,
        more="It holds for a quarter of an hour and takes the place of the one before. BOT_OWNERS names owners for good.",
        examples=("trilha owner",),
    )


def _owner(_: argparse.Namespace) -> int:
    from bot.operate.owner import print_code

    return asyncio.run(print_code(read_settings()))


def _add_log(commands: Commands) -> None:
    add_command(
        commands,
        "log",
        "everything curators did, one JSON object a line",
        run=_log,
        more="The oldest first: at, who, did, about, before, after.",
        examples=("trilha log > curators.jsonl", "trilha log | tail -n 5"),
    )


def _log(_: argparse.Namespace) -> int:
    from bot.operate.audit import print_log

    return asyncio.run(print_log(read_settings()))


def _add_migrate(commands: Commands) -> None:
    add_command(
        commands,
        "migrate",
        "bring the database to the newest schema",
        run=_migrate,
        more="`trilha run` does it by itself at its start; alone it is for those who do one after the other.",
        examples=("trilha migrate",),
    )


def _migrate(_: argparse.Namespace) -> int:
    from bot.operate.database import open_database

    async def bring_up() -> None:
        async with open_database(read_settings()):
            print("The database is at the newest schema.")

    asyncio.run(bring_up())
    return 0


def _add_backup(commands: Commands) -> None:
    backup = add_command(
        commands,
        "backup",
        "copy a SQLite database into one file, beside a running bot too",
        run=_backup,
        more="The copy is whole as of one instant, and is looked at before it gets its name. For PostgreSQL there is pg_dump.",
        examples=("trilha backup trilha-before-upgrade.sqlite",),
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="where the copy goes; it must not be there yet")


def _backup(given: argparse.Namespace) -> int:
    from bot.operate.backup import backup

    return backup(read_settings(), given.file, Present().now())


def _add_restore(commands: Commands) -> None:
    restore = add_command(
        commands,
        "restore",
        "put a backup in the place of a SQLite database, while no bot runs",
        run=_restore,
        more="What was to be sent since the backup may have been: it goes once more at most and says so, and days that are over are "
        "excused. The database that was there stays beside it, under another name.",
        examples=("trilha restore trilha-before-upgrade.sqlite",),
    )
    restore.add_argument(
        "file", type=Path, metavar="FILE", help="a copy that `trilha backup` made, or the file of a database"
    )


def _restore(given: argparse.Namespace) -> int:
    from bot.operate.restore import restore

    return asyncio.run(restore(read_settings(), given.file, Present().now()))


def _add_restored(commands: Commands) -> None:
    add_command(
        commands,
        "restored",
        "tell the bot that its database was put back by other means, such as pg_restore",
        run=_restored,
        more="Before it runs again: then it knows that what was to be sent meanwhile may have been. `trilha restore` does it by itself.",
        examples=("trilha restored",),
    )


def _restored(_: argparse.Namespace) -> int:
    from bot.operate.restore import tell_restored

    return asyncio.run(tell_restored(read_settings(), Present().now()))


def _add_doctor(commands: Commands) -> None:
    doctor = add_command(
        commands,
        "doctor",
        "see whether the database is as it must be, beside a running bot too",
        run=_doctor,
        more="Ends with 1 where it is not, and says what was found.",
        examples=("trilha doctor", "trilha doctor --repair"),
    )
    doctor.add_argument("--repair", action="store_true", help="mend what is safe to mend, and say what was done")


def _doctor(given: argparse.Namespace) -> int:
    from bot.operate.doctor import doctor

    return asyncio.run(doctor(read_settings(), Present().now(), repair=given.repair))


if __name__ == "__main__":
    sys.exit(main())
