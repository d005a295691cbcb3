"""Ends the process in which a test neither passes nor fails, and says where it waits.

pytest-timeout and pytest's own faulthandler stop counting at a test's first failure: a fixture that waits for ever after
it would be waited for until somebody ends the whole run, and nobody would learn of the failure. pytest-xdist goes on
with a new process and names the test.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import os
import sys
import threading
from collections.abc import Generator

import pytest

PATIENCE = 390.0
"""Seconds for a test with its fixtures; pytest-timeout, which lets the others go on, comes first."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count from the test's first fixture to its last."""
    alarm = threading.Timer(PATIENCE, _give_up, [item])
    alarm.daemon = True
    alarm.start()
    try:
        return (yield)
    finally:
        alarm.cancel()


def _give_up(item: pytest.Item) -> None:
    capture = item.config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    print(f"\n{item.nodeid} was waited for {PATIENCE:.0f} s; where it waits:", file=sys.stderr, flush=True)
    for loop in [one for one in gc.get_objects() if isinstance(one, asyncio.AbstractEventLoop)]:
        for task in asyncio.all_tasks(loop):
            task.print_stack(file=sys.stderr)
    sys.stderr.flush()
    faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
    os._exit(1)
