"""What a link is probably about, and what is like it: measured on the real catalog by `python -m bench.topic_guess`, sampled here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.topic_guess import measure
from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.curation.lookalikes import Likeness, likeness_of

ROOT = Path(__file__).parents[2]


@cache
def real() -> Catalog:
    return read_catalog(ROOT / "catalog.yaml")


@cache
def index() -> Likeness:
    return likeness_of(real())


def test_a_link_says_what_it_is_about_in_either_language() -> None:
    assert (
        index().topics("A visual introduction to transformers", "Attention, encoders and decoders")[0] == "transformers"
    )
    assert index().topics("Uma introdução ao pandas", "DataFrames, valores faltantes")[0] == "python"


def test_the_same_work_at_another_address_is_the_nearest() -> None:
    entry = real().resources[40]
    near = index().near(entry.title, "", "https://elsewhere.example/copy")
    assert near[0].entry is entry
    assert len(near) == 3
    assert near[0].score > near[1].score >= near[2].score


def test_nothing_in_common_is_no_neighbour() -> None:
    assert index().near("qwxyz", "", "") == ()
    assert set(index().topics("qwxyz")) == {topic.id for topic in real().topics}, (
        "the order of the file, for want of better"
    )


def test_the_index_is_kept_with_its_catalog_and_made_again_for_another() -> None:
    assert likeness_of(real()) is likeness_of(real())
    assert likeness_of(real().model_copy()) is not index()


def test_one_in_fifteen_left_out_is_placed_right_and_better_than_by_title_words() -> None:
    of_the_lists = tuple(
        entry for entry in real().resources if entry.lists
    )  # a link that somebody adds draws no other sample
    figures = measure(real().model_copy(update={"resources": of_the_lists}), every=15)
    first_three = {way: shares[1] for way, shares in figures.items()}
    assert first_three["title and address"] >= 0.8
    assert first_three["title and address"] > first_three["naive neighbours"]


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=80))
def test_any_text_gets_every_topic_once(title: str, description: str, url: str) -> None:
    topics = index().topics(title, description, url)
    assert sorted(topics) == sorted(topic.id for topic in real().topics)
    assert all(0 <= near.score <= 1 for near in index().near(title, description, url))
