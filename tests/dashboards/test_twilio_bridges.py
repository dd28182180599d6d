"""One key calls: the operator's phone, then the other; by hand where no carrier may or can."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, NotFound
from deploy.pretend.phones import Manner
from dispatch import cases
from dispatch.telephony import bridging, calls, sending
from tests.dashboards.clients import client_of
from tests.dashboards.ringing import DAUGHTER, Ringing, ringing
from tests.dispatch.worlds import World, make_operator, make_world

SEAT = "+8613900001111"


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Keys) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, carrier="twilio")


@pytest.fixture
async def bell(world: World) -> AsyncIterator[Ringing]:
    async with ringing(world) as made:
        yield made


async def seated(bell: Ringing) -> Person:
    """An operator with a phone at the seat, who has claimed the case."""
    person = await make_operator(bell.world)
    async with bell.world.web.transaction(bell.world.district) as conn:
        await bridging.set_desk(conn, bell.world.keys, person, "139 0000 1111", bell.phones.clock())
        await cases.claim(conn, bell.case, person, bell.phones.clock())
    return person


async def ring(bell: Ringing, by: Person, target: str = "family", **given: Any) -> dict[str, Any]:
    whom = {"target_id": bell.daughter} if target == "family" else {}
    async with bell.world.web.transaction(bell.world.district) as conn:
        return await bridging.bridge(
            conn,
            bell.world.keys,
            case=bell.case,
            by=by,
            target=target,
            now=bell.phones.clock(),
            **{**whom, **given},
        )


async def tick(bell: Ringing) -> int:
    return await sending.tick(bell.world.worker, bell.settings, bell.world.keys, bell.phones.clock())


async def outcome(bell: Ringing, call: UUID, by: Person, result: str) -> dict[str, Any]:
    async with bell.world.web.transaction(bell.world.district) as conn:
        return await bridging.outcome(conn, call, by, bell.phones.clock(), result)


async def test_one_key_rings_the_operator_then_the_daughter_and_the_timeline_has_one_line(
    bell: Ringing,
) -> None:
    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).keys = ()
    made = await ring(bell, by)
    assert (made["state"], made["carrier"], made["dial"]) == ("queued", "twilio", None)
    assert made["number_masked"] == "138****5678"
    assert await tick(bell) == 1
    assert await tick(bell) == 0
    await bell.phones.go(90)
    row = await bell.call(made["id"])
    assert (row["state"], row["result"]) == ("ended", "answered")
    assert row["seconds"] is not None
    (line,) = await bell.lines("call")
    assert line["account_id"] == by.account_id
    assert (line["data"]["to"], line["data"]["result"]) == ("family", "answered")
    assert line["data"]["seconds"] == row["seconds"]
    assert any("家属" in text for text in bell.heard(SEAT))


@pytest.mark.parametrize(
    ("manner", "result"), [(Manner.BUSY, "busy"), (Manner.RINGS_OUT, "no_answer"), (Manner.FAILS, "failed")]
)
async def test_a_daughter_who_is_not_reached_is_said_so(bell: Ringing, manner: Manner, result: str) -> None:
    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).keys = ()
    bell.phones.exchange.phone(DAUGHTER).manner = manner
    made = await ring(bell, by)
    await tick(bell)
    await bell.phones.go(120)
    (line,) = await bell.lines("call")
    assert line["data"]["result"] == result
    assert (await bell.call(made["id"]))["result"] == result


async def test_an_operator_who_does_not_pick_up_has_called_nobody(bell: Ringing) -> None:
    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).manner = Manner.RINGS_OUT
    made = await ring(bell, by)
    await tick(bell)
    await bell.phones.go(120)
    row = await bell.call(made["id"])
    assert (row["state"], row["code"]) == ("failed", "desk_no_answer")
    assert bell.heard() == []


async def test_callbacks_of_a_bridge_late_twice_and_shuffled_come_to_the_same(bell: Ringing) -> None:
    modes = bell.phones.exchange.courier.modes
    modes.is_twice = modes.is_shuffled = True
    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).keys = ()
    made = await ring(bell, by)
    await tick(bell)
    await bell.phones.go(150)
    assert (await bell.call(made["id"]))["state"] == "ended"
    assert len(await bell.lines("call")) == 1


async def test_429_is_said_at_once_and_a_hand_may_dial(bell: Ringing) -> None:
    by = await seated(bell)
    bell.phones.exchange.courier.modes.refusals = 1
    made = await ring(bell, by)
    await tick(bell)
    row = await bell.call(made["id"])
    assert (row["state"], row["code"]) == ("failed", "rate_limited")
    again = await ring(bell, by, by_hand=True)
    assert (again["carrier"], again["dial"]) == ("desk", "13800005678")


async def test_a_call_that_was_taken_and_answered_500_is_not_made_twice(bell: Ringing) -> None:
    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).manner = Manner.BY_HAND
    bell.phones.exchange.courier.modes.breaks = 1
    made = await ring(bell, by)
    assert await tick(bell) == 1
    assert (await bell.call(made["id"]))["state"] in {"queued", "sent"}
    bell.phones.clock.push(seconds=61)
    assert await tick(bell) == 1
    assert len(bell.phones.exchange.calls) == 1


async def test_a_call_for_which_nobody_waits_any_more_is_not_made(bell: Ringing) -> None:
    by = await seated(bell)
    made = await ring(bell, by)
    bell.phones.clock.push(minutes=3)
    await tick(bell)
    row = await bell.call(made["id"])
    assert (row["state"], row["code"]) == ("failed", "too_late")
    assert bell.phones.exchange.calls == {}


async def test_hanging_up_before_and_while_it_rings(bell: Ringing) -> None:
    by = await seated(bell)
    first = await ring(bell, by)
    async with bell.world.web.transaction(bell.world.district) as conn:
        row = await bridging.hang_up(conn, first["id"], by, bell.phones.clock())
    assert (row["state"], row["result"]) == ("canceled", "gave_up")
    assert await tick(bell) == 0
    bell.phones.exchange.phone(DAUGHTER).manner = Manner.RINGS_OUT
    bell.phones.exchange.phone(SEAT).keys = ()
    second = await ring(bell, by)
    await tick(bell)
    await bell.phones.go(10)
    async with bell.world.web.transaction(bell.world.district) as conn:
        await bridging.hang_up(conn, second["id"], by, bell.phones.clock())
    await tick(bell)
    await bell.phones.go(10)
    assert (await bell.call(second["id"]))["state"] in {"canceled", "no_answer"}
    async with bell.world.web.transaction(bell.world.district) as conn:
        with pytest.raises(Conflict):
            await bridging.hang_up(conn, second["id"], by, bell.phones.clock())


async def test_120_is_dialled_by_hand_and_its_outcome_logged(bell: Ringing) -> None:
    by = await seated(bell)
    made = await ring(bell, by, "emergency_120")
    assert (made["carrier"], made["dial"]) == ("desk", "120")
    assert await tick(bell) == 0
    said = await outcome(bell, made["id"], by, "answered")
    assert (said["state"], said["result"]) == ("ended", "answered")
    (line,) = await bell.lines("call")
    assert (line["data"]["to"], line["data"]["result"]) == ("emergency_120", "answered")
    with pytest.raises(Conflict):
        await outcome(bell, made["id"], by, "busy")


async def test_what_the_carrier_said_of_a_call_is_corrected_by_who_was_in_it(bell: Ringing) -> None:
    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).keys = ()
    made = await ring(bell, by)
    await tick(bell)
    await bell.phones.go(90)
    assert (await outcome(bell, made["id"], by, "wrong_number"))["result"] == "wrong_number"
    (line,) = await bell.lines("call_corrected")
    assert line["data"]["result"] == "wrong_number"


async def test_an_operator_without_a_phone_gets_the_number_and_that_is_on_record(bell: Ringing) -> None:
    by = await make_operator(bell.world)
    async with bell.world.web.transaction(bell.world.district) as conn:
        await cases.claim(conn, bell.case, by, bell.phones.clock())
    made = await ring(bell, by)
    assert (made["carrier"], made["dial"]) == ("desk", "13800005678")
    row = await bell.row("SELECT count(*)::int AS n FROM audit_log WHERE action = 'reveal'")
    assert row["n"] == 1


async def test_nobody_is_called_about_a_case_that_nobody_has_and_no_stranger_at_all(bell: Ringing) -> None:
    by = await make_operator(bell.world)
    with pytest.raises(Conflict) as refused:
        await ring(bell, by)
    assert refused.value.code == "wrong_state"
    async with bell.world.web.transaction(bell.world.district) as conn:
        await cases.claim(conn, bell.case, by, bell.phones.clock())
    with pytest.raises(NotFound):
        await ring(bell, by, "family", target_id=by.account_id)


async def test_a_call_of_which_nothing_more_is_heard_ends_by_itself(bell: Ringing) -> None:
    by = await seated(bell)
    bell.phones.exchange.courier.modes.late = 100_000
    bell.phones.exchange.phone(SEAT).manner = Manner.BY_HAND
    made = await ring(bell, by)
    await tick(bell)
    bell.phones.clock.push(seconds=timedelta(hours=5).total_seconds())
    await tick(bell)
    row = await bell.call(made["id"])
    assert (row["state"], row["code"]) == ("failed", "unknown")


async def test_two_ticks_at_once_ask_once(bell: Ringing) -> None:
    import asyncio  # noqa: PLC0415 - of this test alone

    by = await seated(bell)
    bell.phones.exchange.phone(SEAT).manner = Manner.BY_HAND
    await ring(bell, by)
    assert sum(await asyncio.gather(tick(bell), tick(bell), tick(bell))) == 1
    assert len(bell.phones.exchange.calls) == 1
    async with bell.world.web.transaction(bell.world.district) as conn:
        assert len(await calls.of_case(conn, bell.case)) == 1


async def test_over_http_a_call_is_made_listed_and_its_number_shown_once(bell: Ringing) -> None:
    by = await make_operator(bell.world)
    async with bell.world.web.transaction(bell.world.district) as conn:
        await cases.claim(conn, bell.case, by, bell.phones.clock())
    base = f"/api/v1/cases/{bell.case}/calls"
    asked = {"target": "family", "id": str(bell.daughter)}
    async with await client_of(bell.app, by) as client:
        first = await client.post(base, json=asked, headers={"Idempotency-Key": "one"})
        again = await client.post(base, json=asked, headers={"Idempotency-Key": "one"})
        call = first.json()["id"]
        said = await client.post(f"{base}/{call}/outcome", json={"result": "no_answer"})
        wrong = await client.post(f"{base}/{call}/hang-up")
        seat = await client.post("/api/v1/desk-phone", json={"number": "0531-8288 1234"})
        bad = await client.post("/api/v1/desk-phone", json={"number": "12"})
        shown = await client.get("/api/v1/desk-phone")
        listed = await client.get(base)
    assert (first.json()["dial"], again.json()["dial"]) == ("13800005678", None)
    assert again.json()["id"] == call
    assert (said.json()["state"], said.json()["result"]) == ("no_answer", "no_answer")
    assert (wrong.status_code, bad.status_code) == (409, 422)
    assert seat.json() == shown.json() == {"number_masked": "053****1234"}
    assert [one["id"] for one in listed.json()["items"]] == [call]
