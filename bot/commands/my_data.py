"""The data is the learner's: one command gives all of it, one deletes it."""

from __future__ import annotations

import json

from bot.chat import Answer, Button, File, Message
from bot.commands.ask import Ask
from bot.store import my_data, people


async def give(ask: Ask) -> Answer:
    """Everything we hold about them, as one JSON file."""
    everything = await my_data.everything_of(ask.session, ask.person.id)
    content = json.dumps(everything, ensure_ascii=False, indent=2).encode()
    return Answer(say=(Message(ask.words.text("mydata.here"), file=File("trilha.json", content)),))


async def forget(ask: Ask) -> Answer:
    """Asked once more before everything is deleted."""
    buttons = (
        (
            Button(ask.words.say("button.forget"), "forget:yes"),
            Button(ask.words.say("button.keep"), "forget:no"),
        ),
    )
    return Answer(say=(ask.words.message("forget.sure", buttons),))


async def press_forget(ask: Ask) -> Answer:
    """Delete everything, with a receipt; or let it be."""
    if ask.rest != "yes":
        return Answer(edit=ask.words.message("forget.kept"))
    rows = await my_data.count_of(ask.session, ask.person.id)
    await people.forget(ask.session, ask.person.id)
    return Answer(edit=ask.words.message("forget.done", n=rows))
