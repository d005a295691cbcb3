"""Telling the owners, where trouble with the telling must not stop what goes on."""

from __future__ import annotations

import structlog

from bot.contract import Host

log = structlog.get_logger("doors.telegram")


async def tell_owners(host: Host, trouble: str, /, **facts: str) -> None:
    """Raise an alert; if that fails, the log has to do."""
    try:
        await host.alert(trouble, **facts)
    except Exception:
        log.exception("telegram.alert_failed", trouble=trouble, **facts)
