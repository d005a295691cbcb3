"""THE table of Telegram's answers, row by row, with the words of the real server: what a send tells its caller."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Address, MessageRef
from bot.doors.telegram import TelegramDoor, errors
from bot.doors.telegram.library import Http
from bot.errors import (
    DeliveryError,
    Failing,
    Moved,
    NotSent,
    Rejected,
    SlowDown,
    Unauthorized,
    Uncertain,
    Unreachable,
)
from tests.rig.telegram import DropAfter, DropBefore, Flood, Garbage, HtmlPage, Person, Refuse, Slow, TelegramServer
from tests.rig.telegram.faults import Effect

from .toy import MENUS, ToyHost, home, say

GONE = [
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (403, "Forbidden: bot was kicked from the group chat"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: bot is not a member of the channel chat"),
    (403, "Forbidden: the group chat was deleted"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: user not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: INPUT_USER_DEACTIVATED"),
    (400, "Bad Request: USER_IS_BLOCKED"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: CHAT_RESTRICTED"),
    (400, "Bad Request: have no rights to send a message"),
    (400, "Bad Request: have no write access to the chat"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: need administrator rights in the channel chat"),
    (400, "Bad Request: message thread not found"),
    (400, "Bad Request: TOPIC_CLOSED"),
    (400, "Bad Request: TOPIC_DELETED"),
]
SAID_ANEW = [
    "Bad Request: message to edit not found",
    "Bad Request: message can't be edited",
    "Bad Request: there is no text in the message to edit",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: message identifier is not specified",
]
AS_IT_WAS = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OUR_BUG = [
    (400, "Bad Request: can't parse entities: Unsupported start tag"),
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: reply markup is too long"),
    (400, "Bad Request: BUTTON_DATA_INVALID"),
    (413, "Request Entity Too Large"),
    (400, "Bad Request: not enough rights to send photos to the chat"),
]


@pytest.fixture(params=["aiohttp", "httpx"])
def http(request: pytest.FixtureRequest) -> Http:
    library: Http = request.param
    return library


async def failed_send(door: TelegramDoor, to: Address) -> DeliveryError:
    """The error of a send that must not end in a plain yes."""
    with pytest.raises(DeliveryError) as caught:
        await door.send(to, say("hello"), nonce="n")
    return caught.value


@pytest.mark.parametrize(("code", "words"), GONE)
async def test_nobody_there_is_unreachable(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, code: int, words: str
) -> None:
    telegram.faults.add(Refuse(code, words), method="sendMessage")
    error = await failed_send(door, home(ana))
    assert type(error) is Unreachable
    assert error.reason.lower() in words.lower()
    assert len(telegram.calls("sendMessage")) == 1


@pytest.mark.parametrize(("code", "words"), OUR_BUG)
async def test_a_message_that_telegram_will_never_take_is_rejected(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, code: int, words: str
) -> None:
    telegram.faults.add(Refuse(code, words), method="sendMessage")
    error = await failed_send(door, home(ana))
    assert type(error) is Rejected
    assert error.reason.lower() in words.lower()


async def test_a_chat_that_is_not_found_may_be_found_a_minute_later(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    for words, sure in (("Bad Request: chat not found", False), ("Bad Request: PEER_ID_INVALID", True)):
        telegram.faults.add(Refuse(400, words), method="sendMessage")
        error = await failed_send(door, home(ana))
        assert isinstance(error, Unreachable)
        assert error.sure is sure


async def test_a_group_that_became_a_supergroup_is_moved(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    group = telegram.group(-50, "Study circle", [ana])
    group.migrates(-1001)
    error = await failed_send(door, Address("telegram", "-50"))
    assert isinstance(error, Moved)
    assert error.address == Address("telegram", "-1001")


async def test_a_flood_asks_for_silence_of_everybody(
    telegram: TelegramServer, door: TelegramDoor, host: ToyHost, ana: Person
) -> None:
    telegram.faults.add(Flood(37), method="sendMessage")
    error = await failed_send(door, home(ana))
    assert isinstance(error, SlowDown)
    assert error.retry_after == 37
    assert host.silences == [37]


async def test_a_flood_without_a_figure_is_silent_for_five_seconds(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    telegram.faults.add(Refuse(429, "Too Many Requests"), method="sendMessage")
    error = await failed_send(door, home(ana))
    assert isinstance(error, SlowDown)
    assert error.retry_after == 5


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_token_that_is_not_known_blames_nobody(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, code: int, words: str
) -> None:
    telegram.faults.add(Refuse(code, words), method="sendMessage")
    assert type(await failed_send(door, home(ana))) is Unauthorized


@pytest.mark.parametrize(
    "effect",
    [
        Refuse(500, "Internal Server Error: sent message not found"),
        Refuse(502, "Bad Gateway"),
    ],
)
async def test_a_broken_server_is_failing(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, effect: Effect
) -> None:
    telegram.faults.add(effect, method="sendMessage")
    assert isinstance(await failed_send(door, home(ana)), Failing)


@pytest.mark.parametrize(
    "effect",
    [
        DropAfter(),
        DropBefore(),
        Garbage(after=True),
        Garbage(),
        HtmlPage(502),
        HtmlPage(503, after=True),
        HtmlPage(403),
        HtmlPage(404),
        HtmlPage(401),
    ],
)
async def test_a_lost_answer_is_uncertain(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, effect: Effect
) -> None:
    telegram.faults.add(effect, method="sendMessage")
    assert type(await failed_send(door, home(ana))) is Uncertain


async def test_no_connection_means_not_sent(telegram: TelegramServer, door: TelegramDoor, ana: Person) -> None:
    await telegram.stop()
    assert type(await failed_send(door, home(ana))) is NotSent


async def test_no_free_connection_means_not_sent(
    telegram: TelegramServer, host: ToyHost, ana: Person, http: Http
) -> None:
    door = TelegramDoor(telegram.token, telegram.url, connections=1, free_connection_within=0.05, http=http)
    await door.open(host, MENUS)
    telegram.faults.add(Slow(0.5), method="sendMessage")
    first = asyncio.create_task(door.send(home(ana), say("one"), nonce="1"))
    await ana.sees_something("one")
    assert type(await failed_send(door, home(ana))) is NotSent
    await first
    assert [message.text for message in ana.sees()] == ["one"]
    await door.close()


async def test_an_address_that_is_no_number_is_unreachable(door: TelegramDoor) -> None:
    assert type(await failed_send(door, Address("telegram", "nobody"))) is Unreachable


async def test_edits_are_read_by_the_same_table(telegram: TelegramServer, door: TelegramDoor, ana: Person) -> None:
    ref = await door.send(home(ana), say("hello"), nonce="n")
    ana.blocks()
    with pytest.raises(Unreachable):
        await door.edit(MessageRef(home(ana), ref.id), say("hello again"))


@pytest.mark.parametrize("words", SAID_ANEW)
async def test_what_cannot_be_edited_is_said_anew(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, words: str
) -> None:
    ref = await door.send(home(ana), say("hello"), nonce="n")
    telegram.faults.add(Refuse(400, words), method="editMessageText")
    assert await door.edit(ref, say("hello again")) != ref
    assert [message.text for message in ana.sees()] == ["hello", "hello again"]


async def test_an_edit_that_changes_nothing_is_no_trouble(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    ref = await door.send(home(ana), say("hello"), nonce="n")
    telegram.faults.add(Refuse(400, AS_IT_WAS), method="editMessageText")
    assert await door.edit(ref, say("hello")) == ref
    assert [message.text for message in ana.sees()] == ["hello"]


def test_each_string_of_the_tables_is_heard_in_words_of_the_server_that_hold_no_other() -> None:
    """One that is taken out, or put in without its words, is noticed."""
    tables = [found for name, found in vars(errors).items() if name.isupper()]
    parts = {
        part for found in tables for part in ([found] if isinstance(found, str) else found) if isinstance(part, str)
    }
    heard = [words.lower() for words in (*SAID_ANEW, AS_IT_WAS, *(words for code, words in GONE if code == 400))]
    held = [[part for part in parts if part in words] for words in heard]
    assert sorted(held) == sorted([part] for part in parts)


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        ('{"retry_after": 3}', 3),
        ('{"retry_after": 2.5}', 2.5),
        ('{"retry_after": "7"}', 7),
        ('{"retry_after": "soon"}', 5),
        ('{"retry_after": -4}', 5),
        ('{"retry_after": 0}', 5),
        ('{"retry_after": null}', 5),
        ('{"retry_after": [30]}', 5),
        ('{"retry_after": {"seconds": 30}}', 5),
        ('{"retry_after": NaN}', 5),
        ('{"retry_after": 1e999}', 86_400),
        (f'{{"retry_after": 1{"0" * 400}}}', 5),
        ('{"retry_after": 31536000000}', 86_400),
        ("[30]", 5),
        ('"30"', 5),
        ("30", 5),
        ("null", 5),
        ("{}", 5),
    ],
)
async def test_a_429_is_one_whatever_stands_in_its_parameters(
    door: TelegramDoor, host: ToyHost, ana: Person, monkeypatch: pytest.MonkeyPatch, parameters: str, seconds: float
) -> None:
    body = f'{{"ok": false, "error_code": 429, "description": "Too Many Requests: retry later", "parameters": {parameters}}}'

    async def answer(*_: object, **__: object) -> tuple[int, bytes]:
        return 429, body.encode()

    monkeypatch.setattr(door._bot.request._pool, "do_request", answer)  # type: ignore[attr-defined]
    error = await failed_send(door, home(ana))
    assert isinstance(error, SlowDown)
    assert (error.retry_after, host.silences) == (seconds, [seconds])
