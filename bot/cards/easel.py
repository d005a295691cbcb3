"""Draws pictures off the event loop, each once: a drawing that did not change is the picture from before."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import blake2b

import structlog

from bot.cards.picture import draw, load_drawing
from bot.chat import Answer, Message, Picture, lines, unstyled

log = structlog.get_logger("cards")

KEPT = 64
"""How many pictures are kept; one is some 100 kB."""


class Easel:
    """One worker thread that draws (Pillow lets go of the interpreter while it encodes), and the newest pictures."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="easel")
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.drawn = 0
        """How many pictures were drawn, as opposed to taken from before."""

    async def finish(self, message: Message) -> Message:
        """The message with its picture drawn, if it has one that is not. Where that fails, its words come in its place."""
        if message.picture is None or message.picture.drawing is None:
            return message
        try:
            png = await self._png(message.picture.drawing)
        except Exception:
            log.exception("picture.not_drawn")
            alt = unstyled(message.picture.alt)
            return replace(message, picture=None, text=lines(message.text, alt) if message.text else alt)
        return replace(message, picture=Picture(png, message.picture.alt))

    async def finish_answer(self, answer: Answer) -> Answer:
        """The answer with every picture in it drawn."""
        edit = await self.finish(answer.edit) if answer.edit else None
        return replace(answer, edit=edit, say=tuple([await self.finish(message) for message in answer.say]))

    async def _png(self, drawing: str) -> bytes:
        name = blake2b(drawing.encode(), digest_size=16).digest()
        png = self._kept.pop(name, None)
        if png is None:
            png = await asyncio.get_running_loop().run_in_executor(self._worker, _paint, drawing)
            self.drawn += 1
        self._kept[name] = png
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return png

    def close(self) -> None:
        """Let the worker go."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def _paint(drawing: str) -> bytes:
    return draw(load_drawing(drawing))
