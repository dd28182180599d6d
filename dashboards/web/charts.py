"""The geometry of the vital-sign chart: readings in, SVG coordinates out; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import ZONE, local

RIGHT, TOP = 8, 10
LINES = ("heart_rate", "respiration_rate")
LOW, HIGH = 0.0, 140.0
_STEPS = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)


@dataclass(frozen=True)
class Frame:
    """The size of a drawing: the smaller it is, the larger its letters are beside it."""

    width: int = 640
    height: int = 200
    left: int = 38
    bottom: int = 24
    labels: int = 7
    points: int = 240


WIDE, NARROW = Frame(), Frame(400, 260, 56, 36, 4, 120)


@dataclass
class Chart:
    """What the macro draws and what the table beneath says."""

    since: datetime
    until: datetime
    lines: dict[str, list[str]] = field(default_factory=dict)
    dots: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    bands: list[tuple[float, float]] = field(default_factory=list)
    marks: list[float] = field(default_factory=list)
    hours: list[tuple[float, datetime]] = field(default_factory=list)
    levels: list[tuple[float, int]] = field(default_factory=list)
    summary: list[dict[str, Any]] = field(default_factory=list)
    last: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    frame: Frame = WIDE

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not self.last


def vitals(
    rows: Iterable[Mapping[str, Any]],
    since: datetime,
    until: datetime,
    alarms: Iterable[datetime] = (),
    zone: ZoneInfo = ZONE,
    frame: Frame = WIDE,
) -> Chart:
    """Lay out heart and breathing rate as lines, time in bed as bands, alarms as marks."""
    chart = Chart(since, until, frame=frame)
    series: dict[str, list[tuple[datetime, float]]] = {}
    for row in rows:
        if since <= row["observed_at"] <= until and row["value"] is not None:
            series.setdefault(row["metric"], []).append((row["observed_at"], float(row["value"])))
    for points in series.values():
        points.sort()
    top = _top(series)
    for metric in LINES:
        points = _thin(series.get(metric, []), since, until, frame.points)
        chart.lines[metric], chart.dots[metric] = _paths(chart, points, top)
        if points:
            chart.last[metric] = (points[-1][1], series[metric][-1][0])
    chart.bands = _bands(chart, series.get("in_bed", []))
    if series.get("in_bed"):
        chart.last["in_bed"] = (series["in_bed"][-1][1], series["in_bed"][-1][0])
    chart.marks = [_x(chart, at) for at in alarms if since <= at <= until]
    chart.hours = _hours(chart, zone)
    chart.levels = [
        (_y(chart, level, top), level)
        for level in range(0, int(top) + 1, 20 if top <= HIGH and frame is WIDE else 40)
    ]
    chart.summary = _summary(series, since, until, zone)
    return chart


def _top(series: Mapping[str, list[tuple[datetime, float]]]) -> float:
    highest = max((v for m in LINES for _, v in series.get(m, [])), default=0.0)
    return max(100.0, min(260.0, (highest // 20 + 1) * 20))


def _x(chart: Chart, at: datetime) -> float:
    share = (at - chart.since) / (chart.until - chart.since)
    left, width = chart.frame.left, chart.frame.width
    return round(left + share * (width - left - RIGHT), 1)


def _y(chart: Chart, value: float, top: float) -> float:
    inner = chart.frame.height - TOP - chart.frame.bottom
    return round(TOP + inner * (1 - (min(max(value, LOW), top) - LOW) / (top - LOW)), 1)


def _thin(
    points: list[tuple[datetime, float]], since: datetime, until: datetime, most: int
) -> list[tuple[datetime, float]]:
    """Average points into at most so many slots; a slot without readings stays empty."""
    if len(points) <= most:
        return points
    slot = (until - since) / most
    buckets: dict[int, list[tuple[datetime, float]]] = {}
    for at, value in points:
        buckets.setdefault(min(int((at - since) / slot), most - 1), []).append((at, value))
    return [(group[-1][0], sum(v for _, v in group) / len(group)) for _, group in sorted(buckets.items())]


def _paths(
    chart: Chart, points: list[tuple[datetime, float]], top: float
) -> tuple[list[str], list[tuple[float, float]]]:
    """Break the line where readings are missing: a gap is shown, not bridged."""
    widest = max(timedelta(minutes=6), (chart.until - chart.since) / 60)
    runs: list[list[tuple[float, float]]] = []
    before: datetime | None = None
    for at, value in points:
        if before is None or at - before > widest:
            runs.append([])
        runs[-1].append((_x(chart, at), _y(chart, value, top)))
        before = at
    lines = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    return lines, [run[0] for run in runs if len(run) == 1]


def _bands(chart: Chart, points: list[tuple[datetime, float]]) -> list[tuple[float, float]]:
    bands: list[tuple[float, float]] = []
    for nth, (at, value) in enumerate(points):
        if not value:
            continue
        end = points[nth + 1][0] if nth + 1 < len(points) else min(chart.until, at + timedelta(minutes=10))
        x, width = _x(chart, at), round(_x(chart, end) - _x(chart, at), 1)
        if bands and abs(bands[-1][0] + bands[-1][1] - x) < 1:
            bands[-1] = (bands[-1][0], round(x + width - bands[-1][0], 1))
        else:
            bands.append((x, width))
    return bands


def _hours(chart: Chart, zone: ZoneInfo) -> list[tuple[float, datetime]]:
    minutes = (chart.until - chart.since).total_seconds() / 60
    step = next((s for s in _STEPS if minutes / s <= chart.frame.labels), 1440)
    first = local(chart.since, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    marks, at = [], first
    while at <= chart.until:
        if at >= chart.since:
            marks.append((_x(chart, at), at))
        at += timedelta(minutes=step)
    return marks


def _summary(
    series: Mapping[str, list[tuple[datetime, float]]], since: datetime, until: datetime, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Return the table under the chart: one line per slice, newest first."""
    minutes = (until - since).total_seconds() / 60
    step = timedelta(minutes=10 if minutes <= 90 else 120)  # noqa: PLR2004 - an hour, or a day
    midnight = local(since, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + step * int((since - midnight) / step)
    rows = []
    while start <= until:
        line: dict[str, Any] = {"start": start, "end": start + step}
        for metric in LINES:
            values = [v for at, v in series.get(metric, []) if start <= at < start + step]
            line[metric] = (min(values), sum(values) / len(values), max(values)) if values else None
        beds = [v for at, v in series.get("in_bed", []) if start <= at < start + step]
        line["in_bed"] = sum(beds) / len(beds) if beds else None
        if any(line[name] is not None for name in (*LINES, "in_bed")):
            rows.append(line)
        start += step
    return rows[::-1]
