"""How long it takes after the end of trouble until a dose goes; what may be too long the stage tells when it is judged."""

from __future__ import annotations

import asyncio
import time

from tests.chaos.stage import Stage


async def goes_on(stage: Stage) -> None:
    """Call it where all is well again: wait for one more dose on a screen, and note after how many seconds it came.

    What the machine let the bot wait for a processor is left out. Where nothing is left to be sent, there is nothing to note.
    """
    began, waited, had = time.monotonic(), stage.stood_in_line, doses_shown(stage)
    while doses_shown(stage) == had:
        if await stage.is_done():
            return
        assert time.monotonic() < began + stage.patience, f"no dose went for {stage.patience:g} s"
        await asyncio.sleep(0.1)
    stage.recoveries.append(time.monotonic() - began - (stage.stood_in_line - waited))


def doses_shown(stage: Stage) -> int:
    """How many doses are on screens, copies too."""
    return sum(map(len, stage.platform.doses().values()))
