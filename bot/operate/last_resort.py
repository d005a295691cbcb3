"""Ends the process where it does not end by itself in time after it was told to: a library may be deaf, a disk or a thread may hang.

    signal ─▶ everything ends, in `App.stop` and in asyncio's own end ─▶ the process is gone
       └──────────────────── 9.5 s ────────────────────▶ `leave`, with 0; after any other end with the code that says why

Who runs us waits ten seconds and then kills, which counts as a crash. By then all that was not finished is as a kill would leave it,
and every start is made for that. It waits in a thread of its own, as the loop may hang from then on, or hang already (`ear.py` hears the
signal for it).
"""

from __future__ import annotations

import faulthandler
import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable

WITHIN = 9.5
"""Seconds after which nothing is waited for any more."""
TELLING = 0.3
"""Seconds for the last words: what hangs may be where they go, such as a full pipe."""


class LastResort:
    """`begin(code)` starts the count, from whatever thread; only the first call counts. `leave` ends the process with that code."""

    def __init__(self, within: float = WITHIN, leave: Callable[[int], object] = os._exit) -> None:
        self._within = within
        self._leave = leave
        self._counting: threading.Timer | None = None
        self._beginning = threading.Lock()

    def begin(self, code: int) -> None:
        """From now on there is so much time."""
        with self._beginning:
            if self._counting is None:
                self._counting = threading.Timer(self._within, self._end, [code])
                self._counting.daemon = True
                self._counting.start()

    def _end(self, code: int) -> None:
        """Say where everybody stands, leave no process behind, and go."""
        telling = threading.Thread(target=self._tell, daemon=True)
        telling.start()
        telling.join(TELLING)
        try:
            for process in multiprocessing.active_children():
                process.kill()
        finally:
            self._leave(code)

    def _tell(self) -> None:
        print(f"Something did not end within {self._within:g} seconds; here is where it waits.", file=sys.stderr)
        faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
        logging.shutdown()
