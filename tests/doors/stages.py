"""Every door on its stage: the platform is played, and the same people act on each.

A new door joins the contract with one `Stage` of its own, a thin adapter over the actors of its own tests, and a line in `STAGES`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from bot.chat import Address, Answer, File, Incoming, Message, MessageRef, Picture, Span, plain
from bot.contract import Door
from bot.doors.discord import DiscordDoor
from bot.doors.telegram import TelegramDoor
from bot.doors.terminal import Person as AtTheTerminal
from bot.doors.terminal import TerminalDoor
from bot.doors.terminal.screen import Passing, Shown
from bot.errors import DeliveryError, Failing, Moved, NotSent, Rejected, SlowDown, Unauthorized, Uncertain, Unreachable
from tests.doors.telegram.toy import MENUS, Answers, ToyHost
from tests.rig.discord import Answer as DiscordAnswers
from tests.rig.discord import DiscordServer, Drop, Posted, too_many
from tests.rig.discord import Person as OnDiscord
from tests.rig.discord.faults import Effect as DiscordEffect
from tests.rig.discord.faults import refused
from tests.rig.discord.markdown import read
from tests.rig.discord.world import EPHEMERAL, Server
from tests.rig.png import png
from tests.rig.telegram import DropAfter, Flood, Refuse, TelegramServer
from tests.rig.telegram import Message as OnTelegram
from tests.rig.telegram import Person as AtTelegram
from tests.rig.telegram.faults import Effect


class Host(ToyHost):
    """Answers by a function, takes no key in twice. With `loses_marks` it dies each time before it notes that an answer was shown."""

    loses_marks = False

    async def rendered(self, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        kept = self._kept[incoming.key]
        await super().rendered(incoming, sent)
        if self.loses_marks:
            self._kept[incoming.key] = kept


@dataclass(frozen=True)
class Seen:
    """A message of the bot as it is on a person's screen now; styles are the stretches of text that wear them."""

    text: str
    bold: tuple[str, ...] = ()
    italic: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    buttons: tuple[str, ...] = ()
    picture: bytes | None = None
    file: tuple[str, bytes] | None = None


class Actor(ABC):
    """Somebody alone with the bot. What they do returns when it is answered, or at once while the door is shut."""

    address: Address

    @abstractmethod
    async def says(self, text: str) -> None:
        """Type a line."""

    @abstractmethod
    async def replies(self, number: int, text: str) -> None:
        """Answer the bot's message of that number on their screen."""

    @abstractmethod
    async def presses(self, label: str) -> str:
        """Press a button; give the toast, empty if there is none."""

    @abstractmethod
    async def sends_file(self, name: str, content: bytes, beside: str = "") -> None:
        """Send a file, with words beside it perhaps."""

    @abstractmethod
    async def shares_place(self, latitude: float, longitude: float) -> None:
        """Share where they are."""

    @abstractmethod
    async def is_served_again(self) -> None:
        """The platform serves what they did last once more."""

    @property
    @abstractmethod
    def sees(self) -> list[Seen]:
        """The bot's messages, oldest first."""

    @property
    @abstractmethod
    def offers_place(self) -> str | None:
        """The label under which they are asked to share where they are."""


class Stage(ABC):
    """One door, its platform, and a host behind it that answers by `answers`.

    `silence` is how many seconds the platform asks for where it refuses with SlowDown, `new_home` how the address begins where it
    refuses with Moved. Not every platform has places to share, keeps for later what people do while the bot is away, or lets an answer that
    is given again stand beside itself.
    """

    silence = 3
    new_home = "-1001"
    has_places = True
    keeps_for_later = True
    shows_again = True

    def __init__(self) -> None:
        self.answers: Answers = lambda incoming: Answer()
        self.host = Host(lambda incoming: self.answers(incoming))
        self.door: Door

    async def opens(self) -> None:
        """The bot starts."""
        await self.door.open(self.host, MENUS)

    async def closes(self) -> None:
        """The bot ends."""
        await self.door.stop_listening()
        await self.door.close()

    async def ends(self) -> None:
        """The test is over."""
        await self.closes()

    @abstractmethod
    async def begins(self) -> None:
        """Build the platform and open the door."""

    @abstractmethod
    def person(self, name: str) -> Actor:
        """Somebody who may be written to."""

    @abstractmethod
    async def refuses_next(self, kind: type[DeliveryError]) -> None:
        """The platform answers the next send in the way that this error stands for."""

    @abstractmethod
    async def loses_files(self) -> None:
        """The platform forgets what people sent."""

    @abstractmethod
    async def heals(self) -> None:
        """All is well again."""


# ----------------------------------------------------------------------------------------------------------- terminal


class TerminalActor(Actor):
    def __init__(self, person: AtTheTerminal) -> None:
        self._person = person
        self.address = person.address

    async def says(self, text: str) -> None:
        await self._person.says(text)

    async def replies(self, number: int, text: str) -> None:
        await self._person.replies(self._person.messages[number], text)

    async def presses(self, label: str) -> str:
        before = self._person.their_screen.changed
        await self._person.presses(label)
        news = self._person.their_screen.news(self._person.sender.id, before)
        return "".join(entry.text for entry in news if isinstance(entry, Passing) and not entry.asks)

    async def sends_file(self, name: str, content: bytes, beside: str = "") -> None:
        await self._person.sends_file(name, content, beside)

    async def shares_place(self, latitude: float, longitude: float) -> None:
        await self._person.sends_location(latitude, longitude)

    async def is_served_again(self) -> None:
        await self._person.again()

    @property
    def sees(self) -> list[Seen]:
        return [_on_terminal(shown) for shown in self._person.messages]

    @property
    def offers_place(self) -> str | None:
        return self._person.messages[-1].message.location_label


def _on_terminal(shown: Shown) -> Seen:
    message = shown.message

    def worn(style: str) -> tuple[str, ...]:
        return tuple(span.text for span in message.text if getattr(span, style))

    return Seen(
        plain(message.text),
        worn("bold"),
        worn("italic"),
        worn("code"),
        tuple((span.text, span.link) for span in message.text if span.link),
        tuple(button.label for button in shown.buttons),
        message.picture.png if message.picture else None,
        (message.file.name, message.file.content) if message.file else None,
    )


class TerminalStage(Stage):
    door: TerminalDoor

    async def begins(self) -> None:
        self.door = TerminalDoor(honours_nonce=False)
        await self.opens()

    async def opens(self) -> None:
        await super().opens()
        await self.door.settled()

    def person(self, name: str) -> Actor:
        return TerminalActor(self.door.person("ana", name=name))

    async def refuses_next(self, kind: type[DeliveryError]) -> None:
        errors = {
            SlowDown: SlowDown("Too Many Requests", 3),
            Moved: Moved("migrated", Address("terminal", "-1001")),
        }
        self.door.fails_next(errors.get(kind) or kind("as the test wants"), arrives=kind is Uncertain)

    async def loses_files(self) -> None:
        raise NotImplementedError("a file at the terminal is there")

    async def heals(self) -> None:
        pass


# ----------------------------------------------------------------------------------------------------------- Telegram


class TelegramActor(Actor):
    def __init__(self, stage: TelegramStage, person: AtTelegram) -> None:
        self._stage = stage
        self._person = person
        self._last = stage.telegram.updates.pending()
        self.address = Address("telegram", str(person.id))

    async def says(self, text: str) -> None:
        self._person.says(text)
        await self._is_done()

    async def replies(self, number: int, text: str) -> None:
        self._person.replies_to(self._person.sees()[number], text)
        await self._is_done()

    async def presses(self, label: str) -> str:
        press = self._person.presses(label)
        await self._is_done()
        return (await press.answered()).text

    async def sends_file(self, name: str, content: bytes, beside: str = "") -> None:
        self._person.sends_file(name, content, beside)
        await self._is_done()

    async def shares_place(self, latitude: float, longitude: float) -> None:
        self._person.sends_location(latitude, longitude)
        await self._is_done()

    async def is_served_again(self) -> None:
        last = self._last[-1]
        self._stage.telegram.updates.push(last.kind, last.body, last.lane)
        await self._stage.all_is_taken()

    async def _is_done(self) -> None:
        self._last = self._stage.telegram.updates.pending()
        await self._stage.all_is_taken()

    @property
    def sees(self) -> list[Seen]:
        return [_on_telegram(message) for message in self._person.sees()]

    @property
    def offers_place(self) -> str | None:
        return self._person.keyboard[0][0] if self._person.keyboard else None


def _on_telegram(message: OnTelegram) -> Seen:
    return Seen(
        message.text,
        tuple(message.marked("bold")),
        tuple(message.marked("italic")),
        tuple(message.marked("code")),
        tuple(message.links.items()),
        tuple(label for row in message.buttons for label in row),
        message.photo,
        (message.document.name, message.document.data) if message.document else None,
    )


REFUSALS: dict[type[DeliveryError], Effect] = {
    SlowDown: Flood(3),
    Failing: Refuse(502, "Bad Gateway"),
    Uncertain: DropAfter(),
    Rejected: Refuse(400, "Bad Request: can't parse entities: unsupported start tag"),
    Unreachable: Refuse(403, "Forbidden: bot was blocked by the user"),
    Moved: Refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -1001}),
    Unauthorized: Refuse(401, "Unauthorized"),
}


class TelegramStage(Stage):
    async def begins(self) -> None:
        self.telegram = TelegramServer()
        self._listens = self._is_away = False
        await self.telegram.start()
        await self.opens()

    async def opens(self) -> None:
        self.door = TelegramDoor(self.telegram.token, self.telegram.url)
        await super().opens()
        self._listens = True
        await self.all_is_taken()

    async def closes(self) -> None:
        self._listens = False
        await super().closes()

    async def ends(self) -> None:
        await super().ends()
        await self.telegram.stop()
        self.telegram.check()

    async def all_is_taken(self) -> None:
        """Wait until the bot confirmed whatever people did; at once while it does not listen."""
        if self._listens:
            pending = self.telegram.updates.pending
            assert await self.telegram.bell.until(lambda: not pending() or None, 10), pending()

    def person(self, name: str) -> Actor:
        return TelegramActor(self, self.telegram.person(7, name, "pt-br", started=True))

    async def refuses_next(self, kind: type[DeliveryError]) -> None:
        if kind is NotSent:
            self._is_away = True
            await self.telegram.stop()
        else:
            self.telegram.faults.add(REFUSALS[kind], method="sendMessage")

    async def loses_files(self) -> None:
        self.telegram.files.forget()
        self.telegram.expects("wrong file_id")

    async def heals(self) -> None:
        if self._is_away:
            self._is_away = False
            await self.telegram.start()


# ------------------------------------------------------------------------------------------------------------ Discord


class DiscordActor(Actor):
    def __init__(self, stage: DiscordStage, person: OnDiscord) -> None:
        self._stage = stage
        self._person = person
        self.address = Address("discord", str(person.id))

    async def says(self, text: str) -> None:
        if text.startswith("/"):
            command, _, words = text[1:].partition(" ")
            await self._person.uses(command, words)
        else:
            await self._person.writes(text)
        await self._stage.all_is_taken()

    async def replies(self, number: int, text: str) -> None:
        await self._person.writes(text, answers=self._shown[number])
        await self._stage.all_is_taken()

    async def presses(self, label: str) -> str:
        before = len(self._passing)
        await self._person.presses(label)
        await self._stage.all_is_taken()
        return "".join(read(one.content).text for one in self._passing[before:])

    async def sends_file(self, name: str, content: bytes, beside: str = "") -> None:
        if beside.startswith("/"):
            command, _, words = beside[1:].partition(" ")
            await self._person.uses(command, words, file=(name, content))
        else:
            await self._person.writes(beside, files=((name, content),))
        await self._stage.all_is_taken()

    async def shares_place(self, latitude: float, longitude: float) -> None:
        raise NotImplementedError("Discord has no places to share")

    async def is_served_again(self) -> None:
        await self._stage.discord.gateway.again()
        await self._stage.all_is_taken()

    @property
    def sees(self) -> list[Seen]:
        return [_on_discord(posted) for posted in self._shown]

    @property
    def offers_place(self) -> str | None:
        return None

    @property
    def _shown(self) -> list[Posted]:
        return [one for one in self._person.sees() if not one.flags & EPHEMERAL]

    @property
    def _passing(self) -> list[Posted]:
        """What only they see and may put away: passing words."""
        return [one for one in self._person.sees() if one.flags & EPHEMERAL]


def _on_discord(posted: Posted) -> Seen:
    seen = read(posted.content)
    assert not seen.foreign, f"Discord would style {seen.foreign} in {posted.content!r}"
    named = {name: content for name, content, _ in posted.files}
    picture = named.pop("picture.png", None)
    return Seen(
        seen.text,
        tuple(seen.bold),
        tuple(seen.italic),
        tuple(seen.code),
        tuple(seen.links),
        tuple(button["label"] for button in posted.buttons),
        picture,
        next(iter(named.items()), None),
    )


DISCORD_REFUSALS: dict[type[DeliveryError], DiscordEffect] = {
    SlowDown: too_many(45),
    Failing: DiscordAnswers(503, "<html>503</html>"),
    Uncertain: Drop(after=True),
    Rejected: refused(50035, "Invalid Form Body", 400),
    Unauthorized: DiscordAnswers(401, {"code": 0, "message": "401: Unauthorized"}),
}


class DiscordStage(Stage):
    silence = 45  # discord.py itself keeps what is shorter than 30 s
    new_home = "#"
    has_places = False
    keeps_for_later = False
    shows_again = False  # Discord knows that it was answered, and what stands there is said anew

    async def begins(self) -> None:
        self.discord = DiscordServer()
        self._is_away = False
        self.server: Server | None = None
        await self.discord.start()
        await self.opens()

    async def opens(self) -> None:
        self.door = DiscordDoor(self.discord.token)
        await super().opens()

    async def closes(self) -> None:
        await super().closes()
        self.discord.gateway.session = None

    async def ends(self) -> None:
        await super().ends()
        await self.discord.end()

    async def all_is_taken(self) -> None:
        await self.discord.gateway.taken()
        await self.door.at_rest()

    def person(self, name: str) -> Actor:
        return DiscordActor(self, self.discord.person(name))

    async def refuses_next(self, kind: type[DeliveryError]) -> None:
        if kind is NotSent:
            self._is_away = True
            await self.discord.stop()
        elif kind in (Unreachable, Moved):
            self.discord.world.closed.add(9001)
            if kind is Moved:
                self.server, _ = self.discord.world.server()
                self.server.members.add(9001)
                await self.discord.gateway.dispatch("GUILD_CREATE", self.discord.gateway.server_json(self.server))
                await self.discord.gateway.taken()
        else:
            self.discord.fault(DISCORD_REFUSALS[kind], path=f"/channels/{self.discord.world.direct(9001).id}/messages")

    async def loses_files(self) -> None:
        self.discord.rest.files.clear()

    async def heals(self) -> None:
        self.discord.world.closed.clear()
        if self._is_away:
            self._is_away = False
            await self.discord.start()


STAGES: tuple[type[Stage], ...] = (TerminalStage, TelegramStage, DiscordStage)


# ------------------------------------------------------------------------------------------------------ what is shown


PNG = png(60, 60)
PICTURE = Picture(PNG, "18 of 30 days were done")
FILE = File("all-of-it.json", b'{"all": "of it"}')
STYLED = Message(
    (
        Span("Bold", bold=True),
        Span(" and "),
        Span("italic", italic=True),
        Span(", "),
        Span("code", code=True),
        Span(" and a "),
        Span("link", link="https://example.org/a"),
    )
)
