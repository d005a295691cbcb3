"""The bare loop as tutorials mend it: who is told to wait waits, and tries again, three times. It says how many messages were lost."""

from __future__ import annotations

import asyncio
import sys

from telegram import Bot
from telegram.error import RetryAfter

from bench.peers.bare_loop import CONNECTIONS, KEYBOARD, TEXT


async def send(bot: Bot, chat: int) -> bool:
    """One message, with three tries."""
    for _ in range(3):
        try:
            await bot.send_message(chat, TEXT, reply_markup=KEYBOARD)
        except RetryAfter as error:
            await asyncio.sleep(error._retry_after.total_seconds())
        else:
            return True
    return False


async def main(url: str, token: str, count: int, first: int) -> None:
    """Send `count` messages, one to each chat from `first` on."""
    chats = iter(range(first, first + count))
    async with Bot(token, base_url=f"{url}/bot") as bot:
        print("started", flush=True)
        sys.stdin.readline()

        async def work() -> int:
            return sum([not await send(bot, chat) for chat in chats])

        lost = sum(await asyncio.gather(*(work() for _ in range(CONNECTIONS))))
    print(f"lost {lost}", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
