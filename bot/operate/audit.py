"""`trilha log`: everything the curators did, for whoever keeps the records."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from bot.operate.database import open_database
from bot.settings import Settings
from bot.store import audit
from bot.store.audit import Deed


async def print_log(settings: Settings, out: TextIO = sys.stdout) -> int:
    """One JSON object a line, the oldest first; 0."""
    async with open_database(settings) as database, database.read() as session:
        deeds = await audit.everything(session)
    for deed in deeds:
        print(json.dumps(_as_json(deed), ensure_ascii=False), file=out)
    if not deeds:
        print("Nobody decided anything yet.", file=sys.stderr)
    return 0


def _as_json(deed: Deed) -> dict[str, Any]:
    row = deed.row
    return {
        "at": row.at.isoformat(),
        "who": deed.who,
        "did": row.did,
        "about": row.about,
        "whom": deed.whom,
        "before": row.before,
        "after": row.after,
    }
