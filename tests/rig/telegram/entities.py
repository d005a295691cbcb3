"""Text as the server takes it: parsed, cleaned, trimmed, measured; and what a client finds in it.

The unit of the length limits is the code point, that of entity offsets the UTF-16 unit. What the real
server drops or changes without a word is listed in `Formatted.lost`, so that a suite can fail on it.
"""

import re
from typing import Any, NamedTuple

from .html import JSON, Parsed, link_entity, parse_html, sorted_entities, utf16_length
from .links import BadLink
from .markdown import parse_markdown_v2
from .refusal import bad_request

TEXT_MAX = 4096
CAPTION_MAX = 1024
ENTITIES_MAX = 100

SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
CODE = {"code", "pre"}
QUOTES = {"blockquote", "expandable_blockquote"}
PLAIN = SPLITTABLE | CODE | QUOTES
AUTOMATIC = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
}

_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\w))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)


class Formatted(NamedTuple):
    """Text ready to be shown, its entities, and what was lost on the way."""

    text: str
    entities: list[JSON]
    lost: list[str]


def read_text(text: str, parse_mode: str = "", entities: Any = None) -> Formatted:
    """The text of a message as the server stores it. Raises `Refused` (400): malformed or too long."""
    if text.isspace() or not text:
        raise bad_request("message text is empty" if not text else "text must be non-empty")
    done = _format(text, parse_mode, entities)
    if not done.text:
        raise bad_request("text must be non-empty")
    if len(done.text) > TEXT_MAX:
        raise bad_request("message is too long")
    return done


def read_caption(caption: str, parse_mode: str = "", entities: Any = None) -> Formatted:
    """A caption, which may be empty. Raises `Refused` (400) if it is malformed or too long."""
    done = _format(caption, parse_mode, entities)
    if len(done.text) > CAPTION_MAX:
        raise bad_request("message caption is too long")
    return done


def find_entities(text: str) -> list[JSON]:
    """What a client marks by itself in what a person typed: addresses, commands, mentions, hashtags."""
    found = []
    for match in _FOUND.finditer(text):
        span = {"offset": utf16_length(text[: match.start()]), "length": utf16_length(match[0])}
        found.append({"type": match.lastgroup, **span})
    return found


def _format(text: str, parse_mode: str, entities: Any) -> Formatted:
    if len(text) > 8192 and len(text.encode()) > 1 << 15:
        raise bad_request("text is too long")
    parsed = _parse(text, parse_mode.lower(), entities)
    if not parsed.entities:
        return Formatted(_clean(parsed.text).strip(" \n"), [], parsed.lost)
    _check_spans(parsed.text, parsed.entities)
    text, marked = _trim(*_clean_marked(parsed.text, parsed.entities))
    return Formatted(text, *_keep_valid(marked, parsed.lost))


def _parse(text: str, parse_mode: str, entities: Any) -> Parsed:
    if parse_mode == "html" and text:
        parsed = parse_html(text)
    elif parse_mode == "markdownv2" and text:
        parsed = parse_markdown_v2(text)
    elif parse_mode in ("", "none") or not text:
        return _read_entities(text, entities)
    else:
        raise bad_request("unsupported parse_mode")
    return parsed._replace(lost=[*parsed.lost, "entities beside a parse_mode"]) if entities else parsed


def _read_entities(text: str, entities: Any) -> Parsed:
    """Entities that the bot gave as a list."""
    if not entities:
        return Parsed(text, [], [])
    if not isinstance(entities, list):
        return Parsed(text, [], ["entities that are no list"])
    read = [_read_entity(entity) for entity in entities]
    kept = [entity for entity in read if entity is not None and entity["length"] > 0]
    lost = ["an entity of length 0"] * sum(1 for entity in read if entity and not entity["length"])
    return Parsed(text, sorted_entities(kept), lost)


def _read_entity(entity: Any) -> JSON | None:
    """One entity, checked; None for the kinds that the server finds by itself. Raises `Refused`."""
    if not isinstance(entity, dict):
        raise _bad_entity("expected an Object")
    for field in ("offset", "length"):
        if field not in entity:
            raise _bad_entity(f'Can\'t find field "{field}"')
        if not isinstance(entity[field], int) or isinstance(entity[field], bool):
            raise _bad_entity(f'Field "{field}" must be of type Number')
        if not 0 <= entity[field] <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect {field} {entity[field]}")
    span = {"offset": entity["offset"], "length": entity["length"]}
    kind = entity.get("type")
    if kind in AUTOMATIC:
        return None
    if kind in PLAIN:
        language = entity.get("language") if kind == "pre" else None
        return {"type": kind, **span} | ({"language": language} if language else {})
    return {**_read_rich_entity(kind, entity), **span}


def _read_rich_entity(kind: Any, entity: JSON) -> JSON:
    """An entity that carries something: a link, a person, an emoji."""
    if kind == "text_link":
        if not isinstance(entity.get("url"), str):
            raise _bad_entity('Can\'t find field "url"')
        return _read_link(entity["url"])
    if kind == "text_mention":
        user = entity.get("user")
        if not isinstance(user, dict) or not isinstance(user.get("id"), int):
            raise _bad_entity('Can\'t find field "user"')
        return {"type": kind, "user": user}
    if kind == "custom_emoji":
        if not str(entity.get("custom_emoji_id", "")).isdecimal():
            raise _bad_entity('Can\'t find field "custom_emoji_id"')
        return {"type": kind, "custom_emoji_id": str(entity["custom_emoji_id"])}
    raise _bad_entity("Unsupported type specified" if kind else "Type is not specified")


def _read_link(url: str) -> JSON:
    try:
        return link_entity(url)
    except BadLink as bad:
        raise bad_request(f"Entity {bad}") from None


def _bad_entity(why: str) -> Exception:
    return bad_request(f"can't parse MessageEntity: {why}")


def _check_spans(text: str, entities: list[JSON]) -> None:
    """Every entity begins and ends on a character of the text. Raises `Refused`."""
    length = utf16_length(text)
    split = _middles(text)
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if begin > length:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begin}")
        if end > length:
            where = f"ends after the end of the text at UTF-16 offset {end}"
            raise bad_request(f"entity beginning at UTF-16 offset {begin} {where}")
        if begin in split:
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {split[begin]}")
        if end in split:
            where = f"ends in a middle of a UTF-16 symbol at byte offset {split[end]}"
            raise bad_request(f"entity beginning at UTF-16 offset {begin} {where}")


def _middles(text: str) -> dict[int, int]:
    """The UTF-16 offsets inside a surrogate pair, each with the byte offset just after its character."""
    middles: dict[int, int] = {}
    if text.isascii():
        return middles
    unit = byte = 0
    for c in text:
        unit += 1
        byte += len(c.encode(errors="surrogatepass"))
        if c > "\uffff":
            middles[unit] = byte
            unit += 1
    return middles


def _clean(text: str) -> str:
    """Control characters become spaces; line separators, bidi overrides and some combining lines go."""
    if text.isprintable() and text.isascii():
        return text
    return _REMOVED.sub("", _CONTROL.sub(" ", text))


def _clean_marked(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """The same for a text with entities, which move with their characters."""
    gone = [utf16_length(text[: match.start()]) for match in _REMOVED.finditer(text)]
    if not gone:
        return _clean(text), entities

    def moved(offset: int) -> int:
        return offset - sum(place < offset for place in gone)

    return _clean(text), [_spanned(e, moved(e["offset"]), moved(e["offset"] + e["length"])) for e in entities]


def _trim(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Spaces and line breaks go from both ends, in front only as far as the first entity."""
    text = text.rstrip(" \n")
    length = utf16_length(text)
    first = min((entity["offset"] for entity in entities), default=0)
    cut = min(len(text) - len(text.lstrip(" \n")), first)
    shortened = [_spanned(e, e["offset"] - cut, min(e["offset"] + e["length"], length) - cut) for e in entities]
    return text[cut:], [entity for entity in shortened if entity["length"] > 0]


def _spanned(entity: JSON, begin: int, end: int) -> JSON:
    return {**entity, "offset": begin, "length": end - begin}


def _keep_valid(entities: list[JSON], lost: list[str]) -> tuple[list[JSON], list[str]]:
    """Without the entities that may not nest as they do, and without those past the hundredth."""
    kept: list[JSON] = []
    lost = list(lost)
    for entity in entities:
        around = [outer for outer in kept if entity["offset"] < outer["offset"] + outer["length"]]
        lost += [why for outer in around if (why := _loss(outer, entity))]
        if not any(_excludes(outer, entity) for outer in around):
            kept.append(entity)
    if len(kept) > ENTITIES_MAX:
        lost.append(f"{len(kept) - ENTITIES_MAX} entities past the {ENTITIES_MAX}th")
    return kept[:ENTITIES_MAX], lost


def _loss(outer: JSON, inner: JSON) -> str | None:
    """What two overlapping entities lose: code and bold exclude each other whichever of them is inside."""
    if _excludes(outer, inner):
        return f"{inner['type']} inside {outer['type']}"
    if inner["type"] in CODE and outer["type"] in SPLITTABLE:
        return f"{outer['type']} around {inner['type']}"
    return None


def _excludes(outer: JSON, inner: JSON) -> bool:
    """Whether the later of two overlapping entities is dropped. Bold and its like may cross one another."""
    if outer["type"] in CODE:
        return True
    if outer["type"] in SPLITTABLE or inner["type"] in SPLITTABLE:
        return False
    crosses: bool = inner["offset"] + inner["length"] > outer["offset"] + outer["length"]
    return crosses or outer["type"] not in QUOTES or inner["type"] in QUOTES
