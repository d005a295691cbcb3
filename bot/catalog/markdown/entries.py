"""One block of a list (a bullet, a paragraph, a heading) to the entries its links stand for.

Where the title of a link stands differs from list to list: in the link's own text, before it (an address after a
label, `[author; type; date]` after a quoted title), or nowhere near (a link called "link": then it is the nearest
words or the heading).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.catalog.kinds import Kind, Mark
from bot.catalog.markdown.guess import is_practice, kind_of, kind_of_address, language_of
from bot.catalog.markdown.labels import Said, kinds_of, read_bracket, read_mark, read_remark, read_title
from bot.catalog.markdown.links import Target
from bot.catalog.markdown.people import People
from bot.catalog.markdown.pieces import Piece
from bot.catalog.markdown.published import CORE, Facts, read_facts
from bot.catalog.markdown.report import Item
from bot.catalog.markdown.vocabulary import GENERIC, KIND_WORDS, LANGUAGE_WORDS, MARKS
from bot.catalog.markdown.words import bare_of_emoji, emoji_of, shorten, squeeze

LONGEST_TITLE = 300
LONGEST_NOTE = 1000
NEAREST_WORDS = 80
"""Characters of the longest line before a link called "link" that can be its title."""

QUOTED = re.compile(r"^[\"“](.+)[\"”]$")
NAME_AND_QUOTE = re.compile(r"^([^:\"“]{1,60}):\s*[\"“](.+)[\"”]\.?$")
BROKEN_LINK = re.compile(r"\[([^\[\]]+)\]\s*\(?\s*$")
LABEL = re.compile(r"^\s*([^\s:]+(?: [^\s:]+){0,3}):\s")
JOINT = re.compile(r"^(?:[\s,;.&|/+•·\\]|\b(?:and|e|or|ou)\b)*$", re.IGNORECASE)
REMARK_STARTS = re.compile(r"^\s*(?:[-–—:(]|\.\s)")
PART_OF = re.compile(r"\b(?:do|da|dos|das|de|of)$", re.IGNORECASE)
OWNER = re.compile(r"^https://(?:github\.com|kaggle\.com(?:/code)?|gitlab\.com)/([\w.-]+)/")


@dataclass(slots=True)
class Spot:
    """One link in its block, with the words around it."""

    piece: Piece
    target: Target
    head: str = ""
    """Words on the same line before it that belong to it."""
    above: str = ""
    """Words on the lines before, since the last link."""
    tail: str = ""
    """Words behind it that belong to it."""
    facts: Facts | None = None
    """What `publish` wrote behind it."""
    emphasised: bool = False
    """The words before it begin emphasised."""
    label: str = ""
    """What the block begins with before its first link: "Regression: RMSE, [MAPE](…)"."""


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


def find_spots(pieces: list[Piece], targets: dict[int, Target]) -> tuple[list[Spot], list[str]]:
    """Return the links of a block with the words that belong to each, and the words between that belong to none.

    `targets` tells by its position in `pieces` which piece is a resource.
    """
    spots: list[Spot] = []
    loose: list[str] = []
    words: list[Piece] = []
    for position, piece in enumerate(pieces):
        if position in targets:
            spot = Spot(piece, targets[position])
            _share(words, spots[-1] if spots else None, spot, loose)
            spots.append(spot)
            words = []
        elif piece.url is None and piece.picture is None:
            words.append(piece)
    if spots:
        _share(words, spots[-1], None, loose)
        _read_label(spots, loose)
    return spots, loose


def _read_label(spots: list[Spot], loose: list[str]) -> None:
    """Find what an enumeration is called; it holds for every link in it, and its unlinked members stand alone."""
    found = LABEL.match(spots[0].head)
    if not found or spots[0].piece.bare or spots[0].emphasised or "\"" in spots[0].head or "“" in spots[0].head:
        return
    for spot in spots:
        spot.label = found[1].strip(" *_")
    members = spots[0].head[found.end() :].strip(" ,;")
    if members and "," in spots[0].head:
        loose.append(members)
        spots[0].head = found[0]


def _share(words: list[Piece], before: Spot | None, after: Spot | None, loose: list[str]) -> None:
    """Give the words between two links to one of them, or to none."""
    text = "".join(piece.text for piece in words)
    if before is not None and (facts := _published(words)):
        before.facts, before.tail = facts
        return
    if before is None and after is not None:
        above, _, after.head = text.rpartition("\n")
        after.above = above.strip("\n\\ ")
        after.emphasised = next((piece.emphasis or piece.strong for piece in words if piece.text.strip()), False)
    elif before is not None and after is None:
        if not _is_enumeration(text):
            before.tail = text
        else:
            loose.append(text.strip(" ,;"))
    elif before is not None and after is not None and not JOINT.match(text):
        first, _, last = text.partition("\n") if "\n" in text else (text, "", "")
        if REMARK_STARTS.match(first):
            before.tail, after.head = first, last.rpartition("\n")[2]
        elif "," in first.strip(" ,"):
            loose.append(first.strip(" ,;"))
        else:
            after.head = last.rpartition("\n")[2] or (first if "\n" not in text else "")
            before.tail = first if "\n" in text else ""


def _is_enumeration(text: str) -> bool:
    return text.lstrip().startswith((",", ";")) and bool(text.strip(" ,;."))


def _published(words: list[Piece]) -> tuple[Facts, str] | None:
    """Read the line of facts that `publish` writes behind a title, and the note behind it."""
    if len(words) < 2 or words[0].text.strip() != "—" or not words[1].emphasis:
        return None
    facts = read_facts(words[1].text)
    if facts is None:
        return None
    return facts, "".join(piece.text for piece in words[2:]).removeprefix(" — ").strip()


def make_item(spot: Spot, around: Around) -> Item:
    """Return the entry that a link stands for."""
    if spot.facts is not None:
        return _published_item(spot, spot.facts, around)
    title, said, group = _title(spot, around)
    said.take(around.said)
    _read_emoji(spot, said)
    kind = _kind(spot, said, title, (*around.section, *around.group))
    language, sure = (said.language, True) if said.language else language_of(title, spot.target.url, kind)
    if not sure:
        said.doubts.append(f"the language was taken for “{language}” with little to go by")
    return Item(
        line=spot.piece.line,
        title=_fit(title, said),
        url=spot.target.url,
        canonical=spot.target.canonical,
        section=around.section,
        group=group,
        kind=kind,
        language=language,
        author=shorten(said.author, LONGEST_TITLE) if said.author else None,
        published=said.published,
        minutes=said.minutes,
        days=said.days or around.days,
        practice=is_practice(kind, title),
        mark=said.mark,
        note=_note(spot, said, title, around),
        topic=around.topic,
        doubts=tuple(said.doubts),
    )


def _published_item(spot: Spot, facts: Facts, around: Around) -> Item:
    """Return the entry that `publish` wrote, word for word."""
    return Item(
        line=spot.piece.line,
        title=spot.piece.text,
        url=spot.target.url,
        canonical=spot.target.canonical,
        section=around.section,
        group=around.group,
        kind=facts.kind,
        language=facts.language,
        author=facts.author,
        published=facts.published,
        minutes=None if facts.estimated else facts.minutes,
        days=facts.days,
        practice=facts.practice,
        mark=facts.mark,
        note=spot.tail or None,
        topic=around.topic,
        core=CORE in spot.head,
    )


def _title(spot: Spot, around: Around) -> tuple[str, Said, tuple[str, ...]]:
    """Return the title, what the labels say, and the groups."""
    mark, head = read_mark(spot.head.strip(), emphasised=spot.emphasised)
    owner = found[1] if (found := OWNER.match(spot.target.canonical)) else ""
    text = squeeze(spot.piece.text)
    group = around.group
    if broken := BROKEN_LINK.search(head):
        text, head = broken[1], ""
    is_bare = spot.piece.bare or text.removesuffix("/") == spot.target.url.removesuffix("/")
    bracket = read_bracket(text) if head and not is_bare else None
    if is_bare and text != (broken[1] if broken else None):
        title, said = _title_of_address(spot, head, around, owner, leveled=mark is not None)
    elif bracket is not None or (head and QUOTED.match(head)):
        title, said = _title_before(head, bracket or Said(author=text))
    elif bare_of_emoji(text).strip(" .:").lower() in GENERIC or not text:
        title, said = _title_nearby(spot, head, text, around)
    else:
        title, said = read_title(text, around.people, owner)
        title, said, group = _with_head(title, said, head, spot.label, around)
    said.take(read_remark(spot.tail, title, around.people, owner))
    said.mark = mark or said.mark
    said.author = said.author or None
    return title or _heading(around) or _from_address(spot.target), said, group


def _with_head(
    title: str, said: Said, head: str, label: str, around: Around
) -> tuple[str, Said, tuple[str, ...]]:
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
    return title or _heading(around), said, group


def _title_of_address(spot: Spot, head: str, around: Around, owner: str, *, leveled: bool) -> tuple[str, Said]:
    """Return the title of an address that stands in the text: the label before it, the parent, or its own words."""
    label = head.strip().rstrip(":-–—").strip()
    if leveled and not label and (heading := _heading(around)):
        return heading, Said()
    if quoted := QUOTED.match(label):
        return quoted[1], Said()
    if label:
        return read_title(label, around.people, owner)
    own = _from_address(spot.target)
    kind = kind_of_address(spot.target.canonical)
    if around.group and kind not in {Kind.REPO, Kind.PROFILE}:
        return around.group[-1].rstrip(": "), Said(doubts=["the title is that of the group"])
    return own, Said(doubts=["the title was made from the address"])


def _title_before(head: str, said: Said) -> tuple[str, Said]:
    """Return the title that stands before `[author; type; date]`."""
    words = squeeze(head).strip()
    if quoted := QUOTED.match(words):
        return quoted[1], said
    if named := NAME_AND_QUOTE.match(words):
        said.notes.insert(0, named[2])
        return named[1].strip(), said
    return words.rstrip(":").strip(), said


def _title_nearby(spot: Spot, head: str, text: str, around: Around) -> tuple[str, Said]:
    """Return the title of a link called "link": the words before it, a line above that ends in a colon, the heading."""
    kinds = kinds_of(text)
    said = Said(kind=kinds[0], kinds=kinds) if kinds else Said()
    words = bare_of_emoji(head).rstrip(" :-–—,").strip()
    above = spot.above.rpartition("\n")[2].strip()
    if words and len(words) <= NEAREST_WORDS and not words.endswith("."):
        title, more = read_title(words, around.people)
        said.take(more)
        return title, said
    if above.endswith(":") and len(above) <= NEAREST_WORDS and "." not in above:
        return above.rstrip(": "), said
    said.doubts.append("the title is that of the heading")
    return _heading(around), said


def _heading(around: Around) -> str:
    """Return the nearest heading as a title."""
    return around.section[-1].rstrip(" .:") if around.section else ""


def _from_address(target: Target) -> str:
    """Make a title of an address: the handle, `owner/repository`, the words of the last step, the host."""
    host, _, path = target.canonical.removeprefix("https://").partition("/")
    steps = [step for step in unquote(path.partition("?")[0].partition("#")[0]).split("/") if step]
    if host == "github.com" and len(steps) >= 2:
        return "/".join(steps[:2])
    if host == "x.com" and len(steps) == 1:
        return target.url.rstrip("/").rpartition("/")[2].partition("?")[0]
    words = re.sub(r"\.\w{2,5}$", "", steps[-1]) if steps else ""
    return squeeze(re.sub(r"[-_+]+", " ", words)) if re.search(r"[^\W\d_]{3}", words) else host


def _read_emoji(spot: Spot, said: Said) -> None:
    """Read what an emoji before or behind the link says: a kind, a language, a level."""
    for sign in emoji_of(spot.head) + emoji_of(spot.tail):
        plain = sign.rstrip("\ufe0f")
        said.kind = said.kind or KIND_WORDS.get(sign) or KIND_WORDS.get(plain)
        said.language = said.language or LANGUAGE_WORDS.get(sign)
        said.mark = said.mark or MARKS.get(sign)


def _kind(spot: Spot, said: Said, title: str, place: tuple[str, ...]) -> Kind:
    """Return the kind: what a label says, read together with the address; else the likely one."""
    by_address = kind_of_address(spot.target.canonical)
    if by_address in said.kinds:
        return by_address
    if said.kind is Kind.ARTICLE and by_address is Kind.PAPER:
        return Kind.PAPER
    if said.kind is not None:
        return said.kind
    kind, sure = kind_of(spot.target.url, spot.target.canonical, title, place)
    if not sure and kind is Kind.PAPER:
        said.doubts.append("a PDF was taken for a paper")
    return kind


def _fit(title: str, said: Said) -> str:
    """Cut a title that is longer than the catalog takes."""
    if len(title) > LONGEST_TITLE:
        said.doubts.append(f"the title has {len(title):,} characters and was cut")
    return shorten(title, LONGEST_TITLE)


def _note(spot: Spot, said: Said, title: str, around: Around) -> str | None:
    """Return what the list remarks: behind the link, in the sentence around it, above it, or before the whole list."""
    notes = [_unwrap(note) for note in said.notes if note.strip(" .")]
    in_sentence = spot.head.strip() and not spot.piece.bare and len(around.sentence) > len(title) + 20
    if in_sentence and not spot.label and spot.head.strip(" *_:\"“").lower() not in MARKS:
        if not read_bracket(spot.piece.text):
            notes = [around.sentence]
    if not notes and spot.above:
        notes = [squeeze(spot.above.replace("\\\n", "\n").rstrip("\\"))]
    if not notes and around.remark:
        notes = [around.remark.rstrip(":")]
    return shorten(" - ".join(notes), LONGEST_NOTE) or None


def _unwrap(note: str) -> str:
    """Take off the parentheses around a whole remark."""
    text = squeeze(note)
    inside = text[1:-1]
    return inside if text[:1] + text[-1:] == "()" and not set(inside) & set("()") else text


def is_generic(text: str) -> bool:
    """Tell whether a link text is no title."""
    return bare_of_emoji(squeeze(text)).strip(" .:").lower() in GENERIC


__all__ = ["Around", "Mark", "Spot", "find_spots", "is_generic", "make_item"]
