"""Nothing is paid twice: appeals upheld again, answers at once, a quota given on, a file brought by two."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict, Invalid
from services import claims
from services.settlement import budgets, decisions, payments
from services.settlement.decisions import Item
from tests.services.settlement.worlds import LATER, Office
from tests.services.worlds import at
from tests.waiting import until_true

DECEMBER = date(2026, 12, 1)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def _issued(office: Office, baths: int = 2) -> tuple[UUID, list[Any]]:
    await office.elder("severe", baths)
    await office.run()
    statement: UUID = (await office.statement())["id"]
    return statement, await office.claims()


async def _appeal(office: Office, item: Item) -> None:
    async with office.world.worker.transaction(office.world.district) as conn:
        await decisions.appeal(conn, item, office.manager, LATER)


async def _uphold(office: Office, claim: UUID | None = None, line: UUID | None = None) -> None:
    said: dict[str, Any] = {"outcome": "upheld", "words": "", "by": office.clerk, "now": LATER}
    async with office.world.worker.transaction(office.world.district) as conn:
        if claim:
            await decisions.answer(conn, claim, **said)
        else:
            assert line
            await decisions.answer_line(conn, line, **said)


async def _correct(office: Office, claim: UUID, amount: int) -> UUID:
    async with office.world.worker.transaction(office.world.district) as conn:
        return await decisions.correct(
            conn, claim, amount=Decimal(amount), reason="audit", by=office.clerk, now=LATER
        )


async def test_a_line_that_was_taken_back_is_not_taken_back_again(office: Office) -> None:
    statement, [claim, _] = await _issued(office)
    await office.issue(statement)
    line = await _correct(office, claim["id"], -80)
    await office.run(month=DECEMBER, now=LATER.replace(year=2027, month=1))
    item = Item("wrong_price", line=line)
    await _appeal(office, item)
    await _uphold(office, line=line)
    assert str((await office.statement(DECEMBER))["payable"]) == "0.00"
    with pytest.raises(Conflict) as error:
        await _appeal(office, item)
    assert error.value.code == "answered"


async def test_what_an_upheld_line_gave_back_is_not_corrected_again(office: Office) -> None:
    statement, [claim, _] = await _issued(office)
    await office.issue(statement)
    line = await _correct(office, claim["id"], -80)
    await office.run(month=DECEMBER, now=LATER.replace(year=2027, month=1))
    await _appeal(office, Item("wrong_price", line=line))
    await _uphold(office, line=line)
    with pytest.raises(Invalid):  # all of the 80 yuan are paid again
        await _correct(office, claim["id"], 80)


async def test_an_appeal_upheld_after_issue_pays_no_more_than_was_asked(office: Office) -> None:
    await office.elder("moderate", 4)  # of the last bath 20 yuan are asked of the district, 60 of the person
    await office.run()
    statement, claim = (await office.statement())["id"], (await office.claims())[3]["id"]
    async with office.world.worker.transaction(office.world.district) as conn:
        await decisions.adjust(conn, claim, Decimal(5), "by_hand", office.clerk, LATER)
    await office.issue(statement)
    await _correct(office, claim, 10)  # 15 of 20 are paid now
    await _appeal(office, Item("wrong_price", claim=claim))
    await _uphold(office, claim)
    assert str((await office.statement(DECEMBER))["payable"]) == "15.00"
    await _appeal(office, Item("wrong_price", claim=claim))
    await _uphold(office, claim)  # all that was asked is paid
    assert str((await office.statement(DECEMBER))["payable"]) == "15.00"


async def test_two_answers_at_once_hand_the_statement_back(office: Office) -> None:
    _, [first, second] = await _issued(office)
    for row in (first, second):
        async with office.world.worker.transaction(office.world.district) as conn:
            await decisions.reject(conn, row["id"], "by_hand", office.clerk, LATER)
        await _appeal(office, Item("was_there", claim=row["id"]))
    async with office.world.worker.transaction(office.world.district) as conn:
        said: dict[str, Any] = {"outcome": "refused", "words": "", "by": office.clerk, "now": LATER}
        await decisions.answer(conn, first["id"], **said)
        other = asyncio.create_task(_uphold(office, second["id"]))
        await _stands(office, other)
    await other
    assert (await office.statement())["state"] == "checked"


async def _stands(office: Office, task: asyncio.Task[Any]) -> None:
    """Wait until a task is done, or its connection waits for another's lock."""

    async def is_so() -> bool:
        async with office.owner.transaction() as conn:
            return task.done() or bool(await conn.fetchval(WAITING))

    await until_true(is_so)


async def test_a_quota_is_not_given_on_while_an_appeal_may_be_upheld(office: Office) -> None:
    elder, _ = await office.elder("moderate", 4)  # 260 yuan of quota, all of it asked
    await office.run()
    statement, rows = (await office.statement())["id"], await office.claims()
    async with office.world.worker.transaction(office.world.district) as conn:
        await decisions.reject(conn, rows[0]["id"], "by_hand", office.clerk, LATER)
    late = await office.world.visit(elder, "bath", at(20))
    await claims.tick(office.world.worker, LATER)
    assert await office.world.money(late) == ("80.00", "0.00", "80.00")
    await _appeal(office, Item("was_there", claim=rows[0]["id"]))
    await _uphold(office, rows[0]["id"])
    assert str((await office.statement())["payable"]) == "260.00"
    assert (await office.statement(DECEMBER))["id"] != statement


async def test_a_quota_that_a_correction_gives_back_or_takes_is_spent_again(office: Office) -> None:
    elder, _ = await office.elder("moderate", 4)
    await office.run()
    statement, rows = (await office.statement())["id"], await office.claims()
    await office.issue(statement)
    late = await office.world.visit(elder, "bath", at(20))
    await claims.tick(office.world.worker, LATER)
    assert await office.world.money(late) == ("80.00", "0.00", "80.00")
    await _correct(office, rows[0]["id"], -50)  # 210 of 260 are paid
    assert await office.world.money(late) == ("80.00", "50.00", "30.00")
    await _correct(office, rows[0]["id"], 50)
    assert await office.world.money(late) == ("80.00", "0.00", "80.00")


async def test_a_deduction_taken_back_takes_its_quota_back(office: Office) -> None:
    elder, _ = await office.elder("moderate", 4)
    await office.run()
    statement, rows = (await office.statement())["id"], await office.claims()
    await office.issue(statement)
    line = await _correct(office, rows[0]["id"], -50)
    await office.run(month=DECEMBER, now=LATER.replace(year=2027, month=1))
    late = await office.world.visit(elder, "bath", at(20))
    await claims.tick(office.world.worker, LATER.replace(year=2027, month=1))
    assert await office.world.money(late) == ("80.00", "50.00", "30.00")
    await _appeal(office, Item("wrong_price", line=line))
    await _uphold(office, line=line)
    assert await office.world.money(late) == ("80.00", "0.00", "80.00")


async def test_one_file_brought_by_two_at_once_is_taken_once(office: Office, keys: Any) -> None:
    statement, _ = await _issued(office)
    await office.issue(statement)
    text = b"statement,amount,date,reference\n1,100.00,2026-12-10,R1\n"

    async def bring(text: bytes) -> payments.Taken:
        whose: dict[str, Any] = {"district": office.world.district, "by": office.clerk, "now": LATER}
        async with office.world.worker.transaction(office.world.district) as conn:
            return await payments.take(conn, keys, kind="bank", name="b.csv", content=text, **whose)

    alike = await asyncio.gather(bring(text), bring(text), return_exceptions=True)
    [refused] = [one for one in alike if isinstance(one, BaseException)]
    assert isinstance(refused, Conflict)
    assert refused.code == "same_file"
    rest = [await bring(text.replace(b"R1", name)) for name in (b"R2", b"R3")]  # 60 yuan are left
    assert [[one.code for one in taken.mistakes] for taken in rest] == [["too_much"], ["too_much"]]
    half = text.replace(b"100.00", b"60.00")
    both = await asyncio.gather(bring(half.replace(b"R1", b"R4")), bring(half.replace(b"R1", b"R5")))
    assert sorted(len(taken.mistakes) for taken in both) == [0, 1]


async def test_a_run_in_bulk_sees_what_issued_statements_have_used(office: Office) -> None:
    elder, _ = await office.elder("moderate", 4)
    await office.run()
    statement, rows = (await office.statement())["id"], await office.claims()
    async with office.world.worker.transaction(office.world.district) as conn:
        await decisions.reject(conn, rows[0]["id"], "by_hand", office.clerk, LATER)
    held = await office.world.visit(elder, "bath", at(20))
    await office.run("draft")
    assert await office.world.money(held) == ("80.00", "0.00", "80.00")
    await office.issue(statement)  # the rejected bath's 80 yuan are free now
    await _correct(office, rows[0]["id"], 50)
    late = await office.world.visit(elder, "bath", at(22))
    await office.run("draft")
    found = [await office.world.money(visit) for visit in (held, late)]
    assert found == [("80.00", "30.00", "50.00"), ("80.00", "0.00", "80.00")]


async def test_two_ceilings_of_one_year_signed_at_once_leave_one_in_force(office: Office) -> None:
    cap: dict[str, Any] = {"year": 2026, "scheme": None, "service": None, "ceiling": Decimal(100)}
    whose: dict[str, Any] = {"district": office.world.district, "by": office.clerk, "now": LATER}
    async with office.world.worker.transaction(office.world.district) as conn:
        first, second = [await budgets.propose(conn, **cap, **whose) for _ in range(2)]

    async def sign(budget: UUID) -> None:
        async with office.world.worker.transaction(office.world.district) as conn:
            await budgets.sign(conn, budget, office.approver, LATER)

    async with office.world.worker.transaction(office.world.district) as conn:
        await budgets.sign(conn, first, office.approver, LATER)
        other = asyncio.create_task(sign(second))
        await _stands(office, other)
    await other
    async with office.world.worker.transaction(office.world.district) as conn:
        [one] = await budgets.burn(conn, LATER.date())
    assert one.row["id"] == second
