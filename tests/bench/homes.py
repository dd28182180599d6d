"""Rules on logs of real homes: false alarms on the days as they were, recall on days with injected events.

The logs are not ours and not here: YINLING_REALDATA names the folder that holds them. Everything random hangs
on one seed; events are injected into the second half of a log only, which no threshold was chosen on.
"""

import gzip
import os
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.errors import Failure
from devices import recordings
from devices.recordings import Event
from gateway import kit_files, rules_replay
from tests.bench.figures import Figure
from tests.bench.injections import KINDS, Home, Injected

SEED = int(os.environ.get("YINLING_BENCH_SEED", "20261121"))
TRIALS = int(os.environ.get("YINLING_BENCH_TRIALS", "12"))
_MOST_FALSE, _LEAST_RECALL = 0.2, 0.9
_BEFORE, _AFTER = timedelta(days=6), timedelta(hours=12)
_SOURCES: dict[str, tuple[str, Callable[[list[str]], tuple[list[Event], recordings.Kit]]]] = {
    "casas": ("casas/days_01_15.txt.gz", recordings.casas),
    "ordonez": ("ordonez_a/OrdonezA_Sensors.txt", recordings.ordonez),
    "mattress": ("mattress/trend_1min_first_4h.csv", recordings.mattress),
}


@dataclass(frozen=True)
class Judged:
    """What a replay raised."""

    alarms: list[dict[str, str]]
    care_per_day: float
    technical_per_day: float


def is_there() -> bool:
    """Say whether the logs are here."""
    return bool(os.environ.get("YINLING_REALDATA"))


def load(name: str) -> Home:
    """Read one home, or raise Failure."""
    folder = os.environ.get("YINLING_REALDATA")
    if not folder:
        raise Failure("YINLING_REALDATA names no folder with the logs of real homes (see the manual)")
    file, convert = _SOURCES[name]
    raw = (Path(folder) / file).read_bytes()
    text = (gzip.decompress(raw) if file.endswith(".gz") else raw).decode()
    events, kit = convert(text.splitlines())
    return Home(name, sorted(events, key=lambda one: one[0]), kit)


def judge(home: Home, events: Sequence[Event]) -> Judged:
    """Replay events through the rules as they are."""
    log = list(recordings.as_log(events))
    alarms, figures = rules_replay.run(log, kit_files.parse(recordings.as_kit(home.kit)))
    technical = sum(one["class"] == "technical" for one in alarms) / max(figures["person_days"], 1e-9)
    return Judged(alarms, figures["care_alarms_per_person_day"], technical)


def is_found(judged: Judged, injected: Injected) -> bool:
    """Say whether one of the rules that should notice did so in time, at the device if it matters."""
    return any(
        one["rule"] in injected.rules
        and injected.at <= datetime.fromisoformat(one["at"]) <= injected.until
        and injected.device in (None, one["device"])
        for one in judged.alarms
    )


def recall(home: Home, kind: str, trials: int) -> tuple[int, int]:
    """Inject one kind of event into so many copies of a home; return how many were found, of how many."""
    dice = random.Random(f"{SEED}/{home.name}/{kind}")  # noqa: S311 - a reproducible sample, no secret
    found = tried = 0
    for _ in range(trials):
        injected = KINDS[kind](home, dice)
        if injected is None:
            continue
        near = [one for one in injected.events if injected.at - _BEFORE <= one[0] <= injected.until + _AFTER]
        tried += 1
        found += is_found(judge(home, near), injected)
    return found, tried


async def run() -> AsyncIterator[Figure]:
    """Measure false alarms, then recall of each kind of event, in each home."""
    for name in _SOURCES:
        home = load(name)
        clean = judge(home, home.events)
        bar = clean.care_per_day <= _MOST_FALSE
        yield Figure(
            "homes", f"{name}: care alarms", clean.care_per_day, "per person-day", None, _MOST_FALSE, bar
        )
        yield Figure("homes", f"{name}: technical alarms", clean.technical_per_day, "per person-day")
        for kind in KINDS:
            found, tried = recall(home, kind, TRIALS)
            if tried:
                share = found / tried
                said = f"{name}: recall of {kind} ({tried} injected)"
                yield Figure("homes", said, share, "", None, _LEAST_RECALL, share >= _LEAST_RECALL)
