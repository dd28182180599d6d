"""The geometry of a small chart of one value: slots in, SVG coordinates out; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

WIDTH, HEIGHT, LEFT, BASE, TOP = 360, 96, 44, 76, 10
_GAP = 3
"""So many empty slots break the line."""


@dataclass
class Spark:
    """One drawing, and the figures that stand beside it."""

    name: str
    unit: str
    is_bool: bool
    since: datetime
    until: datetime
    lines: list[str] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    bars: list[tuple[float, float, float]] = field(default_factory=list)
    levels: list[tuple[float, float]] = field(default_factory=list)
    low: float = 0.0
    mean: float = 0.0
    high: float = 0.0
    last: float = 0.0
    last_at: datetime | None = None
    times: int = 0


def draw(
    rows: Iterable[Mapping[str, Any]],
    since: datetime,
    until: datetime,
    *,
    name: str,
    unit: str = "",
    is_bool: bool = False,
    bounds: tuple[float, float] | None = None,
) -> Spark:
    """Lay out slots {at, low, mean, high, times}: a number as a line with its spread, a yes or no as bars."""
    slots = sorted(rows, key=lambda row: row["at"])
    spark = Spark(name, unit, is_bool, since, until)
    if not slots:
        return spark
    _figures(spark, slots)
    step = _step(slots)
    if is_bool:
        width = round((WIDTH - LEFT) * (step / (until - since)), 1)
        spark.bars = [
            (_x(spark, row["at"]), width, round((BASE - TOP) * row["mean"], 1))
            for row in slots
            if row["mean"]
        ]
        return spark
    bottom, top = bounds or _bounds(spark.low, spark.high)
    spark.levels = [(_y(value, bottom, top), value) for value in (bottom, top)]
    spark.bars = [_spread(spark, row, bottom, top) for row in slots if row["high"] > row["low"]]
    _join(spark, slots, step, (bottom, top))
    return spark


def _figures(spark: Spark, slots: Sequence[Mapping[str, Any]]) -> None:
    spark.times = sum(row["times"] for row in slots)
    spark.low = min(row["low"] for row in slots)
    spark.high = max(row["high"] for row in slots)
    spark.mean = sum(row["mean"] * row["times"] for row in slots) / spark.times
    spark.last, spark.last_at = slots[-1]["mean"], slots[-1]["at"]


def _step(slots: Sequence[Mapping[str, Any]]) -> timedelta:
    """Return the width of a slot: the least that lies between two."""
    gaps = [b["at"] - a["at"] for a, b in pairwise(slots)]
    return min(gaps, default=timedelta(minutes=10))


def _bounds(low: float, high: float) -> tuple[float, float]:
    """Give the line air, and a value that never changes the middle of the drawing."""
    room = (high - low) * 0.1 or max(abs(high) * 0.1, 1.0)
    return round(low - room, 1), round(high + room, 1)


def _x(spark: Spark, at: datetime) -> float:
    return round(LEFT + (WIDTH - LEFT) * ((at - spark.since) / (spark.until - spark.since)), 1)


def _y(value: float, bottom: float, top: float) -> float:
    share = (min(max(value, bottom), top) - bottom) / (top - bottom)
    return round(BASE - (BASE - TOP) * share, 1)


def _spread(spark: Spark, row: Mapping[str, Any], bottom: float, top: float) -> tuple[float, float, float]:
    y = _y(row["high"], bottom, top)
    return _x(spark, row["at"]), y, round(_y(row["low"], bottom, top) - y, 1)


def _join(
    spark: Spark, slots: Sequence[Mapping[str, Any]], step: timedelta, bounds: tuple[float, float]
) -> None:
    runs: list[list[tuple[float, float]]] = []
    before: datetime | None = None
    for row in slots:
        if before is None or row["at"] - before > step * _GAP:
            runs.append([])
        runs[-1].append((_x(spark, row["at"]), _y(row["mean"], *bounds)))
        before = row["at"]
    spark.lines = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    spark.dots = [run[0] for run in runs if len(run) == 1]
