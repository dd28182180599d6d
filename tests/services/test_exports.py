"""The month's workbook, read back as a person would open it."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest

from core import audit
from core.db import Pool
from services import claims, exports, statements
from tests.makers import NOW, make_person
from tests.services.worlds import World, at

MONTH = date(2026, 11, 1)


def explain(lines: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(line["code"] for line in lines)


def name(table: str, code: object) -> str:
    return f"{table}:{code}"


@pytest.fixture
async def book(world: World, pool_web: Pool) -> Any:
    elder = await world.elder("moderate", name="=1+1")
    for day in (2, 4, 6, 8):
        await world.visit(elder, "bath", at(day), "doubted" if day == 8 else "proven")
    await claims.tick(world.worker, NOW)
    async with pool_web.transaction(world.district) as conn:
        by = await make_person(conn, world.district, "auditor")
        data = await exports.month_xlsx(conn, MONTH, by, NOW, "zh_CN", explain, name)
    return openpyxl.load_workbook(io.BytesIO(data))


async def test_the_summary_adds_up_to_the_statement(world: World, book: Any) -> None:
    rows = list(book["汇总"].iter_rows(values_only=True))
    async with world.worker.transaction(world.district) as conn:
        [statement] = await statements.list_(conn, MONTH)
    line = ("provider", "statement_states:draft", 4, 1, 320, 260, 60)
    assert rows[3] == line
    assert rows[4] == ("合计", "", *line[2:])
    assert [statement[key] for key in ("total", "subsidy", "copay")] == list(line[4:])
    assert rows[8] == ("services:bath", 1, *line[2:])


async def test_every_claim_has_its_money_and_its_explanation(book: Any) -> None:
    rows = list(book["结算明细"].iter_rows(min_row=2, values_only=True))
    assert [row[7:10] for row in rows] == [(80, 80, 0)] * 3 + [(80, 20, 60)]
    assert rows[3][12].endswith("quota_left; subsidy_partial")
    assert rows[3][13] == "flags:doubted; flags:proof_place"
    assert rows[0][0].date() == date(2026, 11, 2)


async def test_a_name_that_looks_like_a_formula_is_a_name(book: Any) -> None:
    cell = book["结算明细"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


async def test_it_says_how_it_was_made_and_the_hash_is_that_of_the_data(world: World, book: Any) -> None:
    facts = {row[0]: row[1] for row in book["制表说明"].iter_rows(values_only=True)}
    async with world.worker.transaction(world.district) as conn:
        digest = exports.sha256(await claims.list_(conn, month=MONTH))
        [logged] = await audit.list_(conn)
    assert (facts["月份"], facts["明细行数"]) == ("2026-11", 4)
    assert digest in facts.values()
    assert facts["制表时间"] == "2026-11-21T16:30:00+08:00"
    assert (logged["action"], logged["detail"]["sha256"]) == ("export", digest)
