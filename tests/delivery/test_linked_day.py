"""One person on the real python-telegram-bot and the real discord.py at once: one database, one dose a day, one streak."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import Present
from bot.doors.discord import DiscordDoor
from bot.doors.telegram import TelegramDoor
from bot.web.fetch import Fetcher
from tests.house import SAO_PAULO, nowhere, settings_for
from tests.rig.discord import DiscordServer
from tests.rig.discord.markdown import read
from tests.rig.telegram import TelegramServer

SOON = 120
"""Seconds for what comes at once on a machine with nothing else to do, and later on a slow one."""
NOTHING = re.compile(r"\b0 ")
SEVEN = datetime(2026, 3, 3, 7, 0, tzinfo=SAO_PAULO)


@dataclass(frozen=True)
class Speech:
    """What somebody presses and reads in their language."""

    telegram: str
    discord: str
    trail: str
    begin: str
    link: str
    ask: str
    linked: str
    told: str
    done: str
    streak: str
    one_day: str
    two_days: str
    gone: str
    unlink: str
    which: str
    take_out: str
    anew: str
    sure: str
    parted: str
    told_parted: str


PORTUGUESE = Speech(
    telegram="pt-br",
    discord="pt-BR",
    trail="Primeiros passos",
    begin="Começar",
    link="Vincular",
    ask="Vincular esta conta à de “Ana” no {first}?",
    linked="Daqui em diante é tudo uma coisa só.",
    told="Agora esta conta está vinculada ao {second}",
    done="Feito",
    streak="sequencia",
    one_day="1 dia, recorde 1.",
    two_days="2 dias, recorde 2.",
    gone="Nada meu chega mais no {first}, então sua dose passa a vir para cá; /pausa interrompe.",
    unlink="desvincular",
    which="Qual deles eu separo?",
    take_out="Separar o {first}",
    anew="você começa do zero",
    sure="Separar",
    parted="o {first} ficou separado",
    told_parted="Esta conta foi separada, a partir do {second}",
)
ENGLISH = Speech(
    telegram="en",
    discord="en-GB",
    trail="First steps",
    begin="Begin",
    link="Link",
    ask="Link this with “Ana” on {first}?",
    linked="You are one person to me now.",
    told="This account is linked with {second} now",
    done="Done",
    streak="streak",
    one_day="1 day, best 1.",
    two_days="2 days, best 2.",
    gone="Nothing of mine gets through on {first} any more, so your dose comes here from now on; /pause stops it.",
    unlink="unlink",
    which="Which one shall I take out?",
    take_out="Take out {first}",
    anew="you begin anew",
    sure="Take it out",
    parted="{first} is on its own now",
    told_parted="This account was taken out, from {second}",
)


class OnTelegram:
    """Somebody's account there."""

    name = "Telegram"

    def __init__(self, server: TelegramServer, speech: Speech) -> None:
        self._server = server
        self._person = server.person(7, "Ana", speech.telegram)

    async def commands(self, command: str, words: str = "") -> None:
        self._person.says(f"/{command} {words}".strip())

    async def presses(self, label: str) -> None:
        self._person.presses(label)

    def screen(self) -> list[str]:
        """All that the bot shows there, the oldest first."""
        return [message.text for message in self._person.sees()]

    async def writes(self, words: str) -> None:
        self._person.says(words)

    def refuses(self, refuses: bool) -> None:
        """They block the bot, or let it in again; Telegram tells it so, and refuses its sends."""
        (self._person.blocks if refuses else self._person.unblocks)()


class OnDiscord:
    """Somebody's account there."""

    name = "Discord"

    def __init__(self, server: DiscordServer, speech: Speech) -> None:
        self._server = server
        self._person = server.person("Ana", speech.discord)

    async def commands(self, command: str, words: str = "") -> None:
        await self._person.uses(self._known(command), words)

    def _known(self, command: str) -> str:
        """A command as Discord knows it, whatever people call it."""
        return {"vincular": "link", "desvincular": "unlink", "sequencia": "streak", "hoje": "today"}.get(
            command, command
        )

    async def presses(self, label: str) -> None:
        await (await self._person.presses(label)).is_answered()

    def screen(self) -> list[str]:
        """All that the bot shows there, the oldest first."""
        return [read(posted.content).text for posted in self._person.sees()]

    async def writes(self, words: str) -> None:
        await self._person.writes(words)

    def refuses(self, refuses: bool) -> None:
        """They take no direct message from the bot any more."""
        (self._server.world.closed.add if refuses else self._server.world.closed.discard)(self._person.id)


Account = OnTelegram | OnDiscord


@dataclass
class Both:
    """A bot on both platforms, and somebody's accounts there."""

    app: App
    accounts: tuple[Account, Account]
    speech: Speech

    async def sees(self, account: Account, words: str) -> str:
        """The newest message there that says so, once it is there."""
        async with asyncio.timeout(SOON):
            while not (found := shows(account, words)):  # noqa: ASYNC110 (each server has a bell of its own)
                await asyncio.sleep(0.02)
        return found[-1]

    async def forward_to(self, local: str) -> None:
        await self.app.forward(datetime.fromisoformat(local).replace(tzinfo=SAO_PAULO) - self.app.now())

    async def begins(self, account: Account) -> None:
        """They subscribe."""
        await account.commands("start")
        await self.sees(account, "Ana")
        await account.presses(self.speech.trail)
        if self.speech is ENGLISH:
            await self.sees(account, "What time is it where you are?")
            await account.writes("São Paulo")
        await self.sees(account, "07:00")
        await account.presses(self.speech.begin)
        await self.sees(account, "08:00")

    async def links(self, here: Account, there: Account) -> None:
        """`here` shows a code, and `there` hands it in."""
        command = "vincular" if self.speech is PORTUGUESE else "link"
        await here.commands(command)
        found = re.search(r"/link ([2-9A-Z]{4}-[2-9A-Z]{4})", await self.sees(here, "/link "))
        assert found
        await there.commands(command, found[1])
        asked = await self.sees(there, self.said("ask"))
        await there.presses(self.speech.link)
        linked = await self.sees(there, self.speech.linked)
        assert not NOTHING.search(asked + linked), "what nobody has yet is not counted"
        await self.app.settle()
        await self.sees(here, self.said("told"))

    async def counts(self, account: Account, days: str) -> None:
        """What they hear of their streak there."""
        await account.commands(self.speech.streak)
        await self.sees(account, days)

    def said(self, what: str) -> str:
        """One of the sentences that name the platforms."""
        first, second = self.accounts
        sentence: str = getattr(self.speech, what)
        return sentence.format(first=first.name, second=second.name)


@pytest.fixture(params=[("pt-BR", "telegram"), ("en", "discord")], ids="-".join)
async def both(
    request: pytest.FixtureRequest, tmp_path: Path, telegram: TelegramServer, discord: DiscordServer
) -> AsyncIterator[Both]:
    """It begins at seven in the morning; the first of the accounts is the one where they subscribe."""
    language, first = request.param
    speech = PORTUGUESE if language == "pt-BR" else ENGLISH
    settings = settings_for(
        tmp_path, telegram_token=telegram.token, telegram_api_url=telegram.url, discord_token=discord.token
    )
    doors = (TelegramDoor(telegram.token, telegram.url), DiscordDoor(discord.token))
    app = App(settings, doors, Present(SEVEN - datetime.now(UTC)), Fetcher(resolve=nowhere))
    accounts: tuple[Account, Account] = (OnTelegram(telegram, speech), OnDiscord(discord, speech))
    try:
        await app.start()
        app.clock.stop()  # the time moves when it is told to
        yield Both(app, accounts if first == "telegram" else accounts[::-1], speech)
    finally:
        await app.stop()


async def test_a_linked_day_on_both_platforms(both: Both) -> None:
    first, second = both.accounts
    speech = both.speech
    await both.begins(first)
    await both.links(first, second)

    await both.forward_to("2026-03-03 08:01")
    await both.sees(first, "What is data?")
    assert not shows(second, "What is data?"), "one dose a day, where it should come"
    await second.commands("hoje" if speech is PORTUGUESE else "today")
    await both.sees(second, "What is data?")
    await second.presses(speech.done)
    await both.counts(second, speech.one_day)
    await first.presses(speech.done)
    await both.counts(first, speech.one_day)

    first.refuses(True)
    before = len(first.screen())
    await both.forward_to("2026-03-04 08:01")
    dose = await both.sees(second, both.said("gone"))
    assert "What is data?" not in dose, "the next one"
    assert len(shows(second, both.said("gone"))) == 1
    await second.presses(speech.done)
    await both.counts(second, speech.two_days)
    await both.forward_to("2026-03-05 08:01")
    await both.forward_to("2026-03-06 08:01")
    assert not shows(second, both.said("gone")), "it was said once, and the card that said it is done"
    assert len(first.screen()) == before

    first.refuses(False)
    await second.commands(speech.unlink)
    await both.sees(second, speech.which)
    await second.presses(both.said("take_out"))
    await both.sees(second, speech.anew)
    await second.presses(speech.sure)
    await both.sees(second, both.said("parted"))
    await both.app.settle()
    await both.sees(first, both.said("told_parted"))
    alone, goes_on = len(first.screen()), len(second.screen())
    await both.forward_to("2026-03-07 08:01")
    assert (len(first.screen()), len(second.screen())) == (alone, goes_on + 1)


def shows(account: Account, words: str) -> list[str]:
    """The messages there that say so."""
    return [one for one in account.screen() if words in one]
