"""Discord's Markdown: whatever characters a text holds, a person sees just those, in our styles and no other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Span
from bot.doors.discord.render import CONTENT_LIMIT, SEAM, bare, clean, parts, web_link
from tests.rig.discord.markdown import read

HOSTILE = st.text(alphabet=st.sampled_from("\\*_~`|<>[]()@#:!-+.1 \nab/é🦆"), max_size=80)
SPANS = st.builds(Span, text=HOSTILE, bold=st.booleans(), italic=st.booleans())


@given(st.lists(SPANS, max_size=6))
def test_what_is_written_is_what_is_seen(spans: list[Span]) -> None:
    seen = read("\n".join(parts(tuple(spans))))
    assert seen.text.replace(SEAM, "") == "".join(clean(span.text) for span in spans)
    assert not seen.foreign
    assert not seen.links


@given(st.text(max_size=9000), st.integers(1, 4))
def test_nothing_is_longer_than_discord_takes(words: str, most: int) -> None:
    made = parts((Span(words, bold=True), Span("(the end)")), most=most)
    assert 1 <= len(made) <= most
    assert all(len(one) <= CONTENT_LIMIT for one in made)


def test_styles_wear_their_marks() -> None:
    text = (Span("b", bold=True), Span(" and "), Span("i", italic=True), Span(" "), Span("bi", bold=True, italic=True))
    assert parts((*text, Span(" "), Span("w", link="https://x.org/a_b"))) == [
        "**b** and *i* **_bi_** [w](<https://x.org/a_b>)"
    ]


def test_blanks_stay_outside_the_marks() -> None:
    assert parts((Span(" b ", bold=True), Span("x"))) == [" **b** x"]


def test_code_with_a_tick_in_it() -> None:
    assert read(parts((Span("a`b", code=True),))[0]).code == ["a`b"]


def test_only_plain_web_addresses_are_links() -> None:
    for wrong in (
        "javascript:alert(1)",
        "https://bank.com@evil.example/",
        "ftp://x.org",
        "https://x.org/<a>",
        None,
        "x",
    ):
        assert web_link(wrong) is None
    assert web_link("https://x.org/a_(b)") == "https://x.org/a_(b)"


def test_bare_words_keep_the_address() -> None:
    assert "".join(span.text for span in bare((Span("here", link="https://x.org"),))) == "here (https://x.org)"
