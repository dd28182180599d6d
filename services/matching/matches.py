"""Matches and what a clerk makes of them, in bulk: enrol, resume, suspend, end, or dismiss with a reason.

Each is looked at again when it is decided: what is no longer so is left alone and said. Deciding twice does
nothing the second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import audit
from core.accounts import Person
from core.clock import local_date, month_of
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.sql import load
from services import enrolments, standing, standings, subjects
from services.matching import finding
from services.matching.finding import ACTIONS, KINDS, Found

SQL = load(__file__)
MOST = 500
"""Matches that are decided in one go."""
_STATES = {"enrol": "enrolled", "resume": "enrolled", "end": "ended", "suspend": "suspended"}
_KIND_OF = {"enrol": "not_enrolled", "resume": "not_enrolled", "end": "no_longer", "suspend": "no_longer"}
_REASONS = {
    "unmet_alive": "deceased",
    "unmet_household": "moved_away",
    "unmet_exclusion": "excluded",
    "unmet_grade_ended": "grade_lapsed",
}
_AWAY = {"hospital": "hospital", "institution": "institution"}

__all__ = ["ACTIONS", "KINDS", "MOST", "Outcome", "counts", "decide", "list_"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one match: `done`, or the code of why nothing was done."""

    id: UUID
    code: str


async def list_(
    conn: Conn,
    *,
    state: str | None = "open",
    kind: str | None = None,
    scheme: str | None = None,
    elder_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return matches with their reasons and what is proposed, in the order in which they were found."""
    return await conn.fetch(SQL.list_matches, state, kind, scheme, after, limit, elder_id)


async def counts(conn: Conn) -> list[Row]:
    """Return what waits: {kind, scheme_code, scheme_name, n}."""
    return await conn.fetch(SQL.count_matches)


async def decide(
    conn: Conn,
    ids: Sequence[UUID],
    action: str,
    by: Person,
    now: datetime,
    *,
    reason: str = "",
    on: date | None = None,
) -> list[Outcome]:
    """Decide matches in one go; `on`: the first day of what is decided (None: the rule's).

    By rule somebody is enrolled from the first of this month, suspended from today, and an enrolment ends
    from today, after a death from the day after it. Raises NotFound when one is not of the district; Invalid
    on an unknown action, on more than `MOST`, or on a dismissal without a reason.
    """
    _check(ids, action, reason)
    rows = await conn.fetch(SQL.take_matches, list(set(ids)))
    if len(rows) != len(set(ids)):
        raise NotFound("no match of that id")
    today = local_date(now)
    schemes = await standing.in_force(conn, today)
    elders = [row["elder_id"] for row in rows]
    people, last = await subjects.load(conn, elders), await enrolments.last_entries(conn, elders)
    outcomes = []
    for row in rows:
        scheme, key = schemes.get(row["scheme_code"]), (row["elder_id"], row["scheme_code"])
        found = None
        if scheme is not None:
            judged = standings.judge(scheme, people[row["elder_id"]], today, last.get(key))
            found = finding.look(row["scheme_code"], judged, has_applied=False)
        code = await _one(conn, row, found, action, by, now, reason, on)
        outcomes.append(Outcome(row["id"], code))
    return outcomes


def _check(ids: Sequence[UUID], action: str, reason: str) -> None:
    wrong: list[dict[str, object]] = []
    if action not in ACTIONS:
        wrong.append({"field": "action", "code": "unknown", "message": f"one of {', '.join(ACTIONS)}"})
    if not 0 < len(ids) <= MOST:
        wrong.append({"field": "ids", "code": "count", "message": f"1 to {MOST}"})
    if action == "dismiss" and not reason.strip():
        wrong.append({"field": "reason", "code": "missing", "message": "say why"})
    if wrong:
        raise Invalid(", ".join(str(one["field"]) for one in wrong), wrong)


async def _one(
    conn: Conn,
    row: Row,
    found: Found | None,
    action: str,
    by: Person,
    now: datetime,
    reason: str,
    on: date | None,
) -> str:
    if row["state"] != "open":
        return "decided_already"
    if action == "dismiss":
        return await _decided(conn, row, "dismissed", by, now, reason)
    if found is None or found.kind != row["kind"]:
        await _decided(conn, row, "gone", by, now, "")
        return "no_longer_so"
    if _KIND_OF[action] != row["kind"]:
        return "other_kind"
    try:
        async with conn.transaction():
            await _act(conn, row, found, action, by, now, on)
    except (Conflict, Invalid) as problem:
        return problem.code
    return await _decided(conn, row, _STATES[action], by, now, reason)


async def _act(
    conn: Conn, row: Row, found: Found, action: str, by: Person, now: datetime, on: date | None
) -> None:
    today = local_date(now)
    said: dict[str, Any] = {"by": by.account_id, "now": now, "source": row["id"]}
    if _KIND_OF[action] == "not_enrolled":
        await _enter(conn, row, on or month_of(today), said)
        return
    day = on or (finding.ends_from(found.reasons, today) if action == "end" else today)
    holds = await enrolments.find_on(conn, row["elder_id"], row["scheme_code"], today)
    if holds is None:
        raise Conflict("the enrolment has ended", code="ended")
    act = enrolments.end if action == "end" else enrolments.suspend
    await act(conn, holds["id"], on=day, reason=why(found), **said)


async def _enter(conn: Conn, row: Row, first: date, said: dict[str, Any]) -> None:
    """Enter somebody, from no day that is counted already: after a suspension from its day on."""
    before = await enrolments.last_entries(conn, [row["elder_id"]])
    last = before.get((row["elder_id"], row["scheme_code"]))
    if last is not None and last["action"] in {"suspended", "ended"}:
        first = max(first, last["on_day"])
    if last is not None and last["action"] == "suspended":
        await enrolments.resume(conn, last["enrolment_id"], on=first, reason="returned_home", **said)
        return
    whose = {"district": row["district_id"], "elder": row["elder_id"], "scheme_code": row["scheme_code"]}
    await enrolments.enrol(conn, **whose, valid_from=first, reason="matched", **said)


def why(found: Found) -> str:
    """Return the reason of an end or a suspension that the first condition which is not met gives."""
    for one in found.reasons:
        if one["code"] == "unmet_present":
            return _AWAY.get(one.get("absence", ""), "other")
        if one["code"] in _REASONS:
            is_card = one.get("scale") == "disability_certificate"
            return "certificate_lapsed" if is_card else _REASONS[one["code"]]
    return "no_longer_eligible"


async def _decided(conn: Conn, row: Row, state: str, by: Person, now: datetime, reason: str) -> str:
    await conn.fetchval(SQL.decide_match, row["id"], state, by.account_id, now, reason.strip()[:500] or None)
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action=f"match.{state}",
        subject_kind="match",
        subject=row["id"],
        detail={"elder": str(row["elder_id"]), "scheme": row["scheme_code"], "kind": row["kind"]},
    )
    return "done"
