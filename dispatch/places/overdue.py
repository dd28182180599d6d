"""Who is to be called on, how often, and who has waited too long; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MET = ("well", "needs_help", "refused")
"""Outcomes that count as a call: somebody was met."""
_TOWN, _VILLAGE = 9, 12
_RURAL_TOWN, _RURAL_VILLAGE = 100, 200


@dataclass(frozen=True, slots=True)
class Standing:
    """When the next call is due; `days` is how long ago that was, negative ahead of it."""

    every_days: int
    due_on: date
    days: int

    @property
    def is_overdue(self) -> bool:
        """Say whether the day has passed."""
        return self.days > 0


def category(*, lives_alone: bool, age: int, is_rural: bool, from_age: int) -> str | None:
    """Return why somebody should be called on, None: by these facts there is no need.

    That children have left (`left_behind`) or that there is hardship no fact of ours says: a person does.
    """
    if not is_rural:
        return None
    if lives_alone:
        return "alone"
    return "high_age" if age >= from_age else None


def is_rural(region: str | None) -> bool:
    """Say whether a region code is a village or a town of the country (GB/T 10114); unknown counts as rural.

    Of a village code the last three digits are 200 or more, of a town code 100 or more.
    """
    if region is None:
        return True
    if len(region) == _VILLAGE:
        return int(region[-3:]) >= _RURAL_VILLAGE
    return len(region) != _TOWN or int(region[-3:]) >= _RURAL_TOWN


def standing(
    today: date, since: date, last: date | None, kind: str, own_days: int | None, settings: Mapping[str, int]
) -> Standing:
    """Return when the next call is due, counted from the last that met somebody, or from the start."""
    every = own_days or settings.get(kind, min(settings.values(), default=30))
    due = (last or since) + timedelta(days=every if last else 0)
    return Standing(every, due, (today - due).days)
