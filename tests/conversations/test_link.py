"""One person on two platforms: one streak, one history, one dose a day."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.chat import Address, plain
from bot.delivery.reactions import react
from bot.doors.terminal import Person
from bot.errors import Uncertain, Unreachable
from bot.states import Role
from bot.store import outbox, people
from bot.store.priority import Priority
from bot.store.tables import Completion, Dose, LinkCode, Outgoing, Pause, Subscription
from bot.store.tables import Person as PersonRow
from tests.conversations.two_doors import TwoDoors, code_of, link
from tests.house import House, subscribed

NO_LONGER = "Nada meu chega mais no Terminal, então sua dose passa a vir para cá; /pausa interrompe."


async def number_of(house: House, who: str) -> int:
    async with house.app.database.read() as session:
        person = await people.find(session, "terminal", who, lock=False)
    assert person
    return person.id


@pytest.mark.parametrize("language", ["pt-BR", "en"])
async def test_what_nobody_has_yet_is_not_counted(two: TwoDoors, language: str) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana", language)
    await too.says(f"/link {await code_of(ana)}")
    seen = too.sees()
    assert "Terminal?" in seen
    await too.presses("link:yes")
    seen += too.sees()
    assert "Discord e Terminal" in seen or "Discord and Terminal" in seen
    assert not re.search(r"\b0 ", seen), seen


async def test_one_who_links_is_one_person_with_one_streak(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await ana.says("/hoje")
    await ana.presses("done")
    await ana.says("dados são medidas")
    await two.forward(days=1)
    await subscribed(too)
    await too.says("/hoje")
    await too.presses("done")
    code = await code_of(ana)
    await too.says(f"/link {code.lower().replace('-', ' ')}")
    seen = too.sees()
    assert "Vincular esta conta à de “Ana” no Terminal?" in seen
    assert "1 coisa feita, 1 nota, uma sequência de 2 dias" in seen
    assert "Fica a sua dose do Terminal" in seen
    assert "As doses do Discord param" in seen
    await too.presses("Vincular")
    assert "Daqui em diante é tudo uma coisa só. Sua sequência é de 2 dias." in too.sees()
    await two.forward(minutes=1)
    assert "Agora esta conta está vinculada ao Discord" in ana.sees()
    for who in (ana, too):
        await who.says("/sequencia")
        assert "2 dias" in who.sees()
        await who.says("/nota lista")
    too.sees()
    await too.says("/historico")
    seen = too.sees()
    assert (seen.count("What is data?"), seen.count("dados são medidas")) == (2, 1)
    assert await two.count(PersonRow) == 1
    assert await two.count(Subscription) == 1


async def test_whoever_never_began_in_one_place_keeps_what_the_other_has(two: TwoDoors) -> None:
    ana, too = two.person("ana"), await subscribed(two.elsewhere("ana"))
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    await too.says(f"/link {await code_of(ana)}")
    assert "Fica a sua dose do Discord" in too.sees()
    assert "terminam" not in too.screen
    await too.presses("Vincular")
    await two.forward(days=1)
    assert len(two.other.sent) == 1


async def test_a_dose_that_was_done_elsewhere_today_is_the_days_dose(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), await subscribed(two.elsewhere("ana"))
    await two.forward_to("2026-03-03 06:00")
    await too.says("/hoje")
    await too.presses("done")
    await link(ana, too)  # the dose at the terminal would come at 08:00
    await two.forward_to("2026-03-03 20:00")
    assert await two.count(Outgoing, Outgoing.kind == "dose") == 0
    await two.forward_to("2026-03-04 08:01")
    assert await two.count(Outgoing, Outgoing.kind == "dose", Outgoing.platform == "terminal") == 1


async def test_doses_of_one_day_are_all_there_and_their_buttons_go_on(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), await subscribed(two.elsewhere("ana"))
    for who in (ana, too):
        await who.says("/hoje")
    await link(ana, too)
    await ana.presses("done")
    await too.presses("done")
    async with two.app.database.read() as session:
        found = await session.execute(select(Dose.number, Dose.outcome).order_by(Dose.number))
    assert [tuple(row) for row in found] == [(0, "done"), (1, "done")]


async def test_one_dose_a_day_comes_and_to_the_chat_that_was_chosen(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), await subscribed(two.elsewhere("ana"))
    await too.says(f"/link {await code_of(ana)}")
    await too.presses("Ficar com a dose do Discord")
    assert "Fica a sua dose do Discord" in too.sees()
    await too.presses("Vincular")
    await two.forward(days=3)
    assert len(two.other.sent) == 3
    assert ["está vinculada ao Discord" in plain(sent.message.text) for sent in two.door.sent] == [True]
    assert await two.count(Dose) == 3


async def test_a_dose_that_waits_is_taken_back_and_none_comes_twice(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), await subscribed(two.elsewhere("ana"))
    await too.says("/hoje")
    await two.forward_to("2026-03-03 07:59:50")  # both doses are claimed and wait
    assert await two.count(Outgoing, Outgoing.kind == "dose", Outgoing.state == "due") == 2
    await link(ana, too)
    await two.forward(hours=2)
    assert [sent.to.platform for sent in (*two.door.sent, *two.other.sent)].count("discord") == 0
    assert await two.count(Outgoing, Outgoing.kind == "dose") == 1


async def test_wrong_own_and_old_codes_say_what_to_do_next(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana", "en")
    await too.says("/link ZZZZ-ZZZZ")
    assert "I know no such code. Say /link where you have been talking to me" in too.sees()
    code = await code_of(ana)
    await ana.says(f"/vincular {code}")
    assert "Esse código é daqui mesmo." in ana.sees()
    await two.forward(minutes=11)
    await too.says(f"/link {code}")
    assert "That code has expired; they last ten minutes." in too.sees()


async def test_a_new_code_takes_the_place_of_the_one_before(two: TwoDoors) -> None:
    ana, too = two.person("ana"), two.elsewhere("ana", "en")
    first, second = await code_of(ana), await code_of(ana)
    await too.says(f"/link {first}")
    assert "I know no such code." in too.sees()
    await too.says(f"/link {second}")
    assert "Link this with “Ana” on Terminal?" in too.sees()


async def test_a_used_code_is_said_to_be_used(two: TwoDoors) -> None:
    ana, too, bruno = two.person("ana"), two.elsewhere("ana"), two.elsewhere("bruno", "en")
    code = await code_of(ana)
    await too.says(f"/link {code}")
    await too.presses("Vincular")
    await bruno.says(f"/link {code}")
    assert "That code was used already." in bruno.sees()


async def test_nobody_can_guess(two: TwoDoors) -> None:
    ana, mallory = two.person("ana"), two.elsewhere("mallory", "en")
    code = await code_of(ana)
    for number in range(5):
        await mallory.says(f"/link ZZZZ-ZZZ{number + 2}")
        assert "I know no such code" in mallory.sees()
    await mallory.says(f"/link {code}")
    assert "That was five wrong codes." in mallory.sees()
    await two.forward(minutes=61)
    await mallory.says(f"/link {await code_of(ana)}")
    assert "Link this with" in mallory.sees()


async def test_a_guessed_press_links_nobody(two: TwoDoors) -> None:
    ana, mallory = two.person("ana"), two.elsewhere("mallory", "en")
    await code_of(ana)
    await mallory.says("/help")
    for action in ("link:yes:1:here", "link:see:1:there", "link:yes:x:here", "unlink:yes:terminal:ana", "link:?"):
        await mallory.forges(action)
    assert await two.count(PersonRow) == 2


async def test_the_code_is_kept_as_a_digest_only(two: TwoDoors) -> None:
    code = await code_of(two.person("ana"))
    async with two.app.database.read() as session:
        kept = await session.scalar(select(LinkCode))
    assert kept
    assert len(kept.digest) == 64
    assert code.replace("-", "") not in kept.digest.upper()


async def test_not_in_a_group(two: TwoDoors) -> None:
    ana = two.person("ana")
    await ana.says("/help")
    before_others = two.door.person("ana", chat="-100")
    await before_others.says("/link")
    assert "/link " not in before_others.sees()
    assert await two.count(LinkCode) == 0


async def test_not_now_changes_nothing(two: TwoDoors) -> None:
    ana, too = two.person("ana"), two.elsewhere("ana", "en")
    await too.says(f"/link {await code_of(ana)}")
    await too.presses("Not now")
    assert "Nothing changed." in too.sees()
    assert await two.count(PersonRow) == 2


async def test_two_presses_at_once_link_once(either_two: TwoDoors) -> None:
    ana, too = await subscribed(either_two.person("ana")), await subscribed(either_two.elsewhere("ana"))
    await ana.says("/hoje")
    await ana.presses("done")
    await too.says(f"/link {await code_of(ana)}")
    await too.presses_twice_at_once("Vincular")
    assert await either_two.count(PersonRow) == 1
    assert await either_two.count(Subscription) == 1
    assert await either_two.count(LinkCode, LinkCode.used_at.is_not(None)) == 1
    await too.says("/sequencia")
    assert "1 dia" in too.sees()


async def test_two_who_link_each_other_at_once_are_one(either_two: TwoDoors) -> None:
    ana, too = await subscribed(either_two.person("ana")), await subscribed(either_two.elsewhere("ana"))
    one, other = await code_of(ana), await code_of(too)
    await ana.says(f"/link {other}")
    await too.says(f"/link {one}")
    await asyncio.gather(ana.presses("link:yes"), too.presses("link:yes"))
    assert await either_two.count(PersonRow) == 1
    for who in (ana, too):
        await who.says("/unlink")
        assert "Vinculados: Discord e Terminal." in who.sees()


async def test_whatever_is_said_elsewhere_at_that_moment_is_answered(either_two: TwoDoors) -> None:
    ana, too = await subscribed(either_two.person("ana")), await subscribed(either_two.elsewhere("ana"))
    await ana.says("/hoje")
    await too.says(f"/link {await code_of(ana)}")
    await asyncio.gather(too.presses("Vincular"), ana.presses("done"), ana.says("/sequencia"))
    assert await either_two.count(PersonRow) == 1
    assert await either_two.count(Completion) == 1
    await too.says("/sequencia")
    assert "1 dia" in too.sees()


async def test_two_accounts_on_one_platform_are_told_apart(two: TwoDoors) -> None:
    ana, work = await subscribed(two.person("ana")), await subscribed(two.person("work"))
    await work.says(f"/vincular {await code_of(ana)}")
    seen = work.sees()
    assert "Vincular esta conta à de “Ana” no Terminal (ana)?" in seen
    assert "Fica a sua dose do Terminal (ana)" in seen
    assert "As doses do Terminal (work) param" in seen
    assert "Só se todas estas contas forem suas: Terminal (ana) e Terminal (work)." in seen
    await work.presses("Ficar com a dose do Terminal (work)")
    assert "Fica a sua dose do Terminal (work)" in work.sees()
    await work.presses("Vincular")
    assert "Pronto, vinculados: Terminal (ana) e Terminal (work)." in work.sees()
    await two.forward(minutes=1)
    assert "Agora esta conta está vinculada ao Terminal (work)" in ana.sees()
    await ana.says("/desvincular")
    await ana.presses("Separar o Terminal (work)")
    seen = ana.sees()
    assert "ficam no Terminal (ana). No Terminal (work) você começa do zero" in seen
    assert "Sua dose passa a vir pelo Terminal (ana)." in seen
    await ana.presses("Separar")
    assert "o Terminal (work) ficou separado" in ana.sees()
    await two.forward(minutes=1)
    assert "Esta conta foi separada, a partir do Terminal (ana)" in work.sees()
    assert await two.count(PersonRow) == 2


async def test_the_dose_is_said_to_move_only_where_it_does(two: TwoDoors) -> None:
    ana, work = await subscribed(two.person("ana")), two.person("work")
    await link(ana, work)
    await ana.says("/desvincular")
    await ana.presses("Separar o Terminal (work)")
    assert "Sua dose passa a vir" not in ana.sees()
    await ana.presses("Separar")
    await two.forward(days=1)
    assert "work" not in [sent.to.chat for sent in two.door.sent if sent.message.buttons]


async def test_of_three_accounts_each_is_named(two: TwoDoors) -> None:
    ana, too, work = await subscribed(two.person("ana")), two.elsewhere("ana"), two.person("work")
    await link(ana, too)
    await work.says(f"/vincular {await code_of(ana)}")
    seen = work.sees()
    assert "Vincular esta conta à de “Ana” no Terminal (ana)?" in seen
    assert "Só se todas estas contas forem suas: Discord, Terminal (ana) e Terminal (work)." in seen
    await two.forward(minutes=1)
    for who in (ana, too):
        who.sees()
    await work.presses("Vincular")
    await two.forward(minutes=1)
    for who in (ana, too):
        assert "Agora esta conta está vinculada ao Terminal (work)" in who.sees()
    await too.says("/desvincular")
    await too.presses("Separar o Terminal (ana)")
    assert "Sua dose passa a vir pelo Discord." in too.sees()


async def test_whoever_made_the_code_hears_of_it_also_when_taken_out_at_once(either_two: TwoDoors) -> None:
    two = either_two
    ana, mallory = await subscribed(two.person("ana")), two.person("mallory")
    await link(ana, mallory)
    await mallory.says("/desvincular")
    await mallory.presses("Separar o Terminal (ana)")
    await mallory.presses("Separar")
    ana.sees()
    mallory.sees()
    await two.forward(minutes=1)
    linked, parted = (plain(sent.message.text) for sent in two.door.sent if sent.to.chat == "ana")
    assert "Se não foi você, diga /desvincular já." in linked
    assert "Esta conta foi separada, a partir do Terminal (mallory)" in parted
    assert "Tudo que você tinha ficou no Terminal (mallory), e nenhuma dose vem mais para cá." in parted
    assert not [sent for sent in two.door.sent if sent.to.chat == "mallory"]
    assert await two.count(Outgoing, Outgoing.chat == "ana", Outgoing.person_id == await number_of(two, "ana")) == 2


async def test_what_both_did_on_one_day_is_one_thing_with_its_line(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), await subscribed(two.elsewhere("ana"))
    for who in (ana, too):
        await who.says("/hoje")
        await who.presses("done")
    await ana.says("dados são medidas")
    await too.says(f"/link {await code_of(ana)}")
    assert "1 coisa feita, 1 nota" in too.sees()
    await too.presses("Vincular")
    too.sees()
    await too.says("/historico")
    seen = too.sees()
    assert seen.count("What is data?") == 1
    assert seen.count("dados são medidas") == 1


async def test_a_curator_stays_one_and_it_is_written_down(two: TwoDoors) -> None:
    carla, too = two.person("carla", "en"), two.elsewhere("carla", "en")
    await carla.says("/help")
    async with two.app.database.write() as session:
        await people.give_role(session, "terminal", "carla", Role.CURATOR)
    await link(carla, too)
    await too.says("/queue")
    assert "Nothing" in too.sees()
    await too.says("/log")
    assert "Carla" in too.sees()


async def test_unlinking_gives_an_account_its_own_fresh_person(either_two: TwoDoors) -> None:
    two = either_two
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await ana.says("/hoje")
    await ana.presses("done")
    await link(ana, too)
    await two.forward(minutes=1)
    ana.sees()
    await ana.says("/desvincular")
    assert "Vinculados: Discord e Terminal. Qual deles eu separo?" in ana.sees()
    await ana.presses("Separar o Discord")
    assert "No Discord você começa do zero: nada é copiado." in ana.sees()
    await ana.presses("Separar")
    assert "o Discord ficou separado" in ana.sees()
    await two.forward(minutes=1)
    assert "Esta conta foi separada, a partir do Terminal" in too.sees()
    await too.says("/sequencia")
    assert "ainda não tem uma trilha" in too.sees()
    await ana.says("/sequencia")
    assert "1 dia" in ana.sees()
    await ana.says("/desvincular")
    assert "Nada está vinculado" in ana.sees()


async def test_whoever_takes_the_chat_of_the_dose_out_gets_it_in_the_other(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward(minutes=1)
    await ana.says("/unlink")
    await ana.presses("Separar o Terminal")
    assert "Sua dose passa a vir pelo Discord." in ana.sees()
    await ana.presses("Separar")
    assert "Pronto, esta é agora uma conta à parte." in ana.sees()
    await two.forward(days=1)
    assert [sent.to.chat for sent in two.other.sent] == ["ana-2"]


async def test_the_dose_can_be_let_come_to_the_other_chat_later(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await too.says("/vincular")
    assert "Vinculados: Discord e Terminal." in too.sees()
    await too.presses("Quero minha dose aqui")
    await two.forward(days=1)
    assert len(two.other.sent) == 1


async def test_the_language_that_will_be_spoken_is_named_as_one_writes_it(two: TwoDoors) -> None:
    ana, too = two.person("ana", "en"), two.elsewhere("ana")
    await too.says(f"/vincular {await code_of(ana)}")
    assert "Daí em diante falo português com você em todas as contas" in too.sees()


async def test_doses_that_stopped_for_a_block_come_again_where_they_are_let_come(two: TwoDoors) -> None:
    too, ana = await subscribed(two.elsewhere("ana")), two.person("ana")
    await link(too, ana)
    for who, door in ((too, two.other), (ana, two.door)):
        door.blocked.add(who.address)
    await two.forward(days=1)
    assert [len(door.refused) for door in (two.other, two.door)] == [1, 1], (
        "one the notice that it is linked, one a dose"
    )
    assert await two.count(Subscription, Subscription.state == "paused") == 1
    two.other.blocked.clear()
    await too.says("/vincular")
    too.sees()
    await too.presses("Quero minha dose aqui")
    await two.forward(days=1)
    assert [sent.to.chat for sent in two.other.sent if sent.message.buttons] == ["ana-2"]


async def test_linked_accounts_take_no_turns_in_saying_the_name(two: TwoDoors) -> None:
    ana, too = two.person("ana"), two.other.person("ana-2", name="ana_ds#12", language="pt-BR")
    await link(ana, too)
    for who in (ana, too):
        await who.says("/ajuda")
        async with two.app.database.read() as session:
            person = await people.find(session, "terminal", "ana", lock=False)
        assert person
        assert person.name == "ana_ds#12"
    await ana.says("/desvincular")
    await ana.presses("unlink:ask:discord")
    await ana.presses("unlink:yes:discord")
    await ana.says("/ajuda")
    async with two.app.database.read() as session:
        person = await people.find(session, "terminal", "ana", lock=False)
    assert person
    assert person.name == "Ana"


async def test_to_block_one_platform_stops_only_what_comes_there(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await too.blocks()
    await two.forward(days=1)
    assert await two.count(Subscription, Subscription.state == "active") == 1


async def test_forgetting_on_one_platform_forgets_on_all_and_says_so_before(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await too.says("/meusdados")
    assert "É você no Discord e Terminal." in too.sees()
    file = too.messages[-1].message.file
    assert file
    assert [one["platform"] for one in json.loads(file.content)["identities"]] == ["discord", "terminal"]
    await too.says("/esquecer")
    assert "Isso vale para Discord e Terminal" in too.sees()
    await too.presses("Apagar tudo")
    assert await two.count(PersonRow) == 0
    await ana.says("/hoje")
    assert "ainda não tem uma trilha" in ana.sees()


@pytest.mark.parametrize("chosen", ["en", ""])
async def test_one_language_is_spoken_on_both(two: TwoDoors, chosen: str) -> None:
    ana, too = two.person("ana"), two.elsewhere("ana", "en")
    if chosen:
        await ana.says("/idioma português")
    await link(ana, too)
    for who in (ana, too):
        who.sees()
        await who.says("/unlink")
        assert ("Qual deles" if chosen else "Which one") in who.sees()


async def unreached_elsewhere(two: TwoDoors) -> Person:
    """Somebody on the other platform whose doses stopped, because none got through, and who still writes there."""
    too = await subscribed(two.elsewhere("ana"))
    two.other.blocked.add(too.address)
    await two.forward(days=2)
    two.other.blocked.clear()
    assert await two.count(Subscription, Subscription.state == "paused") == 1
    return too


async def test_doses_that_no_longer_got_through_come_to_where_somebody_links(either_two: TwoDoors) -> None:
    two = either_two
    too, ana = await unreached_elsewhere(two), two.person("ana")
    await ana.says(f"/vincular {await code_of(too)}")
    assert "Nada meu chegava mais no Discord, então sua dose passa a vir para cá: Primeiros passos, 08:00" in ana.sees()
    await ana.presses("Vincular")
    assert "A próxima dose chega amanhã, às 08:00." in ana.sees()
    await two.forward(days=1)
    assert [sent.to.chat for sent in two.door.sent if sent.message.buttons] == ["ana"]
    async with two.app.database.read() as session:
        found = await session.execute(select(Pause.to_day, Pause.why))
        assert [tuple(one) for one in found] == [(date(2026, 3, 4), "blocked")]


async def test_of_two_places_the_one_that_did_not_get_through_may_stay_and_comes_here(two: TwoDoors) -> None:
    too, ana = await unreached_elsewhere(two), await subscribed(two.person("ana"))
    for who in (ana, too):
        await who.says("/language en")
        who.sees()
    await ana.says(f"/link {await code_of(too)}")
    assert "Your dose stays the one on Terminal" in ana.sees()
    await ana.presses("Keep the dose on Discord")
    assert "Nothing of mine got through on Discord any more, so your dose comes here: First steps" in ana.sees()
    await ana.presses("Link")
    await two.forward(days=1)
    assert [sent.to.chat for sent in two.door.sent if sent.message.buttons] == ["ana"]
    assert await two.count(Subscription) == 1


async def test_a_pause_they_asked_for_outlasts_the_linking(two: TwoDoors) -> None:
    too, ana = await subscribed(two.elsewhere("ana")), two.person("ana")
    await too.says("/pausa para sempre")
    await link(too, ana)
    assert "A próxima dose" not in ana.sees()
    assert await two.count(Subscription, Subscription.state == "paused") == 1


async def test_what_they_planned_outlasts_a_block_and_the_linking(two: TwoDoors) -> None:
    too, ana = await subscribed(two.elsewhere("ana")), await subscribed(two.person("ana"))
    await too.says("/pausa de 4/3 a 10/3")
    await too.says("/hoje")
    await too.presses("done")
    await two.forward_to("2026-03-03 09:00")
    two.other.blocked.add(too.address)
    await too.blocks()
    await two.forward_to("2026-03-06 12:00")
    two.other.blocked.clear()
    await ana.says(f"/vincular {await code_of(too)}")
    await ana.presses("Ficar com a dose do Discord")
    await ana.presses("Vincular")
    async with two.app.database.read() as session:
        subscription = await session.scalar(select(Subscription))
    assert subscription
    assert (str(subscription.state), str(subscription.next_day)) == ("active", "2026-03-11")


@pytest.mark.parametrize("says_so", [True, False])
async def test_a_dose_that_one_platform_refuses_goes_to_the_other_once_and_says_why(
    either_two: TwoDoors, says_so: bool
) -> None:
    two = either_two
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward(minutes=1)
    await ana.blocks(silently=not says_so)
    too.sees()
    await two.forward_to("2026-03-03 08:05")
    seen = too.sees()
    assert NO_LONGER in seen
    assert seen.count("What is data?") == 1
    await too.presses("done")
    await two.forward(days=1)
    assert "No Terminal" not in (seen := too.sees())
    assert "Data in words" in seen
    assert len(two.door.refused) == 1
    assert await two.count(Outgoing, Outgoing.kind == "dose", Outgoing.state == "sent") == 2
    async with two.app.database.read() as session:
        assert list(await session.scalars(select(Pause))) == []


async def test_an_answer_lost_at_the_first_platform_leaves_the_other_its_second_try(two: TwoDoors) -> None:
    """What was in doubt there says so here; a doubt of its own it may still have."""
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana", "en")
    await link(ana, too)
    await two.forward(minutes=1)
    two.door.fails_next(Uncertain("read time-out"))
    two.door.fails_next(Unreachable("Forbidden: bot was blocked by the user"))
    two.other.fails_next(Uncertain("read time-out"))
    too.sees()
    await two.forward_to("2026-03-03 09:00")
    seen = too.sees()
    assert seen.count("What is data?") == 1
    assert "If you see this twice" in seen


async def test_two_workers_that_hear_of_one_refusal_send_it_elsewhere_once(either_two: TwoDoors) -> None:
    two = either_two
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana", "en")
    await link(ana, too)
    await two.forward_to("2026-03-03 07:59:50")
    means, refusal = two.app.senders["terminal"]._means, Unreachable("Forbidden: bot was blocked by the user")
    async with two.app.database.write() as session:
        number = await session.scalar(select(Outgoing.id).where(Outgoing.kind == "dose"))
        assert number
        at = two.app.now() + timedelta(seconds=20)
        parcel = (await outbox.take(session, [number], at, timedelta(minutes=2)))[number]

    async def hears() -> None:
        async with two.app.database.write() as session:
            if await outbox.still_ours(session, parcel.row):
                await react(session, means, parcel, refusal)

    async with asyncio.timeout(30):
        await asyncio.gather(hears(), hears())
    async with two.app.database.read() as session:
        row = await session.get(Outgoing, number)
    assert row
    assert (row.platform, row.chat, str(row.state), row.facts) == (
        "discord", "ana-2", "retry", {"refused": ["terminal:ana"]},
    )  # fmt: skip
    await two.forward_to("2026-03-03 09:00")
    assert too.sees().count("What is data?") == 1
    assert await two.count(Outgoing, Outgoing.kind == "dose") == 1


async def refused_on_their_way(two: TwoDoors, platform: str) -> Counter[str]:
    """Whoever has two messages on their way there refuses both; gives who was counted as having blocked us by that platform's sender."""
    means = two.app.senders[platform]._means
    async with two.app.database.write() as session:
        waiting = select(Outgoing.id).where(Outgoing.kind.in_(outbox.CARRY_DOSES), Outgoing.platform == platform)
        numbers, at = list(await session.scalars(waiting)), two.app.now() + timedelta(minutes=1)
        parcels = await outbox.take(session, numbers, at, timedelta(minutes=2))
        assert len(parcels) == 2
        for parcel in parcels.values():
            await react(session, means, parcel, Unreachable("Forbidden: bot was blocked by the user"))
    return means.figures.blocked


async def test_who_refuses_several_messages_is_counted_once_on_each_platform(either_two: TwoDoors) -> None:
    two = either_two
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward_to("2026-03-03 07:59:50")
    async with two.app.database.write() as session:
        dose = (await session.scalars(select(Outgoing).where(Outgoing.kind == "dose"))).one()
        again = {"key": "snooze:1", "kind": "snooze", "dose_id": dose.dose_id, "subscription_id": dose.subscription_id}
        where = {"platform": dose.platform, "chat": dose.chat, "not_before": dose.not_before}
        await outbox.put(session, [{**again, **where, "person_id": dose.person_id, "facts": {}, "priority": 0}])
    assert await refused_on_their_way(two, "terminal") == {"terminal": 1}
    assert await refused_on_their_way(two, "discord") == {"terminal": 1, "discord": 1}


async def test_whose_doses_a_refused_word_takes_elsewhere_is_counted(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await refuses_a_word(two, ana)
    assert two.app.figures.blocked == {"terminal": 1}
    await two.forward(days=2)
    assert two.app.figures.blocked == {"terminal": 1}


async def test_who_refused_a_dose_is_known_also_where_its_person_took_it_meanwhile(either_two: TwoDoors) -> None:
    two = either_two
    await subscribed(two.person("ana"))
    await two.forward_to("2026-03-03 07:59:50")
    async with two.app.database.write() as session:
        number, dose = (await session.execute(select(Outgoing.id, Outgoing.dose_id))).one()
        assert await outbox.take(session, [number], two.app.now() + timedelta(seconds=20), timedelta(minutes=2))
        assert await outbox.tell_refused(session, 1, "discord:ana-2") is False, "it waits no more"
        await session.execute(update(Outgoing).values(facts={"refused": ["discord:ana-2"]}))
        await outbox.withdraw_dose(session, dose)
        facts = await session.scalar(select(Outgoing.facts))
    assert facts == {"refused": ["discord:ana-2"], "seen": True}


async def test_it_says_so_in_english_too_and_a_pause_there_is_one_word_away(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await too.says("/language en")
    await two.forward(minutes=1)
    await ana.blocks()
    too.sees()
    await two.forward_to("2026-03-03 08:05")
    said = "Nothing of mine gets through on Terminal any more, so your dose comes here from now on; /pause stops it."
    assert said in too.sees()
    await too.says("/pause for good")
    assert "Paused." in too.sees()
    await two.forward(days=3)
    assert too.sees() == ""


async def test_a_notice_that_is_refused_lets_the_next_dose_go_elsewhere(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await ana.blocks(silently=True)
    too.sees()
    await two.forward(minutes=1)  # that it is linked is refused, and is for that account alone
    assert too.sees() == ""
    await two.forward_to("2026-03-03 08:05")
    assert (seen := too.sees()).count("What is data?") == 1
    assert seen.startswith(NO_LONGER)
    assert len(two.door.refused) == 1
    await two.forward(days=1)
    assert "What is data?" in (seen := too.sees())
    assert NO_LONGER not in seen, "once is enough"


async def test_a_nudge_that_is_refused_lets_the_next_dose_say_why_it_comes_elsewhere(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await ana.says("/lembrete 20:00")
    await link(ana, too)
    await two.forward_to("2026-03-03 09:00")
    assert "What is data?" in ana.sees()
    await ana.blocks(silently=True)
    await two.forward_to("2026-03-03 21:00")
    assert len(two.door.refused) == 1
    too.sees()
    await two.forward_to("2026-03-04 09:00")
    assert (seen := too.sees()).startswith(NO_LONGER)
    assert seen.count(NO_LONGER) == seen.count("What is data?") == 1


async def refuses_a_word(two: TwoDoors, ana: Person) -> None:
    """What was no dose is refused in Ana's chat."""
    await two.forward(minutes=1)
    await ana.blocks(silently=True)
    word = {
        "key": "notice:1",
        "kind": "notice",
        "platform": "terminal",
        "chat": "ana",
        "facts": {"says": "mistake.free_text"},
    }
    async with two.app.database.write() as session:
        person_id = await session.scalar(select(Subscription.person_id))
        await outbox.put(session, [{**word, "person_id": person_id, "priority": 0, "not_before": two.app.now()}])
    await two.app.settle()


async def test_a_dose_that_waits_while_a_word_is_refused_goes_along_and_says_why(either_two: TwoDoors) -> None:
    two = either_two
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward_to("2026-03-03 07:58:50")
    await refuses_a_word(two, ana)
    async with two.app.database.read() as session:
        waits = await session.scalar(select(Outgoing).where(Outgoing.kind == "dose"))
        assert await session.scalar(select(Subscription.news)) == []
    assert waits
    assert (waits.platform, waits.facts) == ("discord", {"refused": ["terminal:ana"]})
    too.sees()
    await two.forward_to("2026-03-03 08:05")
    assert (seen := too.sees()).startswith(NO_LONGER)
    assert seen.count("What is data?") == 1
    assert len(two.door.refused) == 1
    await two.forward(days=1)
    assert NO_LONGER not in too.sees()


async def test_why_it_comes_elsewhere_outlasts_a_dose_that_is_taken_back_or_asked_for(either_two: TwoDoors) -> None:
    two = either_two
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await refuses_a_word(two, ana)
    await too.says("/hoje")
    await two.forward_to("2026-03-03 07:59:50")
    assert NO_LONGER not in too.sees()
    assert await two.count(Outgoing, Outgoing.kind == "dose") == 1
    await too.says("/hora 9:00")
    assert await two.count(Outgoing, Outgoing.kind == "dose") == 0
    too.sees()
    await two.forward_to("2026-03-03 09:05")
    assert too.sees().startswith(NO_LONGER)


async def test_nothing_is_said_to_get_through_no_longer_where_they_had_it_brought_back(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await refuses_a_word(two, ana)
    two.door.blocked.clear()
    await ana.says("/vincular")
    await ana.presses("Quero minha dose aqui")
    ana.sees()
    await two.forward_to("2026-03-03 09:00")
    assert "What is data?" in (seen := ana.sees())
    assert NO_LONGER not in seen


@pytest.mark.parametrize("linked", [True, False])
async def test_a_thread_that_refuses_leads_neither_back_nor_elsewhere(either_two: TwoDoors, linked: bool) -> None:
    """As on Discord: who takes no direct message has a thread, and then the server takes the right to write there back."""
    two, thread = either_two, Address("discord", "#7")
    too, ana = await subscribed(two.elsewhere("ana")), two.person("ana")
    if linked:
        await link(too, ana)
        await two.forward(minutes=1)
    two.other.moved[too.address] = thread
    await two.forward_to("2026-03-03 09:00")
    assert [sent.to for sent in two.other.sent if sent.message.buttons] == [thread]
    refused = len(two.other.refused)
    two.other.blocked.add(thread)
    async with asyncio.timeout(60):
        await two.forward(days=3)
    assert len(two.other.refused) - refused == 1
    assert [sent for sent in two.door.sent if sent.message.buttons] == []
    async with two.app.database.read() as session:
        assert list(await session.scalars(select(Pause.why))) == ["blocked"]
        assert list(await session.scalars(select(Subscription.state))) == ["paused"]


async def test_a_dose_that_goes_elsewhere_and_into_a_thread_there_is_refused_once_in_each(either_two: TwoDoors) -> None:
    two, thread = either_two, Address("discord", "#7")
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward(minutes=1)
    two.other.moved[too.address] = thread
    for door, address in ((two.door, ana.address), (two.other, thread)):
        door.blocked.add(address)
    async with asyncio.timeout(60):
        await two.forward(days=3)
    assert [one.to.chat for one in (*two.door.refused, *two.other.refused)] == ["ana", "ana-2", "#7"]
    assert await two.count(Subscription, Subscription.state == "paused") == 1


@pytest.mark.parametrize("says_so", [True, False])
async def test_a_second_account_on_the_same_platform_is_no_way_out(two: TwoDoors, says_so: bool) -> None:
    ana, work = await subscribed(two.person("ana")), two.person("work")
    await link(ana, work)
    await two.forward(minutes=1)
    work.sees()
    await ana.blocks(silently=not says_so)
    await two.forward(days=3)
    assert work.sees() == ""
    assert len(two.door.refused) == (0 if says_so else 1)
    assert await two.count(Subscription, Subscription.state == "paused") == 1


async def test_a_dose_follows_its_person_who_chose_another_place_meanwhile(two: TwoDoors) -> None:
    ana, work = await subscribed(two.person("ana")), two.person("work")
    too = two.elsewhere("ana")
    await link(ana, work)
    await link(ana, too)
    await two.forward_to("2026-03-03 07:59:50")
    async with two.app.database.write() as session:
        number = await session.scalar(select(Outgoing.id).where(Outgoing.kind == "dose"))
        assert number
        at = two.app.now() + timedelta(seconds=20)
        parcel = (await outbox.take(session, [number], at, timedelta(minutes=2)))[number]
    await work.says("/vincular")
    await work.presses("Quero minha dose aqui")
    async with two.app.database.write() as session:
        await react(session, two.app.senders["terminal"]._means, parcel, Unreachable("Forbidden: bot was blocked"))
    async with two.app.database.read() as session:
        comes_to = await session.scalar(select(Subscription.chat))
        row = await session.get(Outgoing, number)
    assert row
    assert (comes_to, row.chat, str(row.state)) == ("work", "work", "retry")
    work.sees()
    await two.forward_to("2026-03-03 09:00")
    assert "What is data?" in (seen := work.sees())
    assert "Nada meu chega" not in seen
    assert too.sees().count("What is data?") == 0


async def test_the_word_before_a_silence_goes_elsewhere_without_a_dose_being_promised(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward(minutes=1)
    too.sees()
    await ana.blocks(silently=True)
    async with two.app.database.write() as session:
        found = await session.scalar(select(Subscription))
        assert found
        word = {"key": "silence:1:2026-03-02", "kind": "silence", "platform": "terminal", "chat": "ana"}
        whose = {"person_id": found.person_id, "subscription_id": found.id}
        await outbox.put(session, [{**word, **whose, "priority": Priority.DOSE, "not_before": two.app.now()}])
    await two.forward(minutes=1)
    assert "agora fico em silêncio" in (said := too.sees())
    assert "Nada meu chega" not in said


async def test_who_lets_us_in_again_where_it_stopped_first_gets_doses_there(two: TwoDoors) -> None:
    ana, too = await subscribed(two.person("ana")), two.elsewhere("ana")
    await link(ana, too)
    await two.forward(minutes=1)
    for who in (ana, too):
        await who.blocks(silently=True)
    await two.forward(days=2)
    async with two.app.database.read() as session:
        found = await session.scalar(select(Subscription))
    assert found
    assert (found.platform, found.state) == ("discord", "paused"), "it stands where it was refused last"
    ana.sees()
    await ana.returns()
    assert "a próxima dose" in ana.sees().lower()
    await two.forward(days=1)
    assert "What is data?" in ana.sees()
