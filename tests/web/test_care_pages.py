"""Care plans, orders, places, meals and calls on the desk, and the family's page of care."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from core.accounts import Person
from dispatch.places import cards
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.web.conftest import CountingPool

LINE = {
    "items.0.service": "bath",
    "items.0.often": "weekly",
    "items.0.TU": "1",
    "items.0.TH": "1",
    "items.0.a.from": "09:00",
    "items.0.a.to": "10:30",
    "items.0.holiday": "as_usual",
    "valid_from": "2026-11-23",
}


@pytest.fixture
def login(app: FastAPI, everybody: dict[str, Person]) -> Any:
    @asynccontextmanager
    async def enter(role: str, language: str = "zh-CN") -> AsyncIterator[httpx.AsyncClient]:
        async with await client_of(app, everybody[role], language) as client:
            yield client

    return enter


async def test_a_plan_is_written_previewed_approved_by_another_and_read_in_words(
    login: Any, world: World, counting: CountingPool
) -> None:
    at = f"/desk/elders/{world.elder}/care"
    async with login("clerk") as clerk:
        shown = await clerk.post("/desk/care-plans/preview?n=0", data=LINE)
        assert re.search(r"每周二.周四 9:00.10:30 助浴.节假日照常", shown.text)
        assert "11月24日" in shown.text
        made = await clerk.post(at, data=LINE)
        assert made.status_code == 303
        plan = made.headers["location"]
        assert "须由编写人以外的人批准" in (await clerk.get(plan)).text
        refused = await clerk.post(f"{plan}/end", data={"last": "2026-12-01", "reason": "r"})
        assert refused.status_code == 409
    async with login("approver") as approver:
        nobody = await approver.post(f"{plan}/approve", data={"agreed_by": ""})
        assert nobody.status_code == 422
        assert (await approver.post(f"{plan}/approve", data={"agreed_by": "self"})).status_code == 303
        assert (await approver.post(f"{plan}/approve", data={"agreed_by": "self"})).status_code == 409
        counting.statements.clear()
        page = await approver.get(at)
        assert re.search(r"每周二.周四 9:00.10:30 助浴", page.text)
        assert len(counting.statements) <= 12
        assert (
            await approver.post(f"{plan}/end", data={"last": "2026-12-01", "reason": "r"})
        ).status_code == 303
    async with login("clerk") as clerk:
        filled = await clerk.get(f"{at}/new")
        assert re.search(r'name="items.0.TU" value="1" checked', filled.text)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"items.0.TU": "", "items.0.TH": ""}, "请说明多久一次"),
        (
            {"items.0.often": "rule", "items.0.rrule": "FREQ=WEEKLY;BYHOUR=3"},
            "钟点请填在下面的时段里",
        ),
        ({"items.0.a.to": "09:20"}, "短"),
        ({"items.0.a.from": "late"}, "08:00"),
        ({"items.0.minutes": "many"}, "数字"),
        ({"valid_from": ""}, "日期"),
        ({"items.0.service": ""}, "过多或过少"),
        ({"items.0.service": "", "items.3.service": "clean", "items.3.often": "daily"}, "过多或过少"),
    ],
)
async def test_what_is_wrong_in_the_form_is_said_beside_the_field(
    login: Any, world: World, wrong: dict[str, str], words: str
) -> None:
    async with login("clerk") as clerk:
        answer = await clerk.post(f"/desk/elders/{world.elder}/care", data={**LINE, **wrong})
    assert answer.status_code == 422
    assert words in answer.text


async def test_a_draft_may_be_thrown_away_once(login: Any, things: dict[str, UUID]) -> None:
    async with login("assessor") as assessor:
        at = f"/desk/care-plans/{things['care_plan_id']}/discard"
        assert (await assessor.post(at)).status_code == 303
        assert (await assessor.post(at)).status_code == 409


async def test_an_absence_is_recorded_ended_and_not_twice(login: Any, world: World) -> None:
    at = f"/desk/elders/{world.elder}/absences"
    away = {"kind": "hospital", "starts_on": "2026-11-20"}
    async with login("clerk") as clerk:
        assert (await clerk.post(at, data=away)).status_code == 303
        assert (await clerk.post(at, data=away)).status_code == 409
        page = await clerk.get(f"/desk/elders/{world.elder}/care")
        absence = re.search(r'name="absence" value="([^"]+)"', page.text)
        assert absence
        ended = await clerk.post(at, data={"absence": absence[1], "ends_on": "2026-11-25"})
        assert ended.status_code == 303
        assert (await clerk.post(at, data={"kind": "moon", "starts_on": ""})).status_code == 422


async def test_an_order_is_placed_and_called_off_and_a_wrong_one_explained(
    login: Any, world: World, things: dict[str, UUID]
) -> None:
    order = {
        "elder": str(world.elder),
        "service": "clean",
        "on": "2026-11-25",
        "from": "09:00",
        "to": "12:00",
    }
    async with login("operator") as operator:
        assert (await operator.post("/desk/orders", data=order)).status_code == 303
        short = await operator.post("/desk/orders", data={**order, "to": "09:10"})
        assert short.status_code == 422
        assert (await operator.post("/desk/orders", data={**order, "from": "soon"})).status_code == 422
        off = f"/desk/orders/{things['order_id']}"
        early = await operator.post(f"{off}/call-back", data={"satisfied": "yes"})
        assert early.status_code == 409
        assert (await operator.post(f"{off}/cancel", data={"reason": "r"})).status_code == 303
        assert (await operator.post(f"{off}/cancel", data={"reason": "r"})).status_code == 409
        listed = await operator.get("/desk/orders?state=cancelled")
        assert "已取消" in listed.text


async def test_a_place_is_made_changed_and_drawn_with_its_circle(
    login: Any, things: dict[str, UUID], world: World
) -> None:
    place = {"kind": "day_care", "name": "颐和日间照料中心", "lat": "37.9", "lon": "118.5", "capacity": "30"}
    place |= {"hours.1": "08:00-12:00 13:30-17:30", "opened_on": "2026-01-01"}
    async with login("clerk") as clerk:
        assert (await clerk.post("/desk/places", data=place)).status_code == 303
        for wrong in ({"lat": "north"}, {"lat": "99"}, {"kind": "centre"}, {"hours.1": "9"}, {"name": ""}):
            answer = await clerk.post("/desk/places", data={**place, **wrong})
            assert answer.status_code == 422, wrong
        one = f"/desk/places/{things['place_id']}"
        assert (await clerk.get(one)).status_code == 200
        assert (await clerk.post(one, data=place)).status_code == 303
        page = await clerk.get("/desk/places?kind=day_care&kind=meal_point")
        assert 'class="circle"' in page.text
        assert "颐和日间照料中心" in page.text
        sheet = await clerk.get("/desk/places/outside.csv?of=day_care")
    async with world.web.transaction(world.district) as conn:
        living = await conn.fetchval("SELECT count(*) FROM elder WHERE died_on IS NULL")
    assert sheet.text.count("\n") == 1 + living


async def test_who_shows_the_code_is_served_once_and_a_route_says_its_doors(
    login: Any, things: dict[str, UUID], world: World
) -> None:
    at = f"/desk/meals/{things['meal_id']}"
    async with world.web.transaction(world.district) as conn:
        code = await cards.of(conn, world.keys, world.district, world.elder, NOW)
    async with login("provider_manager") as manager:
        assert "没有人使用这个码" in (await manager.post(f"{at}/attend", data={"code": "1"})).text
        assert "已用餐登记" in (await manager.post(f"{at}/attend", data={"code": f"meal:{code}"})).text
        again = await manager.post(f"{at}/attend", data={"code": code})
        assert again.status_code == 409
        assert "已用过" in again.text
        nothing = await manager.post(f"{at}/send", data={"carers": str(things["caregiver_id"])})
        assert nothing.status_code == 409
        new = {"place": str(things["place_id"]), "on": "2026-11-22", "kind": "lunch", "portions": "5"}
        made = await manager.post("/desk/meals", data=new)
        assert made.status_code == 303
        assert (await manager.post("/desk/meals", data=new)).status_code == 409
        assert (await manager.post("/desk/meals", data={**new, "portions": "0"})).status_code == 422
        tomorrow = made.headers["location"]
        portion = {"elder": str(world.elder), "mode": "deliver"}
        assert (await manager.post(f"{tomorrow}/order", data=portion)).status_code == 303
        assert (await manager.post(f"{tomorrow}/order", data=portion)).status_code == 409
        sent = await manager.post(f"{tomorrow}/send", data={"carers": str(things["caregiver_id"])})
        assert "第 1 站" in sent.text


async def test_a_call_is_recorded_and_people_are_put_on_the_list(
    login: Any, things: dict[str, UUID], world: World
) -> None:
    async with login("clerk") as clerk:
        listed = {"elder": str(world.elder), "category": "alone", "caller": str(things["caller_id"])}
        assert (await clerk.post("/desk/calls/duties", data=listed)).status_code == 303
        call = {"elder": str(world.elder), "caller": str(things["caller_id"]), "on": "2026-11-20"}
        call |= {"clock": "10:00", "how": "in_person", "outcome": "well"}
        assert (await clerk.post("/desk/calls", data=call)).status_code == 303
        assert (await clerk.post("/desk/calls", data=call)).status_code == 409
        for wrong in ({"caller": ""}, {"clock": "noon"}, {"on": "2026-12-20"}, {"outcome": "odd"}):
            assert (await clerk.post("/desk/calls", data={**call, **wrong})).status_code == 422
        assert (
            await clerk.post("/desk/calls/callers", data={"name": "村医", "role": "village_doctor"})
        ).is_redirect
        assert (await clerk.post("/desk/calls/callers", data={"name": "", "role": "x"})).status_code == 422
        page = await clerk.get("/desk/calls?show_=all")
        assert "每 7 天" in page.text or "7" in page.text
        sheet = await clerk.get("/desk/calls/export.csv")
        assert sheet.text.count("\n") == 2
        gone = {"elder": str(world.elder), "end": "1"}
        assert (await clerk.post("/desk/calls/duties", data=gone)).status_code == 303
        let_go = await clerk.post("/desk/calls/callers", data={"end": str(things["caller_id"])})
        assert let_go.status_code == 303


async def test_the_family_reads_the_plan_shows_the_meal_code_and_orders(
    login: Any, world: World, things: dict[str, UUID]
) -> None:
    at = f"/family/care/{world.elder}"
    order = {"service": "clean", "on": "2026-11-25", "from": "09:00", "to": "12:00"}
    async with login("family") as family:
        assert (await family.post(f"{at}/orders", data=order)).status_code == 303
        assert (await family.post(f"{at}/orders", data={**order, "on": ""})).status_code == 422
        page = await family.get(at)
        assert re.search(r"meal-code\">\d{3} \d{3}<", page.text)
        mine = f"{at}/orders/{things['order_id']}"
        assert (await family.post(mine, data={"rating": "5"})).status_code == 409
        assert (await family.post(mine, data={})).status_code == 303
        assert (await family.get(f"/family/care/{things['place_id']}")).status_code == 404
