"""Other scales stand beside the assessment's and are never converted; no device ever sets a grade."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from core import grades
from core.db import Pool
from core.errors import Conflict, Invalid
from services import grade_entries
from services.grade_entries import Paper
from tests.makers import NOW, make_person
from tests.services.worlds import World

ROOT = Path(__file__).parents[3]
LTCI = Paper("ltci", "3", "medical insurance", date(2026, 3, 1), date(2026, 3, 15), None, "L-77")
MAY_SET = {
    Path("services/assessments.py"),
    Path("services/grade_entries.py"),
}


async def test_a_grade_of_long_term_care_insurance_changes_no_other_grade(
    world: World, pool_web: Pool
) -> None:
    elder = await world.elder("mild")
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        made = await grade_entries.enter(conn, world.keys, elder, LTCI, by=clerk, now=NOW)
        disabled = Paper("disability_certificate", "1", "federation", date(2020, 1, 1), date(2020, 1, 1))
        await grade_entries.enter(conn, world.keys, elder, disabled, by=clerk, now=NOW)
        found = {row["scale"]: row for row in await grades.history(conn, elder)}
        assert {scale: row["grade"] for scale, row in found.items()} == {
            "gbt_42195": "mild",
            "ltci": "3",
            "disability_certificate": "1",
        }
        papers = await grade_entries.list_(conn, elder)
        paper = next(row for row in papers if row["scale"] == "ltci")
        assert (found["ltci"]["id"], found["ltci"]["source_id"]) == (made, paper["id"])
        assert (paper["issuer"], paper["issued_on"]) == ("medical insurance", date(2026, 3, 1))
        sealed = await conn.fetchval("SELECT number_sealed FROM grade_entry WHERE id = $1", paper["id"])
        assert world.keys.open(world.district, sealed) == "L-77"


@pytest.mark.parametrize(
    "wrong",
    [
        {"scale": "gbt_42195", "grade": "mild"},
        {"grade": "6"},
        {"grade": "mild"},
        {"scale": "tekun_self_care"},
        {"issuer": " "},
        {"issuer": "x" * 81},
        {"number": "x" * 81},
        {"issued_on": date(2026, 12, 1)},
        {"valid_to": date(2026, 3, 1)},
    ],
)
async def test_what_no_paper_can_say_is_refused(
    wrong: dict[str, object], world: World, pool_web: Pool
) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        with pytest.raises(Invalid):
            await grade_entries.enter(
                conn,
                world.keys,
                elder,
                replace(LTCI, **wrong),  # type: ignore[arg-type]
                by=clerk,
                now=NOW,
            )
        assert await grades.history(conn, elder) == []


async def test_a_paper_older_than_the_one_in_force_is_refused(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        await grade_entries.enter(conn, world.keys, elder, LTCI, by=clerk, now=NOW)
        older = replace(LTCI, valid_from=date(2026, 1, 1))
        with pytest.raises(Conflict):
            await grade_entries.enter(conn, world.keys, elder, older, by=clerk, now=NOW)


def test_nothing_but_an_assessment_and_a_paper_sets_a_grade() -> None:
    packages = ("devices", "gateway", "dispatch", "services", "dashboards")
    setting = {
        path.relative_to(ROOT)
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if "grades.record(" in path.read_text(encoding="utf-8")
    }
    assert setting >= MAY_SET
    assert {path for path in setting if path.parts[0] in {"devices", "gateway", "dispatch"}} == set()


async def test_the_gateways_role_cannot_write_a_grade(world: World, pool_gateway: Pool) -> None:
    elder = await world.elder("mild")
    async with pool_gateway.transaction(world.district) as conn:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute("UPDATE grade SET grade = 'total' WHERE elder_id = $1", elder)
