"""An assessment becomes a grade when a second assessor has signed it."""

from datetime import date
from typing import Any

import pytest

from core import grades
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import assessments, claims
from services.assessing import form
from services.assessments import Form
from tests.makers import NOW, make_person
from tests.services.worlds import World, at

BEST = {item.code: item.most for item in form().items}
SEVERE = {item.code: item.most // 2 if item.group != "B.3" else 1 for item in form().items}
DAY = date(2026, 11, 15)


def filled(elder: Any, **changes: Any) -> Form:
    given = {"items": BEST, "adjustments": {}, "reason": "routine", "assessed_on": DAY}
    return Form(elder=elder, **{**given, **changes})


async def test_one_signature_is_no_grade_and_the_second_makes_one(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        first, second = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        identity, result = await assessments.record(
            conn, district=world.district, filled=filled(elder), assessor=first.account_id, now=NOW
        )
        assert (result.score, result.grade) == (90, "intact")
        assert await grades.in_force(conn, elder, "gbt_42195", DAY) is None
        with pytest.raises(Conflict, match="another assessor's"):
            await assessments.sign(conn, identity, assessor=first.account_id, now=NOW)
        await assessments.sign(conn, identity, assessor=second.account_id, now=NOW)
        row = await grades.in_force(conn, elder, "gbt_42195", DAY)
        assert row is not None
        assert (row["grade"], row["valid_to"], row["source_id"]) == ("intact", date(2027, 11, 14), identity)
        with pytest.raises(Conflict, match="signed already"):
            await assessments.sign(conn, identity, assessor=second.account_id, now=NOW)
        [listed] = await assessments.list_(conn, elder_id=elder)
        assert listed["assessor_2"] == second.account_id


async def test_a_new_grade_prices_the_open_claims_of_its_month_again(world: World, pool_web: Pool) -> None:
    elder = await world.elder("mild")
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4, 6, 16)]
    await claims.tick(world.worker, NOW)
    assert [(await world.money(visit))[1] for visit in visits] == ["80.00", "80.00", "40.00", "0.00"]
    async with pool_web.transaction(world.district) as conn:
        first, second = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        identity, result = await assessments.record(
            conn,
            district=world.district,
            filled=filled(elder, items=SEVERE),
            assessor=first.account_id,
            now=NOW,
        )
        assert result.grade == "severe"
        await assessments.sign(conn, identity, assessor=second.account_id, now=NOW)
    assert [(await world.money(visit))[1] for visit in visits] == ["80.00", "80.00", "40.00", "80.00"]


async def test_wrong_fields_are_named_and_nothing_is_stored(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        person = await make_person(conn, world.district, "assessor")
        wrong: list[dict[str, Any]] = [{"items": {}}, {"reason": "whim"}, {"adjustments": {"mood": True}}]
        for changes in wrong:
            with pytest.raises(Invalid):
                await assessments.record(
                    conn,
                    district=world.district,
                    filled=filled(elder, **changes),
                    assessor=person.account_id,
                    now=NOW,
                )
        assert await assessments.list_(conn) == []
        with pytest.raises(NotFound):
            await assessments.sign(conn, new_id(), assessor=person.account_id, now=NOW)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 20)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_a_validity_ends_the_day_before(first: date, months: int, last: date) -> None:
    assert assessments.valid_to(first, months) == last
