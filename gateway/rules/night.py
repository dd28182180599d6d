"""Local clocks of rules: is it night, and when will the waking day have been silent for so long."""

from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAYS = 60


@cache
def _clock(text: str) -> time:
    return time.fromisoformat(text)


def is_between(at: datetime, start: str, end: str, zone: ZoneInfo) -> bool:
    """Say whether an instant's local clock lies in [start, end), which may pass midnight."""
    now, first, last = at.astimezone(zone).time(), _clock(start), _clock(end)
    return first <= now < last if first <= last else now >= first or now < last


def next_clock(at: datetime, clock: str, zone: ZoneInfo) -> datetime:
    """Return the next instant after `at` at which the local clock shows this."""
    day = at.astimezone(zone).date()
    today, tomorrow = (
        datetime.combine(day + timedelta(days=nth), _clock(clock), zone).astimezone(at.tzinfo)
        for nth in range(2)
    )
    return today if today > at else tomorrow


def clock_minutes(clock: str) -> float:
    """Return the minutes of the day that a clock shows."""
    at = _clock(clock)
    return at.hour * 60.0 + at.minute


def next_minutes(at: datetime, minutes: float, zone: ZoneInfo) -> datetime:
    """Return the first instant at or after `at` that lies so many minutes after a local midnight."""
    day = at.astimezone(zone).date()
    midnights = (datetime.combine(day + timedelta(days=nth), time(), zone) for nth in range(-1, 2))
    found = (one.astimezone(at.tzinfo) + timedelta(minutes=minutes) for one in midnights)
    return min(one for one in found if one >= at)


def minutes_of(at: datetime, zone: ZoneInfo) -> float:
    """Return the minutes of the local day."""
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute + local.second / 60


def after_waking_hours(since: datetime, hours: float, start: str, end: str, zone: ZoneInfo) -> datetime:
    """Return the instant at which `hours` of the waking day [start, end) have passed since `since`."""
    left = timedelta(hours=hours)
    day = since.astimezone(zone).date()
    for nth in range(_DAYS):
        on = day + timedelta(days=nth)
        opens = max(datetime.combine(on, _clock(start), zone).astimezone(since.tzinfo), since)
        closes = datetime.combine(on, _clock(end), zone).astimezone(since.tzinfo)
        if closes > opens:
            if closes - opens > left:
                return opens + left
            left -= closes - opens
    return since + timedelta(days=_DAYS)
