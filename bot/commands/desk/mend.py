"""Mending what waits and what is in the catalog already: fields by buttons or by command, retiring, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.cards.mend import CHOSEN, FORM, choices, entry_message, form, handle_of
from bot.catalog.entry import Resource
from bot.chat import Answer, Button, Message, Question, lines
from bot.commands.ask import Ask
from bot.commands.desk.misfit import must_fit, unfit
from bot.commands.desk.queue import card_of, find, number_in, pressed_card
from bot.commands.reading.fields import read_changes, read_value
from bot.curation.decide import note_of
from bot.curation.intake import clean
from bot.errors import CatalogError, UserMistake
from bot.states import Role, SuggestionState
from bot.store import audit, entries, suggestions
from bot.store.suggestions import WholeSuggestion
from bot.store.tables import AuditEntry

WHY = 300
GUESSED = ("minutes", "language")
"""What the page tells of a suggestion only roughly; it is sure once a curator says it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is mended: a suggestion that waits, or an entry of the catalog."""

    handle: str
    seen: WholeSuggestion | None = None
    entry: Resource | None = None

    @property
    def about(self) -> str:
        """Its name in the audit."""
        return f"entry:{self.entry.id}" if self.entry else f"suggestion:{self.handle}"

    def value(self, field: str) -> Any:
        """What a field holds now."""
        if self.seen:
            return self.seen.known.get(field)
        assert self.entry is not None, "it is one or the other"
        if field.startswith("note."):
            return getattr(self.entry.note, field[5:]) if self.entry.note else None
        held = getattr(self.entry, field)
        return str(held) if held is not None and not isinstance(held, int) else held


# ---------------------------------------------------------------------------------------------------------- commands


async def edit(ask: Ask) -> Answer:
    """`/edit 12 topic=nlp minutes=20`, also by the id of an entry; without fields the form."""
    which, _, rest = ask.rest.partition(" ")
    if not which:
        raise UserMistake("mend.which")
    thing = await _thing(ask, which.lstrip("#"))
    if not rest.strip():
        return Answer(say=(await _form(ask, thing),))
    changes = read_changes(rest, ask.catalog)
    if _changes_nothing(thing, changes):
        raise UserMistake("mend.same", again=await _card(ask, thing))
    thing = await _set(ask, thing, changes)
    return Answer(say=(await _mended(ask, thing),))


async def retire(ask: Ask) -> Answer:
    """`/retire ID why`: an entry leaves the doses; progress on it stays."""
    which, _, why = ask.rest.partition(" ")
    if not which:
        raise UserMistake("mend.which_retire")
    return await _retire(ask, await _thing(ask, which.lstrip("#")), clean(why, WHY))


async def _retire(ask: Ask, thing: Thing, why: str) -> Answer:
    if thing.entry is None:
        raise UserMistake("mend.waits_only", number=thing.handle)
    if not await entries.retire(ask.session, thing.entry.id, by=ask.person.id, at=ask.now, why=why or None):
        raise UserMistake("mend.no_such_entry", typed=thing.entry.id)
    deed = await audit.write(
        ask.session,
        "retire",
        thing.about,
        by=ask.person.id,
        now=ask.now,
        before={"title": thing.entry.title},
        after={"why": why},
    )
    back = Button(ask.words.say("button.undo"), f"undo:a{deed.id}")
    said = ask.words.message("mend.retired", ((back,),), title=thing.entry.title)
    return Answer(edit=said)


# ----------------------------------------------------------------------------------------------------------- buttons


async def press_mend(ask: Ask) -> Answer:
    """The form, one of its fields, or a value of one: `mend:41`, `mend:41:kind`, `mend:41:kind:video`."""
    handle, _, rest = ask.rest.partition(":")
    field, _, value = rest.partition(":")
    thing = await _pressed(ask, handle)
    if not field:
        return Answer(edit=await _form(ask, thing))
    if field not in FORM:
        raise UserMistake("mistake.stale_button")
    if field not in CHOSEN:
        question = _question(ask, handle, field)
        now = thing.value(field)
        said = (
            ask.words.message("mend.write_now", prompt=question.prompt, now=str(now))
            if now
            else Message(ask.words.text("mend.write", prompt=question.prompt))
        )
        return Answer(say=(said,), ask=question)
    if not value or value.startswith("+"):
        page = int(value[1:]) if value[1:].isdecimal() and len(value) < 5 else 0
        likely = [topic for topic, _ in thing.seen.known.get("topics", ())] if thing.seen else []
        card = await _card(ask, thing)
        asked = _question(ask, handle, field) if field == "minutes" else None
        return Answer(edit=choices(ask.words, ask.catalog, card, handle, field, likely, page), ask=asked)
    if field == "topic":
        begun = [topic.id for topic in ask.catalog.topics if topic.id.startswith(value)]
        value = value if value in begun else begun[0] if len(begun) == 1 else value
    thing = await _set(ask, thing, {field: read_value(field, value, ask.catalog)})
    return Answer(edit=await _form(ask, thing), toast=ask.words.say("mend.set"))


def _question(ask: Ask, handle: str, field: str) -> Question:
    prompt = ask.words.say("mend.prompt", field=ask.words.say(f"field.{field.replace('.', '_')}"))
    return Question("mend", prompt, about=f"{handle}:{field}")


async def read_field(ask: Ask) -> Answer:
    """The words for a field that were waited for."""
    waiting = await ask.open_question()
    handle, _, field = waiting.about.partition(":") if waiting else ("", "", "")
    thing = await _thing(ask, handle)
    thing = await _set(ask, thing, {field: read_value(field, ask.rest, ask.catalog)})
    return Answer(say=(await _form(ask, thing),))


async def press_retire(ask: Ask) -> Answer:
    """The button under an entry's card."""
    return await _retire(ask, await _thing(ask, ask.rest), "")


# -------------------------------------------------------------------------------------------------------------- undo


async def undo_deed(ask: Ask, deed: AuditEntry) -> Answer:
    """Take back an edit or a retirement: whoever did it, or an owner."""
    if deed.by_id != ask.person.id and ask.role < Role.OWNER:
        raise UserMistake("decide.not_yours", who=ask.words.say("desk.somebody"))
    since = await audit.newest(ask.session, 0, 50, about=deed.about)
    if any(one.row.did == "undo" and one.row.before.get("deed") == deed.id for one in since):
        raise UserMistake("mend.undone_before")
    what, _, name = deed.about.partition(":")
    if deed.did == "retire" and what == "entry":
        back = await entries.restore(ask.session, name, by=ask.person.id, at=ask.now)
        if back is None:
            raise UserMistake("mend.undone_before")
        must_fit(ask, back)
    elif deed.did == "edit":
        thing = await _thing(ask, handle_of(name) if what == "entry" else name)
        await _store(ask, thing, dict(deed.before))
    else:
        raise UserMistake("mistake.stale_button")
    await audit.write(ask.session, "undo", deed.about, by=ask.person.id, now=ask.now, before={"deed": deed.id})
    entry = ask.catalog.resource(name)
    title = deed.before.get("title") or (entry.title if entry else f"#{name}")
    return Answer(edit=ask.words.message("mend.undone", what=str(title)))


# ------------------------------------------------------------------------------------------------------------ inside


async def _pressed(ask: Ask, handle: str) -> Thing:
    if handle.isdecimal():
        seen = await pressed_card(ask, hold=True)
        return await _of_suggestion(ask, seen)
    return await _thing(ask, handle)


async def _thing(ask: Ask, which: str) -> Thing:
    """A suggestion by its number, else an entry by its id or the short name of a button. Raises UserMistake for none."""
    if which.isdecimal() and which.isascii():
        await suggestions.lock(ask.session, number_in(which))
        return await _of_suggestion(ask, await find(ask, number_in(which)))
    entry = ask.catalog.resource(which.casefold())
    if entry is None and which.startswith("e"):
        entry = next((one for one in ask.catalog.resources if handle_of(one.id) == which), None)
    if entry is None:
        raise UserMistake("mend.no_such_entry", typed=which)
    return Thing(handle_of(entry.id), entry=entry)


async def _of_suggestion(ask: Ask, seen: WholeSuggestion) -> Thing:
    if seen.row.is_waiting:
        return Thing(str(seen.row.id), seen=seen)
    entry = ask.catalog.resource(seen.row.resource_id or "")
    if seen.row.state == SuggestionState.APPROVED and entry:
        return Thing(handle_of(entry.id), entry=entry)
    raise UserMistake("mend.closed", number=str(seen.row.id), again=await card_of(ask, seen))


def _changes_nothing(thing: Thing, changes: dict[str, Any]) -> bool:
    """Whether every field holds that value already. A guess that a curator confirms is no guess any more, so that changes it."""
    if thing.seen is None:
        return all(thing.value(name) == value for name, value in changes.items())
    edits = thing.seen.row.edits
    held = {name: edits.get(name) if name in GUESSED else thing.value(name) for name in changes}
    return held == changes


async def _set(ask: Ask, thing: Thing, changes: dict[str, Any]) -> Thing:
    """Change fields, with a line in the audit of how they were; what they hold already is no change."""
    if _changes_nothing(thing, changes):
        return thing
    before = {name: thing.value(name) for name in changes}
    mended = await _store(ask, thing, changes)
    await audit.write(ask.session, "edit", thing.about, by=ask.person.id, now=ask.now, before=before, after=changes)
    return mended


async def _store(ask: Ask, thing: Thing, changes: dict[str, Any]) -> Thing:
    if thing.seen:
        if "url" in changes:
            raise UserMistake("mend.url_stays")
        thing.seen.row.edits = {**thing.seen.row.edits, **changes}
        await ask.session.flush()
        await ask.refresh_cards(thing.seen.row.id)
        return Thing(thing.handle, seen=await find(ask, thing.seen.row.id))
    assert thing.entry is not None, "it is one or the other"
    plain = {name: value for name, value in changes.items() if not name.startswith("note.")}
    if len(plain) < len(changes):
        plain["note"] = note_of({name: changes.get(name, thing.value(name)) for name in ("note.en", "note.pt")})
    try:
        entry = await entries.edit(ask.session, thing.entry.id, plain, by=ask.person.id, at=ask.now)
    except CatalogError as error:
        raise unfit(ask.words, error) from error
    must_fit(ask, entry)
    return Thing(thing.handle, entry=entry)


async def _card(ask: Ask, thing: Thing) -> Message:
    if thing.seen:
        return await card_of(ask, thing.seen)
    assert thing.entry is not None, "it is one or the other"
    return entry_message(ask.words, ask.catalog, thing.entry)


async def _form(ask: Ask, thing: Thing) -> Message:
    return form(ask.words, await _card(ask, thing), thing.handle)


async def _mended(ask: Ask, thing: Thing) -> Message:
    """What was mended, as it is now; an edit of an entry can be taken back at once."""
    if thing.seen:
        return await card_of(ask, thing.seen)
    card = await _card(ask, thing)
    last = await audit.last_of(ask.session, ask.person.id, ("edit",))
    back = Button(ask.words.say("button.undo"), f"undo:a{last.id}" if last else "queue")
    more = Button(ask.words.say("button.edit_it"), f"mend:{thing.handle}")
    return Message(lines(ask.words.text("mend.mended"), card.text), ((back, more),))
