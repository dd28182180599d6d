"""What people of our own may not do either: try claim codes, send bombs for sheets."""

import io
from collections.abc import Mapping
from time import perf_counter
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from fastapi import FastAPI
from openpyxl import Workbook

from core.accounts import Person
from dashboards.web.installer.lists import read
from devices.kit_lists import Wrong
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World


async def test_who_tries_claim_codes_must_wait_and_so_must_the_right_code(
    app: FastAPI, world: World, everybody: Mapping[str, Person], things: Mapping[str, UUID]
) -> None:
    assert things
    body = {"serial": "KIT-1", "claim_code": "WRONG-1", "care_bed_id": str(world.bed)}
    right = {**body, "claim_code": "ABC-123"}
    async with await client_of(app, everybody["installer"]) as client:
        tried = [(await client.post("/api/v1/kits/bind", json=body)).status_code for _ in range(6)]
        form = {"code": "KIT-1 NO-1", "care_bed_id": str(world.bed)}
        tried += [(await client.post("/installer/scan", data=form)).status_code for _ in range(2)]
        looked = [(await client.get("/installer/scan?kit=KIT-1&code=NO-1")).status_code for _ in range(3)]
        waits = await client.post("/api/v1/kits/bind", json=right)
    async with await client_of(app, everybody["admin"]) as client:
        other = await client.post("/api/v1/kits/bind", json=right)
    assert tried == [404] * 8
    assert looked == [404, 404, 429]
    assert (waits.status_code, other.status_code) == (429, 200)


async def test_a_bed_that_is_none_is_not_found(
    app: FastAPI, everybody: Mapping[str, Person], things: Mapping[str, UUID]
) -> None:
    place = f"/installer/unknown/{things['unknown_device_id']}/adopt"
    async with await client_of(app, everybody["installer"]) as client:
        answer = await client.post(place, data={"thing_model": "motion_v1", "care_bed_id": "elsewhere"})
    assert answer.status_code == 404


def _packed(name: str, content: bytes) -> bytes:
    """Make a sheet of which one part is another."""
    whole, made = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    with ZipFile(whole) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        parts = {part: old.read(part) for part in old.namelist()} | {name: content}
        for part, body in parts.items():
            new.writestr(part, body)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        _packed("xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 2_000_000),
        _packed("xl/worksheets/sheet1.xml", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>"),
        _packed("xl/workbook.xml", b"<workbook/>"),
    ],
    ids=["nothing", "a beginning", "a bomb", "entities", "no sheets"],
)
def test_a_file_that_is_no_sheet_or_a_bomb_is_refused_at_once(content: bytes) -> None:
    began = perf_counter()
    assert read(content) == ([], [Wrong(1, "kit", "no_sheet")])
    assert perf_counter() - began < 2
