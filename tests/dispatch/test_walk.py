"""Steps 4 to 9 of the conformance walk, on the functions that the API calls."""

from datetime import timedelta

import pytest

from core.errors import Conflict, NotFound
from dispatch import cases, emergency, visits
from tests.dispatch.worlds import HOME, World, events_of, make_caregiver, make_case, make_operator
from tests.makers import NOW

ACTIONS = [
    "open",
    "claim",
    "call",
    "visit.offer",
    "dispatch",
    "visit.accept",
    "visit.check_in",
    "arrive",
    "visit.check_out",
    "visit.verify",
    "resolve",
    "close",
]
EVENTS = [
    "case.opened",
    "case.claimed",
    "case.called",
    "visit.offered",
    "case.dispatched",
    "visit.accepted",
    "visit.started",
    "case.on_scene",
    "visit.completed",
    "visit.verified",
    "case.resolved",
    "case.closed",
]


async def test_an_sos_becomes_a_case_a_visit_and_a_closed_case(world: World) -> None:
    operator, caregiver = await make_operator(world), await make_caregiver(world)
    other = await make_caregiver(world, "other", km=5)
    case_id = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.list_open(conn))[0]["id"] == case_id
        await cases.claim(conn, case_id, operator, NOW)
        await cases.call(conn, case_id, operator, NOW, "elder", "no_answer")
        sent = await emergency.send(conn, case_id, operator, NOW)
    assert sent.caregiver_id == caregiver.caregiver_id
    visit_id, later = sent.visit_id, NOW + timedelta(minutes=20)
    lat, lon = HOME
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(NotFound):
            await visits.accept(conn, visit_id, other, NOW)
        with pytest.raises(Conflict, match="cannot check in to a visit that is offered"):
            await visits.check_in(conn, world.keys, visit_id, caregiver, NOW, at=NOW)
        await visits.accept(conn, visit_id, caregiver, NOW)
        await visits.check_in(
            conn, world.keys, visit_id, caregiver, later, at=NOW, lat=lat, lon=lon, accuracy_m=20
        )
        assert (await cases.find(conn, case_id))["state"] == "on_scene"
        done = await visits.check_out(
            conn, world.keys, visit_id, caregiver, later, at=later, record={"done": ["helped up"]}
        )
    assert (done["state"], done["verdict"]) == ("verified", "proven")
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["state"] == "resolved"
        closed = await cases.close(conn, case_id, operator, later, "assisted")
        assert closed["state"] == "closed"
        timeline = await cases.timeline(conn, case_id)
    assert [line["action"] for line in timeline] == ACTIONS
    assert timeline[0]["account_name"] is None
    assert timeline[1]["account_name"] == operator.name
    assert [kind for kind, _ in await events_of(world)] == EVENTS
