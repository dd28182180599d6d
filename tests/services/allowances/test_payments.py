"""Issued lists: frozen and chained; the bank's file; what came back is paid again; corrections."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.errors import Conflict, Invalid, NotFound
from services.allowances import corrections, issuing, lists, payees, payments
from services.allowances.payees import NewPayee
from tests import makers
from tests.services.allowances.payers import DEC, NOV, OCT, Payers, noon

HEAD = "参考号,金额,处理结果,失败原因\n"


def file_of(*rows: tuple[str, str, str, str]) -> bytes:
    return (HEAD + "\n".join(",".join(row) for row in rows)).encode()


async def paid(world: Payers, found: UUID, body: bytes) -> dict[str, Any]:
    async with world.pool.transaction(world.district) as conn:
        return dict(await payments.settle(conn, found, body, world.staff["clerk"], noon(DEC)))


async def states(world: Payers, found: UUID) -> dict[str, tuple[str, str | None]]:
    async with world.pool.transaction(world.district) as conn:
        rows = await payments.list_(conn, found)
    return {row["reference"]: (row["state"], row["reason"]) for row in rows}


async def test_an_issued_list_is_frozen_and_any_changed_line_breaks_the_chain(
    world: Payers, pool_owner: Any
) -> None:
    await world.person("old_age")
    first, second = await world.month("old_age", OCT), await world.month("old_age", NOV)
    async with world.pool.transaction(world.district) as conn:
        one, two = await lists.find(conn, first), await lists.find(conn, second)
        assert (one["number"], two["number"], two["previous_hash"]) == (1, 2, one["hash"])
        assert await issuing.verify(conn) is None
    for change in (
        "UPDATE allowance_line SET amount = 200",
        "DELETE FROM allowance_line",
        "UPDATE allowance_list SET total = 1",
        "UPDATE allowance_list SET state = 'draft'",
    ):
        async with world.pool.transaction(world.district) as conn:
            with pytest.raises(asyncpg.RaiseError, match="frozen"):
                await conn.execute(change)
    async with pool_owner.transaction(world.district) as conn:
        await conn.execute("ALTER TABLE allowance_line DISABLE TRIGGER allowance_line_frozen")
        await conn.execute("UPDATE allowance_line SET amount = 101 WHERE list_id = $1", second)
        await conn.execute("ALTER TABLE allowance_line ENABLE TRIGGER allowance_line_frozen")
        assert await issuing.verify(conn) == 2


async def test_only_an_approved_list_is_issued_and_an_issued_one_is_never_opened_again(world: Payers) -> None:
    await world.person("old_age")
    found = await world.run("old_age", NOV)
    async with world.pool.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="draft"):
            await issuing.issue(conn, found, world.staff["approver"], makers.NOW)
    await world.issue(found)
    async with world.pool.transaction(world.district) as conn:
        for verb in (lists.reopen, lists.check, lists.approve):
            with pytest.raises(Conflict, match="issued"):
                await verb(conn, found, world.staff["admin"], makers.NOW)
    with pytest.raises(Conflict, match="issued"):
        await world.run("old_age", NOV, makers.NOW)


async def test_the_bank_is_told_whole_numbers_and_that_is_on_record(world: Payers) -> None:
    await world.person("old_age", account="6217 0000 1234 0001 234")
    await world.person("old_age", account=None)
    found = await world.month("old_age", NOV)
    async with world.pool.transaction(world.district) as conn:
        [one] = await payments.orders(conn, world.keys, found, world.staff["clerk"], makers.NOW)
        log = await conn.fetchrow(
            "SELECT action, detail FROM audit_log WHERE subject_id = $1 AND action = 'reveal'", found
        )
        sums = {row["state"]: row["payments"] for row in await payments.sums(conn, found)}
    assert (one.account, one.amount, one.reference[:6]) == (
        "6217000012340001234",
        Decimal("100.00"),
        "A00001",
    )
    assert log is not None
    assert log["detail"]["payments"] == 1
    assert sums == {"pending": 1, "no_account": 1}


async def test_the_banks_file_settles_a_list_and_the_same_file_again_changes_nothing(world: Payers) -> None:
    for _ in range(2):
        await world.person("old_age")
    found = await world.month("old_age", NOV)
    half = file_of(("A00001-00001", "100.00", "成功", ""))
    assert (await paid(world, found, half))["state"] == "issued"
    assert await _to_pay(world, found) == ["A00001-00002"]
    whole = file_of(("A00001-00001", "100", "成功", ""), ("A00001-00002", "100.00", "退回", "账户已销户"))
    for _ in range(2):
        assert (await paid(world, found, whole))["state"] == "reconciled"
    assert await _to_pay(world, found) == []
    assert await states(world, found) == {
        "A00001-00001": ("paid", None),
        "A00001-00002": ("returned", "account_closed"),
    }


async def _to_pay(world: Payers, found: UUID) -> list[str]:
    async with world.pool.transaction(world.district) as conn:
        made = await payments.orders(conn, world.keys, found, world.staff["clerk"], makers.NOW)
    return [one.reference for one in made]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("A00009-00001", "100.00", "成功", ""), "bank_unknown"),
        (("A00001-00002", "99.00", "成功", ""), "bank_differs"),
        (("A00001-00001", "100.00", "退回", "销户"), "bank_other_before"),
    ],
)
async def test_one_wrong_row_and_nothing_of_the_file_is_taken(
    world: Payers, row: tuple[str, str, str, str], code: str
) -> None:
    for _ in range(2):
        await world.person("old_age")
    found = await world.month("old_age", NOV)
    await paid(world, found, file_of(("A00001-00001", "100.00", "成功", "")))
    good = ("A00001-00002", "100.00", "成功", "")
    with pytest.raises(Invalid) as refused:
        await paid(world, found, file_of(*([good] if row[0] != good[0] else []), row))
    errors: Any = refused.value.extra["errors"]
    assert [(error["code"], error["row"]) for error in errors] == [(code, 3 if row[0] != good[0] else 2)]
    assert (await states(world, found))["A00001-00002"] == ("pending", None)


async def test_what_came_back_is_sent_again_once_there_is_another_account(world: Payers) -> None:
    elder, other = await world.person("old_age"), await world.person("old_age", account=None)
    october = await world.month("old_age", OCT)
    references = {
        row: state for row, state in (await states(world, october)).items() if state[0] == "pending"
    }
    [reference] = references
    await paid(world, october, file_of((reference, "100.00", "失败", "账号不存在")))
    november = await world.month("old_age", NOV)
    assert await world.told(november, elder) == [("regular", "11", "100.00", "same")]
    async with world.pool.transaction(world.district) as conn:
        for one, number in ((elder, "6228480000000000017"), (other, "6228480000000000025")):
            await payees.record(
                conn,
                world.keys,
                one,
                NewPayee("老人", "self", "农行", number),
                world.staff["clerk"],
                makers.NOW,
            )
    december = await world.run("old_age", DEC)
    again = [("regular", "12", "100.00", "same"), ("returned", "10", "100.00", None)]
    assert await world.told(december, elder) == again
    assert await world.told(december, other) == [*again, ("returned", "11", "100.00", None)]
    await world.issue(december)
    async with world.pool.transaction(world.district) as conn:
        assert sorted(row["amount"] for row in await payments.list_(conn, december)) == [200, 300]


async def test_a_correction_is_a_new_line_of_the_next_list_approved_by_somebody_else(world: Payers) -> None:
    elder = await world.person("old_age")
    october = await world.month("old_age", OCT)
    async with world.pool.transaction(world.district) as conn:
        [line] = await lists.lines(conn, october)
        made = await corrections.correct(
            conn, line["id"], Decimal("-130.00"), "overpaid", world.staff["admin"], makers.NOW
        )
        assert [row["rest"] for row in await corrections.waiting(conn)] == [Decimal("-130.00")]
    november = await world.run("old_age", NOV)
    told = [("regular", "11", "100.00", "same"), ("correction", "10", "-100.00", None)]
    assert await world.told(november, elder) == told
    async with world.pool.transaction(world.district) as conn:
        await lists.check(conn, november, world.staff["clerk"], makers.NOW)
        with pytest.raises(Conflict) as refused:
            await lists.approve(conn, november, world.staff["admin"], makers.NOW)
        assert refused.value.code == "same_person"
        with pytest.raises(Conflict, match="carries"):
            await corrections.withdraw(conn, made, world.staff["clerk"], makers.NOW)


async def test_a_correction_that_no_list_carries_is_withdrawn(world: Payers) -> None:
    elder = await world.person("old_age")
    october = await world.month("old_age", OCT)
    clerk = world.staff["clerk"]
    async with world.pool.transaction(world.district) as conn:
        [line] = await lists.lines(conn, october)
        made = await corrections.correct(conn, line["id"], Decimal("20.00"), "underpaid", clerk, makers.NOW)
        await corrections.withdraw(conn, made, clerk, makers.NOW)
        for amount in ("0", "1.005", "100001"):
            with pytest.raises(Invalid, match="amount"):
                await corrections.correct(conn, line["id"], Decimal(amount), "other", clerk, makers.NOW)
        with pytest.raises(Invalid, match="reason"):
            await corrections.correct(conn, line["id"], Decimal(1), "because", clerk, makers.NOW)
        with pytest.raises(NotFound):
            await corrections.withdraw(conn, line["id"], clerk, makers.NOW)
    november = await world.run("old_age", NOV)
    assert await world.told(november, elder) == [("regular", "11", "100.00", "same")]
    async with world.pool.transaction(world.district) as conn:
        [draft] = await lists.lines(conn, november)
        with pytest.raises(Conflict) as refused:
            await corrections.correct(conn, draft["id"], Decimal(1), "other", clerk, makers.NOW)
    assert refused.value.code == "not_issued"


async def test_an_account_is_sealed_shown_by_four_digits_and_revealed_on_record(world: Payers) -> None:
    elder = await world.person("old_age", account=None)
    clerk = world.staff["clerk"]
    async with world.pool.transaction(world.district) as conn:
        with pytest.raises(NotFound):
            await payees.reveal(conn, world.keys, elder, clerk, makers.NOW)
        for number in ("6.21700E+18", "12345", "六二一七"):
            with pytest.raises(Invalid, match="number"):
                await payees.record(
                    conn, world.keys, elder, NewPayee("人", "self", "", number), clerk, makers.NOW
                )
        with pytest.raises(Invalid, match="holder"):
            await payees.record(
                conn, world.keys, elder, NewPayee(" ", "self", "", "62170000"), clerk, makers.NOW
            )
        await payees.record(
            conn, world.keys, elder, NewPayee("人", "self", "", "62170000"), clerk, makers.NOW
        )
        row = await payees.find(conn, elder)
        assert row is not None
        assert row["account_tail"] == "0000"
        assert b"62170000" not in bytes(row["account_sealed"])
        assert await payees.reveal(conn, world.keys, elder, clerk, makers.NOW) == "62170000"
        assert (
            await conn.fetchval(
                "SELECT count(*) FROM audit_log WHERE action = 'reveal' AND subject_id = $1", elder
            )
            == 1
        )


async def test_a_district_sees_no_list_of_another(world: Payers, pool_owner: Any) -> None:
    await world.person("old_age")
    found = await world.run("old_age", NOV)
    other = await makers.make_district(pool_owner, "341300")
    async with world.pool.transaction(other) as conn:
        with pytest.raises(NotFound):
            await lists.find(conn, found)
        assert await lists.list_(conn, month=date(2026, 11, 1)) == []
