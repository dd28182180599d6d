"""Local time, only for recurrence and rendering; UTC everywhere else (STYLE rule 10)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
"""China has one zone and no summer time; a setting may name another."""


def local(at: datetime, zone: ZoneInfo = ZONE) -> datetime:
    """Return an instant in local time."""
    return at.astimezone(zone)


def local_date(at: datetime, zone: ZoneInfo = ZONE) -> date:
    """Return the local day of an instant: the service date of money and grades."""
    return at.astimezone(zone).date()


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the following month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def at_local(day: date, clock: str, zone: ZoneInfo = ZONE) -> datetime:
    """Return the instant of `HH:MM` on a local day, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(ZoneInfo("UTC"))
