"""The measures of a simulation as a picture: a row for each, a bar for each bot."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from bot.operate.simulation.measures import Measure

WIDTH, MARGIN = 1200, 48
BAR, GAP, ROW = 20, 5, 118
NAMES = 430
COLOURS = ((36, 84, 160), (150, 158, 168), (205, 210, 216))
INK, FAINT, GROUND = (28, 32, 38), (110, 118, 128), (255, 255, 255)

Finished = Mapping[str, tuple[int, int, float | None]]
"""By trail: in how many of how many lives it was finished, and the median of the days."""


def draw_chart(measured: Mapping[str, Mapping[Measure, float]], finished: Mapping[str, Finished]) -> bytes:
    """A PNG with what `trilha simulate` prints, except the balance by topic."""
    names = list(measured)
    rows = [
        (
            one.name,
            _aim(one),
            [values[one] for values in measured.values()],
            [one.show(values[one]) for values in measured.values()],
        )
        for one in measured[names[0]]
    ]
    trails = list(finished[names[0]])
    rows += [
        (
            f"finished: {trail}",
            "more is better",
            [found[trail][0] / max(1, found[trail][1]) for found in finished.values()],
            [_finish(found[trail]) for found in finished.values()],
        )
        for trail in trails
    ]
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + 80 + ROW * len(rows)), GROUND)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, MARGIN), "Synthetic learners on the catalog", INK, _font(34, "SemiBold"))
    _legend(pen, names)
    for place, (name, aim, values, shown) in enumerate(rows):
        _row(pen, MARGIN + 90 + place * ROW, name, aim, values, shown)
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _aim(one: Measure) -> str:
    return {True: "more is better", False: "less is better", None: "only told"}[one.more_is_better]


def _finish(found: tuple[int, int, float | None]) -> str:
    count, of, days = found
    return f"{count} of {of}" + (f", {days:.0f} days" if days else "")


def _legend(pen: ImageDraw.ImageDraw, names: list[str]) -> None:
    left = MARGIN + NAMES + 220
    for name, colour in zip(names, COLOURS, strict=True):
        pen.rectangle((left, MARGIN + 14, left + 18, MARGIN + 32), fill=colour)
        pen.text((left + 26, MARGIN + 9), name, INK, _font(22))
        left += 46 + int(_font(22).getlength(name))


def _row(pen: ImageDraw.ImageDraw, top: int, name: str, aim: str, values: list[float], shown: list[str]) -> None:
    pen.line((MARGIN, top - 14, WIDTH - MARGIN, top - 14), fill=(236, 239, 242))
    pen.text((MARGIN, top + 10), _short(name), INK, _font(22, "SemiBold"))
    pen.text((MARGIN, top + 42), aim, FAINT, _font(19))
    left, room = MARGIN + NAMES, WIDTH - 2 * MARGIN - NAMES - 190
    most = max(values) or 1
    for place, (value, said, colour) in enumerate(zip(values, shown, COLOURS, strict=True)):
        y = top + 4 + place * (BAR + GAP)
        end = left + max(3, int(room * value / most))
        pen.rectangle((left, y, end, y + BAR), fill=colour)
        pen.text((end + 10, y - 3), said, INK, _font(19))


def _short(name: str) -> str:
    """A name that fits its column."""
    font = _font(22, "SemiBold")
    while font.getlength(name) > NAMES - 20:
        name = name.rstrip("…")[:-1].rstrip() + "…"
    return name


def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO((files("bot.cards") / "fonts" / f"Inter-{weight}.otf").read_bytes()), size)
