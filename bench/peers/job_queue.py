"""A daily bot as tutorials write it: python-telegram-bot's `JobQueue.run_daily`, a job for each subscriber.

The subscribers come from a file of lines such as `1001 09:00`. `python -m bench.peers.job_queue URL TOKEN FILE`
"""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, time
from pathlib import Path

from telegram.ext import Application, ContextTypes

from bench.peers.bare_loop import KEYBOARD, TEXT
from bench.probe import Probe


async def send(context: ContextTypes.DEFAULT_TYPE) -> None:
    """The day's message."""
    assert context.job
    assert context.job.chat_id
    await context.bot.send_message(context.job.chat_id, TEXT, reply_markup=KEYBOARD)


async def main(url: str, token: str, subscribers: Path) -> None:
    """Add every job, run until standard input says stop."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a line for each job it skips would hide the table
    app = Application.builder().token(token).base_url(f"{url}/bot").updater(None).build()
    assert app.job_queue
    for line in subscribers.read_text("utf-8").splitlines():
        chat, _, at = line.partition(" ")
        app.job_queue.run_daily(send, time.fromisoformat(at).replace(tzinfo=UTC), chat_id=int(chat))
    await app.initialize()
    await app.start()
    probe = Probe()
    print("started", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(probe.told(), flush=True)
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
