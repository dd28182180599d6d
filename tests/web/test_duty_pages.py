"""The duty manager's pages: what is laid, swapped, drawn, scored and paused through forms; the wall."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from core.db import Pool
from dispatch import cases
from dispatch.centre import answers
from dispatch.cover import gaps
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW


@pytest.fixture(autouse=True)
async def _english(world: World, everybody: dict[str, Person]) -> None:
    """Let everybody read English."""
    assert everybody
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")


async def test_a_shift_laid_by_the_form_stands_on_the_week_and_on_the_wall(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    who = everybody["operator"]
    shift = {"account": str(who.account_id), "role": "operator", "on": "2026-11-21"}
    async with await client_of(app, everybody["duty_manager"], "en") as client:
        before = await client.get("/duty/week?week=2026-11-16")
        assert "1 gap this week" in before.text
        wrong = await client.post("/duty/shifts", data={**shift, "starts": "late", "ends": "20:00"})
        assert wrong.status_code == 422
        tired = await client.post("/duty/shifts", data={**shift, "starts": "00:00", "ends": "23:00"})
        assert tired.status_code == 409
        assert 'name="is_agreed" value="yes"' in tired.text
        made = await client.post(
            "/duty/shifts", data={**shift, "starts": "00:00", "ends": "23:00", "is_agreed": "yes"}
        )
        assert made.headers["location"].endswith("done=added")
        assert who.name in (await client.get("/wall/board")).text
        sheet = await client.get("/duty/week.xlsx?week=2026-11-16")
        assert sheet.content[:2] == b"PK"


async def test_an_operator_sees_the_rota_and_changes_nothing_of_it(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    async with await client_of(app, everybody["operator"], "en") as client:
        page = await client.get("/duty/week")
        assert page.status_code == 200
        assert "/duty/shifts" not in page.text
        assert (await client.post("/duty/shifts", data={})).status_code == 403


async def test_the_rota_takes_patterns_absences_and_swaps(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    one, two = everybody["operator"], await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")
    pattern = {"account": str(one.account_id), "role": "operator", "starts": "20:00", "ends": "08:00"}
    absent = {"absent": str(one.account_id), "instead": str(two.account_id), "reason": "sick"}
    async with await client_of(app, everybody["duty_manager"], "en") as client:
        none = await client.post("/duty/patterns", data={**pattern, "valid_from": "2026-11-23"})
        assert none.status_code == 422
        laid = await client.post(
            "/duty/patterns", data={**pattern, "valid_from": "2026-11-23", "weekdays": ["1", "4"]}
        )
        assert laid.headers["location"].endswith("done=pattern")
        noted = await client.post(
            "/duty/overrides", data={**absent, "from_on": "2026-11-23", "to_on": "2026-11-24"}
        )
        assert noted.headers["location"].endswith("done=override")
        page = await client.get("/duty/week?week=2026-11-23")
        assert "instead: " in page.text
        bad = await client.post(f"/duty/people/{one.account_id}/phone", data={"phone": "nonsense"})
        assert bad.status_code == 422
        police = await client.post(f"/duty/people/{one.account_id}/phone", data={"phone": "110"})
        assert "emergency number" in police.text
        kept = await client.post(f"/duty/people/{one.account_id}/phone", data={"phone": "138 0000 2222"})
        assert kept.status_code == 303
    await _swap(app, world, everybody["duty_manager"], one, two)


async def test_only_a_demonstration_takes_numbers_that_nobody_can_dial(
    app: FastAPI, pool_owner: Pool, world: World, everybody: dict[str, Person]
) -> None:
    given = {"phone": "100 1234 5678"}
    async with await client_of(app, everybody["operator"], "en") as client:
        assert (await client.post("/duty/mine/phone", data=given)).status_code == 422
        async with pool_owner.transaction(world.district) as conn:
            await conn.execute("UPDATE district SET is_demo = true WHERE id = $1", world.district)
        kept = await client.post("/duty/mine/phone", data=given)
        assert kept.headers["location"].endswith("done=phone")


async def _swap(app: FastAPI, world: World, boss: Person, one: Person, two: Person) -> None:
    """Let one's shift of Thursday change hands."""
    async with world.web.transaction(world.district) as conn:
        shift = await conn.fetchrow(
            "SELECT id FROM duty_shift WHERE account_id = $1 AND starts_at > '2026-11-26' ORDER BY starts_at",
            one.account_id,
        )
    assert shift is not None
    async with await client_of(app, one, "en") as client:
        assert "Offer it to somebody" in (await client.get("/duty/mine")).text
        offered = await client.post(f"/duty/mine/shifts/{shift['id']}/offer", data={"taker": ""})
        assert offered.headers["location"].endswith("done=offered")
    async with world.web.transaction(world.district) as conn:
        swap = await conn.fetchval("SELECT id FROM duty_swap")
    async with await client_of(app, two, "en") as client:
        assert (await client.post(f"/duty/mine/swaps/{swap}", data={"verb": "take"})).status_code == 303
        assert (await client.post(f"/duty/mine/swaps/{swap}", data={"verb": "take"})).status_code == 409
    async with await client_of(app, boss, "en") as client:
        done = await client.post(f"/duty/swaps/{swap}", data={"verb": "approve"})
        assert done.headers["location"].endswith("done=swap")


async def handled(world: World, by: Person, wait: int = 20) -> UUID:
    case = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, by, NOW + timedelta(seconds=wait))
        await cases.close(conn, case, by, NOW + timedelta(seconds=wait + 100), "false_alarm", "pet")
    await answers.run(world.worker, world.district, NOW + timedelta(hours=1))
    return case


async def test_answer_times_name_the_worst_and_files_hold_the_hours(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    case = await handled(world, everybody["operator"], wait=200)
    async with await client_of(app, everybody["duty_manager"], "en") as client:
        page = (await client.get("/desk/kpi")).text
        assert f"/console/cases/{case}" in page
        assert "200 s" in page
        nothing = (await client.get("/desk/kpi?month=2020-01")).text
        assert "no share is shown" in nothing
        table = (await client.get("/desk/kpi/export.csv")).text
        assert table.splitlines()[1].endswith(",1,1,0,0,200,0,0,0,0,1")
        cost = (await client.get("/desk/false-alarms")).text
        assert "What false alarms cost" in cost
        told = (await client.get("/api/v1/kpis?month=2026-11")).json()
        assert (told["total"]["cases"], told["total"]["share_60"]) == (1, 0.0)
        assert told["slowest"][0]["case_id"] == str(case)


async def test_without_history_the_forecast_says_so_and_shows_no_number(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    await handled(world, everybody["operator"])
    async with await client_of(app, everybody["duty_manager"], "en") as client:
        page = (await client.get("/desk/staffing")).text
    assert "No forecast" in page
    assert "<td" not in page


async def test_with_four_weeks_of_history_short_hours_are_named(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    for weeks in range(1, 7):
        await make_case(world, at=NOW - timedelta(weeks=weeks))
    await answers.run(world.worker, world.district, NOW)
    async with await client_of(app, everybody["duty_manager"], "en") as client:
        page = (await client.get("/desk/staffing")).text
    assert "hours of this week are short of operators" in page
    assert "From 5 whole weeks" in page


async def test_a_sample_is_drawn_once_scored_by_another_and_answered_by_the_operator(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    operator, boss = everybody["operator"], everybody["duty_manager"]
    await handled(world, operator)
    await handled(world, boss)
    async with await client_of(app, boss, "en") as client:
        assert (await client.post("/desk/quality", data={"month": "2027-01"})).status_code == 422
        assert (await client.post("/desk/quality", data={"month": "2026-10"})).status_code == 409
        drawn = await client.post("/desk/quality", data={"month": "2026-11"})
        sample = drawn.headers["location"].partition("?")[0]
        page = (await client.get(sample)).text
        assert "the same cases" in page
        assert '<td class="num">2</td><td class="num">2</td>' in (await client.get("/desk/quality")).text
        async with world.web.transaction(world.district) as conn:
            rows = await conn.fetch("SELECT id, account_id FROM quality_item")
        items = {row["account_id"]: f"/desk/quality/items/{row['id']}" for row in rows}
        assert (await client.post(items[boss.account_id], data={})).status_code == 403
        half = await client.post(items[operator.account_id], data={"mark_greeting": "2"})
        assert half.status_code == 422
        form = (await client.get(items[operator.account_id])).text
        marks = {part.partition('"')[0]: "1" for part in form.split('name="')[1:] if part.startswith("mark_")}
        scored = await client.post(items[operator.account_id], data={**marks, "remark": "calm"})
        assert scored.status_code == 303
        again = await client.post(items[operator.account_id], data=marks)
        assert again.status_code == 409
    async with await client_of(app, operator, "en") as client:
        assert items[operator.account_id] in (await client.get("/duty/mine")).text
        assert "calm" in (await client.get(items[operator.account_id])).text
        assert (await client.get(items[boss.account_id])).status_code == 404
        said = await client.post(f"{items[operator.account_id]}/answer", data={"answer": "I see"})
        assert said.status_code == 303


async def test_gaps_are_listed_with_what_is_missing_and_one_sees_to_it(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    async with world.worker.transaction(world.district) as conn:
        await gaps.look(conn, world.district, NOW + timedelta(days=31))
        gap = await conn.fetchval("SELECT id FROM cover_gap WHERE kind = 'untested_kit'")
    boss = everybody["duty_manager"]
    async with await client_of(app, boss, "en") as client:
        page = await client.get("/desk/gaps")
        assert (page.status_code, "31 days" in page.text, "min uncovered" in page.text) == (200, True, True)
        assert (await client.post(f"/desk/gaps/{gap}/take")).status_code == 303
        assert f"{boss.name} sees to it" in (await client.get("/desk/gaps")).text
    async with await client_of(app, everybody["operator"], "en") as client:
        assert (await client.post(f"/desk/gaps/{gap}/take")).status_code == 409


async def test_monitoring_is_paused_and_ended_on_the_page_and_the_family_may_know(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    what = {"elder": str(world.elder), "reason": "hospital", "to_at": "10:00"}
    async with await client_of(app, everybody["clerk"], "en") as client:
        assert (await client.post("/desk/pauses", data={**what, "to_on": ""})).status_code == 422
        assert (await client.post("/desk/pauses", data={**what, "to_on": "2028-01-01"})).status_code == 422
        assert (await client.post("/desk/pauses", data={**what, "to_on": "2026-11-30"})).status_code == 303
        page = (await client.get("/desk/pauses")).text
        assert "in hospital" in page
        assert (await client.post("/desk/pauses", data={**what, "to_on": "2026-11-30"})).status_code == 409
    async with await client_of(app, everybody["family"], "en") as client:
        found = (await client.get("/api/v1/monitoring-pauses?is_open=true")).json()["items"]
        assert [one["reason"] for one in found] == ["hospital"]
    async with await client_of(app, everybody["operator"], "en") as client:
        ended = await client.post(f"/desk/pauses/{found[0]['id']}/end")
        assert ended.status_code == 303
        late = await client.post(f"/api/v1/monitoring-pauses/{found[0]['id']}/end")
        assert (late.status_code, late.json()["code"]) == (409, "pause_over")
