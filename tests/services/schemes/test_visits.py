"""Visits priced under schemes that look at more than the grade: on the real database, by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core import absences, districts, person_facts
from services import claims, contracts, entitlements, schemes
from services.contracts import Price
from tests.makers import NOW
from tests.services.schemes.people import FOLDER
from tests.services.worlds import PRICES, TEXT, World, at

HAIDIAN = (FOLDER / "haidian_home_bed.toml").read_text("utf-8").replace('"110108"', '"370503"')
VOUCHER = (FOLDER / "national_voucher.toml").read_text("utf-8")
CARRY = '\n[carry]\nto = "months"\nmonths = 1\n'


async def load(world: World, text: str) -> None:
    async with world.worker.transaction(world.district) as conn:
        await schemes.load(conn, district=world.district, district_code="370503", text=text, now=NOW)


async def elder_in(world: World, grade: str, *codes: str, **facts: str) -> UUID:
    """Make an elder enrolled in Hekou's visits only if it is among the codes."""
    elder = await world.elder(grade)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE enrolment SET valid_to = valid_from WHERE elder_id = $1", elder)
        for code in codes:
            await entitlements.enrol(
                conn, district=world.district, elder=elder, scheme_code=code, valid_from=date(2026, 6, 1)
            )
        for kind, value in {"household": "370503", **facts}.items():
            await record(world, conn, elder, kind, value, date(2026, 1, 1))
    return elder


async def record(world: World, conn: Any, elder: UUID, kind: str, value: str, since: date) -> None:
    given: dict[str, Any] = {"kind": kind, "value": value, "valid_from": since, "valid_to": None}
    origin: dict[str, Any] = {"source": "clerk", "source_id": None, "now": NOW}
    await person_facts.record(conn, district=world.district, elder=elder, **given, **origin)


async def last(world: World, visit: UUID) -> dict[str, str]:
    words: dict[str, str] = (await world.claim(visit))["explanation"][-1]
    return words


async def test_beyond_the_free_quota_half_is_paid_on_the_database_too(world: World) -> None:
    await load(world, HAIDIAN)
    elder = await elder_in(world, "moderate", "haidian_home_bed")
    # bathing 80 each, 300 free: three whole (240), the fourth 60 and half of 20 = 10, the fifth half of 80
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 3, 4, 5, 6)]
    await claims.tick(world.worker, NOW)
    paid = [(await world.money(visit))[1:] for visit in visits]
    assert paid == [("80.00", "0.00")] * 3 + [("70.00", "10.00"), ("40.00", "40.00")]
    async with world.worker.transaction(world.district) as conn:
        [month] = await entitlements.of_month(conn, elder, date(2026, 11, 1))
    assert (str(month["quota"]), str(month["used"])) == ("300.00", "350.00")


async def test_a_visit_in_hospital_days_is_not_subsidised_and_says_so(world: World) -> None:
    await load(world, HAIDIAN)
    elder = await elder_in(world, "severe", "haidian_home_bed")
    async with world.worker.transaction(world.district) as conn:
        await absences.record(
            conn,
            district=world.district,
            elder=elder,
            kind="hospital",
            starts_on=date(2026, 11, 3),
            ends_on=date(2026, 11, 6),
            now=NOW,
        )
    visits = [await world.visit(elder, "bath", at(day)) for day in (3, 4, 6)]
    await claims.tick(world.worker, NOW)
    assert [(await world.money(visit))[1] for visit in visits] == ["80.00", "0.00", "80.00"]
    words = await last(world, visits[1])
    assert (words["code"], words["condition"], words["absence"]) == ("not_eligible", "present", "hospital")


async def test_a_fact_that_comes_later_prices_the_month_anew(world: World) -> None:
    await load(world, HAIDIAN)
    elder = await elder_in(world, "severe", "haidian_home_bed")
    visit = await world.visit(elder, "bath", at(20))
    await claims.tick(world.worker, NOW)
    assert (await world.money(visit))[1] == "80.00"
    async with world.worker.transaction(world.district) as conn:
        await record(world, conn, elder, "draws", "nursing_allowance", date(2026, 11, 16))
        await claims.reprice(conn, district=world.district, elder=elder, since=date(2026, 11, 16))
    assert (await last(world, visit))["condition"] == "exclusion"
    assert (await world.money(visit))[1:] == ("0.00", "80.00")


async def test_of_two_schemes_that_cover_a_service_the_one_with_priority_pays_alone(world: World) -> None:
    await load(world, VOUCHER)
    both = await elder_in(world, "moderate", "hekou_home_visits", "national_voucher")
    # 260 of Hekou: three bathings of 80 and 20 of the fourth; the voucher is not asked for the rest
    visits = [await world.visit(both, "bath", at(day)) for day in (2, 3, 4, 5)]
    await claims.tick(world.worker, NOW)
    found = [await world.claim(visit) for visit in visits]
    assert {row["scheme"] for row in found} == {"hekou_home_visits"}
    assert str(found[3]["subsidy"]) == "20.00"


async def test_the_next_scheme_pays_where_the_first_does_not_cover_the_person(world: World) -> None:
    narrow = TEXT.replace('["general", ', "[").replace("version = 1", "version = 2")
    await load(world, narrow.replace("effective_from = 2021-01-01", "effective_from = 2026-11-01"))
    await load(world, VOUCHER)
    elder = await elder_in(world, "moderate", "hekou_home_visits", "national_voucher")
    visit = await world.visit(elder, "bath", at(3))
    await claims.tick(world.worker, NOW)
    row = await world.claim(visit)
    # the voucher pays half
    assert (row["scheme"], str(row["subsidy"]), str(row["copay"])) == ("national_voucher", "40.00", "40.00")


async def test_an_unused_quota_is_carried_and_a_late_visit_takes_it_back(world: World) -> None:
    second = TEXT.replace("version = 1", "version = 2") + CARRY
    await load(world, second.replace("effective_from = 2021-01-01", "effective_from = 2026-10-01"))
    elder = await elder_in(world, "mild", "hekou_home_visits")
    async with world.worker.transaction(world.district) as conn:
        for month in (date(2026, 10, 5), date(2026, 11, 5)):
            await entitlements.open_all(
                conn, district=world.district, elder=elder, on=month, fallback={"total": "severe"}
            )
    # October 200 unused: November 400, five bathings of 80
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 3, 4, 5, 6, 7)]
    await claims.tick(world.worker, NOW)
    assert [(await world.money(visit))[1] for visit in visits] == ["80.00"] * 5 + ["0.00"]
    # a visit of October is priced late: 80 of its 200 are gone, November has 320
    late = await world.visit(elder, "bath", at(30, month=10))
    await claims.tick(world.worker, NOW)
    assert (await world.money(late))[1] == "80.00"
    assert [(await world.money(visit))[1] for visit in visits] == ["80.00"] * 4 + ["0.00", "0.00"]
    async with world.worker.transaction(world.district) as conn:
        [opened] = await entitlements.of_month(conn, elder, date(2026, 11, 1))
    assert opened["explanation"][-1] == {"code": "quota_carried", "carried": "120.00"}


async def test_a_package_is_paid_once_a_month(world: World) -> None:
    packed = TEXT.replace("version = 1", "version = 2") + "\n[package]\nvisits = 2\n"
    await load(world, packed.replace("effective_from = 2021-01-01", "effective_from = 2026-11-01"))
    elder = await elder_in(world, "severe", "hekou_home_visits")
    visits = [await world.visit(elder, "bath", at(day)) for day in (5, 3, 8)]
    await claims.tick(world.worker, NOW)
    money = [await world.money(visit) for visit in visits]
    # the one of the 3rd is the month's first, whichever was priced first
    assert money == [("0.00", "0.00", "0.00"), ("320.00", "320.00", "0.00"), ("80.00", "0.00", "80.00")]


async def hourly(world: World) -> None:
    async with world.worker.transaction(world.district) as conn:
        await contracts.create(
            conn,
            district=world.district,
            provider=world.provider,
            number="C-2",
            valid_from=date(2026, 10, 1),
            valid_to=None,
            prices=[Price(service, "hour", Decimal(price)) for service, price in PRICES.items()],
        )


async def correct(world: World, visit: UUID, **times: Any) -> None:
    async with world.worker.transaction(world.district) as conn:
        for name, moment in times.items():
            assert name in {"started_at", "ended_at"}
            await conn.execute(
                "UPDATE visit SET started_at = CASE $2 WHEN 'started_at' THEN $3 ELSE started_at END,"
                " ended_at = CASE $2 WHEN 'ended_at' THEN $3 ELSE ended_at END WHERE id = $1",
                visit,
                name,
                moment,
            )
        await conn.execute(
            'UPDATE visit_proof SET elements = elements || \'{"times": {"ok": true}}\' WHERE visit_id = $1',
            visit,
        )


async def test_a_corrected_visit_by_the_hour_is_counted_anew_while_its_statement_is_a_draft(
    world: World,
) -> None:
    await hourly(world)
    elder = await world.elder("moderate")
    first = await world.visit(elder, "bath", at(3), minutes=120)
    second = await world.visit(elder, "bath", at(4), minutes=120)
    await claims.tick(world.worker, NOW)
    # two hours at 80 are 160: 160 of 260, then 100 of 160
    assert [(await world.money(one))[:2] for one in (first, second)] == [
        ("160.00", "160.00"),
        ("160.00", "100.00"),
    ]
    await correct(world, first, ended_at=at(3) + timedelta(minutes=75))
    await claims.tick(world.worker, NOW)
    # 75 minutes are 1.25 hours: 100; the second has all its 160 now
    assert [(await world.money(one))[:2] for one in (first, second)] == [
        ("100.00", "100.00"),
        ("160.00", "160.00"),
    ]
    row = await world.claim(first)
    assert str(row["units"]) == "1.25"
    assert next(words for words in row["explanation"] if words["code"] == "units")["minutes"] == "75"


async def test_a_visit_corrected_into_another_month_leaves_the_quota_of_the_first(world: World) -> None:
    elder = await world.elder("mild")
    visits = [await world.visit(elder, "bath", at(day)) for day in (1, 2, 3)]
    await claims.tick(world.worker, NOW)
    assert [(await world.money(one))[1] for one in visits] == ["80.00", "80.00", "40.00"]
    moved = at(31, month=10)
    await correct(world, visits[0], started_at=moved, ended_at=moved + timedelta(hours=1))
    await claims.tick(world.worker, NOW)
    assert [(await world.money(one))[1] for one in visits] == ["80.00", "80.00", "80.00"]
    assert (await world.claim(visits[0]))["month"] == date(2026, 10, 1)
    assert await world.used(elder) == ("mild", "200.00", "160.00")


async def test_a_corrected_visit_in_a_closed_statement_stays_as_it_was(world: World) -> None:
    await hourly(world)
    visit = await world.visit(await world.elder("moderate"), "bath", at(3), minutes=120)
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE statement SET state = 'checked'")
    await correct(world, visit, ended_at=at(3) + timedelta(minutes=75))
    await claims.tick(world.worker, NOW)
    assert (await world.money(visit))[0] == "160.00"


@pytest.mark.parametrize("month", [10, 11])
async def test_each_side_of_midnight_at_the_months_end_has_its_own_quota(world: World, month: int) -> None:
    elder = await world.elder("mild")
    await world.visit(elder, "bath", at(1, hour=0, month=11) - timedelta(minutes=1))
    await world.visit(elder, "bath", at(1, hour=0, month=11))
    await claims.tick(world.worker, NOW)
    assert await world.used(elder, date(2026, month, 1)) == ("mild", "200.00", "80.00")


async def test_a_visit_after_the_death_is_paid_by_nobody_but_the_person(world: World) -> None:
    await load(world, HAIDIAN)
    elder = await elder_in(world, "severe", "haidian_home_bed")
    async with world.worker.transaction(world.district) as conn:
        await absences.record_death(conn, elder, date(2026, 11, 4))
        assert (await districts.settings(conn, world.district)).over_quota == "copay"
    visits = [await world.visit(elder, "bath", at(day)) for day in (4, 5)]
    await claims.tick(world.worker, NOW)
    assert [(await world.money(visit))[1] for visit in visits] == ["80.00", "0.00"]
    assert (await last(world, visits[1]))["condition"] == "alive"
