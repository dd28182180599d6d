"""The demonstration is whole, adds up, and survives a second start."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core import districts
from core.clock import month_of
from core.crypto import Keys
from core.db import Pool
from core.people import check_id_number
from deploy import demo
from deploy.demo import people as made_up
from deploy.demo import world
from devices import care_beds
from dispatch import visits
from services import claims, entitlements, statements
from services.assessing import Rules, score
from tests.databases import Database

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
async def accounts(database: Database, keys: Keys, tmp_path: Path) -> list[dict[str, str]]:
    return await demo.load(database.owner, keys, tmp_path, NOW)


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


async def test_the_accounts_file_lists_every_role_first_district_first(
    accounts: list[dict[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "demo-accounts.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == accounts
    first = [one["role"] for one in accounts if one["district"] == "370503"]
    assert first[:4] == ["operator", "operator", "duty_manager", "family"]
    assert first.count("caregiver") == 8
    assert [one["district"] for one in accounts] == sorted(
        (one["district"] for one in accounts), reverse=True
    )
    assert all(one["caregiver_id"] for one in accounts if one["role"] == "caregiver")
    assert all(one["elder_id"] for one in accounts if one["role"] == "family")


@pytest.mark.usefixtures("accounts")
async def test_every_bed_has_a_graded_elder_with_an_entitlement_this_month(
    pool_web: Pool,
) -> None:
    grades = set()
    async with pool_web.transaction(await district(pool_web)) as conn:
        beds = await care_beds.list_(conn, limit=100)
        for bed in beds:
            [month] = await entitlements.of_month(conn, bed["elder_id"], month_of(NOW.date()))
            grades.add(month["grade"])
    assert len(beds) == 20
    assert grades == {"intact", "mild", "moderate", "severe", "total"}


@pytest.mark.usefixtures("accounts")
async def test_at_every_hour_of_the_week_two_may_answer_an_emergency(
    pool_worker: Pool,
) -> None:
    sql = """SELECT count(DISTINCT c.id) FROM caregiver c JOIN shift s ON s.caregiver_id = c.id
             JOIN certificate t ON t.caregiver_id = c.id AND t.skill = 'emergency' AND t.valid_to >= $1::date
             WHERE 'emergency' = ANY(c.skills) AND s.starts_at <= $1 AND s.ends_at > $1"""
    async with pool_worker.transaction(await district(pool_worker)) as conn:
        for hour in range(24 * 7):
            assert await conn.fetchval(sql, NOW + timedelta(hours=hour)) >= 2


async def test_a_second_start_keeps_everything_and_extends_the_roster(
    accounts: list[dict[str, str]], database: Database, keys: Keys, tmp_path: Path, pool_worker: Pool
) -> None:
    count = (
        "SELECT (SELECT count(*) FROM elder), (SELECT count(*) FROM device), (SELECT count(*) FROM account)"
    )
    where = await district(pool_worker)
    async with pool_worker.transaction(where) as conn:
        before = await conn.fetchrow(count)
    again = await demo.load(database.owner, keys, tmp_path, NOW + timedelta(days=3))
    async with pool_worker.transaction(where) as conn:
        after = await conn.fetchrow(count)
        last = await conn.fetchval("SELECT max(ends_at) FROM shift")
    assert again == accounts
    assert before == after
    assert last > NOW + timedelta(days=10)


@pytest.mark.usefixtures("accounts")
async def test_every_device_of_the_simulator_has_a_password_or_a_hub(
    tmp_path: Path,
) -> None:
    homes = json.loads((tmp_path / "simulator.json").read_text())["homes"]
    assert len(homes) == 23
    assert (tmp_path / "simulator.json").stat().st_mode & 0o777 == 0o600
    assert all(device["password"] for home in homes for device in home["devices"])


async def test_the_last_days_have_been_worked_and_are_on_a_statement_and_the_next_are_planned(
    accounts: list[dict[str, str]], pool_web: Pool
) -> None:
    caregiver = next(one["caregiver_id"] for one in accounts if one["role"] == "caregiver")
    async with pool_web.transaction(await district(pool_web)) as conn:
        found = await statements.list_(conn, date(2026, 11, 1))
        flagged = sum(row["flagged"] for row in found)
        done = sum(row["claims"] for row in found)
        assert await claims.unpriced(conn) == []
        tomorrow = await visits.list_(conn, caregiver_id=UUID(caregiver), day=date(2026, 11, 22))
    assert done >= 35
    assert 0 < flagged < 10
    assert {row["state"] for row in tomorrow} == {"accepted"}
