"""A short conversation that plays itself through the prompt's own code, prints itself, and checks itself.

It is the demo where nobody sits at the keyboard, such as in CI. `STEPS` is all there is to it: a new feature adds a line.
Steps name actions and structure, never sentences, so the tour plays in every language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.contract import Host
from bot.doors.terminal.controls import Controls, WordsIn
from bot.doors.terminal.door import TerminalDoor
from bot.doors.terminal.paint import Painter, console_here, links_work
from bot.doors.terminal.person import answers_to
from bot.doors.terminal.prompt import Prompt
from bot.doors.terminal.screen import Shown


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the person does, and what must come of it.

    Either `types` a line, as at the prompt, or `presses` a button by its action or the beginning of it (`done`). Then the
    new part of the screen `offers` buttons of those actions, `says` that number, and is not silent unless `quiet`;
    `becomes` names who sits there afterwards. An `optional` press is left out where no such button is on the screen. A step
    that did not get there is done again until `at_most`: from a Friday, a dose on working days is three days away.
    """

    types: str = ""
    presses: str = ""
    offers: tuple[str, ...] = ()
    says: int | None = None
    becomes: str = ""
    quiet: bool = False
    optional: bool = False
    at_most: int = 1


STEPS = (
    Step(types="/start", offers=("trail:data-science",)),
    Step(presses="trail:data-science"),
    Step(presses="clock", optional=True),  # only where the language does not tell the zone
    Step(presses="zone", optional=True),  # only where that clock does not tell it either
    Step(presses="begin"),
    Step(types=":forward 24h", offers=("done", "another", "later"), at_most=4),
    Step(presses="done"),
    Step(types="/streak", says=1),
    Step(types="/suggest https://example.org/tensors", offers=("suggest",)),
    Step(types=":as carla --role curator", becomes="carla", quiet=True),
    Step(types="/queue", offers=("approve",)),
    Step(types="/edit 1 title=Tensors, step by step minutes=20", offers=("approve",)),  # nobody may have read its page
    Step(presses="approve"),
    Step(presses="approve", optional=True),  # only where the address does not tell the topic
    Step(types="/undo"),
)


class Stopped(Exception):
    """A step did not lead where it should: the key of the sentence that says so, and its facts."""

    def __init__(self, key: str, **facts: str | int) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts


async def tour(
    door: TerminalDoor,
    host: Host,
    controls: Controls,
    words: WordsIn,
    *,
    scratch: Path,
    language: str = "pt-BR",
    steps: tuple[Step, ...] = STEPS,
    console: Console | None = None,
) -> int:
    """Play the steps as Ana. Gives 0, or 1 after a sentence that says which step failed and what was there instead."""
    console = console or console_here()
    painter = Painter(console, scratch, language, links=links_work(console))
    prompt = Prompt(door, host, controls, words, painter, "ana")
    prompt.hint("terminal.tour")
    for number, step in enumerate(steps, start=1):
        try:
            await _play(prompt, step)
        except Exception as fault:
            stopped = fault if isinstance(fault, Stopped) else Stopped("terminal.tour_broke", error=repr(fault))
            painter.blank()
            prompt.hint("terminal.tour_stopped", step=number, line=step.types or step.presses)
            prompt.hint(stopped.key, **stopped.facts)
            return 1
    painter.blank()
    prompt.hint("terminal.tour_over")
    return 0


async def _play(prompt: Prompt, step: Step) -> None:
    if step.optional and _number_of(prompt, step.presses) is None:
        return
    for left in range(step.at_most - 1, -1, -1):
        prompt.painter.blank()
        line = _line_of(prompt, step)
        prompt.painter.typed(prompt.person.sender.name, line)
        await prompt.take(line)
        try:
            _check(prompt, step)
            return
        except Stopped:
            if not left:
                raise


def _line_of(prompt: Prompt, step: Step) -> str:
    """What the person types: the line itself, or the number of the button."""
    if step.types:
        return step.types
    number = _number_of(prompt, step.presses)
    if number is None:
        raise Stopped("terminal.tour_no_button", wanted=step.presses, there=_offered(prompt))
    return str(number)


def _number_of(prompt: Prompt, action: str) -> int | None:
    """The number of the button with that action, if the screen offers one."""
    for number, (_, button) in prompt.screen.numbered.items():
        if button.action and answers_to(button, action):
            return number
    return None


def _check(prompt: Prompt, step: Step) -> None:
    shown = [entry for entry in prompt.latest if isinstance(entry, Shown)]
    if not prompt.latest and not step.quiet:
        raise Stopped("terminal.tour_silent")
    for action in step.offers:
        if not any(answers_to(button, action) for entry in shown for button in entry.buttons):
            raise Stopped("terminal.tour_no_button", wanted=action, there=_offered(prompt))
    text = "\n".join(entry.text for entry in prompt.latest)
    if step.says is not None and not re.search(rf"(?<![\d:.,/-]){step.says}(?![\d:/-])", text):
        raise Stopped("terminal.tour_no_number", wanted=step.says, text=text)
    if step.becomes and prompt.person.sender.id != step.becomes:
        raise Stopped("terminal.tour_not_them", wanted=step.becomes, id=prompt.person.sender.id)


def _offered(prompt: Prompt) -> str:
    return " ".join(button.action or button.url or "" for _, button in prompt.screen.numbered.values()) or "–"
