"""The prompt: lines that go to the bot, numbers, colon commands, arrivals, leaving."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.chat import Address, Answer, Message, Question, Span
from bot.contract import MenuEntry, Menus
from bot.doors.terminal import TerminalDoor, converse
from bot.doors.terminal.colon import COLONS, place, span

from .toy import ToyBot, ToyControls, ToyHost, dose, keys_in, say

Talk = Callable[..., Awaitable[str]]


class Lines:
    """A person who types these lines, then leaves by `ends`; between lines everything else gets its turn."""

    def __init__(self, lines: tuple[str, ...], ends: type[BaseException]) -> None:
        self.left = list(lines)
        self.names: list[str] = []
        self.ends = ends

    async def line(self, name: str) -> str:
        self.names.append(name)
        for _ in range(20):
            await asyncio.sleep(0)
        if not self.left:
            raise self.ends
        return self.left.pop(0)


@pytest.fixture
def talk(door: TerminalDoor, host: ToyHost, controls: ToyControls, tmp_path: Path) -> Talk:
    """Types lines and gives all that was printed."""

    async def type_lines(*lines: str, ends: type[BaseException] = EOFError) -> str:
        out = io.StringIO()
        console = Console(file=out, width=90, color_system=None, _environ={})
        reader = Lines(lines, ends)
        await converse(door, host, controls, keys_in, scratch=tmp_path, language="en", reader=reader, console=console)
        return out.getvalue()

    return type_lines


async def test_a_person_subscribes_and_gets_a_dose_by_numbers_alone(talk: Talk, bot: ToyBot) -> None:
    out = await talk("/start", "1", "1", ":forward 3d", "2", "/streak")
    assert "[1] From the start" in out
    assert "[ Begin ]" in out
    assert "── Mon, Mar 9 ──\n\n  Trilha  08:00\n  Overfitting without tears, 1\n" in out
    assert "Done. Day 1." in out
    assert "1 day, best 1." in out
    assert bot.done == {"1"}


async def test_it_says_first_what_to_type_and_goodbye_at_the_end(talk: Talk) -> None:
    out = await talk()
    assert out.index("terminal.tip") < out.index("terminal.goodbye")


@pytest.mark.parametrize("ends", [EOFError, KeyboardInterrupt])
async def test_leaving_is_polite(talk: Talk, ends: type[BaseException]) -> None:
    assert (await talk("hello", ends=ends)).rstrip().endswith("‹terminal.goodbye›")


async def test_quit_leaves_what_follows_unsaid(talk: Talk, host: ToyHost) -> None:
    out = await talk(":quit", "hello")
    assert "terminal.goodbye" in out
    assert host.heard == []


async def test_a_number_that_is_no_button_is_explained_while_buttons_stand(talk: Talk, host: ToyHost) -> None:
    out = await talk("/start", "3")
    assert "‹terminal.no_button number=3 least=1 most=2›" in out
    assert len(host.heard) == 1


async def test_what_arrives_after_any_line_counts_from_one(talk: Talk) -> None:
    out = await talk("/start", "1", "1", ":forward 3d", ":forward 1d")
    assert "Overfitting without tears, 2\n\n  [1] Open ↗   [2] Done" in out


async def test_a_card_that_changed_in_several_places_is_printed_once(talk: Talk, door: TerminalDoor) -> None:
    address = Address("terminal", "ana")
    refs = [await door.send(address, card("waits"), nonce=str(copy)) for copy in range(3)]
    for ref in refs:
        await door.edit(ref, card("is approved"))
    assert (await talk("/start")).count("The card is approved") == 1
    for ref in refs:
        await door.edit(ref, card("waits again"))
    assert (await talk("/start")).count("The card waits again") == 1


def card(state: str) -> Message:
    """A card that may hang in several places."""
    return Message((Span(f"The card {state}"),), shows=f"suggestion:1:{state}")


async def test_a_number_answers_a_question(talk: Talk, host: ToyHost) -> None:
    host.answers = lambda incoming: Answer(say=(dose(1),), ask=Question("minutes", "How many?"))
    await talk("/minutes", "45")
    assert host.heard[-1].text == "45"


async def test_say_says_a_number_and_a_colon(talk: Talk, host: ToyHost) -> None:
    await talk("/start", ":say 1", ":say :forward")
    assert [incoming.text for incoming in host.heard] == ["/start", "1", ":forward"]


async def test_a_link_button_prints_its_address_whole(talk: Talk, door: TerminalDoor, host: ToyHost) -> None:
    host.answers = lambda incoming: Answer(say=(dose(1),))
    assert "\n  → https://example.org/1\n" in await talk("/today", "1")


async def test_somebody_else_sits_down_with_a_role(talk: Talk, controls: ToyControls, host: ToyHost) -> None:
    out = await talk(":as Carla --role curator", "/start", ":as ana", "/start")
    assert controls.roles == {"carla": "curator"}
    assert [incoming.sender.id for incoming in host.heard] == ["carla", "ana"]
    assert "‹terminal.as_role name=Carla role=curator›" in out


@pytest.mark.parametrize("line", [":as", ":as carla --role boss", ":as carla --role", ":as ; rm", ":as " + "x" * 99])
async def test_nobody_sits_down_by_a_line_that_says_not_who(talk: Talk, controls: ToyControls, line: str) -> None:
    assert "terminal.as_how" in await talk(line)
    assert controls.roles == {}


async def test_news_for_somebody_else_is_mentioned_once(talk: Talk, door: TerminalDoor, host: ToyHost) -> None:
    out = await talk("/start", "1", "1", ":as bruno", ":forward 3d", "hello", ":as ana")
    assert out.count("‹terminal.waiting name=Ana id=ana n=1›") == 1
    assert "Overfitting without tears, 1" in out.split("‹terminal.as_now name=Ana")[1]


async def test_people_are_listed_with_what_waits_for_them(talk: Talk) -> None:
    out = await talk("/start", "1", "1", ":as bruno", ":forward 3d", ":people")
    assert "‹terminal.person_away name=Ana id=ana n=1›" in out
    assert "‹terminal.person_here name=Bruno id=bruno n=0›" in out


async def test_time_moves_and_the_clock_tells_it_where_the_person_lives(talk: Talk, host: ToyHost) -> None:
    out = await talk(":clock", ":forward 1d12h", ":clock")
    assert "when=Fri, Mar 6, 2026 09:12 (America/Sao_Paulo)" in out
    assert "when=Sat, Mar 7, 2026 21:12 (America/Sao_Paulo)" in out


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (":forward", "forward_how"),
        (":forward -1h", "forward_how"),
        (":forward 0m", "forward_how"),
        (":forward 99999d", "forward_how"),
        (":location here", "location_how"),
        (":location 95 0", "location_how"),
        (":send", "send_how"),
        (":send /no/such.opml", "send_missing file=/no/such.opml"),
        (":send /", "send_folder file=/"),
        (":lang", "lang_how"),
        (":lang xx", "lang_how"),
        (":say", "say_how"),
        (":buttons", "no_buttons"),
        (":screen", "nothing_yet"),
        (":dance", "unknown name=dance"),
        (":", "unknown"),
        (":\x1b[2Jdance", "unknown name=dance"),
    ],
)
async def test_what_cannot_be_understood_gets_one_sentence(talk: Talk, host: ToyHost, line: str, hint: str) -> None:
    before = host.at
    assert f"‹terminal.{hint}" in await talk(line)
    assert host.at == before
    assert host.heard == []


async def test_the_client_speaks_another_language_from_then_on(talk: Talk, host: ToyHost) -> None:
    await talk("one", ":lang pt", "two")
    assert [incoming.sender.language for incoming in host.heard] == ["en", "pt-BR"]


async def test_a_place_is_shared(talk: Talk) -> None:
    assert "-23.55 by -46.63" in await talk(":location -23.55, -46.63")


async def test_a_file_is_sent_with_words_beside_it(talk: Talk, host: ToyHost, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_bytes(b"<opml/>")
    await talk(f":send {tmp_path / 'feeds.opml'}", f":send {tmp_path / 'feeds.opml'} | /follow charts")
    first, second = host.heard
    assert first.document
    assert (first.document.name, first.text, await first.document.read()) == ("feeds.opml", "", b"<opml/>")
    assert second.text == "/follow charts"


async def test_the_screen_shows_the_whole_conversation_with_numbers_again(talk: Talk, host: ToyHost) -> None:
    out = await talk("/start", "/start", ":screen", "3")
    screen = out.rsplit("Ana ▸ /start", 2)
    assert len(screen) == 3
    assert "[1] From the start" in screen[1]
    assert "[3] From the start" in screen[2]
    assert host.heard[-1].action == "trail:data-science"


async def test_after_a_long_time_only_the_newest_buttons_are_numbered(talk: Talk, host: ToyHost) -> None:
    out = await talk("/start", "1", "1", ":forward 14d", "10")
    assert out.count("Overfitting without tears, ") == 10
    assert out.count("[ Done ]") == 8, "seven without a number, and the press"
    assert "[16]" not in out
    assert "‹terminal.unnumbered›" in out
    assert host.heard[-1].action == "done:10", "three doses are numbered, and the newest has the last numbers"


async def test_numbers_of_a_few_doses_go_on(talk: Talk, host: ToyHost) -> None:
    out = await talk("/start", "1", "1", ":forward 5d", "6")
    assert "[12] Later" in out
    assert "terminal.unnumbered" not in out
    assert host.heard[-1].action == "done:2"


async def test_buttons_tell_what_they_stand_for(talk: Talk) -> None:
    assert "[2] Engineering" in (out := await talk("/start", ":buttons"))
    assert "trail:ml-engineering" in out


async def test_help_lists_every_command_and_the_menu(talk: Talk, door: TerminalDoor) -> None:
    door.menus = Menus({"en": (MenuEntry("streak", "how you are doing"),)}, {}, {})
    out = await talk(":help")
    assert all(f"  :{name}" in out for name in COLONS)
    assert "/streak   how you are doing" in out


async def test_help_shows_a_curator_what_curators_do(talk: Talk, door: TerminalDoor) -> None:
    learners = (MenuEntry("streak", "how you are doing"),)
    curators = (MenuEntry("queue", "what waits"), *learners)
    door.menus = Menus({"en": learners}, {}, {}, of_role={"curator": {"en": curators}})
    assert "/queue" not in await talk(":help")
    assert "/queue    what waits" in await talk(":as carla --role curator", ":help")


async def test_a_fault_of_ours_is_told_and_the_next_line_is_served(talk: Talk, host: ToyHost) -> None:
    out = await talk("/crash", "hello")
    assert out.index("terminal.broke") < out.index("You said: hello")
    assert host.alerts == [("terminal-failed", {"line": "/crash", "error": "ValueError('the toy broke')"})]


async def test_what_arrives_while_nobody_types_is_shown(
    door: TerminalDoor, host: ToyHost, controls: ToyControls, tmp_path: Path
) -> None:
    out = io.StringIO()
    console = Console(file=out, width=90, color_system=None, _environ={})

    class Waits(Lines):
        async def line(self, name: str) -> str:
            await door.send(door.person("ana").address, dose(7), nonce="7")
            return await super().line(name)

    await converse(door, host, controls, keys_in, scratch=tmp_path, reader=Waits((), EOFError), console=console)
    assert "Overfitting without tears, 7" in out.getvalue()
    assert door.watchers == []


async def test_a_toast_and_a_prompt_stand_apart_from_messages(talk: Talk, host: ToyHost) -> None:
    host.answers = lambda incoming: Answer(say=(say("Done."),), toast="Saved", ask=Question("note", "One line?"))
    assert "  Done.\n\n  · Saved\n\n  ✎ One line?\n" in await talk("x")


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("24h", timedelta(hours=24)),
        ("90m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
        (" 1D12h ", timedelta(days=1, hours=12)),
        ("30s", timedelta(seconds=30)),
    ],
)
def test_lengths_of_time(typed: str, length: timedelta) -> None:
    assert span(typed) == length


@given(st.text(max_size=20))
def test_no_typed_length_is_nothing_or_over_a_year(typed: str) -> None:
    length = span(typed)
    assert length is None or timedelta() < length <= timedelta(days=366)


@given(st.text(max_size=20) | st.tuples(st.floats(), st.floats()).map(lambda pair: f"{pair[0]} {pair[1]}"))
def test_no_typed_place_is_off_the_earth(typed: str) -> None:
    found = place(typed)
    assert found is None or (abs(found[0]) <= 90 and abs(found[1]) <= 180)
