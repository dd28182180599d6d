"""The demonstration is whole, adds up, and survives a second start."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import districts
from core.clock import month_of
from core.db import Pool
from core.people import check_id_number
from dashboards.vocabulary import TABLES
from deploy import demo as product
from deploy.demo import people as made_up
from deploy.demo import world
from devices import care_beds
from dispatch import visits
from dispatch.places import calling, meals, places
from services import claims, entitlements, statements
from services.assessing import Rules, score
from tests.databases import Database
from tests.demonstration import NOW, Demonstration


@pytest.fixture
async def worker(demo: Database) -> AsyncIterator[Pool]:
    pool = await Pool.open(demo.worker, size=2)
    yield pool
    await pool.close()


async def district(pool: Pool, code: str = "370503") -> Any:
    async with pool.transaction() as conn:
        row = await districts.find_by_code(conn, code)
        assert row is not None
        return row["id"]


@pytest.mark.parametrize("name", world.DISTRICTS)
def test_every_made_up_elder_has_a_valid_identity_number_and_the_score_that_is_wanted(name: str) -> None:
    place = world.read(name)
    numbers = {
        check_id_number(made_up.id_number(place.code, elder.born_on, elder.gender, nth))
        for nth, elder in enumerate(place.elders, 1)
    }
    assert len(numbers) == len(place.elders)
    for elder in place.elders:
        assert score(made_up.answers(elder.score), elder.adjustments, Rules()).score == elder.score


def test_the_accounts_file_lists_every_role_first_district_first(demonstration: Demonstration) -> None:
    path, accounts = demonstration.home / "demo-accounts.json", demonstration.accounts
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == accounts
    first = [one["role"] for one in accounts if one["district"] == "370503"]
    assert first[:4] == ["operator", "operator", "duty_manager", "family"]
    assert first.count("caregiver") == 8
    codes = [one["district"] for one in accounts]
    assert codes == sorted(codes, reverse=True)
    assert all(one["caregiver_id"] for one in accounts if one["role"] == "caregiver")
    assert all(one["elder_id"] for one in accounts if one["role"] == "family")


async def test_every_bed_has_a_graded_elder_with_an_entitlement_this_month(worker: Pool) -> None:
    grades = set()
    async with worker.transaction(await district(worker)) as conn:
        beds = await care_beds.list_(conn, limit=100)
        for bed in beds:
            [month] = await entitlements.of_month(conn, bed["elder_id"], month_of(NOW.date()))
            grades.add(month["grade"])
    assert len(beds) == 20
    assert grades == {"intact", "mild", "moderate", "severe", "total"}


async def test_at_every_hour_of_the_week_two_may_answer_an_emergency(worker: Pool) -> None:
    sql = """SELECT count(DISTINCT c.id) FROM caregiver c JOIN shift s ON s.caregiver_id = c.id
             JOIN certificate t ON t.caregiver_id = c.id AND t.skill = 'emergency' AND t.valid_to >= $1::date
             WHERE 'emergency' = ANY(c.skills) AND s.starts_at <= $1 AND s.ends_at > $1"""
    async with worker.transaction(await district(worker)) as conn:
        for hour in range(24 * 7):
            assert await conn.fetchval(sql, NOW + timedelta(hours=hour)) >= 2


async def test_a_second_start_keeps_everything_and_extends_the_roster(
    demonstration: Demonstration, demo: Database, worker: Pool
) -> None:
    count = """SELECT (SELECT count(*) FROM elder), (SELECT count(*) FROM device),
                      (SELECT count(*) FROM account), (SELECT count(*) FROM claim)"""
    where = await district(worker)
    async with worker.transaction(where) as conn:
        before = await conn.fetchrow(count)
    later = NOW + timedelta(days=3)
    again = await product.load(demo.owner, demonstration.keys, demonstration.home, later)
    async with worker.transaction(where) as conn:
        after = await conn.fetchrow(count)
        last = await conn.fetchval("SELECT max(ends_at) FROM shift")
    assert again == demonstration.accounts
    assert before == after
    assert last > NOW + timedelta(days=10)


def test_every_device_of_the_simulator_has_a_password(demonstration: Demonstration) -> None:
    path = demonstration.home / "simulator.json"
    homes = json.loads(path.read_text())["homes"]
    assert len(homes) == 23
    assert path.stat().st_mode & 0o777 == 0o600
    assert all(device["password"] for home in homes for device in home["devices"])


async def test_the_last_days_are_on_a_statement_and_the_next_are_planned(
    demonstration: Demonstration, worker: Pool
) -> None:
    caregiver = UUID(demonstration.login("caregiver")["caregiver_id"])
    async with worker.transaction(await district(worker)) as conn:
        found = await statements.list_(conn, date(2026, 11, 1))
        assert await claims.unpriced(conn) == []
        tomorrow = await visits.list_(conn, caregiver_id=caregiver, day=date(2026, 11, 22))
    assert sum(row["claims"] for row in found) >= 21
    assert 0 < sum(row["flagged"] for row in found) < 10
    assert {row["state"] for row in tomorrow} == {"accepted"}


async def test_every_proof_of_the_demo_has_its_six_elements_in_words_that_are_known(worker: Pool) -> None:
    async with worker.transaction(await district(worker)) as conn:
        rows = await conn.fetch("SELECT elements, witnesses FROM visit_proof")
    assert rows
    assert all(set(row["elements"]) == set(TABLES["elements"]) for row in rows)
    said = {one["code"] for row in rows for one in (*row["elements"].values(), *row["witnesses"])}
    assert said <= set(TABLES["proof"])


async def test_a_working_day_of_the_demo_is_full_with_doubles_and_nurses_after_baths(worker: Pool) -> None:
    sql = """SELECT count(*) AS visits, count(*) FILTER (WHERE staff = 2) AS doubles,
                    count(*) FILTER (WHERE follows_id IS NOT NULL) AS followers,
                    count(*) FILTER (WHERE windows <> '[]') AS several,
                    count(*) FILTER (WHERE movable_from IS NOT NULL) AS movable
             FROM visit WHERE origin LIKE 'care_plan_item:%'
             AND (window_start AT TIME ZONE 'Asia/Shanghai')::date = $1"""
    async with worker.transaction(await district(worker)) as conn:
        for ahead in range(2, 9):
            row = await conn.fetchrow(sql, NOW.date() + timedelta(days=ahead))
            assert row
            assert 30 <= row["visits"] <= 60
        monday = await conn.fetchrow(sql, date(2026, 11, 23))
        assert monday
        assert min(monday["doubles"], monday["followers"], monday["several"], monday["movable"]) >= 1
        assert await conn.fetchval("SELECT count(*) FROM care_plan_horizon WHERE failed IS NOT NULL") == 0


async def test_the_demo_has_places_of_every_kind_and_people_who_are_called_on(worker: Pool) -> None:
    async with worker.transaction(await district(worker)) as conn:
        kinds = {row["kind"] for row in await places.list_(conn)}
        duties = await calling.duties(conn, await district(worker), NOW)
        lunches = await meals.list_(conn, on=NOW.date())
    assert kinds == set(places.KINDS)
    assert {duty.standing.is_overdue for duty in duties} == {True, False}
    assert [row["ordered"] for row in lunches] == [8, 8]
