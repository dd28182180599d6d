"""A care plan's item in words: when it happens, for a reader who has never heard of RFC 5545."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from babel.dates import get_day_names

from core.errors import Invalid
from dashboards.vocabulary.mark import N_
from dashboards.words import say, word
from services import recurrence
from services.expecting import Item

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY = {
    "DAILY": (N_("every day"), N_("every %(n)s days")),
    "WEEKLY": (N_("weekly on %(days)s"), N_("every %(n)s weeks on %(days)s")),
    "MONTHLY": (N_("monthly on %(days)s"), N_("every %(n)s months on %(days)s")),
}
_PLAIN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"}
_ORDINALS = {
    "1": N_("the first %(day)s"),
    "2": N_("the second %(day)s"),
    "3": N_("the third %(day)s"),
    "4": N_("the fourth %(day)s"),
    "-1": N_("the last %(day)s"),
}


def says(language: str, item: Mapping[str, Any]) -> str:
    """Say an item in one line: how often, at which times, what, and what becomes of holidays."""
    parts = [
        often(language, item["rrule"], item["starts_on"]),
        say(language, N_(", ")).join(times(item["windows"])),
        word(language, "services", item["service"]),
    ]
    tail = word(language, "holidays", item["holiday"])
    if item["working_days_only"]:
        tail = say(language, N_("working days only"))
    return say(
        language, N_("%(what)s; %(holidays)s"), what=" ".join(part for part in parts if part), holidays=tail
    )


def of_item(language: str, item: Item) -> str:
    """Say an item as the services hold it."""
    rule = item.rule
    row = {"service": item.service, "rrule": rule.rrule, "starts_on": rule.starts_on, "windows": item.windows}
    return says(language, {**row, "holiday": rule.holiday, "working_days_only": rule.working_days_only})


def often(language: str, rrule: str, starts_on: date) -> str:
    """Say how often; a rule beyond the usual ones is shown as it is written."""
    try:
        parts = recurrence.parts(rrule)
    except Invalid:
        return rrule
    every = _EVERY.get(parts["FREQ"])
    if every is None or not parts.keys() <= _PLAIN:
        return rrule
    n = parts.get("INTERVAL", "1")
    said = _days(language, parts, starts_on)
    if said is None:
        return rrule
    text = say(language, every[n != "1"], n=n, days=said)
    if "COUNT" in parts:
        text = say(language, N_("%(text)s, %(n)s times"), text=text, n=parts["COUNT"])
    if "UNTIL" in parts:
        until = parts["UNTIL"]
        day = f"{until[:4]}-{until[4:6]}-{until[6:8]}"
        text = say(language, N_("%(text)s until %(day)s"), text=text, day=day)
    return text


def _days(language: str, parts: Mapping[str, str], starts_on: date) -> str | None:
    joint = say(language, N_(", "))
    names = get_day_names("abbreviated", locale=language)
    if parts["FREQ"] == "MONTHLY" and "BYMONTHDAY" in parts and "BYDAY" not in parts:
        return joint.join(_day_of_month(language, day) for day in parts["BYMONTHDAY"].split(","))
    if "BYMONTHDAY" in parts:
        return None
    if "BYDAY" not in parts:
        if parts["FREQ"] == "MONTHLY":
            return _day_of_month(language, str(starts_on.day))
        return str(names[starts_on.weekday()])
    found = []
    for one in parts["BYDAY"].split(","):
        name = names[DAYS.index(one[-2:])]
        nth = one[:-2].lstrip("+")
        if nth and nth not in _ORDINALS:
            return None
        found.append(say(language, _ORDINALS[nth], day=name) if nth else str(name))
    return joint.join(found) if parts["FREQ"] != "DAILY" else None


def _day_of_month(language: str, day: str) -> str:
    if day.lstrip("+-") != day.lstrip("+"):
        return say(language, N_("day %(n)s from the end"), n=day.lstrip("-"))
    return say(language, N_("the %(n)s."), n=day.lstrip("+"))


def times(windows: Sequence[Any]) -> list[str]:
    """Write windows as 9:00 to 10:30, from rows or from pairs of times."""
    made = []
    for one in windows:
        since, until = (one["from"], one["to"]) if isinstance(one, Mapping) else one
        made.append(f"{_short(since)}\N{EN DASH}{_short(until)}")
    return made


def _short(clock: str | time) -> str:
    text = clock if isinstance(clock, str) else f"{clock:%H:%M}"
    return text.removeprefix("0") if text.startswith("0") and text[1] != ":" else text
