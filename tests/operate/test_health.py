"""Health is told from outcomes, and the figures can be read by Prometheus."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import insert

from bot.errors import Failing, NotSent, Rejected
from bot.logs import troubles
from bot.operate.health import Health
from bot.settings import Place, place_of
from bot.store.tables import Outgoing
from tests.delivery.crowd import FIRST_DUE, crowd
from tests.house import House, subscribed

SAMPLE = re.compile(r'trilha_\w+(?:\{\w+="[^"]*"\})? -?\d+(?:\.\d+)?(?:e-?\d+)?')


@pytest.fixture
async def health(house: House) -> AsyncIterator[Health]:
    health = Health(house.app, Place("127.0.0.1", 0))
    await health.start()
    yield health
    await health.stop()


async def ask(health: Health, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{health.address}{path}") as answer:
        return answer.status, await answer.text()


async def test_a_bot_that_works_is_well(house: House, health: Health) -> None:
    await house.app.rounds.go()
    status, said = await ask(health, "/health")
    assert status == 200
    assert '"leads": true' in said
    assert '"paid_broadcast": false' in said


async def test_a_leader_without_rounds_is_not_well(house: House, health: Health) -> None:
    await house.app.rounds.go()
    house.app.present.move_to(house.app.now() + timedelta(minutes=2))
    assert any(problem.startswith("no round since") for problem in await health.problems())


async def test_what_waits_too_long_is_told(house: House, health: Health) -> None:
    await subscribed(house.person("ana"))
    house.door.fails_next(NotSent("connection refused"), times=1000)
    await house.forward_to("2026-03-03 08:00:05")
    house.app.present.move_to(house.app.now() + timedelta(minutes=14, seconds=30))
    house.app.rounds.last_at = house.app.now()
    assert await health.problems() == ["waiting: 1, the oldest for 14 minutes"]


async def test_a_dose_that_nobody_claims_is_told(house: House, health: Health) -> None:
    await crowd(house.app.database, 2)
    await house.app.post.stop_rounds()  # as in a bot whose door never opens: due, and no round comes
    for minutes, told in ((9, []), (11, ["due for more than 10 minutes, and nobody claims them: 2"])):
        house.app.present.move_to(FIRST_DUE + timedelta(minutes=minutes))
        house.app.rounds.last_at = house.app.now()
        assert await health.problems() == told


async def test_a_crowd_that_is_served_one_after_the_other_is_well(house: House, health: Health) -> None:
    await crowd(house.app.database, 1)
    house.app.present.move_to(FIRST_DUE + timedelta(minutes=5))
    await house.app.settle()
    await house.app.post.stop_rounds()
    await crowd(house.app.database, 2, first=2)
    house.app.present.move_to(FIRST_DUE + timedelta(minutes=10, seconds=10))
    house.app.rounds.last_at = house.app.now()
    assert await health.problems() == [], "somebody got a dose within ten minutes: the others wait for the pace"
    house.app.present.move_to(FIRST_DUE + timedelta(minutes=20))
    house.app.rounds.last_at = house.app.now()
    assert len(await health.problems()) == 1


async def test_a_dose_on_a_platform_without_a_door_is_nobodys(house: House, health: Health) -> None:
    await crowd(house.app.database, 1, platform="discord")
    house.app.present.move_to(FIRST_DUE + timedelta(hours=1))
    house.app.rounds.last_at = house.app.now()
    assert await health.problems() == []


async def test_a_platform_that_cannot_be_heard_is_told(house: House, health: Health) -> None:
    await house.app.rounds.go()
    house.door.trouble = "connection refused"
    status, said = await ask(health, "/health")
    assert status == 503
    assert "terminal cannot be heard: connection refused" in said


async def test_a_database_that_does_not_answer_is_told(
    house: House, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.app.rounds.go()

    def away() -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(house.app.database, "read", away)
    assert (await ask(health, "/health"))[0] == 503
    status, metrics = await ask(health, "/metrics")
    assert status == 200
    assert "trilha_outbox_waiting" not in metrics


async def test_the_figures_tell_what_was_sent_late_and_given_up(house: House, health: Health) -> None:
    await crowd(house.app.database, 5)
    house.door.fails_next(Rejected("Bad Request: message is too long"), times=100)
    await house.forward_to("2026-03-03 08:10")
    house.door._failures.clear()
    house.app.present.move_to(house.app.now() + timedelta(days=1, hours=7))
    await house.app.settle()
    _, metrics = await ask(health, "/metrics")
    assert 'trilha_messages_dead_total{kind="dose"} 5' in metrics
    assert 'trilha_messages_sent_total{kind="dose"} 5' in metrics
    assert "trilha_doses_late_total 5" in metrics
    assert 'trilha_dose_lateness_seconds_bucket{le="3600"} 0' in metrics
    assert 'trilha_dose_lateness_seconds_bucket{le="+Inf"} 5' in metrics
    assert 'trilha_sends_failed_total{problem="Rejected"} 10' in metrics


async def test_the_figures_tell_how_far_apart_the_doses_of_one_minute_came(house: House, health: Health) -> None:
    await crowd(house.app.database, 5)
    house.door.fails_next(Failing("Internal Server Error: restart"))
    await house.forward_to("2026-03-03 08:10")
    _, metrics = await ask(health, "/metrics")
    assert 10 < figure(metrics, "trilha_slot_spread_seconds") < 600, "one of them came with its second attempt"
    await house.forward_to("2026-03-04 08:10")
    _, metrics = await ask(health, "/metrics")
    assert figure(metrics, "trilha_slot_spread_seconds") < 10, "what is over for a day is left out"


def figure(metrics: str, name: str) -> float:
    """What stands behind a name."""
    (line,) = (line for line in metrics.splitlines() if line.startswith(f"{name} "))
    return float(line.removeprefix(f"{name} "))


async def test_the_figures_tell_who_is_gone_what_waits_and_for_how_long(house: House, health: Health) -> None:
    ana, app = await subscribed(house.person("ana")), house.app
    async with app.database.write() as session:
        row = {"platform": "terminal", "chat": "ana", "facts": {}, "kind": "nudge", "priority": 5, "key": "behind"}
        await session.execute(insert(Outgoing).values(row | {"not_before": app.now() + timedelta(days=2)}))
    house.door.blocked.add(ana.address)
    await house.forward_to("2026-03-03 08:01")
    house.app.host.slow_down("terminal", 30)
    await house.app.post.stop_rounds()
    house.app.present.move_to(house.app.now() + timedelta(seconds=20))
    _, metrics = await ask(health, "/metrics")
    assert 'trilha_people_blocked_total{platform="terminal"} 1' in metrics
    assert 'trilha_messages_dead_total{kind="dose"} 1' in metrics
    assert 'trilha_messages_dead_total{kind="nudge"} 1' in metrics
    assert 0 < figure(metrics, 'trilha_silence_seconds{platform="terminal"}') <= 10, "twenty of thirty seconds are over"
    assert 'trilha_senders_in_line{platform="terminal"} 0' in metrics
    assert 'trilha_senders_aside{platform="terminal"} 0' in metrics
    assert figure(metrics, "trilha_last_round_seconds") >= 20
    assert "trilha_leads_begun_total 1" in metrics


async def test_every_trouble_in_the_log_is_counted_by_its_event(
    house: House, health: Health, caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(troubles)
    await house.app.host.alert("telegram.conflict", reason="two of us")
    await crowd(house.app.database, 1)
    house.door.fails_next(Rejected("Bad Request: message is too long"), times=2)
    await house.forward_to("2026-03-03 08:10")
    told = {event: count - before.get(event, 0) for event, count in troubles.items() if count > before.get(event, 0)}
    assert told == {"alert.telegram.conflict": 1, "delivery.rejected": 1, "delivery.lapsed": 1}
    _, metrics = await ask(health, "/metrics")
    assert f'trilha_troubles_total{{event="delivery.lapsed"}} {troubles["delivery.lapsed"]}\n' in metrics
    (lapsed,) = (record.msg for record in caplog.records if "delivery.lapsed" in str(record.msg))
    assert isinstance(lapsed, dict)
    assert (lapsed["level"], lapsed["attempts"]) == ("warning", 1)
    assert 0 <= lapsed["age"] <= 600, "the dose of 08:00, at 08:10 at the latest"


async def test_every_line_is_prometheus_text(house: House, health: Health) -> None:
    await house.app.host.alert("telegram.conflict", reason="two of us")
    _, metrics = await ask(health, "/metrics")
    samples = [line for line in metrics.splitlines() if not line.startswith("#")]
    assert samples
    assert [line for line in samples if not SAMPLE.fullmatch(line)] == []


async def test_a_taken_port_is_a_warning_and_no_more(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        health = Health(house.app, Place("127.0.0.1", taken.getsockname()[1]))
        await health.start()
        assert health.address == ""
        await health.stop()


@pytest.mark.parametrize(
    ("words", "place"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), ("[::1]:80", ("::1", 80)), (":9000", ("0.0.0.0", 9000))],
)
def test_a_place_is_read(words: str, place: tuple[str, int]) -> None:
    assert place_of(words) == place


@pytest.mark.parametrize("words", ["", "8080", "localhost", "here:there", "127.0.0.1:70000"])
def test_what_is_no_place_is_told(words: str) -> None:
    with pytest.raises(ValueError, match="is not like"):
        place_of(words)
