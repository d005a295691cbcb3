"""`kill -9` while transactions are written: what was acknowledged is there, and the file is sound.

`make chaos` does it a hundred times on each engine.
"""

from __future__ import annotations

import asyncio
import os
import sys
from random import randrange

from sqlalchemy import select, text

from bot.store.database import Database
from bot.store.tables import Remembered

KILLS = 100 if os.environ.get("TRILHA_WHOLE") else 5
LIVES = """
import asyncio, os, random, select, signal, sys, time
from bot.store import remembered
from bot.store.database import Database

url, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)

async def write(life):
    database = Database(url)
    async def lane(number):
        count = 0
        while True:
            name = f"{life}:{number}:{count}"
            async with database.write() as session:
                await remembered.remember(session, name, "here")
            os.write(1, f"{name}\\n".encode())
            count += 1
    await asyncio.gather(*(lane(number) for number in range(4)))

for life in range(kills):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        asyncio.run(write(life))
    os.close(writing)
    said = os.read(reading, 1 << 16)
    time.sleep(chance.uniform(0, 0.05))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 16):
        said += more
    os.close(reading)
    sys.stdout.write(said.decode().rpartition("\\n")[0] + "\\n")
"""


async def test_what_was_acknowledged_before_a_kill_is_there(database: Database, database_url: str) -> None:
    seed = randrange(1_000_000)
    print(f"seed {seed}")
    writer = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LIVES, database_url, str(KILLS), str(seed)), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await writer.communicate()
    acknowledged = set(said.decode().split())
    assert writer.returncode == 0
    assert len({name.partition(":")[0] for name in acknowledged}) == KILLS, "each life had written something"
    async with database.read() as session:
        kept = set(await session.scalars(select(Remembered.name)))
        assert acknowledged <= kept, sorted(acknowledged - kept)[:10]
        if database.is_sqlite:
            assert await session.scalar(text("PRAGMA integrity_check")) == "ok"
