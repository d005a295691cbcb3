"""The catalog as a Markdown list that people read and that `read_list` reads back: `publish`.

By topic, in the order of the file; a long topic opens with its core and goes on by kind. Under each title stands one
line of facts (`published.py`). Sections that hold no entries carry the comment `<!-- not entries -->`, and each topic
`<!-- topic: its-id -->`, so that nothing else than the entries comes back.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalog.entry import Catalog, Checklist, CuratedList, Resource, Topic
from bot.catalog.kinds import KINDS, Kind, Manner
from bot.catalog.markdown.escape import escape, escape_url
from bot.catalog.markdown.published import CORE, Facts, write_facts
from bot.catalog.markdown.words import heading_slug, squeeze

LONG_TOPIC = 12
"""Entries from which a topic is divided by kind."""

NOT_ENTRIES = "<!-- not entries -->"

WORDS = {
    "en": {
        "title": "Trilha: what to learn, and from where",
        "about": "{entries} resources in {topics} topics, gathered from the lists credited at the end. {core} marks "
        "where to begin in a topic; `~` before a time means that it is our estimate.",
        "contents": "Contents",
        "start": "Start here",
        "also": "And also",
        "concepts": "Look up",
        "unlinked": "Also named",
        "tips": "How to study",
        "checklists": "Checklists",
        "feeds": "To follow",
        "credits": "Credits",
        "kept": "kept by {keeper}",
        "one": "1 entry",
        "entries": "{count} entries",
    },
    "pt": {
        "title": "Trilha: o que aprender, e onde",
        "about": "{entries} recursos em {topics} temas, reunidos das listas creditadas no fim. {core} marca por onde "
        "começar em cada tema; `~` antes de um tempo quer dizer que é estimativa nossa.",
        "contents": "Sumário",
        "start": "Comece por aqui",
        "also": "E também",
        "concepts": "Pesquise",
        "unlinked": "Também citados",
        "tips": "Como estudar",
        "checklists": "Passo a passo",
        "feeds": "Para acompanhar",
        "credits": "Créditos",
        "kept": "por {keeper}",
        "one": "1 item",
        "entries": "{count} itens",
    },
}

SHELVES: tuple[tuple[str, str, frozenset[Kind]], ...] = (
    ("Videos", "Vídeos", frozenset({Kind.VIDEO, Kind.PLAYLIST, Kind.PODCAST})),
    ("Courses", "Cursos", frozenset({Kind.COURSE})),
    ("Papers", "Artigos científicos", frozenset({Kind.PAPER})),
    ("Books", "Livros", frozenset({Kind.BOOK})),
    ("Articles", "Artigos", frozenset({Kind.ARTICLE})),
    ("Threads and discussions", "Threads e discussões", frozenset({Kind.THREAD})),
    ("Hands on", "Mão na massa", frozenset({Kind.NOTEBOOK, Kind.COMPETITION, Kind.DATASET})),
    ("Documentation, tools and code", "Documentação, ferramentas e código", frozenset({Kind.DOCS, Kind.TOOL, Kind.REPO, Kind.CHEATSHEET})),
    ("Places and people", "Lugares e pessoas", frozenset({Kind.WEBSITE, Kind.CHANNEL, Kind.PROFILE, Kind.COMMUNITY})),
    ("Other", "Outros", frozenset({Kind.OTHER})),
)  # fmt: skip
"""How a long topic is divided: the name in both languages, and the kinds below it."""


def publish(catalog: Catalog, language: str, lists: tuple[str, ...] = ()) -> str:
    """Return the catalog as Markdown in a person's language (`pt`, `pt-BR` and the like give Portuguese, all else English).

    `lists` narrows it to what these lists have, so that a keeper gets their own list back; empty: everything.
    """
    page = _Page(catalog, "pt" if language[:2].lower() == "pt" else "en", lists)
    return "\n".join(page.lines()) + "\n"


class _Page:
    """Writes one page, section by section."""

    def __init__(self, catalog: Catalog, language: str, lists: tuple[str, ...]) -> None:
        self._catalog = catalog
        self._language = language
        self._words = WORDS[language]
        self._lists = lists
        entries = [(topic, self._entries(topic)) for topic in catalog.topics]
        self._topics = [(topic, found) for topic, found in entries if found]

    def lines(self) -> Iterator[str]:
        """Yield every line of the page."""
        yield f"# {self._words['title']}"
        yield ""
        count = sum(len(entries) for _, entries in self._topics)
        yield self._words["about"].format(entries=count, topics=len(self._topics), core=CORE)
        yield from self._contents()
        yield from self._plain("tips", self._tips())
        for topic, entries in self._topics:
            yield from self._topic(topic, entries)
        yield from self._plain("checklists", self._checklists())
        yield from self._plain("feeds", self._feeds())
        yield from self._plain("credits", self._credits())

    def _entries(self, topic: Topic) -> list[Resource]:
        """Return a topic's entries that the page is about, the core first."""
        found = self._catalog.of_topic(topic.id)
        own = [entry for entry in found if not self._lists or any(name in entry.lists for name in self._lists)]
        return sorted(own, key=lambda entry: not entry.core)

    def _contents(self) -> Iterator[str]:
        yield from ("", f"## {self._words['contents']}", "")
        seen: dict[str, int] = {}
        for topic, entries in self._topics:
            name = topic.name.in_(self._language)
            anchor = heading_slug(squeeze(name))
            again = seen[anchor] = seen.get(anchor, -1) + 1
            link = escape_url(f"#{anchor}-{again}" if again else f"#{anchor}")
            yield f"- [{escape(squeeze(name))}]({link}) ({len(entries)})"

    def _plain(self, name: str, lines: Iterator[str]) -> Iterator[str]:
        """Yield a section without entries, if it has anything to say."""
        body = list(lines)
        if body:
            yield from ("", f"## {self._words[name]}", "", NOT_ENTRIES, "", *body)

    def _tips(self) -> Iterator[str]:
        for tip in self._catalog.tips:
            if not self._lists or any(name in tip.lists for name in self._lists):
                yield f"- {self._line(tip.text.in_(self._language))}"

    def _topic(self, topic: Topic, entries: list[Resource]) -> Iterator[str]:
        yield from ("", f"## {self._line(topic.name.in_(self._language))}", "", f"<!-- topic: {topic.id} -->")
        if topic.about:
            yield from ("", self._line(topic.about.in_(self._language)))
        for name, terms in (("concepts", topic.concepts), ("unlinked", topic.unlinked)):
            if terms:
                words = ", ".join(self._line(term.in_(self._language)) for term in terms)
                yield from ("", f"*{self._words[name]}:* {words}")
        if len(entries) <= LONG_TOPIC:
            yield from ("", *(line for entry in entries for line in self._entry(entry)))
            return
        for heading, shelf in self._shelves(entries):
            yield from ("", f"### {heading}", "", *(line for entry in shelf for line in self._entry(entry)))

    def _shelves(self, entries: list[Resource]) -> Iterator[tuple[str, list[Resource]]]:
        """Divide a long topic: its core, then the rest by kind; a kind with one entry gets no heading of its own."""
        core = [entry for entry in entries if entry.core]
        if core:
            yield self._words["start"], core
        lonely: list[Resource] = []
        for english, portuguese, kinds in SHELVES:
            shelf = [entry for entry in entries if entry.kind in kinds and not entry.core]
            if len(shelf) > 1:
                yield portuguese if self._language == "pt" else english, shelf
            else:
                lonely += shelf
        if lonely:
            yield self._words["also"], lonely

    def _entry(self, entry: Resource) -> Iterator[str]:
        facts = write_facts(_facts(entry), self._language)
        star = f"{CORE} " if entry.core else ""
        note = f" — {self._line(entry.note.in_(self._language))}" if entry.note else ""
        yield f"- {star}[{escape(entry.title)}]({escape_url(entry.url)}) — *{escape(facts)}*{note}"
        yield from (f"  - {self._line(part.in_(self._language))}" for part in entry.parts)

    def _checklists(self) -> Iterator[str]:
        for checklist in self._catalog.checklists:
            if not self._lists or any(name in checklist.lists for name in self._lists):
                yield from self._checklist(checklist)

    def _checklist(self, checklist: Checklist) -> Iterator[str]:
        yield from (f"### {self._line(checklist.name.in_(self._language))}", "")
        yield from (f"- [ ] {self._line(step.in_(self._language))}" for step in checklist.steps)
        yield ""

    def _feeds(self) -> Iterator[str]:
        for feed in () if self._lists else self._catalog.feeds:
            yield f"- [{self._line(feed.title)}]({escape_url(feed.url)})"

    def _credits(self) -> Iterator[str]:
        for source in self._catalog.lists:
            if not self._lists or source.id in self._lists:
                yield f"- {self._credit(source)}"

    def _credit(self, source: CuratedList) -> str:
        """Return one line of thanks: the list, where it lives, who keeps it, how much of it is here."""
        count = sum(source.id in entry.lists for entry in self._catalog.resources)
        address = source.source or ""
        if address and "://" not in address:
            address = "https://" + address
        title = f"[{self._line(source.title)}]({escape_url(address)})" if address else f"**{self._line(source.title)}**"
        keeper = [self._words["kept"].format(keeper=self._line(source.keeper))] if source.keeper else []
        return " · ".join([title, *keeper, self._words["one" if count == 1 else "entries"].format(count=count)])

    def _line(self, text: str) -> str:
        """Return any text as plain words in one line of Markdown."""
        return escape(squeeze(text))


def _facts(entry: Resource) -> Facts:
    """Return what the line under a title says of an entry; practice only where the kind does not say it already."""
    built = KINDS[entry.kind].manner is Manner.BUILD
    return Facts(
        entry.kind,
        entry.language,
        entry.author,
        entry.published,
        entry.minutes,
        entry.is_estimate("minutes"),
        entry.days,
        entry.level,
        None if entry.practice is built else entry.practice,
        entry.free,
    )
