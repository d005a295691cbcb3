"""Which addresses Telegram accepts in links and on buttons (tdlib/td, HttpUrl and LinkManager)."""

import ipaddress
import re

_SCHEME = re.compile(r"([^:/?#@\[\]]*)://", re.DOTALL)
_MENTION = re.compile(r"tg:(?://)?user\?id=(\d+)\Z", re.IGNORECASE)
_OWN = re.compile(r"(tg|tonsite|ton):(?://)?", re.IGNORECASE)
_OWN_HOST = re.compile(r"[A-Za-z0-9_.-]+\Z")
_PART = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*\Z")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BadLink(ValueError):
    """An address that Telegram does not accept; the text says why, in Telegram's words."""

    def __init__(self, link: str, why: str) -> None:
        super().__init__(f"URL '{link}' is invalid: {why}")


def mentioned_user(link: str) -> int | None:
    """The user that a `tg://user?id=7` link mentions; None for any other link."""
    found = _MENTION.match(link)
    return int(found[1]) if found else None


def check_link(link: str) -> str:
    """The address as Telegram stores it (`example.org` becomes `http://example.org/`). Raises `BadLink`."""
    own = _OWN.match(link)
    if own:
        return _check_own(link, own[1].lower(), link[own.end() :])
    scheme, userinfo, host, port, rest = _split(link, link)
    if "." not in host and not host.startswith("["):
        raise BadLink(link, "Wrong HTTP URL")
    user = f"{userinfo}@" if userinfo else ""
    return f"{scheme}://{user}{host}{f':{port}' if port else ''}{rest}"


def _check_own(link: str, scheme: str, rest: str) -> str:
    """A `tg:` or `ton:` address."""
    _, userinfo, host, port, query = _split(link, rest)
    if "://" in rest or userinfo or port:
        raise BadLink(link, "Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    if not _OWN_HOST.match(host):
        raise BadLink(link, "Unallowed characters in URL host")
    return f"{scheme}://{host}{query[1:] if query.startswith('/?') else query}"


def _split(link: str, address: str) -> tuple[str, str, str, int, str]:
    """Scheme, user information, host, port (0 when none is given) and the rest, which begins with a slash."""
    found = _SCHEME.match(address)
    scheme = found[1].lower() if found else "http"
    if scheme not in ("http", "https"):
        raise BadLink(link, "Unsupported URL protocol")
    after = address[found.end() :] if found else address
    authority = re.split(r"[/?#]", after, maxsplit=1)[0]
    userinfo, _, place = authority.rpartition("@")
    host, port = _split_port(link, place)
    _check_host(link, host)
    if not _PART.match(userinfo.replace(":", "")):
        raise BadLink(link, "Disallowed character in URL userinfo")
    rest = after[len(authority) :].rstrip(" \t\r\n\v\0")
    return scheme, userinfo, host.lower(), port, _escape(rest if rest.startswith("/") else f"/{rest}")


def _split_port(link: str, place: str) -> tuple[str, int]:
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        return place, 0
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadLink(link, "Wrong port number specified in the URL")
    return host, int(port)


def _check_host(link: str, host: str) -> None:
    if not host:
        raise BadLink(link, "URL host is empty")
    if host == ".":
        raise BadLink(link, "Host is invalid")
    if host.startswith("[") and host.endswith("]"):
        _check_ipv6(link, host[1:-1])
    elif _BAD_PERCENT.search(host):
        raise BadLink(link, "Wrong percent-encoded symbol in URL host")
    elif not _PART.match(host):
        raise BadLink(link, "Disallowed character in URL host")


def _check_ipv6(link: str, address: str) -> None:
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        raise BadLink(link, "Wrong IPv6 address specified in the URL") from None


def _escape(rest: str) -> str:
    return "".join(f"%{ord(c):02X}" if c <= " " else c for c in rest)
