"""The title of a link, wherever its list writes it.

It stands in the link's own text, before it (an address after a label, `[author; type; date]` after a quoted title), or
nowhere near: a link called "link" takes the nearest words or the heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.catalog.kinds import Kind
from bot.catalog.markdown.guess import kind_of_address
from bot.catalog.markdown.labels import Said, kinds_of, read_bracket, read_mark, read_remark, read_title
from bot.catalog.markdown.links import Target
from bot.catalog.markdown.people import People
from bot.catalog.markdown.spots import Spot
from bot.catalog.markdown.words import bare_of_emoji, is_generic, squeeze, without_emoji

NEAREST_WORDS = 80
"""Characters of the longest line before a link called "link" that can be its title."""

QUOTED = re.compile(r"^[\"“](.+)[\"”]$")
NAME_AND_QUOTE = re.compile(r"^([^:\"“]{1,60}):\s*[\"“](.+)[\"”]\.?$")
BROKEN_LINK = re.compile(r"\[([^\[\]]+)\]\s*\(?\s*$")
TASK_BOX = re.compile(r"^\[[ xX]?\]\s*")
PART_OF = re.compile(r"\b(?:do|da|dos|das|de|of)$", re.IGNORECASE)
OWNER = re.compile(r"^https://(?:github\.com|kaggle\.com(?:/code)?|gitlab\.com)/([\w.-]+)/")


@dataclass(slots=True)
class Around:
    """What the place says about the links of a block."""

    section: tuple[str, ...]
    group: tuple[str, ...]
    people: People
    days: int | None = None
    remark: str | None = None
    sentence: str = ""
    """The whole text of the block."""
    topic: str | None = None
    said: Said = field(default_factory=Said)
    """What a table's other columns say."""


def find_title(spot: Spot, around: Around) -> tuple[str, Said, tuple[str, ...]]:
    """Return the title, what the labels say, and the groups."""
    mark, head = read_mark(TASK_BOX.sub("", spot.head.strip()), emphasised=spot.emphasised)
    owner = found[1] if (found := OWNER.match(spot.target.canonical)) else ""
    text = squeeze(spot.piece.text)
    group = around.group
    if broken := BROKEN_LINK.search(head):
        text, head = broken[1], ""
    is_bare = spot.piece.bare or text.removesuffix("/") == spot.target.url.removesuffix("/")
    bracket = read_bracket(text) if head and not is_bare else None
    if is_bare and text != (broken[1] if broken else None):
        title, said = _of_address(spot, head, around, owner, leveled=mark is not None)
    elif bracket is not None or (head and QUOTED.match(head)):
        title, said = _before(head, bracket or Said(author=text))
    elif (is_generic(text) or not text) and not spot.stands_for:
        title, said = _nearby(spot, head, text, around)
    elif spot.stands_for:
        kinds = kinds_of(text)
        title = read_title(spot.stands_for, around.people)[0]
        said = Said(kind=kinds[0], kinds=kinds) if kinds else Said()
    else:
        title, said = read_title(text, around.people, owner)
        title, said, group = _with_head(title, said, head, spot.label, around)
    said.take(read_remark(spot.tail, title, around.people, owner))
    said.mark = mark or said.mark
    said.author = said.author or None
    return title or heading_title(around) or title_of_target(spot.target), said, group


def _with_head(title: str, said: Said, head: str, label: str, around: Around) -> tuple[str, Said, tuple[str, ...]]:
    """Use the words before an ordinary link: the label of an enumeration, a kind, the beginning of the title."""
    group = around.group
    unquoted = QUOTED.match(title)
    title = unquoted[1] if unquoted else title
    if label:
        if kinds := kinds_of(label):
            said.take(Said(kind=kinds[0], kinds=kinds))
        else:
            group = (*group, label)
    elif PART_OF.search(head) and len(head) <= 40 and title:
        title = f"{bare_of_emoji(head)} {title}"
    elif kinds := kinds_of(head):
        said.take(Said(kind=kinds[0], kinds=kinds))
    return title or heading_title(around), said, group


def _of_address(spot: Spot, head: str, around: Around, owner: str, *, leveled: bool) -> tuple[str, Said]:
    """Return the title of an address that stands in the text: the label before it, the parent, or its own words."""
    label = head.strip().rstrip(":-–—").strip()
    if leveled and not label and (heading := heading_title(around)):
        return heading, Said()
    if quoted := QUOTED.match(label):
        return quoted[1], Said()
    if label:
        return read_title(label, around.people, owner)
    own = title_of_target(spot.target)
    kind = kind_of_address(spot.target.canonical)
    if around.group and kind not in {Kind.REPO, Kind.PROFILE}:
        return around.group[-1].rstrip(": "), Said(doubts=["the title is that of the group"])
    return own, Said(doubts=["the title was made from the address"])


def _before(head: str, said: Said) -> tuple[str, Said]:
    """Return the title that stands before `[author; type; date]`."""
    words = squeeze(head).strip()
    if quoted := QUOTED.match(words):
        return quoted[1], said
    if named := NAME_AND_QUOTE.match(words):
        said.notes.insert(0, named[2])
        return named[1].strip(), said
    return words.rstrip(":").strip(), said


def _nearby(spot: Spot, head: str, text: str, around: Around) -> tuple[str, Said]:
    """Return the title of a link called "link": the words before it, a line above that ends in a colon, the heading."""
    kinds = kinds_of(text)
    said = Said(kind=kinds[0], kinds=kinds) if kinds else Said()
    words = without_emoji(head).rstrip(" :-–—,").strip()
    above = spot.above.rpartition("\n")[2].strip()
    if words and len(words) <= NEAREST_WORDS and not words.endswith("."):
        title, more = read_title(words, around.people)
        said.take(more)
        return title, said
    if above.endswith(":") and len(above) <= NEAREST_WORDS and "." not in above:
        return above.rstrip(": "), said
    said.doubts.append("the title is that of the heading" if around.section else "the title was made from the address")
    return heading_title(around), said


def heading_title(around: Around) -> str:
    """Return the nearest heading as a title."""
    return around.section[-1].rstrip(" .:") if around.section else ""


def title_of_target(target: Target) -> str:
    """Make a title of an address: the handle, `owner/repository`, the words of the last step, the host."""
    host, _, path = target.canonical.removeprefix("https://").partition("/")
    steps = [step for step in unquote(path.partition("?")[0].partition("#")[0]).split("/") if step]
    if host == "github.com" and len(steps) >= 2:
        return "/".join(steps[:2])
    if host == "x.com" and len(steps) == 1:
        return target.url.rstrip("/").rpartition("/")[2].partition("?")[0]
    words = re.sub(r"\.\w{2,5}$", "", steps[-1]) if steps else ""
    return squeeze(re.sub(r"[-_+]+", " ", words)) if re.search(r"[^\W\d_]{3}", words) else host
