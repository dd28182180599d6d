"""What was told and telephoned is dropped when its retention is over, and not a day before."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.ids import new_id
from dispatch import ticks
from dispatch.notices import Recipient, tell
from tests.dispatch.worlds import World, make_case
from tests.makers import NOW

DAY = timedelta(days=1)
_END = "UPDATE notice SET state = 'told', next_at = NULL, ended_at = $1 WHERE next_at IS NOT NULL"
_TRY = """
INSERT INTO notice_try (id, district_id, notice_id, channel, nth, token, at)
SELECT gen_random_uuid(), district_id, id, 'sms', 1, id::text, created_at FROM notice
"""
_DRILL = """
INSERT INTO drill (id, district_id, held_on, starts_at, answer_by, closed_at)
VALUES ($1, $2, $3, $4, $5, $5)
"""
_CALL = """
INSERT INTO phone_call (id, district_id, kind, channel, direction, carrier, state, queued_at, ended_at,
                        elder_id)
VALUES ($1, $2, 'inbound', 'voice', 'in', 'twilio', 'ended', $3, $3, $4)
"""
_EVENT = """
INSERT INTO phone_event (id, district_id, call_id, key, kind, received_at)
VALUES (gen_random_uuid(), $1, $2, 'k', 'status', $3)
"""
_CALLER = "INSERT INTO inbound_call (call_id, district_id, arrived_at, on_duty) VALUES ($2, $1, $3, 1)"
_SOUND = """
INSERT INTO recording (id, district_id, call_id, elder_id, state, seconds, made_at, delete_at, deleted_at,
                       deleted_why)
VALUES (gen_random_uuid(), $1, $2, $4, 'deleted', 1, $3, $3, $3, 'retention')
"""
_REPORT = """
INSERT INTO case_report (id, district_id, case_id, source, call_id, received_at, entered_at)
VALUES (gen_random_uuid(), $1, $5, 'phone', $2, $3, $3)
"""


async def told(world: World, kind: str, case: UUID | None = None) -> None:
    async with world.web.transaction(world.district) as conn:
        to = Recipient(contact=world.keys.seal(world.district, "13800000001"))
        words = {"case": "case_staff", "code": "code"}.get(kind, "visit")
        await tell(conn, district=world.district, kind=kind, to=to, words=words, now=NOW, case=case)
        await conn.execute(_TRY + " ON CONFLICT DO NOTHING")


async def kinds(world: World) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch(
            "SELECT n.kind FROM notice n JOIN notice_try t ON t.notice_id = n.id ORDER BY 1"
        )
        assert await conn.fetchval("SELECT count(*) FROM notice_try") == len(rows)
    return [row["kind"] for row in rows]


async def test_notices_are_kept_as_long_as_their_kind_says(world: World) -> None:
    await told(world, "code")
    await told(world, "visit")
    await told(world, "case", await make_case(world))
    await ticks.forget(world.worker, NOW + 4000 * DAY)
    assert await kinds(world) == ["case", "code", "visit"]  # what is under way is never dropped
    async with world.web.transaction(world.district) as conn:
        await conn.execute(_END, NOW)
    for days, left in (
        (29, ["case", "code", "visit"]),
        (31, ["case", "visit"]),
        (729, ["case", "visit"]),
        (731, ["case"]),
        (3651, ["case"]),
        (3653, []),
    ):
        await ticks.forget(world.worker, NOW + days * DAY)
        assert await kinds(world) == left, days


async def test_a_drill_goes_with_the_last_of_its_notices(world: World) -> None:
    drill = new_id()
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            _DRILL,
            *(drill, world.district, NOW.date(), NOW, NOW + timedelta(hours=2)),
        )
        to = Recipient(contact=world.keys.seal(world.district, "13800000001"))
        given: dict[str, Any] = {"kind": "drill", "words": "drill", "drill": drill}
        await tell(conn, district=world.district, to=to, now=NOW + DAY, **given)
        await conn.execute(_END, NOW + DAY)
    found = []
    for days in (729, 731, 732):
        await ticks.forget(world.worker, NOW + days * DAY)
        async with world.web.transaction(world.district) as conn:
            found.append(await conn.fetchval("SELECT count(*) FROM drill"))
    assert found == [1, 1, 0]


async def make_call(world: World, at: datetime, case: UUID) -> UUID:
    call = new_id()
    async with world.web.transaction(world.district) as conn:
        await conn.execute(_CALL, call, world.district, at, world.elder)
        await conn.execute(_EVENT, world.district, call, at)
        await conn.execute(_CALLER, world.district, call, at)
        await conn.execute(_SOUND, world.district, call, at, world.elder)
        await conn.execute(_REPORT.replace("$5", "$4"), world.district, call, at, case)
    return call


async def test_calls_go_after_three_years_with_their_words_and_the_case_entered_from_them_stays(
    world: World,
) -> None:
    case = await make_case(world)
    await make_call(world, NOW, case)
    kept = await make_call(world, NOW + 30 * DAY, case)
    await ticks.forget(world.worker, NOW + 1100 * DAY)
    tables = ("phone_call", "phone_event", "inbound_call", "recording", "case_report")
    async with world.web.transaction(world.district) as conn:
        counts = [await conn.fetchval(f"SELECT count(*) FROM {name}") for name in tables]  # noqa: S608 - ours
        assert counts == [1, 1, 1, 1, 2]
        assert await conn.fetchval("SELECT id FROM phone_call") == kept
        calls = await conn.fetch("SELECT call_id FROM case_report ORDER BY received_at")
    assert [row["call_id"] for row in calls] == [None, kept]
