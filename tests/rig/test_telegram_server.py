"""The local Bot API server: calls, answers, and how updates reach a bot."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, InvalidToken

from tests.rig.telegram import Person, TelegramServer

DONE = InlineKeyboardMarkup([[InlineKeyboardButton("Done", callback_data="done:1")]])


async def ask(url: str, **more: Any) -> tuple[int, Any]:
    """A plain POST: status and JSON."""
    async with aiohttp.ClientSession() as session, session.post(url, **more) as answer:
        return answer.status, await answer.json()


def text_of(update: Update) -> str | None:
    return update.message.text if update.message else None


# calls


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (4711000001, "trilha_bot", True)


async def test_a_wrong_token_is_unauthorized(telegram: TelegramServer) -> None:
    wrong = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await ask(f"{telegram.url}/bot99:wrong-token/getMe") == (401, wrong)
    stranger = Bot("99:wrong-token", base_url=telegram.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


@pytest.mark.parametrize("path", ["/botnonsense/getMe", "/", "/bot/getMe"])
async def test_a_malformed_token_is_not_found(telegram: TelegramServer, path: str) -> None:
    assert await ask(telegram.url + path) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_an_unknown_method_is_not_found_and_reported(telegram: TelegramServer) -> None:
    status, answer = await ask(f"{telegram.base_url}{telegram.token}/sendCarrierPigeon")
    assert (status, answer["description"]) == (404, "Not Found: method not found")
    with pytest.raises(AssertionError, match="sendCarrierPigeon"):
        telegram.check()
    telegram.unexpected.clear()


@pytest.mark.parametrize("how", ["json", "data", "params"])
async def test_json_forms_and_the_address_say_the_same(telegram: TelegramServer, ana: Person, how: str) -> None:
    given = {"chat_id": "7", "text": "Bom dia & até já"}
    status, answer = await ask(f"{telegram.base_url}{telegram.token}/sendmessage", **{how: given})
    assert status == 200
    assert answer["result"]["text"] == "Bom dia & até já"
    assert [message.text for message in ana.sees()] == ["Bom dia & até já"]


async def test_every_call_is_in_the_log(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    await bot.send_message(7, "one")
    await bot.send_message(7, "two")
    first, second = telegram.calls("sendMessage", chat_id=7)
    assert (first.params, first.ok) == ({"chat_id": 7, "text": "one"}, True)
    assert first.at <= second.at
    assert second.delivered


@pytest.mark.parametrize(
    ("method", "params", "complaint"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 7}, "message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "  \n"}, "text must be non-empty"),
        ("sendMessage", {"chat_id": 8, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "seven", "text": "x"}, 'field "chat_id" must be of type Integer'),
        ("sendMessage", {"chat_id": 7, "text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        ("sendPhoto", {"chat_id": 7}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": 7, "photo": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"chat_id": 7}, "there is no document in the request"),
        ("sendLocation", {"chat_id": 7, "longitude": 1}, "latitude is empty"),
        ("editMessageText", {"chat_id": 7, "message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("deleteMessage", {"chat_id": 7, "message_id": 99}, "message to delete not found"),
        ("sendChatAction", {"chat_id": 7, "action": "juggling"}, "wrong parameter action in request"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("getFile", {"file_id": "none"}, "wrong file_id or the file is temporarily unavailable"),
        ("getChatAdministrators", {"chat_id": 7}, "there are no administrators in the private chat"),
    ],
)
async def test_a_bad_call_is_refused_in_the_real_servers_words(
    telegram: TelegramServer, ana: Person, method: str, params: dict[str, Any], complaint: str
) -> None:
    status, answer = await ask(f"{telegram.base_url}{telegram.token}/{method}", json=params)
    assert (status, answer["description"]) == (400, f"Bad Request: {complaint}")
    assert [call.method for call in telegram.unexpected] == [method]
    telegram.unexpected.clear()


async def test_an_announced_refusal_lets_the_check_pass(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(7, "the same")
    telegram.expects("message is not modified")
    with pytest.raises(BadRequest, match="essage is not modified: specified new message content"):
        await sent.edit_text("the same")
    telegram.check()


async def test_what_telegram_would_drop_silently_fails_the_check(telegram: TelegramServer, ana: Person) -> None:
    call = f"{telegram.base_url}{telegram.token}/sendMessage"
    await ask(call, json={"chat_id": 7, "text": "x", "disable_notifications": True})
    await ask(call, json={"chat_id": 7, "text": "<a href='nowhere'>x</a>", "parse_mode": "HTML"})
    with pytest.raises(AssertionError) as complaint:
        telegram.check()
    assert "field disable_notifications" in str(complaint.value)
    assert "URL 'nowhere' is invalid: Wrong HTTP URL" in str(complaint.value)
    telegram.dropped.clear()


async def test_after_an_outage_everything_is_as_it_was(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    await bot.send_message(7, "before")
    address = telegram.url
    await telegram.stop()
    await telegram.start()
    await bot.send_message(7, "after")
    assert telegram.url == address
    assert [message.text for message in ana.sees()] == ["before", "after"]


# long polling


async def test_updates_come_again_until_an_offset_confirms_them(bot: Bot, ana: Person) -> None:
    ana.says("one")
    ana.says("two")
    one, two = await bot.get_updates()
    assert [text_of(one), text_of(two)] == ["one", "two"]
    assert two.update_id == one.update_id + 1
    assert [update.update_id for update in await bot.get_updates(offset=two.update_id)] == [two.update_id]
    assert await bot.get_updates(offset=two.update_id + 1) == ()


async def test_a_negative_offset_keeps_only_the_newest(bot: Bot, ana: Person) -> None:
    for text in ("one", "two", "three"):
        ana.says(text)
    (newest,) = await bot.get_updates(offset=-1)
    assert text_of(newest) == "three"


async def test_a_call_brings_at_most_a_hundred_updates(bot: Bot, ana: Person) -> None:
    for number in range(120):
        ana.says(str(number))
    first = await bot.get_updates(limit=100)
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert (len(first), len(rest)) == (100, 20)


async def test_asking_again_with_the_same_offset_at_once_brings_one_update(bot: Bot, ana: Person) -> None:
    ana.says("one")
    ana.says("two")
    assert len(await bot.get_updates(offset=0)) == 2
    assert len(await bot.get_updates(offset=0)) == 1


async def test_a_long_poll_ends_when_somebody_writes(bot: Bot, ana: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    ana.says("good morning")
    (update,) = await poll
    assert text_of(update) == "good morning"


async def test_the_second_poller_dismisses_the_first(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.bell.until(lambda: telegram.calls("getUpdates") or None, within=5)
    async with Bot(telegram.token, base_url=telegram.base_url) as rival:
        second = asyncio.create_task(rival.get_updates(timeout=30, offset=1))
        with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
            await first
        ana.says("hello")
        assert len(await second) == 1


async def test_a_poller_that_died_takes_nothing_with_it(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    _, doomed = await asyncio.open_connection(telegram.host, telegram.port)
    doomed.write(f"GET /bot{telegram.token}/getUpdates?timeout=30 HTTP/1.1\r\nHost: rig\r\n\r\n".encode())
    await telegram.bell.until(lambda: telegram.calls("getUpdates") or None, within=5)
    doomed.transport.abort()
    ana.says("are you there?")
    (update,) = await bot.get_updates(offset=1)
    assert text_of(update) == "are you there?"


async def test_kinds_that_the_bot_did_not_ask_for_never_wait(bot: Bot, ana: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    ana.says("unheard")
    assert await bot.get_updates(offset=1, allowed_updates=[]) == ()
    ana.says("heard")
    assert len(await bot.get_updates(offset=2)) == 1


async def test_a_message_waits_a_day_and_a_press_150_seconds(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    await bot.send_message(7, "dose", reply_markup=DONE)
    ana.presses("Done")
    ana.says("still here")
    telegram.forward(151)
    assert [update.callback_query for update in await bot.get_updates()] == [None]
    telegram.forward(24 * 3600)
    assert await bot.get_updates(offset=1) == ()


# webhook


class Receiver:
    """A bot's webhook: writes down what comes, and answers what the test wants (200 when nothing is left)."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.secrets: set[str | None] = set()
        self.answers: list[int] = []
        self.enough = asyncio.Event()
        self.wanted = 1

    async def hear(self, request: web.BaseRequest) -> web.Response:
        message = (await request.json())["message"]
        self.got.append((message["from"]["first_name"], message["text"]))
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if len(self.got) >= self.wanted:
            self.enough.set()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def hears(self, count: int) -> list[tuple[str, str]]:
        self.wanted = count
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self.enough.clear()
                await self.enough.wait()
        return self.got


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.hear))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield receiver, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret(bot: Bot, ana: Person, receiver: tuple[Receiver, str]) -> None:
    hook, url = receiver
    ana.says("before")
    await bot.set_webhook(url, secret_token="s3cret")
    ana.says("after")
    assert await hook.hears(2) == [("Ana", "before"), ("Ana", "after")]
    assert hook.secrets == {"s3cret"}
    assert (await bot.get_webhook_info()).url == url


async def test_a_refused_update_comes_again_and_holds_back_only_its_own_chat(
    telegram: TelegramServer, bot: Bot, ana: Person, receiver: tuple[Receiver, str]
) -> None:
    hook, url = receiver
    hook.answers = [500, 503]
    bruno = telegram.person(8, "Bruno", "en", started=True)
    await bot.set_webhook(url)
    ana.says("one")
    await hook.hears(1)
    ana.says("two")
    bruno.says("hello")
    got = await hook.hears(5)
    assert [text for name, text in got if name == "Ana"] == ["one", "one", "one", "two"]
    assert ("Bruno", "hello") in got
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_polling_conflicts_with_a_webhook(bot: Bot, receiver: tuple[Receiver, str]) -> None:
    await bot.set_webhook(receiver[1])
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://example.org/hook", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://example.org:9000/hook", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https:///hook", "invalid webhook URL specified"),
    ],
)
async def test_a_webhook_elsewhere_must_be_reachable_for_telegram(
    telegram: TelegramServer, bot: Bot, url: str, complaint: str
) -> None:
    telegram.expects("webhook")
    with pytest.raises(BadRequest) as refusal:
        await bot.set_webhook(url)
    assert refusal.value.message.lower() == complaint.lower()
