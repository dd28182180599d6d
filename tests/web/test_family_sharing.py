"""The family's pages show what is shared and no more; a pause is said; who logs out is not told any more."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from core import absences
from core.accounts import Person
from dispatch import cases, push_subscriptions
from dispatch.centre import pauses
from tests import makers
from tests.dashboards.clients import anonymous, client_of
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW
from tests.web.test_family_pages import KEYS, relative

HOUR = timedelta(hours=1)


async def pause(world: World, reason: str = "hospital") -> UUID:
    """Pause what the elder's devices say until tomorrow."""
    operator = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        span: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW + 24 * HOUR, "now": NOW}
        return await pauses.begin(conn, elder=world.elder, care_bed=None, reason=reason, by=operator, **span)


async def page_of(app: FastAPI, person: Person, path: str = "/family") -> str:
    async with await client_of(app, person) as client:
        return " ".join((await client.get(path)).text.split())


async def test_while_monitoring_is_paused_nothing_is_called_quiet(app: FastAPI, world: World) -> None:
    one, neighbour = await relative(world, "one"), await relative(world, "two", rights=("alerts",))
    async with world.web.transaction(world.district) as conn:
        await makers.make_consents(conn, world.district, world.elder, ("share_visits",))
    assert "Monitoring is paused" not in await page_of(app, one)
    await pause(world)
    page, theirs = await page_of(app, one), await page_of(app, neighbour)
    assert "Monitoring is paused." in page
    assert "All quiet" not in page
    assert "Alarms are paused until" in page
    assert "16:30: in hospital." in page
    assert "An SOS, a fall, smoke or gas is seen to all the same." in page
    assert "in hospital" not in theirs


async def test_an_alarm_that_a_pause_keeps_quiet_frightens_no_family(app: FastAPI, world: World) -> None:
    one = await relative(world, "one")
    await pause(world)
    case = await make_case(world, "bed_exit")
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case))["state"] == "raised"
    assert "is-paused" in await page_of(app, one)
    await make_case(world, "sos")
    assert "is-alert" in await page_of(app, one)


async def test_why_somebody_is_away_is_for_who_sees_visits(app: FastAPI, world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        away = {"kind": "hospital", "starts_on": NOW.date(), "ends_on": None, "now": NOW}
        await absences.record(conn, district=world.district, elder=world.elder, **away)  # type: ignore[arg-type]
        await makers.make_consents(conn, world.district, world.elder, ("share_visits",))
    daughter, neighbour = await relative(world, "one"), await relative(world, "two", rights=("alerts",))
    assert "is-away" in await page_of(app, daughter)
    assert "is-away" not in await page_of(app, neighbour)


async def test_what_is_not_shared_says_so_and_where_to_look(app: FastAPI, world: World) -> None:
    neighbour = await relative(world, "two", rights=("alerts",))
    for path in ("/family/bill", "/family/visits", "/family/care", "/family/grade", "/family/applications"):
        page = await page_of(app, neighbour, path)
        assert ("This is not shared with you." in page, "/family/me" in page) == (True, True), path
        assert "Nobody is linked to this account" not in page


async def test_who_may_not_order_is_offered_no_order_and_no_meal_code(app: FastAPI, world: World) -> None:
    rights = ("alerts", "visits", "bills")
    async with world.web.transaction(world.district) as conn:
        await makers.make_consents(conn, world.district, world.elder, ("share_visits", "share_bills"))
    one, two = (
        await relative(world, "one", rights=rights),
        await relative(world, "t", rights=(*rights, "order")),
    )
    path = f"/family/care/{world.elder}"
    for person, may in ((one, False), (two, True)):
        async with await client_of(app, person) as client:
            page = await client.get(path)
            visits = await client.get(f"/family/visits/{world.elder}")
        assert page.status_code == 200
        assert (f"{path}/orders" in page.text, "meal-code" in page.text) == (may, may)
        assert ("#order" in visits.text) == may


async def test_who_logs_all_others_out_is_told_on_this_device_alone(app: FastAPI, world: World) -> None:
    person = await relative(world, "one")
    here, lost = "http://127.0.0.1:9/here", "http://127.0.0.1:9/lost"
    async with await client_of(app, person) as client:
        for endpoint in (here, lost):
            await client.post("/api/v1/push-subscriptions", json={"endpoint": endpoint, "keys": KEYS})
        done = await client.post("/family/me/devices", data={"endpoint": here})
    async with world.web.transaction(world.district) as conn:
        left = await push_subscriptions.of_account(conn, person.account_id)
    assert (done.status_code, [row["endpoint"] for row in left]) == (303, [here])


async def test_a_relative_whose_session_is_over_is_led_to_the_code_and_back(app: FastAPI) -> None:
    async with anonymous(app, headers={"Accept-Language": "en"}) as visitor:
        sent = await visitor.get("/family/alert/1?x=1")
        part = await visitor.get("/family/elders/1", headers={"HX-Request": "true"})
        door = await visitor.get(sent.headers["location"])
        out = await visitor.post("/logout", data={"next": "/login/code"})
        evil = await visitor.post("/logout", data={"next": "https://evil.example"})
    assert sent.headers["location"] == "/login/code?next=%2Ffamily%2Falert%2F1%3Fx%3D1"
    assert part.headers["hx-redirect"] == "/login/code?next=%2Ffamily%2Felders%2F1"
    assert 'value="/family/alert/1?x=1"' in door.text
    assert 'href="/login?next=/family/alert/1%3Fx%3D1"' in door.text
    assert out.headers["location"] == "/login/code"
    assert "evil" not in evil.headers["location"]
