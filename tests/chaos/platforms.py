"""The platform of a scenario: a server of our own on loopback, what the bot needs to find it, and what stands on people's screens."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from bot.i18n.words import words_in
from tests.rig.discord import DiscordServer
from tests.rig.discord import Slow as LateAnswer
from tests.rig.discord.markdown import read
from tests.rig.telegram import Call, Slow, TelegramServer

COPY = words_in("en").say("dose.copy")
TO_DISCORD = "CHAOS_DISCORD"
"""The variable that tells the bot's process where this Discord is (program.py)."""
ALWAYS = 1_000_000
_DONE = re.compile(r"\bdone:(\d+)")


class Shown(NamedTuple):
    """A dose on a screen, and whether it says that it may be the second one."""

    chat: str
    is_copy: bool


class Platform(Protocol):
    """What a stage asks of a platform's server.

    `openings` counts how often a bot has begun to speak with it; `until_sends` and `until_openings` wait and raise AssertionError.
    """

    name: str
    program: tuple[str, ...]
    """What Python is told to run, so that the bot finds it."""

    def settings(self) -> dict[str, str]:
        """What the bot's process must be told."""

    @property
    def openings(self) -> int:
        """How often a bot has reached it."""

    async def until_openings(self, count: int, within: float) -> None:
        """Wait until a bot has reached it that often."""

    @property
    def sends(self) -> int:
        """How many messages it has put on screens."""

    async def until_sends(self, count: int, within: float) -> None:
        """Wait until it has put so many messages on screens, or refused them."""

    def answer_sends_after(self, seconds: float) -> None:
        """From now on what is sent stands there at once and is answered that much later; 0 makes all well again."""

    def doses(self) -> Mapping[int, list[Shown]]:
        """The doses on screens by number, each as often as it stands there, in order."""

    def messages(self) -> set[tuple[str, str]]:
        """Chat and number of every message whose number the bot was told."""

    def forgotten(self) -> Mapping[int, int] | None:
        """How often something came again when its nonce was known no more, by the number of its row; None where there are no nonces."""

    def complaints(self) -> list[str]:
        """The calls that the real platform would not have taken, or not as they were."""


class OnTelegram:
    """A Bot API server."""

    name = "telegram"
    program = ("-m", "bot")

    def __init__(self, server: TelegramServer) -> None:
        self.server = server

    def settings(self) -> dict[str, str]:
        return {"BOT_TELEGRAM_TOKEN": self.server.token, "BOT_TELEGRAM_API_URL": self.server.url}

    @property
    def openings(self) -> int:
        return len(self.server.calls("getMe"))

    async def until_openings(self, count: int, within: float) -> None:
        await self.server.calls_reach(count, "getMe", within)

    @property
    def sends(self) -> int:
        return sum(call.delivered for call in self.server.calls("sendMessage"))

    async def until_sends(self, count: int, within: float) -> None:
        await self.server.calls_reach(count, within=within)

    def answer_sends_after(self, seconds: float) -> None:
        self.server.faults.clear()
        if seconds:
            self.server.faults.add(Slow(seconds), method="sendMessage", times=None)

    def doses(self) -> Mapping[int, list[Shown]]:
        return {
            dose: [Shown(str(call.chat_id), is_copy(call)) for call in calls]
            for dose, calls in doses_on_screens(self.server).items()
        }

    def messages(self) -> set[tuple[str, str]]:
        return {
            (str(call.chat_id), str(call.answer["result"]["message_id"]))
            for call in self.server.calls("sendMessage")
            if call.delivered and call.answer
        }

    def forgotten(self) -> None:
        return None

    def complaints(self) -> list[str]:
        dropped = [f"{call.method}: Telegram drops {what}" for call, what in self.server.dropped]
        return [f"{call.method}: {call.error}" for call in self.server.unexpected] + dropped


class OnDiscord:
    """A Discord. It refuses doubles by their nonce, as the real one does."""

    name = "discord"
    program = ("-m", "tests.chaos.program")

    def __init__(self, server: DiscordServer) -> None:
        self.server = server

    def settings(self) -> dict[str, str]:
        return {"BOT_DISCORD_TOKEN": self.server.token, TO_DISCORD: f"127.0.0.1:{self.server.port}"}

    @property
    def openings(self) -> int:
        return self.server.count("GET", "/users/@me")

    async def until_openings(self, count: int, within: float) -> None:
        reached = await self.server.bell.until(lambda: self.openings >= count or None, within)
        assert reached, f"fewer than {count} bots came within {within:g} s"

    @property
    def sends(self) -> int:
        return sum(1 for _ in self.server.world.every_message())

    async def until_sends(self, count: int, within: float) -> None:
        reached = await self.server.bell.until(lambda: self.sends >= count or None, within)
        assert reached, f"fewer than {count} messages within {within:g} s: {self.sends}"

    def answer_sends_after(self, seconds: float) -> None:
        self.server.rest.faults.clear()
        if seconds:
            self.server.fault(LateAnswer(seconds), times=ALWAYS)

    def doses(self) -> Mapping[int, list[Shown]]:
        shown: dict[int, list[Shown]] = defaultdict(list)
        for posted in self.server.world.every_message():
            if found := _DONE.search(" ".join(button.get("custom_id", "") for button in posted.buttons)):
                shown[int(found[1])].append(Shown(str(posted.channel.person), COPY in read(posted.content).text))
        return shown

    def messages(self) -> set[tuple[str, str]]:
        return {(str(posted.channel.person), str(posted.id)) for posted in self.server.world.every_message()}

    def forgotten(self) -> Mapping[int, int]:
        nonces = (posted.nonce for posted in self.server.world.forgotten)
        return Counter(int(nonce.removeprefix("out-")) for nonce in nonces if nonce and nonce.startswith("out-"))

    def complaints(self) -> list[str]:
        return self.server.rest.broken


def doses_on_screens(telegram: TelegramServer) -> dict[int, list[Call]]:
    """The calls by which doses arrived, by the number of the dose, in order."""
    arrived: dict[int, list[Call]] = defaultdict(list)
    for call in telegram.calls("sendMessage"):
        if call.delivered and (found := _DONE.search(str(call.params.get("reply_markup")))):
            arrived[int(found[1])].append(call)
    return arrived


def is_copy(call: Call) -> bool:
    """Whether a message says that it may be the second one."""
    return COPY in str(call.params.get("text"))
