"""Reading the forms of care plans: what is no number or day is left out, and named by the rules."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.errors import Invalid
from services.plan_items import NewItem

_MONEY = re.compile(r"-?[0-9]{1,8}(\.[0-9]{1,2})?", re.ASCII)
LINES = 10
"""Lines that the form has room for."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OFTEN = ("weekly", "fortnightly", "daily", "rule")


def text(sent: Mapping[str, Any], name: str, most: int = 2000) -> str:
    """Return a field's text."""
    return str(sent.get(name, "")).replace("\0", "").strip()[:most]


def identity(value: str) -> UUID | None:
    """Return the id that a text spells, or None."""
    try:
        return UUID(value)
    except ValueError:
        return None


def needed_id(sent: Mapping[str, Any], name: str, field: str | None = None) -> UUID:
    """Return an id; raise Invalid when none is given."""
    found = identity(text(sent, name))
    if found is None:
        raise _wrong(field or name, "missing")
    return found


def day(sent: Mapping[str, Any], name: str) -> date | None:
    """Return a day, None when nothing is given; raise Invalid when it is none."""
    given = text(sent, name)
    if not given:
        return None
    try:
        found = date.fromisoformat(given)
    except ValueError as error:
        raise _wrong(name, "date") from error
    if not 1900 <= found.year <= 2200:  # noqa: PLR2004 - what a calendar of ours can hold
        raise _wrong(name, "date")
    return found


def needed_day(sent: Mapping[str, Any], name: str) -> date:
    """Return a day; raise Invalid when none is given."""
    found = day(sent, name)
    if found is None:
        raise _wrong(name, "date")
    return found


def number(sent: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number, None when nothing is given; raise Invalid when it is none."""
    given = text(sent, name, 12)
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 7):  # noqa: PLR2004 - below a million
        raise _wrong(name, "number")
    return int(given)


def money(sent: Mapping[str, Any], name: str) -> Decimal:
    """Return yuan; raise Invalid when it is no amount with at most two decimals."""
    given = text(sent, name, 16)
    if not _MONEY.fullmatch(given):
        raise _wrong(name, "amount")
    return Decimal(given)


def lines(sent: Mapping[str, Any]) -> list[NewItem]:
    """Return the lines of a plan that are filled in; raise Invalid with fields named `items.0.rrule`."""
    filled = [n for n in range(LINES) if text(sent, f"items.{n}.service")]
    place = {str(n): position for position, n in enumerate(filled)}
    return [line(sent, n, place) for n in filled]


def line(sent: Mapping[str, Any], n: int, place: Mapping[str, int]) -> NewItem:
    """Return one line of the form."""
    at = f"items.{n}."
    windows = [w for w in (_window(sent, f"{at}{nth}") for nth in ("a", "b", "c")) if w]
    follows = place.get(text(sent, f"{at}follows"))
    staff = text(sent, f"{at}staff")
    return NewItem(
        service=text(sent, f"{at}service", 50),
        rrule=rrule(sent, at),
        windows=tuple(windows),
        minutes=number(sent, f"{at}minutes"),
        holiday=text(sent, f"{at}holiday") or "as_usual",
        working_days_only=bool(sent.get(f"{at}working_days_only")),
        starts_on=day(sent, f"{at}starts_on"),
        each_window=bool(sent.get(f"{at}each_window")),
        staff=int(staff) if staff in {"1", "2"} else None,
        provider_id=identity(text(sent, f"{at}provider_id")),
        funding=text(sent, f"{at}funding") or "subsidy",
        within_quota=bool(sent.get(f"{at}within_quota")),
        is_optional=bool(sent.get(f"{at}is_optional")),
        is_movable=bool(sent.get(f"{at}is_movable")),
        follows=follows,
        follows_min=number(sent, f"{at}follows_min") or 0,
        follows_max=number(sent, f"{at}follows_max") or 120,
        note=text(sent, f"{at}note"),
        keeps=identity(text(sent, f"{at}keeps")),
    )


def rrule(sent: Mapping[str, Any], at: str) -> str:
    """Return the rule that the boxes say, or the one that is written out."""
    often = text(sent, f"{at}often")
    if often == "rule":
        return text(sent, f"{at}rrule", 300)
    days = ",".join(code for code in WEEKDAYS if sent.get(f"{at}{code}"))
    if often == "daily":
        return "FREQ=DAILY"
    step = ";INTERVAL=2" if often == "fortnightly" else ""
    return f"FREQ=WEEKLY{step};BYDAY={days}" if days else ""


def _window(sent: Mapping[str, Any], at: str) -> tuple[time, time] | None:
    since, until = text(sent, f"{at}.from"), text(sent, f"{at}.to")
    if not since and not until:
        return None
    try:
        return time.fromisoformat(since), time.fromisoformat(until)
    except ValueError as error:
        raise _wrong(f"{at.rpartition('.')[0]}.windows", "clock") from error


def given(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of an existing line is filled with."""
    filled: dict[str, Any] = {
        name: row[name]
        for name in ("service", "minutes", "holiday", "staff", "provider_id", "funding", "note", "rrule")
    }
    flags = ("working_days_only", "each_window", "within_quota", "is_optional", "is_movable")
    filled |= {name: row[name] for name in flags}
    filled |= _often(str(row["rrule"]))
    windows = zip(("a", "b", "c"), row["windows"], strict=False)
    filled |= {f"{nth}.{end}": window[end] for nth, window in windows for end in ("from", "to")}
    return filled | {"keeps": row["id"], "starts_on": row["starts_on"].isoformat()}


def _often(rule: str) -> dict[str, Any]:
    parts = dict(piece.split("=", 1) for piece in rule.split(";"))
    days = parts.get("BYDAY", "").split(",")
    step = parts.get("INTERVAL", "1")
    if rule == "FREQ=DAILY":
        return {"often": "daily"}
    simple = parts.keys() <= {"FREQ", "BYDAY", "INTERVAL"} and set(days) <= set(WEEKDAYS)
    if parts["FREQ"] == "WEEKLY" and simple and step in {"1", "2"}:
        return {"often": "weekly" if step == "1" else "fortnightly", **dict.fromkeys(days, "1")}
    return {"often": "rule"}


def _wrong(name: str, code: str) -> Invalid:
    problem = Invalid(f"{name}: {code}", [{"field": name, "code": code}])
    problem.extra["placed"] = True  # the field is named as the form names it, not as the rules count lines
    return problem
