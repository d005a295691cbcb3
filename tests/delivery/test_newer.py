"""While a newer version runs beside this one, what it writes and this one does not know stops no dose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.cards.dose import Shown, dose_text
from bot.cards.news import SAYS, news_lines, with_milestone
from bot.cards.unknown import tell_unknown
from bot.cards.why import factor_texts, why_text
from bot.catalog.entry import Catalog
from bot.chat import Message, plain
from bot.i18n.words import words_in
from bot.languages import LANGUAGES
from bot.store.news import RIDES
from bot.store.tables import Dose, Subscription
from bot.store.taken import TakenDose
from tests.house import MONDAY_NOON, House, subscribed

BACK = {"kind": "back"}
FROM_TOMORROW = {"kind": "from_tomorrow", "n": 3}
WELL_KNOWN: dict[str, Any] = {"reason": "next"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing was told to the log yet."""
    tell_unknown.cache_clear()
    yield
    tell_unknown.cache_clear()


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """What the log says of what is unknown."""
    events = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [(event["part"], event["key"]) for event in events if event["event"] == "card.unknown"]


def test_what_rides_on_a_dose_is_what_can_be_said_with_it() -> None:
    assert set(RIDES) == set(SAYS)


def dose_with(**given: Any) -> TakenDose:
    usual = {
        "id": 1,
        "subscription_id": 1,
        "day": date(2026, 3, 2),
        "due_at": MONDAY_NOON,
        "resource_id": "what-is-data",
        "minutes": 15,
        "part": None,
        "small": None,
        "why": WELL_KNOWN,
        "news": [],
        "outcome": None,
    }
    return TakenDose(**{**usual, **given})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "piece",
    [
        FROM_TOMORROW,
        {"kind": "milestone", "n": 123_456},
        {"kind": "milestone"},
        {"kind": "helped", "n": 3},
        {"kind": "late", "day": "some day"},
        {"kind": "lost"},
    ],
    ids=str,
)
def test_news_that_means_nothing_here_is_left_out_and_the_rest_is_said(
    piece: dict[str, Any], language: str, caplog: pytest.LogCaptureFixture
) -> None:
    words = words_in(language)
    assert news_lines(words, [BACK, piece]) == news_lines(words, [BACK]) != []
    assert news_lines(words, [piece]) == []
    assert told(caplog) == [("news", piece["kind"])], "once"


def test_a_picture_that_lacks_its_words_is_left_out() -> None:
    bare = Message((), ())
    assert with_milestone(bare, [{"kind": "milestone", "n": 7, "drawing": "{}"}]) == bare


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "why", [{"reason": "tides"}, {"reason": "taste_kind", "facts": {"kind": "hologram"}}, {"reason": "size"}], ids=str
)
def test_a_dose_whose_reason_means_nothing_here_comes_without_it(why: dict[str, Any], language: str) -> None:
    words, shown = words_in(language), Shown(entry=None, title="What is data?", url="https://a.example", trail="t")
    said = plain(dose_text(words, Catalog(version=1), dose_with(why=why), shown))
    assert said == "What is data?"
    assert why_text(words, why, "") == ()
    factors = {"factors": [{"reason": "next", "facts": {}}, why], **why}
    assert factor_texts(words, factors, "data") == [why_text(words, WELL_KNOWN, "data")]


def test_more_than_we_know_of_a_session_and_of_a_small_thing_is_passed_over() -> None:
    words, shown = words_in("en"), Shown(entry=None, title="A course", url="https://a.example", trail="t")
    session = {"part": 2, "until": 2, "of": 9, "minutes": 30}

    def said(**more: Any) -> str:
        dose = dose_with(part=2, why={**WELL_KNOWN, "session": session | more}, small={"kind": "riddle", "id": "x"})
        return plain(dose_text(words, Catalog(version=1), dose, shown))

    assert said(weather="fine") == said()
    assert "part 2 of 9" in said().lower()


async def test_news_of_a_newer_version_waits_for_it_and_the_dose_goes(house: House) -> None:
    ana = await subscribed(house.person("ana"))
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).values(news=[FROM_TOMORROW, BACK]))
    await house.forward_to("2026-03-03 08:01")
    assert "Que bom" in (seen := ana.sees())
    assert "What is data?" in seen
    async with house.app.database.read() as session:
        assert await session.scalar(select(Subscription.news)) == [FROM_TOMORROW]
        assert await session.scalar(select(Dose.news)) == [BACK]


async def test_a_dose_that_a_newer_version_claimed_goes_from_here(house: House) -> None:
    ana = await subscribed(house.person("ana"))
    await house.forward_to("2026-03-03 07:59:50")
    claimed = update(Dose).values(news=[FROM_TOMORROW], why={"reason": "tides", "place": 1, "of": 2}).returning(Dose.id)
    async with house.app.database.write() as session:
        assert await session.scalar(claimed), "it is claimed, and not sent yet"
    await house.forward_to("2026-03-03 08:01")
    assert "What is data?" in ana.sees()
