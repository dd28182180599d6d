"""Wanted assessments, disputes, grades of other scales, guardianship: who may call what, and one of each."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import local_date
from core.ids import new_id
from services import assessment_disputes, assessment_wants
from services.guardianship import duties, guardianships, team
from services.guardianship.duties import NewDuty
from services.guardianship.team import NewMember
from tests import makers
from tests.dispatch.worlds import World
from tests.makers import NOW

OFFICE = {"clerk", "auditor", "approver", "admin"}
CLERK, ASSESSOR = {"clerk", "admin"}, {"assessor"}
PLAN = CLERK | ASSESSOR
SIGNED = """INSERT INTO assessment (id, district_id, elder_id, rules, items, score, grade, explanation,
                                    reason, assessed_on, assessor_1, assessor_2, signed_at, valid_to)
            VALUES ($1, $2, $3, 'gbt_42195_2022', '{}', 50, 'moderate', '[]', 'first', $4, $5, $6, $7, $8)"""

GUARDING: dict[tuple[str, str], set[str]] = {
    ("GET", "/assessments/{assessment_id}/result"): OFFICE | ASSESSOR | {"family"},
    ("POST", "/assessments/{assessment_id}/dispute"): CLERK | {"family"},
    ("GET", "/assessment-wants"): OFFICE | ASSESSOR,
    ("POST", "/assessment-wants"): PLAN,
    ("POST", "/assessment-wants/{assessment_want_id}/assign"): PLAN,
    ("POST", "/assessment-wants/{assessment_want_id}/drop"): CLERK,
    ("GET", "/assessment-disputes"): OFFICE | ASSESSOR,
    ("POST", "/assessment-disputes/{assessment_dispute_id}/withdraw"): CLERK,
    ("GET", "/tablet/assessments"): ASSESSOR,
    ("GET", "/elders/{elder_id}/grades"): OFFICE | ASSESSOR,
    ("POST", "/elders/{elder_id}/grades"): CLERK,
    ("GET", "/guardianships"): OFFICE,
    ("POST", "/guardianships"): CLERK,
    ("GET", "/guardianships/{guardianship_id}"): OFFICE,
    ("POST", "/guardianships/{guardianship_id}/step"): CLERK | {"approver"},
    **{
        ("POST", f"/guardianships/{{guardianship_id}}/{verb}"): CLERK
        for verb in ("appoint", "duty", "look", "close")
    },
    ("POST", "/guardianship-members/{guardianship_member_id}/end"): CLERK,
    ("POST", "/guardianship-duties/{guardianship_duty_id}/end"): CLERK,
}


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    return {
        "/assessments/{assessment_id}/dispute": {"grounds": ["answers"]},
        "/assessment-wants": {"elder_id": ids["elder_id"], "due_on": "2026-12-01"},
        "/assessment-wants/{assessment_want_id}/assign": {
            "first": ids["account_id"],
            "at": "2026-11-23T01:00:00Z",
        },
        "/elders/{elder_id}/grades": {
            "scale": "ltci",
            "grade": "3",
            "issuer": "i",
            "issued_on": "2026-01-05",
            "valid_from": "2026-02-01",
        },
        "/guardianships": {"elder_id": ids["elder_id"]},
        "/guardianships/{guardianship_id}/step": {
            "step": "investigate",
            "done_on": "2026-11-20",
            "finding": "no_relative",
        },
        "/guardianships/{guardianship_id}/appoint": {
            "role": "nurse",
            "valid_from": "2026-12-01",
            "name": "n",
        },
        "/guardianships/{guardianship_id}/duty": {
            "role": "official",
            "rrule": "FREQ=MONTHLY",
            "starts_on": "2026-12-01",
        },
        "/guardianships/{guardianship_id}/look": {"item": "home", "had": True, "on": "2026-11-20"},
        "/guardianships/{guardianship_id}/close": {"reason": "moved", "on": "2026-11-21"},
        "/guardianship-members/{guardianship_member_id}/end": {"on": "2026-12-31"},
        "/guardianship-duties/{guardianship_duty_id}/end": {"on": "2026-12-31"},
    }


async def make_guarding(world: World, ids: dict[str, UUID], assessor: Person, clerk: Person) -> None:
    """Make a signed and disputed assessment of another person, somebody who waits, and a guardianship."""
    async with world.web.transaction(world.district) as conn:
        other = await makers.make_person(conn, world.district, "assessor")
        elder = await makers.make_elder(conn, world.keys, world.district)
        signed, day = new_id(), local_date(NOW)
        who = (assessor.account_id, other.account_id)
        until = date(2027, 11, 20)
        await conn.execute(SIGNED, signed, world.district, elder, day, *who, NOW, until)
        what: dict[str, Any] = {"kind": "elder", "grounds": ["answers"], "words": "", "now": NOW}
        ids["assessment_dispute_id"] = await assessment_disputes.raise_(
            conn, world.keys, signed, by=clerk, **what
        )
        ids["assessment_want_id"] = await assessment_wants.ask(
            conn, elder=elder, reason="other", due_on=day, by=clerk, now=NOW
        )
        await _guard(world, conn, ids, elder, clerk, NOW)


async def _guard(
    world: World, conn: Any, ids: dict[str, UUID], elder: UUID, clerk: Person, now: datetime
) -> None:
    made = await guardianships.open_(conn, elder, clerk, now)
    first = local_date(now) + timedelta(days=1)
    ids["guardianship_id"] = made
    new = NewMember("official", first, "o")
    ids["guardianship_member_id"] = await team.appoint(conn, world.keys, made, new, by=clerk, now=now)
    task = NewDuty("caregiver", "FREQ=MONTHLY", first, (time(9), time(10)))
    ids["guardianship_duty_id"] = await duties.give(conn, made, task, by=clerk, now=now)
