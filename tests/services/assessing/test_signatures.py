"""Signatures on the tablet: both at once, proven by password; bound to the answers; kept once or not."""

from dataclasses import replace
from typing import Any

import pytest

from core import grades
from core.db import Pool
from core.errors import Conflict, Invalid, TooMany
from services import assessment_signatures, assessments
from services.assessment_signatures import submit
from tests.makers import NOW, PASSWORD, make_person
from tests.services.assessing.papers import BEST, DAY, SETTINGS, STROKES, WORSE, Sheet
from tests.services.worlds import World


async def test_form_and_both_signatures_come_as_one_and_the_grade_is_in_force(
    world: World, pool_web: Pool
) -> None:
    sheet = Sheet(await world.elder(None), WORSE)
    async with pool_web.transaction(world.district) as conn:
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        for _ in range(2):
            made, result, grade = await submit(
                conn,
                world.keys,
                SETTINGS,
                sheet.filled,
                sheet.drawn(),
                sheet.second(world.keys, two),
                by=one,
                now=NOW,
            )
        assert (made, result.score, result.grade) == (sheet.id, 62, "moderate")
        row = await grades.in_force(conn, sheet.elder, "gbt_42195", DAY)
        assert row is not None
        assert (row["id"], row["grade"]) == (grade, "moderate")
        first, second = await assessment_signatures.list_(conn, world.keys, made)
        assert (first["account_id"], second["account_id"]) == (one.account_id, two.account_id)
        assert (first["on_first_tablet"], second["on_first_tablet"]) == (False, True)
        assert first["is_intact"]
        assert second["path"] == STROKES
        assert STROKES.encode() not in first["path_sealed"]
        assert len(await assessments.list_(conn, elder_id=sheet.elder)) == 1


async def test_a_wrong_password_of_the_second_keeps_nothing(world: World, pool_web: Pool) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        clerk = await make_person(conn, world.district, "clerk")
    wrong = [
        (sheet.second(world.keys, two, "not this one"), "wrong_login"),
        (sheet.second(world.keys, clerk), "no_assessor"),
        (replace(sheet.second(world.keys, two), drawn=replace(sheet.drawn(), statement={})), "sealed"),
    ]
    for second, code in wrong:
        with pytest.raises(Invalid) as caught:
            async with pool_web.transaction(world.district) as conn:
                await submit(conn, world.keys, SETTINGS, sheet.filled, sheet.drawn(), second, by=one, now=NOW)
        errors: Any = caught.value.extra["errors"]
        assert errors[0]["code"] == code
    async with pool_web.transaction(world.district) as conn:
        assert await assessments.list_(conn) == []


async def test_the_first_assessor_is_never_the_second_too(world: World, pool_web: Pool) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one = await make_person(conn, world.district, "assessor")
    with pytest.raises(Conflict) as caught:
        async with pool_web.transaction(world.district) as conn:
            await submit(
                conn,
                world.keys,
                SETTINGS,
                sheet.filled,
                sheet.drawn(),
                sheet.second(world.keys, one, PASSWORD),
                by=one,
                now=NOW,
            )
    assert caught.value.code == "same_assessor"
    async with pool_web.transaction(world.district) as conn:
        assert await assessments.list_(conn) == []


async def test_who_guesses_the_seconds_password_has_to_wait(world: World, pool_web: Pool) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        for _ in range(SETTINGS.login_attempts):
            await conn.execute(
                "INSERT INTO login_attempt (address, at) VALUES ($1, $2)", f"second:{one.account_id}", NOW
            )
        with pytest.raises(TooMany):
            await submit(
                conn,
                world.keys,
                SETTINGS,
                sheet.filled,
                sheet.drawn(),
                sheet.second(world.keys, two),
                by=one,
                now=NOW,
            )


@pytest.mark.parametrize(
    "changes", [{"grade": "total"}, {"answers": "B.1.1=0"}, {"score": "1"}, {"elder": "another"}]
)
async def test_a_signature_under_other_answers_is_refused(
    changes: dict[str, str], world: World, pool_web: Pool
) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one = await make_person(conn, world.district, "assessor")
        with pytest.raises(Invalid, match="signed something else"):
            await submit(
                conn, world.keys, SETTINGS, sheet.filled, sheet.drawn(**changes), None, by=one, now=NOW
            )
        with pytest.raises(Invalid, match="M and L"):
            await submit(
                conn, world.keys, SETTINGS, sheet.filled, sheet.drawn("scribble"), None, by=one, now=NOW
            )


async def test_a_drawing_that_was_changed_on_its_way_is_kept_and_says_so(
    world: World, pool_web: Pool
) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        altered = replace(sheet.drawn(), path="M1 1 L2 2")
        await submit(conn, world.keys, SETTINGS, sheet.filled, altered, None, by=one, now=NOW)
        await assessment_signatures.sign(conn, world.keys, sheet.id, sheet.drawn(), by=two, now=NOW)
        first, second = await assessment_signatures.list_(conn, world.keys, sheet.id)
        assert (first["is_intact"], second["is_intact"]) == (False, True)
        assert second["on_first_tablet"] is False


async def test_another_form_under_the_same_id_is_refused(world: World, pool_web: Pool) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        kept: dict[str, Any] = {"district": world.district, "now": NOW}
        await assessments.record(conn, filled=sheet.filled, assessor=one.account_id, **kept)
        other = replace(sheet.filled, items=WORSE)
        for filled, who in ((other, one), (sheet.filled, two)):
            with pytest.raises(Conflict, match="another form"):
                await assessments.record(conn, filled=filled, assessor=who.account_id, **kept)


async def test_notes_are_sealed_and_only_of_items_that_there_are(world: World, pool_web: Pool) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one = await make_person(conn, world.district, "assessor")
        sealed = assessments.seal_notes(world.keys, world.district, {"B.1.1": " coughs ", "coma": ""})
        filled = replace(sheet.filled, notes_sealed=sealed, informant="spouse")
        await assessments.record(
            conn, district=world.district, filled=filled, assessor=one.account_id, now=NOW
        )
        row = await assessments.find(conn, sheet.id)
        assert b"coughs" not in row["notes_sealed"]
        assert assessments.notes_of(world.keys, row) == {"B.1.1": "coughs"}
        assert row["informant"] == "spouse"
    assert assessments.seal_notes(world.keys, world.district, {}) is None
    for notes in ({"B.9.9": "x"}, {"B.1.1": "x" * 501}):
        with pytest.raises(Invalid):
            assessments.seal_notes(world.keys, world.district, notes)


async def test_a_grade_keeps_the_choices_under_which_it_was_made(
    world: World, pool_web: Pool, pool_owner: Pool
) -> None:
    sheet = Sheet(await world.elder(None), BEST)
    async with pool_web.transaction(world.district) as conn:
        one, two = [await make_person(conn, world.district, "assessor") for _ in range(2)]
        await assessments.record(
            conn, district=world.district, filled=sheet.filled, assessor=one.account_id, now=NOW
        )
    async with pool_owner.transaction() as conn:
        await conn.execute(
            "UPDATE district SET settings = '{\"assessment_validity_months\": 6}' WHERE id = $1",
            world.district,
        )
    async with pool_web.transaction(world.district) as conn:
        await assessments.sign(conn, sheet.id, assessor=two.account_id, now=NOW)
        row = await assessments.find(conn, sheet.id)
        assert (row["rules"], row["parameters"]["validity_months"]) == ("gbt_42195_2022", 12)
        assert row["valid_to"].isoformat() == "2027-11-14"
