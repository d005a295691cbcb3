"""What a newer version wrote and this one cannot say: while two run side by side a dose goes without it, and the log tells once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import structlog

log = structlog.get_logger("cards")

Said = TypeVar("Said")


def said(part: str, key: str, say: Callable[[], Said]) -> Said | None:
    """What `say` gives; None where `key`, or a fact that comes with it, means nothing to this version."""
    try:
        return say()
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        tell_unknown(part, key, repr(error)[:100])
        return None


@cache
def tell_unknown(part: str, key: str, reason: str = "") -> None:
    """Tell the log, once for as long as this process lives."""
    log.warning("card.unknown", part=part, key=key, reason=reason)
