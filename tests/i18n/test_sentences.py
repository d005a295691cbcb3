"""All languages hold the same sentences with the same facts, every key is used, and none used is missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel import Locale

from bot.cards.options import PASSES
from bot.cards.search import STATES
from bot.catalog.kinds import Kind, Language, Mark
from bot.commands.table import COMMANDS
from bot.i18n.words import Words, facts_of, sentences, spoken, words_in
from bot.languages import LANGUAGES
from bot.learning.preferences import LEVELS
from bot.learning.streak import Status
from bot.learning.taste import LENGTHS, RATINGS
from bot.operate.health import SAYS
from bot.store.history_entries import OPEN

BOT = Path(__file__).parent.parent.parent / "bot"
FAMILIES = {
    "kind": list(Kind),
    "language": list(Language),
    "level": list(Mark),
    "menu": [command.name for command in COMMANDS],
    "goal": ["streak", "off"],
    "state": list(STATES),
    "depth": list(map(str, LEVELS)),
    "length": [name for _, name in LENGTHS],
    "rating": list(RATINGS),
    "rated": list(RATINGS),
    "button": list(PASSES),
    "passed": list(PASSES),
    "found": ["known", "dismissed"],
    "outcome": ["done", "worked", "session", OPEN],
    "trouble": [kind for kind in SAYS if kind != "no_answer"],
    "span": ["days", "hours", "minutes", "seconds"],
}
"""Families of sentences whose names stand in a table elsewhere."""
DERIVED = re.compile(
    r"^(why|nothing|taste\.(harder|easier|lighter)$|streak\.day_|reading\.no_such_|news\.|takes\.|links\.(suspect|dead)$|picture\.legend_|button\.(light|dark|recall_\w+)$|terminal\.)"
    r"|^(follow\.none_|hand_in\.(lost|too_)|takes_file\.|feed_(state|problem|news)\.|item_fate\.|hidden\.|button\.feed_(pause|resume)$)"
    r"|^(suggest\.(state_|many_|new$|second_voice$|already_yours$)|desk\.(problem_|from_|rejected$|withdrawn$|closed$)|field\.|log\.did_|roles\.line_)"
    r"|^(history\.(recall|step)$|saved\.why_|button\.history_|settings\.|links\.(dead|suspect)$)"
)
"""Sentences chosen by a value: `why.<reason>`, `streak.day_<status>` and the like; tests of their own speak them."""


def keys_in_code() -> set[str]:
    """Every string in the code that looks like a key."""
    known = set(sentences("en"))
    return {
        node.value
        for file in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known
    }


def strings_that_ask_for_words() -> set[str]:
    """The first arguments of `words.text(…)` and its sisters that are plain strings."""
    asked = set()
    for file in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ("text", "say", "message", "UserMistake") and isinstance(node.args[0].value, str):
                    asked.add(node.args[0].value)
    return {key for key in asked if re.fullmatch(r"[a-z]+\.[a-z_]+", key)}


@pytest.mark.parametrize("key", sorted(sentences("en")))
def test_a_sentence_wants_the_same_facts_in_every_language(key: str) -> None:
    for language in LANGUAGES:
        assert facts_of(sentences(language)[key]) == facts_of(sentences("en")[key]), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    forms = Locale.parse(language, sep="-").plural_form.tags | {"other"}
    for key, sentence in sentences(language).items():
        if not isinstance(sentence, str):
            assert set(sentence) <= forms, key
            assert {"one", "other"} <= set(sentence), key
            assert "n" in facts_of(sentence), f"{key} has plural forms but no {{n}} to choose by"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_its_markup_is_closed(language: str) -> None:
    for key, sentence in sentences(language).items():
        for form in [sentence] if isinstance(sentence, str) else sentence.values():
            assert form.strip(), key
            facts = dict.fromkeys(facts_of(form), "x")
            said = Words(language, {"a.b": form}).say("a.b", **facts)
            assert not re.search(r"[*`{}]", said), f"{key}: {said}"


def test_every_sentence_is_used() -> None:
    families = {f"{family}.{name}" for family, names in FAMILIES.items() for name in names}
    unused = set(sentences("en")) - keys_in_code() - families
    assert not {key for key in unused if not DERIVED.match(key)}


def test_every_sentence_asked_for_is_there() -> None:
    assert strings_that_ask_for_words() <= set(sentences("en"))


@pytest.mark.parametrize(("family", "name"), [(family, name) for family in FAMILIES for name in FAMILIES[family]])
def test_every_member_of_a_family_has_its_words(family: str, name: str) -> None:
    for language in LANGUAGES:
        assert words_in(language).has(f"{family}.{name}")


@pytest.mark.parametrize("status", Status)
def test_every_status_of_a_day_can_be_told(status: Status) -> None:
    told = [key for key in sentences("en") if key.startswith(f"streak.day_{status}")]
    assert told


def test_a_hostile_fact_stays_text() -> None:
    words = Words("en", {"a.b": "*{title}* by {who}"})
    text = words.text("a.b", title="_x_ [y](http://z) <b>", who="*bold*")
    assert [(span.text, span.bold, span.link) for span in text] == [
        ("_x_ [y](http://z) <b>", True, None),
        (" by *bold*", False, None),
    ]


def test_markup_becomes_style() -> None:
    text = Words("en", {"a.b": "*b* _i_ `c` [w](https://x.org) snake_case_name 2*3"}).text("a.b")
    styled = {span.text: (span.bold, span.italic, span.code, span.link) for span in text if span.text.strip()}
    assert styled["b"] == (True, False, False, None)
    assert styled["i"] == (False, True, False, None)
    assert styled["c"] == (False, False, True, None)
    assert styled["w"] == (False, False, False, "https://x.org")
    assert styled[" snake_case_name 2*3"] == (False, False, False, None)


@pytest.mark.parametrize(
    ("client", "ours"),
    [
        ("pt-br", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("en-GB", "en"),
        ("de", "en"),
        ("zh-hans", "en"),
        (None, "pt-BR"),
        ("", "pt-BR"),
    ],
)
def test_the_language_follows_the_client(client: str | None, ours: str) -> None:
    assert spoken(client, default="pt-BR") == ours


@pytest.mark.parametrize(("n", "said"), [(0, "0 dias"), (1, "1 dia"), (2, "2 dias"), (1000, "1.000 dias")])
def test_numbers_follow_the_language(n: int, said: str) -> None:
    words = Words("pt-BR", {"a.b": {"one": "{n} dia", "other": "{n} dias"}})
    assert words.say("a.b", n=n) == said
