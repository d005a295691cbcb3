"""Sites that give one resource many addresses, each with the rule that picks one of them.

`SITES` at the end is the table: a host (its subdomains too) and the function that rewrites the parts of an address.
A new site is one function and one row. The general rules are in `address.py` and have been applied before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Parts:
    """An address taken apart; `host` holds the port where it is not the usual one, `query` pairs as written."""

    host: str
    path: str
    query: tuple[str, ...]
    fragment: str

    def __str__(self) -> str:
        path = "" if self.path == "/" and not self.query else self.path
        query = "?" + "&".join(self.query) if self.query else ""
        return f"https://{self.host}{path}{query}{'#' + self.fragment if self.fragment else ''}"

    @property
    def steps(self) -> list[str]:
        """The path between its slashes."""
        return [step for step in self.path.split("/") if step]

    def value(self, name: str) -> str:
        """Return the value of a parameter, empty where there is none."""
        return next(
            (pair[len(name) + 1 :] for pair in self.query if pair.startswith(name + "=")),
            "",
        )

    def only(self, *names: str) -> Parts:
        """Keep these parameters, in this order."""
        kept = [pair for name in names for pair in self.query if pair.partition("=")[0] == name]
        return replace(self, query=tuple(kept))

    def without(self, *names: str) -> Parts:
        """Drop these parameters."""
        return replace(
            self,
            query=tuple(pair for pair in self.query if pair.partition("=")[0] not in names),
        )

    def at(self, path: str, *query: str, host: str = "") -> Parts:
        """Return another path with nothing behind it but this query."""
        return Parts(host or self.host, path, query, "")


Rule = Callable[[Parts], Parts]

VIDEO = re.compile(r"^[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")
ARXIV = re.compile(
    r"(?:^|/)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?$",
    re.IGNORECASE,
)
OLD_ARXIV = re.compile(r"^/ftp/([a-z-]+)/papers/\d{4}/(\d{7})\.pdf$")
POST = re.compile(r"(?:-|/p/)([0-9a-f]{9,12})$")
ACTIVITY = re.compile(r"\b(activity|ugcPost|share)[-:](\d{15,22})")


def is_code_host(host: str) -> bool:
    """Tell whether `?ref=` means a branch there."""
    return _ending(host, {"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"}) is not None


def wrapped(parts: Parts) -> str | None:
    """Return the address that a forwarding page such as `google.com/url?q=…` carries, if it is one."""
    for host, path, name in FORWARDS:
        if parts.host == host and parts.path.startswith(path) and parts.value(name):
            return unquote(parts.value(name))
    return None


def canonical_parts(parts: Parts) -> Parts:
    """Apply the rule of the site, if it has one."""
    ending = _ending(parts.host, SITES.keys())
    rewritten = SITES[ending](parts) if ending else parts
    return medium_elsewhere(rewritten)


def _ending(host: str, known: Container[str]) -> str | None:
    """Return the known host that this one is, or is a subdomain of."""
    labels = host.split(".")
    endings = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((ending for ending in endings if ending in known), None)


def youtube(parts: Parts) -> Parts:
    """One address for watch, youtu.be, embed, shorts, live; a playlist stays with its video; a channel has no tabs."""
    steps = parts.steps or [""]
    named = steps[1] if len(steps) > 1 and steps[0] in {"embed", "v", "e", "shorts", "live", "watch"} else ""
    video = VIDEO.match(steps[0] if parts.host.endswith("youtu.be") else named or parts.value("v"))
    playlist = "" if parts.value("list").startswith(("RD", "WL", "LL")) else parts.value("list")
    listed = ("list=" + playlist,) if playlist else ()
    if video and video[0] != "videoseries":
        return parts.at("/watch", "v=" + video[0], *listed, host="youtube.com")
    if listed and (steps[0] == "playlist" or named == "videoseries"):
        return parts.at("/playlist", *listed, host="youtube.com")
    if steps[0].startswith("@") or (len(steps) > 1 and steps[0] in {"c", "user", "channel"}):
        return _channel(parts, steps)
    return parts.without("app", "feature", "si")


def _channel(parts: Parts, steps: list[str]) -> Parts:
    """Drop the tabs that every channel opens with; names are the same in any case, ids are not."""
    named = 1 if steps[0].startswith("@") else 2
    name = steps[:named] if steps[0] == "channel" else [step.lower() for step in steps[:named]]
    tab = [step for step in steps[named : named + 1] if step not in {"featured", "videos"}]
    return parts.at("/" + "/".join(name + tab), host="youtube.com")


def arxiv(parts: Parts) -> Parts:
    """The abstract stands for every form and version of a paper."""
    if found := OLD_ARXIV.match(parts.path):
        return parts.at(f"/abs/{found[1]}/{found[2]}", host="arxiv.org")
    if (found := ARXIV.search(parts.path)) and parts.steps[0] in FORMS_OF_A_PAPER:
        return parts.at("/abs/" + found[1], host="arxiv.org")
    return parts


FORMS_OF_A_PAPER = {"abs", "pdf", "html", "format", "ps", "e-print", "ftp", "papers"}


def doi(parts: Parts) -> Parts:
    """A DOI is the same in any case; one of arXiv is the paper there."""
    path = parts.path.lower()
    if path.startswith("/10.48550/arxiv."):
        return parts.at("/abs/" + path.removeprefix("/10.48550/arxiv."), host="arxiv.org")
    return parts.at(path, host="doi.org")


def twitter(parts: Parts) -> Parts:
    """A post is its number, whoever it is said to be from; a name is the same in any case."""
    steps = parts.steps
    for place, step in enumerate(steps[:-1]):
        if step in {"status", "statuses"} and (number := re.match(r"\d+", steps[place + 1])):
            return parts.at("/i/status/" + number[0], host="x.com")
    if len(steps) == 1 and steps[0] not in {"search", "home", "explore", "i", "share"}:
        return parts.at("/" + steps[0].lower(), host="x.com")
    return replace(parts.only("f", "q"), host="x.com")


def medium(parts: Parts) -> Parts:
    """A post is the number at the end of its address, under whichever name or publication."""
    if found := POST.search(parts.path):
        return parts.at("/p/" + found[1], host="medium.com")
    return parts.without("source", "gi", "sk")


def medium_elsewhere(parts: Parts) -> Parts:
    """Publications of Medium under their own name carry the same tracking."""
    return parts.without("source", "gi", "sk") if POST.search(parts.path) else parts


def linkedin(parts: Parts) -> Parts:
    """A post is the number of its activity; no parameter matters except in a search."""
    path = unquote(parts.path) if parts.path.startswith("/feed") else parts.path
    if (found := ACTIVITY.search(path)) and parts.steps[0] in {
        "posts",
        "feed",
        "embed",
    }:
        return parts.at(f"/feed/update/urn:li:{found[1]}:{found[2]}", host="linkedin.com")
    if parts.steps[:1] == ["in"]:
        return parts.at(path.lower(), host="linkedin.com")
    return replace(parts.only("keywords"), host="linkedin.com", path=path)


def github(parts: Parts) -> Parts:
    """Owner and repository are the same in any case; the main branch is the repository."""
    if parts.host != "github.com":
        return parts
    steps = parts.steps
    steps[:2] = [step.lower().removesuffix(".git") for step in steps[:2]]
    if len(steps) == 4 and steps[2] == "tree" and steps[3] in {"main", "master"}:
        steps = steps[:2]
    return replace(parts.without("tab", "readme"), path="/" + "/".join(steps))


def kaggle(parts: Parts) -> Parts:
    """A competition has one address, a notebook one without its tab and version."""
    steps = parts.steps
    if steps[:1] == ["c"]:
        steps[0] = "competitions"
    if steps[:1] != ["competitions"] and steps[-1:] in (
        ["notebook"],
        ["comments"],
        ["input"],
        ["output"],
    ):
        steps = steps[:-1]
    return replace(parts.without("scriptVersionId"), path="/" + "/".join(steps))


def wikipedia(parts: Parts) -> Parts:
    """The mobile edition is the same article."""
    return replace(parts, host=parts.host.replace(".m.", "."))


def google_docs(parts: Parts) -> Parts:
    """A document is its number, whether one edits, views or copies it."""
    steps = parts.steps
    if len(steps) >= 3 and steps[1] == "d" and steps[2] != "e":
        return replace(parts.at("/".join(["", *steps[:3]])), fragment=parts.fragment)
    return parts.without("usp")


def amazon(parts: Parts) -> Parts:
    """A product is its number."""
    if parts.host.startswith("aws."):
        return replace(
            parts,
            query=tuple(p for p in parts.query if not p.startswith(("sc_", "linkId="))),
        )
    found = re.search(r"/(?:dp|gp/product)/([A-Z0-9]{10})(?=/|$)", parts.path)
    return parts.at("/dp/" + found[1]) if found else parts


def course(parts: Parts) -> Parts:
    """The page of a course is the same with any coupon."""
    return parts.at(parts.path) if parts.steps[:1] in (["course"], ["learn"], ["specializations"]) else parts


def mobile(parts: Parts) -> Parts:
    """The mobile site is the site."""
    return replace(parts, host=re.sub(r"^(?:m|mobile)\.", "", parts.host))


AMAZON_ENDS = "com com.br co.uk com.mx de es fr it pt ca in co.jp"
AMAZON = [f"amazon.{end}" for end in AMAZON_ENDS.split(" ")]

FORWARDS = (
    ("google.com", "/url", "q"),
    ("google.com", "/url", "url"),
    ("youtube.com", "/redirect", "q"),
    ("l.facebook.com", "/l.php", "u"),
    ("linkedin.com", "/redir/redirect", "url"),
    ("linkedin.com", "/safety/go", "url"),
    ("medium.com", "/m/global-identity", "redirectUrl"),
)

SITES: dict[str, Rule] = {
    "youtube.com": youtube,
    "youtube-nocookie.com": youtube,
    "youtu.be": youtube,
    "arxiv.org": arxiv,
    "ar5iv.org": arxiv,
    "doi.org": doi,
    "twitter.com": twitter,
    "x.com": twitter,
    "medium.com": medium,
    "linkedin.com": linkedin,
    "github.com": github,
    "kaggle.com": kaggle,
    "wikipedia.org": wikipedia,
    "wikimedia.org": wikipedia,
    "docs.google.com": google_docs,
    "drive.google.com": google_docs,
    "udemy.com": course,
    "coursera.org": course,
    "facebook.com": mobile,
    "reddit.com": mobile,
    **dict.fromkeys(AMAZON, amazon),
}
