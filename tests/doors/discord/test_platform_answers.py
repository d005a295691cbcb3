"""THE table of Discord's answers, code by code, in the words of its documentation: what a send, an edit or an answer tells its caller."""

from __future__ import annotations

import pytest

from bot.doors.discord import DiscordDoor, errors
from bot.errors import Moved, Unreachable
from tests.doors.discord.conftest import home, settled
from tests.doors.telegram.toy import ToyHost, say
from tests.rig.discord import DiscordServer, Person
from tests.rig.discord.faults import refused

CALLBACK = "/interactions/"
NOBODY_THERE = [
    (404, 10003, "Unknown channel"),
    (404, 10013, "Unknown user"),
    (403, 50001, "Missing access"),
    (403, 50013, "You lack permissions to perform that action"),
]
CLOSED = [
    (403, 50007, "Cannot send messages to this user"),
    (403, 50278, "Cannot send messages to this user due to having no mutual guilds"),
]
NOT_EDITABLE = [(404, 10008, "Unknown message"), (400, 50083, "Operation on archived thread")]
TOO_LATE = [
    (404, 10062, "Unknown interaction"),
    (404, 10015, "Unknown webhook"),
    (401, 50027, "Invalid webhook token provided"),
]
OF_THEIR_OWN = {errors.OPENING_TOO_FAST, errors.FLAGGED, errors.ANSWERED}
"""What has a test of its own in `test_sending.py` and `test_lost_answers.py`."""


@pytest.mark.parametrize(("status", "code", "words"), NOBODY_THERE)
async def test_nobody_there_is_unreachable(
    discord: DiscordServer, door: DiscordDoor, ana: Person, status: int, code: int, words: str
) -> None:
    discord.fault(refused(code, words, status))
    with pytest.raises(Unreachable, match=words):
        await door.send(home(ana), say("a dose"), nonce="out-1")


@pytest.mark.parametrize(("status", "code", "words"), CLOSED)
async def test_who_takes_no_direct_message_gets_a_thread_where_there_can_be_one(
    discord: DiscordServer, door: DiscordDoor, ana: Person, status: int, code: int, words: str
) -> None:
    discord.fault(refused(code, words, status), times=2)
    with pytest.raises(Unreachable, match=words):
        await door.send(home(ana), say("a dose"), nonce="out-1")
    server, _ = discord.world.server()
    server.members.add(ana.id)
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    await discord.gateway.taken()
    with pytest.raises(Moved):
        await door.send(home(ana), say("a dose"), nonce="out-2")


@pytest.mark.parametrize(("status", "code", "words"), NOT_EDITABLE)
async def test_what_cannot_be_edited_is_said_anew(
    discord: DiscordServer, door: DiscordDoor, ana: Person, status: int, code: int, words: str
) -> None:
    ref = await door.send(home(ana), say("a card"), nonce="out-1")
    discord.fault(refused(code, words, status), method="PATCH")
    assert await door.edit(ref, say("decided")) != ref
    assert [posted.content for posted in ana.sees()] == ["a card", "decided"]


@pytest.mark.parametrize(("status", "code", "words"), TOO_LATE)
async def test_an_answer_that_discord_no_longer_waits_for_goes_as_a_message_and_alarms_nobody(
    discord: DiscordServer,
    door: DiscordDoor,
    host: ToyHost,
    ana: Person,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
    words: str,
) -> None:
    discord.fault(refused(code, words, status), path=CALLBACK)
    await ana.uses("today")
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["heard /today"]
    assert host.alerts == []
    told = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert [one["late"] for one in told if one["event"] == "discord.not_as_response"] == [True]


def test_each_code_of_the_tables_is_heard_in_a_test() -> None:
    """One that is taken out, or put in without its case, is noticed."""
    tables = [found for name, found in vars(errors).items() if name.isupper()]
    codes = {
        code for found in tables for code in (found if isinstance(found, tuple) else [found]) if isinstance(code, int)
    }
    heard = {code for _, code, _ in (*NOBODY_THERE, *CLOSED, *NOT_EDITABLE, *TOO_LATE)}
    assert codes == heard | OF_THEIR_OWN
    assert {code for _, code, _ in NOBODY_THERE} == set(errors.NOBODY_THERE)
