"""Which links of a list are resources: the others (contents, badges, pictures, paths, slips) are named with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from bot.catalog.address import AddressError, canonical, repair
from bot.catalog.fields import URL_LENGTH, check_url
from bot.catalog.markdown.pieces import Piece
from bot.catalog.markdown.report import Finding, Matter
from bot.catalog.markdown.vocabulary import BADGE_HOSTS
from bot.catalog.markdown.words import heading_slug, shorten, squeeze

NO_PAGE = re.compile(r"^(?:mailto|tel|sms|tg|irc|ssh|git):", re.IGNORECASE)
ANY_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
FILES = "md|markdown|rst|txt|html?|pdf|ipynb|py|r|js|csv|ya?ml|json|png|jpe?g|svg|gif"
FILE = re.compile(rf"^(?:\.{{0,2}}/(?!/)|[^/]+\.(?:{FILES})$)", re.IGNORECASE)
"""A target without a scheme that is a file beside the list and no host (`notes.md`, `./docs`)."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that a learner can be sent to."""

    url: str
    canonical: str


class Links:
    """Judges the links of one list; `slugs` are the fragments of its own headings."""

    def __init__(self, headings: list[str]) -> None:
        self._slugs = {heading_slug(name): name for name in headings}

    def judge(self, piece: Piece, *, in_contents: bool) -> tuple[Target | None, Finding | None]:
        """Return where a link leads, or why it is no resource; both where it was mended."""
        text = shorten(squeeze(piece.text) or "a link without text")
        if piece.url is None:
            return None, Finding(piece.line, Matter.LEFT_OUT, f"a picture: “{text}”")
        url = piece.url.strip().replace(" ", "%20")
        if not url:
            return None, Finding(piece.line, Matter.UNPLACED, f"“{text}” has an empty target")
        reason = self._reason(url, piece, in_contents)
        if reason:
            return None, Finding(piece.line, Matter.LEFT_OUT, f"{reason}: “{text}”")
        return self._target(url, piece.line, text)

    def exact(self, piece: Piece) -> Target | None:
        """Return the address of a link that `publish` wrote, as it stands."""
        try:
            return Target(piece.url, canonical(piece.url)) if piece.url else None
        except AddressError:
            return None

    def _reason(self, url: str, piece: Piece, in_contents: bool) -> str | None:
        """Return why a link that works is no resource of the list."""
        fragment = unquote(url.partition("#")[2])
        own = self._slugs.get(heading_slug(fragment)) if fragment else None
        if url.startswith("#"):
            return "a link within the list"
        if fragment and (in_contents or (own is not None and own.strip(" :") == squeeze(piece.text).strip(" :"))):
            return "table of contents"
        if piece.picture is not None and any(host in piece.picture + " " + url for host in BADGE_HOSTS):
            return "a badge"
        return "no web page" if NO_PAGE.match(url) else None

    def _target(self, url: str, line: int, text: str) -> tuple[Target | None, Finding | None]:
        """Return the address in a form that the catalog takes, and a finding if that took a repair."""
        mended = repair(url)
        if not ANY_SCHEME.match(url) and FILE.search(url.partition("?")[0].partition("#")[0]):
            return None, Finding(line, Matter.UNPLACED, f"“{text}” is a path inside the repository: {shorten(url)}")
        try:
            key = canonical(mended)
        except AddressError as error:
            path = not ANY_SCHEME.match(url) and error.reason == "no web address"
            reason = " is a path inside the repository" if path else f": {error.reason.rstrip(':')}"
            return None, Finding(line, Matter.UNPLACED, f"“{text}”{reason}: {shorten(url)}")
        if not mended.lower().startswith("http"):
            mended = "https://" + mended.lstrip("/")
        try:
            check_url(mended)
        except ValueError:
            mended = key
        if len(mended) > URL_LENGTH:
            return None, Finding(line, Matter.UNPLACED, f"“{text}” has an address of {len(mended):,} characters")
        if mended == url:
            return Target(mended, key), None
        return Target(mended, key), Finding(
            line, Matter.DOUBTFUL, f"“{text}”: the address was mended to {shorten(mended)}"
        )
