"""Unpacks a body as it arrives, and stops at a limit before anything larger exists in memory.

Each layer gives its output in pieces of at most 64 kB and counts them, also those a layer above turns into nothing: a bomb of
empty members, or one inside another, ends as soon as any layer has given more than the limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

from bot.errors import FetchFailed

PIECE = 64 * 1024
LAYERS = 2
"""Codings one over the other that are taken; nobody honest has more than one."""


class Layer(Protocol):
    """One coding, undone."""

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes become, in pieces of at most `PIECE`."""

    @property
    def finished(self) -> bool:
        """Is what was packed complete?"""


class Unpacker:
    """Undoes the codings of a `Content-Encoding`, the last one first. Raises FetchFailed."""

    def __init__(self, codings: str, most: int) -> None:
        """`most` is the greatest number of bytes of any layer."""
        named = [name.strip().lower() for name in codings.split(",")]
        named = [name for name in named if name not in ("", "identity")]
        if len(named) > LAYERS or any(name not in CODINGS for name in named):
            raise FetchFailed("coding", codings[:60])
        self._layers = [CODINGS[name]() for name in reversed(named)]
        self._given = [0] * (len(named) + 1)
        self._most = most

    def unpack(self, arrived: bytes) -> Iterator[bytes]:
        """What the bytes that arrived become, piece by piece."""
        yield from self._through(0, arrived)

    def check_finished(self) -> None:
        """A body that ends before its packing does is not whole."""
        if self._given[0] and not all(layer.finished for layer in self._layers):
            raise FetchFailed("cut_off")

    def _through(self, depth: int, piece: bytes) -> Iterator[bytes]:
        self._given[depth] += len(piece)
        if self._given[depth] > self._most:
            raise FetchFailed("too_large", f"over {self._most} bytes")
        if depth == len(self._layers):
            yield piece
            return
        try:
            for unpacked in self._layers[depth].unpack(piece):
                yield from self._through(depth + 1, unpacked)
        except (zlib.error, brotli.error) as error:
            raise FetchFailed("coding", str(error)[:60]) from None


class Gzip:
    """gzip, of one member or many; what follows the last one is not looked at."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """See `Layer`."""
        more = True
        while packed or more:
            if self._member.eof:
                if not packed.startswith(b"\x1f"):  # padding, or nothing
                    return
                self._member = zlib.decompressobj(wbits=31)
            piece = self._member.decompress(packed, PIECE)
            yield piece
            more = len(piece) == PIECE  # the library may hold a little back when it fills a piece
            packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    @property
    def finished(self) -> bool:
        """See `Layer`."""
        return self._member.eof


class Deflate:
    """deflate, with the zlib header that the standard wants or without, as some servers send it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._head = b""

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """See `Layer`."""
        if self._stream is None:
            self._head += packed
            if len(self._head) < 2:
                return
            packed, wrapped = self._head, self._head[0] & 0x0F == 8 and int.from_bytes(self._head[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(wbits=15 if wrapped else -15)
        more = True
        while (packed or more) and not self._stream.eof:
            piece = self._stream.decompress(packed, PIECE)
            yield piece
            more = len(piece) == PIECE
            packed = self._stream.unconsumed_tail

    @property
    def finished(self) -> bool:
        """See `Layer`."""
        return self._stream is not None and self._stream.eof


class Brotli:
    """br."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """See `Layer`."""
        if self._stream.is_finished():
            return
        piece = self._stream.process(packed, output_buffer_limit=PIECE)
        yield piece
        while piece or not self._stream.can_accept_more_data():
            piece = self._stream.process(b"", output_buffer_limit=PIECE)
            yield piece

    @property
    def finished(self) -> bool:
        """See `Layer`."""
        return bool(self._stream.is_finished())


CODINGS: dict[str, Callable[[], Layer]] = {"gzip": Gzip, "x-gzip": Gzip, "deflate": Deflate, "br": Brotli}
"""The codings we say we take, each with what undoes it."""
