"""The tour plays itself, and says where it stopped."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.doors.terminal import STEPS, Step, TerminalDoor, tour

from .toy import ToyBot, ToyControls, ToyHost, keys_in


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


async def play(
    door: TerminalDoor, host: ToyHost, controls: ToyControls, out: io.StringIO, path: Path, *steps: Step
) -> int:
    console = Console(file=out, width=90, color_system=None, _environ={})
    return await tour(door, host, controls, keys_in, scratch=path, language="en", steps=steps, console=console)


async def test_it_goes_from_start_to_a_streak_of_one_and_a_curator(
    door: TerminalDoor, host: ToyHost, controls: ToyControls, bot: ToyBot, out: io.StringIO, tmp_path: Path
) -> None:
    assert await play(door, host, controls, out, tmp_path, *STEPS) == 0
    assert len(door.sent) == 1
    assert bot.done == {"1"}
    assert controls.roles == {"carla": "curator"}
    printed = out.getvalue()
    assert printed.index("Ana ▸ /start") < printed.index("08:00\n  Overfitting") < printed.index("Carla ▸ /queue")
    assert printed.rstrip().endswith("‹terminal.tour_over›")


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Step(types="/start", offers=("begin",)), "tour_no_button wanted=begin there=trail:data-science trail:ml-engi"),
        (Step(presses="done"), "tour_no_button wanted=done there=–"),
        (Step(types="/streak", says=1), "tour_no_number wanted=1 text=0 day, best 0.›"),
        (Step(types=":forward 24h", offers=("done",), at_most=2), "tour_silent"),
        (Step(types=":as carla --role boss", becomes="carla", quiet=True), "tour_not_them wanted=carla id=ana"),
        (Step(types="/crash"), "tour_broke error=ValueError('the toy broke')"),
        (Step(types=":quit"), "tour_broke error=Leave()"),
    ],
)
async def test_a_step_that_leads_elsewhere_stops_it_with_a_sentence(
    door: TerminalDoor,
    host: ToyHost,
    controls: ToyControls,
    out: io.StringIO,
    tmp_path: Path,
    step: Step,
    why: str,
) -> None:
    assert await play(door, host, controls, out, tmp_path, Step(types="hello"), step, Step(types="never")) == 1
    printed = " ".join(out.getvalue().split())
    assert f"‹terminal.tour_stopped step=2 line={step.types or step.presses}› ‹terminal.{why}" in printed
    assert "never" not in printed


@pytest.mark.parametrize("text", ["10 days", "21", "day 01:10", "0.1", "2026-01-1"])
async def test_a_number_inside_another_is_not_that_number(
    door: TerminalDoor, host: ToyHost, controls: ToyControls, out: io.StringIO, tmp_path: Path, text: str
) -> None:
    assert await play(door, host, controls, out, tmp_path, Step(types=f"{text} ", says=1)) == 1


async def test_an_optional_press_is_left_out_where_no_such_button_is(
    door: TerminalDoor, host: ToyHost, controls: ToyControls, out: io.StringIO, tmp_path: Path
) -> None:
    start, zone = Step(types="/start"), Step(presses="zone", optional=True)
    trail = Step(presses="trail", optional=True, offers=("begin",))
    assert await play(door, host, controls, out, tmp_path, start, zone, trail) == 0
    assert [incoming.action for incoming in host.heard] == [None, "trail:data-science"]
