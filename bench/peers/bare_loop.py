"""The least that sends: a loop over python-telegram-bot's `Bot.send_message`, the library as it comes, eight at a time.

It keeps no book: what it sends is lost with the process. `python -m bench.peers.bare_loop URL TOKEN COUNT FIRST`
"""

from __future__ import annotations

import asyncio
import sys

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

TEXT = (
    "What is data?  · trail: First steps, 1 of 6\nvideo · 8 min · English · Josie Ann\n"
    "Why this: it opens “Basics” with something short to watch."
)
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Open", url="https://example.org/what-is-data"),
            InlineKeyboardButton("Done", callback_data="done:1"),
        ],
        [
            InlineKeyboardButton("Another", callback_data="another:1"),
            InlineKeyboardButton("Later", callback_data="later:1"),
        ],
    ]
)
CONNECTIONS = 8


async def main(url: str, token: str, count: int, first: int) -> None:
    """Send `count` messages, one to each chat from `first` on."""
    chats = iter(range(first, first + count))
    async with Bot(token, base_url=f"{url}/bot") as bot:
        print("started", flush=True)
        sys.stdin.readline()

        async def work() -> None:
            for chat in chats:
                await bot.send_message(chat, TEXT, reply_markup=KEYBOARD)

        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    print("done", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
