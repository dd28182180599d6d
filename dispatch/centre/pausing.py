"""What a pause of monitoring does to an alarm: it is kept and shown, and pages nobody; pure.

A pause is for hospital, holiday or repair: nobody is at home. What only a person can do (an SOS, a fall) and
what burns down a house pages all the same, and says that the pause may be wrong (ours; no source has a list).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PAGES_ALL_THE_SAME = frozenset({"sos", "fall", "smoke", "gas", "co", "heat", "apnoea"})
REASONS = ("hospital", "holiday", "repair", "other")
OF_ABSENCE = {"hospital": "hospital", "holiday": "holiday", "institution": "other"}
"""The reason that an absence of this kind proposes."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that nobody has ended; `care_bed_id` None: of everything at the person's home."""

    pause_id: UUID
    care_bed_id: UUID | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """The pause in which an alarm falls, and whether the alarm pages nevertheless."""

    pause_id: UUID
    until: datetime
    pages: bool


def judge(
    alarm_type: str,
    care_bed_id: UUID | None,
    observed_at: datetime,
    received_at: datetime,
    pauses: Iterable[Pause],
) -> Verdict | None:
    """Return the pause that an alarm falls in, the one that lasts longest; None: none.

    What was observed before a pause, or is received after its end, falls in none: a late message is never
    silenced by what has begun or ended since.
    """
    found = [
        one
        for one in pauses
        if one.starts_at <= observed_at
        and received_at < one.ends_at
        and one.care_bed_id in {None, care_bed_id}
    ]
    if not found:
        return None
    last = max(found, key=lambda one: (one.ends_at, one.pause_id))
    return Verdict(last.pause_id, last.ends_at, alarm_type in PAGES_ALL_THE_SAME)
