"""A signal is heard by a thread of its own, also while the loop hangs; the loop hears of it as ever."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.operate.ear import Ear

ROOT = Path(__file__).parent.parent.parent
HANGS = """
import asyncio, sys, time
from pathlib import Path
from bot.doors.terminal import TerminalDoor
from bot.operate import run as running
from bot.operate.last_resort import LastResort
from tests.house import settings_for

class Hanging(TerminalDoor):
    async def open(self, *given, **named):
        print("hangs", flush=True)
        hang()

def hang():
    while True:
        {hangs}

running.open_doors = lambda _: [Hanging()]
settings = settings_for(Path(sys.argv[1]), health_listen="off")
asyncio.run(running.run(settings, LastResort(within=0.2).begin))
"""


@pytest.mark.parametrize("hangs", ["time.sleep(600)", "pass"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_whose_loop_hangs_ends_after_a_signal_and_says_where(
    tmp_path: Path, hangs: str, number: signal.Signals
) -> None:
    program = [sys.executable, "-c", HANGS.format(hangs=hangs), str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            while "hangs" not in process.stdout.readline():
                assert process.poll() is None
            process.send_signal(number)
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "did not end within 0.2 seconds" in said
    assert "in hang" in said


async def test_what_a_signal_does_is_done_in_the_loop_and_at_once_in_a_thread() -> None:
    where, done = list[str](), asyncio.Event()
    with Ear() as ear:
        ear.on(signal.SIGUSR1, done.set, at_once=lambda: where.append(threading.current_thread().name))
        ear.on(signal.SIGUSR2, lambda: None)
        os.kill(os.getpid(), signal.SIGUSR1)
        async with asyncio.timeout(30):
            await done.wait()
    assert where == ["ear"]


async def test_afterwards_the_loop_hears_by_itself() -> None:
    done, loop = asyncio.Event(), asyncio.get_running_loop()
    with Ear() as ear:
        ear.on(signal.SIGUSR1, done.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    async with asyncio.timeout(30):
        await done.wait()
    assert loop.remove_signal_handler(signal.SIGUSR1)
    assert "ear" not in [thread.name for thread in threading.enumerate()]
