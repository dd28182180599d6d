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
