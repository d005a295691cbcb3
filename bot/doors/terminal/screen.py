"""What one chat shows at this moment, the way a phone would show it: messages in their present state, in their order.

Buttons carry numbers. They are numbered through everything that came since somebody last did something in the chat, so that a
number that was printed keeps its button until new ones are printed. Where much comes at once, only the newest is numbered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat import Address, Button, Message, MessageRef, Sender, plain, unstyled

LARGEST_NUMBER = 15
"""Three doses."""


@dataclass(slots=True)
class Shown:
    """A message of the bot as it is now: shown first `at`, edited last `edited_at`.

    `changed` is the number of that change among all that happened on its screen.
    """

    ref: MessageRef
    message: Message
    at: datetime
    changed: int
    edited_at: datetime | None = None

    @property
    def text(self) -> str:
        """Its characters, with the words of what hangs on it."""
        parts = [plain(self.message.text)]
        if self.message.picture:
            parts.append(f"[picture: {self.message.picture.alt}]")
        if self.message.file:
            parts.append(f"[file: {self.message.file.name}]")
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Its buttons, row after row."""
        return tuple(button for row in self.message.buttons for button in row)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person did, in words."""

    who: Sender
    text: str
    at: datetime
    changed: int


@dataclass(frozen=True, slots=True)
class Passing:
    """A word that only one person sees, for a moment: the toast over a button, or the label of an input box."""

    whom: str
    text: str
    at: datetime
    changed: int
    asks: bool = False


Entry = Shown | Said | Passing


class Screen:
    """All that one chat shows, oldest first; `asked` holds the ids of those whose next words answer a question."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.entries: list[Entry] = []
        self.numbered: dict[int, tuple[Shown, Button]] = {}
        self.asked: set[str] = set()
        self.changed = 0
        self._new_screenful = True

    @property
    def messages(self) -> tuple[Shown, ...]:
        """The bot's messages, oldest first."""
        return tuple(entry for entry in self.entries if isinstance(entry, Shown))

    def find(self, ref: MessageRef) -> Shown | None:
        """The message of that reference, if this screen holds it."""
        return next((shown for shown in self.messages if shown.ref == ref), None)

    def put(self, ref: MessageRef, message: Message, at: datetime, *, plainly: bool = False) -> Shown:
        """A new message at the end; `plainly` drops its styles."""
        shown = Shown(ref, _bare(message) if plainly else message, at, self._next())
        self.entries.append(shown)
        self._number(shown)
        return shown

    def replace(self, shown: Shown, message: Message, at: datetime, *, plainly: bool = False) -> None:
        """The message in a new state, at its old place; its buttons get new numbers. `plainly` drops its styles."""
        shown.message, shown.edited_at, shown.changed = _bare(message) if plainly else message, at, self._next()
        self.numbered = {number: held for number, held in self.numbered.items() if held[0] is not shown}
        self._number(shown)

    def heard(self, who: Sender, text: str, at: datetime) -> None:
        """Somebody said or pressed something here."""
        self.entries.append(Said(who, text, at, self._next()))
        self.asked.discard(who.id)
        self.turn_page()

    def whisper(self, whom: str, text: str, at: datetime, *, asks: bool = False) -> None:
        """A passing word for the person of that id."""
        self.entries.append(Passing(whom, text, at, self._next(), asks))

    def news(self, viewer: str, since: int) -> tuple[Entry, ...]:
        """What the bot showed to this person after the change number `since`, in the order it happened."""
        new = [entry for entry in self.entries if entry.changed > since and self._is_for(viewer, entry)]
        return tuple(sorted(new, key=lambda entry: entry.changed))

    def turn_page(self) -> None:
        """Somebody did something: the numbers that are there stay good until the next buttons come, which count from 1."""
        self._new_screenful = True

    def keep_numbers_small(self, printed: list[Shown]) -> bool:
        """Where the numbers went beyond what one likes to type, number only the newest of what is about to be printed, from 1.

        Whether some are left without. A message alone is always numbered whole.
        """
        if max(self.numbered, default=0) <= LARGEST_NUMBER:
            return False
        newest: list[Shown] = []
        room = LARGEST_NUMBER
        for shown in reversed(printed):
            room -= len(shown.buttons)
            if room < 0 and any(one.buttons for one in newest):
                break
            newest.insert(0, shown)
        self.number_again(newest)
        return len(newest) < len(printed)

    def number_again(self, shown: list[Shown]) -> None:
        """Number the buttons of these messages and no others: the person is about to read them all."""
        self.numbered, self._new_screenful = {}, False
        for message in shown:
            self._number(message)

    def newest_first(self) -> list[Shown]:
        """The messages as they lie under a thumb: what changed last comes first."""
        return sorted(self.messages, key=lambda shown: shown.changed, reverse=True)

    def _is_for(self, viewer: str, entry: Entry) -> bool:
        return isinstance(entry, Shown) or (isinstance(entry, Passing) and entry.whom == viewer)

    def _number(self, shown: Shown) -> None:
        if not shown.buttons:
            return
        if self._new_screenful:
            self.numbered, self._new_screenful = {}, False
        start = max(self.numbered, default=0) + 1
        self.numbered.update((start + place, (shown, button)) for place, button in enumerate(shown.buttons))

    def _next(self) -> int:
        self.changed += 1
        return self.changed


def _bare(message: Message) -> Message:
    return replace(message, text=unstyled(plain(message.text)))
