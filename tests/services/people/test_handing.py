"""Applied for anywhere, decided where registered: a package crosses, a stub stays, nothing else is seen."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict, Failure, Invalid, NotFound
from core.ids import new_id
from services.applications import admitting, applications, handing, moving
from services.applications.admitting import Place
from tests.makers import NOW
from tests.services.people.applying import SCHEME, Office

LATER = NOW + timedelta(days=3)
PERSONAL = ("person_name", "person_sealed", "person_index", "elder_id")
TABLES = ("application", "application_step", "elder", "home", "enrolment", "account", "grade")


async def handed(office: Office, elsewhere: Office, **given: Any) -> tuple[UUID, UUID]:
    """Apply here, hand over, return the ids here and there."""
    async with office.web.transaction(office.district) as conn:
        here = await office.apply(conn, **given)
        await handing.hand_over(conn, office.keys, here, "341302", office.clerk, NOW)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        [row] = await applications.list_(conn, state="received")
    return here, row["id"]


async def stub(office: Office, application: UUID) -> Mapping[str, Any]:
    async with office.web.transaction(office.district) as conn:
        return await office.state(conn, application)


async def audited(office: Office, application: UUID) -> list[str]:
    async with office.web.transaction(office.district) as conn:
        rows = await conn.fetch("SELECT action FROM audit_log WHERE subject_id = $1 ORDER BY id", application)
    return [row["action"] for row in rows]


async def test_the_person_leaves_with_the_package_and_a_stub_stays(office: Office, elsewhere: Office) -> None:
    here, there = await handed(office, elsewhere)
    left = await stub(office, here)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        arrived = await elsewhere.state(conn, there)
    person = applications.unpack(office.keys, elsewhere.district, arrived["person_sealed"])
    assert [left[name] for name in PERSONAL] == [None] * 4
    assert (left["state"], left["remote_state"], left["to_code"]) == ("handed_over", "received", "341302")
    assert (person.name, person.phone) == ("张大爷", "13900001111")
    assert (arrived["from_code"], arrived["applied_on"], arrived["applied_by"]) == (
        "370503",
        date(2026, 11, 21),
        None,
    )
    assert arrived["person_index"] == office.keys.index(elsewhere.district, "id_number", person.id_number)
    with pytest.raises(Failure):
        office.keys.open(office.district, arrived["person_sealed"])


async def test_both_audit_logs_have_every_move(office: Office, elsewhere: Office) -> None:
    here, there = await handed(office, elsewhere)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        await handing.accept(conn, there, SCHEME, elsewhere.clerk, LATER)
    assert await audited(office, here) == [
        "application.applied",
        "application.handed_over",
        "application.hand_over",
        "application.remote",
    ]
    assert await audited(elsewhere, there) == ["application.receive", "application.accepted"]


async def test_the_sender_learns_the_state_and_sees_nothing_else(office: Office, elsewhere: Office) -> None:
    here, there = await handed(office, elsewhere)
    seen = [(await stub(office, here))["remote_state"]]
    place = Place("宿州市埇桥区 1 号", None, 33.6, 116.9)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        await handing.accept(conn, there, SCHEME, elsewhere.clerk, LATER)
    seen.append((await stub(office, here))["remote_state"])
    before = await counted(office)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        elder = await admitting.register(conn, elsewhere.keys, there, place, elsewhere.clerk, LATER)
        await elsewhere.graded(conn, elder)
        await moving.pass_on(conn, there, elsewhere.clerk, LATER, note="已核户籍")
        await moving.approve(conn, there, elsewhere.approver, LATER, note="同意")
    left = await stub(office, here)
    seen.append(left["remote_state"])
    assert seen == ["received", "open", "approved"]
    assert (left["remote_at"], left["state"], left["starts_on"], left["enrolment_id"]) == (
        LATER,
        "handed_over",
        None,
        None,
    )
    assert await counted(office) == before
    async with office.web.transaction(office.district) as conn:
        with pytest.raises(NotFound):
            await applications.find(conn, there)
        told = await conn.fetch("SELECT detail FROM audit_log WHERE action = 'application.remote'")
    assert {tuple(row["detail"]) for row in told} == {("state",)}
    assert "已核" not in json.dumps([row["detail"] for row in told], ensure_ascii=False)


async def counted(office: Office) -> dict[str, int]:
    """Return how many rows of each table the district has."""
    async with office.web.transaction(office.district) as conn:
        return {name: await conn.fetchval(f"SELECT count(*) FROM {name}") for name in TABLES}  # noqa: S608


async def test_no_district_reads_the_row_of_the_other(office: Office, elsewhere: Office) -> None:
    here, there = await handed(office, elsewhere)
    for one, foreign in ((office, there), (elsewhere, here)):
        async with one.web.transaction(one.district) as conn:
            assert await conn.fetchval("SELECT count(*) FROM application WHERE id = $1", foreign) == 0
            assert (
                await conn.fetchval("SELECT count(*) FROM application WHERE district_id <> $1", one.district)
                == 0
            )
            assert await conn.fetchval("SELECT current_district()") == one.district


async def test_sent_back_the_package_returns_and_the_receiver_keeps_no_person(
    office: Office, elsewhere: Office
) -> None:
    here, there = await handed(office, elsewhere)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        await handing.send_back(
            conn,
            elsewhere.keys,
            there,
            elsewhere.clerk,
            LATER,
            reason="registered_elsewhere",
            note="不在本县",
        )
        emptied = await elsewhere.state(conn, there)
    back = await stub(office, here)
    person = applications.unpack(office.keys, office.district, back["person_sealed"])
    assert [emptied[name] for name in PERSONAL] == [None] * 4
    assert (back["state"], back["reason"], back["to_id"], back["remote_state"]) == (
        "open",
        "registered_elsewhere",
        None,
        None,
    )
    assert (person.name, back["person_name"]) == ("张大爷", "张大爷")
    async with office.web.transaction(office.district) as conn:
        steps = await applications.steps(conn, here)
        await moving.withdraw(conn, here, office.clerk, LATER)
    assert [(one["action"], one["reason"], one["note"]) for one in steps][-1] == (
        "came_back",
        "registered_elsewhere",
        None,
    )


async def test_an_arrival_does_not_tell_the_sender_that_the_person_has_applied_there(
    office: Office, elsewhere: Office
) -> None:
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        await elsewhere.apply(conn)
    _, there = await handed(office, elsewhere)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        with pytest.raises(Conflict) as refused:
            await handing.accept(conn, there, SCHEME, elsewhere.clerk, LATER)
    assert refused.value.code == "applied_already"


async def test_what_cannot_be_handed_over_or_answered_is_refused(office: Office, elsewhere: Office) -> None:
    here, there = await handed(office, elsewhere)
    async with office.web.transaction(office.district) as conn:
        with pytest.raises(Conflict, match="under way"):
            await handing.hand_over(conn, office.keys, here, "341302", office.clerk, NOW)
        fresh = await office.apply(conn, person=office.applicant(905))
        for code in ("370503", "999999"):
            with pytest.raises(Invalid, match="to: no other district"):
                await handing.hand_over(conn, office.keys, fresh, code, office.clerk, NOW)
        with pytest.raises(Conflict, match="not one that has arrived"):
            await handing.accept(conn, fresh, SCHEME, office.clerk, NOW)
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        with pytest.raises(Invalid, match="reason: one of"):
            await handing.send_back(conn, elsewhere.keys, there, elsewhere.clerk, NOW, reason="no")
        await handing.accept(conn, there, SCHEME, elsewhere.clerk, NOW)
        with pytest.raises(Conflict, match="under way"):
            await handing.hand_over(conn, elsewhere.keys, there, "370503", elsewhere.clerk, NOW)
        names = [row["code"] for row in await handing.others(conn, elsewhere.district)]
    assert names == ["370503"]


async def test_the_functions_that_cross_move_only_what_is_of_the_current_district(
    office: Office, elsewhere: Office
) -> None:
    here, there = await handed(office, elsewhere)
    line = "SELECT hand_over_application($1, $2, $3, 'x', 'x', 'x', '{}', '2026-12-01', $2, $4)"
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        assert await conn.fetchval(line, here, new_id(), office.district, NOW) is False
    async with office.web.transaction(office.district) as conn:
        tell = "SELECT tell_sender($1, 'approved', $2, $3)"
        assert await conn.fetchval(tell, there, new_id(), NOW) is False
        back = "SELECT send_application_back($1, 'x', 'x', 'x', 'other', '2026-12-01', $2, $3)"
        assert await conn.fetchval(back, there, new_id(), NOW) is False
        assert await conn.fetchval("SELECT current_district()") == office.district
    assert (await stub(office, here))["remote_state"] == "received"
