"""The curators' desk: Ana and Bruno bring links, Carla decides, Dora owns; two at once, and taking it back."""

from __future__ import annotations

import asyncio
import json

import pytest
from sqlalchemy import func, select, update

from bot.curation.reasons import reasons_in
from bot.doors.terminal import Person
from bot.store.tables import AuditEntry, Outgoing, Suggestion, Voice
from tests.house import House, given_role, subscribed

LINK = "https://jalammar.github.io/illustrated-transformer/"
WHY = "the clearest explanation of attention I know"


async def suggestion(house: House, number: int = 1) -> Suggestion:
    async with house.app.database.read() as session:
        found = await session.get(Suggestion, number)
    assert found
    return found


async def brought(bruno: Person, link: str = LINK, why: str = WHY) -> None:
    await bruno.says(f"/suggest {link} {why}")
    bruno.sees()


async def read(house: House, **facts: str | int) -> None:
    """As if the pages of everything that waits had been read."""
    async with house.app.database.write() as session:
        told = {"title": "The Illustrated Transformer", "minutes": 25} | facts
        await session.execute(update(Suggestion).values(fill_at=None, problem=None, facts=told))


async def test_the_queue_shows_the_card_with_who_brought_it_and_why(bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/queue")
    said = carla.sees()
    assert "1 waits" in said
    assert f"#1 · from Bruno · “{WHY}”" in said
    assert "jalammar.github.io" in said
    assert set(carla.buttons()) >= {"Approve", "Edit", "Reject…", "Later", "Open"}


async def test_an_approved_link_is_in_the_next_dose_it_fits(
    house: House, ana: Person, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await carla.says("/approve 1 topic=charts minutes=10 kind=article title=The Illustrated Transformer")
    assert "#1 approved: The Illustrated Transformer" in carla.sees()
    await house.app.settle()
    assert (
        "Your link The Illustrated Transformer was approved by the curators and goes out with Charts." in bruno.sees()
    )
    await subscribed(ana, "pictures")
    for _ in range(2):
        await ana.says("/hoje")
        await ana.presses("Feito")
        await house.forward(days=1)
    ana.sees()
    await ana.says("/hoje")
    assert "The Illustrated Transformer" in ana.screen


async def test_approve_without_a_known_topic_asks_for_it_and_goes_on(
    house: House, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await read(house)
    await carla.says("/queue")
    carla.sees()
    await carla.presses("Approve")
    assert "Which topic?" in carla.sees()
    await carla.presses("Models")
    said = carla.sees()
    assert "✓ Approved by Carla, 12:00 · in doses from now" in said
    assert "Undo" in carla.buttons()
    assert (await suggestion(house)).state == "approved"
    await house.app.live.follow()
    assert house.app.catalog.resource((await suggestion(house)).resource_id or "")


async def test_a_rejection_tells_the_author_what_would_be_welcome(house: House, ana: Person, carla: Person) -> None:
    await ana.says(f"/sugerir {LINK}")
    ana.sees()
    await carla.says("/queue 1")
    await carla.presses("Reject…")
    await carla.presses("Paywall")
    assert "✗ Rejected by Carla, 12:00" in carla.sees()
    await house.app.settle()
    assert "é pago, então ficou de fora. Uma cópia gratuita" in ana.sees()
    await ana.presses("Sugerir outro")
    assert "Me mande o link" in ana.sees()


async def test_what_is_covered_already_is_promised_no_second_look(
    house: House, ana: Person, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await ana.says(f"/sugerir {LINK}")
    ana.sees()
    await carla.says("/reject 1 have-better")
    await house.app.settle()
    assert "Another resource that does it better is welcome." in bruno.sees()
    assert "Outro recurso que cubra melhor é bem-vindo." in ana.sees()


async def test_a_curators_own_words_reach_the_author_as_they_are(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/reject 1 paywall but the *2019* PDF <b>is</b> free")
    assert "#1 rejected" in carla.sees()
    await house.app.settle()
    said = bruno.sees()
    assert "behind a paywall" in said
    assert "“but the *2019* PDF <b>is</b> free”" in said


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("en", "/reject 1 paywal", "did you mean paywall?"),
        ("en", "/reject 1 paywal, but the 2019 PDF is free", "did you mean paywall?"),
        ("en", "/reject 1 banana", "“banana” is no reason of mine: off-topic, paywall,"),
        ("pt-BR", "/rejeitar 1 propagnda", "você quis dizer promotion?"),
        ("pt-BR", "/rejeitar 1 banana", "“banana” não é um dos meus motivos: off-topic, paywall,"),
    ],
)
async def test_a_slip_in_a_reason_reaches_no_author(
    house: House, bruno: Person, language: str, typed: str, said: str
) -> None:
    carla = await given_role(house, "carla", "curator", language)
    await brought(bruno)
    await carla.says(typed)
    assert said in carla.sees()
    assert (await suggestion(house)).state == "waiting"


async def test_a_word_alone_reaches_the_author_where_a_curator_means_it(
    house: House, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await carla.says("/reject 1 other banana")
    await house.app.settle()
    assert "“banana”" in bruno.sees()


async def test_own_words_can_be_written_after_a_press(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/queue 1")
    await carla.presses("Reject…")
    await carla.presses("In my words…")
    assert "What should the author of #1 read?" in carla.sees()
    await carla.says("We have it in Portuguese already.")
    assert "#1 rejected" in carla.sees()
    await house.app.settle()
    assert "“We have it in Portuguese already.”" in bruno.sees()
    assert "✗ Rejected by Carla" in carla.screen, "the card that hangs above is brought up to date"


async def test_the_second_curator_is_told_who_and_when(
    house: House, bruno: Person, carla: Person, dora: Person
) -> None:
    await brought(bruno)
    await read(house)
    await carla.says("/queue 1")
    await dora.says("/queue 1")
    await carla.presses("Approve")
    await carla.presses("Models")
    await dora.presses("Reject…")
    assert "Carla decided this (12:00): approved." in dora.sees()
    assert "Undo" in dora.buttons()
    assert (await suggestion(house)).state == "approved"


@pytest.mark.parametrize(
    ("language", "typed", "told"),
    [
        ("en", "/approve 1", "Carla decided this (2 March, 12:00): rejected."),
        ("pt-BR", "/aprovar 1", "Carla já decidiu (2 de março, 12:00): recusado."),
    ],
)
async def test_what_was_decided_on_another_day_is_told_with_its_date(
    house: House, bruno: Person, carla: Person, language: str, typed: str, told: str
) -> None:
    eva = await given_role(house, "eva", "curator", language)
    await brought(bruno)
    await carla.says("/reject 1 paywall")
    await house.forward(days=1)
    await eva.says(typed)
    assert told in eva.sees()


async def test_every_card_everywhere_shows_the_outcome(
    house: House, bruno: Person, carla: Person, dora: Person
) -> None:
    in_room = house.door.person("carla", chat="-100", language="en")
    await in_room.says("/room here")
    assert "New suggestions come here" in in_room.sees()
    await brought(bruno)
    await dora.says("/queue 1")
    await house.app.settle()
    assert "#1 · from Bruno" in in_room.sees()
    await carla.says("/reject 1 off-topic")
    await house.app.settle()
    assert "✗ Rejected by Carla" in dora.screen
    assert "✗ Rejected by Carla" in in_room.screen
    assert "Approve" not in [button.label for shown in (*dora.messages, *in_room.messages) for button in shown.buttons]


async def test_undo_takes_the_item_out_of_the_doses_and_tells_the_author(
    house: House, ana: Person, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await carla.says("/approve 1 topic=basics kind=video minutes=5 title=Attention")
    await house.app.settle()
    entry = (await suggestion(house)).resource_id or ""
    assert house.app.catalog.resource(entry)
    bruno.sees()
    await carla.says("/undo")
    assert "#1 · from Bruno" in carla.sees()
    await house.app.settle()
    await house.app.live.follow()
    assert house.app.catalog.resource(entry) is None
    assert "is being looked at once more" in bruno.sees()
    row = await suggestion(house)
    assert (row.state, row.resource_id, row.decided_by) == ("waiting", None, None)


async def test_what_was_undone_before_anybody_heard_is_said_to_nobody(
    house: House, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await carla.says("/reject 1 paywall")
    await carla.says("/undo 1")
    await house.app.settle()
    assert bruno.sees() == ""


async def test_only_the_decider_and_owners_undo(house: House, bruno: Person, carla: Person, dora: Person) -> None:
    eva = await given_role(house, "eva", "curator")
    await brought(bruno)
    await carla.says("/reject 1 paywall")
    await eva.says("/undo 1")
    assert "Carla decided this; they or an owner can take it back." in eva.sees()
    assert (await suggestion(house)).state == "rejected"
    await dora.says("/undo 1")
    assert (await suggestion(house)).state == "waiting"


async def test_ranges_and_lists_decide_several(house: House, bruno: Person, carla: Person) -> None:
    for number in range(5):
        await brought(bruno, f"https://example.net/{number}", "x")
    await read(house)
    await carla.says("/approve 1 3-4 9 topic=charts")
    said = carla.sees()
    assert [f"#{number} approved" in said for number in (1, 3, 4)] == [True] * 3
    assert "There is no suggestion #9. /queue shows what waits." in said
    await carla.says("/reject 2 4-5 shallow")
    said = carla.sees()
    assert "#4: Carla decided this (12:00): approved." in said
    states = [(await suggestion(house, number)).state for number in range(1, 6)]
    assert states == ["approved", "rejected", "approved", "approved", "rejected"]


async def test_later_puts_it_at_the_end_and_brings_the_next(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno, "https://example.net/1")
    await house.forward(hours=1)
    await brought(bruno, "https://example.net/2")
    await carla.says("/queue")
    await carla.presses("Later")
    assert "#2 · from Bruno" in carla.sees()
    await carla.says("/queue")
    assert carla.sees().index("#2 ") < carla.screen.rindex("#1 ")


async def test_a_curator_mends_a_suggestion_by_buttons(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/queue 1")
    await carla.presses("Edit")
    await carla.presses("kind")
    await carla.presses("video")
    await carla.presses("minutes")
    await carla.presses("20 min")
    await carla.presses("topic")
    await carla.presses("Models")
    await carla.presses("title")
    assert "title, as it should be?" in carla.sees()
    await carla.says("The Illustrated Transformer")
    said = carla.sees()
    assert "The Illustrated Transformer\njalammar.github.io · video · 20 min · English?\nTopic: Models" in said
    await carla.presses("note in English")
    await carla.says("Pictures first, then the mathematics.")
    assert (await suggestion(house)).edits == {
        "kind": "video",
        "minutes": 20,
        "topic": "models",
        "title": "The Illustrated Transformer",
        "note.en": "Pictures first, then the mathematics.",
    }
    await carla.says("/approve 1")
    await house.app.live.follow()
    entry = house.app.catalog.resource((await suggestion(house)).resource_id or "")
    assert entry
    assert entry.note
    assert (entry.kind, entry.minutes, entry.topic, entry.estimated) == ("video", 20, "models", ())
    assert entry.note.pt == entry.note.en == "Pictures first, then the mathematics."


async def test_an_entry_of_the_catalog_is_mended_and_put_back(house: House, carla: Person) -> None:
    await carla.says("/edit what-is-data minutes=12 title=What data is")
    said = carla.sees()
    assert "Mended, in doses from now." in said
    assert "What data is" in said
    await house.app.live.follow()
    entry = house.app.catalog.resource("what-is-data")
    assert entry
    assert (entry.minutes, entry.title) == (12, "What data is")
    await carla.presses("Undo")
    await house.app.live.follow()
    entry = house.app.catalog.resource("what-is-data")
    assert entry
    assert (entry.minutes, entry.title) == (8, "What is data?")
    await carla.forges("undo:a1", on=carla.messages[-1])
    assert "That was taken back already." in carla.sees()


async def test_an_entry_is_retired_from_its_card_under_a_search_and_comes_back(
    house: House, ana: Person, carla: Person
) -> None:
    await subscribed(ana)
    await carla.says("/search what is data")
    await carla.presses("see:what-is-data")
    await carla.presses("Retire")
    assert "What is data? is out of the doses from now on." in carla.sees()
    await house.app.live.follow()
    await ana.says("/hoje")
    assert "What is data?" not in ana.sees()
    await carla.presses("Undo")
    await house.app.live.follow()
    assert house.app.catalog.resource("what-is-data")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/approve", "Which ones?"),
        ("/approve x", "Which ones?"),
        ("/approve 1 topic=nosuch", "I know no topic “nosuch”."),
        ("/approve 1-99", "more than I decide at once"),
        ("/approve 1 colour=red", "I know no field “colour”. There are: topic, kind, level, "),
        ("/approve 1 minuts=5", "I know no field “minuts”. Did you mean minutes?"),
        ("/reject", "Which one, and why?"),
        ("/edit", "Which one?"),
        ("/edit 1 minutes=many", "“many” isn't a number of minutes."),
        ("/edit 1 kind=song", "“song” does not fit kind."),
        ("/edit nosuch minutes=5", "I know no entry “nosuch”."),
        ("/edit 1 url=https://example.net", "stays as it was brought"),
        ("/edit what-is-data url=javascript:alert(1)", "address: this value does not fit."),
        ("/retire", "Which entry?"),
        ("/retire 1", "#1 only waits"),
        ("/undo 1 2", "Which one?"),
        ("/undo 1", "Nothing to take back: it is not decided."),
        ("/approve 1 nlp", "kind, level, minutes, language, title, note.en, note.pt, author, published, url."),
        ("/reject", "paywall, "),
        ("/edit 1 level=2", "There are: introductory, a classic, for beginners, advanced."),
        ("/undo", "You decided nothing"),
        ("/queue 77", "There is no suggestion #77."),
        ("/queue nosuch", "I know no topic “nosuch”. /topics shows those there are."),
        ("/queue 😀", "I know no topic “😀”. /topics shows those there are."),
        ("/queue chrts", "I know no topic “chrts”. Near it: Charts"),
        ("/log nosuch", "Nothing is written down about that."),
        ("/room", "No cards come to this chat."),
        ("/room off", "No cards come to this chat."),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    house: House, bruno: Person, carla: Person, typed: str, said: str
) -> None:
    await brought(bruno)
    await carla.says(typed)
    assert said in carla.sees()
    row = await suggestion(house)
    assert (row.state, row.edits) == ("waiting", {})


async def test_the_log_says_who_did_what(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/edit 1 minutes=20")
    await carla.says("/reject 1 paywall")
    carla.sees()
    await carla.says("/log")
    said = carla.sees()
    assert "12:00 · Carla rejected #1 (Paywall)" in said
    assert "12:00 · Carla edited #1 (minutes: – → 20 min)" in said


async def test_the_log_speaks_portuguese_to_who_reads_it_in_portuguese(house: House, bruno: Person) -> None:
    rui = await given_role(house, "rui", "curator", "pt-BR")
    await brought(bruno)
    await rui.says("/editar 1 topic=basics kind=video language=pt url=-")
    await rui.says("/editar 1 topic=basics kind=video language=pt level=cult")
    await rui.says("/recusar 1 porque sim")
    rui.sees()
    await rui.says("/registro")
    said = rui.sees()
    assert "Rui recusou #1 (Outro motivo: porque sim)" in said
    assert (
        "Rui editou #1 (tema: – → Noções básicas, tipo: – → vídeo, idioma: – → português, marca da lista: – →" in said
    )


async def test_the_figures_of_the_queue(bruno: Person, carla: Person) -> None:
    await brought(bruno, "https://example.net/1")
    await brought(bruno, "https://example.net/2")
    await carla.says("/reject 1 paywall")
    carla.sees()
    await carla.says("/queue stats")
    said = carla.sees()
    assert "1 suggestion waits." in said
    assert "Carla: 0 approved, 1 rejected" in said
    await carla.says("/idioma pt")
    await carla.says("/fila stats")
    said = carla.sees()
    assert "Até agora · aprovadas: 0, recusadas: 1, retiradas: 0, fechadas: 0." in said
    assert "Carla · aprovadas: 0, recusadas: 1" in said


async def test_a_curator_who_leaves_takes_the_name_along_and_the_decision_stays(
    house: House, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await carla.says("/reject 1 paywall")
    await carla.says("/forget")
    await carla.presses("Delete everything")
    row = await suggestion(house)
    assert (row.state, row.reason, row.decided_by) == ("rejected", "paywall", None)
    async with house.app.database.read() as session:
        deeds = list(await session.scalars(select(AuditEntry)))
    assert [(deed.did, deed.by_id) for deed in deeds] == [("reject", None)]


async def test_two_curators_press_at_once_and_one_decides(either_house: House) -> None:
    house = either_house
    bruno = house.person("bruno", "en")
    carla, eva = await given_role(house, "carla", "curator"), await given_role(house, "eva", "curator")
    await brought(bruno)
    for one in (carla, eva):
        await one.says("/queue 1")
        await one.presses("Reject…")
    await asyncio.gather(carla.presses("Paywall"), eva.presses("Too thin"))
    async with house.app.database.read() as session:
        decided = await session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.did == "reject"))
        verdicts = await session.scalar(select(func.count(Outgoing.id)).where(Outgoing.kind == "verdict"))
    assert (decided, verdicts) == (1, 1)
    told = [person.sees() for person in (carla, eva)]
    assert sum("decided this (12:00): rejected." in said for said in told) == 1
    assert (await suggestion(house)).reason in ("paywall", "shallow")


async def test_two_curators_decide_about_many_in_opposite_order_and_nobody_is_told_that_it_failed(
    either_house: House,
) -> None:
    bruno = either_house.person("bruno", "en")
    carla, eva = [await given_role(either_house, name, "curator") for name in ("carla", "eva")]
    for number in range(5):
        await brought(bruno, f"https://example.net/{number}")
    await asyncio.gather(carla.says("/reject 1 2 3 4 5 paywall"), eva.says("/reject 5 4 3 2 1 paywall"))
    assert "went wrong" not in carla.sees() + eva.sees()
    async with either_house.app.database.read() as session:
        decided = await session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.did == "reject"))
    assert decided == 5


async def test_a_room_full_of_people_who_press_changes_nothing(house: House, bruno: Person, carla: Person) -> None:
    room = house.door.person("carla", chat="-100", language="en")
    await room.says("/room here")
    await brought(bruno)
    await house.app.settle()
    crowd = [house.door.person(f"guest{number}", chat="-100", language="en") for number in range(12)]
    before = len(room.messages)
    await asyncio.gather(*(guest.presses(label) for guest in crowd for label in ("Approve", "Later")))
    assert len(room.messages) == before, "a refusal is a passing word"
    assert "That is for the curators to press." in crowd[0].sees()
    assert (await suggestion(house)).state == "waiting"
    assert await house.count(Voice) == 1


async def test_the_role_is_checked_at_the_press(house: House, bruno: Person, carla: Person, dora: Person) -> None:
    await brought(bruno)
    await carla.says("/queue 1")
    await dora.says("/curators remove Carla")
    assert "Carla is no longer a curator" in dora.sees()
    await carla.presses("Approve")
    assert "That is for the curators to press." in carla.sees()
    await carla.says("/approve 1 topic=charts")
    assert "I don't know /approve" in carla.sees()
    assert (await suggestion(house)).state == "waiting"


async def test_everybody_gets_what_is_held_about_what_they_brought_and_decided(
    house: House, bruno: Person, carla: Person
) -> None:
    await brought(bruno)
    await carla.says("/reject 1 paywall")
    everything = {}
    for person in (bruno, carla):
        await person.says("/mydata")
        file = person.messages[-1].message.file
        assert file
        everything[person.sender.name] = json.loads(file.content)
    assert [(voice["url"], voice["why"]) for voice in everything["Bruno"]["voices"]] == [(LINK, WHY)]
    assert everything["Bruno"]["derived"]["suggestions"] == [{"url": LINK, "state": "rejected", "reason": "paywall"}]
    assert everything["Bruno"]["audit"] == []
    assert [deed["did"] for deed in everything["Carla"]["audit"]] == ["reject"]


async def test_a_language_that_is_only_likely_is_told_as_such(house: House, bruno: Person, carla: Person) -> None:
    await bruno.says("/suggest https://example.net/redes-neurais-para-quem-nao-sabe")
    await carla.says("/queue 1")
    assert "example.net · Portuguese?" in carla.sees()
    await carla.says("/approve 1 topic=charts minutes=10 title=Redes neurais para quem não sabe por onde começar")
    seen = carla.sees()
    assert "(in Portuguese, I guess; /edit 1 language=… sets it)" in seen
    assert house.app.catalog.resources[-1].language == "pt"


async def test_the_host_of_a_bare_address_tells_no_language(bruno: Person, carla: Person) -> None:
    await bruno.says("/suggest https://example.com/pasted nice thing")
    await carla.says("/queue 1")
    assert "example.com · English?" in carla.sees()


async def test_the_figures_of_the_queue_name_no_wait_of_no_day(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/stats")
    seen = carla.sees()
    assert "1 suggestion waits." in seen
    assert "oldest" not in seen
    await house.forward(days=2)
    await carla.says("/stats")
    assert "The oldest has waited for 2 days." in carla.sees()


async def test_the_minutes_are_asked_for_as_one_would_say(bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/edit 1")
    await carla.presses("minutes")
    assert "How long does it take?" in carla.sees()


async def test_the_reasons_for_rejecting_are_told_to_the_last(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/reject")
    said = carla.sees()
    assert "…" not in said
    assert ", ".join(reasons_in(house.settings.data_dir)) in said


async def test_a_second_undo_takes_the_decision_before_back(either_house: House) -> None:
    bruno = await subscribed(either_house.person("bruno"))
    carla = await given_role(either_house, "carla", "curator")
    for number in (1, 2):
        await brought(bruno, f"https://example.net/{number}")
    await carla.says("/approve 1-2 topic=models minutes=9 title=Something")
    await carla.says("/edit what-is-data minutes=20")
    await carla.says("/edit what-is-data minutes=25")
    carla.sees()
    for _ in range(4):
        await carla.says("/undo")
    assert [(await suggestion(either_house, number)).state for number in (1, 2)] == ["waiting", "waiting"]
    entry = either_house.app.catalog.resource("what-is-data")
    assert entry
    assert entry.minutes == 8
    carla.sees()
    await carla.says("/undo")
    assert "You decided nothing that could be taken back." in carla.sees()
    await carla.says("/reject 1 paywall")
    await carla.says("/undo")
    assert (await suggestion(either_house)).state == "waiting"


async def test_what_was_taken_back_is_no_figure(either_house: House) -> None:
    bruno = await subscribed(either_house.person("bruno"))
    carla = await given_role(either_house, "carla", "curator")
    for number in (1, 2):
        await brought(bruno, f"https://example.net/{number}")
    await carla.says("/reject 1 paywall")
    await carla.says("/undo")
    await carla.says("/reject 1-2 paywall")
    carla.sees()
    await carla.says("/stats")
    assert "0 approved, 2 rejected" in carla.sees()
    await carla.says("/undo 1")
    await carla.says("/undo 2")
    carla.sees()
    await carla.says("/stats")
    assert "carla" not in carla.sees().casefold()


async def test_an_edit_taken_back_names_the_entry_by_its_title(carla: Person) -> None:
    await carla.says("/edit what-is-data minutes=20")
    carla.sees()
    await carla.says("/undo")
    assert "Taken back: What is data?" in carla.sees()


async def test_a_field_that_says_so_already_is_no_edit(house: House, bruno: Person, carla: Person) -> None:
    await brought(bruno)
    await carla.says("/edit 1 topic=charts minutes=20")
    carla.sees()
    await carla.says("/edit 1 topic=charts")
    assert "It says that already, so nothing changes." in carla.sees()
    await carla.says("/edit what-is-data minutes=8")
    assert "It says that already, so nothing changes." in carla.sees()
    async with house.app.database.read() as session:
        assert await session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.did == "edit")) == 1


async def test_topics_that_are_like_it_are_named_in_the_curators_language(house: House) -> None:
    bia = await given_role(house, "bia", "curator", "pt-BR")
    await bia.says("/fila grafcos")
    assert "Não conheço o tema “grafcos”. Parecidos: Gráficos" in bia.sees()
    await bia.says("/fila 😀")
    assert "Não conheço o tema “😀”. /topicos mostra os que existem." in bia.sees()
