"""Install tests, kits, replacement: on a real database; what decides, by named cases."""

import struct
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from devices import (
    care_beds,
    install_signs,
    installs,
    kit_lists,
    kits,
    photos,
    registry,
    replacement,
    thing_models,
)
from devices.install_signs import Sign
from devices.kit_lists import Kit, Part
from tests.makers import NOW, make_district, make_elder, make_home

LATER = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("model", "before", "values", "alarms", "seen"),
    [
        ("sos_button_v1", {}, {"battery": (90, "t1")}, [], None),
        ("sos_button_v1", {}, {}, [("sos", NOW)], "sos"),
        ("sos_button_v1", {}, {}, [("low_battery", NOW)], None),
        ("motion_v1", {}, {"occupied": (True, "t1")}, [], "occupied"),
        ("motion_v1", {}, {"occupied": (False, "t1")}, [], None),
        ("motion_v1", {"occupied": [True, "t1"]}, {"occupied": (True, "t1")}, [], None),
        ("motion_v1", {"occupied": [True, "t1"]}, {"occupied": (True, "t2")}, [], "occupied"),
        ("door_v1", {}, {"open": (True, "t1"), "battery": (3, "t1")}, [], "open"),
        ("smoke_v1", {}, {"battery": (90, "t1")}, [], None),
        ("smoke_v1", {}, {"smoke": (True, "t1")}, [], "smoke"),
        ("climate_v1", {}, {"temperature": (21.5, "t1")}, [], "temperature"),
        ("climate_v1", {"temperature": [21.5, "t1"]}, {"temperature": (21.5, "t1")}, [], None),
    ],
)
def test_a_sensor_is_proven_by_what_it_is_for(
    model: str, before: Mapping[str, Any], values: Any, alarms: Any, seen: str | None
) -> None:
    found = install_signs.sign(thing_models.get(model), before, values, alarms, NOW)
    assert (found.name if found else None) == seen


WORDS = {
    "kit number": "kit",
    "code": "claim_code",
    "what it is": "thing_model",
    "sos button": "sos_button_v1",
}
HEAD = ["Kit number", "Code", "What it is", "name", "room", "ecosystem", "address"]


def wrong(*rows: list[Any], head: list[str] = HEAD) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, one.code) for one in kit_lists.read(head, rows, WORDS)[1]]


@pytest.mark.parametrize(
    ("rows", "wrongs"),
    [
        ([], [(2, "kit", "empty_list")]),
        ([["K-1", "", "motion_v1"]], [(2, "claim_code", "missing")]),
        ([["K-1", "abc123", "toaster_v9"]], [(2, "thing_model", "unknown")]),
        ([["K-1", "abc", "motion_v1"]], [(2, "claim_code", "claim_code")]),
        ([["?", "abc123", "motion_v1"]], [(2, "kit", "invalid")]),
        ([["K-1", "abc123", "motion_v1", "n" * 101]], [(2, "name", "too_long")]),
        ([["K-1", "abc123", "motion_v1", "", "", "zigbee", "a"]], [(2, "ecosystem", "unknown")]),
        ([["K-1", "abc123", "motion_v1", "", "", "", "a"]], [(2, "address", "address_without_ecosystem")]),
        ([["K-1", "abc123", "motion_v1", "", "", "tasmota", ""]], [(2, "address", "missing")]),
        ([["K-1", "abc123", "motion_v1", "", "", "tasmota", "a"]], [(2, "thing_model", "no_hub")]),
        ([["K-1", "abc123", "hub_v1"], ["K-1", "abc123", "hub_v1"]], [(2, "thing_model", "two_hubs")]),
        (
            [["K-1", "abc123", "motion_v1"], ["K-1", "abc124", "motion_v1"]],
            [(3, "claim_code", "claim_code_differs")],
        ),
        (
            [
                ["K-1", "abc123", "hub_v1"],
                [None] * 7,
                ["K-1", "abc123", "motion_v1", "", "", "tasmota", "a"],
                ["K-1", "abc123", "door_v1", "", "", "tasmota", "a"],
            ],
            [(5, "address", "twice")],
        ),
        ([[None]] * kit_lists.MOST_ROWS + [["K-1", "abc123", "hub_v1"]], [(2002, "kit", "too_many_rows")]),
    ],
)
def test_a_list_says_what_is_wrong_by_row_and_column(
    rows: list[list[Any]], wrongs: list[tuple[int, str, str]]
) -> None:
    assert wrong(*rows) == wrongs


def test_a_list_without_a_needed_column_is_no_list() -> None:
    assert wrong(["K-1"], head=["kit"]) == [
        (1, "claim_code", "missing_column"),
        (1, "thing_model", "missing_column"),
    ]


def test_a_list_may_use_the_words_of_people_and_numbers_as_sheets_keep_them() -> None:
    found, errors = kit_lists.read(HEAD, [[1001.0, "ab-1234", "SOS button", "at the bed"]], WORDS)
    assert errors == []
    assert (found[0].serial, found[0].claim_code) == ("1001", "AB-1234")
    assert found[0].parts == [Part("sos_button_v1", "at the bed", None, "native", None)]


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    parts = [bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body for kind, body in segments]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\x00\x02scan\xff\xd9"


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_photo_loses_what_the_phone_wrote_into_it() -> None:
    clean, kind = photos.clean(jpeg((0xE0, b"JFIF"), (0xE1, b"Exif gps"), (0xFE, b"note"), (0xDB, b"table")))
    assert (clean, kind) == (jpeg((0xE0, b"JFIF"), (0xDB, b"table")), "image/jpeg")
    clean, kind = photos.clean(png((b"IHDR", b"h"), (b"tEXt", b"gps"), (b"IDAT", b"d"), (b"IEND", b"")))
    assert (clean, kind) == (png((b"IHDR", b"h"), (b"IDAT", b"d"), (b"IEND", b"")), "image/png")


def test_what_hangs_behind_a_photo_is_cut_off() -> None:
    """A second picture with its own place, a film, a page for a browser that guesses."""
    scans = b"\xff\xd8\xff\xda\x00\x02a\xff\x00b\xff\xd0c\xff\xc4\x00\x03t\xff\xda\x00\x02d"
    behind = b"\xff\xd9\xff\xd8\xff\xe1\x00\x06gps!<script>"
    assert photos.clean(scans + b"\xff\xe1\x00\x05gps" + behind) == (scans + b"\xff\xd9", "image/jpeg")


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff",
        jpeg()[:4],
        b"\xff\xd8\xff\xe1\x00\x00....",
        b"\xff\xd8\xff\xda\x00\x02scan without an end",
        png((b"IHDR", b"h")),
        b"\xff\xd8" + b"0" * 1_500_000,
    ],
    ids=[
        "nothing",
        "another kind",
        "cut short",
        "cut later",
        "a length that is none",
        "a scan without an end",
        "no end",
        "too large",
    ],
)
def test_what_is_no_photo_of_ours_is_refused(photo: bytes) -> None:
    with pytest.raises(Invalid):
        photos.clean(photo)


@pytest.fixture
async def place(pool_owner: Pool, pool_web: Pool, keys: Keys) -> tuple[Pool, UUID, UUID]:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        home = await make_home(conn, keys, district)
        elder = await make_elder(conn, keys, district, home)
        given: dict[str, Any] = {"label": "bed", "enrolled_on": date(2026, 1, 1)}
        bed = await care_beds.create(conn, district=district, elder=elder, home=home, **given)
    return pool_web, district, bed


Place = tuple[Pool, UUID, UUID]
KIT = Kit(
    2,
    "K-1",
    "ABC-123",
    [
        Part("motion_v1", "hall", "hall", "zigbee2mqtt", "0x1"),
        Part("hub_v1", "hub", None, "native", None),
        Part("sos_button_v1", None, None, "native", None),
    ],
)


async def test_a_test_notes_what_each_device_showed_and_is_the_devices_last_test(
    place: Place, keys: Keys
) -> None:
    pool, district, bed = place
    async with pool.transaction(district) as conn:
        button = await registry.add(
            conn, district=district, thing_model="sos_button_v1", now=NOW, care_bed=bed
        )
        assert [row["id"] for row in await installs.overdue(conn, NOW)] == [button.device_id]
        test = await installs.start(conn, bed, "install", None, NOW)
        with pytest.raises(Conflict, match="under way"):
            await installs.start(conn, bed, "monthly", None, NOW)
        late = await registry.add(conn, district=district, thing_model="motion_v1", now=NOW, care_bed=bed)
        await installs.arm(conn, test, button.device_id, {"battery": [90, "t"]}, NOW)
        await installs.see(conn, test, button.device_id, Sign("sos", True, LATER))
        await installs.add_photo(conn, keys, test, jpeg((0xDB, b"t")), None, NOW)
        (photo,) = await installs.list_photos(conn, test)
        assert (await installs.photo(conn, keys, district, photo["id"]))[0] == jpeg((0xDB, b"t"))
        await installs.finish(conn, test, None, "all well", LATER)
        with pytest.raises(Conflict, match="over"):
            await installs.arm(conn, test, button.device_id, {}, LATER)
        with pytest.raises(Conflict, match="over"):
            await installs.finish(conn, test, None, None, LATER)
        (done,) = await installs.of_bed(conn, bed)
        assert (done["devices"], done["seen"], done["photos"], done["note"]) == (2, 1, 1, "all well")
        assert [row["id"] for row in await installs.overdue(conn, LATER)] == [late.device_id]
        assert len(await installs.overdue(conn, NOW + timedelta(days=40))) == 2
        (row,) = await installs.beds(conn, NOW, "be", 0, 10)
        assert (row["devices"], row["last_test_at"], row["open_test_id"]) == (2, LATER, None)


async def test_a_test_that_nobody_finished_is_over_when_its_time_is(place: Place) -> None:
    pool, district, bed = place
    async with pool.transaction(district) as conn:
        await installs.start(conn, bed, "install", None, NOW)
        assert await installs.under_way(conn, bed, NOW + installs.LASTS) is None
        again = await installs.start(conn, bed, "monthly", None, NOW + installs.LASTS)
        assert (await installs.find(conn, again))["kind"] == "monthly"


async def test_a_kit_comes_to_a_bed_by_its_claim_code_with_all_its_devices(place: Place, keys: Keys) -> None:
    pool, district, bed = place
    async with pool.transaction(district) as conn:
        made, errors = await kits.add_all(conn, keys, [KIT], district=district, by=None, now=NOW)
        assert (errors, [bool(one.credentials.password) for one in made]) == ([], [True, False, True])
        again, errors = await kits.add_all(conn, keys, [KIT], district=district, by=None, now=NOW)
        assert (again, [(one.row, one.code) for one in errors]) == ([], [(2, "kit_exists")])
        for serial, code in (("K-1", "ABC-124"), ("K-2", "ABC-123")):
            with pytest.raises(NotFound):
                await kits.claim(conn, keys, serial, code)
        kit = await kits.claim(conn, keys, " k-1", "abc-123 ")
        await kits.bind(conn, kit, bed, None, NOW)
        assert len(await registry.list_(conn, bed)) == 3
        hub = made[0].credentials.device_id
        assert await kits.opens(conn, keys, district, hub, "abc-123")
        assert not await kits.opens(conn, keys, district, hub, "abc-999")
        assert (await kits.list_(conn))[0]["devices"] == 3


async def test_a_kit_at_a_bed_is_not_taken_to_another(place: Place, keys: Keys) -> None:
    pool, district, bed = place
    async with pool.transaction(district) as conn:
        await kits.add(conn, keys, KIT, district=district, by=None, now=NOW)
        stale = await kits.claim(conn, keys, "K-1", "ABC-123")
        await kits.bind(conn, stale, bed, None, NOW)
        await kits.bind(conn, await kits.claim(conn, keys, "K-1", "ABC-123"), bed, None, NOW)
        with pytest.raises(Conflict, match="another bed"):
            await kits.bind(conn, stale, bed, None, NOW)


async def test_a_new_device_takes_the_place_and_both_histories_stay(place: Place) -> None:
    pool, district, bed = place
    async with pool.transaction(district) as conn:
        hub = (
            await registry.add(conn, district=district, thing_model="hub_v1", now=NOW, care_bed=bed)
        ).device_id
        given: dict[str, Any] = {"hub": hub, "ecosystem": "zigbee2mqtt", "address": "hall", "room": "hall"}
        old = (
            await registry.add(
                conn, district=district, thing_model="motion_v1", now=NOW, care_bed=bed, **given
            )
        ).device_id
        new = (await replacement.replace(conn, old, LATER)).device_id
        row = await registry.find(conn, new)
        assert (row["address"], row["room"], row["care_bed_id"]) == ("hall", "hall", bed)
        assert [one["id"] for one in await replacement.line(conn, new)] == [old, new]
        assert [one["id"] for one in await replacement.line(conn, old)] == [old, new]
        (was,) = await replacement.bindings(conn, old)
        assert (was["bound_at"], was["unbound_at"], was["care_bed_label"]) == (NOW, LATER, "bed")
        with pytest.raises(Conflict, match="out of use"):
            await replacement.replace(conn, old, LATER)
        with pytest.raises(Conflict, match="hub"):
            await replacement.replace(conn, hub, LATER, thing_model="motion_v1")
        successor = await replacement.replace(conn, hub, LATER)
        assert successor.password
        assert (await registry.find(conn, new))["hub_id"] == successor.device_id
