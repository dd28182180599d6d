"""Run the rules over what was said and over time; the only door to them, live and in a replay."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import astuple

from gateway.rules import manners
from gateway.rules.book import Book
from gateway.rules.families import Rule
from gateway.rules.manners import Manner
from gateway.rules.memory import Instance, Raised, Seen, Watch
from gateway.rules.plans import Step


def hear(watch: Watch, seen: Seen, book: Book, *, has_mat: bool) -> tuple[list[Raised], bool]:
    """Judge one message; return what is raised and whether the memory changed.

    `has_mat` says that a mat is registered at the bed. Motion alone is judged until that mat has spoken: one
    that was bound and never worked must not blind the rule.
    """
    raised: list[Raised] = []
    is_changed = "in_bed" in seen.values and not watch.mat_spoke
    watch.mat_spoke |= is_changed
    instances, values, device = watch.instances, seen.values, seen.device.id
    for step in book.steps(seen, is_mat=has_mat and watch.mat_spoke):
        key = step.fixed_key or step.prefix + device
        one = instances.get(key)
        if one is None:
            if step.low <= values[step.metric] <= step.high or (step.is_calm and step.is_calm(seen)):
                continue
            one = instances[key] = Instance()
        elif step.is_plain(one, seen):
            continue
        is_changed |= _hear(step, one, seen, key, raised)
    return raised, is_changed


def _hear(step: Step, one: Instance, seen: Seen, key: str, raised: list[Raised]) -> bool:
    before = astuple(one)
    if one.held is not None or (one.due is not None and one.due <= seen.at):
        raised.extend(_pass(step.rule, step.manner, one, key, seen.at))
    between = _picture(one) if one.held is not None else None
    found = list(step.rule.hear(one, seen, key))
    if between is not None and _picture(one) != between:
        manners.drop(one)
    if found:
        raised.extend(manners.tell(one, found, step.manner))
    return astuple(one) != before


def _picture(one: Instance) -> tuple[object, ...]:
    """Return what tells whether the condition of an alarm that is held has changed."""
    return (
        *(one.due, one.since, one.back, one.last, one.other, one.raised, one.is_on, one.count),
        *(one.told, one.held_until),
    )


def _pass(rule: Rule, manner: Manner | None, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
    """Let happen what was due before `at` on the device's own clock; nothing is due twice by time alone."""
    yield from manners.release(one, at)
    while one.due is not None and one.due <= at:
        found = list(rule.pass_(one, key, one.due))
        yield from manners.tell(one, found, manner)
    yield from manners.release(one, at)


def sweep(watch: Watch, book: Book, now: datetime) -> list[Raised]:
    """Let time alone raise what is due; the clock of each device is `now` less its lag."""
    raised: list[Raised] = []
    for key, one in watch.instances.items():
        if one.due is None and one.held is None:
            continue
        rule = book.rule_of(key)
        if rule is None:
            one.due = None
            manners.drop(one)
        else:
            raised.extend(
                _pass(rule, book.manners.get(rule.name), one, key, now - timedelta(seconds=one.lag_s))
            )
    return raised
