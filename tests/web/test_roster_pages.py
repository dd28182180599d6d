"""The roster's pages: what is done there, what stands in the way, sheets that go in whole or not at all."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook, load_workbook

from core.accounts import Person
from core.clock import at_local
from dashboards.web.roster import bars
from dispatch import caregivers, shifts
from dispatch.roster import leaves, patterns, wishes
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, make_caregiver
from tests.makers import NOW

MONDAY = date(2026, 11, 23)
SHIFT = {"on": "2026-11-24", "starts": "22:00", "ends": "06:00", "break_minutes": "", "week": "2026-11-23"}


@pytest.fixture
async def one(world: World, everybody: dict[str, Person]) -> UUID:
    assert everybody
    found = (await make_caregiver(world, "one", on_shift=False, staff_number="1001")).caregiver_id
    assert found is not None
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")
    return found


async def post(app: FastAPI, who: Person, url: str, data: dict[str, Any], **more: Any) -> httpx.Response:
    async with await client_of(app, who) as client:
        return await client.post(url, data=data, **more)


async def roster(world: World) -> list[Any]:
    async with world.web.transaction(world.district) as conn:
        rows = await shifts.list_(conn, NOW, NOW + timedelta(days=30))
    return [row for row in rows if row["caregiver_name"] in {"one", "new name"}]


async def test_a_shift_over_midnight_is_laid_moved_copied_and_taken_away(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    manager = everybody["provider_manager"]
    added = await post(app, manager, "/roster/shifts", {**SHIFT, "caregiver": str(one)})
    assert (added.status_code, added.headers["location"]) == (303, "/roster?week=2026-11-23&done=added")
    (row,) = await roster(world)
    assert row["ends_at"] == at_local(date(2026, 11, 25), "06:00")
    moved = {"shift": str(row["id"]), "caregiver": str(one), "on": "2026-11-26"}
    assert (await post(app, manager, "/roster/drag", moved)).status_code == 303
    assert (
        await post(app, manager, "/roster/drag", {**moved, "on": "2026-11-28", "copy": "yes"})
    ).status_code == 303
    assert [found["starts_at"].date().isoformat() for found in await roster(world)] == [
        "2026-11-26",
        "2026-11-28",
    ]
    clash = await post(app, manager, "/roster/drag", {**moved, "on": "2026-11-28"})
    assert clash.status_code == 409
    assert "This shift is there already." in clash.text
    gone = await post(app, manager, f"/roster/shifts/{row['id']}", {"do": "remove"})
    assert (gone.status_code, len(await roster(world))) == (303, 1)


async def test_a_broken_rule_is_said_and_may_be_agreed_to(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    manager, long = everybody["provider_manager"], {**SHIFT, "caregiver": str(one), "ends": "10:00"}
    refused = await post(app, manager, "/roster/shifts", long)
    assert refused.status_code == 409
    assert "12 hours on" in refused.text
    assert 'name="is_agreed" value="yes"' in refused.text
    assert (await post(app, manager, "/roster/shifts", {**long, "is_agreed": "yes"})).status_code == 303
    (row,) = await roster(world)
    assert row["caregiver_id"] == one


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on": "soon"}, "Please give a date."),
        ({"starts": "x"}, "Please give a time"),
        ({"break_minutes": "x"}, "Please give a number."),
        (
            {"break_minutes": "60", "break_from": "10:00", "break_to": "11:00"},
            "The break must lie within the shift.",
        ),
    ],
)
async def test_a_field_that_is_wrong_is_said_at_the_field(
    given: dict[str, str], words: str, app: FastAPI, everybody: dict[str, Person], one: UUID
) -> None:
    answer = await post(
        app, everybody["provider_manager"], "/roster/shifts", {**SHIFT, "caregiver": str(one), **given}
    )
    assert answer.status_code == 422
    assert words in answer.text


async def test_leave_is_noted_and_decided(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    manager = everybody["provider_manager"]
    given = {"caregiver": str(one), "kind": "sick", "from_on": "2026-11-24", "to_on": "2026-11-25"}
    assert (await post(app, manager, "/roster/leaves", given)).status_code == 303
    async with world.web.transaction(world.district) as conn:
        (row,) = [found for found in await leaves.list_(conn) if found["caregiver_id"] == one]
    assert (row["state"], row["ends_at"]) == ("approved", at_local(date(2026, 11, 26), "00:00"))
    refused = await post(app, manager, "/roster/shifts", {**SHIFT, "caregiver": str(one)})
    assert "On leave at that time (sick leave)." in refused.text
    taken = await post(app, manager, f"/roster/leaves/{row['id']}", {"verb": "withdraw"})
    assert taken.status_code == 303
    again = await post(app, manager, f"/roster/leaves/{row['id']}", {"verb": "approve"})
    assert again.status_code == 409
    assert (await post(app, manager, f"/roster/leaves/{row['id']}", {"verb": "eat"})).status_code == 404


async def test_a_manager_changes_the_own_people_only(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    manager = everybody["provider_manager"]
    facts = {
        "name": "new name",
        "gender": "male",
        "lat": "37.8",
        "lon": "118.5",
        "vehicle": "car",
        "skills": "bath",
    }
    person = f"/roster/people/{one}"
    assert (await post(app, manager, person, {**facts, "week_hours": "20"})).status_code == 303
    paper = {"do": "certify", "skill": "bath", "certificate": "b", "valid_from": "2026-01-01"}
    assert (await post(app, manager, person, {**paper, "valid_to": "2027-01-01"})).status_code == 303
    wrong = await post(app, manager, person, {**paper, "valid_to": "2025-01-01"})
    assert wrong.status_code == 422
    weekly = {
        "do": "pattern",
        "weekdays": ["1", "2"],
        "valid_from": "2026-11-23",
        "starts": "08:00",
        "ends": "16:00",
    }
    assert (await post(app, manager, person, weekly)).status_code == 303
    assert len(await roster(world)) == 4
    async with world.web.transaction(world.district) as conn:
        row = await caregivers.find(conn, one)
        assert (row["name"], row["speed_kmh"], row["working_time"]) == ("new name", 25.0, {"week_hours": 20})
        (pattern,) = await patterns.list_(conn, caregiver_id=one)
    ended = {"do": "end_pattern", "pattern": str(pattern["id"])}
    assert (await post(app, manager, person, ended)).status_code == 303
    hired = {**facts, "staff_number": "2002", "provider": str(world.provider)}
    assert (await post(app, manager, "/roster/people", hired)).status_code == 303
    assert (await post(app, manager, "/roster/people", hired)).status_code == 409
    assert (await post(app, manager, person, {"do": "end"})).status_code == 303
    assert (await post(app, manager, f"/roster/people/{world.elder}", facts)).status_code == 404


async def test_contradictory_wishes_are_refused_on_the_page_with_their_names(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    office = everybody["clerk"]
    wish = {"elder": str(world.elder), "kind": "prefer", "caregiver": str(one), "wished_by": "family"}
    assert (await post(app, office, "/roster/wishes", wish)).status_code == 303
    hard = {"elder": str(world.elder), "kind": "gender", "gender": "male", "is_hard": "yes"}
    refused = await post(app, office, "/roster/wishes", hard)
    assert refused.status_code == 409
    assert "Only a male caregiver" in refused.text
    async with world.web.transaction(world.district) as conn:
        (row,) = await wishes.list_(conn)
    assert (await post(app, office, f"/roster/wishes/{row['id']}/end", {})).status_code == 303
    assert (await post(app, office, "/roster/wishes", hard)).status_code == 303
    stranger = await post(app, everybody["provider_manager"], "/roster/wishes", wish)
    assert stranger.status_code == 404


async def test_coverage_of_an_unknown_region_is_refused_at_its_field(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    given = {
        "provider": str(world.provider),
        "region_code": "370503",
        "valid_from": "2026-01-01",
        "capacity": "3",
    }
    for office, code in (("clerk", 422), ("provider_manager", 403)):
        assert (await post(app, everybody[office], "/roster/coverage", given)).status_code == code


def sheet(*rows: tuple[Any, ...]) -> dict[str, Any]:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return {"files": {"sheet": ("s.xlsx", content.getvalue())}}


HEAD = ("Staff number", "Day", "From", "To")


async def test_a_list_with_a_mistake_is_told_by_row_and_nothing_of_it_goes_in(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    rows = (
        HEAD,
        ("1001", "2026-11-24", "08:00", "16:00"),
        ("1001", "2026-11-24", "15:00", "18:00"),
        ("9", "2026-11-25", "08:00", "16:00"),
    )
    manager = everybody["provider_manager"]
    told = await post(app, manager, "/roster/import", {"kind": "shifts"}, **sheet(*rows))
    assert told.status_code == 422
    assert "There is another shift at that time." in told.text
    assert "Nobody of the provider has this staff number." in told.text
    assert (await roster(world), one is not None) == ([], True)


async def test_a_list_is_looked_at_first_and_goes_in_when_it_is_confirmed(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    import html  # noqa: PLC0415
    import re  # noqa: PLC0415

    manager = everybody["provider_manager"]
    looked = await post(
        app,
        manager,
        "/roster/import",
        {"kind": "shifts"},
        **sheet(HEAD, ("1001", "2026-11-24", "22:00", "06:00")),
    )
    assert (looked.status_code, await roster(world)) == (200, [])
    found = re.search(r'name="rows" value="([^"]*)"', looked.text)
    assert found is not None
    rows = {"kind": "shifts", "rows": html.unescape(found[1])}
    for _ in range(2):
        assert (await post(app, manager, "/roster/import/confirm", rows)).status_code == 303
    assert [row["caregiver_id"] for row in await roster(world)] == [one]
    assert (await post(app, manager, "/roster/import/confirm", {**rows, "rows": "["})).status_code == 404
    assert (
        await post(app, manager, "/roster/import/confirm", {**rows, "kind": "coverage"})
    ).status_code == 404


async def test_every_list_takes_its_own_template_and_a_file_that_is_none_is_refused(
    app: FastAPI, world: World, everybody: dict[str, Person], one: UUID
) -> None:
    office, provider = everybody["clerk"], {"provider": str(world.provider)}
    for kind, status in (
        ("caregivers", 422),
        ("shifts", 200),
        ("certificates", 422),
        ("wishes", 422),
        ("coverage", 422),
    ):
        async with await client_of(app, office) as client:
            template = await client.get(f"/roster/import/{kind}.xlsx")
        assert load_workbook(io.BytesIO(template.content)).active.max_row == 2
        sent = {"files": {"sheet": ("s.xlsx", template.content)}}
        assert (
            kind,
            (await post(app, office, "/roster/import", {**provider, "kind": kind}, **sent)).status_code,
        ) == (kind, status)
    none = {"files": {"sheet": ("s.xlsx", b"no sheet")}}
    refused = await post(app, office, "/roster/import", {**provider, "kind": "shifts"}, **none)
    assert "This file cannot be read." in refused.text
    assert one is not None


def test_a_bar_is_as_long_as_its_shift_and_ends_with_the_week() -> None:
    midnight = at_local(MONDAY, "00:00")
    rows = [
        {"starts_at": midnight, "ends_at": midnight + timedelta(hours=84)},
        {"starts_at": midnight + timedelta(hours=156), "ends_at": midnight + timedelta(hours=180)},
        {"starts_at": midnight - timedelta(hours=12), "ends_at": midnight + timedelta(hours=12)},
        {"starts_at": midnight - timedelta(hours=12), "ends_at": midnight},
    ]
    found = [(bar.x, bar.width, bar.goes_on, bar.began_before) for bar in bars.bars(rows, MONDAY)]
    assert found == [(0, 50, False, False), (92.857, 7.143, True, False), (0, 7.143, False, True)]
    rest = {"break_from": midnight + timedelta(hours=40), "break_to": midnight + timedelta(hours=44)}
    (with_rest,) = bars.bars([{**rows[0], **rest, "break_minutes": 60}], MONDAY)
    assert (with_rest.rest_x, with_rest.rest_width) == (24.702, 0.596)
    assert [head.kind for head in bars.heads(MONDAY, MONDAY, "en")] == ["day"] * 5 + ["weekend"] * 2
