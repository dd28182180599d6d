"""A month from draft to issued: what is rejected, disputed, approved, corrected; and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest

from core.errors import Conflict, Invalid, NotFound
from services.settlement import acts, checking, decisions, runs, seals, terms
from services.settlement.decisions import Item
from tests.makers import NOW
from tests.services.settlement.worlds import LATER, MONTH, Office
from tests.services.worlds import at

CASE = """INSERT INTO care_case (id, district_id, elder_id, class, type, severity, state, opened_at,
                                 last_alarm_at, policy)
          SELECT gen_random_uuid(), $1, $2, 'care', 'sos', 3, 'raised', $3, $3, '{}' RETURNING id"""
LINE = """INSERT INTO statement_line (id, district_id, statement_id, kind, amount, explanation, made_at)
          SELECT gen_random_uuid(), district_id, id, 'penalty', -1, '[]', now()
          FROM statement WHERE id = $1"""


async def test_a_month_goes_from_draft_to_issued_and_the_sums_are_right(office: Office) -> None:
    await office.elder("moderate", 4)  # 260 of 320 yuan are the district's
    await office.run()
    statement = await office.statement()
    assert (statement["state"], str(statement["payable"]), statement["rejected"]) == ("checked", "260.00", 0)
    seal = await office.issue(statement["id"])
    assert (seal["number"], seal["lines"], seal["previous"]) == (1, 4, bytes(32))
    async with office.world.worker.transaction(office.world.district) as conn:
        actions = [row["action"] for row in await checking.history(conn, statement["id"])]
        assert await seals.verify(conn) is None
    assert actions == ["check", "confirm", "approve", "issue"]


async def test_what_does_not_hold_is_rejected_with_its_reason(office: Office) -> None:
    world = office.world
    elder = await world.elder("severe")
    good = await world.visit(elder, "bath", at(2))
    await world.visit(elder, "clean", at(3), "contradicted")
    await world.visit(elder, "meal", at(20))
    twice = await world.visit(elder, "bath", at(2) + timedelta(minutes=30))
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE elder SET died_on = '2026-11-15' WHERE id = $1", elder)
    await office.run()
    found = {row["visit_id"]: (row["state"], row["rejections"]) for row in await office.claims()}
    assert found[good] == ("open", [])
    assert found[twice] == ("rejected", ["duplicate_visit"])
    assert sorted(codes for _, codes in found.values()) == [
        [],
        ["after_death"],
        ["contradicted"],
        ["duplicate_visit"],
    ]


async def test_a_visit_dearer_than_the_contract_is_adjusted_to_its_price(office: Office) -> None:
    await office.elder("severe", 1)
    await office.run("draft")
    async with office.world.worker.transaction(office.world.district) as conn:
        await conn.execute("UPDATE contract_price SET price = 70 WHERE service = 'bath'")
    await office.run()
    [claim] = await office.claims()
    assert (claim["state"], str(claim["approved"]), claim["rejections"]) == (
        "adjusted",
        "70.00",
        ["over_price"],
    )
    assert str((await office.statement())["payable"]) == "70.00"


async def test_breaches_of_contract_become_deductions(office: Office) -> None:
    world = office.world
    elder = await world.elder("severe")
    late = await world.visit(elder, "emergency", at(2))
    async with world.worker.transaction(world.district) as conn:
        contract = await conn.fetchval("SELECT id FROM contract")
        promised = terms.Terms(
            response_minutes=30, late_penalty=Decimal(50), hours_least=Decimal(3), hours_penalty=Decimal(20)
        )
        await terms.set_(conn, contract, promised, office.clerk, NOW)
        case = await conn.fetchval(
            CASE,
            world.district,
            elder,
            at(2),
        )
        await conn.execute(
            "UPDATE visit SET case_id = $2, wanted_at = started_at - interval '41 minutes' WHERE id = $1",
            late,
            case,
        )
    await office.run()
    statement = await office.statement()
    assert (str(statement["approved"]), str(statement["deductions"]), str(statement["payable"])) == (
        "60.00",
        "-90.00",
        "-30.00",
    )
    async with world.worker.transaction(world.district) as conn:
        lines = await checking.lines(conn, statement["id"])
    assert [row["explanation"][0]["code"] for row in lines] == ["late_response", "hours_missing"]
    assert lines[0]["explanation"][0] == {
        "code": "late_response",
        "contract": "C-1",
        "minutes": "41",
        "limit": "30",
        "penalty": "50.00",
    }


async def test_a_dispute_that_is_upheld_is_paid_and_the_provider_looks_again(office: Office) -> None:
    world = office.world
    elder = await world.elder("severe")
    await world.visit(elder, "bath", at(2), "contradicted")
    await office.run()
    statement, [claim] = await office.statement(), await office.claims()
    both = Item("was_there", claim=claim["id"], line=claim["id"])
    async with world.worker.transaction(world.district) as conn:
        with pytest.raises(Invalid):
            await acts.dispute(conn, statement["id"], [both], office.manager, LATER)
    async with world.worker.transaction(world.district) as conn:
        await acts.dispute(
            conn,
            statement["id"],
            [Item("was_there", "see the photo", claim=claim["id"])],
            office.manager,
            LATER,
        )
    assert (await office.statement())["state"] == "disputed"
    with pytest.raises(Conflict):
        await office.do("confirm", office.manager, statement["id"])
    async with world.worker.transaction(world.district) as conn:
        await decisions.answer(conn, claim["id"], outcome="upheld", words="seen", by=office.clerk, now=LATER)
    [claim] = await office.claims()
    assert (claim["state"], str(claim["approved"])) == ("approved", "80.00")
    statement = await office.statement()
    assert (statement["state"], statement["rejected"]) == ("checked", 0)
    with pytest.raises(Conflict) as error:
        async with world.worker.transaction(world.district) as conn:
            await decisions.answer(conn, claim["id"], outcome="upheld", words="", by=office.clerk, now=LATER)
    assert error.value.code == "not_disputed"


async def test_who_checked_decided_or_confirmed_does_not_approve(office: Office) -> None:
    await office.elder("severe", 2)
    await office.run()
    statement, claims = await office.statement(), await office.claims()
    async with office.world.worker.transaction(office.world.district) as conn:
        await decisions.adjust(conn, claims[0]["id"], Decimal(10), "by_hand", office.approver, LATER)
    await office.do("confirm", office.manager, statement["id"])
    for person in (office.clerk, office.approver, office.manager):
        with pytest.raises(Conflict) as error:
            await office.do("approve", person, statement["id"])
        assert error.value.code == "same_person"


async def test_an_issued_statement_refuses_every_change(office: Office) -> None:
    await office.elder("severe", 2)
    await office.run()
    statement = await office.statement()
    await office.issue(statement["id"])
    [claim, _] = await office.claims()
    changes = (
        ("UPDATE claim SET subsidy = 0, copay = amount WHERE id = $1", claim["id"]),
        (
            "UPDATE claim SET statement_id = (SELECT id FROM statement WHERE id <> $1 LIMIT 1)",
            statement["id"],
        ),
        ("DELETE FROM claim WHERE id = $1", claim["id"]),
        ("UPDATE statement SET state = 'draft' WHERE id = $1", statement["id"]),
        ("UPDATE statement SET payable = 1 WHERE id = $1", statement["id"]),
        ("DELETE FROM statement WHERE id = $1", statement["id"]),
        ("UPDATE statement_seal SET body = '' WHERE statement_id = $1", statement["id"]),
        ("DELETE FROM statement_seal WHERE statement_id = $1", statement["id"]),
        (
            LINE,
            statement["id"],
        ),
    )
    for change, identity in changes:
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.NotNullViolationError)):
            async with office.owner.transaction(office.world.district) as conn:
                await conn.execute(change, identity)
    with pytest.raises(Conflict) as error:
        await office.do("check", office.clerk, statement["id"])
    assert error.value.code == "statement_reopened"
    async with office.world.worker.transaction(office.world.district) as conn:
        assert await seals.verify(conn) is None


async def test_a_change_behind_the_triggers_breaks_the_chain_at_its_statement(office: Office) -> None:
    await office.elder("severe", 2)
    await office.run()
    first = await office.statement()
    await office.issue(first["id"])
    [claim, _] = await office.claims()
    async with office.owner.transaction(office.world.district) as conn:
        await conn.execute("ALTER TABLE claim DISABLE TRIGGER claim_changes")
        await conn.execute(
            "UPDATE claim SET subsidy = subsidy - 1, copay = copay + 1 WHERE id = $1", claim["id"]
        )
        await conn.execute("ALTER TABLE claim ENABLE TRIGGER claim_changes")
        broken = await seals.verify(conn)
    assert broken == seals.Break(1, first["id"], "lines")


async def test_a_correction_is_a_line_of_a_later_statement_that_names_the_claim(office: Office) -> None:
    await office.elder("severe", 1)
    await office.run()
    statement = await office.statement()
    [claim] = await office.claims()
    with pytest.raises(Conflict):
        async with office.world.worker.transaction(office.world.district) as conn:
            await decisions.correct(
                conn, claim["id"], amount=Decimal(-80), reason="audit", by=office.clerk, now=LATER
            )
    await office.issue(statement["id"])
    async with office.world.worker.transaction(office.world.district) as conn:
        await decisions.correct(
            conn, claim["id"], amount=Decimal(-80), reason="audit", by=office.clerk, now=LATER
        )
    later = await office.statement(date(2026, 12, 1))
    assert (later["state"], str(later["payable"]), later["claims"]) == ("draft", "-80.00", 0)
    for amount in (Decimal(-1), Decimal(81), Decimal(0)):
        with pytest.raises(Invalid):
            async with office.world.worker.transaction(office.world.district) as conn:
                await decisions.correct(
                    conn, claim["id"], amount=amount, reason="audit", by=office.clerk, now=LATER
                )


async def test_a_month_that_is_not_over_is_not_checked(office: Office) -> None:
    await office.elder("severe", 1)
    with pytest.raises(Conflict) as error:
        await office.run(now=NOW)
    assert error.value.code == "month_open"


async def test_a_run_of_another_district_does_not_exist(office: Office) -> None:
    run = await office.run("draft")
    async with office.world.worker.transaction() as conn:
        with pytest.raises(NotFound):
            await runs.show(conn, run)
    assert MONTH.day == 1
