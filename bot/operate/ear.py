"""Hears signals in a thread of its own, for the loop may hang when one comes, and would hear nothing of it.

    signal ─▶ a pair of sockets ─▶ the thread ─┬─▶ what is to be done at once
                                               └─▶ the loop, as soon as it can: what is to be done there

Only what lets no other thread run keeps it from hearing, such as a library that computes for ever.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Self

Deed = Callable[[], object]


class _Deeds(NamedTuple):
    in_the_loop: Deed
    at_once: Deed | None


class Ear:
    """`with Ear() as ear:` in the loop of the main thread, then `ear.on(SIGTERM, …)`; before and after it asyncio hears alone."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._deeds: dict[int, _Deeds] = {}
        self._asyncios: int | None = None
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)  # Python wants it so
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._asyncios is not None:
            signal.set_wakeup_fd(self._asyncios)
        self._told.close()
        self._thread.join()
        self._heard.close()

    def on(self, number: int, in_the_loop: Deed, at_once: Deed | None = None) -> None:
        """What a signal does: in the loop, and in the thread what cannot wait for that."""
        self._deeds[number] = _Deeds(in_the_loop, at_once)
        self._loop.add_signal_handler(number, in_the_loop)  # it leads all signals to a socket that only the loop reads
        self._asyncios = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)

    def _listen(self) -> None:
        while numbers := self._heard.recv(64):
            for number in numbers:
                if deeds := self._deeds.get(number):
                    self._do(deeds)

    def _do(self, deeds: _Deeds) -> None:
        self._loop.call_soon_threadsafe(deeds.in_the_loop)
        if deeds.at_once:
            deeds.at_once()
