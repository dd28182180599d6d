from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import enrolments, entitlements
from tests.makers import NOW, make_elder
from tests.services.worlds import World

SCHEME = "hekou_home_visits"


async def enrolled(world: World) -> tuple[UUID, UUID]:
    async with world.worker.transaction(world.district) as conn:
        elder = await make_elder(conn, world.keys, world.district)
        given: dict[str, Any] = {"scheme_code": SCHEME, "valid_from": date(2026, 3, 1), "reason": "applied"}
        identity = await enrolments.enrol(
            conn, district=world.district, elder=elder, by=None, now=NOW, **given
        )
    return elder, identity


async def days(world: World, elder: UUID) -> list[tuple[date, date | None]]:
    async with world.worker.transaction(world.district) as conn:
        rows = await entitlements.enrolments(conn, elder)
    return [(row["valid_from"], row["valid_to"]) for row in rows]


async def test_a_suspension_ends_the_days_that_count_and_resuming_begins_new_ones(world: World) -> None:
    elder, first = await enrolled(world)
    said: dict[str, Any] = {"by": None, "now": NOW}
    async with world.worker.transaction(world.district) as conn:
        await enrolments.suspend(conn, first, on=date(2026, 7, 11), reason="hospital", **said)
        second = await enrolments.resume(conn, first, on=date(2026, 9, 1), reason="returned_home", **said)
        await enrolments.end(conn, second, on=date(2026, 11, 1), reason="moved_away", **said)
        told = [(row["action"], row["on_day"]) for row in await enrolments.entries(conn, elder)]
    assert await days(world, elder) == [
        (date(2026, 9, 1), date(2026, 10, 31)),
        (date(2026, 3, 1), date(2026, 7, 10)),
    ]
    assert told == [
        ("enrolled", date(2026, 3, 1)),
        ("suspended", date(2026, 7, 11)),
        ("resumed", date(2026, 9, 1)),
        ("ended", date(2026, 11, 1)),
    ]


async def test_an_end_that_was_wrong_is_undone_as_if_it_had_not_been(world: World) -> None:
    elder, first = await enrolled(world)
    async with world.worker.transaction(world.district) as conn:
        await enrolments.end(conn, first, on=date(2026, 11, 1), reason="deceased", by=None, now=NOW)
        await enrolments.restore(conn, first, reason="register_wrong", by=None, now=NOW)
        with pytest.raises(Conflict, match="not been ended"):
            await enrolments.restore(conn, first, reason="register_wrong", by=None, now=NOW)
    assert await days(world, elder) == [(date(2026, 3, 1), None)]


async def test_what_cannot_be_done_to_an_enrolment_is_refused_with_the_reason(world: World) -> None:
    _, first = await enrolled(world)
    said: dict[str, Any] = {"by": None, "now": NOW}
    async with world.worker.transaction(world.district) as conn:
        with pytest.raises(Invalid, match="began on 2026-03-01"):
            await enrolments.end(conn, first, on=date(2026, 3, 1), reason="other", **said)
        with pytest.raises(Invalid, match="reason: one of"):
            await enrolments.end(conn, first, on=date(2026, 4, 1), reason="mood", **said)
        with pytest.raises(Conflict, match="not suspended"):
            await enrolments.resume(conn, first, on=date(2026, 4, 1), reason="other", **said)
        await enrolments.suspend(conn, first, on=date(2026, 7, 11), reason="hospital", **said)
        with pytest.raises(Invalid, match="before 2026-07-11"):
            await enrolments.resume(conn, first, on=date(2026, 7, 10), reason="other", **said)
        with pytest.raises(Conflict, match="ended on 2026-07-10"):
            await enrolments.end(conn, first, on=date(2026, 9, 1), reason="other", **said)
        with pytest.raises(NotFound):
            await enrolments.end(conn, new_id(), on=date(2026, 9, 1), reason="other", **said)
