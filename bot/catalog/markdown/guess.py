"""What a link probably is and whether one builds something with it: by its address, then its title, then its place."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.catalog.kinds import KINDS, Kind, Manner
from bot.catalog.markdown.vocabulary import SECTION_KINDS
from bot.catalog.markdown.words import bare_of_emoji

WEAK = frozenset({Kind.ARTICLE, Kind.WEBSITE})
"""Kinds that an address gives when it says nothing in particular; the title and the headings may know better."""

DOCS_HOSTS = (
    "readthedocs.io",
    "readthedocs.org",
    "keras.io",
    "scikit-learn.org",
    "pytorch.org",
    "tensorflow.org",
    "fairlearn.org",
    "statsmodels.org",
    "pandas.pydata.org",
    "numpy.org",
    "scipy.org",
    "matplotlib.org",
    "seaborn.pydata.org",
    "docs.rs",
    "developer.mozilla.org",
)
COURSE_HOSTS = (
    "coursera.org",
    "udemy.com",
    "edx.org",
    "udacity.com",
    "alura.com.br",
    "datacamp.com",
    "eucapacito.com.br",
    "course.fast.ai",
    "fullstackdeeplearning.com/course",
    "linkedin.com/learning",
    "kaggle.com/learn",
    "kaggle.com/learn-guide",
    "huggingface.co/course",
    "huggingface.co/learn",
    "deeplearning.ai/short-courses",
    "deeplearning.ai/programs",
    "khanacademy.org",
    "pluralsight.com",
    "freecodecamp.org/learn",
    "ocw.mit.edu",
)
PAPER_HOSTS = (
    "arxiv.org",
    "neurips.cc",
    "nips.cc",
    "openreview.net",
    "aclanthology.org",
    "jmlr.org",
    "doi.org",
    "biorxiv.org",
    "semanticscholar.org",
    "papers.ssrn.com",
    "proceedings.mlr.press",
    "openaccess.thecvf.com",
    "dl.acm.org",
    "ieeexplore.ieee.org",
    "pubmed.ncbi.nlm.nih.gov",
)
BY_HOST: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.COURSE, COURSE_HOSTS),
    (Kind.PAPER, PAPER_HOSTS),
    (Kind.DOCS, DOCS_HOSTS),
    (Kind.NOTEBOOK, ("colab.research.google.com", "nbviewer.org", "nbviewer.jupyter.org", "mybinder.org")),
    (Kind.REPO, ("gitlab.com", "bitbucket.org", "codeberg.org", "gist.github.com", "huggingface.co/spaces")),
    (Kind.DATASET, ("huggingface.co/datasets", "kaggle.com/datasets", "archive.ics.uci.edu", "data.world")),
    (Kind.PODCAST, ("open.spotify.com", "podcasts.apple.com", "soundcloud.com", "anchor.fm")),
    (Kind.VIDEO, ("vimeo.com", "twitch.tv/videos", "ted.com/talks")),
    (Kind.THREAD, ("news.ycombinator.com", "stackoverflow.com/questions", "quora.com")),
    (Kind.COMMUNITY, ("discord.gg", "discord.com/invite", "slack.com", "meetup.com", "t.me")),
    (Kind.BOOK, ("leanpub.com", "manning.com/books", "goodreads.com/book", "oreilly.com/library/view")),
)
TITLE_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, words in (
        (Kind.CHEATSHEET, r"cheat[ -]?sheets?|guia rápido"),
        (Kind.COURSE, r"courses?|cursos?|specialization|bootcamp|mooc"),
        (Kind.PODCAST, r"podcasts?"),
        (Kind.COMMUNITY, r"community|comunidade"),
        (Kind.WEBSITE, r"newsletter|blog d[oae]|blog of"),
    )
) + tuple(
    (kind, re.compile(rf"^(?:{words})\b|\b(?:{words})(?:\s*\([^()]*\))?$", re.IGNORECASE))
    for kind, words in (
        (Kind.BOOK, r"book|livro|ebook"),
        (Kind.PAPER, r"paper|whitepaper"),
        (Kind.COMPETITION, r"competition|competição"),
        (Kind.DATASET, r"datasets?"),
        (Kind.NOTEBOOK, r"notebooks?"),
        (Kind.DOCS, r"docs|documentation|documentação|user guide|api reference"),
        (Kind.TOOL, r"library|lib|biblioteca|toolkit|package"),
    )
)
"""What a title's words say: the first ones anywhere in it, the others only where it begins or ends with them."""

STRONG_TITLE_KINDS = frozenset({Kind.CHEATSHEET, Kind.COMMUNITY, Kind.PODCAST})
"""Kinds that a title's own words settle, whatever the address."""

HOMES = frozenset({Kind.TOOL, Kind.WEBSITE, Kind.COMMUNITY, Kind.DATASET, Kind.CHANNEL, Kind.PROFILE})
"""Kinds that live at the front page of their site."""

PLAYLIST_WORDS = re.compile(r"\b(?:playlists?|series|série|curso|course|lectures|aulas)\b", re.IGNORECASE)
PRACTICE_WORDS = re.compile(
    r"\b(?:tutorials?|examples?|exemplos?|quick ?start|hands[- ]on|from scratch|step by step|projects?|projetos?|exercises?|exercícios)\b",
    re.IGNORECASE,
)
CAN_BE_PRACTICE = frozenset({Kind.ARTICLE, Kind.DOCS, Kind.REPO, Kind.COURSE})


def kind_of_address(canonical: str) -> Kind | None:
    """Return what an address (a canonical one) is by itself; an article or a website where it says nothing."""
    place = canonical.removeprefix("https://")
    host, _, path = place.partition("/")
    path = path.partition("?")[0]
    for site, rule in SITE_KINDS:
        if host == site or host.endswith("." + site):
            return rule(path, place)
    for kind, prefixes in BY_HOST:
        if any(_under(place, host, prefix) for prefix in prefixes):
            return kind
    if path.endswith(".ipynb"):
        return Kind.NOTEBOOK
    if host.startswith("docs.") or re.search(r"(?:^|/)docs?(?:/|$)|documentation|/(?:latest|stable)/", path):
        return Kind.DOCS
    return Kind.ARTICLE if path.strip("/") else Kind.WEBSITE


def _under(place: str, host: str, prefix: str) -> bool:
    """Tell whether an address is at a host (or a subdomain) and below a path."""
    site, _, path = prefix.partition("/")
    if host != site and not host.endswith("." + site):
        return False
    rest = place[len(host) + 1 :]
    return not path or rest == path or rest.startswith((path + "/", path + "?"))


def _youtube(path: str, place: str) -> Kind:
    if path.startswith("watch"):
        return Kind.VIDEO
    return Kind.PLAYLIST if path.startswith("playlist") or path.endswith("/playlists") else Kind.CHANNEL


def _twitter(path: str, place: str) -> Kind:
    return Kind.PROFILE if path and "/" not in path and not path.startswith("search") else Kind.THREAD


def _github(path: str, place: str) -> Kind:
    if path.endswith(".ipynb"):
        return Kind.NOTEBOOK
    if path.endswith(".pdf"):
        return Kind.BOOK
    return Kind.PROFILE if path and "/" not in path else Kind.REPO


def _kaggle(path: str, place: str) -> Kind:
    if "/discussion" in path or path.startswith("discussion"):
        return Kind.THREAD
    if path.startswith("competitions/") and "/code" not in path:
        return Kind.COMPETITION
    if path == "learn" or path.startswith(("learn/", "learn-guide")):
        return Kind.COURSE
    return Kind.DATASET if path.startswith("datasets/") else Kind.NOTEBOOK


def _linkedin(path: str, place: str) -> Kind:
    if path.startswith("learning/"):
        return Kind.COURSE
    if path.startswith("pulse/"):
        return Kind.ARTICLE
    return Kind.PROFILE if path.startswith(("in/", "company/")) else Kind.THREAD


def _reddit(path: str, place: str) -> Kind:
    return Kind.THREAD if "/comments/" in path else Kind.COMMUNITY


def _amazon(path: str, place: str) -> Kind:
    return Kind.BOOK if path.startswith("dp/") else Kind.ARTICLE


SITE_KINDS: tuple[tuple[str, Callable[[str, str], Kind]], ...] = (
    ("youtube.com", _youtube),
    ("x.com", _twitter),
    ("github.com", _github),
    ("kaggle.com", _kaggle),
    ("linkedin.com", _linkedin),
    ("reddit.com", _reddit),
    ("amazon.com", _amazon),
    ("amazon.com.br", _amazon),
)


def kind_of(url: str, canonical: str, title: str, place: tuple[str, ...]) -> tuple[Kind, bool]:
    """Return the likely kind of a link that no label names, and whether its address or its title settles it.

    `place` holds the headings and groups above it, outermost first.
    """
    by_address = kind_of_address(canonical) or Kind.ARTICLE
    if by_address is Kind.VIDEO and "list=" in url and "index=" not in url and PLAYLIST_WORDS.search(title):
        return Kind.PLAYLIST, True
    by_title = next((kind for kind, words in TITLE_KINDS if words.search(title)), None)
    if by_title in STRONG_TITLE_KINDS:
        return by_title, True
    if by_address not in WEAK:
        return by_address, True
    if by_title is None and (found := re.search(r"whitepaper|crash-course|podcast|newsletter|/course", canonical)):
        by_title = {"whitepaper": Kind.PAPER, "podcast": Kind.PODCAST, "newsletter": Kind.WEBSITE}.get(
            found[0], Kind.COURSE
        )
    by_section = _kind_of_place(place, canonical)
    if by_title is not None and not (by_address is Kind.WEBSITE and by_title in {Kind.PAPER, Kind.NOTEBOOK, Kind.BOOK}):
        return by_title, True
    if by_section is not None:
        return by_section, True
    if canonical.endswith(".pdf"):
        return Kind.PAPER, False
    return by_address, by_address is Kind.WEBSITE


def _kind_of_place(place: tuple[str, ...], canonical: str) -> Kind | None:
    """Return the kind that the nearest heading or group names; a long path below "Tools" is an article about them."""
    steps = canonical.split("/")[3:]
    is_home = len(steps) <= 1 and len(re.findall(r"\w+", "".join(steps))) <= 2
    for label in reversed(place[-2:]):
        kind = SECTION_KINDS.get(bare_of_emoji(label).strip(" :").lower())
        if kind is not None and (is_home or kind not in HOMES):
            return kind
    return None


def is_practice(kind: Kind, title: str) -> bool:
    """Tell whether one builds something with it, by its kind or by what its title promises."""
    if KINDS[kind].manner is Manner.BUILD:
        return True
    return kind in CAN_BE_PRACTICE and bool(PRACTICE_WORDS.search(title))
