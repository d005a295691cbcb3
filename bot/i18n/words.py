"""Finds a sentence in a person's language and fills it.

    start.hello: "Oi, *{name}*."          key  group.name, in one of the files of `i18n/<language>/`
                 ──parse once──▶ pieces   ──fill──▶ Text

The small markup (`*bold*`, `_italic_`, `` `code` ``, `[words](address)`) is parsed before values are filled in, so a hostile title
stays text on every platform. A mapping of plural forms is chosen by the fact `n` (CLDR, by Babel).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from importlib.resources import files

import yaml
from babel import Locale
from babel.numbers import format_decimal

from bot.chat import Message as Shown
from bot.chat import Rows, Span, Text, plain
from bot.languages import FOR_EVERYBODY, LANGUAGES

_MARKUP = re.compile(
    r"\*(?P<bold>[^*\n]+)\*|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)|`(?P<code>[^`\n]+)`|\[(?P<words>[^\]\n]+)\]\((?P<link>[^)\s]+)\)"
)
_FACT = re.compile(r"\{(\w+)\}")

Fact = str | int | Text


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a template in one style: a literal (`span`), or words and the names of facts in turn, which stand in its style."""

    span: Span
    parts: tuple[tuple[str, str], ...] = ()


class Words:
    """Every sentence of one language."""

    def __init__(self, language: str, sentences: Mapping[str, str | Mapping[str, str]]) -> None:
        self.language = language
        self._locale = Locale.parse(language, sep="-")
        self._sentences = sentences
        self._parsed: dict[tuple[str, str], tuple[_Piece, ...]] = {}
        self._number = lru_cache(1024)(partial(format_decimal, locale=self._locale))
        self._number(0)  # CLDR's data are read now, before anybody waits for them
        self._whole = cache(partial(self._filled, facts={}))
        self._bare = cache(lambda key: plain(self._whole(key)))

    def text(self, key: str, **facts: Fact) -> Text:
        """The styled sentence `key`, filled. A missing key or fact is our bug and raises KeyError."""
        return self._filled(key, facts) if facts else self._whole(key)

    def _filled(self, key: str, facts: Mapping[str, Fact]) -> Text:
        filled: list[Span] = []
        for piece in self._pieces(key, facts.get("n")):
            if piece.parts:
                filled.extend(self._fill(piece, facts))
            else:
                filled.append(piece.span)
        return tuple(filled)

    def say(self, key: str, **facts: Fact) -> str:
        """The sentence without style, for buttons, toasts and menus."""
        return plain(self.text(key, **facts)) if facts else self._bare(key)

    def message(self, key: str, buttons: Rows = (), **facts: Fact) -> Shown:
        """The sentence as a message of its own."""
        return Shown(self.text(key, **facts), buttons)

    def one_of(self, family: str, name: str, **facts: Fact) -> str:
        """The sentence of a family whose names stand in a table elsewhere, such as the kinds of resources."""
        return self.say(f"{family}.{name}", **facts)

    def has(self, key: str) -> bool:
        """Is there such a sentence?"""
        return key in self._sentences

    def _fill(self, piece: _Piece, facts: Mapping[str, Fact]) -> Iterator[Span]:
        """A stretch with its facts: one span, but for facts that have a style of their own."""
        said, style = "", piece.span
        for before, name in piece.parts:
            said += before
            fact = facts[name] if name else ""
            if isinstance(fact, str):
                said += fact
            elif isinstance(fact, int):
                said += self._number(fact)
            else:
                if said:
                    yield style.saying(said)
                said = ""
                yield from _in_style(fact, style)
        if said:
            yield style.saying(said)

    def _pieces(self, key: str, number: Fact | None) -> tuple[_Piece, ...]:
        sentence = self._sentences[key]
        form = ""
        if not isinstance(sentence, str):
            # CLDR counts 0 as "one" in Portuguese, but people say "0 dias"
            form = self._locale.plural_form(number) if isinstance(number, int) and number else "other"
            form = form if form in sentence else "other"
            sentence = sentence[form]
        known = self._parsed.get((key, form))
        if known is None:
            known = self._parsed[key, form] = _parse(sentence)
        return known


def _parse(sentence: str) -> tuple[_Piece, ...]:
    pieces: list[_Piece] = []
    start = 0
    for found in _MARKUP.finditer(sentence):
        pieces += _split(sentence[start : found.start()], Span(""))
        if found["link"]:
            pieces += _split(found["words"], Span("", link=found["link"]))
        else:
            style = found.lastgroup or ""
            pieces += _split(
                found[style], Span("", bold=style == "bold", italic=style == "italic", code=style == "code")
            )
        start = found.end()
    return tuple(pieces + _split(sentence[start:], Span("")))


def _split(words: str, style: Span) -> list[_Piece]:
    """A stretch with its `{facts}`; nothing where there are no words."""
    if not words:
        return []
    literals, names = (parts := _FACT.split(words))[::2], parts[1::2]
    if not names:
        return [_Piece(style.saying(words))]
    return [_Piece(style, tuple(zip(literals, [*names, ""], strict=True)))]


def _in_style(text: Text, style: Span) -> Text:
    """A text within words that may be bold or italic."""
    if not (style.bold or style.italic):
        return text
    return tuple(replace(span, bold=span.bold or style.bold, italic=span.italic or style.italic) for span in text)


def facts_of(sentence: str | Mapping[str, str]) -> frozenset[str]:
    """The names of the facts a sentence wants, over all its plural forms."""
    forms = [sentence] if isinstance(sentence, str) else list(sentence.values())
    return frozenset(name for form in forms for name in _FACT.findall(form))


@cache
def sentences(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """All sentences of a language by their key `group.name`, as its YAML files hold them.

    A group such as `button` may go on in several files; a key that stands twice raises ValueError.
    """
    found: dict[str, str | Mapping[str, str]] = {}
    for file in sorted(files("bot.i18n").joinpath(language.replace("-", "_")).iterdir(), key=lambda file: file.name):
        for group, named in yaml.safe_load(file.read_text("utf-8")).items():
            for name, sentence in named.items():
                if f"{group}.{name}" in found:
                    raise ValueError(f"{file.name}: {group}.{name} stands twice")
                found[f"{group}.{name}"] = sentence
    return found


@cache
def words_in(language: str) -> Words:
    """The words of a language the bot speaks."""
    return Words(language, sentences(language))


def spoken(client_language: str | None, default: str) -> str:
    """The language of ours for what a client says it speaks (a BCP 47 tag such as `pt-br`).

    Portuguese of any kind gets pt-BR and a silent client the default; who speaks none of ours gets English.
    """
    if not client_language:
        return default
    asked = client_language.split("-")[0].split("_")[0].lower()
    return next((ours for ours in LANGUAGES if ours.split("-")[0] == asked), FOR_EVERYBODY)
