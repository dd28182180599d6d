"""What each published figure means (pure); they are counted by `services.indicators.counting`."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Invalid

_FILE = Path(__file__).parents[1] / "data" / "indicators.toml"
_PERIOD = re.compile(r"(20\d\d)(H[12])?")
_PLACES = {"percent": 1, "ratio": 1, "seconds": 1, "minutes": 1, "yuan": 2}
_JULY = 7


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named figure: `split` by what it is divided, `lists` the list of what it counts ("" for none)."""

    code: str
    group: str
    unit: str
    name: str
    name_en: str
    text: str
    text_en: str
    split: str = ""
    lists: str = ""

    @property
    def is_share(self) -> bool:
        """Say whether it is one count divided by another."""
        return self.unit in {"percent", "ratio"}


@dataclass(frozen=True, slots=True)
class Period:
    """A half-year (2026H1) or a year (2026), both days counted."""

    code: str
    first: date
    last: date

    @property
    def before(self) -> "Period":
        """Return the period of the same length just before."""
        year = self.first.year
        if len(self.code) == len("2026"):
            return period(str(year - 1))
        return period(f"{year}H1") if self.first.month == _JULY else period(f"{year - 1}H2")


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as it was counted; `of` is what it is a share of."""

    code: str
    split: str
    value: Decimal
    of: Decimal | None


@cache
def all_() -> tuple[Indicator, ...]:
    """Return every indicator in the order of the report."""
    found: list[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["indicator"]
    return tuple(Indicator(**one) for one in found)


def find(code: str) -> Indicator | None:
    """Return an indicator by its code, or None."""
    return next((one for one in all_() if one.code == code), None)


def period(code: str) -> Period:
    """Read 2026H1, 2026H2 or 2026; raise Invalid."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        words = "period: a year and its half, as 2026H1, or a year"
        raise Invalid(words, [{"field": "period", "code": "unknown", "message": words}])
    year, half = int(found[1]), found[2]
    first = date(year, _JULY if half == "H2" else 1, 1)
    last = date(year, _JULY, 1) - timedelta(days=1) if half == "H1" else date(year, 12, 31)
    return Period(code, first, last)


def containing(day: date) -> Period:
    """Return the half-year of a day."""
    return period(f"{day.year}H{1 if day.month < _JULY else 2}")


def shown(indicator: Indicator, count: Count | None) -> str | None:
    """Return the figure as it is printed, rounded half-up; None where nothing is divided or measured."""
    if indicator.is_share:
        if count is None or not count.of:
            return None
        factor = 100 if indicator.unit == "percent" else 1
        return _rounded(count.value * factor / count.of, indicator.unit)
    if count is None:
        return None if indicator.unit in {"seconds", "minutes"} else _rounded(Decimal(0), indicator.unit)
    return _rounded(count.value, indicator.unit)


def rows(now: Iterable[Count], before: Iterable[Count]) -> list[dict[str, Any]]:
    """Return the rows: each indicator, each part of a divided one, with the last period beside it."""
    current = {(one.code, one.split): one for one in now}
    earlier = {(one.code, one.split): one for one in before}
    found = []
    for indicator in all_():
        for split in _splits(indicator, (*current, *earlier)):
            key = (indicator.code, split)
            pair = _told(indicator, current.get(key)), _told(indicator, earlier.get(key))
            found.append({"code": indicator.code, "split": split, **pair[0], "before": pair[1]})
    return found


def _splits(indicator: Indicator, keys: Iterable[tuple[str, str]]) -> list[str]:
    if not indicator.split:
        return [""]
    return sorted({split for code, split in keys if code == indicator.code})


def _told(indicator: Indicator, count: Count | None) -> Mapping[str, str | None]:
    of = None if count is None or count.of is None else str(count.of)
    value = None if count is None else str(count.value)
    return {"shown": shown(indicator, count), "value": value, "of": of}


def _rounded(value: Decimal, unit: str) -> str:
    places = _PLACES.get(unit, 0)
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
