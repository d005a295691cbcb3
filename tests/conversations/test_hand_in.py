"""Carla hands in a list of feeds as a file; what is no such list, and whoever is no curator, gets a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat import LARGEST_DOCUMENT, Document
from bot.doors.terminal import Person
from bot.errors import DocumentUnread
from bot.feeds.adopt import MOST
from bot.feeds.opml import FeedList, read_opml
from bot.store import feeds
from tests.house import House, given_role

LIST = b"""<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="charts"><outline text="Chart blog" type="rss" xmlUrl="https://charts.example/feed"/></outline>
<outline text="Loose" xmlUrl="feed://loose.example/rss"/>
<outline text="Again" xmlUrl="http://www.charts.example/feed/"/>
<outline text="Code" xmlUrl="javascript:alert(1)"/>
<outline text="Odd" xmlUrl="https://odd.example:8080/feed"/>
<outline text="Home" xmlUrl="http://192.168.0.1/feed"/>
</body></opml>"""


@pytest.fixture(autouse=True)
def read_here(house: House) -> None:
    """Lists are read in this process, where a test is not about the process that reads them."""

    async def read(content: bytes) -> FeedList:
        return read_opml(content)

    house.app.conversation._read_list = read


def many(count: int) -> bytes:
    """A list of that many feeds."""
    named = "".join(f'<outline text="{n}" xmlUrl="https://blog{n}.example/feed"/>' for n in range(count))
    return f"<opml><body>{named}</body></opml>".encode()


async def followed(house: House) -> dict[str, str | None]:
    """The feeds we follow, with their topics."""
    async with house.app.database.read() as session:
        return {feed.url: feed.topic for feed in await feeds.all_of(session)}


async def test_a_list_is_followed_and_each_refusal_has_its_reason(house: House, carla: Person) -> None:
    await carla.sends_file("mine.opml", LIST)
    assert carla.sees() == (
        "mine.opml\n2 feeds followed now.\n3 addresses refused:\n"
        "· javascript:alert(1) (an address that cannot be)\n"
        "· https://odd.example:8080/feed (an unusual port)\n"
        "· http://192.168.0.1/feed (not on the public web)\n"
        "I'll visit them in the next few minutes. The newest three items of each go to the queue."
    )
    assert await followed(house) == {"https://charts.example/feed": "charts", "http://loose.example/rss": None}
    await carla.presses("All feeds")
    assert "2 feeds" in carla.sees()
    await carla.says("/log")
    assert "Carla handed in a list of feeds (mine.opml: 2)" in carla.sees()


async def test_the_same_list_once_more_is_nothing_new(house: House, carla: Person) -> None:
    await carla.sends_file("mine.opml", LIST)
    carla.sees()
    await carla.sends_file("mine.opml", LIST)
    seen = carla.sees()
    assert "Nothing new in it for us." in seen
    assert "2 we followed already." in seen
    assert "in the next few minutes" not in seen


async def test_a_list_that_is_served_again_is_neither_fetched_nor_followed_again(house: House, carla: Person) -> None:
    house.door.loses_next_answer()
    await carla.sends_file("mine.opml", LIST)
    await carla.again()
    assert "2 feeds followed now." in carla.sees()
    assert len(await followed(house)) == 2


async def test_words_beside_it_name_the_topic_of_the_others(house: House, carla: Person) -> None:
    await carla.sends_file("mine.opml", LIST, "/follow models")
    assert (await followed(house))["http://loose.example/rss"] == "models"
    assert (await followed(house))["https://charts.example/feed"] == "charts"


async def test_it_speaks_portuguese_too(house: House) -> None:
    carla = await given_role(house, "carla", "curator", "pt-BR")
    await carla.sends_file("minha.opml", LIST)
    seen = carla.sees()
    assert "Agora seguimos mais 2 feeds." in seen
    assert "3 endereços recusados:" in seen
    assert "https://odd.example:8080/feed (uma porta incomum)" in seen
    await carla.sends_file("foto.jpg", b"\xff\xd8\xff\xe0 no list")
    assert "Não tem nenhum feed em foto.jpg." in carla.sees()


async def test_what_was_unfollowed_is_followed_again(house: House, carla: Person) -> None:
    await carla.sends_file("mine.opml", LIST)
    await carla.says("/feed 1 unfollow")
    await carla.presses("Yes, unfollow")
    carla.sees()
    await carla.sends_file("mine.opml", LIST)
    assert "1 feed followed now.\n1 we followed already." in carla.sees()


async def test_there_is_room_for_so_many_and_no_more(house: House, carla: Person) -> None:
    await carla.sends_file("all.opml", many(10_000))
    seen = carla.sees()
    assert f"{MOST} feeds followed now." in seen
    assert f"9,700 had no room: {MOST} feeds are all we follow." in seen
    assert len(await followed(house)) == MOST


BOMB = b"<!DOCTYPE o [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><opml><outline text='&b;'/></opml>"
WRONG = '<?xml version="1.0" encoding="utf-16"?><outline text="São" xmlUrl="https://a.example/feed"/>'.encode()
BIG_ENDIAN = WRONG.decode().encode("utf-16-be")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is no feed in mine.opml."),
        (b"%PDF-1.7 \x00\x01", "There is no feed in mine.opml."),
        (b"<html><body>hello", "There is no feed in mine.opml."),
        (b"<opml><body></body></opml>", "There is no feed in mine.opml."),
        (BOMB, "There is no feed in mine.opml."),
        (b"<" * 200_000, "There is no feed in mine.opml."),
        (bytes(LARGEST_DOCUMENT + 1), "mine.opml is too large for a list of feeds"),
        (WRONG, "1 feed followed now."),
        (b"\xfe\xff" + BIG_ENDIAN, "1 feed followed now."),
        (b'<?xml version="1.0" encoding="hex"?>' + WRONG[38:], "1 feed followed now."),
        (b"<opml><outline xmlUrl='https://a.example/feed", "There is no feed in mine.opml."),
        (b"<opml><outline xmlUrl='https://a.example/feed'><outline xmlUrl=", "1 feed followed now."),
    ],
    ids=[
        "empty",
        "pdf",
        "page",
        "no-feeds",
        "bomb",
        "brackets",
        "large",
        "wrong-charset",
        "utf-16",
        "no-charset",
        "cut",
        "broken",
    ],
)
async def test_whatever_comes_gets_a_sentence(house: House, carla: Person, content: bytes, said: str) -> None:
    await carla.sends_file("mine.opml", content)
    assert said in carla.sees()


@pytest.mark.parametrize(
    ("reason", "said"), [("lost", "I could not fetch mine.opml."), ("too_slow", "I could not read mine.opml in time.")]
)
async def test_what_does_not_arrive_gets_a_sentence(house: House, carla: Person, reason: str, said: str) -> None:
    async def fetch() -> bytes:
        raise DocumentUnread(reason)

    event = replace(carla._event(text=""), document=Document("mine.opml", 10, fetch))
    await house.door.hear(event)
    assert said in carla.sees()


async def test_a_learner_is_told_kindly_and_nothing_is_fetched(house: House, ana: Person, bruno: Person) -> None:
    async def fetch() -> bytes:
        pytest.fail("nobody may make us fetch files")

    for person, said in ((ana, "Arquivo eu não consigo ler"), (bruno, "A file is more than I can read")):
        await person.says("/about")
        person.sees()
        await house.door.hear(replace(person._event(text=""), document=Document("mine.opml", 10, fetch)))
        assert said in person.sees()
    assert await followed(house) == {}


async def test_words_beside_a_learners_file_are_words(house: House, bruno: Person) -> None:
    await bruno.sends_file("notes.pdf", b"%PDF", "/help")
    assert "/today" in bruno.sees()


async def test_a_stranger_who_sends_a_file_is_greeted_with_a_sentence(house: House) -> None:
    eve = house.person("eve", "en")
    await eve.sends_file("mine.opml", LIST)
    assert "A file is more than I can read" in eve.sees()
    assert await followed(house) == {}


async def test_every_deed_about_feeds_stands_in_the_log(house: House, carla: Person) -> None:
    await carla.sends_file("mine.opml", LIST)
    for deed in ("pause", "resume", "topic charts", "filter -jobs", "keep", "unfollow"):
        await carla.says(f"/feed 1 {deed}")
    await carla.presses("Yes, unfollow")
    carla.sees()
    await carla.says("/log")
    seen = carla.sees()
    for said in (
        "paused",
        "took feed #1 up again",
        "set the topic of feed #1 (Charts)",
        "changed the filter of",
        "stopped following feed #1",
    ):
        assert said in seen, said


async def test_of_a_feed_that_was_never_visited_nothing_is_told_that_nobody_knows(house: House, carla: Person) -> None:
    await carla.sends_file("mine.opml", LIST)
    carla.sees()
    await carla.says("/feeds")
    assert carla.sees() == "2 feeds\n#1 Chart blog\n   not read yet\n#2 Loose\n   not read yet"
    await carla.says("/feed 2")
    assert carla.sees().strip() == "#2 Loose\nloose.example · not read yet"
