"""Alarm rules on their page: changed, refused at the field, ended, proposed and decided."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from core.accounts import Person
from gateway import rule_proposals
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW


def rule(**given: str) -> dict[str, str]:
    return {"rule": "bed_exit", "enabled": "yes", **given}


async def test_a_rule_is_changed_for_the_district_or_a_person_and_ended(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    mine = {"params.minutes": "35", "params.night_start": "22:00", "elder": str(world.elder)}
    async with await client_of(app, everybody["admin"], "zh-CN") as client:
        for_all = await client.post("/admin/rules", data=rule(**{"params.minutes": "25"}))
        for_one = await client.post("/admin/rules", data=rule(**mine))
        district = (await client.get("/admin/rules")).text
        person = (await client.get(f"/admin/rules?elder={world.elder}")).text
        change = await newest(world)
        ended = await client.post(f"/admin/rules/{change['id']}/end")
        twice = await client.post(f"/admin/rules/{change['id']}/end")
    assert (for_all.status_code, for_one.status_code) == (303, 303)
    assert change["params"] == {"minutes": 35}
    assert ("本区设定" in district, "个人设定" in district) == (True, False)
    assert "个人设定" in person
    assert (ended.status_code, twice.status_code) == (303, 409)


async def newest(world: World) -> dict[str, Any]:
    async with world.web.transaction(world.district) as conn:
        return dict((await conn.fetch("SELECT * FROM alarm_rule ORDER BY id DESC LIMIT 1"))[0])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"params.minutes": "many"}, "params.minutes"),
        ({"params.night_start": "26:00"}, "params.night_start"),
        ({"valid_from": "2020-01-01T00:00"}, "valid_from"),
        ({"valid_to": "yesterday"}, "valid_to"),
        ({"params.severity": "9"}, None),
        ({"params.quiet": "always"}, "params.quiet"),
    ],
)
async def test_what_does_not_fit_a_rule_is_said_at_its_field_and_kept(
    app: FastAPI, everybody: dict[str, Person], given: dict[str, str], field: str | None
) -> None:
    async with await client_of(app, everybody["duty_manager"], "zh-CN") as client:
        refused = await client.post("/admin/rules", data=rule(**given))
        unknown = await client.post("/admin/rules", data={"rule": "nonsense"})
    assert (refused.status_code, unknown.status_code) == (422, 422)
    if field:
        assert f'id="wrong-{field}"' in refused.text


async def test_rooms_of_a_rule_are_ticked_and_all_may_be_unticked(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    asked = {"rule": "door_open", "enabled": "no", "params.rooms.asked": "1"}
    async with await client_of(app, everybody["admin"]) as client:
        await client.post("/admin/rules", data={**asked, "params.rooms": ["entrance", "kitchen"]})
        two = await newest(world)
        await client.post("/admin/rules", data=asked)
        none = await newest(world)
    assert (two["params"], two["enabled"]) == ({"rooms": ["entrance", "kitchen"]}, False)
    assert none["params"] == {"rooms": []}


async def test_a_proposal_is_approved_or_rejected_once_by_who_may(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    first, second = [await propose(world, name) for name in ("bed_exit", "long_bathroom")]
    async with await client_of(app, everybody["operator"]) as client:
        refused = await client.post(f"/admin/rules/proposals/{first}/approve")
    async with await client_of(app, everybody["duty_manager"], "zh-CN") as client:
        shown = (await client.get("/admin/rules")).text
        yes = await client.post(f"/admin/rules/proposals/{first}/approve")
        no = await client.post(f"/admin/rules/proposals/{second}/reject")
        again = await client.post(f"/admin/rules/proposals/{second}/reject")
        late = await client.post(f"/admin/rules/proposals/{second}/approve")
        after = (await client.get("/admin/rules")).text
    assert refused.status_code == 403
    assert shown.count("/approve") == 2
    assert '<span class="tag bad">1</span>' in shown
    assert shown.index("现在报警数") < shown.index("调整后报警数")
    assert [one.status_code for one in (yes, no, again, late)] == [303, 303, 409, 409]
    assert ("已处理的建议" in after, everybody["duty_manager"].name in after) == (True, True)
    assert (await newest(world))["params"] == {"minutes": 40}


async def propose(world: World, name: str) -> UUID:
    async with world.gateway.transaction(world.district) as conn:
        return await rule_proposals.propose(
            conn,
            district=world.district,
            elder=None,
            rule=name,
            params={"minutes": 40},
            effect={"before": 4, "after": 1, "real_gone": 1, "gone": [NOW.isoformat()]},
            now=NOW,
        )


async def test_a_person_is_found_by_name_for_rules_of_her_own(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        found = (await client.get("/admin/rules?name=老人")).text
        nobody = (await client.get("/admin/rules?name=zzz")).text
        lost = await client.get(f"/admin/rules?elder={uuid4()}")
    assert f"/admin/rules?elder={world.elder}" in found
    assert "查无此人" in nobody or "没有" in nobody
    assert lost.status_code == 404
