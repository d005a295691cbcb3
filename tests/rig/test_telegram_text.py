"""What the local Bot API server says to texts, entities, links and keyboards."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rig.telegram.entities import find_entities, read_caption, read_text
from tests.rig.telegram.html import parse_html, utf16_length
from tests.rig.telegram.keyboards import read_keyboard
from tests.rig.telegram.links import BadLink, check_link
from tests.rig.telegram.markdown import parse_markdown_v2
from tests.rig.telegram.menu import read_commands, read_language, read_scope
from tests.rig.telegram.refusal import Refused

TEXT = st.text(st.characters(codec="utf-8"))


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def refusal(*args: Any) -> str:
    """The complaint about a text."""
    with pytest.raises(Refused) as refused:
        read_text(*args)
    return refused.value.description.removeprefix("Bad Request: ")


# marks


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("no marks at all", "no marks at all", []),
        ("<b>Oi</b>, <i>Ana</i>", "Oi, Ana", [entity("bold", 0, 2), entity("italic", 4, 3)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("😀<u>x</u>", "😀x", [entity("underline", 2, 1)]),
        ("1 &lt; 2 &amp;&amp; &quot;ok&quot; &#128512;", '1 < 2 && "ok" 😀', []),
        ("AT&T &nbsp;", "AT&T &nbsp;", []),
        (
            '<a href="https://x.org/?a=1&amp;b=2">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://x.org/?a=1&b=2")],
        ),
        (
            "<a href='tg://user?id=7'>Ana</a>",
            "Ana",
            [entity("text_mention", 0, 3, user={"id": 7, "is_bot": False, "first_name": "7"})],
        ),
        ('<pre><code class="language-python">1</code></pre>', "1", [entity("pre", 0, 1, language="python")]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[Any]) -> None:
    assert read_text(source, "HTML")[:2] == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x_y>z</a>", "Unexpected end of name token at byte offset 8"),
        ('<a "x">z</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_with_the_place(source: str, complaint: str) -> None:
    assert refusal(source, "HTML") == f"can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*b* _i_ __u__ ~s~ ||p||", "b i u s p", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        ("`a.b*c`", "a.b*c", ["code"]),
        ("```python\nx = 1```", "x = 1", ["pre"]),
        (r"1\.5 \> 1 \(yes\)", "1.5 > 1 (yes)", []),
        ("[x](https://x.org/a_\\))", "x", ["text_link"]),
        (">one\n>two\nthree", "one\ntwo\nthree", ["blockquote"]),
        (">one\n>two||", "one\ntwo", ["expandable_blockquote"]),
        ("___both_ under__", "both under", ["underline", "italic"]),
    ],
)
def test_markdown_becomes_text_and_entities(source: str, text: str, entities: list[str]) -> None:
    read = read_text(source, "MarkdownV2")
    assert (read.text, [entity["type"] for entity in read.entities]) == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("a | b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("é *b", "Can't find end of Bold entity at byte offset 3"),
        ("`x", "Can't find end of Code entity at byte offset 0"),
        ("```py\nx", "Can't find end of PreCode entity at byte offset 0"),
        ("[x](https://x.org", "Can't find end of a URL at byte offset 4"),
        ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
    ],
)
def test_bad_markdown_is_refused_with_the_place(source: str, complaint: str) -> None:
    assert refusal(source, "MarkdownV2") == f"can't parse entities: {complaint}"


@given(TEXT)
def test_escaped_text_always_survives_html(text: str) -> None:
    assert parse_html(html.escape(text, quote=True).replace("&#x27;", "'")).text == text


@given(TEXT.filter(bool), TEXT)
def test_an_html_entity_covers_exactly_its_text(bold: str, before: str) -> None:
    source = f"{html.escape(before, quote=False)}<b>{html.escape(bold, quote=False)}</b>"
    (mark,) = parse_html(source).entities
    assert mark == entity("bold", utf16_length(before), utf16_length(bold))


@given(TEXT.filter(lambda text: "\r" not in text))
def test_markdown_with_every_reserved_character_escaped_is_that_text(text: str) -> None:
    escaped = "".join(f"\\{c}" if c in "\\_*[]()~`>#+-=|{}.!" else c for c in text)
    assert parse_markdown_v2(escaped).text == text


# lengths


def test_a_text_has_4096_code_points_after_its_marks_are_gone() -> None:
    assert len(read_text("<b>" + "😀" * 4096 + "</b>", "HTML").text) == 4096
    assert refusal("😀" * 4097) == "message is too long"


def test_a_caption_has_1024_code_points_or_none() -> None:
    assert read_caption("").text == ""
    assert len(read_caption("é" * 1024).text) == 1024
    with pytest.raises(Refused, match="message caption is too long"):
        read_caption("é" * 1025)


def test_a_source_over_32_kib_is_refused_unparsed() -> None:
    assert refusal("é" * 17_000) == "text is too long"


def test_spaces_at_the_ends_and_control_characters_go() -> None:
    assert read_text("  a\x00b\u202ec\r\n ").text == "a bc"


# entities given as a list


@pytest.mark.parametrize(
    ("text", "given_entity", "complaint"),
    [
        ("abc", entity("bold", 4, 1), "entity begins after the end of the text at UTF-16 offset 4"),
        (
            "abc",
            entity("bold", 1, 3),
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4",
        ),
        ("😀b", entity("bold", 1, 2), "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            "a😀",
            entity("bold", 0, 2),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5",
        ),
        ("abc", entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
        ("abc", entity("sparkling", 0, 1), "can't parse MessageEntity: Unsupported type specified"),
        ("abc", {"type": "bold", "offset": 0}, "can't parse MessageEntity: Can't find field \"length\""),
        (
            "abc",
            entity("text_link", 0, 1, url="ftp://x.org"),
            "entity URL 'ftp://x.org' is invalid: Unsupported URL protocol",
        ),
    ],
)
def test_an_entity_must_fit_its_text(text: str, given_entity: dict[str, Any], complaint: str) -> None:
    assert refusal(text, "", [given_entity]) == complaint


def test_entities_move_with_the_text_that_is_cleaned_and_trimmed() -> None:
    read = read_text(" \u202ea\rbc ", "", [entity("bold", 4, 2)])
    assert read[:2] == ("abc", [entity("bold", 1, 2)])


def test_the_hundred_and_first_entity_is_lost() -> None:
    read = read_text("x" * 202, "", [entity("bold", 2 * place, 1) for place in range(101)])
    assert (len(read.entities), read.lost) == (100, ["1 entities past the 100th"])


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("<b><code>x</code></b>", ["bold around code"]),
        ("<code><b>x</b> y</code>", ["bold inside code"]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", ["blockquote inside blockquote"]),
        ("a<b></b>", ["an empty <b>"]),
        ("<a href='localhost'>x</a>", ["a link: URL 'localhost' is invalid: Wrong HTTP URL"]),
        ("<b>bold <i>and</i></b> <a href='x.org'>link</a>", []),
    ],
)
def test_what_telegram_drops_silently_is_named(source: str, lost: list[str]) -> None:
    assert read_text(source, "HTML").lost == lost


def test_a_client_finds_commands_links_mentions_and_hashtags() -> None:
    text = "😀 /start@trilha_bot https://x.org/a #nlp @bruno a/b a@b"
    found = [(e["type"], text.encode("utf-16-le")[2 * e["offset"] :][: 2 * e["length"]]) for e in find_entities(text)]
    assert [(kind, part.decode("utf-16-le")) for kind, part in found] == [
        ("bot_command", "/start@trilha_bot"),
        ("url", "https://x.org/a"),
        ("hashtag", "#nlp"),
        ("mention", "@bruno"),
    ]


# links


@pytest.mark.parametrize(
    ("given_link", "stored"),
    [
        ("https://example.org", "https://example.org/"),
        ("Example.ORG/Path", "http://example.org/Path"),
        ("https://example.org?q=a b", "https://example.org/?q=a%20b"),
        ("https://ana@example.org:8080/x", "https://ana@example.org:8080/x"),
        ("https://pt.wikipedia.org/wiki/Regressão", "https://pt.wikipedia.org/wiki/Regressão"),
        ("tg://resolve?domain=trilha_bot", "tg://resolve?domain=trilha_bot"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_a_link_is_stored_in_its_full_form(given_link: str, stored: str) -> None:
    assert check_link(given_link) == stored


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("localhost", "Wrong HTTP URL"),
        ("ftp://example.org", "Unsupported URL protocol"),
        ("javascript:alert(1)", "Wrong port number specified in the URL"),
        ("https://", "URL host is empty"),
        ("https://exa mple.org", "Disallowed character in URL host"),
        ("https://example%zz.org", "Wrong percent-encoded symbol in URL host"),
        ("tg://user@x", "Wrong tg URL"),
    ],
)
def test_a_link_that_telegram_does_not_take_is_named_with_the_reason(link: str, why: str) -> None:
    with pytest.raises(BadLink) as bad:
        check_link(link)
    assert str(bad.value) == f"URL '{link}' is invalid: {why}"


# keyboards


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def data(size: int, character: str = "x") -> dict[str, Any]:
    return {"text": "Done", "callback_data": character * size}


def test_callback_data_has_at_most_64_bytes() -> None:
    assert read_keyboard(inline(data(64)), is_private=True).markup == inline(data(64))
    with pytest.raises(Refused, match="Bad Request: BUTTON_DATA_INVALID"):
        read_keyboard(inline(data(33, "é")), is_private=True)


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (inline({"text": "Done"}), "Text buttons are unallowed in the inline keyboard"),
        (inline({"text": "Done", "callback_data": ""}), "Text buttons are unallowed in the inline keyboard"),
        (inline({"text": " ", "callback_data": "x"}), "inline keyboard button text must be non-empty"),
        (
            inline({"text": "Open", "url": "localhost"}),
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        ({"inline_keyboard": [data(1)]}, "must be an Array of Arrays"),
        ({"inline_keyboard": [[data(1)] * 9]}, "reply markup is too long"),
        ({"inline_keyboard": [[data(1)]] * 101}, "reply markup is too long"),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
    ],
)
def test_a_bad_keyboard_is_refused(markup: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Refused) as refused:
        read_keyboard(markup, is_private=True)
    assert complaint in refused.value.description


def test_a_place_can_be_asked_for_in_private_only() -> None:
    markup = {"keyboard": [[{"text": "Here", "request_location": True}]]}
    assert read_keyboard(markup, is_private=True).markup == markup
    with pytest.raises(Refused, match="location can be requested in private chats only"):
        read_keyboard(markup, is_private=False)


# commands


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"command": "Start", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "início", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "", "description": "x"}, "command must be non-empty"),
        ({"command": "a" * 33, "description": "x"}, "command length must not exceed 32"),
        ({"command": "start", "description": " "}, "command description must be non-empty"),
        ({"command": "start", "description": "x" * 257}, "command description length must not exceed 256"),
        ({"command": "start"}, "can't parse BotCommand: Can't find field \"description\""),
    ],
)
def test_a_bad_command_is_refused(command: dict[str, str], complaint: str) -> None:
    with pytest.raises(Refused) as refused:
        read_commands([command])
    assert refused.value.description == f"Bad Request: {complaint}"


def test_a_menu_has_at_most_a_hundred_commands() -> None:
    commands = [{"command": f"c{number}", "description": "x"} for number in range(101)]
    assert len(read_commands(commands[:100])) == 100
    with pytest.raises(Refused, match="BOT_COMMANDS_TOO_MUCH"):
        read_commands(commands)


def test_a_menus_language_has_two_letters() -> None:
    assert read_language("pt") == "pt"
    with pytest.raises(Refused, match="invalid language code specified"):
        read_language("pt-br")


def test_a_scope_of_a_chat_names_it() -> None:
    assert read_scope({"type": "chat", "chat_id": "-100"}).chat == -100
    with pytest.raises(Refused, match="can't parse BotCommandScope: Empty chat_id specified"):
        read_scope({"type": "chat"})
    with pytest.raises(Refused, match="can't parse BotCommandScope: Unsupported type specified"):
        read_scope({"type": "everybody"})
