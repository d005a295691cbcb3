"""The server as its own process: `python -m tests.rig.telegram --port 8081 --token 4711:…`.

Prints its address when it listens, and serves until it is interrupted. Tests move it by `/_control/…`
(control.py).
"""

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

from .limits import Limits
from .server import TOKEN, TelegramServer


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_read_arguments()))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.rig.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--no-limits", action="store_true", help="no flood limits")
    parser.add_argument("--strangers", action="store_true", help="anybody may be written to, known or not")
    parser.add_argument("--log", type=Path, metavar="FILE", help="each answered call as a line of JSON")
    parser.add_argument("--slow-answers", action="store_true", help="keep the real server's 3 s delays in polling")
    return parser.parse_args()


async def _serve(given: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    with contextlib.ExitStack() as stack:
        # line by line, so that others can read the log of a running server
        log = stack.enter_context(given.log.open("a", buffering=1)) if given.log else None
        server = TelegramServer(
            given.token,
            port=given.port,
            limits=None if given.no_limits else Limits(),
            log_file=log,
            welcomes_strangers=given.strangers,
            quick=not given.slow_answers,
        )
        async with server:
            print(server.url, flush=True)
            await stopped.wait()


if __name__ == "__main__":
    main()
