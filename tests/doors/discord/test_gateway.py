"""The connection: it comes back from every kind of end, loses nothing that was said meanwhile, and never storms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import discord as library
import pytest

from bot.chat import Answer, Incoming, Message, Span
from bot.commands.menus import menus
from bot.commands.table import COMMANDS
from bot.contract import Menus, SlashCommand
from bot.doors.discord import DiscordDoor
from bot.doors.discord import door as door_of_discord
from bot.doors.discord.client import NEEDED
from bot.doors.discord.commands import payloads
from bot.doors.discord.shards import Shard
from bot.errors import Unauthorized
from tests.doors.discord.conftest import settled
from tests.doors.telegram.toy import MENUS, ToyHost
from tests.rig.deaf import Deaf
from tests.rig.discord import DiscordServer, Person, gateway


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library waits before it connects again, and five seconds before it begins a new session; here it does not."""

    async def at_once(client: library.Client, shard_id: int | None, *, initial: bool = False) -> None:
        pass

    monkeypatch.setattr(library.Client, "before_identify_hook", at_once)
    monkeypatch.setattr(library.backoff.ExponentialBackoff, "delay", lambda self: 0.01)


def shard_of(door: DiscordDoor) -> Shard:
    """The library's one connection."""
    (shard,) = door._client._AutoShardedClient__shards.values()  # type: ignore[attr-defined]
    assert isinstance(shard, Shard)
    return shard


async def test_the_library_waits_for_half_a_minute_at_most(door: DiscordDoor) -> None:
    assert max(shard_of(door)._backoff.delay() for _ in range(200)) <= 32


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["reset", "reconnect", "4000", "1001", "1000"])
async def test_a_cut_is_resumed_and_what_was_said_meanwhile_is_answered(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, how: str
) -> None:
    for number in range(5):
        await discord.gateway.cut(how)
        press = await ana.uses("today", str(number))
        await press.is_answered()
        await discord.bell.until(lambda: discord.gateway.connection, 10)
    assert [heard.text for heard in host.heard] == [f"/today {number}" for number in range(5)]
    assert (discord.gateway.identifies, discord.gateway.resumes) == (1, 5)


@pytest.mark.usefixtures("impatient")
async def test_what_was_written_while_no_connection_was_to_be_had_is_answered(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    """The library would begin a new session here, and Discord serves to a new session only what comes after it."""
    await discord.stop()
    await ana.writes("are you there?")
    assert await _until(lambda: door.trouble is not None)
    await discord.start()
    await host.has_shown()
    assert [heard.text for heard in host.heard] == ["are you there?"]
    assert (discord.gateway.identifies, discord.gateway.resumes) == (1, 1)
    assert door.trouble is None


async def test_closing_at_the_very_moment_that_the_gateway_lets_us_in_ends(
    discord: DiscordServer, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.11's `wait_for`, which the library waits in there, swallows a cancellation that comes just then."""
    let_in, closing = library.gateway.DiscordWebSocket.from_client, None

    async def let_in_while_we_close(*given: object, **named: object) -> object:
        nonlocal closing
        socket = await let_in(*given, **named)  # type: ignore[arg-type]
        closing = asyncio.create_task(door.close())
        while not (door._connection and door._connection.cancelling()):  # noqa: ASYNC110 (a task gives no event)
            await asyncio.sleep(0)
        return socket

    monkeypatch.setattr(library.gateway.DiscordWebSocket, "from_client", let_in_while_we_close)
    door = DiscordDoor(discord.token, opening=0.1)
    await door.open(host, MENUS)
    assert await _until(lambda: closing is not None)
    assert closing is not None
    await asyncio.wait_for(asyncio.shield(closing), 30)


@pytest.mark.parametrize("turns", range(5))
async def test_an_opening_that_is_ended_as_the_gateway_lets_us_in_has_ended(
    discord: DiscordServer, host: ToyHost, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """Some turns of the loop after that; Python 3.11's `wait_for` did not hear of it in one of them, and the start went on."""

    async def let_in(_: object, __: str, ___: object, opened: Callable[[], None]) -> None:
        opened()
        for _turn in range(turns):
            await asyncio.sleep(0)
        ended.append(opening.cancel())

    monkeypatch.setattr(door_of_discord, "keep_connected", let_in)
    door, ended = DiscordDoor(discord.token), list[bool]()
    opening = asyncio.create_task(door.open(host, MENUS))
    await asyncio.wait([opening])
    await door.close()
    assert ended in ([], [opening.cancelled()])


async def test_an_answer_that_takes_too_long_is_given_up_and_keeps_no_stop_waiting(
    discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = Deaf()

    async def never(incoming: Incoming) -> Answer:
        await deaf()
        raise AssertionError

    monkeypatch.setattr(door_of_discord, "LAST_ANSWERS", 0.1)
    door = DiscordDoor(discord.token)
    await door.open(ToyHost(never), MENUS)
    await discord.person("Ana").uses("today")
    await asyncio.wait_for(deaf.begun.wait(), 30)
    await door.stop_listening()
    assert not deaf.ended, "the process may live on, and Discord serves nothing twice"
    monkeypatch.setattr(door_of_discord, "LAST_ANSWERS", 3600.0)
    await asyncio.wait_for(asyncio.shield(door.close()), 30)
    assert deaf.ended


async def test_an_answer_that_takes_long_comes_also_where_another_process_listens_by_then(
    discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly(incoming: Incoming) -> Answer:
        heard.set()
        await may_answer.wait()
        return Answer(say=(Message((Span("here it is"),)),))

    monkeypatch.setattr(door_of_discord, "LAST_ANSWERS", 0.1)
    door = DiscordDoor(discord.token)
    await door.open(ToyHost(slowly), MENUS)
    press = await discord.person("Ana").uses("today")
    await asyncio.wait_for(heard.wait(), 30)
    await door.stop_listening()
    may_answer.set()
    await press.is_answered()
    await door.close()


@pytest.mark.usefixtures("impatient")
async def test_a_door_that_cannot_be_opened_is_in_trouble_until_it_can(discord: DiscordServer, host: ToyHost) -> None:
    await discord.stop()
    door = DiscordDoor(discord.token, opening=0.1)
    await door.open(host, MENUS)
    assert door.trouble == "no connection to the gateway"
    await discord.start()
    assert await _until(lambda: door.trouble is None)
    await door.close()


@pytest.mark.usefixtures("impatient")
async def test_a_session_that_nobody_knows_any_more_is_given_up_in_time(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await discord.stop()
    assert await _until(lambda: door.trouble is not None)
    discord.gateway.session = None
    await discord.start()
    assert await discord.bell.until(lambda: discord.gateway.connection, 20)
    await (await ana.uses("today")).is_answered()
    assert discord.gateway.identifies == 2


@pytest.mark.usefixtures("impatient")
async def test_a_gateway_that_answers_no_heartbeat_is_left_and_asked_again(
    discord: DiscordServer, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "HEARTBEAT_MS", 50)
    door = DiscordDoor(discord.token)
    await door.open(host, MENUS)
    heart = shard_of(door).ws._keep_alive
    assert heart is not None
    heart.heartbeat_timeout = 0.2  # a minute, in life
    discord.gateway.acknowledges = False
    assert await discord.bell.until(lambda: discord.gateway.resumes or None, 20)
    discord.gateway.acknowledges = True
    ana = discord.person("Ana")
    await (await ana.uses("today")).is_answered()
    assert discord.gateway.identifies == 1
    await door.close()


@pytest.mark.usefixtures("impatient")
async def test_a_session_that_is_gone_is_begun_anew(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await discord.gateway.cut("invalid")
    assert await discord.bell.until(lambda: discord.gateway.connection, 20)
    await (await ana.uses("today")).is_answered()
    assert discord.gateway.identifies == 2


async def test_changed_words_are_heard_as_such_and_a_preview_is_none(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    number = await ana.writes("one https://example.org")
    await ana.changes(number, "one https://example.org", preview=True)
    await ana.changes(number, "two https://example.org")
    await discord.gateway.again()
    await settled(discord, door)
    first, second = host.heard
    assert (first.edited, second.edited, second.text) == (False, True, "two https://example.org")
    assert first.said == second.said
    assert first.key != second.key


async def test_two_changes_in_one_second_are_both_answered(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    bruno = discord.person("Bruno")
    for person in (ana, bruno):
        await person.changes(await person.writes("one"), f"two, says {person.name}")
    await settled(discord, door)
    for person in (ana, bruno):
        assert [posted.content for posted in person.sees()] == ["heard one", f"heard two, says {person.name}"]


async def test_an_event_that_is_served_again_takes_effect_once(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await ana.writes("hello")
    await discord.gateway.taken()
    await door.at_rest()
    await discord.gateway.again()
    await discord.gateway.taken()
    await door.at_rest()
    assert len(host.heard) == len(ana.sees()) == 1


def test_the_readme_invites_with_what_we_need() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    assert f"scope=bot+applications.commands&permissions={NEEDED.value}`" in readme


async def test_a_token_that_nobody_knows_ends_the_opening(discord: DiscordServer, host: ToyHost) -> None:
    door = DiscordDoor("not-the-token")
    with pytest.raises(Unauthorized) as refused:
        await door.open(host, MENUS)
    assert "not-the-token" not in str(refused.value)
    await door.close()


async def test_whether_the_token_is_known_can_be_asked_before_anything_else(discord: DiscordServer) -> None:
    wrong = await DiscordDoor("not-the-token").refusal()
    assert wrong is not None
    assert "does not know this token" in wrong
    assert await DiscordDoor(discord.token).refusal() is None
    await discord.stop()
    assert await DiscordDoor(discord.token).refusal() is None, "who cannot be asked refuses nothing"


async def test_a_token_that_is_revoked_later_is_told(discord: DiscordServer, door: DiscordDoor, host: ToyHost) -> None:
    discord.rest.token = discord.gateway.token = "another"
    await discord.gateway.cut("4004")
    await host.has_alerted("discord.unauthorized")


# ------------------------------------------------------------------------------------------------------------ commands


async def test_commands_are_set_once_and_again_when_they_change(discord: DiscordServer, host: ToyHost) -> None:
    for _ in range(2):
        await _open_and_close(discord, host, menus())
    assert discord.world.commands_set == 1
    await _open_and_close(discord, host, MENUS)
    assert discord.world.commands_set == 2


async def _open_and_close(discord: DiscordServer, host: ToyHost, shown: Menus) -> None:
    door = DiscordDoor(discord.token)
    await door.open(host, shown)
    await door.close()


def test_every_command_of_the_table_is_there_with_its_portuguese_words() -> None:
    by_name = {payload["name"]: payload for payload in payloads(menus())}
    assert set(by_name) == {command.name for command in COMMANDS}
    today = by_name["today"]
    assert today["name_localizations"]["pt-BR"] == "hoje"
    assert today["description_localizations"]["pt-BR"] != today["description"]
    assert today["options"] == []
    (option,) = by_name["time"]["options"]
    assert (option["required"], option["name_localizations"]["pt-BR"]) == (False, "palavras")


def test_a_list_of_feeds_may_be_attached_to_follow() -> None:
    by_name = {payload["name"]: payload for payload in payloads(menus())}
    words, file = by_name["follow"]["options"]
    assert (words["type"], file["type"], file["name_localizations"]["pt-BR"]) == (3, 11, "arquivo")
    assert [len(payload["options"]) > 1 for payload in by_name.values()].count(True) == 1


def test_there_are_not_more_commands_than_discord_takes() -> None:
    made = payloads(menus())
    assert len(made) <= 100
    # name, description and options of one command with all its translations: 8,000 characters at most
    assert max(len(str(payload)) for payload in made) < 8000


async def test_words_are_offered_while_somebody_types(discord: DiscordServer, host: ToyHost, ana: Person) -> None:
    assert await ana.types_ahead("trail", "data") == ["trail data", "in pt-BR"]
    assert host.heard == []


def test_a_description_that_is_too_long_is_shortened() -> None:
    long = SlashCommand("x", {"en": "x", "pt-BR": "y"}, {"en": "w" * 200, "pt-BR": "w" * 200})
    (payload,) = payloads(Menus({}, {}, {}, (long,)))
    assert len(payload["description"]) == 100


async def _until(holds: Callable[[], bool]) -> bool:
    """Whether something holds within ten seconds."""
    for _ in range(1000):
        if holds():
            return True
        await asyncio.sleep(0.01)
    return False
