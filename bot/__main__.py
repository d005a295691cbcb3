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
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot.errors import CatalogError, DatabaseInUse, DatabaseTooNew, SettingsError, Unauthorized

MISFIT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code. What does not fit is said in sentences, never as a traceback."""
    given = _parser().parse_args(arguments)
    try:
        code = int(given.run(given))
        sys.stdout.flush()
        return code
    except (SettingsError, CatalogError) as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return MISFIT
    except DatabaseInUse as error:
        print(
            f"Another `trilha run` uses {error}. Stop it first, or use PostgreSQL for several processes.",
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
    except (DBAPIError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        print(
            f"Something the bot needs cannot be reached or written: {reason}. Look at BOT_DATABASE_URL and BOT_DATA_DIR.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        pass
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trilha", description="One well-chosen dose a day, in chat.")
    parser.add_argument("--version", action="version", version=version("trilha"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = _command(commands, "run", "serve the platforms whose tokens are set")
    run.set_defaults(run=_run)

    owner = _command(commands, "owner", "a one-time code that makes whoever sends it to the bot an owner")
    owner.set_defaults(run=_owner)

    log = _command(commands, "log", "everything curators did, one JSON object a line")
    log.set_defaults(run=_log)

    chat = _command(commands, "chat", "talk to the bot in this terminal")
    chat.add_argument("--as", dest="person", default="ana", metavar="NAME", help="who you are (ana)")
    chat.add_argument("--lang", default=None, choices=["pt-BR", "en"], help="the language of your client")
    chat.add_argument(
        "--scratch", action="store_true", help="in a fresh folder, gone afterwards; nothing of yours is touched"
    )
    chat.set_defaults(run=_chat)

    migrate = _command(commands, "migrate", "bring the database to the newest schema")
    migrate.set_defaults(run=_migrate)

    doctor = _command(commands, "doctor", "see whether the database is as it must be, beside a running bot too")
    doctor.add_argument("--repair", action="store_true", help="mend what is safe to mend, and say what was done")
    doctor.set_defaults(run=_doctor)

    from bot.operate import catalog, feeds, links
    from bot.operate.simulate import add_arguments

    add_arguments(_command(commands, "simulate", "measure the choice of doses on synthetic learners"))
    catalog.add_commands(_command(commands, "catalog", "check, describe and convert the catalog"))
    feeds.add_commands(_command(commands, "feeds", "take in and give out lists of feeds"))
    links.add_commands(_command(commands, "links", "see whether the catalog's links still lead somewhere"))
    return parser


def _command(commands: Any, name: str, does: str) -> argparse.ArgumentParser:
    """One command, with what it does in the list and above its own help."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    return made


def _run(_: argparse.Namespace) -> int:
    from bot.operate.run import run
    from bot.settings import read_settings

    return asyncio.run(run(read_settings()))


def _owner(_: argparse.Namespace) -> int:
    from bot.clock import Present
    from bot.operate.owner import how_to_use, new_code
    from bot.settings import read_settings
    from bot.store.database import Database

    async def make(url: str) -> str:
        database = Database(url)
        try:
            return await new_code(database, Present().now())
        finally:
            await database.close()

    print(how_to_use(asyncio.run(make(read_settings().database))))
    return 0


def _log(_: argparse.Namespace) -> int:
    from bot.operate.audit import print_log
    from bot.settings import read_settings

    return asyncio.run(print_log(read_settings().database))


def _chat(given: argparse.Namespace) -> int:
    from bot.operate.chat import chat
    from bot.settings import read_settings

    return asyncio.run(chat(read_settings(), person=given.person, language=given.lang, scratch=given.scratch))


def _migrate(_: argparse.Namespace) -> int:
    from bot.settings import read_settings
    from bot.store.database import Database
    from bot.store.migrate import migrate

    async def bring_up(url: str) -> None:
        database = Database(url)
        try:
            await migrate(database)
        finally:
            await database.close()

    asyncio.run(bring_up(read_settings().database))
    print("The database is at the newest schema.")
    return 0


def _doctor(given: argparse.Namespace) -> int:
    from bot.operate.doctor import doctor
    from bot.settings import read_settings

    return asyncio.run(doctor(read_settings().database, repair=given.repair))


if __name__ == "__main__":
    sys.exit(main())
