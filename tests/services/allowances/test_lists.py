"""Payment lists on a database: Hekou's and Suzhou's figures, every sum by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import absences
from core.errors import Conflict, Invalid
from services import deaths, enrolments, life_proofs
from services.allowances import computing, lists
from tests import makers
from tests.services.allowances.payers import DEC, NOV, OCT, Payers, noon

POOR = {"assistance": "dibao"}
TEKUN = {"assistance": "tekun", "place": "scattered"}


async def test_hekou_pays_220_165_and_125_by_the_certificate(world: Payers) -> None:
    people = {
        level: await world.person("disabled_living", grade=("disability_certificate", level), facts=POOR)
        for level in ("1", "2", "3", "4")
    }
    found = await world.run("disabled_living", NOV)
    told = {level: await world.told(found, elder) for level, elder in people.items()}
    assert told == {
        "1": [("regular", "11", "220.00", "new")],
        "2": [("regular", "11", "165.00", "new")],
        "3": [("regular", "11", "125.00", "new")],
        "4": [("regular", "11", "125.00", "new")],
    }
    assert await world.total(found) == Decimal("635.00")


async def test_suzhou_pays_care_by_grade_and_place_and_not_while_in_hospital(world: Payers) -> None:
    total = await world.person("tekun_care", grade=("tekun_self_care", "dependent"), facts=TEKUN)
    part = await world.person("tekun_care", grade=("tekun_self_care", "partial"), facts=TEKUN)
    home = await world.person(
        "tekun_care", grade=("tekun_self_care", "dependent"), facts={**TEKUN, "place": "institution"}
    )
    async with world.pool.transaction(world.district) as conn:
        ill = {"district": world.district, "elder": part, "kind": "hospital", "now": makers.NOW}
        await absences.record(conn, **ill, starts_on=date(2026, 10, 20), ends_on=date(2026, 12, 5))  # type: ignore[arg-type]
    found = await world.run("tekun_care", NOV)
    assert await world.told(found, total) == [("regular", "11", "501.00", "new")]
    assert await world.told(found, home) == [("regular", "11", "715.00", "new")]
    assert await world.told(found, part) == [("regular", "11", "0.00", "suspended")]
    assert await world.total(found) == Decimal("1216.00")


async def test_differences_to_last_month_stand_on_the_list(world: Payers) -> None:
    same = await world.person("disabled_living", grade=("disability_certificate", "1"), facts=POOR)
    changed = await world.person("disabled_living", grade=("disability_certificate", "3"), facts=POOR)
    out = await world.person("disabled_living", grade=("disability_certificate", "2"), facts=POOR)
    await world.month("disabled_living", OCT)
    new = await world.person("disabled_living", NOV, grade=("disability_certificate", "4"), facts=POOR)
    async with world.pool.transaction(world.district) as conn:
        await world.graded(conn, changed, "disability_certificate", "2", NOV)
        row = await enrolments.find_on(conn, out, "disabled_living", OCT)
        assert row is not None
        await enrolments.end(conn, row["id"], on=NOV, reason="no_longer_eligible", by=None, now=makers.NOW)
    found = await world.run("disabled_living", NOV)
    assert await world.told(found, same) == [("regular", "11", "220.00", "same")]
    assert await world.told(found, changed) == [("regular", "11", "165.00", "changed")]
    assert await world.told(found, out) == [("regular", "11", "0.00", "ended")]
    assert await world.told(found, new) == [("regular", "11", "125.00", "new")]
    async with world.pool.transaction(world.district) as conn:
        sums = {row["what"]: (row["people"], row["amount"]) for row in await lists.summary(conn, found)}
    assert sums["changed"] == (1, Decimal("165.00"))


async def test_a_missed_proof_of_life_suspends_and_a_renewed_one_pays_the_months_between(
    world: Payers,
) -> None:
    elder = await world.person("old_age", date(2025, 10, 15))
    october = await world.run("old_age", OCT)
    assert await world.told(october, elder) == [("regular", "10", "100.00", "new")]
    await world.issue(october)
    november = await world.run("old_age", NOV)
    assert await world.told(november, elder) == [("regular", "11", "0.00", "suspended")]
    await world.issue(november)
    async with world.pool.transaction(world.district) as conn:
        await life_proofs.record(conn, elder, "phone", world.staff["clerk"], noon(date(2026, 12, 3)))
    december = await world.run("old_age", DEC)
    assert await world.told(december, elder) == [
        ("regular", "12", "100.00", "resumed"),
        ("arrears", "11", "100.00", None),
    ]


async def test_the_month_of_a_death_is_not_taken_back_and_the_next_is_not_paid(world: Payers) -> None:
    elder = await world.person("old_age", date(2026, 3, 1))
    await world.month("old_age", OCT)
    async with world.pool.transaction(world.district) as conn:
        await deaths.record(conn, elder, date(2026, 10, 9), world.staff["clerk"], noon(date(2026, 11, 3)))
    found = await world.run("old_age", NOV)
    assert await world.told(found, elder) == [("regular", "11", "0.00", "ended")]


async def test_a_death_learnt_late_is_said_as_overpaid_and_not_deducted(world: Payers) -> None:
    elder = await world.person("old_age", date(2026, 3, 1))
    await world.month("old_age", OCT)
    await world.month("old_age", NOV)
    async with world.pool.transaction(world.district) as conn:
        await deaths.record(conn, elder, date(2026, 10, 9), world.staff["clerk"], noon(date(2026, 12, 3)))
    found = await world.run("old_age", DEC)
    assert await world.told(found, elder) == [
        ("regular", "12", "0.00", "ended"),
        ("overpaid", "11", "0.00", None),
    ]


async def test_a_late_enrolment_is_paid_back_to_the_first_list_and_no_further(world: Payers) -> None:
    await world.month("old_age", OCT)
    elder = await world.person("old_age", date(2026, 6, 1))
    found = await world.run("old_age", NOV)
    assert await world.told(found, elder) == [
        ("regular", "11", "100.00", "new"),
        ("arrears", "10", "100.00", None),
    ]


async def test_a_run_that_was_killed_goes_on_and_one_begun_again_changes_nothing(
    world: Payers, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await world.person("old_age") for _ in range(5)]
    monkeypatch.setattr(lists, "PAGE", 2)
    async with world.pool.transaction(world.district) as conn:
        found = await lists.open_(conn, world.district, "old_age", NOV, world.staff["clerk"], makers.NOW)
        row = await conn.fetchrow(lists.SQL.take_running)
        assert row is not None
        await computing.page(conn, row, await lists.facts_of(conn, row), makers.NOW, 2)
    async with world.pool.transaction(world.district) as conn:
        half = await lists.find(conn, found)
        assert (half["people"], half["done"], half["computed_at"]) == (5, 2, None)
        with pytest.raises(Conflict, match="still being computed"):
            await lists.check(conn, found, world.staff["clerk"], makers.NOW)
    await lists.tick(world.pool, makers.NOW)
    assert await world.total(found) == Decimal("500.00")
    assert await world.run("old_age", NOV, makers.NOW) == found
    assert await world.total(found) == Decimal("500.00")
    for elder in people:
        assert await world.told(found, elder) == [("regular", "11", "100.00", "new")]


async def test_a_second_person_approves_and_not_the_one_who_opened_or_checked(world: Payers) -> None:
    await world.person("old_age")
    found = await world.run("old_age", NOV)
    async with world.pool.transaction(world.district) as conn:
        await lists.check(conn, found, world.staff["approver"], makers.NOW)
        for same in ("approver", "clerk"):
            with pytest.raises(Conflict) as refused:
                await lists.approve(conn, found, world.staff[same], makers.NOW)
            assert refused.value.code == "same_person"
        approved = await lists.approve(conn, found, world.staff["admin"], makers.NOW)
        assert approved["state"] == "approved"
        again = await lists.reopen(conn, found, world.staff["clerk"], makers.NOW)
        assert (again["state"], again["approved_by"]) == ("draft", None)


async def test_of_two_approvers_at_once_one_is_told_that_it_is_done(world: Payers) -> None:
    await world.person("old_age")
    found = await world.run("old_age", NOV)
    async with world.pool.transaction(world.district) as conn:
        await lists.check(conn, found, world.staff["clerk"], makers.NOW)
    async with world.pool.transaction(world.district) as conn:
        await lists.approve(conn, found, world.staff["approver"], makers.NOW)
    async with world.pool.transaction(world.district) as conn:
        with pytest.raises(Conflict) as refused:
            await lists.approve(conn, found, world.staff["admin"], makers.NOW)
    assert (refused.value.code, refused.value.extra["state"]) == ("list_state", "approved")


async def test_a_death_between_check_and_approval_stops_the_approval(world: Payers) -> None:
    elder = await world.person("old_age")
    found = await world.run("old_age", NOV)
    after = noon(date(2026, 11, 22))
    async with world.pool.transaction(world.district) as conn:
        await lists.check(conn, found, world.staff["clerk"], after)
        await deaths.record(conn, elder, date(2026, 10, 31), world.staff["clerk"], after)
    async with world.pool.transaction(world.district) as conn:
        with pytest.raises(Conflict) as refused:
            await lists.approve(conn, found, world.staff["approver"], after)
        assert refused.value.code == "list_stale"
        await lists.reopen(conn, found, world.staff["clerk"], after)
    await lists.tick(world.pool, after)
    assert await world.told(found, elder) == []


async def test_lists_of_a_scheme_follow_one_another(world: Payers) -> None:
    await world.run("old_age", OCT)
    clerk = world.staff["clerk"]
    for month, code in ((NOV, "list_open"), (date(2026, 9, 1), "list_later")):
        with pytest.raises(Conflict) as refused:
            await world.run("old_age", month, makers.NOW)
        assert refused.value.code == code
    async with world.pool.transaction(world.district) as conn:
        with pytest.raises(Invalid, match="month"):
            await lists.open_(conn, world.district, "old_age", DEC, clerk, makers.NOW)
        with pytest.raises(Invalid, match="month"):
            await lists.open_(conn, world.district, "old_age", NOV + timedelta(days=1), clerk, makers.NOW)
        with pytest.raises(Conflict) as none:
            await lists.open_(conn, world.district, "no_such", NOV, clerk, makers.NOW)
    assert none.value.code == "no_allowance"
