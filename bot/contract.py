"""What a door must do, what it may ask of the house, and the menus it shows. `tests/doors/test_contract.py` holds every door to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.chat import Address, Answer, Incoming, Message, MessageRef
from bot.errors import DeliveryError, NotRendered

log = structlog.get_logger("doors")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of a platform's command menu."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command for platforms that know every command beforehand, with its words in each language.

    `takes` says what may stand after it (nothing where empty), `takes_file` what a file beside it is for, `completes` whether the house
    offers words for that, `in_groups` whether it is said before others, `for_curators` whether learners may not use it.
    """

    name: str
    names: dict[str, str]
    descriptions: dict[str, str]
    takes: dict[str, str] = field(default_factory=dict)
    takes_file: dict[str, str] = field(default_factory=dict)
    completes: bool = False
    in_groups: bool = False
    for_curators: bool = False


@dataclass(frozen=True, slots=True)
class Menus:
    """The command menu in each language (`pt-BR`, `en`), and the words a profile shows before /start.

    `slash` holds every command there is, for platforms that must know them all; `of_role` the whole menu of those who see more than
    everybody, by role and language.
    """

    commands: dict[str, tuple[MenuEntry, ...]]
    about: dict[str, str]
    description: dict[str, str]
    slash: tuple[SlashCommand, ...] = ()
    of_role: dict[str, dict[str, tuple[MenuEntry, ...]]] = field(default_factory=dict)


class Host(Protocol):
    """What the app hands to a door. A door calls these and knows nothing else of the house."""

    async def answer(self, incoming: Incoming) -> Answer | None:
        """Take one update in, at most once, and say what to show; None when it was answered before.

        Raises DatabaseAway where nobody knows that it took effect: it must not be confirmed, and may be asked again as often as one likes.
        """

    async def not_taken(self, incoming: Incoming) -> Answer:
        """What to say where the database stayed away and nothing comes again: that it did not count."""

    async def is_there(self) -> bool:
        """Whether the database is there, as far as a few seconds tell."""

    async def rendered(self, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        """The answer is on the person's screen and need not be kept."""

    async def reply_turn(self, address: Address) -> None:
        """Wait until a reply may go to that address; bulk waits behind replies."""

    def silence(self, platform: str) -> float:
        """For how many seconds more the platform wants silence; not more than 0 where it wants none."""

    def slow_down(self, platform: str, seconds: float) -> None:
        """The platform asked for silence; every sender of it waits."""

    async def alert(self, what: str, /, **facts: str) -> None:
        """Tell the log, and the owners where they can be reached, what needs a person."""

    async def remembered(self, name: str) -> str | None:
        """A small fact of the door's own that outlives the process, such as a hash of the menu it has set."""

    async def remember(
        self, name: str, value: str, *, owner: str | None = None, lasts: timedelta | None = None
    ) -> None:
        """Keep such a fact; what holds somebody's words with its `owner`, such as "telegram:1234", and no longer than it `lasts`.

        Raises DatabaseAway.
        """

    async def all_remembered(self, beginning: str) -> dict[str, str]:
        """Every such fact whose name begins so, by name."""

    async def forget(self, name: str) -> None:
        """Keep such a fact no longer. Raises DatabaseAway."""

    async def complete(self, command: str, typed: str, language: str | None) -> tuple[str, ...]:
        """What the words after a command could become, for platforms that offer it while somebody types."""

    def now(self) -> datetime:
        """The present instant, UTC."""


class Door(Protocol):
    """A way in and out. `open` returns when the platform is reached, `close` when what was begun is finished.

    `listens_alone`: only one process may listen (polling, a gateway); the one that leads does. `honours_nonce`: for some minutes a send
    that comes again with its nonce makes no second message.
    """

    platform: str
    listens_alone: bool
    honours_nonce: bool

    @property
    def trouble(self) -> str | None:
        """What keeps the door from hearing anybody just now, in the platform's or the network's words; None while all is well."""

    def per_minute(self, to: Address) -> int | None:
        """How many messages a minute the platform takes for one place; None where it counts none, or does so by itself."""

    async def refusal(self) -> str | None:
        """What the platform says against our credentials; None where it takes them, or cannot be asked within a moment."""

    async def open(self, host: Host, menus: Menus, *, listen: bool = True) -> None:
        """Connect, check the credentials, set the menu if it changed; begin to listen, unless that comes later. Raises Unauthorized."""

    async def listen(self) -> None:
        """Begin to listen, for the first time or again after `stop_listening`; nothing happens where it does already."""

    async def send(self, to: Address, message: Message, *, nonce: str, plainly: bool = False) -> MessageRef:
        """Put one message there. Raises a DeliveryError; `nonce` names the send where a platform can tell a repeat.

        What is done before the first call stands in `rendering`.
        """

    async def edit(self, ref: MessageRef, message: Message, *, plainly: bool = False, anew: bool = True) -> MessageRef:
        """Replace a message that was sent before. Where that cannot be done, say it `anew`, or nothing. Raises a DeliveryError.

        What is not said anew keeps the picture that it came with.
        """

    async def knock(self) -> None:
        """Have the platform answer something that changes nothing and that nobody sees. Raises a DeliveryError."""

    async def stop_listening(self) -> None:
        """Take nothing new in; what was taken is answered."""

    async def close(self) -> None:
        """Finish and disconnect."""


@contextmanager
def rendering(platform: str) -> Iterator[None]:
    """Around what a door makes of a message before it calls anybody: a mistake of ours there is one of this message. Raises NotRendered."""
    try:
        yield
    except DeliveryError:
        raise
    except Exception as error:
        log.exception("door.not_rendered", platform=platform)
        raise NotRendered(f"a mistake of ours, before it was sent: {error!r}") from error
