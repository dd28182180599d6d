"""Photos, signatures, reports and refused records: each once, sealed where it must be, and nothing lost."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import ticks
from dispatch.phone import conflicts, days, pictures, reports, signatures
from tests.dispatch.errands import accepted, do
from tests.dispatch.worlds import World, make_caregiver, make_operator
from tests.makers import NOW

JPEG = b"\xff\xd8\xff\xda\x00\x02" + b"%d" + b"\xff\xd9"
STATEMENT = {
    "visit": "1",
    "service": "bath",
    "done": "bathed skin_checked",
    "signed_at": "2026-11-21T08:30:00.000Z",
}


def jpeg(nth: int) -> bytes:
    return JPEG.replace(b"%d", bytes([nth]))


async def test_the_same_photo_twice_is_flagged_and_sent_twice_is_one(world: World) -> None:
    carer = await make_caregiver(world)
    first, second = await accepted(world, carer), await accepted(world, carer)
    identity = new_id()
    async with world.web.transaction(world.district) as conn:
        one = await pictures.keep(conn, world.keys, identity, first, carer, jpeg(1), NOW, NOW)
        again = await pictures.keep(conn, world.keys, identity, first, carer, jpeg(1), NOW, NOW)
        used = await pictures.keep(conn, world.keys, new_id(), second, carer, jpeg(1), NOW, NOW)
        other = await pictures.keep(conn, world.keys, new_id(), second, carer, jpeg(2), NOW, NOW)
        assert (one["id"], again["id"], used["same_as"], other["same_as"]) == (
            identity,
            identity,
            identity,
            None,
        )
        assert len(await pictures.list_(conn, second)) == 2
        assert await pictures.read(conn, world.keys, first, identity) == (jpeg(1), "image/jpeg")
        with pytest.raises(NotFound):
            await pictures.read(conn, world.keys, second, identity)
        sealed = await conn.fetchval("SELECT photo_sealed FROM visit_photo WHERE id = $1", identity)
        assert base64.b64encode(jpeg(1)) not in sealed
    await ticks.forget(world.worker, NOW + timedelta(days=731))
    async with world.web.transaction(world.district) as conn:
        assert await pictures.list_(conn, second) == []


async def test_photos_of_a_visit_are_limited_and_must_be_photos(world: World) -> None:
    carer, stranger = await make_caregiver(world), await make_caregiver(world, "stranger")
    visit = await accepted(world, carer)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid):
            await pictures.keep(conn, world.keys, new_id(), visit, carer, b"text", NOW, NOW)
        with pytest.raises(NotFound):
            await pictures.keep(conn, world.keys, new_id(), visit, stranger, jpeg(1), NOW, NOW)
        for nth in range(pictures.MOST):
            await pictures.keep(conn, world.keys, new_id(), visit, carer, jpeg(nth), NOW, NOW)
        with pytest.raises(Conflict):
            await pictures.keep(conn, world.keys, new_id(), visit, carer, jpeg(99), NOW, NOW)


async def test_a_signature_says_itself_whether_it_was_changed(world: World) -> None:
    carer = await make_caregiver(world)
    visit = await accepted(world, carer)
    path = "M10 10 L20 15 L30 9"
    good = signatures.digest_of(STATEMENT, path).hex()
    given: dict[str, Any] = {
        "who": "elder",
        "path": path,
        "statement": STATEMENT,
        "digest": good,
        "signed_at": NOW,
    }
    identity = new_id()
    async with world.web.transaction(world.district) as conn:
        for _ in range(2):
            assert await signatures.keep(conn, world.keys, identity, visit, carer, NOW, **given)
        changed = {**given, "statement": {**STATEMENT, "done": "bathed"}}
        assert not await signatures.keep(conn, world.keys, new_id(), visit, carer, NOW, **changed)
        for wrong in ({"who": "nobody"}, {"path": "M1 1<script>"}, {"path": "M1 1 " * 9000}):
            with pytest.raises(Invalid):
                await signatures.keep(conn, world.keys, new_id(), visit, carer, NOW, **{**given, **wrong})
        found = await signatures.list_(conn, world.keys, visit)
    assert [(one["path"], one["is_intact"]) for one in found] == [(path, True), (path, False)]


async def test_a_report_waits_until_somebody_settles_it_once(world: World) -> None:
    carer, clerk = await make_caregiver(world), await make_operator(world, "clerk")
    visit, identity = await accepted(world, carer), new_id()
    given: dict[str, Any] = {"changes": ["fell", "pain"], "note": "since Monday", "wants_assessment": True}
    given["observed_at"] = NOW
    async with world.web.transaction(world.district) as conn:
        for _ in range(2):
            await reports.keep(conn, world.keys, identity, visit, carer, NOW, **given)
        with pytest.raises(Invalid):
            await reports.keep(
                conn, world.keys, new_id(), visit, carer, NOW, **{**given, "changes": ["nonsense"]}
            )
        empty = {**given, "changes": [], "note": None}
        with pytest.raises(Invalid):
            await reports.keep(conn, world.keys, new_id(), visit, carer, NOW, **empty)
        (one,) = await reports.list_open(conn)
        assert (one["changes"], one["elder_id"]) == (["fell", "pain"], world.elder)
        assert b"Monday" not in one["note_sealed"]
        assert [row["id"] for row in await reports.list_open(conn) if row["wants_assessment"]] == [identity]
        assert len(await reports.list_open(conn, world.provider)) == 1
        assert await reports.list_open(conn, new_id()) == []
        await reports.settle(conn, identity, clerk, NOW, "assessment_planned")
        with pytest.raises(Conflict):
            await reports.settle(conn, identity, clerk, NOW, "plan_changed")
        with pytest.raises(NotFound):
            await reports.settle(conn, new_id(), clerk, NOW, "plan_changed")
        assert await reports.list_open(conn) == []


async def test_a_refused_record_is_kept_until_it_is_settled_and_then_told_to_the_phone(world: World) -> None:
    carer, manager = await make_caregiver(world), await make_operator(world, "duty_manager")
    assert carer.caregiver_id is not None
    identity = new_id()
    given: dict[str, Any] = {"visit_id": new_id(), "verb": "check_in", "said": {"at": "then"}, "said_at": NOW}
    given |= {"status": 404, "code": "not_found", "reason": {}}
    async with world.web.transaction(world.district) as conn:
        for _ in range(2):
            await conflicts.keep(conn, identity, carer, NOW, **given)
        with pytest.raises(NotFound):
            await conflicts.keep(conn, new_id(), manager, NOW, **given)
        assert [row["said"] for row in await conflicts.list_open(conn, world.provider)] == [{"at": "then"}]
        with pytest.raises(NotFound):
            await conflicts.settle(conn, identity, manager, NOW, "x", new_id())
        await conflicts.settle(conn, identity, manager, NOW, "entered by hand", world.provider)
        with pytest.raises(Conflict):
            await conflicts.settle(conn, identity, manager, NOW, "again")
        settled = await conflicts.settled_of(conn, carer.caregiver_id, NOW)
    assert [dict(row) for row in settled] == [{"id": identity, "note": "entered by hand"}]


async def test_sealed_values_are_handed_over_only_for_visits_ahead_and_each_on_record(world: World) -> None:
    carer = await make_caregiver(world)
    assert carer.caregiver_id is not None
    visit = await accepted(world, carer)
    async with world.web.transaction(world.district) as conn:
        found = await days.reveal(conn, world.keys, carer, visit, NOW)
        assert set(found) == {"phone", "address", "access"}
        assert found["address"].startswith("河口区")
        assert await conn.fetchval("SELECT count(*) FROM audit_log WHERE action = 'reveal'") == 3
    await do(world, visit, carer)
    async with world.web.transaction(world.district) as conn:
        assert await days.reveal(conn, world.keys, carer, visit, NOW) == {}
        made = await days.month(conn, carer.caregiver_id, NOW + timedelta(hours=2))
        assert (made["visits"], made["proven"]) == (1, 1)
        assert [one["code"] for one in await days.contacts(conn, world.keys, carer)] == [
            "provider",
            "ambulance",
        ]
        with pytest.raises(NotFound):
            await days.reveal(conn, world.keys, await make_operator(world), visit, NOW)
