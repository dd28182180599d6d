"""The monthly run: who is eligible and not enrolled, or no longer eligible; decided by a clerk in bulk."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import absences, person_facts
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import enrolments, entitlements, schemes, standing
from services.matching import matches, runs
from tests.makers import NOW, make_elder
from tests.services.people.applying import Office
from tests.services.people.policies import OLD_AGE, POOR

MARCH = date(2026, 3, 1)
LATER = NOW + timedelta(hours=2)


async def found(office: Office, *texts: str) -> Conn:
    async with office.web.transaction(office.district) as conn:
        for text in texts:
            await schemes.load(conn, district=office.district, district_code="370503", text=text, now=NOW)
        return conn


async def old(office: Office, conn: Conn, *, enrolled: bool = False, **given: Any) -> UUID:
    """Make somebody of 84, registered here."""
    elder = await make_elder(conn, office.keys, office.district, **given)
    await fact(office, conn, elder, "household", "370503")
    if enrolled:
        whose: dict[str, Any] = {"district": office.district, "elder": elder, "scheme_code": "old_age"}
        await enrolments.enrol(conn, **whose, valid_from=MARCH, reason="matched", by=None, now=NOW)
    return elder


async def fact(office: Office, conn: Conn, elder: UUID, kind: str, value: str, since: date = MARCH) -> None:
    await person_facts.record(
        conn,
        district=office.district,
        elder=elder,
        kind=kind,
        value=value,
        valid_from=since,
        valid_to=None,
        source="import",
        source_id=None,
        now=NOW,
    )


async def run(office: Office, now: Any = NOW, most: int = 500) -> int:
    """Start a run and carry it to its end; return in how many pages."""
    async with office.web.transaction(office.district) as conn:
        await runs.start(conn, office.district, office.clerk.account_id, now)
    pages = 0
    while await runs.page(office.worker, office.district, now, most) is not None:
        pages += 1
    return pages


async def listed(office: Office, **given: Any) -> dict[UUID, Row]:
    async with office.web.transaction(office.district) as conn:
        rows = await matches.list_(conn, scheme="old_age", **given)
    return {row["elder_id"]: row for row in rows}


async def decided(office: Office, ids: list[UUID], action: str, **given: Any) -> list[str]:
    async with office.web.transaction(office.district) as conn:
        outcomes = await matches.decide(conn, ids, action, office.clerk, LATER, **given)
    return [one.code for one in outcomes]


async def test_a_run_finds_both_kinds_with_the_record_that_says_so(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        new, fine = await old(office, conn), await old(office, conn, enrolled=True)
        moved, dead = await old(office, conn, enrolled=True), await old(office, conn, enrolled=True)
        away = await old(office, conn, enrolled=True)
        await fact(office, conn, moved, "household", "341302", date(2026, 10, 1))
        await absences.record_death(conn, dead, date(2026, 11, 2))
        stay: dict[str, Any] = {"kind": "institution", "starts_on": date(2026, 11, 5), "ends_on": None}
        await absences.record(conn, district=office.district, elder=away, **stay, now=NOW)
    assert await run(office, most=2) == 3
    rows = await listed(office)
    seen = {elder: (row["kind"], row["proposal"], row["reasons"][0]["code"]) for elder, row in rows.items()}
    assert seen == {
        new: ("not_enrolled", "enrol", "met_alive"),
        moved: ("no_longer", "end", "unmet_household"),
        dead: ("no_longer", "end", "unmet_alive"),
        away: ("no_longer", "suspend", "unmet_present"),
    }
    assert rows[dead]["reasons"][0]["died_on"] == "2026-11-02"
    async with office.web.transaction(office.district) as conn:
        [last] = await runs.last(conn)
        [kept] = await standing.recorded(conn, fine)
        waiting = [(row["kind"], row["scheme_code"], row["n"]) for row in await matches.counts(conn)]
    assert (last["state"], last["people"], last["total"]) == ("done", 5, 5)
    assert (last["counts"]["not_enrolled"], last["counts"]["no_longer"]) == (1, 3)
    words = tuple(kept[f"is_{word}"] for word in ("eligible", "enrolled", "compliant", "payable"))
    assert (kept["month"], words) == (date(2026, 11, 1), (True, True, True, True))
    assert kept["reasons"]["compliant"] == [{"code": "proof_until", "valid_to": "2027-02-28"}]
    assert waiting == [("not_enrolled", "old_age", 1), ("no_longer", "old_age", 3)]


async def test_a_second_run_says_the_same_and_forgets_what_is_no_longer_so(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        new, back = await old(office, conn), await old(office, conn)
    await run(office)
    first = await listed(office)
    async with office.web.transaction(office.district) as conn:
        await fact(office, conn, back, "household", "341302", date(2026, 11, 1))
    await run(office, LATER)
    second, gone = await listed(office), await listed(office, state="gone")
    assert [set(rows) for rows in (first, second, gone)] == [{new, back}, {new}, {back}]
    assert first[new]["id"] == second[new]["id"]


async def test_a_run_that_is_under_way_is_not_started_twice_and_goes_on_where_it_was(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        for _ in range(3):
            await old(office, conn)
        await runs.start(conn, office.district, None, NOW)
        with pytest.raises(Conflict) as refused:
            await runs.start(conn, office.district, None, NOW)
    assert await runs.page(office.worker, office.district, NOW, 2) == 2
    async with office.web.transaction(office.district) as conn:
        [half] = await runs.last(conn)
    assert (refused.value.code, half["state"], half["people"]) == ("run_under_way", "running", 2)
    assert await runs.tick(office.worker, LATER) == 1
    assert await runs.tick(office.worker, LATER) == 0
    assert len(await listed(office)) == 3


async def test_the_tick_starts_the_run_of_a_month_once_and_none_without_a_scheme(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        await old(office, conn)
    december = NOW + timedelta(days=20)
    assert [await runs.tick(office.worker, now) for now in (NOW, LATER, december)] == [1, 0, 1]
    async with office.web.transaction(office.district) as conn:
        months = [row["month"] for row in await runs.last(conn)]
        await conn.execute("UPDATE scheme SET effective_to = '2027-01-31'")
    assert months == [date(2026, 12, 1), date(2026, 11, 1)]
    assert await runs.tick(office.worker, NOW + timedelta(days=90)) == 0


async def test_a_clerk_enrols_in_bulk_and_doing_it_twice_does_nothing(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        elders = [await old(office, conn) for _ in range(3)]
    await run(office)
    ids = [row["id"] for row in (await listed(office)).values()]
    assert await decided(office, ids, "enrol") == ["done"] * 3
    assert await decided(office, ids, "enrol") == ["decided_already"] * 3
    async with office.web.transaction(office.district) as conn:
        starts = [(await entitlements.enrolments(conn, one))[0]["valid_from"] for one in elders]
        lines = await conn.fetch("SELECT account_id FROM audit_log WHERE action = 'match.enrolled'")
    assert starts == [date(2026, 11, 1)] * 3
    assert [row["account_id"] for row in lines] == [office.clerk.account_id] * 3


async def test_what_is_no_longer_so_is_left_alone_and_said(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        stale, other = await old(office, conn), await old(office, conn)
    await run(office)
    rows = await listed(office)
    async with office.web.transaction(office.district) as conn:
        await absences.record_death(conn, stale, date(2026, 11, 20))
    ids = sorted(row["id"] for row in rows.values())
    assert await decided(office, [rows[stale]["id"]], "enrol") == ["no_longer_so"]
    assert await decided(office, [rows[other]["id"]], "end") == ["other_kind"]
    assert len(ids) == 2
    async with office.web.transaction(office.district) as conn:
        assert await entitlements.enrolments(conn, stale) == []


async def test_ends_and_suspensions_have_their_day_and_reason_and_the_suspended_are_resumed(
    office: Office,
) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        dead, away = await old(office, conn, enrolled=True), await old(office, conn, enrolled=True)
        await absences.record_death(conn, dead, date(2026, 11, 2))
        stay: dict[str, Any] = {"kind": "institution", "starts_on": date(2026, 11, 5), "ends_on": None}
        absence = await absences.record(conn, district=office.district, elder=away, **stay, now=NOW)
    await run(office)
    rows = await listed(office)
    assert await decided(office, [rows[dead]["id"]], "end") == ["done"]
    assert await decided(office, [rows[away]["id"]], "suspend", on=date(2026, 11, 6)) == ["done"]
    async with office.web.transaction(office.district) as conn:
        done = await enrolments.last_entries(conn, [dead, away])
        await absences.end(conn, absence, date(2026, 11, 18), NOW)
    assert [(done[one, "old_age"]["on_day"], done[one, "old_age"]["reason"]) for one in (dead, away)] == [
        (date(2026, 11, 3), "deceased"),
        (date(2026, 11, 6), "institution"),
    ]
    await run(office, LATER)
    again = (await listed(office))[away]
    assert (again["kind"], again["proposal"]) == ("not_enrolled", "resume")
    assert await decided(office, [again["id"]], "resume", on=date(2026, 11, 19)) == ["done"]
    async with office.web.transaction(office.district) as conn:
        spans = [(row["valid_from"], row["valid_to"]) for row in await entitlements.enrolments(conn, away)]
    assert spans == [(date(2026, 11, 19), None), (MARCH, date(2026, 11, 5))]


async def test_what_was_dismissed_stays_dismissed_until_a_reason_changes(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        elder = await old(office, conn, enrolled=True)
        await fact(office, conn, elder, "household", "341302", date(2026, 10, 1))
    await run(office)
    [row] = (await listed(office)).values()
    with pytest.raises(Invalid):
        await decided(office, [row["id"]], "dismiss")
    assert await decided(office, [row["id"]], "dismiss", reason="户籍正在迁回") == ["done"]
    await run(office, LATER)
    assert await listed(office) == {}
    async with office.web.transaction(office.district) as conn:
        await fact(office, conn, elder, "household", "341200", date(2026, 11, 1))
    await run(office, LATER + timedelta(hours=1))
    assert list(await listed(office)) == [elder]


async def test_one_that_cannot_be_done_stops_no_other(office: Office) -> None:
    await found(office, OLD_AGE)
    async with office.web.transaction(office.district) as conn:
        dead, moved = await old(office, conn, enrolled=True), await old(office, conn, enrolled=True)
        await absences.record_death(conn, dead, date(2026, 11, 2))
        await fact(office, conn, moved, "household", "341302", date(2026, 10, 1))
    await run(office)
    rows = await listed(office)
    ids = [rows[dead]["id"], rows[moved]["id"]]
    assert await decided(office, ids, "end", on=MARCH) == ["invalid", "invalid"]
    assert await decided(office, ids, "end", on=date(2026, 3, 2)) == ["done", "done"]


async def test_what_cannot_be_asked_is_refused_by_field(office: Office) -> None:
    with pytest.raises(Invalid, match="action"):
        await decided(office, [new_id()], "reward")
    with pytest.raises(Invalid, match="ids"):
        await decided(office, [], "enrol")
    with pytest.raises(NotFound):
        await decided(office, [new_id()], "enrol")


async def test_two_schemes_that_exclude_each_other_are_not_both_entered(office: Office) -> None:
    other = OLD_AGE.replace("old_age", "other_age") + "\n"
    both = OLD_AGE.replace("needs_life_proof", 'excludes = ["other_age"]\nneeds_life_proof')
    await found(
        office, both, other.replace("needs_life_proof", 'excludes = ["old_age"]\nneeds_life_proof'), POOR
    )
    async with office.web.transaction(office.district) as conn:
        await old(office, conn)
    await run(office)
    async with office.web.transaction(office.district) as conn:
        rows = {row["scheme_code"]: row["id"] for row in await matches.list_(conn)}
    assert rows.keys() == {"old_age", "other_age"}
    assert await decided(office, [rows["old_age"]], "enrol") == ["done"]
    assert await decided(office, [rows["other_age"]], "enrol") == ["no_longer_so"]
