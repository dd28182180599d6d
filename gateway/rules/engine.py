"""Run the rules over what was said and over time; the only door to them, live and in a replay."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.rules import manners
from gateway.rules.book import Book
from gateway.rules.families import Entry, Rule
from gateway.rules.memory import Instance, Raised, Seen, Watch


def hear(watch: Watch, seen: Seen, book: Book, *, has_mat: bool) -> tuple[list[Raised], bool]:
    """Judge one message; return what is raised and whether the memory changed.

    `has_mat` says that a mat is registered at the bed. Motion alone is judged until that mat has spoken: one
    that was bound and never worked must not blind the rule.
    """
    raised: list[Raised] = []
    is_changed = "in_bed" in seen.values and not watch.mat_spoke
    watch.mat_spoke |= is_changed
    has_mat &= watch.mat_spoke
    instances = watch.instances
    for metric, value in seen.values.items():
        for entry in book.by_metric.get(metric, ()):
            key = entry.fixed_key or f"{entry.name}/{seen.device.id}"
            one = instances.get(key)
            if one is None and entry.low <= value <= entry.high:
                continue  # nearly all: without a call, as this loop is where the time goes
            if _is_plain(entry, one, value, seen) or (has_mat and entry.is_motion_only):
                continue
            if entry.rule.key(seen) is None or _was_heard(entry, metric, seen):
                continue
            if one is None:
                one = instances[key] = Instance()
            is_changed |= _hear(book, entry.rule, one, seen, key, raised)
    return raised, is_changed


def _is_plain(entry: Entry, one: Instance | None, value: float, seen: Seen) -> bool:
    """Say whether a value begins nothing and changes nothing: so do nearly all."""
    if one is None:
        return _is_calm(entry.rule, seen)
    if entry.every_s and one.last is not None and one.since is None:
        return (seen.at - one.last).total_seconds() < entry.every_s and entry.sane_low <= value
    return entry.is_edge and one.is_on == value and (one.due is None or one.due > seen.at)


def _was_heard(entry: Entry, metric: str, seen: Seen) -> bool:
    """Say whether a rule that listens to several values has had this message already."""
    metrics = entry.rule.metrics
    return len(metrics) > 1 and next(name for name in seen.values if name in metrics) != metric


def _is_calm(rule: Rule, seen: Seen) -> bool:
    calm = getattr(rule, "is_calm", None)
    return calm is not None and bool(calm(seen))


def _hear(book: Book, rule: Rule, one: Instance, seen: Seen, key: str, raised: list[Raised]) -> bool:
    before = _picture(one)
    if one.held is not None or (one.due is not None and one.due <= seen.at):
        raised.extend(_pass(book, rule, one, key, seen.at))
    between = _picture(one) if one.held is not None else None
    found = list(rule.hear(one, seen, key))
    if between is not None and _picture(one) != between:
        manners.drop(one)
    if found:
        raised.extend(manners.tell(one, found, book.manners.get(rule.name)))
    return _picture(one) != before


def _picture(one: Instance) -> tuple[object, ...]:
    return (
        *(one.due, one.since, one.back, one.last, one.other, one.raised, one.is_on, one.count),
        *(one.told, one.held_until),
    )


def _pass(book: Book, rule: Rule, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
    """Let happen what was due before `at` on the device's own clock; nothing is due twice by time alone."""
    yield from manners.release(one, at)
    while one.due is not None and one.due <= at:
        found = list(rule.pass_(one, key, one.due))
        yield from manners.tell(one, found, book.manners.get(rule.name))
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
            raised.extend(_pass(book, rule, one, key, now - timedelta(seconds=one.lag_s)))
    return raised
