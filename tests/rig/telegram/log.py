"""What the bot called, when, and what it was answered: the evidence that a test judges by."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .html import JSON


@dataclass(slots=True, eq=False)
class Call:
    """One call of the bot.

    `at` is when it arrived, in seconds of the server's monotonic clock. `answer` is the JSON that the
    server gave, or None when the bot got none that it could read: the call still waits, or a fault ate the
    answer. `delivered` says whether the call took effect all the same.
    """

    at: float
    method: str
    chat_id: int | str | None
    params: dict[str, Any]
    answer: JSON | None = None
    delivered: bool = False

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer["ok"])

    @property
    def error(self) -> str | None:
        """The description of a refusal."""
        return None if self.answer is None else self.answer.get("description")

    def as_json(self) -> JSON:
        params = {
            name: f"<{len(value.data)} bytes>" if hasattr(value, "data") else value
            for name, value in self.params.items()
        }
        fields = ("at", "method", "chat_id", "answer", "delivered")
        return {name: getattr(self, name) for name in fields} | {"params": params}


def most_within(calls: Iterable[Call], seconds: float = 1.0) -> int:
    """The most calls that arrived in any sliding window of that many seconds; `calls` are in order."""
    window: deque[float] = deque()
    most = 0
    for call in calls:
        window.append(call.at)
        while window[0] <= call.at - seconds:
            window.popleft()
        most = max(most, len(window))
    return most
