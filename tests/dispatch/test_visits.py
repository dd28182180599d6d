import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict, NotFound
from dispatch import qr, visits
from tests.dispatch.errands import END, HOUR, accepted, do, offer, want
from tests.dispatch.worlds import HOME, World, make_caregiver, make_operator, make_world
from tests.makers import NOW, make_home


async def test_out_of_order_is_refused_naming_state_and_verb(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id = await accepted(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        for act, words in (
            (visits.accept(conn, visit_id, caregiver, NOW), "cannot accept a visit that is accepted"),
            (visits.decline(conn, visit_id, caregiver, NOW), "cannot decline a visit that is accepted"),
            (
                visits.check_out(conn, world.keys, visit_id, caregiver, NOW, at=NOW, record=""),
                "cannot check out of a visit that is accepted",
            ),
            (visits.confirm(conn, visit_id, caregiver, NOW, agrees=True), "cannot confirm a visit"),
        ):
            with pytest.raises(Conflict, match=words):
                await act


async def test_anothers_visit_and_another_districts_visit_do_not_exist(world: World, pool_owner: Any) -> None:
    caregiver, other = await make_caregiver(world), await make_caregiver(world, "other")
    operator = await make_operator(world)
    visit_id = await accepted(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        for by in (other, operator):
            with pytest.raises(NotFound):
                await visits.check_in(conn, world.keys, visit_id, by, NOW, at=NOW)
    far = await make_world(pool_owner, world.web, world.worker, world.gateway, world.keys, "341300")
    async with world.web.transaction(far.district) as conn:
        for act in (visits.find(conn, visit_id), visits.timeline(conn, visit_id)):
            with pytest.raises(NotFound):
                await act
        with pytest.raises(NotFound):
            await visits.accept(conn, visit_id, caregiver, NOW)
        assert await visits.list_(conn) == []


async def test_two_taps_on_accept_promise_once(world: World) -> None:
    caregiver, visit_id = await make_caregiver(world), await want(world)
    await offer(world, visit_id, caregiver, await make_operator(world))

    async def tap() -> None:
        async with world.web.transaction(world.district) as conn:
            await visits.accept(conn, visit_id, caregiver, NOW)

    results = await asyncio.gather(tap(), tap(), return_exceptions=True)
    assert [type(one) for one in results if one] == [Conflict]


async def test_far_from_the_home_is_flagged_and_never_blocked(world: World) -> None:
    caregiver = await make_caregiver(world)
    done = await do(world, await accepted(world, caregiver), caregiver, lat=37.9)
    assert (done["state"], done["verdict"]) == ("verified", "contradicted")
    assert done["elements"]["place"]["code"] == "outside"


async def test_a_visit_without_record_is_doubted_and_still_verified(world: World) -> None:
    caregiver = await make_caregiver(world)
    done = await do(world, await accepted(world, caregiver), caregiver, record={})
    assert (done["state"], done["verdict"]) == ("verified", "doubted")


async def test_what_comes_hours_later_keeps_both_times(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id, late = await accepted(world, caregiver), NOW + 3 * HOUR
    async with world.web.transaction(world.district) as conn:
        lat, lon = HOME
        await visits.check_in(conn, world.keys, visit_id, caregiver, late, at=NOW, lat=lat, lon=lon)
        done = await visits.check_out(conn, world.keys, visit_id, caregiver, late, at=END, record="x")
    assert (done["started_at"], done["ended_at"], done["check_in"]["skew_s"]) == (NOW, END, 10_800)
    assert done["elements"]["times"]["code"] == "offline"
    assert done["verdict"] == "proven"


async def test_a_check_out_before_the_check_in_never_makes_a_negative_visit(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id = await accepted(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        await visits.check_in(conn, world.keys, visit_id, caregiver, NOW, at=NOW)
        done = await visits.check_out(conn, world.keys, visit_id, caregiver, NOW, at=NOW - HOUR, record="x")
    assert done["ended_at"] == NOW
    assert done["elements"]["times"]["code"] == "reversed"


async def test_a_phone_whose_clock_is_ahead_is_flagged_and_our_time_counts(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id, ahead = await accepted(world, caregiver), NOW + timedelta(days=400)
    async with world.web.transaction(world.district) as conn:
        await visits.check_in(conn, world.keys, visit_id, caregiver, NOW, at=ahead)
        done = await visits.check_out(conn, world.keys, visit_id, caregiver, END, at=ahead, record="x")
    assert (done["started_at"], done["ended_at"]) == (NOW, END)
    assert done["check_in"]["at"] == ahead.isoformat()
    assert done["elements"]["times"]["code"] == "future"


@pytest.mark.parametrize(("which", "code"), [("own", "valid"), ("next", "other_home"), ("bad", "invalid")])
async def test_the_code_at_the_home_is_checked(world: World, which: str, code: str) -> None:
    caregiver = await make_caregiver(world)
    visit_id = await accepted(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        following = await make_home(conn, world.keys, world.district)
        link = {
            "own": qr.code_for(world.keys, {"id": world.home, "qr_secret": b"s" * 16}, "https://host/"),
            "next": qr.token_for(world.keys, {"id": following, "qr_secret": b"s" * 16}),
            "bad": qr.token_for(world.keys, {"id": world.home, "qr_secret": b"printed before"}),
        }[which]
        row = await visits.check_in(conn, world.keys, visit_id, caregiver, NOW, at=NOW, scanned=link)
        assert row["check_in"]["code"] == code
        done = await visits.check_out(conn, world.keys, visit_id, caregiver, END, at=END, record="x")
    assert done["verdict"] == ("doubted" if which == "own" else "contradicted")


@pytest.mark.parametrize("scanned", ["", "https://example.org/", "\u4f60\u597d", "a", "QUJD", "=", "A" * 43])
def test_what_is_no_code_of_ours_is_invalid(scanned: str, keys: Any) -> None:
    home = {"id": UUID(int=7), "qr_secret": b"s" * 16}
    assert qr.check(keys, scanned, home, NOW) in {"invalid", "other_home"}


async def test_two_visits_at_once_by_one_caregiver_are_flagged(world: World) -> None:
    caregiver = await make_caregiver(world)
    await do(world, await accepted(world, caregiver), caregiver)
    second = await do(world, await accepted(world, caregiver), caregiver)
    assert second["elements"]["times"] | {"code": "overlapping", "overlaps": 1} == second["elements"]["times"]


async def test_a_service_to_somebody_in_hospital_or_dead_is_doubted(world: World) -> None:
    caregiver = await make_caregiver(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO absence (id, district_id, elder_id, kind, starts_on, recorded_at)"
            " VALUES (gen_random_uuid(), $1, $2, 'hospital', $3, $4)",
            world.district,
            world.elder,
            NOW.date(),
            NOW,
        )
    done = await do(world, await accepted(world, caregiver), caregiver)
    assert done["elements"]["recipient"]["code"] == "away_hospital"
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE elder SET died_on = $2 WHERE id = $1", world.elder, date(2026, 11, 20))
    done = await do(world, await accepted(world, caregiver), caregiver)
    assert done["elements"]["recipient"]["code"] == "died"


async def test_a_service_without_the_skill_is_doubted(world: World) -> None:
    caregiver = await make_caregiver(world, skills=("care",))
    done = await do(world, await accepted(world, caregiver, service="bath"), caregiver)
    assert done["elements"]["caregiver"]["code"] == "no_skill"
