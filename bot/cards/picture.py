"""The picture of somebody's progress: a year of days, this week, and a bar for each topic, as one PNG that a phone can show.

    Drawing (facts and words) ──draw──▶ PNG, 1080 pixels wide

Colour-blind safe: done is a scale of one blue that is told by brightness alone; everything else differs in shape (a ring for a
miss, a dot for a day off). A chat never tells a bot whether it is dark, so the person chooses; light is the default.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from PIL import Image, ImageDraw, ImageFont
from pydantic import TypeAdapter

WIDTH, MARGIN = 1080, 56
ROOM = WIDTH - 2 * MARGIN
PITCH, CELL, ROUND = 34, 29, 7
LEFT = 50
"""Room for the names of the days beside the calendar."""
HALF = 27
"""Weeks in a row of the calendar; the year takes two."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A topic: its name, how much is done of how much, and the time it took in words."""

    name: str
    done: int
    of: int
    time: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the picture shows. `days` and `week` have a letter a day: 1 2 3 done, m missed, f forgiven, o open, and off days."""

    language: str
    title: str
    subtitle: str
    number: str
    under: str
    beside: str
    week: str
    week_words: str
    first: date
    days: str
    legend: tuple[str, ...]
    rows: tuple[Row, ...]
    more: str = ""
    fresh: str = ""
    dark: bool = False

    def dump(self) -> str:
        """As JSON, to be kept until it is drawn."""
        return _drawings.dump_json(self, exclude_defaults=True).decode()


_drawings = TypeAdapter(Drawing)


def load_drawing(stored: str) -> Drawing:
    """What `dump` kept."""
    return _drawings.validate_json(stored)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture. `done` goes from little to much; each is at least three times as bright or dark as the ground."""

    ground: Colour
    card: Colour
    ink: Colour
    soft: Colour
    line: Colour
    done: tuple[Colour, Colour, Colour]


LIGHT = Theme(
    (255, 255, 255), (243, 245, 248), (23, 32, 46), (92, 104, 121), (201, 208, 218),
    ((120, 170, 226), (46, 110, 186), (13, 55, 112)),
)  # fmt: skip
DARK = Theme(
    (19, 24, 33), (31, 38, 50), (236, 240, 246), (158, 169, 185), (70, 80, 97),
    ((58, 100, 156), (98, 158, 226), (190, 220, 255)),
)  # fmt: skip


def draw(drawing: Drawing) -> bytes:
    """The PNG. The same drawing always gives the same bytes."""
    theme = DARK if drawing.dark else LIGHT
    canvas = Canvas(theme, _height(drawing))
    y = _head(canvas, drawing, MARGIN)
    y = _numbers(canvas, drawing, y + 36)
    y = _calendar(canvas, drawing, y + 44)
    y = _legend(canvas, drawing, y + 14)
    if drawing.rows:
        _topics(canvas, drawing, y + 40)
    return canvas.png()


def day_boxes(drawing: Drawing) -> Iterator[tuple[date, str, tuple[int, int]]]:
    """Each day of the calendar with its letter and the middle of its cell in the picture."""
    top = MARGIN + _HEAD + 36 + _NUMBERS + 44
    for place, letter in enumerate(drawing.days):
        x, y = _cell(place, top)
        yield drawing.first + timedelta(days=place), letter, (x + CELL // 2, y + CELL // 2)


# ------------------------------------------------------------------------------------------------------------- parts

_HEAD, _NUMBERS, _LEGEND, _ROW = 112, 150, 34, 66
_CALENDAR = 2 * (30 + 7 * PITCH) + 24


def _height(drawing: Drawing) -> int:
    rows = 40 + len(drawing.rows) * _ROW + (44 if drawing.more else 0) if drawing.rows else 0
    return MARGIN + _HEAD + 36 + _NUMBERS + 44 + _CALENDAR + 14 + _LEGEND + rows + MARGIN - 8


def _head(canvas: Canvas, drawing: Drawing, y: int) -> int:
    size = next((size for size in (50, 44, 38) if canvas.width_of(drawing.title, size, bold=True) <= ROOM), 38)
    canvas.text(MARGIN, y + 50 - size, drawing.title, size, bold=True, within=ROOM)
    canvas.text(MARGIN, y + 68, drawing.subtitle, 32, soft=True, within=ROOM)
    return y + _HEAD


def _numbers(canvas: Canvas, drawing: Drawing, y: int) -> int:
    """Left a large number, right the seven days of this week."""
    half = (ROOM - 28) // 2
    for x in (MARGIN, MARGIN + half + 28):
        canvas.box(x, y, half, _NUMBERS, 22, canvas.theme.card)
    used = canvas.text(MARGIN + 28, y + 30, drawing.number, 84, bold=True)
    beside = MARGIN + 28 + used + 22
    canvas.text(beside, y + (40 if drawing.beside else 60), drawing.under, 32, within=MARGIN + half - 16 - beside)
    if drawing.beside:
        canvas.text(beside, y + 82, drawing.beside, 28, soft=True, within=MARGIN + half - 16 - beside)
    left = MARGIN + half + 28 + 28
    canvas.text(left, y + 20, drawing.week_words, 30, within=half - 56)
    step = (half - 56) // 7
    for place, (letter, name) in enumerate(zip(drawing.week, _day_letters(drawing.language), strict=True)):
        x = left + place * step
        canvas.day(x, y + 66, 40, 10, letter, blank=canvas.theme.ground)
        canvas.text(x + 20, y + 110, name, 24, soft=True, centred=True)
    return y + _NUMBERS


def _cell(place: int, top: int) -> tuple[int, int]:
    week, weekday = divmod(place, 7)
    half, column = divmod(week, HALF)
    return MARGIN + LEFT + column * PITCH, top + half * (30 + 7 * PITCH + 24) + 30 + weekday * PITCH


def _calendar(canvas: Canvas, drawing: Drawing, y: int) -> int:
    months = _month_names(drawing.language)
    labelled = -10
    for place, letter in enumerate(drawing.days):
        day, (x, top) = drawing.first + timedelta(days=place), _cell(place, y)
        canvas.day(x, top, CELL, ROUND, letter)
        column = place // 7 % HALF
        if place % 7 == 0 and (day.day <= 7 or place == 0 or column == 0):
            if column == 0:
                labelled = -10
            if column - labelled >= 3 and column < HALF - 1 and not _month_follows(drawing, place):
                canvas.text(x, top - 33, months[day.month], 24, soft=True)
                labelled = column
    names = _day_letters(drawing.language)
    for half in range(2):
        for weekday in (0, 2, 4):
            _, top = _cell(half * HALF * 7 + weekday, y)
            canvas.text(MARGIN, top - 1, names[weekday], 24, soft=True)
    return y + _CALENDAR


def _month_follows(drawing: Drawing, place: int) -> bool:
    """Whether the label of a month that is nearly over would stand in the way of the next one's."""
    day = drawing.first + timedelta(days=place)
    return day.day > 7 and any((day + timedelta(days=7 * ahead)).day <= 7 for ahead in (1, 2))


def _legend(canvas: Canvas, drawing: Drawing, y: int) -> int:
    less, more, missed, off = drawing.legend
    x = MARGIN + LEFT
    if drawing.fresh:
        canvas.text(x, y, drawing.fresh, 28, soft=True, within=ROOM - LEFT)
        return y + _LEGEND
    x += canvas.text(x, y, less, 26, soft=True) + 12
    for letter in "123":
        canvas.day(x, y + 2, 26, 6, letter)
        x += 32
    x += 6 + canvas.text(x + 6, y, more, 26, soft=True) + 36
    for letter, words in (("m", missed), ("p", off)):
        if not words:
            continue
        canvas.day(x, y + 2, 26, 6, letter)
        x += 38 + canvas.text(x + 38, y, words, 26, soft=True) + 36
    return y + _LEGEND


def _topics(canvas: Canvas, drawing: Drawing, y: int) -> None:
    for row in drawing.rows:
        count = f"{row.done}/{row.of}"
        told = f"{count}  ·  {row.time}" if row.time else count
        used = canvas.width_of(told, 28)
        canvas.text(MARGIN, y, row.name, 30, within=ROOM - used - 28)
        canvas.text(WIDTH - MARGIN - used, y + 2, told, 28, soft=True)
        canvas.bar(MARGIN, y + 43, ROOM, 10, row.done / row.of)
        y += _ROW
    if drawing.more:
        canvas.text(MARGIN, y + 4, drawing.more, 28, soft=True, within=ROOM)


# ------------------------------------------------------------------------------------------------------------ canvas


class Canvas:
    """A picture in the making, in one theme. Corners are smooth, words never leave the room they are given."""

    def __init__(self, theme: Theme, height: int) -> None:
        self.theme = theme
        self._image = Image.new("RGB", (WIDTH, height), theme.ground)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, x: int, y: int, words: str, size: int, *, bold: bool = False, soft: bool = False, centred: bool = False, within: int = 0
    ) -> int:  # fmt: skip
        """Write words, shortened to fit `within` pixels; how wide they are."""
        font = _font(size, bold)
        shown = _shortened(words, font, within) if within else words
        ink = self.theme.soft if soft else self.theme.ink
        self._draw.text((x, y), shown, ink, font, anchor="ma" if centred else "la")
        return round(font.getlength(shown))

    def width_of(self, words: str, size: int, *, bold: bool = False) -> int:
        """How wide words would be."""
        return round(_font(size, bold).getlength(words))

    def box(self, x: int, y: int, width: int, height: int, radius: int, colour: Colour) -> None:
        """A box with round corners."""
        self._image.paste(colour, (x, y), _rounded(width, height, radius))

    def day(self, x: int, y: int, size: int, radius: int, letter: str, *, blank: Colour | None = None) -> None:
        """One day: full if done, a ring if missed, a bright ring while it is open, a dot if it was a day off; else `blank`."""
        theme = self.theme
        if letter in "123":
            self.box(x, y, size, size, radius, theme.done[int(letter) - 1])
        elif letter in "mfo":
            self.box(x, y, size, size, radius, theme.done[1] if letter == "o" else theme.line)
            self.box(x + 3, y + 3, size - 6, size - 6, max(2, radius - 3), theme.ground)
        elif letter in ".px":
            dot = size // 3
            self.box(x + (size - dot) // 2, y + (size - dot) // 2, dot, dot, dot // 2, theme.line)
        else:
            self.box(x, y, size, size, radius, blank or theme.card)

    def bar(self, x: int, y: int, width: int, height: int, share: float) -> None:
        """A bar filled to a share of itself."""
        self.box(x, y, width, height, height // 2, self.theme.card)
        if share > 0:
            self.box(x, y, max(height, round(width * min(1, share))), height, height // 2, self.theme.done[1])

    def png(self) -> bytes:
        """The finished picture."""
        file = io.BytesIO()
        self._image.save(file, "PNG", compress_level=6)
        return file.getvalue()


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "Inter-SemiBold.otf" if bold else "Inter-Regular.otf"
    data = files("bot.cards").joinpath("fonts", name).read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with smooth corners: drawn four times as large."""
    large = Image.new("L", (width * 4, height * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius * 4, 255)
    return large.resize((width, height), Image.Resampling.BOX)


def _shortened(words: str, font: ImageFont.FreeTypeFont, within: int) -> str:
    if font.getlength(words) <= within:
        return words
    while words and font.getlength(f"{words}…") > within:
        words = words[:-1]
    return f"{words.rstrip()}…"


@cache
def _day_letters(language: str) -> tuple[str, ...]:
    """The first letters of the days, from Monday on."""
    names = Locale.parse(language, sep="-").days["stand-alone"]["narrow"]
    return tuple(names[day].upper() for day in range(7))


@cache
def _month_names(language: str) -> dict[int, str]:
    names = Locale.parse(language, sep="-").months["stand-alone"]["abbreviated"]
    return {month: names[month].rstrip(".") for month in range(1, 13)}
