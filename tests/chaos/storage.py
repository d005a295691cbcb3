"""Trouble under the database: PostgreSQL restarted, SQLite locked for ten seconds, the disk full."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.delivery.senders import SENDERS
from bot.store.database import Database
from tests.chaos.healing import doses_shown, goes_on
from tests.chaos.judge import Verdict
from tests.chaos.presses import presses
from tests.chaos.stage import NotPlayed, Stage


async def postgres_restarts(stage: Stage, people: int = 300) -> Verdict:
    """The server crashes in the middle of the hour and is back after five seconds; then once more with a farewell.

    People press meanwhile. Where it crashes between an answer and the mark that it was shown, the answer is given again.
    """
    assert stage.postgres is not None, "this needs a server"
    await stage.subscribers(people)
    await stage.start()
    stage.telegram.expects("message is not modified")
    async with presses(stage) as pressed:
        for how, wanted in (("immediate", 40), ("fast", 140)):
            await stage.sends_reach(wanted)
            with pressed.meanwhile():
                await asyncio.to_thread(stage.postgres.stop, how)
                await asyncio.sleep(5)
            await asyncio.to_thread(stage.postgres.start)
            await stage.note_doubts()
            await goes_on(stage)
        await stage.all_delivered()
    await stage.stop()
    verdict = await stage.judged(done=pressed.who)
    await pressed.judge(verdict)
    return verdict


async def locked(stage: Stage, people: int = 300, seconds: float = 10) -> Verdict:
    """Somebody else holds SQLite's file for ten seconds, in the middle of the hour, and people press meanwhile."""
    await stage.subscribers(people)
    await stage.start()
    async with presses(stage) as pressed:
        await stage.sends_reach(40)
        with locked_by_another(stage), pressed.meanwhile():
            held = doses_shown(stage)
            await asyncio.sleep(seconds)
            during = doses_shown(stage) - held
        await goes_on(stage)
        await stage.all_delivered()
    await stage.stop()
    verdict = await stage.judged()
    await pressed.judge(verdict)
    verdict.require(during <= SENDERS, f"{during} were sent that nobody could write down")
    return verdict


async def locked_for_longer(stage: Stage, people: int = 100) -> Verdict:
    """Somebody else holds the file for longer than an answer may take."""
    return await locked(stage, people, seconds=36)


async def stop_while_locked(stage: Stage, people: int = 100) -> Verdict:
    """Somebody else holds SQLite's file, and somebody stops the bot: what it could not write down any more stays in doubt."""
    await stage.subscribers(people)
    await stage.start()
    await stage.sends_reach(20)
    with locked_by_another(stage):
        await asyncio.sleep(3)
        await stage.stop()
    await stage.note_doubts()
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


async def disk_full(stage: Stage, people: int = 300, seconds: float = 15) -> Verdict:
    """The disk fills up in the middle of the hour, stays full for a while, and has room again."""
    with _small_disk(stage.folder / "disk", megabytes=24) as disk:
        await stage.database.close()
        stage.url = f"sqlite:///{disk / 'trilha.sqlite'}"
        stage.database = Database(stage.url)
        await stage.subscribers(people)
        await stage.start()
        await stage.sends_reach(40)
        ballast = disk / "ballast"
        _fill(ballast)
        await asyncio.sleep(seconds)
        await stage.note_doubts()
        ballast.unlink()
        await goes_on(stage)
        await stage.all_delivered()
        await stage.stop()
        verdict = await stage.judged()
        verdict.require("full" in stage.log(), "the bot never noticed that the disk was full")
        await stage.database.close()
    return verdict


@contextmanager
def locked_by_another(stage: Stage) -> Iterator[None]:
    """Nobody else can write as long as the block lasts."""
    other = sqlite3.connect(stage.folder / "trilha.sqlite", isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def _small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own, in memory. Raises NotPlayed where nobody may mount one."""
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], check=False
    )
    if not done or done.returncode != 0:
        raise NotPlayed("no file system may be mounted here (it needs root)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(ballast: Path) -> None:
    """Take every byte that is left."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            while True:
                try:
                    file.write(b"\0" * size)
                except OSError:
                    break
        os.fsync(file.fileno())
