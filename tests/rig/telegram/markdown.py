"""Telegram's MarkdownV2, parsed as strictly as the real server does (tdlib/td, MessageEntity.cpp)."""

from typing import NamedTuple

from .html import JSON, Parsed, cannot_parse, link_entity, sorted_entities
from .links import BadLink

RESERVED = "_*[]()~`>#+-=|{}.!\n"
NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "link": "TextUrl",
    "emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
MARKS = {"*": "bold", "~": "strikethrough", "||": "spoiler", "__": "underline", "_": "italic", "[": "link"}
ENDS = {
    "bold": "*",
    "italic": "_",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "link": "]",
    "emoji": "]",
}


class Open(NamedTuple):
    """An entity that waits for its end."""

    kind: str
    language: str
    offset: int
    begin: int
    piece: int


def parse_markdown_v2(source: str) -> Parsed:
    """The text without its marks. Raises `Refused`: a 400 that begins with "can't parse entities"."""
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
        self.line_begins = True

    def parse(self) -> Parsed:
        while self.at < len(self.source):
            c = self.source[self.at]
            if c == "\\" and "\x01" <= self.source[self.at + 1 : self.at + 2] <= "\x7e":
                self._add(self.source[self.at + 1], skip=2)
            elif c not in ("`" if self._inside("code", "pre") else RESERVED):
                self._add(c)
            elif not self._end():
                self._begin(c)
        self._end_last_quote()
        self._complain_of_open()
        return Parsed("".join(self.pieces), sorted_entities(self.entities), self.lost)

    def _add(self, c: str, skip: int = 1) -> None:
        self.pieces.append(c)
        self.length += 1 + (c > "\uffff")
        self.at += skip
        if c != "\r":
            self.line_begins = c == "\n"

    def _inside(self, *kinds: str) -> bool:
        return bool(self.open) and self.open[-1].kind in kinds

    def _follows(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def _begin(self, c: str) -> None:
        mark = next((mark for mark in ("__", "||", c) if mark in MARKS and self._follows(mark)), None)
        if c == "\n":
            self._add(c)
        elif mark:
            self._open(MARKS[mark], len(mark))
        elif c == "`":
            self._begin_code()
        elif self._follows("!["):
            self._open("emoji", 2)
        elif c == ">" and self.line_begins:
            self._begin_quote()
        else:
            raise cannot_parse(f"Character '{c}' is reserved and must be escaped with the preceding '\\'")

    def _open(self, kind: str, skip: int, language: str = "") -> None:
        self.open.append(Open(kind, language, self.length, self.at, len(self.pieces)))
        self.at += skip

    def _begin_quote(self) -> None:
        """A line of a quotation; its first one opens it."""
        if any(entity.kind == "blockquote" for entity in self.open):
            self.at += 1
        else:
            self._open("blockquote", 1)

    def _begin_code(self) -> None:
        if not self._follows("```"):
            self._open("code", 1)
            return
        start = end = self.at + 3
        while end < len(self.source) and self.source[end] not in " \t\r\n\v\0`":
            end += 1
        has_language = start < end < len(self.source) and self.source[end] != "`"
        self._open("pre", (end if has_language else start) - self.at, self.source[start:end] if has_language else "")
        if self._follows("\r\n") or self._follows("\n\r"):
            self.at += 2
        elif self._follows("\n") or self._follows("\r"):
            self.at += 1

    def _end(self) -> bool:
        """Close the innermost entity if its end is here."""
        if not self.open:
            return False
        if self._follows("\n") and not self.source.startswith(">", self.at + 1) and self._has_quote():
            self._end_quote()
            return True
        kind = self.open[-1].kind
        mark = ENDS.get(kind)
        if mark is None or not self._follows(mark) or (kind == "italic" and self._follows("__")):
            return False
        self.at += len(mark)
        self._close(self.open.pop())
        return True

    def _has_quote(self) -> bool:
        return any(entity.kind == "blockquote" for entity in self.open)

    def _close(self, ended: Open) -> None:
        span = {"offset": ended.offset, "length": self.length - ended.offset}
        if ended.kind == "link":
            self._add_link("".join(self.pieces[ended.piece :]), span)
        elif ended.kind == "emoji":
            self._add_emoji(span)
        elif not span["length"]:
            self.lost.append(f"an empty {ended.kind}")
        else:
            self.entities.append(
                {"type": ended.kind, **span} | ({"language": ended.language} if ended.language else {})
            )

    def _add_link(self, label: str, span: JSON) -> None:
        link = self._address() if self._follows("(") else label
        try:
            if span["length"]:
                self.entities.append({**link_entity(link), **span})
            else:
                self.lost.append("a link without text")
        except BadLink as bad:
            self.lost.append(f"a link: {bad}")

    def _add_emoji(self, span: JSON) -> None:
        if not self._follows("("):
            raise cannot_parse("The entity must contain a tg://emoji or tg://time URL")
        number = self._address().removeprefix("tg://emoji?id=")
        if not number.isdecimal() or not int(number):
            raise cannot_parse("Invalid tg://emoji or tg://time URL specified")
        self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": number})

    def _address(self) -> str:
        """What stands in the parentheses that begin here."""
        self.at += 1
        begin, address = self.at, ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            escaped = self._follows("\\") and "\x01" <= self.source[self.at + 1 : self.at + 2] <= "\x7e"
            self.at += escaped
            address += self.source[self.at]
            self.at += 1
        if self.at == len(self.source):
            raise cannot_parse(f"Can't find end of a URL at byte offset {self._byte(begin)}")
        self.at += 1
        return address

    def _end_quote(self) -> None:
        """The line break after a quotation; `||` just before it makes the quotation expandable."""
        kind = "blockquote"
        if self._inside("spoiler") and self.source[self.open[-1].begin : self.at].rstrip("\r") == "||":
            self.open.pop()
            kind = "expandable_blockquote"
        if not self._inside("blockquote"):
            self._complain_of_open()
        quote = self.open.pop()
        self._add("\n")
        self.entities.append({"type": kind, "offset": quote.offset, "length": self.length - quote.offset})

    def _end_last_quote(self) -> None:
        """A quotation that the end of the text closes."""
        if not self._has_quote():
            return
        kind = "blockquote"
        if self._inside("spoiler") and self.open[-1].begin == len(self.source) - 2:
            self.open.pop()
            kind = "expandable_blockquote"
        if self._inside("blockquote"):
            quote = self.open.pop()
            if self.length > quote.offset:
                self.entities.append({"type": kind, "offset": quote.offset, "length": self.length - quote.offset})

    def _complain_of_open(self) -> None:
        if self.open:
            name = "PreCode" if self.open[-1].language else NAMES[self.open[-1].kind]
            place = f"at byte offset {self._byte(self.open[-1].begin)}"
            raise cannot_parse(f"Can't find end of {name} entity {place}")

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())
