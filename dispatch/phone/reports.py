"""A changed condition, seen by who comes to the home: may ask for an assessment, stays until settled."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import events
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.events import OPERATORS
from core.sql import load
from dispatch import fields, journal
from dispatch.phone import involved
from dispatch.phone.checklists import CHANGES

SQL = load(__file__)
OUTCOMES = ("assessment_planned", "plan_changed", "no_change_needed", "seen_by_doctor")
TOLD = (*OPERATORS, "provider_manager", "clerk", "assessor")


async def keep(
    conn: Conn,
    keys: Keys,
    identity: UUID,
    visit_id: UUID,
    by: Person,
    now: datetime,
    *,
    changes: Sequence[str],
    note: str | None,
    wants_assessment: bool,
    observed_at: datetime,
) -> None:
    """Keep a report under the phone's id; sent twice it is one. What nobody knows is refused by name."""
    visit = await involved.find(conn, visit_id, by)
    unknown = sorted(set(changes) - set(CHANGES))
    if unknown or not (changes or note):
        raise fields.wrong("changes", "unknown" if unknown else "missing", f"some of {', '.join(CHANGES)}")
    sealed = keys.seal(visit["district_id"], note) if note else None
    whose = (identity, visit["district_id"], visit_id, visit["elder_id"], by.caregiver_id)
    what = (sorted(set(changes)), sealed, wants_assessment, min(observed_at, now), now)
    if await conn.fetchval(SQL.create_report, *whose, *what) is None:
        return
    data = {"report_id": str(identity), "changes": sorted(set(changes)), "wants_assessment": wants_assessment}
    await journal.visit(conn, visit, "condition_report", now, by=by, data=data)
    await events.write(
        conn,
        district=visit["district_id"],
        kind="elder.changed",
        subject=identity,
        roles=TOLD,
        at=now,
        visit=visit_id,
        elder=visit["elder_id"],
    )


async def list_open(conn: Conn, provider: UUID | None = None) -> list[Row]:
    """Return reports that nobody has settled, those that ask for an assessment first."""
    return await conn.fetch(SQL.list_open, provider)


async def assessment_planned(conn: Conn, reports: Sequence[UUID], account: UUID, now: datetime) -> None:
    """Settle reports for which an assessment is planned or made; what is settled already stays as it is."""
    if reports:
        await conn.execute(SQL.plan_assessment, list(reports), account, now)


async def settle(conn: Conn, identity: UUID, by: Person, now: datetime, outcome: str) -> None:
    """Say what came of a report; the first one says it."""
    if not await conn.fetchval(SQL.report_exists, identity):
        raise NotFound(f"no condition report {identity}")
    fields.one_of("outcome", outcome, OUTCOMES)
    if await conn.fetchval(SQL.settle_report, identity, by.account_id, now, outcome) is None:
        raise Conflict("this report is settled", code="wrong_state", state="closed", verb="close")
