"""What can go wrong, drawn once; every error carries facts, and a sentence is made of them where a person reads it.

TrilhaError
├── UserMistake            somebody typed or pressed what cannot be done: a key of i18n, its facts, the buttons again
├── SettingsError          every wrong setting at once; the process ends with 2
├── CatalogError           every problem of a catalog file at once, each with its line
├── DatabaseInUse          a second `run` on one SQLite file
├── DatabaseTooNew         a newer program made this database
├── DatabaseUnwritable     it can be read, and takes nothing in: a full disk, a file that may only be read (an OSError as well)
├── DatabaseAway           nobody is there, or it is silent, or locked: an update did not take effect as far as anybody knows
├── FetchError             an address of the web gave us nothing
│   ├── FetchRefused       we do not go there: `scheme`, `port`, `user`, `address`, `private`
│   └── FetchFailed        it did not come: `name`, `connect`, `tls`, `time`, `broken`, `cut_off`, `too_large`, `headers`,
│                          `coding`, `redirects`
├── DocumentUnread         a file that somebody sent did not come to us: `too_large`, `too_slow`, `lost`
├── FeedUnreadable         bytes that are no feed, or want too much: `empty`, `no_feed`, `broken`, `too_slow`, `too_much`
└── DeliveryError          what a platform answered to one send
    ├── NotSent            it certainly never arrived there (no connection, no free connection): not an attempt
    │   └── SlowDown       429: everything to that platform waits `retry_after` seconds
    ├── Failing            the platform itself failed (5xx): an attempt, most likely not sent, and flagged from then on
    │   └── NotWritten     we could not write it, so it certainly never arrived: an attempt
    ├── Uncertain          sent or not, nobody can say (read time-out, reset, the page of a proxy): an attempt
    ├── Rejected           the platform will never take this message: once more as plain text, then given up
    │   └── NotRendered    by a mistake of ours no call came of it, so it certainly never arrived: the same
    ├── Unreachable        the person blocked us, left or never existed: permanent for this address
    ├── Moved              the chat has a new address
    └── Unauthorized       the platform does not know our token: stop loudly, never blame the people
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.catalog.problem import Problem
    from bot.chat import Address, Message, Question


class TrilhaError(Exception):
    """Everything this program raises on purpose."""


@dataclass(frozen=True, slots=True)
class Word:
    """A fact that i18n has a word for, such as the name of a field: `Word("field.title")`."""

    key: str


class UserMistake(TrilhaError):
    """Something a person can mend; `key` names the sentence in i18n, `facts` fill it; a tuple is told as a list.

    A `Word`, and a name in both languages, is told in that of the person.
    `again` is what the person gets with the sentence, such as the same choice of buttons; `asks` is what their next words answer.
    """

    def __init__(self, key: str, *, again: Message | None = None, asks: Question | None = None, **facts: Any) -> None:
        super().__init__(f"{key} {facts}" if facts else key)
        self.key = key
        self.facts = facts
        self.again = again
        self.asks = asks


class SettingsError(TrilhaError):
    """The settings do not fit; `problems` holds one sentence for each, names first, secrets never."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CatalogError(TrilhaError):
    """The catalog file does not fit; `problems` holds all of them in the order of their lines, `file` is its name."""

    def __init__(self, problems: tuple[Problem, ...], file: str = "") -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.file = file


class DatabaseInUse(TrilhaError):
    """Another `run` holds this SQLite database."""


class DatabaseTooNew(TrilhaError):
    """A newer version of this program migrated the database; this one would not understand it."""


class DatabaseUnwritable(TrilhaError, OSError):
    """The database takes nothing in just now; whoever noticed it first told the log, so it needs no traceback at each who does."""


class DatabaseAway(TrilhaError):
    """An update met no database: nobody knows that it took effect, so it is not confirmed, and may be asked again."""


class FetchError(TrilhaError):
    """An address of the web gave us nothing; `reason` is one word of the tree above, `detail` is for the log."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class FetchRefused(FetchError):
    """We do not go there, whoever asks."""


class FetchFailed(FetchError):
    """We went, and it did not come."""


class FeedUnreadable(TrilhaError):
    """These bytes are no feed that can be read; `reason` is one word of the tree above, `detail` is for the log."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)  # as they came: the error travels between processes
        self.reason = reason
        self.detail = detail


class DocumentUnread(TrilhaError):
    """A file that somebody sent could not be read; `reason` is one word of the tree above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeliveryError(TrilhaError):
    """One send did not end in a plain yes; `reason` is the platform's own words, for the log and the row."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(DeliveryError):
    """It certainly did not arrive: the connection was refused or none was free."""


class SlowDown(NotSent):
    """The platform asks for silence of `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Failing(DeliveryError):
    """The platform answered, in its own words, that it is broken (5xx)."""


class NotWritten(Failing):
    """By a mistake of our own nothing could be made of it; the platform was not even asked."""


class Uncertain(DeliveryError):
    """The answer was lost, or something else answered, such as a proxy with a page: the message may or may not have arrived."""


class Rejected(DeliveryError):
    """The platform refuses this message for what it holds (a 400 that is our fault)."""


class NotRendered(Rejected):
    """By a mistake of our own a door could not make a call of this message; the platform was not even asked."""


class Unreachable(DeliveryError):
    """Nobody is at this address any more: blocked, deactivated, left, deleted. Not `sure`: the platform may just not know it yet."""

    def __init__(self, reason: str, *, sure: bool = True) -> None:
        super().__init__(reason)
        self.sure = sure


class Moved(DeliveryError):
    """The chat moved; `address` is where it lives now."""

    def __init__(self, reason: str, address: Address) -> None:
        super().__init__(reason)
        self.address = address


class Unauthorized(DeliveryError):
    """The platform does not know the bot's token."""
