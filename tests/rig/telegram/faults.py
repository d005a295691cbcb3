"""Scripted faults: what a test lets go wrong, on which call, and how often.

    server.faults.add(Flood(retry_after=3), method="sendMessage", at=100)
    server.faults.add(DropAfter(), method="sendMessage", times=None, share=0.05)

A fault that happens *after* the call took effect leaves the bot in doubt; one *before* it does not send
anything.
"""

import random
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .html import JSON


@dataclass(frozen=True, slots=True)
class Flood:
    """429 with that many seconds; with `hold`, every message until they are over gets one as well."""

    retry_after: int
    hold: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """An error answer: `Refuse(403, "Forbidden: bot was blocked by the user")`."""

    code: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """An error page of some proxy; with `after`, the call took effect all the same."""

    status: int = 502
    after: bool = False


@dataclass(frozen=True, slots=True)
class Garbage:
    """Status 200 with a body that is no JSON; with `after`, the call took effect all the same."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """The call takes effect at once and is answered that much later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Trickle:
    """The call takes effect at once; its answer comes at so many bytes a second."""

    bytes_per_second: float = 1.0


@dataclass(frozen=True, slots=True)
class DropAfter:
    """The call takes effect, then the connection is closed without an answer."""


@dataclass(frozen=True, slots=True)
class DropBefore:
    """The connection is reset before the body is read."""


Effect = Flood | Refuse | HtmlPage | Garbage | Slow | Trickle | DropAfter | DropBefore
EFFECTS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Flood, Refuse, HtmlPage, Garbage, Slow, Trickle, DropAfter, DropBefore)
}


@dataclass(slots=True, eq=False)
class Fault:
    """An effect and its occasions: from the `at`-th matching call on, `times` times (None: always)."""

    effect: Effect
    method: str | None = None
    chat_id: int | None = None
    at: int = 1
    times: int | None = 1
    share: float = 1.0
    seen: int = 0
    happened: int = 0

    def happens(self, method: str, chat_id: Any, chance: random.Random) -> bool:
        """Whether this call meets the fault; counts it."""
        wanted = self.method is None or self.method.lower() == method.lower()
        if not wanted or self.chat_id not in (None, chat_id):
            return False
        self.seen += 1
        in_turn = self.seen >= self.at and (self.times is None or self.happened < self.times)
        hit = in_turn and (self.share >= 1 or chance.random() < self.share)
        self.happened += hit
        return hit


class Faults:
    """The script. `seed` makes the faults with a `share` repeatable."""

    def __init__(self, seed: int = 0) -> None:
        self._script: list[Fault] = []
        self._chance = random.Random(seed)

    def __bool__(self) -> bool:
        return bool(self._script)

    def add(
        self,
        effect: Effect,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        at: int = 1,
        times: int | None = 1,
        share: float = 1.0,
    ) -> Fault:
        """Plan a fault for one method or any, one chat or any, from the `at`-th matching call on.

        It happens `times` times (None: without end), and with a `share` only to that part of the calls, by a
        seeded chance. A call meets one fault, the first planned. `getUpdates` meets only those that name it.
        """
        fault = Fault(effect, method, chat_id, at, times, share)
        self._script.append(fault)
        return fault

    def clear(self) -> None:
        """All is well again."""
        self._script.clear()

    def reseed(self, seed: int) -> None:
        self._chance.seed(seed)

    def drops_unread(self, method: str) -> bool:
        """Whether the connection is reset before anything but the head of the call was read."""
        unread = (fault for fault in self._script if isinstance(fault.effect, DropBefore) and fault.chat_id is None)
        return any(fault.happens(method, None, self._chance) for fault in unread)

    def next(self, method: str, chat_id: Any) -> Effect | None:
        """What else goes wrong with this call: the first planned fault that it meets."""
        for fault in self._script:
            if isinstance(fault.effect, DropBefore) and fault.chat_id is None:
                continue
            polls = method.lower() == "getupdates" and fault.method is None
            if not polls and fault.happens(method, chat_id, self._chance):
                return fault.effect
        return None


def read_fault(given: JSON) -> tuple[Effect, JSON]:
    """An effect and its occasions from JSON: `{"effect": "Flood", "retry_after": 3, "at": 100}`."""
    given = dict(given)
    kind = EFFECTS[given.pop("effect")]
    own = {f.name: given.pop(f.name) for f in fields(kind) if f.name in given}
    return kind(**own), given


def fault_json(effect: Effect, **occasions: Any) -> JSON:
    """The same the other way round."""
    return {"effect": type(effect).__name__, **asdict(effect), **occasions}
