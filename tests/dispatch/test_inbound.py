"""Callers: whose number it is, the queue, who was missed, called back, and cases entered by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import people
from core.accounts import Person
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Invalid
from dispatch import cases
from dispatch.inbound import calls, entering, returning
from dispatch.inbound.entering import Report
from dispatch.inbound.queueing import Next
from tests import makers
from tests.dispatch.worlds import World, events_of, make_caregiver, make_operator, make_world
from tests.makers import NOW

MOTHER, DAUGHTER, STRANGER = "13800001111", "13900002222", "+8615000003333"


@dataclass
class Centre:
    world: World
    operator: Person

    async def arrive(self, number: str | None, ref: str = "CA1", at: datetime = NOW) -> UUID:
        async with self.world.web.transaction(self.world.district) as conn:
            call, _ = await calls.arrive(
                conn,
                self.world.keys,
                district=self.world.district,
                carrier="twilio",
                ref=ref,
                number=number,
                now=at,
            )
        return call

    async def next(self, call: UUID, at: datetime = NOW) -> Next:
        async with self.world.web.transaction(self.world.district) as conn:
            return (await calls.next_of(conn, call, at))[0]

    async def end(self, call: UUID, at: datetime) -> str | None:
        async with self.world.web.transaction(self.world.district) as conn:
            reason: str | None = (await calls.ended(conn, call, at))["reason"]
        return reason

    async def missed(self) -> list[dict[str, Any]]:
        async with self.world.web.transaction(self.world.district) as conn:
            return [dict(row) for row in await returning.list_(conn)]

    async def names(self, call: UUID) -> tuple[list[str], list[str]]:
        async with self.world.web.transaction(self.world.district) as conn:
            caller = await calls.caller_of(conn, await calls.find(conn, call), NOW)
        return [row["kind"] for row in caller.people], [row["name"] for row in caller.elders]

    async def sit_down(self, at: datetime = NOW) -> None:
        async with self.world.web.transaction(self.world.district) as conn:
            await conn.execute(
                "INSERT INTO operator_seen (account_id, district_id, seen_at) VALUES ($1, $2, $3)"
                " ON CONFLICT (account_id) DO UPDATE SET seen_at = $3",
                self.operator.account_id,
                self.world.district,
                at,
            )

    async def enter(self, report: Report, **how: Any) -> UUID:
        async with self.world.web.transaction(self.world.district) as conn:
            return await entering.enter(conn, self.world.keys, report, self.operator, NOW, **how)


@pytest.fixture
async def centre(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Keys
) -> Centre:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    async with pool_web.transaction(world.district) as conn:
        sealed = keys.seal(world.district, MOTHER)
        await conn.execute(
            "UPDATE elder SET name = $2, phone_sealed = $3 WHERE id = $1", world.elder, "王秀英", sealed
        )
        member = await people.create_family_member(
            conn, keys, district=world.district, name="李娜", phone=DAUGHTER, now=NOW
        )
        await people.bond(
            conn,
            district=world.district,
            elder=world.elder,
            member=member,
            relation="daughter",
            priority=1,
            consented_at=NOW,
        )
    return Centre(world, await make_operator(world))


async def test_an_elder_who_calls_is_known_by_the_number_however_it_is_written(centre: Centre) -> None:
    call = await centre.arrive("+86 138-0000-1111")
    assert await centre.names(call) == (["elder"], ["王秀英"])


async def test_a_relative_who_calls_is_known_with_the_elder(centre: Centre) -> None:
    assert await centre.names(await centre.arrive("+8613900002222")) == (["family_member"], ["王秀英"])


async def test_one_number_of_several_people_names_them_all(centre: Centre) -> None:
    await make_caregiver(centre.world, "张护理", phone=DAUGHTER)
    call = await centre.arrive(DAUGHTER)
    assert (await centre.names(call))[0] == ["family_member", "caregiver"]


async def test_a_number_that_changed_is_read_anew(centre: Centre) -> None:
    await centre.arrive(MOTHER)
    async with centre.world.web.transaction(centre.world.district) as conn:
        sealed = centre.world.keys.seal(centre.world.district, "13811112222")
        await conn.execute("UPDATE elder SET phone_sealed = $2 WHERE id = $1", centre.world.elder, sealed)
    assert await centre.names(await centre.arrive("13811112222", "CA2")) == (["elder"], ["王秀英"])
    assert await centre.names(await centre.arrive(MOTHER, "CA3")) == ([], [])


@pytest.mark.parametrize("number", [STRANGER, "anonymous", "", None, "+266696687"])
async def test_a_caller_who_is_nobody_waits_like_anybody(centre: Centre, number: str | None) -> None:
    await centre.sit_down()
    call = await centre.arrive(number)
    assert await centre.names(call) == ([], [])
    assert await centre.next(call) == Next.SAY_WAIT


async def test_the_same_announcement_again_is_the_same_call(centre: Centre) -> None:
    assert await centre.arrive(MOTHER) == await centre.arrive(MOTHER)
    assert [kind for kind, _ in await events_of(centre.world)].count("inbound.ringing") == 1


async def test_the_first_who_takes_a_call_has_it_and_the_second_is_told_who(centre: Centre) -> None:
    call, other = await centre.arrive(MOTHER), await make_operator(centre.world)
    async with centre.world.web.transaction(centre.world.district) as conn:
        await calls.take(conn, call, centre.operator, NOW)
    async with centre.world.web.transaction(centre.world.district) as conn:
        with pytest.raises(Conflict) as late:
            await calls.take(conn, call, other, NOW)
    assert (late.value.code, late.value.extra["by"]) == ("already_taken", centre.operator.name)
    assert await centre.next(call) == Next.DESK


async def test_a_call_that_is_over_cannot_be_taken(centre: Centre) -> None:
    call = await centre.arrive(MOTHER)
    await centre.end(call, NOW + timedelta(seconds=9))
    async with centre.world.web.transaction(centre.world.district) as conn:
        with pytest.raises(Conflict) as over:
            await calls.take(conn, call, centre.operator, NOW)
    assert over.value.code == "call_over"


async def test_who_gives_up_stands_on_the_list_with_the_reason_until_called_back(centre: Centre) -> None:
    await centre.sit_down()
    assert await centre.end(await centre.arrive(DAUGHTER, "CA1"), NOW + timedelta(seconds=40)) == "gave_up"
    again = NOW + timedelta(minutes=1)
    call = await centre.arrive(DAUGHTER, "CA2", again)
    assert await centre.end(call, again + timedelta(seconds=3)) == "gave_up_at_once"
    (line,) = await centre.missed()
    assert (line["calls"], line["names"], line["elders"], line["first_at"]) == (2, "李娜", "王秀英", NOW)
    async with centre.world.web.transaction(centre.world.district) as conn:
        await returning.tried(conn, line["id"], "no_answer", centre.operator, again)
    assert (await centre.missed())[0]["tries"] == 1
    async with centre.world.web.transaction(centre.world.district) as conn:
        await returning.tried(conn, line["id"], "answered", centre.operator, again)
    assert await centre.missed() == []


async def test_who_called_back_second_is_told_who_was_first(centre: Centre) -> None:
    call = await centre.arrive(DAUGHTER)
    await centre.end(call, NOW)
    async with centre.world.web.transaction(centre.world.district) as conn:
        await returning.tried(conn, call, "answered", centre.operator, NOW)
        with pytest.raises(Conflict) as late:
            await returning.tried(conn, call, "answered", await make_operator(centre.world), NOW)
    assert (late.value.code, late.value.extra["by"]) == ("returned_already", centre.operator.name)


async def test_a_caller_who_comes_through_later_drops_off_the_list(centre: Centre) -> None:
    await centre.end(await centre.arrive(DAUGHTER, "CA1"), NOW + timedelta(seconds=40))
    call = await centre.arrive(DAUGHTER, "CA2", NOW + timedelta(minutes=5))
    async with centre.world.web.transaction(centre.world.district) as conn:
        await calls.take(conn, call, centre.operator, NOW + timedelta(minutes=5))
        await calls.connected(conn, call, NOW + timedelta(minutes=5))
    assert await centre.missed() == []
    assert await centre.end(call, NOW + timedelta(minutes=9)) is None


async def test_callers_who_hide_their_number_stand_one_by_one(centre: Centre) -> None:
    for ref in ("CA1", "CA2"):
        await centre.end(await centre.arrive(None, ref), NOW + timedelta(seconds=40))
    assert [line["calls"] for line in await centre.missed()] == [1, 1]


async def test_nobody_on_duty_means_a_promise_and_a_case_at_once(centre: Centre) -> None:
    call = await centre.arrive(DAUGHTER)
    assert await centre.next(call) == Next.CALL_BACK
    assert await centre.end(call, NOW + timedelta(seconds=20)) == "nobody_on_duty"
    for _ in range(2):
        async with centre.world.worker.transaction(centre.world.district) as conn:
            await returning.overdue(conn, centre.world.district, NOW + timedelta(seconds=30))
    async with centre.world.web.transaction(centre.world.district) as conn:
        (row,) = await cases.list_open(conn)
    assert (row["type"], row["elder_id"], row["severity"]) == ("missed_call", centre.world.elder, 3)


async def test_a_missed_call_that_nobody_returns_opens_a_case_after_a_quarter_of_an_hour(
    centre: Centre,
) -> None:
    await centre.sit_down()
    await centre.end(await centre.arrive(STRANGER), NOW + timedelta(seconds=40))
    opened = []
    for minutes in (10, 16, 20):
        async with centre.world.worker.transaction(centre.world.district) as conn:
            await returning.overdue(conn, centre.world.district, NOW + timedelta(minutes=minutes))
            opened.append(len(await cases.list_open(conn)))
    assert opened == [0, 1, 1]


async def test_a_case_is_entered_by_hand_and_its_words_are_sealed_and_revealed_on_record(
    centre: Centre,
) -> None:
    report = Report(
        "hotline_12345", "not_reached", "邻居三天没见到她", elder=centre.world.elder, number="SD-1"
    )
    case = await centre.enter(report)
    async with centre.world.web.transaction(centre.world.district) as conn:
        row = await cases.find(conn, case)
        (kept,) = await entering.reports(conn, case)
        said = await entering.words_of(conn, centre.world.keys, kept["id"], centre.operator, NOW)
        on_record = await conn.fetchval("SELECT count(*) FROM audit_log WHERE action = 'reveal'")
    assert (row["type"], row["severity"], row["state"]) == ("not_reached", 2, "raised")
    assert "邻居".encode() not in kept["words_sealed"]
    assert (said["words"], on_record) == ("邻居三天没见到她", 1)


async def test_who_opens_a_second_case_for_a_person_is_offered_the_first(centre: Centre) -> None:
    report = Report("phone", "unwell", "头晕", elder=centre.world.elder)
    first = await centre.enter(report)
    with pytest.raises(Conflict) as known:
        await centre.enter(report)
    assert (known.value.code, known.value.extra["case"]) == ("open_case", str(first))
    async with centre.world.web.transaction(centre.world.district) as conn:
        await entering.join(conn, centre.world.keys, first, report, centre.operator, NOW)
        assert len(await entering.reports(conn, first)) == 2
    assert await centre.enter(report, separate=True) != first


async def test_the_same_order_of_the_hotline_is_entered_once(centre: Centre) -> None:
    report = Report("hotline_12345", "question", "x", name="李先生", number="SD-9")
    case = await centre.enter(report)
    with pytest.raises(Conflict) as known:
        await centre.enter(report)
    assert (known.value.code, known.value.extra["case"]) == ("report_known", str(case))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": "pigeon"}, "source"),
        ({"type": "sos"}, "type"),
        ({"words": " "}, "words"),
        ({"severity": 6}, "severity"),
        ({"name": None}, "name"),
        ({"words": "x" * 4001}, "words"),
        ({"received_at": NOW + timedelta(hours=1)}, "received_at"),
    ],
)
async def test_what_cannot_be_a_report_is_refused_by_its_field(
    centre: Centre, wrong: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"source": "paper", "type": "question", "words": "x", "name": "somebody"}
    with pytest.raises(Invalid) as refused:
        await centre.enter(Report(**{**given, **wrong}))
    assert refused.value.extra["errors"][0]["field"] == field  # type: ignore[index]


async def test_a_report_does_not_join_another_persons_case(centre: Centre) -> None:
    case = await centre.enter(Report("phone", "unwell", "x", elder=centre.world.elder))
    async with centre.world.web.transaction(centre.world.district) as conn:
        other = await makers.make_elder(conn, centre.world.keys, centre.world.district)
        with pytest.raises(Invalid):
            await entering.join(
                conn,
                centre.world.keys,
                case,
                Report("phone", "unwell", "x", elder=other),
                centre.operator,
                NOW,
            )
