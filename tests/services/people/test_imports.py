"""A register goes in as a whole or not at all, once, and what it says is a dated fact with its source."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core import person_facts
from core.db import Conn
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import deaths
from services.registers import imports
from tests.makers import NOW, id_number, make_elder
from tests.services.people.applying import Office
from tests.services.people.books import AS_OF, book, brought

HEAD = ("姓名", "身份证号码", "救助类别", "开始日期", "截止日期")
CARDS = ("姓名", "身份证号码", "残疾等级", "发证日期")


def numbers(*nths: int) -> list[str]:
    return [id_number(nth) for nth in nths]


async def elders(office: Office, conn: Conn, *nths: int) -> list[UUID]:
    return [
        await make_elder(conn, office.keys, office.district, id_number=id_number(nth), name="老人")
        for nth in nths
    ]


async def bring(
    office: Office, conn: Conn, rows: Sequence[Sequence[Any]], register: str = "assistance", **given: Any
) -> UUID:
    head = {"assistance": HEAD, "disability": CARDS, "death": ("身份证号", "死亡日期")}[register]
    listed = brought(register, book(名单=[head, *rows]), **given)
    return await imports.bring(conn, office.keys, office.district, listed, office.clerk.account_id, NOW)


async def keep(office: Office, conn: Conn, identity: UUID) -> Any:
    return await imports.apply(conn, office.keys, identity, office.clerk.account_id, NOW)


async def held(conn: Conn, elder: UUID) -> list[tuple[Any, ...]]:
    rows = await person_facts.history(conn, elder)
    return [(row["value"], row["valid_from"], row["valid_to"], row["source"]) for row in rows]


async def test_a_list_is_looked_at_first_and_then_kept_as_facts_with_their_source(office: Office) -> None:
    one, two, stranger = numbers(701, 702, 799)
    async with office.web.transaction(office.district) as conn:
        first, second = await elders(office, conn, 701, 702)
        rows = [
            ("老人", one, "低保", "2026-03-01", ""),
            ("别名", two, "特困", 44260, "长期"),
            ("外人", stranger, "低保", "2026-03-01", ""),
        ]
        identity = await bring(office, conn, rows)
        waiting = await imports.find(conn, identity)
        assert (await held(conn, first), waiting["state"]) == ([], "ready")
        done = await keep(office, conn, identity)
        assert await held(conn, first) == [("dibao", date(2026, 3, 1), None, "import")]
        assert await held(conn, second) == [("tekun", date(2021, 3, 5), None, "import")]
        told = [dict(row) for row in await imports.mistakes(conn, identity)]
    assert (done["state"], done["rows_sealed"], waiting["rows_sealed"] is None) == ("applied", None, False)
    assert done["counts"] == {
        "rows": 3,
        "matched": 2,
        "strangers": 1,
        "changes": 2,
        "ends": 0,
        "unchanged": 0,
        "mistakes": 0,
        "remarks": 1,
    }
    assert told == [{"row": 3, "field": "name", "code": "other_name", "is_remark": True}]


async def test_one_wrong_row_keeps_the_whole_list_out(office: Office) -> None:
    one, two = numbers(701, 702)
    async with office.web.transaction(office.district) as conn:
        [first] = await elders(office, conn, 701)
        rows = [("老人", one, "低保", "2026-03-01", ""), ("老人", two, "低保", "21-3-5", "")]
        identity = await bring(office, conn, rows)
        row = await imports.find(conn, identity)
        with pytest.raises(Conflict) as refused:
            await keep(office, conn, identity)
        assert await held(conn, first) == []
        told = [(one["row"], one["field"], one["code"]) for one in await imports.mistakes(conn, identity)]
        await imports.discard(conn, identity, office.clerk.account_id, NOW)
        with pytest.raises(Conflict):
            await imports.discard(conn, identity, office.clerk.account_id, NOW)
    assert (row["state"], row["rows_sealed"], refused.value.extra) == ("wrong", None, {"state": "wrong"})
    assert told == [(3, "valid_from", "two_digit_year")]


async def test_the_same_file_twice_is_refused_and_for_another_month_remarked(office: Office) -> None:
    rows = [("老人", id_number(701), "低保", "2026-03-01", "")]
    content = book(名单=[HEAD, *rows])
    by = office.clerk.account_id
    async with office.web.transaction(office.district) as conn:
        await elders(office, conn, 701)
        once, race = [
            await imports.bring(conn, office.keys, office.district, brought("assistance", content), by, NOW)
            for _ in range(2)
        ]
        await keep(office, conn, once)
        with pytest.raises(Conflict) as refused:
            await imports.bring(conn, office.keys, office.district, brought("assistance", content), by, NOW)
        with pytest.raises(Conflict) as late:
            await keep(office, conn, race)
        later = brought("assistance", content, as_of=date(2026, 12, 1))
        again = await imports.bring(conn, office.keys, office.district, later, by, NOW)
        told = [one["code"] for one in await imports.mistakes(conn, again)]
    assert (refused.value.code, refused.value.extra["on"], late.value.code) == (
        "same_file",
        "2026-11-21",
        "same_file",
    )
    assert told == ["same_file_before"]


async def test_who_is_missing_in_next_months_complete_list_loses_it_the_day_before(office: Office) -> None:
    one, two = numbers(701, 702)
    rows = [("老人", number, "低保", "2026-03-01", "") for number in (one, two)]
    async with office.web.transaction(office.district) as conn:
        first, second = await elders(office, conn, 701, 702)
        await keep(office, conn, await bring(office, conn, rows, is_complete=True))
        december = await bring(office, conn, rows[:1], is_complete=True, as_of=date(2026, 12, 1))
        counts = (await keep(office, conn, december))["counts"]
        assert await held(conn, first) == [("dibao", date(2026, 3, 1), None, "import")]
        assert await held(conn, second) == [("dibao", date(2026, 3, 1), date(2026, 11, 30), "import")]
    assert (counts["ends"], counts["unchanged"], counts["changes"]) == (1, 1, 0)


async def test_a_certificate_is_a_grade_of_its_scale_and_lapses_with_its_list(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        [first] = await elders(office, conn, 701)
        listed = await bring(office, conn, [("老人", id_number(701), "二级", "2020-05-01")], "disability")
        await keep(office, conn, listed)
        other = [("外人", id_number(702), "一级", "2020-05-01")]
        gone = await bring(office, conn, other, "disability", is_complete=True)
        await keep(office, conn, gone)
        rows = await conn.fetch(
            "SELECT scale, grade, valid_to, source_id FROM grade WHERE elder_id = $1", first
        )
    assert [tuple(row.values()) for row in rows] == [
        ("disability_certificate", "2", date(2026, 10, 31), listed)
    ]


async def test_a_death_is_reported_for_a_clerk_and_not_believed_at_once(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        [first] = await elders(office, conn, 701)
        listed = await bring(office, conn, [(id_number(701), "2026-11-02")], "death")
        await keep(office, conn, listed)
        [death] = await deaths.of_elder(conn, first)
        again = await bring(
            office, conn, [(id_number(701), "2026-11-02"), (id_number(702), "20261103")], "death"
        )
        await keep(office, conn, again)
        assert len(await deaths.of_elder(conn, first)) == 1
        died_on = await conn.fetchval("SELECT died_on FROM elder WHERE id = $1", first)
    assert (death["state"], death["died_on"], death["source"], died_on) == (
        "reported",
        date(2026, 11, 2),
        "register",
        None,
    )


async def test_a_list_that_has_come_to_contradict_what_is_known_stays_out(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        [first] = await elders(office, conn, 701)
        identity = await bring(office, conn, [("老人", id_number(701), "二级", "2020-05-01")], "disability")
        await conn.execute(
            "INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, recorded_at)"
            " VALUES ($1, $2, $3, 'disability_certificate', '4', '2020-05-01', $4)",
            *(new_id(), office.district, first, NOW),
        )
        row = await keep(office, conn, identity)
        told = [one["code"] for one in await imports.mistakes(conn, identity)]
    assert (row["state"], row["counts"]["mistakes"], told) == ("wrong", 1, ["contradicts_known"])


async def test_headings_are_kept_by_district_and_register(office: Office, elsewhere: Office) -> None:
    by = office.clerk.account_id
    async with office.web.transaction(office.district) as conn:
        await imports.keep_mapping(
            conn, office.district, "death", {"id_number": " 证件 ", "name": ""}, by, NOW
        )
        assert await imports.mapping_of(conn, "death") == {"id_number": "证件"}
        for register, mapping in (("no_such", {}), ("death", {"level": "等级"})):
            with pytest.raises(Invalid):
                await imports.keep_mapping(conn, office.district, register, mapping, by, NOW)
        with pytest.raises(NotFound):
            await imports.find(conn, new_id())
    async with elsewhere.web.transaction(elsewhere.district) as conn:
        assert await imports.mapping_of(conn, "death") == {}


async def test_the_audit_log_tells_who_brought_and_kept_a_list_and_names_nobody(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        await elders(office, conn, 701)
        identity = await bring(office, conn, [("老人", id_number(701), "低保", "2026-03-01", "")])
        await keep(office, conn, identity)
        rows = await conn.fetch(
            "SELECT action, account_id, detail FROM audit_log WHERE subject_id = $1", identity
        )
        [listed] = await imports.list_(conn, register="assistance", state="applied")
    assert [(row["action"], row["account_id"]) for row in rows] == [
        ("register.bring", office.clerk.account_id),
        ("register.applied", office.clerk.account_id),
    ]
    assert id_number(701) not in str([row["detail"] for row in rows])
    assert (listed["id"], listed["as_of"]) == (identity, AS_OF)
