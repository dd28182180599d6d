"""The questions of a case: what was answered by whom, what is asked now, how grave it is after that.

A case keeps the script that was in force when it was opened. Every answer is a row; one that is changed stays
beside its successor. Severity follows the answers by compare-and-set, until a person sets it by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from dispatch import cases, journal, protocol_scripts
from dispatch.fields import wrong
from dispatch.protocol_script import BadAnswer, Script, Walk, first, normal, walk

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A case's script and where its answers lead."""

    script: Script
    version: str
    start: str | None
    walk: Walk
    answers: tuple[Row, ...]
    overridden_by: str | None
    own_steps: Sequence[Row]

    @property
    def valid(self) -> dict[str, str]:
        """Return the answers that hold, by question."""
        return {row["node"]: row["value"] for row in self.answers if row["replaced_at"] is None}


async def of_case(conn: Conn, case: Row) -> Asked:
    """Return what a case is asked, in one statement: {id, type, class, opened_at} of it are enough."""
    row = await conn.fetchrow(SQL.find_asked, case["id"], case["opened_at"], case["type"])
    assert row is not None  # noqa: S101 - it joins to a row without columns
    text = row["words"] if row["words"] is not None else protocol_scripts.OURS
    version = f"v{row['version']}" if row["source"] == "district" else _ours(row["digest"])
    script = protocol_scripts.parsed(text)
    start = first(script, row["alarm_type"] or case["type"], is_care=case["class"] == "care")
    answers = tuple({**one, "at": datetime.fromisoformat(one["at"])} for one in row["answers"])
    valid = {one["node"]: one["value"] for one in answers if one["replaced_at"] is None}
    walked = walk(script, start, valid)
    return Asked(script, version, start, walked, answers, row["overridden_by_name"], row["own_steps"])


def _ours(mark: bytes | None = None) -> str:
    """Name ours by the beginning of its digest: it has no number that means the same everywhere."""
    return f"ours {(mark or protocol_scripts.digest(protocol_scripts.OURS)).hex()[:8]}"


async def answer(
    conn: Conn,
    case_id: UUID,
    node: str,
    value: str,
    by: Person,
    now: datetime,
    *,
    was: str | None = None,
    version: str | None = None,
) -> Asked:
    """Answer a question of an open case; the same answer again changes nothing.

    `was` is the answer that the writer saw there (None: it was open), `version` the script they read. Raise
    Invalid naming `answer`, or Conflict: not_asked, already_answered naming who was first, protocol_changed.
    """
    case = await cases.lock(conn, case_id)
    if case["state"] == "closed":
        raise Conflict("the case is closed", code="wrong_state", state="closed", verb="answer")
    asked = await of_case(conn, case)
    if version is not None and version != asked.version:
        raise Conflict("other questions are in force", code="protocol_changed")
    if node not in asked.walk.asked:
        raise Conflict("this is not asked now", code="not_asked_now")
    try:
        kept = normal(asked.script.nodes[node], value)
    except BadAnswer as bad:
        raise wrong("answer", f"answer_{bad.code}", "no answer of this question") from bad
    before = asked.valid.get(node)
    if before == kept:
        return asked
    await _begin(conn, case, by, now)
    await _check_was(conn, case_id, node, before, was)
    await _write(conn, case, node, kept, by, now)
    after = await of_case(conn, case)
    await _tell(conn, case, asked, after, node, by, now)
    return after


async def set_severity(
    conn: Conn, case_id: UUID, to: int, by: Person, now: datetime, *, was: int, note: str | None = None
) -> None:
    """Set how grave a case is by hand: answers change it no more. Raise Conflict when it is not `was`."""
    if to not in range(1, 6):
        raise wrong("severity", "unknown", "1 to 5")
    case = await cases.lock(conn, case_id)
    if case["state"] == "closed":
        raise Conflict("the case is closed", code="wrong_state", state="closed", verb="set_severity")
    await _begin(conn, case, by, now)
    if await conn.fetchval(SQL.set_severity, case_id, was, to) is None:
        raise Conflict(
            "it is no longer as grave as that", code="severity_changed", severity=str(case["severity"])
        )
    await conn.execute(SQL.override, case_id, by.account_id, now)
    data = {"from": was, "to": to, "by": "hand"}
    await journal.case(conn, case, "severity", now, by=by, note=note or None, data=data)


async def _begin(conn: Conn, case: Row, by: Person, now: datetime) -> None:
    """Fix script, start and first severity of a case with the first that anybody does."""
    if await conn.fetchval(SQL.is_begun, case["id"]):
        return
    own = await protocol_scripts.in_force(conn, case["opened_at"])
    script = own["id"] if own else await protocol_scripts.kept(conn, case["district_id"], now)
    values = (case["id"], case["district_id"], script, case["type"], case["severity"], by.account_id, now)
    await conn.execute(SQL.begin, *values)


async def _check_was(conn: Conn, case_id: UUID, node: str, before: str | None, was: str | None) -> None:
    if before == was:
        return
    first_ = await conn.fetchrow(SQL.who_answered, case_id, node)
    at = first_["at"].isoformat() if first_ else ""
    name = first_["name"] if first_ and first_["name"] else "?"
    raise Conflict(f"{name} has answered this meanwhile", code="already_answered", by=name, at=at)


async def _write(conn: Conn, case: Row, node: str, value: str, by: Person, now: datetime) -> None:
    identity = new_id()
    await conn.execute(SQL.replace, case["id"], node, identity, now)
    await conn.execute(
        SQL.create_answer, identity, case["district_id"], case["id"], node, value, by.account_id, now
    )


async def _tell(
    conn: Conn, case: Row, before: Asked, after: Asked, node: str, by: Person, now: datetime
) -> None:
    """Write the line of the answer; where the answers now say another severity, change it and say so."""
    question, value = after.script.nodes[node], after.valid[node]
    is_text = question.kind == "text"
    data: dict[str, Any] = {"node": node, "answer": None if is_text else value, "version": after.version}
    data |= {"was": None if is_text else before.valid.get(node), "asks": dict(question.asks)}
    said = next((step.answer.names for step in after.walk.path if step.node.code == node), {})
    data["says"] = dict(said)
    await journal.case(conn, case, "answer", now, by=by, note=value if is_text else None, data=data)
    if after.overridden_by is not None or after.walk.severity == before.walk.severity:
        return
    to = after.walk.severity or await conn.fetchval(SQL.first_severity, case["id"])
    if to != case["severity"] and await conn.fetchval(SQL.set_severity, case["id"], case["severity"], to):
        changed = {"from": case["severity"], "to": to, "by": "protocol"}
        await journal.case(conn, case, "severity", now, by=by, data=changed)
