"""How figures, dates and ages are written for a reader; pure."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from core.clock import ZONE, local_date
from dashboards.vocabulary.mark import N_
from dashboards.words import say

NOTHING = "\N{EN DASH}"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


_AGES = (
    (_MINUTE, 1, N_("just now"), N_("%(n)s s")),
    (_HOUR, _MINUTE, N_("%(n)s min ago"), N_("%(n)s min")),
    (_DAY, _HOUR, N_("%(n)s h ago"), N_("%(n)s h")),
)
MOMENT, WEEKDAY, MONTH = N_("d MMM HH:mm"), N_("EEEE d MMM"), N_("MMMM y")
_DAYS_AGO, _DAYS = N_("%(n)s days ago"), N_("%(n)s days")


class Formats:
    """The filters of one language."""

    def __init__(self, language: str, zone: ZoneInfo = ZONE) -> None:
        self.language = language
        self.zone = zone

    def time(self, at: datetime | str | None, *, seconds: bool = False) -> str:
        """Write a local clock time."""
        if not at:
            return NOTHING
        return as_time(at).astimezone(self.zone).strftime("%H:%M:%S" if seconds else "%H:%M")

    def moment(self, at: datetime | str | None) -> str:
        """Write a local day and clock time."""
        if not at:
            return NOTHING
        return format_datetime(as_time(at), self._pattern(MOMENT), self.zone, locale=self.language)

    def day(self, day: date | datetime | str | None) -> str:
        """Write a day."""
        if not day:
            return NOTHING
        return format_date(as_day(day, self.zone), "medium", locale=self.language)

    def weekday(self, day: date | datetime | str) -> str:
        """Write a day with its weekday, without the year."""
        return format_date(as_day(day, self.zone), self._pattern(WEEKDAY), locale=self.language)

    def month(self, month: date) -> str:
        """Write a month."""
        return format_date(month, self._pattern(MONTH), locale=self.language)

    def money(self, amount: Decimal | str | None) -> str:
        """Write yuan with two decimals."""
        if amount is None:
            return NOTHING
        return "¥" + format_decimal(Decimal(amount), "#,##0.00", locale=self.language)

    def number(self, value: float | Decimal | None, digits: int = 1) -> str:
        """Write a number with at most so many decimals."""
        if value is None:
            return NOTHING
        return format_decimal(value, "#,##0." + "#" * digits, locale=self.language)

    def ago(self, at: datetime | str | None, now: datetime) -> str:
        """Write how long ago something was."""
        if not at:
            return NOTHING
        return self._span(now - as_time(at), 2, _DAYS_AGO)

    def span(self, length: timedelta) -> str:
        """Write a length of time."""
        return self._span(length, 3, _DAYS)

    def _pattern(self, message: str) -> str:
        return say(self.language, message)

    def _span(self, length: timedelta, column: int, days: str) -> str:
        seconds = max(0, int(length.total_seconds()))
        for below, unit, *words in _AGES:
            if seconds < below:
                return say(self.language, words[column - 2], n=seconds // unit)
        return say(self.language, days, n=seconds // _DAY)


def as_time(value: datetime | str) -> datetime:
    """Return an instant that may be written as ISO 8601."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def as_day(value: date | datetime | str, zone: ZoneInfo) -> date:
    """Return the local day of a date or an instant."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return local_date(value, zone) if isinstance(value, datetime) else value
