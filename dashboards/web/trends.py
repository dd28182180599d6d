"""The geometry of a family's charts: a value a slot of time as bar or band, its axis, its table; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 400, 220, 52, 36, 12
_ROUND = (1, 2, 5, 10, 20, 40, 50, 100, 200)
_LEVELS = 4
_LABELS = 4
"""At most so many words stand under a chart: a telephone is narrow and its letters are large."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One piece of time: `low` and `high` are None for a bar, `value` is None when nothing was heard."""

    start: datetime
    end: datetime
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Trend:
    """What the macro draws: bars (x, y, width, height), the line of the means, levels, labels, the slots."""

    kind: str
    slots: Sequence[Slot]
    bars: list[tuple[float, float, float, float]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    levels: list[tuple[float, float]] = field(default_factory=list)
    labels: list[tuple[float, datetime]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return all(slot.value is None for slot in self.slots)

    @property
    def least(self) -> float | None:
        """The lowest value."""
        return min((_low(slot) for slot in self.slots if slot.value is not None), default=None)

    @property
    def most(self) -> float | None:
        """The highest value."""
        return max((_high(slot) for slot in self.slots if slot.value is not None), default=None)


def draw(kind: str, slots: Sequence[Slot]) -> Trend:
    """Lay out slots as `band` (lowest to highest, a line of means) or `bars` (from nothing upwards)."""
    trend = Trend(kind, slots)
    if trend.empty:
        return trend
    base, top, step = _axis(trend)
    width = (WIDTH - LEFT - 6) / len(slots)
    for level in range(round((top - base) / step) + 1):
        value = base + level * step
        trend.levels.append((_y(value, base, top), value))
    run: list[str] = []
    for nth, slot in enumerate(slots):
        x = LEFT + nth * width
        if slot.value is None:
            _end(trend, run)
            continue
        low, high = (_low(slot), _high(slot)) if kind == "band" else (base, slot.value)
        y = _y(high, base, top)
        tall = max(round(_y(low, base, top) - y, 1), 1.0)
        trend.bars.append((round(x + width * 0.15, 1), y, round(width * 0.7, 1), tall))
        run.append(f"{round(x + width / 2, 1)},{_y(slot.value, base, top)}")
    _end(trend, run)
    every = ceil(len(slots) / _LABELS)
    trend.labels.extend(
        (round(LEFT + (n + 0.5) * width, 1), slots[n].start) for n in range(0, len(slots), every)
    )
    return trend


def _end(trend: Trend, run: list[str]) -> None:
    """End a line: a gap is shown, not bridged; a lone value is a dot."""
    if trend.kind == "band" and len(run) > 1:
        trend.lines.append(" ".join(run))
    elif trend.kind == "band" and run:
        x, y = run[0].split(",")
        trend.dots.append((float(x), float(y)))
    run.clear()


def _axis(trend: Trend) -> tuple[float, float, float]:
    """Return (lowest, highest, step) of round figures: bars begin at nothing, a band near its lowest."""
    least, most = trend.least or 0.0, trend.most or 0.0
    base = 0.0
    if trend.kind == "band":
        base = max(0.0, (least - 10) // 20 * 20)
    step = next((float(s) for s in _ROUND if (most - base) / s <= _LEVELS), (most - base) / _LEVELS)
    return base, base + step * max(1, ceil((most - base) / step)), step


def _y(value: float, base: float, top: float) -> float:
    inner = HEIGHT - TOP - BOTTOM
    return round(TOP + inner * (1 - (value - base) / (top - base)), 1)


def _low(slot: Slot) -> float:
    return slot.low if slot.low is not None else float(slot.value or 0)


def _high(slot: Slot) -> float:
    return slot.high if slot.high is not None else float(slot.value or 0)


def slots(since: datetime, until: datetime, length: timedelta) -> list[tuple[datetime, datetime]]:
    """Cut a time into equal pieces; the last one may be under way."""
    found = []
    while since < until:
        found.append((since, since + length))
        since += length
    return found


def gather(pieces: Iterable[tuple[datetime, datetime]], rows: Sequence[Mapping[str, Any]]) -> list[Slot]:
    """Put rows {at, low, high, mean, count} into their pieces; means are weighed by how often was heard."""
    found = []
    for start, end in pieces:
        inside = [row for row in rows if start <= row["at"] < end and row["count"]]
        heard = sum(row["count"] for row in inside)
        if not heard:
            found.append(Slot(start, end))
            continue
        mean = sum(row["mean"] * row["count"] for row in inside) / heard
        found.append(
            Slot(start, end, mean, min(row["low"] for row in inside), max(row["high"] for row in inside))
        )
    return found


def hours(pieces: Iterable[tuple[datetime, datetime]], rows: Sequence[Mapping[str, Any]]) -> list[Slot]:
    """Sum rows {at, seconds} into hours a piece; a piece without a row is not known."""
    found = []
    for start, end in pieces:
        inside = [row["seconds"] for row in rows if start <= row["at"] < end and row["seconds"] is not None]
        found.append(Slot(start, end, sum(inside) / 3600 if inside else None))
    return found
