"""The page behind a link, read in the background: what is found is on the card, what is not is said, and nothing comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.curation.describe import Described, describe
from bot.doors.terminal import Person
from bot.errors import FeedUnreadable, FetchError, FetchFailed, FetchRefused
from bot.store.tables import Suggestion
from bot.web.fetch import Got
from tests.house import House, given_role

LINK = "https://jalammar.github.io/illustrated-transformer/"
PAGE = f"""<!doctype html><html lang="en"><head><title>Jay &ndash; ignored</title>
<meta property="og:title" content="The Illustrated &lt;b&gt;Transformer\u202e">
<meta name="author" content="Jay Alammar"><meta property="article:published_time" content="2018-06-27T00:00:00Z">
</head><body><nav>{"menu " * 900}</nav><p>{"word " * 2200}</p></body></html>"""


class Web:
    """The web as these tests play it; `asked` is what was fetched."""

    def __init__(self) -> None:
        self.pages: dict[str, Got | FetchError] = {}
        self.asked: list[str] = []

    def has(
        self, url: str, body: str, content_type: str = "text/html; charset=utf-8", *, at: str | None = None
    ) -> None:
        self.pages[url] = Got(200, at or url, headers={"content-type": content_type}, body=body.encode())

    async def get(self, url: str, **_: object) -> Got:
        self.asked.append(url)
        answer = self.pages.get(url, FetchFailed("connect"))
        if isinstance(answer, FetchError):
            raise answer
        return answer


@pytest.fixture
async def web(house: House) -> Web:
    web = Web()
    house.app.duties.filler._web = web  # type: ignore[assignment]
    house.app.duties.filler._describe = described
    return web


async def described(url: str, headers: Mapping[str, str], content: bytes) -> Described:
    """As the processes do it; tests/feeds/test_workers.py has those."""
    return describe(url, headers, content)


async def suggestion(house: House, number: int = 1) -> Suggestion:
    async with house.app.database.read() as session:
        found = await session.get(Suggestion, number)
    assert found
    return found


async def test_the_card_follows_when_the_page_was_read(house: House, web: Web, bruno: Person, carla: Person) -> None:
    web.has(LINK, PAGE)
    await bruno.says(f"/suggest {LINK}")
    await carla.says("/queue 1")
    assert "Illustrated" not in carla.sees()
    await house.app.duties.filler.go()
    await house.app.settle()
    assert "The Illustrated <b>Transformer" in carla.screen
    assert "jalammar.github.io · article · ~11 min · English · Jay Alammar · 2018" in carla.screen


async def test_the_topic_is_guessed_from_what_the_catalog_has(
    house: House, web: Web, bruno: Person, carla: Person
) -> None:
    web.has("https://example.net/model", "<title>What is a model, really?</title>")
    await bruno.says("/suggest https://example.net/model")
    await house.app.duties.filler.go()
    await carla.says("/queue 1")
    said = carla.sees()
    assert "Topic? Models" in said
    assert "also near: What is a model?" in said
    await carla.presses("Approve")
    assert "✓ Approved by Carla" in carla.sees()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (FetchRefused("private"), "The address is not on the public web."),
        (FetchFailed("too_large"), "The page is too large to read."),
        (FetchFailed("redirects"), "The address leads in circles."),
        (FetchFailed("name"), "There is no page at that address."),
        (FetchFailed("tls"), "The page did not come."),
        (Got(404, LINK), "There is no page at that address."),
        (Got(403, LINK), "The site does not let me read it."),
        (Got(200, LINK, headers={"content-type": "application/pdf"}, body=b"%PDF-1.7"), "The page has no title."),
        (Got(200, LINK, headers={"content-type": "image/png"}, body=b"\x89PNG\x00"), "It is a file"),
        (Got(200, LINK, headers={"content-type": "text/html"}, body=b"<p>hello"), "The page has no title."),
        (Got(200, LINK, headers={"content-type": "text/html"}, body=b"\xff\xfe\x00<<<<"), "The page has no title."),
    ],
)
async def test_a_page_that_cannot_be_read_leaves_a_card_that_says_why(
    house: House, web: Web, bruno: Person, carla: Person, answer: Got | FetchError, said: str
) -> None:
    web.pages[LINK] = answer
    await bruno.says(f"/suggest {LINK}")
    await house.app.duties.filler.go()
    await carla.says("/queue 1")
    assert said in carla.sees()
    await carla.says("/approve 1 topic=charts minutes=8 title=Attention")
    told = carla.sees()
    if said == "There is no page at that address.":
        assert "Approve it all the same?" in told
        await carla.presses("Approve all the same")
        assert "✓ Approved by Carla" in carla.sees()
    else:
        assert "#1 approved" in told


async def test_a_page_that_takes_too_much_is_a_page_that_did_not_come(
    house: House, web: Web, bruno: Person, carla: Person
) -> None:
    async def choke(url: str, headers: Mapping[str, str], content: bytes) -> Described:
        raise FeedUnreadable("too_much")

    house.app.duties.filler._describe = choke
    web.has(LINK, PAGE)
    await bruno.says(f"/suggest {LINK}")
    assert await house.app.duties.filler.go() == 1
    await carla.says("/queue 1")
    assert "The page did not come." in carla.sees()
    assert await house.app.duties.filler.go() == 0


async def test_what_leads_to_no_page_is_approved_on_a_second_word_only(
    house: House, web: Web, bruno: Person, carla: Person
) -> None:
    web.pages[LINK] = Got(404, LINK)
    await bruno.says(f"/suggest {LINK}")
    await house.app.duties.filler.go()
    await carla.says("/edit 1 title=Attention minutes=8")
    carla.sees()
    await carla.presses("Approve")
    assert "Approve it all the same?" in carla.sees()
    assert (await suggestion(house)).state == "waiting"
    await carla.presses("Back")
    assert "Approve it all the same?" not in carla.sees()
    await carla.presses("Approve")
    await carla.presses("Approve all the same")
    assert "Which topic?" in carla.sees()
    await carla.presses("Models")
    assert "✓ Approved by Carla" in carla.sees()


async def test_a_range_leaves_out_and_names_what_leads_to_no_page(
    house: House, web: Web, bruno: Person, carla: Person
) -> None:
    caio = await given_role(house, "caio", "curator", "pt-BR")
    for number in range(1, 5):
        link = f"https://example.net/{number}"
        web.pages[link] = Got(404, link) if number in (2, 3) else Got(403, link)
        await bruno.says(f"/suggest {link}")
    await house.app.duties.filler.go()
    await caio.says("/aprovar 1-4 7 topic=charts minutes=8 title=Um")
    told = caio.sees()
    assert "#1 aprovado" in told
    assert "#4 aprovado" in told
    assert "Ficou de fora, sem página no endereço: #2, #3." in told
    assert "Não existe a sugestão #7. /fila mostra o que espera." in told
    assert [(await suggestion(house, number)).state for number in (2, 3)] == ["waiting", "waiting"]
    await caio.presses("#2")
    await caio.presses("Aprovar")
    await caio.presses("Aprovar mesmo assim")
    assert (await suggestion(house, 2)).state == "approved"


async def test_what_did_not_come_is_tried_again_and_not_for_ever(house: House, web: Web, bruno: Person) -> None:
    await bruno.says(f"/suggest {LINK}")
    for _ in range(8):
        await house.app.duties.filler.go()
        await house.forward(hours=3)
    assert len(web.asked) == 3
    assert (await suggestion(house)).fill_at is None


async def test_a_shortener_is_followed_to_what_it_leads_to(house: House, web: Web, bruno: Person, ana: Person) -> None:
    web.has("https://sho.rt/x", PAGE, at=LINK)
    await bruno.says("/suggest https://sho.rt/x")
    await house.app.duties.filler.go()
    assert (await suggestion(house)).url == LINK
    await ana.says(f"/sugerir {LINK}")
    assert "como #1" in ana.sees()


async def test_a_shortener_to_what_the_catalog_has_says_so(
    house: House, web: Web, bruno: Person, carla: Person
) -> None:
    web.has("https://sho.rt/y", PAGE, at="https://example.org/what-is-data")
    await bruno.says("/suggest https://sho.rt/y")
    await house.app.duties.filler.go()
    await carla.says("/queue 1")
    said = carla.sees()
    assert "It leads to what the catalog has already." in said
    assert "also near: What is data?" in said


async def test_what_was_decided_meanwhile_stays_as_it_was_decided(
    house: House, web: Web, bruno: Person, carla: Person
) -> None:
    web.has(LINK, PAGE)
    await bruno.says(f"/suggest {LINK}")
    await carla.says("/reject 1 paywall")
    await house.app.duties.filler.go()
    assert web.asked == []
    assert (await suggestion(house)).facts == {}


async def test_two_processes_read_a_page_once(either_house: House) -> None:
    house, web = either_house, Web()
    web.has(LINK, PAGE)
    house.app.duties.filler._web = web  # type: ignore[assignment]
    bruno = await given_role(house, "bruno", "curator")
    await bruno.says(f"/suggest {LINK}")
    await asyncio.gather(*(house.app.duties.filler.go() for _ in range(4)))
    assert web.asked == [LINK]
