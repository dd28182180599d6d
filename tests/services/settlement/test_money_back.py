"""Files of the bank and of vouchers: as a whole or not at all, once; budgets warn once a level."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict
from services.settlement import budgets, payments
from services.settlement.paid_files import Mistake
from tests import makers
from tests.makers import NOW
from tests.services.settlement.worlds import LATER, Office

BANK = "statement,amount,date,reference\n"


async def _take(office: Office, keys: Any, kind: str, text: str) -> payments.Taken:
    world = office.world
    async with world.worker.transaction(world.district) as conn:
        return await payments.take(
            conn,
            keys,
            district=world.district,
            kind=kind,
            name="file.csv",
            content=text.encode(),
            by=office.clerk,
            now=LATER,
        )


async def _issued(office: Office) -> UUID:
    await office.elder("severe", 2)
    await office.run()
    statement: UUID = (await office.statement())["id"]
    await office.issue(statement)
    return statement


async def test_a_statement_is_reconciled_when_what_is_owed_is_paid(office: Office, keys: Any) -> None:
    await _issued(office)  # 160 yuan
    first = await _take(office, keys, "bank", BANK + "1,100.00,2026-12-10,R1\n")
    assert (first.mistakes, first.reconciled, (await office.statement())["state"]) == ((), 0, "issued")
    rest = await _take(office, keys, "bank", BANK + "1,60.00,2026-12-11,R2\n")
    assert (rest.reconciled, (await office.statement())["state"]) == (1, "reconciled")


async def test_one_wrong_row_and_nothing_of_the_file_stays(office: Office, keys: Any) -> None:
    await _issued(office)
    wrong = await _take(
        office, keys, "bank", BANK + "1,100.00,2026-12-10,R1\n7,1.00,2026-12-10,R2\n1,61,2026-12-10,R3\n"
    )
    assert wrong.mistakes == (Mistake(3, "statement", "unknown_statement"), Mistake(4, "amount", "too_much"))
    async with office.world.worker.transaction(office.world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM payment") == 0
        assert await payments.list_(conn) == []
    right = BANK + "1,100.00,2026-12-10,R1\n"
    assert (await _take(office, keys, "bank", right)).mistakes == ()
    with pytest.raises(Conflict) as error:
        await _take(office, keys, "bank", right)
    assert error.value.code == "same_file"
    again = await _take(office, keys, "bank", BANK + "1,1.00,2026-12-12,R1\n")
    assert again.mistakes == (Mistake(2, "reference", "known"),)


async def test_a_file_that_is_no_table_says_so(office: Office, keys: Any) -> None:
    found = await _take(office, keys, "bank", "<html>")
    assert [one.code for one in found.mistakes] == ["not_a_sheet"]


async def test_a_voucher_takes_off_the_persons_share_then_the_districts(office: Office, keys: Any) -> None:
    await office.elder("moderate", 4)  # the last bath: 20 of the district, 60 of the person
    await office.run()
    claim = (await office.claims())[3]
    text = f"voucher,claim,date,amount\nV1,{claim['id']},{claim['service_on']},70\n"
    assert (await _take(office, keys, "voucher", text)).mistakes == ()
    later = await office.statement(date(2026, 12, 1))
    assert str(later["payable"]) == "-10.00"
    too_much = f"voucher,claim,date,amount\nV2,{claim['id']},{claim['service_on']},11\n"
    assert (await _take(office, keys, "voucher", too_much)).mistakes == (Mistake(2, "amount", "over_claim"),)


async def test_a_budget_needs_two_people_and_warns_once_a_level(office: Office) -> None:
    world = office.world
    await office.elder("severe", 2)  # 160 yuan
    await office.run()
    async with world.worker.transaction(world.district) as conn:
        cap: dict[str, Any] = {"year": 2026, "scheme": None, "service": "bath", "ceiling": Decimal(190)}
        budget = await budgets.propose(conn, district=world.district, **cap, by=office.approver, now=NOW)
        with pytest.raises(Conflict) as error:
            await budgets.sign(conn, budget, office.approver, NOW)
        assert error.value.code == "same_person"
        assert await budgets.watch(conn, world.district, LATER) == 0
        auditor = (await makers.make_person(conn, world.district, "auditor")).account_id
        await budgets.sign(conn, budget, auditor, NOW)
        with pytest.raises(Conflict):
            await budgets.sign(conn, budget, auditor, NOW)
        [one] = await budgets.burn(conn, date(2026, 12, 2))
        assert (one.burn.spent, one.burn.level, one.by_month) == (
            Decimal(160),
            80,
            ((date(2026, 11, 1), Decimal(160)),),
        )
        assert await budgets.watch(conn, world.district, LATER) == 1
        assert await budgets.watch(conn, world.district, LATER) == 0
        [warning] = await budgets.warnings(conn, 2026)
        assert (warning["level"], warning["spent"]) == (80, Decimal(160))
    assert await budgets.tick(world.worker, LATER) == 0
