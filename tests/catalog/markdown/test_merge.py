"""What a list proposes to a catalog: new entries, places, fills; never a change of what a person wrote."""

from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.file import parse_catalog
from bot.catalog.markdown.draft import write_draft
from bot.catalog.markdown.merge import Proposal, merge
from bot.catalog.markdown.read import read_list
from tests.catalog.markdown.places import HERE, own_lists

CATALOG = """
version: 1
lists:
  - {id: trail, title: The trail, file: trail.md}
topics:
  - {id: soil, name: {en: Soil, pt: Solo - Prática}}
  - {id: pots, name: {en: Pots, pt: Vasos}}
resources:
  - id: water
    title: Água é tudo
    url: https://arxiv.org/abs/1706.99999
    topic: soil
    kind: article
    language: en
    author: A careful person
    published: 2016-01
    lists: {trail: {at: Papers}}
  - id: clay
    title: Clay
    url: http://www.example.org/clay/
    topic: pots
    kind: article
    language: en
    lists: {other: {at: Clay things}}
"""


def catalog() -> Catalog:
    return parse_catalog(CATALOG.replace("  - {id: trail", "  - {id: other, title: Other}\n  - {id: trail"))


def propose(text: str, name: str = "new.md") -> Proposal:
    return merge(read_list(text, name), catalog())


def test_a_known_address_gains_a_place_and_only_what_was_empty() -> None:
    proposal = propose(
        "# L\n## Clay\n- [Another title - paper mar/2019](https://example.org/clay?utm_source=x) - Ada Lima"
    )
    (addition,) = proposal.merged
    assert not proposal.new
    assert addition.resource_id == "clay"
    assert (addition.list_id, addition.place) == ("new", {"at": "Clay", "line": 3})
    assert addition.fills == {"author": "Ada Lima", "published": "2019-03"}


def test_what_a_person_wrote_is_never_filled_over_but_reported() -> None:
    proposal = propose("- [Water Is All - paper dec/2017](https://arxiv.org/pdf/1706.99999v3.pdf) - Rui Sol")
    (addition,) = proposal.merged
    assert addition.fills == {}
    assert proposal.doubtful == [
        "line 1, “Water Is All”: the list says published 2017-12 for water, the catalog 2016-01"
    ]


def test_what_a_list_states_fills_what_the_catalog_left_to_the_kind() -> None:
    (addition,) = propose("- [Clay (40 min, grátis, avançado)](https://example.org/clay)").merged
    assert addition.fills == {"level": "advanced", "minutes": 40, "free": True}


def test_minutes_that_were_estimated_are_reported_when_a_list_states_them() -> None:
    estimated = CATALOG.replace(
        "kind: article\n    language: en\n    lists: {other",
        ("kind: article\n    language: en\n    minutes: 15\n    estimated: [minutes]\n    lists: {other"),
    ).replace("  - {id: trail", "  - {id: other, title: Other}\n  - {id: trail")
    proposal = merge(read_list("- [Clay (40 min)](https://example.org/clay)", "new.md"), parse_catalog(estimated))
    assert proposal.doubtful == ["line 1, “Clay”: the list says 40 minutes for clay, the catalog only estimates 15"]
    assert proposal.merged[0].fills == {}


def test_a_star_makes_a_new_entry_core_while_the_topic_has_room() -> None:
    lines = [f"- ⭐ [Thing {number}](https://example.org/{number}) - article" for number in range(9)]
    lines += ["- [Tool](https://example.org/tool) - tool ⭐", "- [Repo](https://example.org/r) - article ⭐ 1.2k"]
    new = propose("# L\n## Soil\n" + "\n".join(lines)).new
    assert [entry.fields.get("core", False) for entry in new] == [True] * 8 + [False] * 3
    assert "the list stars it, but the topic soil has 8 core entries already" in new[8].doubts
    assert "the list stars it, but a tool is no dose" in new[9].doubts
    assert not any("stars" in doubt for doubt in new[10].doubts)


def test_a_list_that_the_catalog_has_proposes_nothing_again() -> None:
    proposal = propose("- [Water](https://arxiv.org/abs/1706.99999)", "trail.md")
    assert (proposal.new, proposal.merged, proposal.lists, proposal.known) == ([], [], [], 1)


def test_a_new_entry_has_a_readable_id_that_nothing_else_has() -> None:
    lines = [
        "- [Clay](https://a.example.com/1)",
        "- [Clay](https://b.example.com/2)",
        "- [Clay - video](https://c.example.com/3)",
    ]
    lines += [
        "- [土](https://d.example.com/soil)",
        "- [Árvore & Raiz: " + "muito longa " * 9 + "](https://e.example.com/5)",
    ]
    ids = [entry.fields["id"] for entry in propose("\n".join(lines)).new]
    assert ids == [
        "clay-article",
        "clay-b",
        "clay-video",
        "d-example-com-soil",
        "arvore-and-raiz-muito-longa-muito-longa-muito-longa-muito",
    ]


@given(st.lists(st.text(max_size=70), max_size=12))
def test_ids_are_short_plain_and_distinct_for_any_titles(titles: list[str]) -> None:
    text = "\n".join(f"- [{title}](https://example.org/{number})" for number, title in enumerate(titles))
    ids = [entry.fields["id"] for entry in propose(text).new]
    assert len(set(ids)) == len(ids)
    assert not {"water", "clay"} & set(ids)
    assert all(len(name) <= 60 and name.strip("-") == name and name.isascii() for name in ids)


def test_the_topic_is_that_of_the_heading_else_of_the_neighbours_else_new() -> None:
    text = "# L\n## Vasos\n- [A](https://e.org/a)\n## Clay things\n- [B](https://e.org/b)\n## Trees\n- [C](https://e.org/c)"
    proposal = propose(text)
    assert [entry.fields["topic"] for entry in proposal.new] == ["pots", "pots", "trees"]
    assert proposal.topics == [{"id": "trees", "name": "Trees"}]
    assert [text for text in proposal.doubtful if "topic" in text] == [
        "line 5, “B”: the topic pots was taken from its neighbours",
        "line 7, “C”: the topic trees is new",
    ]


def test_the_same_title_at_another_address_is_pointed_at_not_merged() -> None:
    proposal = propose("- [Clay](https://other.example.org/clay-again)")
    (entry,) = proposal.new
    assert any("has the title of clay at another address" in text for text in proposal.doubtful)
    assert entry.fields["url"] == "https://other.example.org/clay-again"


def test_entries_of_several_lists_keep_every_place_mark_and_remark() -> None:
    one = read_list("# A\n## Pots\n- *cult*: [Bowl](https://example.org/bowl) - for rice", "one.md")
    two = read_list(
        "# B\n## Kitchen\n- [The bowl - paper may/2020](http://example.org/bowl/) - also for soup", "two.md"
    )
    (entry,) = merge([one, two]).new
    assert entry.fields["lists"] == {
        "one": {"at": "Pots", "line": 3, "mark": "cult"},
        "two": {"at": "Kitchen", "line": 3},
    }
    assert entry.fields["published"] == "2020-05"
    assert entry.remarks == ["for rice", "also for soup"]


def test_a_draft_of_our_own_lists_is_a_catalog_that_nothing_can_be_added_to() -> None:
    reports = [read_list(path.read_bytes(), path.name) for path in own_lists()]
    draft = parse_catalog(write_draft(merge(reports)))
    assert len(draft.resources) == 97
    again = merge(reports, draft)
    assert (again.new, again.merged, again.lists, again.topics) == ([], [], [], [])


def test_the_proposal_in_words_begins_with_the_counts() -> None:
    words = merge(read_list((HERE / "trail.md").read_bytes(), "trail.md"), catalog()).in_words()
    assert words[0].startswith("33 new entries, 0 places for entries the catalog has, 1 known already, ")
    assert any(line.startswith("new: medidor-de-luz: medidor de luz") for line in words)
