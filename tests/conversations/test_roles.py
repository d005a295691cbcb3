"""Who may what: the first owner by a code, curators by a reply, a contact or an invitation, and how the role is taken back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.settings import PlatformId
from bot.store import invitations
from bot.store.tables import AuditEntry
from bot.store.tables import Person as Row
from tests.house import House, given_role, settings_for

CODE = "owner-Gh3kq0-h8YxjQwA1b2c3dQ"


async def role_of(house: House, name: str) -> str | None:
    async with house.app.database.read() as session:
        return await session.scalar(select(Row.role).where(Row.name == name))


async def open_code(house: House, code: str = CODE, minutes: int = 15) -> None:
    async with house.app.database.write() as session:
        until = house.app.now() + timedelta(minutes=minutes)
        await invitations.make(session, code, "owner", uses=1, until=until, by=None)


def code_on(person: Person) -> str:
    """The code of the invitation they see."""
    return next(word for word in person.screen.split() if word.startswith("cur-"))


async def test_whoever_enters_the_owner_code_owns_the_bot_once(house: House, ana: Person, bruno: Person) -> None:
    await open_code(house)
    await ana.says(f"/start {CODE}")
    assert "Este bot agora é seu." in ana.sees()
    await bruno.says(f"/start {CODE}")
    assert "That code opens nothing." in bruno.sees()
    assert (await role_of(house, "Ana"), await role_of(house, "Bruno")) == ("owner", "learner")


async def test_five_wrong_codes_close_the_right_one(house: House, ana: Person, bruno: Person) -> None:
    await open_code(house)
    for number in range(5):
        await bruno.says(f"/start owner-{number}")
        assert "That code opens nothing." in bruno.sees()
    await ana.says(f"/start {CODE}")
    assert await role_of(house, "Ana") == "learner"


async def test_four_wrong_codes_do_not(house: House, ana: Person, bruno: Person) -> None:
    await open_code(house)
    for number in range(4):
        await bruno.says(f"/start owner-{number}")
    await ana.says(f"/start {CODE}")
    assert await role_of(house, "Ana") == "owner"


async def test_a_code_is_good_for_a_quarter_of_an_hour(house: House, ana: Person) -> None:
    await open_code(house)
    await house.forward(minutes=15, seconds=1)
    await ana.says(f"/start {CODE}")
    assert await role_of(house, "Ana") == "learner"


async def test_a_new_code_takes_the_place_of_the_old_one(house: House, ana: Person) -> None:
    await open_code(house)
    await open_code(house, "owner-another")
    await ana.says(f"/start {CODE}")
    assert await role_of(house, "Ana") == "learner"


async def test_of_two_at_once_one_owns_it(either_house: House) -> None:
    house = either_house
    await open_code(house)
    people = [house.person(name, "en") for name in ("ana", "bruno", "carla")]
    for person in people:
        await person.says("/help")
    await asyncio.gather(*(person.says(f"/start {CODE}") for person in people))
    async with house.app.database.read() as session:
        assert sorted(await session.scalars(select(Row.role))) == ["learner", "learner", "owner"]


async def test_any_other_word_after_start_is_a_hello(ana: Person) -> None:
    await ana.says("/start whatever")
    assert "Oi, Ana." in ana.sees()


async def test_the_first_one_who_comes_owns_nothing(house: House, ana: Person) -> None:
    await ana.says("/start")
    await ana.says("/curadores")
    assert "Não conheço /curadores" in ana.sees()
    assert await role_of(house, "Ana") == "learner"


async def test_an_owner_names_a_curator_by_their_words(house: House, bruno: Person, dora: Person) -> None:
    await bruno.says("/help")
    await dora.says_about(bruno, "/curators add")
    assert "Bruno is a curator now." in dora.sees()
    bruno.sees()
    await house.app.settle()
    assert "You are a curator now." in bruno.sees()
    await bruno.says("/help")
    said = bruno.sees()
    assert "/queue" in said
    assert "/curators" not in said


async def test_the_log_says_who_gave_whom_which_role(house: House, ana: Person, bruno: Person, dora: Person) -> None:
    await open_code(house)
    await ana.says(f"/start {CODE}")
    await bruno.says("/help")
    await dora.says_about(bruno, "/curators add")
    await dora.says("/curators remove Bruno")
    dora.sees()
    await dora.says("/log")
    said = dora.sees()
    assert "Ana took the bot over with the owner's code" in said
    assert "Dora made Bruno a curator" in said
    assert "Dora took the role of Bruno away" in said
    await bruno.says("/forget")
    await bruno.presses("forget")
    await ana.says("/registro")
    assert "Dora incluiu alguém que já saiu na curadoria" in ana.sees()


async def test_somebody_who_never_wrote_may_be_named(house: House, bruno: Person, dora: Person) -> None:
    await dora.says_about(bruno, "/curators add")
    assert await role_of(house, "Bruno") == "curator"
    await bruno.says("/queue")
    assert "Nothing waits." in bruno.sees()


async def test_a_bare_name_is_not_enough(house: House, bruno: Person, dora: Person) -> None:
    await bruno.says("/help")
    await dora.says("/curators add @bruno")
    assert "I cannot tell an account from a name alone." in dora.sees()
    await dora.says("/curators add Bruno")
    assert "I know nobody called “Bruno” here." in dora.sees()
    await dora.says("/curators add terminal:bruno")
    assert "Bruno is a curator now." in dora.sees()


async def test_the_word_that_names_a_curator_is_portuguese_in_portuguese(house: House, bruno: Person) -> None:
    eva = await given_role(house, "eva", "owner", "pt-BR")
    await bruno.says("/help")
    await eva.says("/curadores incluir @bruno")
    assert "`/curadores" not in (said := eva.sees())
    assert "/curadores incluir" in said
    await eva.says("/curadores incluir terminal:bruno")
    assert "Bruno" in eva.sees()
    assert await role_of(house, "Bruno") == "curator"


async def test_an_invitation_is_good_for_so_many_and_so_long(
    house: House, ana: Person, bruno: Person, dora: Person
) -> None:
    await dora.says("/curators invite 2 3")
    code = code_on(dora)
    await ana.says(f"/start {code}")
    assert "Agora você é da curadoria." in ana.sees()
    await ana.says(f"/start {code}")
    assert "Você já tem esse papel." in ana.sees()
    await bruno.says(f"/start {code}")
    eva = house.person("eva", "en")
    await eva.says(f"/start {code}")
    assert "That code opens nothing." in eva.sees()
    await dora.says("/curators invite 1 1")
    await house.forward(days=1, seconds=1)
    await eva.says(f"/start {code_on(dora)}")
    assert await role_of(house, "Eva") == "learner"


async def test_an_invitation_can_be_revoked(house: House, bruno: Person, dora: Person) -> None:
    await dora.says("/curators invite")
    code = code_on(dora)
    await dora.presses("Revoke #1")
    await bruno.says(f"/start {code}")
    assert await role_of(house, "Bruno") == "learner"


@pytest.mark.parametrize("typed", ["invite 0", "invite 51", "invite 1 31", "invite 1 0"])
async def test_an_invitation_has_bounds(dora: Person, typed: str) -> None:
    await dora.says(f"/curators {typed}")
    assert "An invitation is for 1 to 50 people and 1 to 30 days." in dora.sees()


async def test_a_code_is_not_shown_in_a_group(house: House, dora: Person) -> None:
    in_group = house.door.person("dora", chat="-100", language="en")
    await in_group.says("/curators invite")
    assert "cur-" not in in_group.screen


async def test_who_is_removed_takes_their_open_invitations_along(house: House, bruno: Person, dora: Person) -> None:
    await open_code(house)
    eva = house.person("eva", "en")
    await eva.says(f"/start {CODE}")
    await eva.says("/curators invite")
    code = code_on(eva)
    await dora.says("/curators remove Eva")
    await bruno.says(f"/start {code}")
    assert await role_of(house, "Bruno") == "learner"


async def test_the_list_removes_and_takes_that_back(house: House, carla: Person, dora: Person) -> None:
    await dora.says("/curators")
    said = dora.sees()
    assert "Dora · owner\nCarla · curator" in said
    await dora.presses("Remove Carla")
    assert await role_of(house, "Carla") == "learner"
    await dora.presses("Undo")
    assert await role_of(house, "Carla") == "curator"


async def test_the_last_owner_cannot_be_removed(house: House, dora: Person) -> None:
    await dora.says("/curators remove Dora")
    assert "without an owner" in dora.sees()
    assert await role_of(house, "Dora") == "owner"


async def test_two_owners_who_remove_each_other_at_once_leave_one(either_house: House) -> None:
    house = either_house
    dora, eva = await given_role(house, "dora", "owner"), await given_role(house, "eva", "owner")
    await asyncio.gather(dora.says("/curators remove Eva"), eva.says("/curators remove Dora"))
    async with house.app.database.read() as session:
        assert sorted(await session.scalars(select(Row.role))) == ["learner", "owner"]


async def test_who_owns_it_by_the_settings_is_changed_there_only(tmp_path: Path) -> None:
    named = settings_for(tmp_path).model_copy(update={"owners": (PlatformId("terminal", "dora"),)})
    house = await House(named).open()
    dora, eva = house.person("dora", "en"), await given_role(house, "eva", "owner")
    await dora.says("/curators")
    assert "Dora · owner" in dora.sees()
    await eva.says("/curators remove Dora")
    assert "named as an owner in the settings" in eva.sees()
    await dora.says("/curators remove Eva")
    assert await role_of(house, "Eva") == "learner", "the settings name another one"
    await house.close()


async def test_a_curator_names_nobody(house: House, bruno: Person, carla: Person) -> None:
    await carla.says_about(bruno, "/curators add")
    await carla.forges("curators:invite")
    await carla.forges("curators:again:1")
    said = carla.sees()
    assert "I don't know /curators" in said
    assert "That is for the owners to press." in said
    assert await role_of(house, "Bruno") in (None, "learner")


async def test_every_change_of_a_role_is_in_the_audit(house: House, bruno: Person, dora: Person) -> None:
    await dora.says_about(bruno, "/curators add")
    await dora.says("/curators remove Bruno")
    async with house.app.database.read() as session:
        deeds = list(await session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [(deed.before, deed.after) for deed in deeds] == [
        ({"role": "learner"}, {"role": "curator"}),
        ({"role": "curator"}, {"role": "learner"}),
    ]
    assert all(deed.by_id and deed.whom_id for deed in deeds)
