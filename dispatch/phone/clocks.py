"""Whether a phone's clock can be believed: by how much it differs from ours, then and now. Pure.

A phone knows from every answer how far its clock is off, and says so with each record; when it sends, we see
it ourselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW = timedelta(minutes=5)
"""A phone's clock may differ from ours by so much before it is flagged."""
RIGHT, OFF, MOVED, UNKNOWN = "right", "off", "moved", "unknown"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a phone says of itself: its software, its clock when it recorded and when it sends."""

    app: str | None = None
    then_s: float | None = None
    now_s: float | None = None


NOTHING = Heard()


@dataclass(frozen=True, slots=True)
class Clock:
    """The instant that we believe, and why; `off_s` added to the phone's clock gives ours."""

    at: datetime
    says: str
    off_s: float | None


def believe(said: datetime, heard: Heard) -> Clock:
    """Correct a clock that is off by the same in both looks; one moved in between is left as it spoke."""
    known = heard.now_s if heard.now_s is not None else heard.then_s
    if known is None:
        return Clock(said, UNKNOWN, None)
    skew = SKEW.total_seconds()
    if heard.then_s is not None and abs(heard.then_s - known) > skew:
        return Clock(said, MOVED, known)
    if abs(known) <= skew:
        return Clock(said, RIGHT, known)
    return Clock(said + timedelta(seconds=known), OFF, known)
