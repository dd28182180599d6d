"""A simulation drawn: a lane a person, time to the right; figures for SVG made on the server; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.simulating import Line

LEFT, RIGHT, LANE, TOP = 170.0, 20.0, 30.0, 26.0
WIDTH = 960.0
LOUDEST = frozenset({"unreached", "nobody", "failed"})


@dataclass(frozen=True)
class Mark:
    """One line as a mark: where it is, its shape's class, and the line it stands for."""

    x: float
    y: float
    tone: str
    line: Line


@dataclass(frozen=True)
class Drawing:
    """Lanes (label and y), ticks of the clock (x and minute), marks, and the whole's size."""

    lanes: tuple[tuple[str, float], ...]
    ticks: tuple[tuple[float, int], ...]
    marks: tuple[Mark, ...]
    width: float
    height: float


def draw(lines: Sequence[Line], start: datetime, horizon: timedelta) -> Drawing:
    """Return the drawing; the first lane (empty label) is the steps themselves."""
    labels = dict.fromkeys(["", *(line.who for line in lines)])
    y_of = {label: TOP + LANE * (place + 0.5) for place, label in enumerate(labels)}
    span = horizon.total_seconds()
    scale = (WIDTH - LEFT - RIGHT) / span
    minutes = range(0, int(span // 60) + 1, 5)
    ticks = tuple((round(LEFT + 60 * minute * scale, 1), minute) for minute in minutes)
    marks = tuple(
        Mark(
            round(LEFT + (line.at - start).total_seconds() * scale, 1),
            y_of[line.who],
            _tone(line.what),
            line,
        )
        for line in lines
    )
    return Drawing(tuple(y_of.items()), ticks, marks, WIDTH, TOP + LANE * len(y_of) + 6)


def _tone(what: str) -> str:
    if what in LOUDEST:
        return "bad"
    if what in {"coming", "seen"}:
        return "good"
    return "step" if what == "told" else "plain"
