"""What people do with devices, dead letters and rules on the pages."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from fastapi import FastAPI

from core.accounts import Person
from dashboards.web.fleet import listing
from devices import registry
from gateway import pipeline
from gateway.heard import Uplink
from gateway.known import Registry
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW

HTMX = {"HX-Request": "true"}
STATE = """
INSERT INTO ingest.device_state (device_no, last_seen_at, observed_at, values)
SELECT no, $2, $2, $3 FROM device WHERE id = $1"""


async def speak(world: World, device: UUID, **values: Any) -> None:
    async with world.gateway.transaction() as conn:
        said = {name: [value, NOW.isoformat()] for name, value in values.items()}
        await conn.execute(STATE, device, NOW - timedelta(minutes=3), said)


async def audited(world: World) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT action FROM audit_log WHERE action !~ '^consent' ORDER BY id")
    return [row["action"] for row in rows]


@pytest.fixture
async def native(world: World) -> UUID:
    """Register a native mat at the bed."""
    async with world.web.transaction(world.district) as conn:
        made = await registry.add(
            conn, district=world.district, thing_model="care_bed_v1", now=NOW, care_bed=world.bed, name="=mat"
        )
    return made.device_id


async def test_the_fleet_shows_whom_a_device_watches_over_its_battery_and_its_firmware(
    app: FastAPI, world: World, everybody: dict[str, Person], native: UUID
) -> None:
    await speak(world, native, battery=12, fw="2.4.1", heart_rate=66)
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        page = (await client.get("/fleet?state=low_battery")).text
        part = await client.get("/fleet?text==MAT", headers=HTMX)
        none = (await client.get("/fleet?text=nothing-like-it")).text
    assert ("12 %" in page, "2.4.1" in page, "3分钟前" in page.replace(" ", "")) == (True, True, True)
    assert f'href="/fleet/{native}"' in part.text
    assert "<html" not in part.text
    assert "没有符合条件的设备" in none


async def test_a_device_that_is_waited_for_and_never_spoke_is_listed_and_shown(
    app: FastAPI, world: World, everybody: dict[str, Person], native: UUID
) -> None:
    async with world.gateway.transaction() as conn:
        waited_for = "INSERT INTO ingest.device_state (device_no, is_online) SELECT no, false FROM device"
        await conn.execute(f"{waited_for} WHERE id = $1", native)
    async with await client_of(app, everybody["admin"]) as client:
        pages = [
            await client.get(f"/fleet{rest}") for rest in ("", "?sort=seen", f"/{native}", "/export.csv")
        ]
        offline = (await client.get("/fleet?state=offline")).text
        never = (await client.get("/fleet?state=never")).text
    assert [one.status_code for one in pages] == [200] * 4
    assert (f'href="/fleet/{native}"' in offline, f'href="/fleet/{native}"' in never) == (False, True)


async def test_pages_of_the_list_go_on_where_the_one_before_ended(
    app: FastAPI, world: World, everybody: dict[str, Person], monkeypatch: pytest.MonkeyPatch, native: UUID
) -> None:
    assert listing.place("nonsense") is None
    assert listing.place("0.0 x bed") is None
    monkeypatch.setattr(listing.page, "__defaults__", ("", 1))
    async with await client_of(app, everybody["admin"]) as client:
        first = (await client.get("/fleet?sort=newest")).text
        after = first.split("after=")[1].split('"')[0]
        second = (await client.get(f"/fleet?sort=newest&after={after}")).text
    assert (f"/fleet/{native}" in first, f"/fleet/{native}" in second) == (True, False)
    assert f"/fleet/{world.device}" in second


async def test_the_export_holds_what_the_filters_show_and_no_formula(
    app: FastAPI, world: World, everybody: dict[str, Person], native: UUID
) -> None:
    await speak(world, native, battery=80)
    async with await client_of(app, everybody["duty_manager"]) as client:
        sheet = await client.get("/fleet/export.xlsx?state=online")
        text = await client.get("/fleet/export.csv?state=online")
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("设备", "设备名称", "看护对象")
    assert [(row[0], row[1], row[9]) for row in rows[1:]] == [("床垫监测带", "=mat", 80)]
    assert book.worksheets[0]["B2"].data_type == "s"
    lines = text.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=mat," in lines[1]
    assert await audited(world) == ["export", "export"]


async def test_a_command_is_queued_and_seen_and_a_wrong_one_is_refused_in_words(
    app: FastAPI, world: World, everybody: dict[str, Person], native: UUID
) -> None:
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        url = f"/fleet/{native}"
        sent = await client.post(f"{url}/command", data={"name": "set_interval", "seconds": "30"})
        wrong = await client.post(f"{url}/command", data={"name": "set_interval", "seconds": "soon"})
        shown = await client.get(url, headers=HTMX)
    assert (sent.status_code, wrong.status_code) == (303, 422)
    assert "等待设备上线" in shown.text
    assert "设置上报间隔 · 30" in shown.text
    assert await audited(world) == ["device.command"]


async def test_a_password_is_renewed_shown_once_revoked_and_the_device_retired(
    app: FastAPI, world: World, everybody: dict[str, Person], native: UUID
) -> None:
    url = f"/fleet/{native}"
    async with await client_of(app, everybody["installer"], "zh-CN") as client:
        renewed = await client.post(f"{url}/rotate")
        page = await client.get(url)
        revoked = await client.post(f"{url}/revoke")
        again = await client.post(f"{url}/revoke")
        retired = await client.post(f"{url}/retire")
        gone = await client.get(url)
        twice = await client.post(f"{url}/retire")
    assert (renewed.status_code, "仅显示这一次" in renewed.text) == (200, True)
    assert "仅显示这一次" not in page.text
    assert (revoked.status_code, again.status_code) == (303, 409)
    assert (retired.status_code, twice.status_code) == (303, 404)
    assert "停用" in gone.text
    assert "/command" not in gone.text
    assert await audited(world) == ["device.rotate", "device.revoke", "device.retire"]


async def test_only_fitters_may_listen_renew_revoke_and_retire(
    app: FastAPI, everybody: dict[str, Person], native: UUID
) -> None:
    for role in ("operator", "duty_manager", "clerk", "family", "caregiver"):
        async with await client_of(app, everybody[role]) as client:
            for verb in ("listen", "hush", "rotate", "revoke", "retire"):
                assert (await client.post(f"/fleet/{native}/{verb}")).status_code == 403, (role, verb)
    async with await client_of(app, everybody["clerk"]) as client:
        assert (await client.post(f"/fleet/{native}/command", data={"name": "ring"})).status_code == 403
        assert (await client.get(f"/fleet/{uuid4()}")).status_code == 404


async def test_listening_shows_what_a_device_says_to_fitters_only(
    app: FastAPI, world: World, everybody: dict[str, Person], native: UUID
) -> None:
    url = f"/fleet/{native}"
    async with await client_of(app, everybody["admin"], "zh-CN") as client:
        started = await client.post(f"{url}/listen")
        await hear(world, native)
        shown = (await client.get(url)).text
        stopped = await client.post(f"{url}/hush")
        later = (await client.get(url)).text
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        hidden = (await client.get(url)).text
    assert (started.status_code, stopped.status_code) == (303, 303)
    assert ("监听至" in shown, "&#34;in_bed&#34;" in shown) == (True, True)
    assert ("监听至" in later, "&#34;in_bed&#34;" in later) == (False, True)
    assert "in_bed" not in hidden
    assert await audited(world) == ["device.listen", "device.hush"]


async def hear(world: World, device: UUID) -> None:
    copy = Registry()
    await copy.refresh(world.gateway, NOW)
    body = b'{"id": "m-1", "values": {"in_bed": true}}'
    async with world.gateway.transaction() as conn:
        await pipeline.handle(conn, copy, world.keys, [Uplink(f"yl/v1/{device}/telemetry", body, NOW)], NOW)


async def test_letters_of_a_reason_are_tried_again_at_once_and_counted_in_the_badge(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    letter = things["dead_letter_id"]
    async with await client_of(app, everybody["admin"], "zh-CN") as client:
        count = await client.get("/admin/dead-letters/count")
        page = (await client.get("/admin/dead-letters?reason=not_json&since=day&topic=T")).text
        other = (await client.get("/admin/dead-letters?topic=elsewhere&device=nonsense")).text
        retried = await client.post("/admin/dead-letters/retry", data={"reason": "not_json", "state": "open"})
        done = (await client.get(retried.headers["location"])).text
        read = (await client.post(f"/admin/dead-letters/{letter}/read")).text
        alone = await client.post(f"/admin/dead-letters/{letter}/retry", data={"state": "open"})
        lost = await client.post(f"/admin/dead-letters/{uuid4()}/retry")
        sheet = await client.get("/admin/dead-letters/export.xlsx")
    assert count.text == "1"
    assert ("不是 JSON" in page, "全部重试" in page) == (True, True)
    assert "没有符合条件的异常报文" in other
    assert ("正在重试 1 条报文" in done, "重试中" in done) == (True, True)
    assert "请检查设备的上报格式" in read
    assert (alone.status_code, lost.status_code) == (303, 404)
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["t"]
    async with world.web.transaction(world.district) as conn:
        line = await conn.fetchval("SELECT detail FROM audit_log WHERE action = 'dead_letter.retry_all'")
    assert line == {"letters": 1, "reason": "not_json"}
