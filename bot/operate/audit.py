"""`trilha log`: everything the curators did, for whoever keeps the records."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from bot.store import audit
from bot.store.audit import Deed
from bot.store.database import Database


async def print_log(url: str, out: TextIO = sys.stdout) -> int:
    """One JSON object a line, the oldest first; 0."""
    database = Database(url)
    try:
        async with database.read() as session:
            for deed in await audit.everything(session):
                print(json.dumps(_as_json(deed), ensure_ascii=False), file=out)
    finally:
        await database.close()
    return 0


def _as_json(deed: Deed) -> dict[str, Any]:
    row = deed.row
    return {
        "at": row.at.isoformat(),
        "who": deed.who,
        "did": row.did,
        "about": row.about,
        "before": row.before,
        "after": row.after,
    }
