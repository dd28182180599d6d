"""Verified visits become claims: by hand for Hekou, once, and anew when a grade changes."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.db import Pool
from core.errors import NotFound
from services import claims, entitlements, statements
from tests.makers import NOW
from tests.services.worlds import TEXT, World, at, make_world

MONTH = date(2026, 11, 1)


async def _subsidies(world: World, visits: list[UUID]) -> list[str]:
    return [(await world.money(visit))[1] for visit in visits]


@pytest.mark.parametrize(
    ("grade", "quota"),
    [
        ("intact", "200.00"),
        ("mild", "200.00"),
        ("moderate", "260.00"),
        ("severe", "320.00"),
        ("total", "320.00"),
    ],
)
async def test_each_grade_is_paid_up_to_its_quota_and_not_a_fen_more(
    world: World, grade: str, quota: str
) -> None:
    elder = await world.elder(grade)
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4, 6, 8, 10)]
    assert await claims.tick(world.worker, NOW) == 5
    paid = [Decimal((await world.claim(visit))["subsidy"]) for visit in visits]
    assert sum(paid) == Decimal(quota)
    assert await world.used(elder) == (grade, quota, quota)


async def test_a_quota_used_up_in_the_middle_of_a_visit_splits_it(world: World) -> None:
    elder = await world.elder("moderate")
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4, 6, 8)]
    await claims.tick(world.worker, NOW)
    assert [await world.money(visit) for visit in visits] == [
        ("80.00", "80.00", "0.00"),
        ("80.00", "80.00", "0.00"),
        ("80.00", "80.00", "0.00"),
        ("80.00", "20.00", "60.00"),
    ]
    codes = [words["code"] for words in (await world.claim(visits[3]))["explanation"]]
    assert codes == [
        "grade_in_force",
        "rate",
        "contract_price",
        "units",
        "amount",
        "quota_left",
        "subsidy_partial",
    ]


async def test_a_visit_that_arrives_late_takes_its_place_in_the_order_of_the_month(world: World) -> None:
    elder = await world.elder("intact")
    later = [await world.visit(elder, "bath", at(day)) for day in (10, 12)]
    await claims.tick(world.worker, NOW)
    offline = await world.visit(elder, "bath", at(3))
    await claims.tick(world.worker, NOW)
    assert [await world.money(visit) for visit in (offline, *later)] == [
        ("80.00", "80.00", "0.00"),
        ("80.00", "80.00", "0.00"),
        ("80.00", "40.00", "40.00"),
    ]


async def test_a_grade_that_changes_within_the_month_counts_from_its_day(world: World) -> None:
    elder = await world.elder("moderate")
    days = (2, 4, 6, 8, 20, 21)
    visits = [await world.visit(elder, "bath", at(day)) for day in days]
    await claims.tick(world.worker, NOW)
    assert await _subsidies(world, visits) == ["80.00", "80.00", "80.00", "20.00", "0.00", "0.00"]
    async with world.worker.transaction(world.district) as conn:
        await world.grade(conn, elder, "severe", date(2026, 11, 15))
        await claims.reprice(conn, district=world.district, elder=elder, since=date(2026, 11, 15))
    assert await _subsidies(world, visits) == ["80.00", "80.00", "80.00", "20.00", "60.00", "0.00"]
    assert [(await world.claim(visit))["grade"] for visit in visits[3:5]] == ["moderate", "severe"]
    assert await world.used(elder) == ("severe", "320.00", "320.00")


async def test_a_better_grade_takes_nothing_back_and_adds_nothing(world: World) -> None:
    elder = await world.elder("severe")
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4, 6, 20)]
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        await world.grade(conn, elder, "mild", date(2026, 11, 15))
        await claims.reprice(conn, district=world.district, elder=elder, since=date(2026, 11, 15))
    assert await _subsidies(world, visits) == ["80.00", "80.00", "80.00", "0.00"]
    assert await world.used(elder) == ("mild", "200.00", "240.00")


async def test_a_closed_statement_never_changes(world: World) -> None:
    elder = await world.elder("moderate")
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4, 6, 20)]
    await claims.tick(world.worker, NOW)
    before = [await world.claim(visit) for visit in visits]
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE statement SET state = 'checked'")
        await world.grade(conn, elder, "severe", date(2026, 11, 15))
        await claims.reprice(conn, district=world.district, elder=elder, since=date(2026, 11, 15))
    after = [await world.claim(visit) for visit in visits]
    assert [one["explanation"] for one in before] == [one["explanation"] for one in after]
    late = await world.visit(elder, "bath", at(21))
    await claims.tick(world.worker, NOW)
    row = await world.claim(late)
    assert (str(row["subsidy"]), row["month"], row["flags"]) == ("60.00", MONTH, ["late"])
    async with world.worker.transaction(world.district) as conn:
        assert (await statements.find(conn, row["statement_id"]))["month"] == date(2026, 12, 1)


async def test_the_service_date_is_the_local_day_of_the_start(world: World) -> None:
    elder = await world.elder("intact")
    visit = await world.visit(elder, "meal", at(1, hour=1, month=12))
    await claims.tick(world.worker, NOW + timedelta(days=20))
    row = await world.claim(visit)
    assert (row["service_on"], row["month"]) == (date(2026, 12, 1), date(2026, 12, 1))


async def test_two_ticks_at_once_make_one_claim_each(world: World) -> None:
    elders = [await world.elder("moderate") for _ in range(3)]
    visits = [await world.visit(elder, "bath", at(day)) for elder in elders for day in (2, 4, 6, 8)]
    made = await asyncio.gather(*(claims.tick(world.worker, NOW) for _ in range(3)))
    assert sum(made) == len(visits)
    for elder in elders:
        assert await world.used(elder) == ("moderate", "260.00", "260.00")
    assert await claims.tick(world.worker, NOW) == 0


async def test_a_private_visit_leaves_the_quota_alone(world: World) -> None:
    elder = await world.elder("mild")
    visit = await world.visit(elder, "bath", at(3), funding="private")
    await claims.tick(world.worker, NOW)
    assert await world.money(visit) == ("80.00", "0.00", "80.00")
    assert (await world.claim(visit))["entitlement_id"] is None


async def test_a_doubted_visit_is_a_claim_with_its_flags(world: World) -> None:
    elder = await world.elder("mild", category="tekun")
    witnesses = [{"witness": "devices", "says": "contradicts", "code": "bed_occupied"}]
    elements = {"place": {"ok": False, "code": "far"}, "times": {"ok": True, "code": "ok"}}
    visit = await world.visit(elder, "bath", at(3), "doubted", elements=elements, witnesses=witnesses)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE elder SET died_on = $2 WHERE id = $1", elder, date(2026, 11, 1))
    await claims.tick(world.worker, NOW)
    assert (await world.claim(visit))["flags"] == ["doubted", "proof_place", "witness_devices", "after_death"]


async def test_a_district_that_refuses_what_is_over_the_quota_flags_it(
    pool_owner: Pool, pool_worker: Pool, keys: Any
) -> None:
    world = await make_world(pool_owner, pool_worker, keys, over_quota="refuse")
    elder = await world.elder("mild")
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4, 6)]
    await claims.tick(world.worker, NOW)
    row = await world.claim(visits[2])
    assert (row["flags"], row["explanation"][-1]["code"]) == (["over_quota"], "over_quota_refused")
    assert (await world.claim(visits[1]))["flags"] == []


async def test_another_district_sees_no_claim_no_statement_and_no_entitlement(
    world: World, pool_owner: Pool, pool_web: Pool, keys: Any
) -> None:
    other = await make_world(pool_owner, world.worker, keys, "341302")
    elder = await world.elder("mild")
    visit = await world.visit(elder, "bath", at(3))
    await claims.tick(world.worker, NOW)
    claim = await world.claim(visit)
    async with pool_web.transaction(other.district) as conn:
        assert await claims.list_(conn) == []
        assert await statements.list_(conn) == []
        assert await entitlements.of_month(conn, elder, MONTH) == []
        with pytest.raises(NotFound):
            await claims.find(conn, claim["id"])
        with pytest.raises(NotFound):
            await statements.find(conn, claim["statement_id"])


async def test_a_statements_totals_are_the_sums_of_its_claims(world: World) -> None:
    for grade in ("mild", "severe"):
        elder = await world.elder(grade)
        for day in (2, 3, 4, 5, 6):
            await world.visit(elder, "bath", at(day))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        [statement] = await statements.list_(conn, MONTH)
        lines = await claims.list_(conn, statement_id=statement["id"], limit=200)
    assert (statement["state"], statement["claims"]) == ("draft", 10)
    for total, column in (("total", "amount"), ("subsidy", "subsidy"), ("copay", "copay")):
        assert statement[total] == sum(line[column] for line in lines)
    assert str(statement["subsidy"]) == "520.00"


async def test_an_event_tells_of_the_claim_and_of_the_statement(world: World) -> None:
    elder = await world.elder("mild")
    visit = await world.visit(elder, "bath", at(3))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT kind, visit_id, elder_id, roles FROM event ORDER BY id")
    for row in rows:
        assert f"provider_manager:{world.provider}" in row["roles"], "no other provider hears it"
        assert "provider_manager" not in row["roles"]
    assert [(row["kind"], row["visit_id"], row["elder_id"]) for row in rows] == [
        ("claim.created", visit, elder),
        ("statement.changed", None, None),
    ]


async def test_the_months_entitlements_are_opened_for_everybody_once(world: World) -> None:
    elders = {await world.elder("mild"), await world.elder("total")}
    await world.elder(None)
    assert await entitlements.tick(world.worker, NOW) == 2
    assert await entitlements.tick(world.worker, NOW) == 0
    async with world.worker.transaction(world.district) as conn:
        rows = await entitlements.list_(conn, MONTH)
    assert {row["elder_id"] for row in rows} == elders
    assert {str(row["quota"]) for row in rows} == {"200.00", "320.00"}


async def test_an_enrolment_says_what_the_scheme_is_called(world: World) -> None:
    elder = await world.elder("mild")
    async with world.worker.transaction(world.district) as conn:
        (one,) = await entitlements.enrolments(conn, elder)
    assert f'name = "{one["scheme_name"]}"' in TEXT
