"""The installer's phone: sensors turn green when they are seen, strangers need a press or a code."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook, load_workbook

from core.accounts import Person
from dashboards.web.installer import codes
from dashboards.web.installer.codes import Code
from devices import installs, kits, registry
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, raise_alarm, say
from tests.makers import NOW

SECOND = timedelta(seconds=1)
DEVICE = UUID("0193e5a0-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("K-1 ABC-123", Code("K-1", "ABC-123")),
        ("https://yinling.example/installer/scan?kit=K-1&code=ABC-123", Code("K-1", "ABC-123")),
        (f" {DEVICE} ", Code(device=DEVICE)),
        (f"yinling:device:{str(DEVICE).upper()}", Code(device=DEVICE)),
        ("K-1", None),
        ("https://elsewhere.example/?kit=K-1", None),
        ("one two three", None),
        ("", None),
    ],
)
def test_a_code_names_a_kit_with_its_claim_code_or_a_device(text: str, found: Code | None) -> None:
    assert codes.read(text) == found


@pytest.fixture(autouse=True)
async def _english(world: World, everybody: Mapping[str, Person]) -> None:
    assert everybody
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")


async def count(world: World, query: str, *args: object) -> int:
    async with world.web.transaction(world.district) as conn:
        found: int = await conn.fetchval(query, *args)
    return found


async def test_a_sensor_under_test_turns_green_when_it_is_seen_and_the_test_is_kept(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    await say(world, world.device, NOW - 60 * SECOND, in_bed=True)
    async with await client_of(app, everybody["installer"]) as client:
        started = await client.post(f"/installer/beds/{world.bed}/test", data={"kind": "monthly"})
        place = started.headers["location"]
        again = await client.post(f"/installer/beds/{world.bed}/test", data={"kind": "monthly"})
        armed = await client.post(f"{place}/devices/{world.device}/arm", headers={"HX-Request": "true"})
        await say(world, world.device, NOW, in_bed=True)
        seen = await client.post(f"{place}/look")
        done = await client.post(f"{place}/finish", data={"note": "all well"})
        kept = await client.get(place)
        late = await client.post(f"{place}/devices/{world.device}/arm", headers={"HX-Request": "true"})
    assert "1 of 1 seen" in kept.text
    assert again.headers["location"] == place
    assert "Lie down on the bed." in armed.text
    assert "is-armed" in armed.text
    assert ("is-seen" in seen.text, "1 of 1 seen" in seen.text) == (True, True)
    assert done.headers["location"] == f"/installer/beds/{world.bed}"
    assert "all well" in kept.text
    assert "This test is over" in late.text


async def test_what_happens_after_a_test_is_finished_changes_nothing_in_it(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    await say(world, world.device, NOW - 60 * SECOND, in_bed=False)
    async with await client_of(app, everybody["installer"]) as client:
        started = await client.post(f"/installer/beds/{world.bed}/test", data={"kind": "install"})
        place = started.headers["location"]
        await client.post(f"{place}/devices/{world.device}/arm")
        await client.post(f"{place}/finish")
        await say(world, world.device, NOW, in_bed=True)
        kept = (await client.get(place)).text
        looked = (await client.post(f"{place}/look")).text
    for text in (kept, looked):
        assert "0 of 1 seen" in text
        assert ("is-missed" in text, "s left" in text, "Trigger it now" in text) == (True, False, False)


async def test_an_alarm_of_the_sensor_under_test_is_its_proof(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    async with world.web.transaction(world.district) as conn:
        given: dict[str, Any] = {"thing_model": "sos_button_v1", "care_bed": world.bed}
        button = (await registry.add(conn, district=world.district, now=NOW, **given)).device_id
        test = await installs.start(conn, world.bed, "install", None, NOW)
    async with await client_of(app, everybody["installer"]) as client:
        place = f"/installer/tests/{test}"
        await client.post(f"{place}/devices/{button}/arm")
        await raise_alarm(world, "sos", NOW, device_id=button)
        page = await client.get(place)
    assert "is-seen" in page.text
    query = "SELECT count(*) FROM install_check WHERE device_id = $1 AND sign = 'sos'"
    assert await count(world, query, button) == 1


async def test_a_photo_is_kept_and_what_is_none_is_refused_in_words(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    async with world.web.transaction(world.district) as conn:
        test = await installs.start(conn, world.bed, "install", None, NOW)
    place = f"/installer/tests/{test}/photos"
    async with await client_of(app, everybody["installer"]) as client:
        photo = b"\xff\xd8\xff\xda\x00\x02\xff\xd9"
        kept = await client.post(place, files={"photo": ("a.jpg", photo, "image/jpeg")})
        refused = await client.post(place, files={"photo": ("a.jpg", b"GIF89a", "image/jpeg")})
        (identity,) = await photos_of(world, test)
        shown = await client.get(f"/installer/photos/{identity}")
    assert kept.status_code == 303
    assert (refused.status_code, "This is no photo that can be kept" in refused.text) == (400, True)
    assert (shown.content, shown.headers["content-type"]) == (photo, "image/jpeg")


async def photos_of(world: World, test: UUID) -> list[UUID]:
    async with world.web.transaction(world.district) as conn:
        return [row["id"] for row in await installs.list_photos(conn, test)]


async def test_a_scanned_kit_shows_what_is_in_it_and_is_bound_to_a_bed(
    app: FastAPI, world: World, everybody: Mapping[str, Person], things: Mapping[str, UUID]
) -> None:
    assert things
    async with await client_of(app, everybody["installer"]) as client:
        shown = await client.get("/installer/scan", params={"kit": "K-9", "code": "x"})
        found = await client.get("/installer/scan", params={"code": "kit-1 abc-123"})
        nowhere = await client.post("/installer/scan", data={"code": "KIT-1 ABC-123", "care_bed_id": ""})
        unread = await client.post("/installer/scan", data={"code": "?", "care_bed_id": str(world.bed)})
        bound = await client.post(
            "/installer/scan", data={"code": "KIT-1 ABC-123", "care_bed_id": str(world.bed)}
        )
        device = await client.get("/installer/scan", params={"code": str(world.device)})
        moved = await client.post(
            "/installer/scan",
            data={"code": str(world.device), "care_bed_id": str(world.bed), "room": "bedroom"},
        )
        taken = await client.post(f"/installer/devices/{world.device}/take-off")
    assert (shown.status_code, "No kit has this number" in shown.text) == (404, True)
    assert "SOS button" in found.text
    assert "Please choose a bed." in nowhere.text
    assert "neither a kit nor a device" in unread.text
    assert (bound.status_code, bound.headers["location"]) == (303, f"/installer/beds/{world.bed}")
    assert "It is at a bed already" in device.text
    assert (moved.status_code, taken.status_code) == (303, 303)
    query = "SELECT count(*) FROM device WHERE kit_id IS NOT NULL AND care_bed_id = $1"
    assert await count(world, query, world.bed) == 1


async def test_a_replacement_shows_the_new_password_once_and_a_second_one_is_refused(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    async with await client_of(app, everybody["installer"]) as client:
        place = f"/installer/devices/{world.device}/replace"
        done = await client.post(place, data={"thing_model": "care_bed_v1"})
        again = await client.post(place, data={"thing_model": "care_bed_v1"})
    assert ("Shown once" in done.text, done.status_code) == (True, 200)
    assert (again.status_code, "out of use" in again.text) == (409, True)


async def test_a_stranger_that_takes_a_devices_place_waits_no_longer(
    app: FastAPI, world: World, everybody: Mapping[str, Person], things: Mapping[str, UUID]
) -> None:
    await put_hub_into_kit(world, things, 60)
    async with world.web.transaction(world.district) as conn:
        hub = await conn.fetchval("SELECT id FROM device WHERE thing_model = 'hub_v1' AND kit_id IS NOT NULL")
        given: dict[str, Any] = {"thing_model": "motion_v1", "hub": hub, "ecosystem": "zigbee2mqtt"}
        old = await registry.add(conn, district=world.district, now=NOW, address="old", **given)
    place = f"/api/v1/devices/{old.device_id}"
    async with await client_of(app, everybody["installer"]) as client:
        before = (await client.get("/api/v1/unknown-devices")).json()["items"]
        made = (await client.post(f"{place}/replace", json={"address": "a"})).json()["device_id"]
        after = (await client.get("/api/v1/unknown-devices")).json()["items"]
        line = (await client.get(f"{place}/history")).json()["line"]
    assert (len(before), after) == (1, [])
    assert [one["id"] for one in line] == [str(old.device_id), made]


@pytest.mark.parametrize(
    ("role", "code", "age", "status"),
    [
        ("installer", "", 60, 303),
        ("installer", "", 180, 403),
        ("installer", "WRONG-1", 180, 403),
        ("installer", "ABC-123", 180, 303),
        ("admin", "", 180, 303),
    ],
    ids=["just pressed", "long ago", "with a wrong code", "with the kit's code", "by an administrator"],
)
async def test_a_stranger_is_adopted_by_a_press_or_the_kits_code(
    app: FastAPI,
    world: World,
    everybody: Mapping[str, Person],
    things: Mapping[str, UUID],
    role: str,
    code: str,
    age: int,
    status: int,
) -> None:
    await put_hub_into_kit(world, things, age)
    body = {"thing_model": "motion_v1", "care_bed_id": str(world.bed), "claim_code": code}
    async with await client_of(app, everybody[role]) as client:
        listed = await client.get("/installer/unknown")
        answer = await client.post(f"/installer/unknown/{things['unknown_device_id']}/adopt", data=body)
        lost = await client.post(f"/installer/unknown/{uuid4()}/adopt", data=body)
    assert ("just pressed" in listed.text) is (age < 120)
    assert (answer.status_code, lost.status_code) == (status, 404)


async def put_hub_into_kit(world: World, things: Mapping[str, UUID], age: int) -> None:
    async with world.gateway.transaction() as conn:
        hub = await conn.fetchval(
            "UPDATE ingest.unknown_device SET last_seen_at = $2 WHERE id = $1 RETURNING hub_id",
            things["unknown_device_id"],
            NOW - age * SECOND,
        )
    async with world.web.transaction(world.district) as conn:
        kit = await kits.claim(conn, world.keys, "KIT-1", "ABC-123")
        await conn.execute("UPDATE device SET kit_id = $2 WHERE id = $1", hub, kit["id"])


async def send(client: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await client.post("/admin/kits/import", files={"sheet": ("kits.xlsx", content)})


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_template_itself_can_be_imported_once_in_each_language(
    app: FastAPI, world: World, everybody: Mapping[str, Person], language: str
) -> None:
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = $1", language.replace("-", "_"))
    async with await client_of(app, everybody["admin"], language) as client:
        template = (await client.get("/admin/kits/template.xlsx")).content
        head = next(load_workbook(io.BytesIO(template)).worksheets[0].iter_rows(values_only=True))
        done = await send(client, template)
        again = await send(client, template)
    assert len(head) == 7
    assert (done.status_code, again.status_code) == (200, 422)
    assert await count(world, "SELECT count(*) FROM device WHERE kit_id IS NOT NULL") == 3


async def test_a_list_with_a_mistake_is_not_imported_at_all(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    rows = (("kit", "claim_code", "thing_model"), ("K-1", "ABC-123", "hub_v1"), ("K-2", "", "toaster"))
    async with await client_of(app, everybody["admin"]) as client:
        wrong = await send(client, sheet(*rows))
        junk = await send(client, b"PK\x03\x04 no sheet")
    assert (wrong.status_code, junk.status_code) == (422, 422)
    assert "Nothing was imported: 1 mistake" in wrong.text
    assert "This is no .xlsx file" in junk.text
    assert await count(world, "SELECT count(*) FROM kit") == 0


async def test_a_password_is_not_said_again_when_a_request_is_repeated(
    app: FastAPI, world: World, everybody: Mapping[str, Person]
) -> None:
    body = {"thing_model": "watch_v1", "care_bed_id": str(world.bed)}
    async with await client_of(app, everybody["installer"]) as client:
        first, second = [
            await client.post("/api/v1/devices", json=body, headers={"Idempotency-Key": "k"}) for _ in "12"
        ]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["password"]
    assert second.json() == {**first.json(), "password": None}
