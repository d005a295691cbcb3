"""Opening and closing: the token, the webhook, the menu and the profile; a network that comes later; logs without the token."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import structlog
from telegram import Bot, BotCommandScopeAllPrivateChats

from bot.chat import Answer
from bot.contract import Door, MenuEntry, Menus
from bot.doors.telegram import TelegramDoor
from bot.errors import Failing, NotSent, Unauthorized, Uncertain
from tests.rig.telegram import DropAfter, Flood, Garbage, HtmlPage, Person, Refuse, TelegramServer

from .toy import MENUS, ToyHost, echo, home, say

CANARY = "4711000001:AAcanary-canary-canary-canary-canary"


async def open_and_close(telegram: TelegramServer, host: ToyHost, menus: Menus = MENUS) -> None:
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, menus)
    await door.close()


def test_it_is_a_door() -> None:
    door: Door = TelegramDoor(CANARY)
    assert door.platform == "telegram"
    assert CANARY not in repr(vars(door))


@pytest.mark.parametrize("token", ["4711000001:AAsomebody-elses-token-000000000000000", "no-token-at-all"])
async def test_a_wrong_token_is_said_clearly_and_not_shown(telegram: TelegramServer, host: ToyHost, token: str) -> None:
    door = TelegramDoor(token, telegram.url)
    with pytest.raises(Unauthorized) as caught:
        await door.open(host, MENUS)
    assert "BotFather" in caught.value.reason
    assert token not in repr(caught.value)
    assert caught.value.__cause__ is None
    await door.close()


async def test_the_bot_may_start_before_the_network(telegram: TelegramServer, host: ToyHost, ana: Person) -> None:
    await telegram.stop()
    door = TelegramDoor(telegram.token, telegram.url)
    with structlog.testing.capture_logs() as logs:
        opening = asyncio.create_task(door.open(host, MENUS))
        await asyncio.wait([opening], timeout=0.2)
        assert not opening.done()
        assert door.trouble is not None
        await telegram.start()
        await opening
    assert door.trouble is None
    assert logs[0]["event"] == "telegram.unreachable"
    ana.says("/start")
    await ana.sees_something("heard /start")
    await door.close()


@pytest.mark.parametrize("trouble", [HtmlPage(404), HtmlPage(502), Garbage(), Flood(1)])
async def test_opening_waits_out_a_server_that_stumbles(
    telegram: TelegramServer, host: ToyHost, trouble: HtmlPage | Garbage | Flood
) -> None:
    telegram.faults.add(trouble, method="getMe")
    telegram.faults.add(trouble, method="getWebhookInfo")
    await open_and_close(telegram, host)


async def test_a_webhook_is_removed_and_what_waits_for_it_is_not_lost(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    async with Bot(telegram.token, base_url=telegram.base_url) as other:
        await other.set_webhook("https://127.0.0.1:1/nobody")
    ana.says("/start")
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, MENUS)
    await ana.sees_something("heard /start")
    await door.close()


async def test_closing_a_door_that_was_never_opened_is_no_trouble() -> None:
    await TelegramDoor(CANARY).close()


# --------------------------------------------------------------------------------------------------- menu and profile


async def test_each_language_sees_its_own_menu_and_profile(telegram: TelegramServer, host: ToyHost) -> None:
    await open_and_close(telegram, host)
    people = [telegram.person(number, "X", code) for number, code in enumerate(("pt-br", "pt", "en", "ja", None), 20)]
    portuguese = {"start": "Começar", "hoje": "A dose de hoje"}
    english = {"start": "Begin", "today": "Today's dose"}
    assert [telegram.menu_for(person) for person in people] == [portuguese, portuguese, english, english, english]
    assert telegram.about == {
        ("short_description", ""): "One dose a day.",
        ("short_description", "pt"): "Uma dose por dia.",
        ("description", ""): "Something good every day.",
        ("description", "pt"): "Algo bom todo dia.",
    }


async def test_a_menu_of_an_earlier_life_does_not_hide_ours(telegram: TelegramServer, host: ToyHost) -> None:
    async with Bot(telegram.token, base_url=telegram.base_url) as earlier:
        await earlier.set_my_commands([("old", "Old")], scope=BotCommandScopeAllPrivateChats())
        await earlier.set_my_commands([("velho", "Velho")], scope=BotCommandScopeAllPrivateChats(), language_code="pt")
    await open_and_close(telegram, host)
    assert "hoje" in telegram.menu_for(telegram.person(20, "X", "pt-br"))
    assert "today" in telegram.menu_for(telegram.person(21, "Y", "en"))


async def test_the_menu_is_set_once_and_again_when_it_changed(telegram: TelegramServer, host: ToyHost) -> None:
    await open_and_close(telegram, host)
    await open_and_close(telegram, host)
    assert len(telegram.calls("setMyCommands")) == 2
    more = {**MENUS.commands, "en": (*MENUS.commands["en"], MenuEntry("more", "One more"))}
    await open_and_close(telegram, host, replace(MENUS, commands=more))
    assert len(telegram.calls("setMyCommands")) == 4
    assert "more" in telegram.menu_for(telegram.person(20, "X", "en"))


async def test_words_that_are_too_long_are_cut(telegram: TelegramServer, host: ToyHost) -> None:
    long = Menus(
        commands={"en": (MenuEntry("start", "x" * 300),)}, about={"en": "y" * 200}, description={"en": "z" * 600}
    )
    await open_and_close(telegram, host, long)
    assert [len(words) for words in telegram.about.values()] == [120, 512]


async def test_a_menu_that_could_not_be_set_stops_nothing_and_is_tried_at_the_next_start(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    telegram.faults.add(Flood(3600), method="setMyCommands")
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, MENUS)
    ana.says("/start")
    await ana.sees_something("heard /start")
    await door.close()
    assert [key for key, _ in host.alerts] == ["telegram.profile_not_set"]
    assert "telegram.menu" not in host.facts
    await open_and_close(telegram, host)
    assert telegram.menu_for(ana) == {"start": "Começar", "hoje": "A dose de hoje"}


# ---------------------------------------------------------------------------------------------------------- the token


class Everything(logging.Handler):
    """Keeps every record as it would be written, tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@contextmanager
def all_logs_at_debug() -> Iterator[Everything]:
    """Every logger as it is before anybody sets a level, and the root at DEBUG."""
    names = ["", *(name for name in logging.root.manager.loggerDict if name.startswith(("telegram", "http")))]
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.NOTSET)
    everything, root = Everything(), logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(everything)
    try:
        yield everything
    finally:
        root.removeHandler(everything)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


async def test_the_token_is_in_no_log_line_and_in_no_error() -> None:
    with all_logs_at_debug() as everything:
        async with TelegramServer(CANARY) as telegram:
            said = await everything_goes_wrong(telegram)
    assert any("telegram.update_failed" in line for line in everything.lines)
    secret = CANARY.partition(":")[2].lower()  # the library writes some refusals in lower case
    assert [line for line in everything.lines + said if secret in line.lower()] == []


async def everything_goes_wrong(telegram: TelegramServer) -> list[str]:
    """A life with every kind of failure, one of them a page that echoes the address; what the errors said."""

    def poisoned(incoming: object) -> Answer:
        raise ZeroDivisionError("boom")

    host, ana, said = ToyHost(echo), telegram.person(7, "Ana", "en"), list[str]()
    telegram.faults.add(HtmlPage(502), method="getMe")
    telegram.faults.add(Garbage(), method="getUpdates")
    door = TelegramDoor(CANARY, telegram.url)
    await door.open(host, MENUS)
    ana.says("/start")
    await ana.sees_something("heard /start")
    echoing = Refuse(400, f"Bad Request: The requested URL /bot{CANARY}/sendMessage was not found")
    for trouble in (HtmlPage(404), Garbage(), DropAfter(), Flood(1), Refuse(401, "Unauthorized"), echoing):
        telegram.faults.add(trouble, method="sendMessage")
        with pytest.raises(Exception) as caught:
            await door.send(home(ana), say("x"), nonce="n")
        said += [repr(caught.value), str(caught.value.__cause__)]
    host.answers = poisoned
    ana.says("/boom")
    await host.has_alerted("telegram.update_failed")
    await telegram.stop()
    with pytest.raises(
        (NotSent, Failing, Uncertain)
    ) as caught:  # the last where the end was not heard of before the call
        await door.send(home(ana), say("x"), nonce="n")
    said.append(repr(caught.value))
    await door.close()
    said += [repr(fact) for fact in host.alerts]
    wrong = TelegramDoor(f"{CANARY}x", telegram.url)
    await telegram.start()
    with pytest.raises(Unauthorized) as refused:
        await wrong.open(host, MENUS)
    await wrong.close()
    return [*said, repr(refused.value)]


async def test_curators_see_their_own_menu_in_their_own_chat_and_nobody_else_does(
    telegram: TelegramServer, host: ToyHost
) -> None:
    curators = {"en": (MenuEntry("queue", "What waits"),), "pt-BR": (MenuEntry("fila", "O que espera"),)}
    role = {"now": "curator"}
    host.answers = lambda incoming: Answer(menu=role["now"])
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, replace(MENUS, of_role={"curator": curators}))
    carla, other = telegram.person(30, "Carla", "pt-br", started=True), telegram.person(31, "X", "en", started=True)
    eva = telegram.person(32, "Eva", "ja", started=True)
    for person in (carla, eva):
        person.says("hello")
    await host.has_shown(2)
    await asyncio.sleep(0.3)
    assert telegram.menu_for(carla) == {"fila": "O que espera"}
    assert telegram.menu_for(eva) == {"queue": "What waits"}
    assert "today" in telegram.menu_for(other)
    role["now"] = "learner"
    carla.says("hello again")
    await host.has_shown(3)
    await asyncio.sleep(0.3)
    assert "hoje" in telegram.menu_for(carla)
    await door.stop_listening()
    await door.close()
