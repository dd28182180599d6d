"""The items of a care plan: read from rows and forms, checked by field, kept where nothing changed; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from core.errors import Invalid
from core.ids import new_id
from dispatch import service_items
from dispatch.fields import one_of, wrong
from services import recurrence
from services.expecting import Item
from services.recurrence import Rule

FUNDINGS = ("subsidy", "private", "none")
_MOST_MINUTES, _MOST_WINDOWS, _MOST_GAP = 720, 8, 1440


@dataclass(frozen=True, slots=True)
class NewItem:
    """One line as written: `keeps` is the item that it continues, `follows` the place of an earlier line."""

    service: str
    rrule: str
    windows: tuple[tuple[time, time], ...]
    minutes: int | None = None
    holiday: str = "as_usual"
    working_days_only: bool = False
    starts_on: date | None = None
    except_on: tuple[date, ...] = ()
    also_on: tuple[date, ...] = ()
    each_window: bool = False
    staff: int | None = None
    provider_id: UUID | None = None
    funding: str = "subsidy"
    within_quota: bool = False
    is_optional: bool = False
    is_movable: bool = False
    follows: int | None = None
    follows_min: int = 0
    follows_max: int = 60
    note: str = ""
    keeps: UUID | None = None


def rule_of(new: NewItem, first: date) -> Rule:
    """Return the rule of a line whose plan begins on a day; raise Invalid naming the part."""
    one_of("holiday", new.holiday, recurrence.HOLIDAYS)
    rule = Rule(
        new.rrule.strip().upper().removeprefix("RRULE:").rstrip(";"),
        new.starts_on or first,
        except_on=tuple(sorted(set(new.except_on))),
        also_on=tuple(sorted(set(new.also_on))),
        holiday=new.holiday,  # type: ignore[arg-type]
        working_days_only=new.working_days_only,
    )
    recurrence.check(rule)
    return rule


def check(new: NewItem) -> None:
    """Raise Invalid naming the field that cannot be."""
    item = service_items.get(new.service)
    if new.service == "emergency":
        raise wrong("service", "unplannable", "an emergency is not planned")
    one_of("funding", new.funding, FUNDINGS)
    if new.minutes is not None and not 0 < new.minutes <= _MOST_MINUTES:
        raise wrong("minutes", "count", f"1 to {_MOST_MINUTES}")
    if new.staff not in {None, 1, 2}:
        raise wrong("staff", "unknown", "1 or 2")
    _check_windows(new.windows, new.minutes or item.minutes)
    if new.follows is not None and not 0 <= new.follows_min <= new.follows_max <= _MOST_GAP:
        raise wrong("follows_max", "before_start", "the most minutes are fewer than the least")


def _check_windows(windows: Sequence[tuple[time, time]], minutes: int) -> None:
    if not 0 < len(windows) <= _MOST_WINDOWS:
        raise wrong("windows", "count", f"1 to {_MOST_WINDOWS} windows")
    spans = sorted((_minutes(since), _minutes(until)) for since, until in windows)
    for since, until in spans:
        length = (until - since) % 1440
        if length < minutes:
            raise wrong("windows", "too_short", f"a window is shorter than {minutes} minutes")
    for one, other in pairwise(spans):
        if other[0] < one[1] or one[1] <= one[0]:
            raise wrong("windows", "overlap", "two of them overlap")


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def resolve(news: Sequence[NewItem], known: Mapping[UUID, Item], first: date) -> list[tuple[Item, str]]:
    """Return the version's items with their notes: one that says what a known one says is that one.

    Raises Invalid with fields named `items.0.rrule`.
    """
    made: list[tuple[Item, str]] = []
    for nth, new in enumerate(news):
        try:
            made.append((_item(new, [item for item, _ in made], known, first), new.note))
        except Invalid as problem:
            raise _within(problem, f"items.{nth}") from problem
    if len({item.id for item, _ in made}) < len(made):
        raise wrong("items", "twice", "two lines continue the same item")
    return made


def _item(new: NewItem, before: Sequence[Item], known: Mapping[UUID, Item], first: date) -> Item:
    check(new)
    old = known.get(new.keeps) if new.keeps else None
    if new.keeps and old is None:
        raise wrong("keeps", "unknown", "no such item of this elder")
    if new.follows is not None and not 0 <= new.follows < len(before):
        raise wrong("follows", "not_before", "the line that it follows must stand before it")
    rule = rule_of(new, old.rule.starts_on if old and new.starts_on is None else first)
    made = Item(
        id=new_id(),
        service=new.service,
        rule=rule,
        windows=tuple(sorted(new.windows)),
        minutes=new.minutes or service_items.get(new.service).minutes,
        funding=new.funding,
        each_window=new.each_window and len(new.windows) > 1,
        staff=new.staff,
        provider_id=new.provider_id,
        within_quota=new.within_quota,
        is_optional=new.is_optional,
        is_movable=new.is_movable,
        follows=None if new.follows is None else (before[new.follows].id, new.follows_min, new.follows_max),
        replaces_id=old.id if old else None,
    )
    same = old is not None and replace(made, id=old.id, replaces_id=old.replaces_id) == old
    return old if old is not None and same else made


def _within(problem: Invalid, place: str) -> Invalid:
    errors: Any = problem.extra["errors"]
    named = [{**error, "field": f"{place}.{error['field']}"} for error in errors]
    return Invalid(f"{place}.{problem.detail}", named)


def as_row(new: NewItem, rule: Rule) -> dict[str, Any]:
    """Return what a line's row would say of when it happens."""
    return {
        "service": new.service,
        "rrule": rule.rrule,
        "starts_on": rule.starts_on,
        "holiday": rule.holiday,
        "working_days_only": rule.working_days_only,
    }


def read(row: Mapping[str, Any]) -> Item:
    """Return the item of a row."""
    rule = Rule(
        row["rrule"],
        row["starts_on"],
        except_on=tuple(row["except_on"]),
        also_on=tuple(row["also_on"]),
        holiday=row["holiday"],
        working_days_only=row["working_days_only"],
    )
    follows = (row["follows_id"], row["follows_min"], row["follows_max"]) if row["follows_id"] else None
    return Item(
        id=row["id"],
        service=row["service"],
        rule=rule,
        windows=tuple((clock(one["from"]), clock(one["to"])) for one in row["windows"]),
        minutes=row["minutes"],
        funding=row["funding"],
        each_window=row["each_window"],
        staff=row["staff"],
        provider_id=row["provider_id"],
        within_quota=row["within_quota"],
        is_optional=row["is_optional"],
        is_movable=row["is_movable"],
        follows=follows,
        replaces_id=row["replaces_id"],
    )


def values(item: Item) -> tuple[object, ...]:
    """Return an item's columns in the order of its INSERT."""
    rule = item.rule
    windows = [{"from": f"{since:%H:%M}", "to": f"{until:%H:%M}"} for since, until in item.windows]
    when = (rule.rrule, rule.starts_on, list(rule.except_on), list(rule.also_on), rule.holiday)
    how = (rule.working_days_only, windows, item.each_window, item.minutes, item.staff, item.provider_id)
    pays = (item.funding, item.within_quota, item.is_optional, item.is_movable)
    return (item.service, *when, *how, *pays, *(item.follows or (None, None, None)), item.replaces_id)


def clock(text: str) -> time:
    """Read `09:30`; raise Invalid when it is no time of the day."""
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise wrong("windows", "clock", f"{text[:10]} is no time of the day") from error
