"""Who has to be assessed is found once for each cause, planned, and done when an assessment is signed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import absences, grades
from core.db import Conn, Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch.phone import reports
from services import assessment_wants, assessments
from services.assessments import Form
from tests.makers import NOW, make_person
from tests.services.assessing.papers import BEST
from tests.services.worlds import World

TODAY = date(2026, 11, 21)
REPORT = """INSERT INTO condition_report (id, district_id, visit_id, elder_id, caregiver_id, changes,
                                          wants_assessment, observed_at, received_at)
            SELECT $1, v.district_id, v.id, v.elder_id, v.caregiver_id, '{fell}', true, $3, $3
            FROM visit v WHERE v.id = $2"""
CAREGIVER = """INSERT INTO caregiver (id, district_id, provider_id, name, gender, skills, lat, lon,
                                      created_at)
               VALUES ($1, $2, $3, 'c', 'female', '{}', 37.8, 118.5, $4) RETURNING id"""


async def graded(conn: Conn, world: World, elder: UUID, until: date) -> None:
    await grades.record(
        conn,
        district=world.district,
        elder=elder,
        scale="gbt_42195",
        grade="mild",
        valid_from=date(2026, 1, 1),
        valid_to=until,
        source=None,
        now=NOW,
    )


async def wanted(conn: Conn) -> list[tuple[UUID, str, str, date]]:
    rows = await assessment_wants.list_open(conn)
    return [(row["elder_id"], row["cause"], row["reason"], row["due_on"]) for row in rows]


async def test_grades_that_end_soon_or_have_ended_and_nobody_graded_are_found_once(
    world: World, pool_web: Pool
) -> None:
    soon, ended, later, never, dead = [await world.elder(None) for _ in range(5)]
    async with pool_web.transaction(world.district) as conn:
        for elder, until in ((soon, 30), (ended, -1), (later, 31), (dead, 3)):
            await graded(conn, world, elder, TODAY + timedelta(days=until))
        await absences.record_death(conn, dead, TODAY)
    assert await assessment_wants.tick(world.worker, NOW) == 3
    assert await assessment_wants.tick(world.worker, NOW) == 0
    async with pool_web.transaction(world.district) as conn:
        assert await wanted(conn) == [
            (ended, "lapsed", "routine", date(2026, 11, 20)),
            (never, "ungraded", "first", date(2026, 12, 6)),
            (soon, "lapsing", "routine", date(2026, 12, 21)),
        ]


async def test_a_reported_change_is_wanted_planned_and_done(world: World, pool_web: Pool) -> None:
    elder = await world.elder("mild")
    visit, report = await world.visit(elder, "bath", NOW - timedelta(hours=3)), new_id()
    async with pool_web.transaction(world.district) as conn:
        carer = await conn.fetchval(CAREGIVER, new_id(), world.district, world.provider, NOW)
        await conn.execute("UPDATE visit SET caregiver_id = $2 WHERE id = $1", visit, carer)
        await conn.execute(REPORT, report, visit, NOW)
        await assessment_wants.gather(conn, world.district, NOW)
        (want,) = await assessment_wants.list_open(conn)
        assert (want["cause"], want["reason"], want["due_on"]) == (
            "condition",
            "immediate",
            date(2026, 11, 28),
        )
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        at = datetime(2026, 11, 23, 1, tzinfo=UTC)
        await assessment_wants.assign(
            conn, want["id"], first=one.account_id, second=two.account_id, at=at, by=one, now=NOW
        )
        assert await reports.list_open(conn) == []
        (stop,) = await assessment_wants.today(conn, two.account_id, at)
        assert (stop.row["elder_id"], stop.row["with_name"], stop.km) == (elder, one.name, None)
        assert await assessment_wants.today(conn, two.account_id, at + timedelta(days=1)) == []
        made, _ = await assessments.record(
            conn,
            district=world.district,
            filled=Form(elder, BEST, {}, "immediate", date(2026, 11, 23)),
            assessor=one.account_id,
            now=at,
        )
        (unsigned,) = await assessment_wants.unsigned(conn, two.account_id)
        assert unsigned["id"] == made
        assert await assessment_wants.unsigned(conn, one.account_id) == []
        await assessments.sign(conn, made, assessor=two.account_id, now=at)
        assert await assessment_wants.list_open(conn) == []
        row = await assessment_wants.find(conn, want["id"])
        assert (row["state"], row["assessment_id"]) == ("done", made)


async def test_who_may_not_go_is_named_and_what_is_closed_stays(world: World, pool_web: Pool) -> None:
    elder = await world.elder("mild")
    async with pool_web.transaction(world.district) as conn:
        one = await make_person(conn, world.district, "assessor")
        clerk = await make_person(conn, world.district, "clerk")
        with pytest.raises(Invalid):
            await assessment_wants.ask(
                conn, elder=elder, reason="other", due_on=TODAY - timedelta(days=1), by=clerk, now=NOW
            )
        want = await assessment_wants.ask(conn, elder=elder, reason="other", due_on=TODAY, by=clerk, now=NOW)

        async def send(**given: Any) -> None:
            sent = {"first": one.account_id, "second": None, "at": NOW + timedelta(days=1)}
            await assessment_wants.assign(conn, want, by=clerk, now=NOW, **{**sent, **given})

        for wrong in (
            {"first": clerk.account_id},
            {"second": new_id()},
            {"at": NOW - timedelta(days=1)},
            {"at": NOW + timedelta(days=93)},
        ):
            with pytest.raises(Invalid):
                await send(**wrong)
        with pytest.raises(Conflict) as twice:
            await send(second=one.account_id)
        assert twice.value.code == "same_assessor"
        await send()
        await assessment_wants.drop(conn, want, clerk, NOW)
        with pytest.raises(Conflict):
            await assessment_wants.drop(conn, want, clerk, NOW)
        with pytest.raises(Conflict):
            await send()
        with pytest.raises(NotFound):
            await assessment_wants.drop(conn, new_id(), clerk, NOW)
        assert [row["name"] for row in await assessment_wants.assessors(conn)] == [one.name]
