"""What an entry is: which words it takes, what its kind implies, and what a catalog finds by id, topic and trail."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.catalog.entry import Bilingual, Catalog, Feed, Resource, Trail
from bot.catalog.kinds import KINDS, Kind, Manner, Use

BOTH = {"en": "About it.", "pt": "Sobre isso."}


def resource(entry_id="bert", **fields):
    url = f"https://example.org/{entry_id}"
    basics = {"id": entry_id, "title": "BERT", "url": url, "topic": "nlp", "kind": "paper", "language": "en"}
    return Resource.model_validate(basics | fields)


def catalog(*resources, stops=("nlp",)):
    topics = [{"id": "nlp", "name": "NLP"}, {"id": "llms", "name": "LLMs"}]
    trail = {"id": "deep", "name": "Deep", "about": BOTH, "topics": list(stops)}
    return Catalog.model_validate({"version": 1, "topics": topics, "trails": [trail], "resources": resources})


def ids(entries):
    return [entry.id for entry in entries]


def the_trail(entries: Catalog) -> Trail:
    trail = entries.trail("deep")
    assert trail is not None
    return trail


# --- words and addresses


def test_portuguese_of_any_country_gets_portuguese_and_everybody_else_english():
    words = Bilingual(en="Good morning", pt="Bom dia")
    assert [words.in_(language) for language in ("pt", "pt-BR", "pt_PT", "PT-br")] == ["Bom dia"] * 4
    assert [words.in_(language) for language in ("en", "en-GB", "es", "")] == ["Good morning"] * 4


def test_words_in_one_language_only_are_refused():
    with pytest.raises(ValidationError, match="pt"):
        Bilingual.model_validate({"en": "Good morning"})
    with pytest.raises(ValidationError, match="pt"):
        Bilingual.model_validate({"en": "Good morning", "pt": "  "})


def test_a_term_given_once_is_said_the_same_way_in_both_languages():
    part = resource(parts=["Attention", {"en": "Layers", "pt": "Camadas"}]).parts
    assert [term.in_("pt") for term in part] == ["Attention", "Camadas"]
    assert [term.in_("en") for term in part] == ["Attention", "Layers"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,hello",
        "ftp://example.org/a",
        "example.org/a",
        "https://",
        "https:///path",
        "https://[1",
        "https://example.org:port/",
        "https://example.org/a b",
        "https://example.org/a\nb",
        "https://example.org/\u202egnp.exe",
        "https://known.org@elsewhere.net/",
        "https://known.org\\@elsewhere.net/",
        "https://example.org/" + "a" * 2000,
        "",
    ],
)
def test_what_a_learner_must_not_be_sent_to_is_refused(url):
    with pytest.raises(ValidationError) as refused:
        Feed.model_validate({"url": url, "title": "A feed", "topic": "nlp"})
    assert [error["loc"] for error in refused.value.errors()] == [("url",)]


@pytest.mark.parametrize(
    "url",
    [
        "http://jalammar.github.io/illustrated-transformer/",
        "HTTPS://Example.org/A",
        "https://medium.com/data-hackers/o-que-%C3%A9-feature-store-29e35c60dada",
        "https://pt.wikipedia.org/wiki/Regressão_(estatística)",
        "https://huggingface.co/learn#section:~:text=one,two",
        "https://example.org:8443/?q=a@b",
    ],
)
def test_an_address_is_kept_as_it_was_given(url):
    assert resource(url=url).url == url


@given(st.text(max_size=70))
def test_an_id_is_small_letters_digits_and_hyphens_and_nothing_else(text):
    letters = string.ascii_lowercase + string.digits
    right = 0 < len(text) <= 60 and text[0] in letters and set(text) <= set(letters + "-")
    if right:
        assert resource(id=text).id == text
    else:
        with pytest.raises(ValidationError):
            resource(id=text)


@pytest.mark.parametrize("published", ["2017", "2017-12", "2017-12-06", 2017])
def test_a_date_is_a_year_a_month_or_a_day(published):
    assert resource(published=published).published == str(published)


@pytest.mark.parametrize("published", ["dec 2017", "2017-13", "2017-1", "17", "2017-12-32", "1٢٣٤", True, 2017.5])
def test_what_is_no_date_is_refused(published):
    with pytest.raises(ValidationError):
        resource(published=published)


@pytest.mark.parametrize(
    "slip", [{"minutes": True}, {"minutes": "12"}, {"minutes": 0}, {"core": "no"}, {"practice": 1}, {"difficulty": 4}]
)
def test_a_slip_never_turns_into_a_value(slip):
    with pytest.raises(ValidationError):
        resource(**slip)


# --- what a kind implies


def test_every_kind_says_what_it_implies():
    assert set(KINDS) == set(Kind)
    assert all(facts.minutes >= 5 and 1 <= facts.difficulty <= 3 for facts in KINDS.values())


def test_use_minutes_and_difficulty_come_from_the_kind_unless_said():
    paper, profile = resource(), resource(kind="profile")
    assert (paper.use, paper.minutes, paper.difficulty) == (Use.DOSE, 60, 3)
    assert profile.use is Use.FOLLOW
    assert resource(kind="profile", use="reference").use is Use.REFERENCE
    assert resource(minutes=90).minutes == 90


def test_minutes_that_nobody_stated_are_an_estimate():
    assert resource().is_estimate("minutes")
    assert resource(minutes=90, estimated=["minutes"]).is_estimate("minutes")
    assert not resource(minutes=90).is_estimate("minutes")


def test_one_watches_videos_reads_papers_and_builds_notebooks():
    manners = {kind: resource(kind=kind).manner for kind in ("video", "paper", "notebook", "competition")}
    assert manners == {
        "video": Manner.WATCH,
        "paper": Manner.READ,
        "notebook": Manner.BUILD,
        "competition": Manner.BUILD,
    }


def test_practice_makes_anything_something_to_build_and_its_absence_makes_a_notebook_reading():
    assert resource(kind="video", practice=True).manner is Manner.BUILD
    assert resource(kind="notebook", practice=False).manner is Manner.READ


def test_a_course_runs_over_several_days_and_so_does_what_a_list_gives_days_for():
    assert resource(kind="course").is_long
    assert resource(kind="paper", days=10).is_long
    assert not resource(kind="paper", minutes=300).is_long


# --- places in lists


def test_one_place_and_several_places_read_the_same():
    one = resource(lists={"ml-evolution": {"at": "Deep Learning"}})
    two = resource(lists={"ml-evolution": [{"at": "Deep Learning", "line": 3}, {"at": "MLOps", "mark": "cult"}]})
    assert [place.at for place in one.lists["ml-evolution"]] == ["Deep Learning"]
    assert [place.at for place in two.lists["ml-evolution"]] == ["Deep Learning", "MLOps"]


def test_a_list_with_no_place_at_all_is_refused():
    with pytest.raises(ValidationError):
        resource(lists={"ml-evolution": []})


# --- lookups


def test_an_id_that_left_the_file_is_none():
    entries = catalog(resource())
    assert entries.resource("bert") == resource()
    assert entries.resource("gone") is entries.topic("gone") is entries.trail("gone") is None
    assert entries.of_topic("gone") == ()


def test_a_topic_keeps_the_order_of_the_file():
    entries = catalog(resource("z"), resource("other", topic="llms"), resource("a"))
    assert ids(entries.of_topic("nlp")) == ["z", "a"]


def test_the_core_of_a_topic_is_what_is_marked_as_core():
    entries = catalog(resource("a", core=True), resource("b"), resource("c", core=True))
    assert ids(entries.core_of("nlp")) == ["a", "c"]


def test_a_trail_takes_its_topics_in_its_own_order():
    entries = catalog(resource("a"), resource("b", topic="llms", core=True), stops=("llms", "nlp"))
    assert ids(entries.trail_entries(the_trail(entries))) == ["b", "a"]
    assert ids(entries.trail_core(the_trail(entries))) == ["b"]


def test_a_narrowed_stop_takes_its_lists_and_what_people_suggested():
    entries = catalog(
        resource("scientist", lists={"data-science-trail": {"at": "NLP"}}),
        resource("engineer", lists={"ml-engineering-trail": {"at": "NLP"}}),
        resource("both", lists={"data-science-trail": {"at": "NLP"}, "ml-engineering-trail": {"at": "NLP"}}),
        resource("suggested"),
        stops=[{"id": "nlp", "lists": ["ml-engineering-trail"]}],
    )
    assert ids(entries.trail_entries(the_trail(entries))) == ["engineer", "both", "suggested"]


def test_a_stop_ordered_by_date_goes_from_old_to_new_and_ends_with_the_undated():
    entries = catalog(
        resource("undated"),
        resource("later", published="2019-05"),
        resource("year", published=2017),
        resource("month", published="2017-12"),
        stops=[{"id": "nlp", "order": "published"}],
    )
    assert ids(entries.trail_entries(the_trail(entries))) == ["year", "month", "later", "undated"]


def test_a_catalog_with_other_resources_has_other_lookups():
    before = catalog(resource("a"))
    assert ids(before.of_topic("nlp")) == ["a"]
    after = before.model_copy(update={"resources": (resource("b"),)})
    assert (after.resource("a"), ids(after.of_topic("nlp")), ids(before.of_topic("nlp"))) == (None, ["b"], ["a"])


def test_a_catalog_survives_the_way_through_json_with_its_estimates():
    entries = catalog(resource(minutes=90, lists={"x": [{"at": "A"}, {"at": "B"}]}, parts=["one"]))
    again = Catalog.model_validate_json(entries.model_dump_json(exclude_unset=True))
    assert again == entries
    assert [again.resources[0].is_estimate(field) for field in ("minutes", "difficulty")] == [False, True]


def test_an_entry_cannot_be_changed():
    with pytest.raises(ValidationError):
        resource().title = "Another"
