"""Who says too much: a token bucket each; over it telemetry is muted and counted, alarms never; pure.

A speaker is the device or hub that a topic names, which the broker guards. A bucket is deep: what a device
kept while it was away is no noise. While a connection's backlog is read nobody is judged at all: it was said
over hours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

_HUB_TIMES = 10
"""A hub speaks for its devices."""
EPISODE_END = timedelta(minutes=1)
"""So long under the limit, and the next excess is a new episode, with an alarm of its own."""
_EVERY = timedelta(minutes=1)
_MANY = 10_000


@dataclass(slots=True)
class _Speaker:
    tokens: float
    at: float
    topic: str = ""
    since: datetime | None = None
    muted_at: datetime | None = None
    told_at: datetime | None = None
    count: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What was muted of a speaker since the last report."""

    speaker: str
    topic: str
    since: datetime
    is_new: bool
    count: int
    size: int


class Noise:
    """The buckets of one process."""

    def __init__(self, rate: float = 100.0, depth: float = 20_000.0) -> None:
        self._rate = rate
        self._depth = depth
        self._speakers: dict[str, _Speaker] = {}

    def is_muted(
        self, topic: str, size: int, now: datetime, is_alarm: Callable[[], bool] = lambda: False
    ) -> bool:
        """Count one message; say whether its speaker is over the limit, and it is not an alarm."""
        head, _, rest = topic.partition("/")
        is_hub = head == "eco"
        name = (rest if is_hub else rest.partition("/")[2]).partition("/")[0]
        at = now.timestamp()
        one = self._speakers.get(name)
        if one is None:
            one = self._speakers[name] = _Speaker(self._depth, at)
            self._make_room(at)
        rate = self._rate * _HUB_TIMES if is_hub else self._rate
        one.tokens = min(self._depth, one.tokens + max(0.0, at - one.at) * rate)
        one.at = at
        if one.tokens >= 1.0:
            one.tokens -= 1.0
            return False
        if is_alarm():
            return False
        if one.since is None or (one.muted_at is not None and now - one.muted_at >= EPISODE_END):
            one.since, one.told_at = now, None
        one.topic, one.muted_at = topic, now
        one.count += 1
        one.size += size
        return True

    def due(self, now: datetime) -> list[Report]:
        """Return what must be told: at once when an episode begins, then once a minute while there is any."""
        found = []
        for name, one in self._speakers.items():
            if one.count and one.since and (one.told_at is None or now - one.told_at >= _EVERY):
                found.append(Report(name, one.topic, one.since, one.told_at is None, one.count, one.size))
        return found

    def told(self, report: Report, now: datetime) -> None:
        """Note that a report is kept; what was muted meanwhile is in the next."""
        one = self._speakers[report.speaker]
        one.told_at = now
        one.count -= report.count
        one.size -= report.size

    def _make_room(self, at: float) -> None:
        """Forget who has long been quiet."""
        if len(self._speakers) % _MANY == 0:
            full = self._depth / self._rate
            self._speakers = {
                name: one for name, one in self._speakers.items() if one.count or at - one.at < full
            }
