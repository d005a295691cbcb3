"""Canonical addresses: two URLs that lead to the same resource become the same text.

`canonical` is the key by which the catalog, the queue of suggestions, the importer and the feed reader recognise a
resource. It is made for comparing, not for fetching: the catalog keeps the address a person gave. Here are the rules
that hold for every site (RFC 3986, section 6: case, default ports, percent-encoding, dot segments; then http = https,
www, tracking parameters, the trailing slash, the fragment); `sites.py` has the few sites that give one resource many
addresses.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

import idna

from bot.catalog.sites import Parts, canonical_parts, is_code_host, wrapped

LONGEST = 4096
"""Characters of the longest address that is looked at; what is longer is no link a person would follow."""

ROUNDS = 8
"""How often the rules are applied at most; one rule may make room for another (on 20,000
random addresses: once more at most)."""

UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
TRACKING_NAMES = """
_ga _gl _hsenc _hsmi _lrsc cmpid dclid fbclid gad_source gbraid gclid gclsrc igsh igshid mc_cid mc_eid mkt_tok msclkid
oly_anon_id oly_enc_id ref_src ref_url referrer spm srsltid trk trkinfo twclid vero_id wbraid wt.mc_id yclid
"""
TRACKING = frozenset(TRACKING_NAMES.split())
TRACKING_STARTS = ("utm_", "pk_", "mtm_", "hsa_")

SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
BARE_HOST = re.compile(r"^(?:[\w-]+\.)+[^\W\d_][\w-]*(?::\d+)?(?=[/?#]|$)")
LABEL = re.compile(r"^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$")
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
ROUTE = re.compile(r"^(?:!|/|[A-Za-z_][\w.-]*=.)")
CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}


class AddressError(ValueError):
    """The text is no address of a web page; `reason` says why, the message shows at most 80 characters of it."""

    def __init__(self, reason: str, url: str) -> None:
        shown = url if len(url) <= 80 else url[:77] + "..."
        super().__init__(f"{reason}: {shown!r}")
        self.reason = reason
        self.url = url


def canonical(url: str) -> str:
    """Return the one text that stands for the resource at this address.

    `https`, no `www.`, no tracking, no trailing slash; the fragment only where it says something (a text fragment, a
    `#!/route`, a `#name=value`). Idempotent: `canonical(canonical(url)) == canonical(url)`.
    Raises AddressError for what is no http(s) address, such as `javascript:` and `file:`, or is over 4,096 characters.
    """
    current = _once(url)
    for _ in range(ROUNDS):
        following = _once(current)
        if following == current:
            return current
        current = following
    raise AddressError("an address that never comes to rest", url)


def tracking(url: str) -> tuple[str, ...]:
    """Return the names of the parameters that only say where a reader came from; none where it is no address."""
    try:
        parts = _split(url)
    except AddressError:
        return ()
    return tuple(pair.partition("=")[0] for pair in parts.query if pair and _tracks(pair, parts.host))


def repair(url: str) -> str:
    """Return the address without the slips around it: a closing bracket that nothing opened, angle brackets.

    `…watch?v=DQc2Mi7BcuI]` loses its bracket, `…/Python_(language)` keeps it.
    """
    text = url.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    while text and text[-1] in CLOSERS and text.count(text[-1]) > text.count(CLOSERS[text[-1]]):
        text = text[:-1]
    return text


def _once(url: str) -> str:
    """Apply every rule one time."""
    if len(url) > LONGEST:
        raise AddressError(f"an address of {len(url):,} characters", url)
    parts = _tidy(_split(url))
    inner = wrapped(parts)
    if inner is not None and SCHEME.match(inner) and inner[:4].lower() == "http":
        return _once(inner)
    return str(canonical_parts(parts))


def _split(url: str) -> Parts:
    """Take the text apart, raw; refuse what is no web address."""
    text = re.sub(r"[\t\r\n]", "", repair(url))
    if not text.isprintable() or any("\ud800" <= character <= "\udfff" for character in text):
        raise AddressError("an address with characters that cannot be seen", url)
    rest = _after_scheme(text, url)
    end = re.search(r"[/\\?#]", rest)
    authority, tail = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    tail, _, fragment = tail.partition("#")
    path, _, query = tail.partition("?")
    return Parts(
        host=_host(authority.rpartition("@")[2], url),
        path=path.replace("\\", "/"),
        query=tuple(query.split("&")),
        fragment=fragment,
    )


def _after_scheme(text: str, url: str) -> str:
    """Return what follows `http://`, `https://` or `//`; a bare `host.tld/…` counts as https."""
    if text.startswith("//"):
        return text[2:]
    if BARE_HOST.match(text):
        return text
    found = SCHEME.match(text)
    if not found:
        raise AddressError("no web address" if text else "an empty address", url)
    if found[1].lower() not in {"http", "https"}:
        raise AddressError(f"only http and https are taken, not {found[1].lower()}:", url)
    return text[found.end() :].lstrip("/\\")


def _host(authority: str, url: str) -> str:
    """Return the host in lower case and ASCII, without `www.` and the usual ports."""
    name, port = authority, ""
    if found := re.search(r":(\d*)$", authority):
        name, port = authority[: found.start()], found[1].lstrip("0")
    if re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", name):
        host = name.lower()
    else:
        host = _ascii(unquote(name).rstrip("."), url)
        if not all(LABEL.match(label) for label in host.split(".")):
            raise AddressError("no host that can exist", url)
        while host.startswith("www.") and host.count(".") > 1:
            host = host[4:]
    return host if port in {"", "80", "443"} else f"{host}:{port}"


def _ascii(name: str, url: str) -> str:
    """Return an international name in its ASCII form (UTS 46), an ASCII one in lower case."""
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressError("no host that can exist", url) from error


def _tidy(parts: Parts) -> Parts:
    """Apply the rules that hold everywhere."""
    path = _encode(_without_dots(parts.path), "/:@!$&'()*+,;=").rstrip("/")
    query = sorted(_encode(pair, "/:@!$'()*+,;=?") for pair in parts.query if pair and not _tracks(pair, parts.host))
    return Parts(parts.host, path or "/", tuple(query), _fragment(parts.fragment))


def _encode(text: str, safe: str) -> str:
    """Percent-encode what has to be, decode what need not be, hexadecimal digits in upper case."""
    encoded = quote(LONE_PERCENT.sub("%25", text), safe="%" + safe)

    def shortest(found: re.Match[str]) -> str:
        character = unquote(found[0], errors="replace")
        return character if character in UNRESERVED else found[0].upper()

    return PERCENT.sub(shortest, encoded)


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` in a path."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del kept[max(1, len(kept) - 1) :]
        elif step != ".":
            kept.append(step)
    return "/".join(kept)


def _tracks(pair: str, host: str) -> bool:
    """Tell whether a parameter only says where the reader came from; `ref` is a branch on hosts of code."""
    name = pair.partition("=")[0].lower()
    if name == "ref":
        return not is_code_host(host)
    return name in TRACKING or name.startswith(TRACKING_STARTS)


def _fragment(fragment: str) -> str:
    """Keep a text fragment, a route and a `name=value`; a place in a page is the same page."""
    _, marker, directive = fragment.partition(":~:")
    kept = marker + directive if marker and directive else fragment if ROUTE.match(fragment) else ""
    encoded = quote(LONE_PERCENT.sub("%25", kept), safe="%/:@!$&'()*+,;=?-._~")
    return PERCENT.sub(lambda found: found[0].upper(), encoded)
