"""Feeds that mean harm, or were written by nobody who read a standard; all of them our own."""

from __future__ import annotations

NOISE = bytes(range(256)) * 40


def rss(inner: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>T</title><link>http://x.example/</link>{inner}</channel></rss>'
    ).encode("utf-8", "surrogatepass")


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"


def dated(date: str) -> bytes:
    return rss(item(title="x", link="http://x.example/1", pubDate=date))


ENTITIES = (
    "<!DOCTYPE r [<!ENTITY a0 'lollollollol'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
QUADRATIC = f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]>"

HOSTILE: dict[str, bytes] = {
    # dates
    "year nought": dated("0000-00-00"),
    "seconds for a year": dated("1772445600"),
    "a localised month": dated("seg, 02 mar 2026 10:00:00 -0300"),
    "a date of slashes": dated("02/03/2026"),
    "the year 9999": dated("Fri, 31 Dec 9999 23:59:59 GMT"),
    "before all of it": dated("Fri, 31 Dec 0001 23:59:59 GMT"),
    "a negative year": dated("-2026-01-01T00:00:00Z"),
    "a zone of 99 hours": dated("Mon, 02 Mar 2026 10:00:00 +9999"),
    "the 99th of May": dated("99 May 2026 99:99:99"),
    "a page for a date": dated("x" * 100_000),
    "next year": dated("Mon, 01 Mar 2027 00:00:00 GMT"),
    # links
    "javascript": rss(item(title="x", link="javascript:alert(1)")),
    "a local file": rss(item(title="x", link="file:///etc/passwd")),
    "data": rss(item(title="x", link="data:text/html,&lt;script&gt;")),
    "a number for an id": rss(item(title="x", guid="12")),
    "a path for an id": rss(item(title="x", guid="/etc/passwd")),
    "an endless link": rss(item(title="x", link="http://x.example/" + "a" * 100_000)),
    "a link with a bell": rss(item(title="x", link="http://x.example/&#7;")),
    "a link in brackets": rss(item(title="x", link="http://[::1/")),
    "no host": rss(item(title="x", link="http://")),
    "a link with userinfo": rss(item(title="x", link="http://bank.example@evil.example/")),
    # text
    "a script for a title": rss(item(title="&lt;script&gt;alert(1)&lt;/script&gt;", link="http://x.example/1")),
    "markup that never closes": rss(item(title="&lt;b&gt;" * 20_000, link="http://x.example/1")),
    "right to left": rss(item(title="\u202egnp.exe", link="http://x.example/1")),
    "nothing visible": rss(item(title="\u200b\u200e\ufeff", link="http://x.example/1")),
    "a million letters": rss(item(title="a" * 1_000_000, link="http://x.example/1")),
    "nul bytes": rss(item(title="a\x00b", link="http://x.example/1")),
    "control characters": rss(item(title="a\x01\x02\x1bb", link="http://x.example/1")),
    "lone surrogates": rss(item(title="a\ud800b", link="http://x.example/1")),
    "numbers of surrogates": rss(item(title="&#xd800;&#xffff;&#x0;", link="http://x.example/1")),
    "combining marks without end": rss(item(title="a" + "\u0301" * 50_000, link="http://x.example/1")),
    "entities nobody knows": rss(item(title="&foo;&bar;&nbsp;", link="http://x.example/1")),
    "entities in entities": rss(item(title="&amp;amp;amp;amp;lt;b&amp;gt;", link="http://x.example/1")),
    "cdata in cdata": rss(item(title="<![CDATA[a]]]]><![CDATA[>b]]>", link="http://x.example/1")),
    # structure
    "ten thousand items": rss(item(title="x", link="http://x.example/1") * 10_000),
    "a thousand titles": rss("<item>" + "<title>x</title>" * 1000 + "</item>"),
    "items in items": rss("<item>" * 200 + item(title="x", link="http://x.example/1")),
    "no items": rss(""),
    "empty items": rss("<item/>" * 50),
    "two roots": rss(item(title="x", link="http://x.example/1")) * 2,
    "a feed in a feed": rss("<description>" + "<rss><channel>" * 50),
    "attributes by the thousand": rss("<item " + " ".join(f"a{n}='1'" for n in range(5000)) + "><title>x</title></item>"),
    "an unknown encoding": rss("").replace(b'"1.0"?', b'"1.0" encoding="klingon"?'),
    "an encoding that lies": "<?xml version='1.0' encoding='utf-16'?><rss><channel><title>á</title></channel></rss>".encode(),
    "utf-7": b"<?xml version='1.0' encoding='utf-7'?><rss><channel><title>+ADw-</title></channel></rss>",
    "noise": NOISE,
    "noise behind a head": b"<?xml version='1.0'?><rss version='2.0'><channel>" + NOISE,
    "a picture": b"\x89PNG\r\n\x1a\n" + NOISE,
    "a login page": b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>",
    "nothing": b"",
    "blanks": b" \n\t " * 100,
    "the name of a file": b"/etc/passwd",
    "the address of a file": b"file:///etc/passwd",
    "an address": b"http://127.0.0.1:1/",
    # entities
    "a local file by entity": rss(item(title="&x;"), "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
    "a network file by entity": rss(item(title="&x;"), "<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1:1/'>]>"),
    "a parameter entity": rss(item(title="x"), "<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]>"),
    "an entity of itself": rss(item(title="&a;"), "<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>"),
    # JSON
    "json that is none": b'{"version": "https://jsonfeed.org/version/1", "items": [',
    "json of something else": b'{"hello": "world"}',
    "json deep as a well": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000,
    "json with a list for all": b'{"version":"https://jsonfeed.org/version/1","title":[],"items":{},"home_page_url":7}',
    "json items of every kind": b'{"version":"https://jsonfeed.org/version/1","items":[1,null,"x",[],{"id":[]},{"url":{}},{"id":1e999,"date_published":[]},{"authors":[7]},{"author":"x"}]}',
    "json with a number without end": b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 10_000 + b"}]}",
}  # fmt: skip

HEAVY: dict[str, bytes] = {
    "comments without end": rss(item(title="x", link="http://x.example/1", description="&lt;!--" * 80_000)),
    "comments without end in the open": rss(f"<item><title>x</title><description>{'<!--' * 80_000}"),
    "a hundred thousand deep": rss("<a>" * 100_000),
    "a hundred thousand deep in html": rss(item(title="x", description="&lt;div&gt;" * 100_000)),
    "a billion laughs": rss(item(title="&a9;"), ENTITIES),
    "one entity very often": rss(item(title="&a;" * 2000), QUADRATIC),
    "six megabytes": rss(item(title="x", link="http://x.example/1", description="word " * 1000) * 1200)[:6_000_000],
}
