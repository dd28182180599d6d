"""A scheme as its page shows it: for whom, how much, by which rules, and what a version changed."""

from collections.abc import Iterator
from difflib import unified_diff
from itertools import groupby
from typing import Any

from services.policy import Scheme
from services.policy.fields import Line, Proration

Fact = tuple[str, str, str]
"""A rule's code, the table of its value ("" when it is said as it stands), the value."""

_WHO = (
    ("assistance", "assistances"),
    ("residence", "residences"),
    ("place", "care_places"),
    ("living", "livings"),
)


def facts(scheme: Scheme) -> list[tuple[str, list[Fact]]]:
    """Return the rules that a scheme states with their values, in the order in which a clerk asks."""
    found = [*_who(scheme), *_others(scheme), *_visits(scheme), *_time(scheme)]
    return [(rule, list(values)) for rule, values in groupby(found, key=lambda one: one[0])]


def lines(scheme: Scheme) -> list[dict[str, Any]]:
    """Return the amounts: {amount, cap, assumed, whose: [(table, code)], ages: (from, to)}."""
    if scheme.rates:
        return [
            {
                "amount": amount,
                "cap": None,
                "assumed": False,
                "ages": (None, None),
                "whose": _graded(scheme.scale, [grade]),
            }
            for grade, amount in scheme.rates.items()
        ]
    return [
        {
            "amount": line.amount,
            "cap": line.cap,
            "assumed": line.assumed,
            "ages": (line.age_from, line.age_to),
            "whose": list(_whose(scheme, line)),
        }
        for line in scheme.amounts
    ]


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines that differ as ("gone" | "new" | "same", text), with two lines around each."""
    marks = {"-": "gone", "+": "new", " ": "same"}
    found = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [(marks[line[0]], line[1:]) for line in list(found)[2:] if line[0] in marks]


def _graded(scale: str, grades: list[str]) -> list[tuple[str, str]]:
    return [("scale_grades", f"{scale}:{grade}") for grade in grades]


def _whose(scheme: Scheme, line: Line) -> Iterator[tuple[str, str]]:
    yield from _graded(scheme.scale, list(line.grades))
    yield from _graded("disability_certificate", list(line.certificate))
    tables = (
        ("assistance", "assistances"),
        ("category", "categories"),
        ("residence", "residences"),
        ("place", "care_places"),
    )
    for field, table in tables:
        yield from ((table, code) for code in getattr(line, field))


def _who(scheme: Scheme) -> Iterator[Fact]:
    who = scheme.who
    yield from (("age_from", "", str(who.age_from)),) if who.age_from is not None else ()
    yield from (("age_to", "", str(who.age_to)),) if who.age_to is not None else ()
    if who.household == "here":
        yield "household", "scheme_choices", "here"
    for field, table in _WHO:
        for code in getattr(who, field):
            yield field, table, code
    for scale, grades in who.grades.items():
        for grade in grades:
            yield "grade", "scale_grades", f"{scale}:{grade}"
    if who.gradual_exit_months:
        yield "gradual_exit", "", str(who.gradual_exit_months)
    if len(scheme.categories) < 4:  # noqa: PLR2004 - all four of them
        yield from (("category", "categories", code) for code in scheme.categories)


def _others(scheme: Scheme) -> Iterator[Fact]:
    for field in ("excludes", "yields_to", "yields_to_drawn"):
        table = "draws" if field == "yields_to_drawn" else ""
        yield from ((field, table, code) for code in getattr(scheme, field))
    if scheme.needs_life_proof:
        yield "needs_life_proof", "scheme_choices", "yes"
    for floor in scheme.floors:
        yield "floor", "", f"{floor.times} x {floor.scheme}"


def _visits(scheme: Scheme) -> Iterator[Fact]:
    if scheme.kind not in {"services", "voucher"}:
        return
    yield "priority", "", str(scheme.priority)
    within, beyond = scheme.copay.shares
    if within:
        yield "copay_within", "", f"{within:.0%}"
    if beyond < 1:
        yield "copay_beyond", "", f"{beyond:.0%}"
    if scheme.package is not None:
        yield "package", "", str(scheme.package.visits or "-")
    months = str(scheme.carry.months) if scheme.carry.to == "months" else ""
    yield f"carry_{scheme.carry.to}", "" if months else "scheme_choices", months or "yes"


def _time(scheme: Scheme) -> Iterator[Fact]:
    yield "change", "scheme_choices", scheme.change
    if scheme.kind == "allowance":
        proration = scheme.proration or Proration()
        yield "start", "scheme_choices", proration.start
        yield "end", "scheme_choices", proration.end
        yield "stop_death", "scheme_choices", f"until_{scheme.stops.death}"
        yield "stop_moved", "scheme_choices", f"until_{scheme.stops.moved}"
    yield from ((kind, "", str(days)) for kind, days in scheme.suspension.items())
