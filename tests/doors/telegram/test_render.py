"""Styled text on its way to Telegram: judged by the rig's own reading of text and entities, which is as strict as the real one."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat import Span, Text, plain
from bot.doors.telegram.render import CAPTION_LIMIT, ENTITY_LIMIT, TEXT_LIMIT, Words, clean, length, web_link, words
from tests.rig.telegram.entities import Formatted, read_text

HOSTILE = [
    "<b>bold?</b> &amp; <a href='tg://user?id=1'>me</a>",
    "*bold* _it_ `code` [a](https://evil.example) \\ ~ ||spoiler||",
    "a\x00b\x07c\rd\x1fe",
    "lone \ud83d surrogate \udc00 here",
    "right-to-left \u202e desrever \u202c \u2066isolate",
    "👩🏽‍🔬 family 👨‍👩‍👧‍👦 flag 🇧🇷 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "Z̸̢a̷͚l̴g̵o",
    "line\u2028separator\u2029and\ttabs",
    "x" * 10_000,
    "🧠" * 5_000,
    " \n ",
]
ADDRESSES = [
    None,
    "https://arxiv.org/pdf/1706.03762.pdf",
    "http://example.org/ä?q=ü#x",
    "javascript:alert(1)",
    "tg://user?id=42",
    "https://bank.example@evil.example/",
    "https:///nohost",
    "http://localhost/",
    "https://a b.example/",
    "ftp://example.org/",
    "https://example.org:99999/",
    "",
]
CHARACTERS = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE[:8]), st.text(st.characters(), max_size=20))
SPANS = st.builds(
    Span, CHARACTERS, bold=st.booleans(), italic=st.booleans(), code=st.booleans(), link=st.sampled_from(ADDRESSES)
)
TEXTS = st.lists(SPANS, max_size=12).map(tuple)


def taken(said: Words) -> Formatted:
    """The text as Telegram's side keeps it. Raises what the server would answer."""
    return read_text(said.text, entities=said.marks)


def pieces_of(said: Words) -> list[tuple[str, str]]:
    """Kind and characters of each entity."""
    units = said.text.encode("utf-16-le")
    return [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")) for e in said.marks
    ]


def test_styles_lie_exactly_over_their_words() -> None:
    said = words(
        (Span("👩🏽‍🔬 "), Span("Overfitting", bold=True), Span(" · 𝔘 "), Span("12 min", italic=True), Span("."))
    )
    assert said.text == "👩🏽‍🔬 Overfitting · 𝔘 12 min."
    assert pieces_of(said) == [("bold", "Overfitting"), ("italic", "12 min")]


def test_neighbours_in_one_style_are_one_entity() -> None:
    said = words((Span("a", bold=True), Span("b", bold=True, italic=True), Span("c", bold=True), Span("d")))
    assert pieces_of(said) == [("bold", "abc"), ("italic", "b")]


def test_a_link_carries_its_address_and_its_style() -> None:
    said = words((Span("read", bold=True, link="https://example.org/x"),))
    assert sorted(pieces_of(said)) == [("bold", "read"), ("text_link", "read")]
    assert [mark["url"] for mark in said.marks if "url" in mark] == ["https://example.org/x"]


def test_code_stands_alone_and_a_link_matters_more() -> None:
    assert pieces_of(words((Span("x", code=True, bold=True, italic=True),))) == [("code", "x")]
    assert pieces_of(words((Span("x", code=True, link="https://example.org/"),))) == [("text_link", "x")]


@pytest.mark.parametrize("address", ADDRESSES[3:])
def test_what_is_no_plain_web_address_is_mere_text(address: str) -> None:
    assert web_link(address) is None
    assert words((Span("press me", link=address),)) == Words("press me", [])


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://de.wikipedia.org/wiki/Ähnlichkeit_(Maß)",
        "https://bücher.example/",
        "http://[2001:db8::1]/x",
        "https://192.0.2.7/",
    ],
)
def test_web_addresses_are_links(address: str) -> None:
    said = words((Span("x", link=address),))
    assert [mark.get("url") for mark in said.marks] == [address]
    assert taken(said).lost == []


@given(TEXTS.filter(lambda text: bool(clean(plain(text)).strip())))
@settings(max_examples=400)
@example(tuple(Span(part, bold=True, link="https://example.org/") for part in HOSTILE))
@example((Span(" "), Span(" 0", code=True)))
def test_telegram_takes_every_text_and_drops_nothing(text: Text) -> None:
    said = words(text)
    kept = taken(said)
    assert kept.lost == []
    assert kept.text.strip(" \n") == said.text.strip(" \n")
    assert said.text.rstrip(" \n").endswith(
        kept.text
    )  # before the first mark it drops blanks as well, within one it keeps them
    assert {entity["type"] for entity in kept.entities} <= {"bold", "italic", "code", "text_link"}
    links = [entity["url"] for entity in kept.entities if entity["type"] == "text_link"]
    assert all(link.startswith(("http://", "https://")) for link in links)


@given(TEXTS)
def test_a_text_that_fits_keeps_every_ordinary_character(text: Text) -> None:
    said = words(text)
    whole = clean(plain(text))
    assert said.text == whole if length(whole) <= TEXT_LIMIT else said.text.endswith("…")


@given(st.text(), st.integers(2, 60))
def test_a_cut_is_within_the_limit_and_halves_no_character(characters: str, limit: int) -> None:
    said = words((Span(characters, bold=True),), limit)
    assert length(said.text) <= limit
    said.text.encode()  # no half of a pair is left
    assert clean(characters).startswith(said.text.removesuffix("…"))


def test_the_longest_text_of_emoji_is_cut_in_utf16_units() -> None:
    said = words((Span("🧠" * 5_000, italic=True),))
    assert length(said.text) in (TEXT_LIMIT - 1, TEXT_LIMIT)
    assert said.text == "🧠" * 2047 + "…"
    assert pieces_of(said) == [("italic", "🧠" * 2047)]
    assert length(words((Span("ä" * 2_000),), CAPTION_LIMIT).text) == CAPTION_LIMIT


def test_past_a_hundred_entities_links_are_kept_and_looks_are_lost() -> None:
    many: list[Span] = []
    for number in range(80):
        many += [
            Span(f"b{number}", bold=True),
            Span(" "),
            Span(f"l{number}", link=f"https://example.org/{number}"),
            Span(" "),
        ]
    said = words(tuple(many))
    assert len(said.marks) == ENTITY_LIMIT
    assert sum("url" in mark for mark in said.marks) == 80
    assert taken(said).lost == []


def test_nul_and_lone_surrogates_are_replaced_and_overrides_of_direction_go() -> None:
    assert clean("a\x00b\ud800c\r\nd\u202ee\x07f") == "a\ufffdb\ufffdc\nde f"


def test_ordinary_characters_of_every_script_stay() -> None:
    said = "Olá, você! 你好 שלום नमस्ते 👩🏽‍🔬\n§ “quotes” — dash"
    assert clean(said) == said
