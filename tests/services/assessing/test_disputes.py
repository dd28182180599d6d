"""A disputed grade stays in force until two others have signed a review, and no longer."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import grades
from core.accounts import Person
from core.db import Conn, Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import assessment_disputes, assessment_wants, assessments
from services.assessments import Form
from tests.makers import NOW, make_person
from tests.services.assessing.papers import BEST, DAY, WORSE
from tests.services.worlds import World

LATER = NOW + timedelta(days=5)
REVIEWED = date(2026, 11, 24)


async def people(conn: Conn, world: World, count: int) -> list[Person]:
    return [await make_person(conn, world.district, "assessor") for _ in range(count)]


async def assess(
    conn: Conn, world: World, filled: Form, first: Person, second: Person | None, at: Any = NOW
) -> Any:
    made, _ = await assessments.record(
        conn, district=world.district, filled=filled, assessor=first.account_id, now=at
    )
    if second:
        await assessments.sign(conn, made, assessor=second.account_id, now=at)
    return made


async def dispute(conn: Conn, world: World, assessment: Any, by: Person, at: Any = NOW, **given: Any) -> Any:
    what: dict[str, Any] = {"kind": "family", "grounds": ["answers"], "words": "she cannot eat alone"}
    return await assessment_disputes.raise_(conn, world.keys, assessment, by=by, now=at, **{**what, **given})


async def test_the_disputed_grade_holds_until_the_review_is_signed(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        one, two, three, four = await people(conn, world, 4)
        clerk = await make_person(conn, world.district, "clerk")
        first = await assess(conn, world, Form(elder, BEST, {}, "first", DAY), one, two)
        made = await dispute(conn, world, first, clerk)
        row = await assessment_disputes.find(conn, made)
        assert (row["state"], row["review_by"]) == ("open", date(2026, 12, 6))
        assert b"eat" not in row["words_sealed"]
        review = await assess(conn, world, Form(elder, WORSE, {}, "review", REVIEWED), three, None, LATER)
        held = await grades.in_force(conn, elder, "gbt_42195", REVIEWED)
        assert held is not None
        assert held["grade"] == "intact"
        await assessments.sign(conn, review, assessor=four.account_id, now=LATER)
        before = await grades.in_force(conn, elder, "gbt_42195", REVIEWED - timedelta(days=1))
        after = await grades.in_force(conn, elder, "gbt_42195", REVIEWED)
        assert before is not None
        assert after is not None
        assert (before["grade"], after["grade"]) == ("intact", "moderate")
        row = await assessment_disputes.find(conn, made)
        assert (row["state"], row["outcome"], row["review_id"]) == ("reviewed", "worse", review)
        assert (await assessments.find(conn, review))["review_of"] == first
        with pytest.raises(Conflict) as final:
            await dispute(conn, world, review, clerk, LATER)
        assert final.value.code == "review_is_final"


async def test_neither_of_the_first_two_takes_part_in_the_review(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        one, two, three = await people(conn, world, 3)
        first = await assess(conn, world, Form(elder, BEST, {}, "first", DAY), one, two)
        await dispute(conn, world, first, one)
        for filled, who, wrong in (
            (Form(elder, WORSE, {}, "review", REVIEWED), two, Conflict),
            (Form(elder, WORSE, {}, "review", DAY), three, Invalid),
            (Form(elder, WORSE, {}, "review", REVIEWED, review_of=new_id()), three, Invalid),
            (Form(elder, WORSE, {}, "routine", REVIEWED, review_of=first), three, Invalid),
        ):
            with pytest.raises(wrong):
                await assess(conn, world, filled, who, None, LATER)
        filled = Form(elder, WORSE, {}, "review", REVIEWED, review_of=first)
        review = await assess(conn, world, filled, three, None, LATER)
        with pytest.raises(Conflict) as caught:
            await assessments.sign(conn, review, assessor=one.account_id, now=LATER)
        assert caught.value.code == "same_assessors"


async def test_what_cannot_be_disputed_says_why(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        one, two = await people(conn, world, 2)
        unsigned = await assess(conn, world, Form(elder, BEST, {}, "first", DAY), one, None)
        with pytest.raises(Conflict) as early:
            await dispute(conn, world, unsigned, one)
        await assessments.sign(conn, unsigned, assessor=two.account_id, now=NOW)
        with pytest.raises(Conflict) as late:
            await dispute(conn, world, unsigned, one, NOW + timedelta(days=31))
        assert (early.value.code, late.value.code) == ("not_signed", "dispute_late")
        assert late.value.extra["until"] == "2026-12-21"
        with pytest.raises(NotFound):
            await dispute(conn, world, new_id(), one)
        wrongs: list[dict[str, Any]] = [
            {"grounds": []},
            {"grounds": ["mood"]},
            {"kind": "nobody"},
            {"words": "x" * 2001},
        ]
        for wrong in wrongs:
            with pytest.raises(Invalid):
                await dispute(conn, world, unsigned, one, **wrong)
        await dispute(conn, world, unsigned, one, NOW + timedelta(days=30))
        with pytest.raises(Conflict) as twice:
            await dispute(conn, world, unsigned, one)
        assert twice.value.code == "disputed"
        newer = await assess(conn, world, Form(elder, BEST, {}, "other", REVIEWED), one, two, LATER)
        with pytest.raises(Conflict) as followed:
            await dispute(conn, world, unsigned, one, LATER)
        assert followed.value.code == "superseded"
        assert newer is not None


async def test_a_dispute_taken_back_may_be_raised_again(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        one, two = await people(conn, world, 2)
        first = await assess(conn, world, Form(elder, BEST, {}, "first", DAY), one, two)
        made = await dispute(conn, world, first, one)
        await assessment_disputes.withdraw(conn, made, one, NOW)
        with pytest.raises(Conflict):
            await assessment_disputes.withdraw(conn, made, one, NOW)
        with pytest.raises(NotFound):
            await assessment_disputes.withdraw(conn, new_id(), one, NOW)
        again = await dispute(conn, world, first, one)
        rows = await assessment_disputes.list_(conn, elder_id=elder)
        assert [(row["id"], row["state"]) for row in rows] == [(again, "open"), (made, "withdrawn")]
        lines = await conn.fetch(
            "SELECT action FROM audit_log WHERE subject_kind = 'assessment_dispute' ORDER BY id"
        )
        assert [line["action"] for line in lines] == [
            "assessment.dispute",
            "assessment.dispute_withdraw",
            "assessment.dispute",
        ]


async def test_a_routine_assessment_leaves_a_dispute_waiting(world: World, pool_web: Pool) -> None:
    elder = await world.elder(None)
    async with pool_web.transaction(world.district) as conn:
        one, two, three = await people(conn, world, 3)
        first = await assess(conn, world, Form(elder, BEST, {}, "first", DAY), one, two)
        await dispute(conn, world, first, one)
        assert await assessment_wants.gather(conn, world.district, NOW) == 1
        (want,) = await assessment_wants.list_open(conn)
        assert (want["cause"], want["reason"], want["due_on"]) == ("dispute", "review", date(2026, 12, 6))
        with pytest.raises(Conflict) as caught:
            await assessment_wants.assign(
                conn, want["id"], first=three.account_id, second=two.account_id, at=LATER, by=one, now=NOW
            )
        assert caught.value.code == "same_assessors"
        await assess(conn, world, Form(elder, BEST, {}, "routine", REVIEWED), one, two, LATER)
        assert [row["cause"] for row in await assessment_wants.list_open(conn)] == ["dispute"]
