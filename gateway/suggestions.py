"""Proposals for one person: tried on the stored days of the home, against what people found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn
from gateway import alarm_rules, rule_proposals, stored
from gateway.rules import book, tuning
from gateway.rules.book import Book
from gateway.rules.tuning import Effect, Verdict
from gateway.stored import Days

Override = tuple[str, bool, dict[str, object]]


async def days_of(
    conn: Conn, care_bed: UUID, since: datetime, until: datetime
) -> tuple[Days, list[Override]]:
    """Return the stored days of a bed, and what is in force for its person now."""
    elder = await conn.fetchval(stored.SQL.find_elder, care_bed)
    rows = await alarm_rules.overrides(conn, elder, until)
    overrides = [(row["rule"], row["enabled"], row["params"]) for row in rows]
    return await stored.read(conn, care_bed, since, until, compiled(overrides)), overrides


def compiled(overrides: Sequence[Override]) -> Book:
    """Return the rules in force."""
    return book.compile_(overrides)


def suggest(days: Days, overrides: Sequence[Override], verdicts: Sequence[Verdict]) -> list[Effect]:
    """Return the best harmless change of each rule that was called false; if a replay shows one."""
    rules = book.compile_(overrides)
    before, figures = days.replay(rules)
    found = []
    for rule in sorted({one.rule for one in verdicts if not one.is_real}):
        params = {**book.shown()[rule]["params"], **_own(rule, overrides)} if rule in book.shown() else {}
        effects = []
        for change in tuning.candidates(rule, params):
            after, _ = days.replay(_changed(overrides, rule, change))
            effects.append(tuning.compare(rule, change, figures["person_days"], before, after, verdicts))
        chosen = tuning.best(effects)
        if chosen is not None:
            found.append(chosen)
    return found


def _own(rule: str, overrides: Sequence[Override]) -> dict[str, object]:
    return {name: value for one, _, params in overrides if one == rule for name, value in params.items()}


def _changed(overrides: Sequence[Override], rule: str, change: dict[str, object]) -> Book:
    return book.compile_([*overrides, (rule, True, change)])


async def propose(
    conn: Conn, *, district: UUID, elder: UUID, effects: Sequence[Effect], now: datetime
) -> int:
    """Store what is suggested for a person; return how many."""
    for one in effects:
        await rule_proposals.propose(
            conn,
            district=district,
            elder=elder,
            rule=one.rule,
            params=one.params,
            effect=one.as_dict(),
            now=now,
        )
    return len(effects)
