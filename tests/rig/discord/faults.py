"""What a call may meet instead of its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """This answer instead; the call has no effect."""

    status: int
    body: dict[str, Any] | str
    headers: dict[str, str] = field(default_factory=lambda: {"Via": "1.1 google"})


@dataclass(frozen=True)
class Drop:
    """The connection ends without an answer; with `after`, once the call has had its effect."""

    after: bool = False


@dataclass(frozen=True)
class Slow:
    """The call has its effect at once and is answered that much later."""

    seconds: float


Effect = Answer | Drop | Slow


@dataclass
class Fault:
    """An effect on the next `times` calls whose method and path begin so."""

    effect: Effect
    method: str = "POST"
    path: str = "/channels/"
    times: int = 1


def refused(code: int, message: str, status: int = 403) -> Answer:
    """An error of Discord's with its code."""
    return Answer(status, {"code": code, "message": message})


def too_many(seconds: float, *, everywhere: bool = False, scope: str = "user") -> Answer:
    """A rate limit as Discord itself tells it."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    return Answer(429, body, {"Via": "1.1 google", "Retry-After": str(seconds), "X-RateLimit-Scope": scope})


def shut_out() -> Answer:
    """A 429 of the shield before Discord: no `Via`, a page instead of JSON."""
    return Answer(429, "<html><title>Access denied | error 1015</title></html>", {"Content-Type": "text/html"})
