"""News is what was not there before: by id, by link, by title and date, whatever a feed does to its ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.identity import Habits, News, Traits, find_news, traits_of
from bot.feeds.item import Item

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://blog.example/"


def post(number: int, **changes: object) -> Item:
    """The n-th post of a blog."""
    item = Item(
        id=f"tag:{number}",
        link=f"https://blog.example/{number}",
        title=f"Post {number}",
        published=BEGAN + timedelta(days=number),
        summary=f"About {number}",
    )
    return replace(item, **changes)  # type: ignore[arg-type]


class Reader:
    """Remembers what it saw, as the database does."""

    def __init__(self) -> None:
        self.known: list[Traits] = []
        self.habits = Habits()
        self.visits = 0

    def visit(self, *items: Item, site: str | None = SITE) -> News:
        found = find_news(items, self.known, self.habits, site, first=self.visits == 0)
        self.habits = found.habits
        self.known += [traits_of(item, site) for item in (*found.new, *found.held_back)]
        self.visits += 1
        return found

    def titles(self, *items: Item) -> list[str]:
        return [item.title for item in self.visit(*items).new]


def begun(*items: Item) -> Reader:
    """A reader that has seen these."""
    reader = Reader()
    reader.visit(*items)
    return reader


def posts(numbers: Iterable[int], **changes: object) -> Sequence[Item]:
    return [post(number, **changes) for number in numbers]


def test_the_first_visit_brings_the_newest_three_oldest_first() -> None:
    found = Reader().visit(*posts(range(10)))
    assert [item.title for item in found.new] == ["Post 7", "Post 8", "Post 9"]
    assert len(found.held_back) == 7


def test_without_dates_the_order_of_the_feed_counts() -> None:
    found = Reader().visit(*posts([9, 8, 7, 6, 5], published=None))
    assert [item.title for item in found.new] == ["Post 7", "Post 8", "Post 9"]


def test_the_same_again_is_no_news() -> None:
    assert begun(*posts(range(5))).titles(*posts(range(5))) == []


def test_what_is_deleted_and_comes_back_is_no_news() -> None:
    reader = begun(*posts(range(5)))
    assert reader.titles(*posts(range(2))) == []
    assert reader.titles(*posts(range(5))) == []


def test_edited_titles_dates_and_links_are_no_news() -> None:
    reader = begun(*posts(range(5)))
    assert reader.titles(*posts(range(5), title="Edited", published=BEGAN + timedelta(days=50))) == []
    assert reader.titles(*(post(n, link=f"https://blog.example/new-{n}") for n in range(5))) == []


def test_one_id_for_all_articles_leaves_the_links() -> None:
    reader = begun(post(1, id="x"), post(2, id="x"))
    assert reader.habits.ids_repeat
    assert reader.titles(post(3, id="x")) == ["Post 3"]
    assert reader.titles(post(3, id="x"), post(1, id="x")) == []


def test_one_link_for_all_articles_leaves_the_ids() -> None:
    show = "https://show.example/episodes"
    reader = begun(post(1, link=show), post(2, link=show))
    assert reader.habits.links_repeat
    assert reader.titles(post(3, link=show)) == ["Post 3"]


def test_the_front_page_is_no_articles_link() -> None:
    reader = begun(post(1, link=SITE))
    assert reader.titles(post(2, link="https://blog.example")) == ["Post 2"]


def test_without_ids_the_links_count() -> None:
    reader = begun(*posts(range(3), id=None))
    assert reader.titles(*posts(range(4), id=None)) == ["Post 3"]
    assert reader.titles(*posts(range(4), id=None, title="Edited")) == []
    assert reader.titles(post(3, id=None, link="http://www.blog.example/3/?utm_source=feed#top")) == []


def test_without_ids_and_links_title_and_date_count() -> None:
    reader = begun(*posts(range(3), id=None, link=None))
    assert reader.titles(*posts(range(4), id=None, link=None)) == ["Post 3"]


def test_with_only_a_title_an_edited_date_is_no_news() -> None:
    reader = begun(post(1, id=None, link=None), post(2, id=None, link=None))
    later = post(2, id=None, link=None, published=BEGAN + timedelta(days=3))
    assert reader.titles(post(1, id=None, link=None), later) == []


def test_a_series_of_one_title_brings_each_of_its_dates() -> None:
    first, second, third = (post(n, id=None, link=None, title="Weekly links") for n in (1, 8, 15))
    reader = begun(first)
    assert reader.titles(second, first) == ["Weekly links"]
    assert reader.titles(third, second, first) == ["Weekly links"]


def test_a_repeated_entry_is_one() -> None:
    assert begun(post(1)).titles(post(2), post(2), post(2, title="Post 2")) == ["Post 2"]


def test_posts_without_titles_are_told_apart_by_their_links() -> None:
    untitled = [post(n, title="", id=None, published=None) for n in range(1, 4)]
    assert len(Reader().visit(*untitled).new) == 3


def test_all_ids_changed_at_once_is_one_event() -> None:
    reader = begun(*posts(range(10)))
    found = reader.visit(*(post(n, id=f"https://blog.example/?p={n}") for n in range(10)))
    assert found.new == ()


def test_all_ids_and_links_changed_at_once_is_one_event() -> None:
    reader = begun(*posts(range(10)))
    moved = [post(n, id=f"urn:{n}", link=f"https://new.example/{n}", published=None) for n in range(10)]
    found = reader.visit(*moved)
    assert found.renewed
    assert found.new == ()


def test_a_renewed_feed_brings_one_at_most_and_keeps_the_rest_for_the_list() -> None:
    reader = begun(*posts(range(10)))
    moved = [post(n, id=f"urn:{n}", link=f"https://new.example/{n}", published=None) for n in range(6)]
    fresh = [post(n, id=f"urn:{n}", link=f"https://new.example/{n}") for n in (20, 21, 22)]
    found = reader.visit(*moved, *fresh)
    assert [item.title for item in found.new] == ["Post 22"]
    assert [item.title for item in found.held_back] == ["Post 21", "Post 20"]


def test_many_new_posts_after_a_long_outage_are_all_news() -> None:
    reader = begun(*posts(range(10)))
    assert len(reader.visit(*posts(range(10, 20))).new) == 10


def test_an_item_without_a_believable_date_does_not_jump_ahead() -> None:
    found = Reader().visit(post(99, published=None), *posts(range(5)))
    assert [item.title for item in found.new] == ["Post 2", "Post 3", "Post 4"]


items = st.builds(
    Item,
    id=st.none() | st.sampled_from(["a", "b", "c", "d"]),
    link=st.none() | st.sampled_from([f"https://blog.example/{n}" for n in range(4)]),
    title=st.sampled_from(["", "A", "B", "C"]),
    published=st.none() | st.sampled_from([BEGAN + timedelta(days=n) for n in range(3)]),
)


@given(st.lists(items, max_size=8))
def test_a_second_look_at_the_same_document_brings_nothing(document: list[Item]) -> None:
    reader = Reader()
    reader.visit(*document)
    assert reader.visit(*document).new == ()


@given(st.lists(items, max_size=8))
def test_nothing_is_both_new_and_held_back_and_nothing_is_invented(document: list[Item]) -> None:
    found = Reader().visit(*document)
    told = [*found.new, *found.held_back]
    assert len(told) == len(set(told))
    assert set(told) <= set(document)
