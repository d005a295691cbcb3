"""Telegram's HTML: a strict little parser with the real server's complaints (tdlib/td, MessageEntity.cpp)."""

import re
from typing import Any, NamedTuple

from .links import BadLink, check_link, mentioned_user
from .refusal import bad_request

JSON = dict[str, Any]

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*SIMPLE, "a", "pre", "code", "blockquote", "tg-emoji"}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_NEXT = re.compile(r"[<&]")
_SPACE = r" \t\r\n\v\0"
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
_TAG_NAME = re.compile(rf"[^{_SPACE}>]*")
_SPACES = re.compile(rf"[{_SPACE}]*")
_ATTRIBUTE = re.compile(rf"[^{_SPACE}=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


class Parsed(NamedTuple):
    """Plain text, its entities (offsets in UTF-16 units) and what the real server silently drops."""

    text: str
    entities: list[JSON]
    lost: list[str]


class Open(NamedTuple):
    """A tag that waits for its end: name, attributes, and where its text begins (UTF-16 units; pieces)."""

    tag: str
    attributes: dict[str, str]
    offset: int
    piece: int


def utf16_length(text: str) -> int:
    """How many UTF-16 units the text takes: what entity offsets count in."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)


def parse_html(source: str) -> Parsed:
    """The text without its tags. Raises `Refused`: a 400 that begins with "can't parse entities"."""
    if not _NEXT.search(source):
        return Parsed(source, [], [])
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[Open] = []
        self.entities: list[JSON] = []
        self.lost: list[str] = []

    def parse(self) -> Parsed:
        while found := _NEXT.search(self.source, self.at):
            self._add(self.source[self.at : found.start()])
            self.at = found.start()
            if found[0] == "&":
                self._add(self._character() or self._take("&"))
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._add(self.source[self.at :])
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.pieces)
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise cannot_parse(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                "surrogate code units"
            )
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return Parsed(text, sorted_entities(self.entities), self.lost)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _take(self, text: str) -> str:
        self.at += len(text)
        return text

    def _character(self) -> str | None:
        """What a reference such as `&lt;` or `&#8217;` stands for; None leaves the ampersand alone."""
        found = _REFERENCE.match(self.source, self.at)
        if found is None:
            return None
        if found[3] is not None:
            character = CHARACTERS.get(found[3])
        else:
            code = int(found[1] or "0", 16) if found[1] is not None else int(found[2] or "0")
            digits = found[0].removesuffix(";")
            character = chr(code) if 0 < code < 0x10FFFF and len(digits) < 10 else None
        if character is not None:
            self.at = found.end()
        return character

    def _start_tag(self) -> None:
        begin = self.at
        name = _match(_TAG_NAME, self.source, begin + 1)
        self.at = begin + 1 + len(name)
        if self.at >= len(self.source):
            raise cannot_parse(f"Unclosed start tag{self._place(begin)}")
        tag = name.lower()
        if tag not in TAGS:
            raise cannot_parse(f'Unsupported start tag "{tag}"{self._place(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler"{self._place(begin)}')
        self.at += 1
        self.open.append(Open(tag, attributes, self.length, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes = {}
        while self._skip_spaces() != ">":
            name = self._take(_match(_ATTRIBUTE, self.source, self.at))
            if not name:
                raise cannot_parse(f'Empty attribute name in the tag "{tag}"{self._place(begin)}')
            follows = self._skip_spaces()
            if not follows:
                raise cannot_parse(f'Unclosed start tag "{tag}"{self._place(begin)}')
            attributes[name] = self._value(tag, begin) if follows == "=" else ""
        return attributes

    def _value(self, tag: str, begin: int) -> str:
        self.at += 1
        quote = self._skip_spaces()
        if not quote:
            raise cannot_parse(f'Unclosed start tag "{tag}"{self._place(begin)}')
        value = self._quoted(self._take(quote)) if quote in "'\"" else self._bare()
        if self.at >= len(self.source):
            raise cannot_parse(f"Unclosed start tag{self._place(begin)}")
        return value

    def _bare(self) -> str:
        start = self.at
        value = self._take(_match(_TOKEN, self.source, start))
        if self.source[self.at : self.at + 1] not in (*_SPACE, ">", ""):
            raise cannot_parse(f"Unexpected end of name token{self._place(start)}")
        return value.lower()

    def _quoted(self, quote: str) -> str:
        value = ""
        while self.at < len(self.source) and self.source[self.at] != quote:
            character = self._character() if self.source[self.at] == "&" else None
            value += character or self._take(self.source[self.at])
        self.at += 1
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise cannot_parse(f"Unexpected end tag{self._place(begin)}")
        name = _match(_TAG_NAME, self.source, begin + 2)
        self.at = begin + 2 + len(name)
        if self._skip_spaces() != ">":
            raise cannot_parse(f"Unclosed end tag{self._place(begin)}")
        self.at += 1
        ended = self.open.pop()
        if name and name.lower() != ended.tag:
            expected = f'expected "</{ended.tag}>", found "</{name.lower()}>"'
            raise cannot_parse(f"Unmatched end tag{self._place(begin)}, {expected}")
        if self.length > ended.offset:
            self._add_entity(ended, {"offset": ended.offset, "length": self.length - ended.offset})
        else:
            self.lost.append(f"an empty <{ended.tag}>")

    def _add_entity(self, ended: Open, span: JSON) -> None:
        if ended.tag in SIMPLE:
            self.entities.append({"type": SIMPLE[ended.tag], **span})
        elif ended.tag == "blockquote":
            kind = "expandable_blockquote" if "expandable" in ended.attributes else "blockquote"
            self.entities.append({"type": kind, **span})
        elif ended.tag == "a":
            self._add_link(ended.attributes.get("href") or "".join(self.pieces[ended.piece :]), span)
        elif ended.tag == "tg-emoji":
            self._add_emoji(ended.attributes.get("emoji-id", ""), span)
        else:
            self._add_code(ended, span)

    def _add_link(self, link: str, span: JSON) -> None:
        try:
            self.entities.append({**link_entity(link), **span})
        except BadLink as bad:
            self.lost.append(f"a link: {bad}")

    def _add_emoji(self, number: str, span: JSON) -> None:
        if not number.isdecimal() or not int(number):
            raise cannot_parse("Invalid custom emoji identifier specified")
        self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": number})

    def _add_code(self, ended: Open, span: JSON) -> None:
        """`<pre><code class="language-python">` is one entity; either alone is another."""
        inner = self.entities[-1] if self.entities else {}
        language = ended.attributes.get("class", "").removeprefix("language-") if ended.tag == "code" else ""
        same_place = {key: inner.get(key) for key in span} == span
        if ended.tag == "pre" and same_place and inner.get("type") == "code":
            inner["type"] = "pre"
        elif ended.tag == "pre" or not (same_place and inner.get("type") == "pre"):
            self.entities.append({"type": ended.tag, **span} | ({"language": language} if language else {}))
        elif language:
            inner["language"] = language

    def _skip_spaces(self) -> str:
        """The next character that is no space; empty at the end of the text."""
        self.at += len(_match(_SPACES, self.source, self.at))
        return self.source[self.at : self.at + 1]

    def _place(self, at: int) -> str:
        return f" at byte offset {len(self.source[:at].encode())}"


def link_entity(link: str) -> JSON:
    """`text_link` or, for `tg://user?id=7`, `text_mention`. Raises `BadLink`."""
    user = mentioned_user(link)
    if user is not None:
        return {"type": "text_mention", "user": {"id": user, "is_bot": False, "first_name": str(user)}}
    return {"type": "text_link", "url": check_link(link)}


def sorted_entities(entities: list[JSON]) -> list[JSON]:
    """By offset, the longer first; of two with the same extent the code comes last, as it excludes the other."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], e["type"] in ("code", "pre")))


def cannot_parse(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")


def _match(pattern: re.Pattern[str], text: str, at: int) -> str:
    found = pattern.match(text, at)
    return found[0] if found else ""
