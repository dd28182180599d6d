"""Demo assessments: a dispute, an assessor's day, a form that waits for a signature, a guardianship."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core.accounts import Person
from core.clock import at_local
from core.db import Row
from core.sql import load
from deploy.demo.place import Place
from services import assessment_disputes, assessment_wants, assessments, grade_entries
from services.grade_entries import Paper
from services.guardianship import duties, guardianships, team
from services.guardianship.duties import NewDuty
from services.guardianship.team import NewMember

SQL = load(__file__)
_OPENED, _BEFORE = 20, 5


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who plays: the elders by their beds, the assessors, clerk and approver."""

    elders: list[Row]
    assessors: list[Person]
    clerk: Person
    approver: Person


async def load_assessing(place: Place) -> None:
    """Show an assessor's day, a dispute, a paper of another scale, and a guardianship, once."""
    if await place.conn.fetchval(SQL.has_wants):
        return
    cast = await _cast(place)
    if cast is None:
        return
    await _dispute(place, cast)
    await _wants(place, cast)
    await _waits(place, cast)
    await _paper(place, cast)
    await _guardianship(place, cast)


async def _cast(place: Place) -> _Cast | None:
    elders = await place.conn.fetch(SQL.list_elders)
    found: dict[str, list[Person]] = {}
    for row in await place.conn.fetch(SQL.list_staff):
        found.setdefault(row["role"], []).append(place.person(row))
    staffed = len(found.get("assessor", [])) > 1 and found.get("clerk") and found.get("approver")
    if not staffed or len(elders) < 5:  # noqa: PLR2004 - one for each part of the story
        return None
    return _Cast(elders, found["assessor"], found["clerk"][0], found["approver"][0])


async def _dispute(place: Place, cast: _Cast) -> None:
    rows = await assessments.list_(place.conn, elder_id=cast.elders[1]["id"], limit=1)
    await assessment_disputes.raise_(
        place.conn,
        place.keys,
        rows[0]["id"],
        by=cast.clerk,
        kind="family",
        grounds=["answers"],
        words="",
        now=place.now,
    )


async def _wants(place: Place, cast: _Cast) -> None:
    """Two homes for today, one with the other assessor, and the dispute that nobody has taken yet."""
    first, second = cast.assessors[:2]
    day = place.day(0)
    for nth, elder in enumerate((cast.elders[2], cast.elders[3])):
        want = await assessment_wants.ask(
            place.conn,
            elder=elder["id"],
            reason=("routine", "immediate")[nth],
            due_on=day + timedelta(days=3 + nth),
            by=cast.clerk,
            now=place.now,
        )
        at = max(_clock(day, 9 + nth), place.now)
        sent: dict[str, Any] = {"first": first.account_id, "second": second.account_id, "at": at}
        await assessment_wants.assign(place.conn, want, by=cast.clerk, now=place.now, **sent)
    await assessment_wants.gather(place.conn, place.district, place.now)


def _clock(day: date, hour: int) -> datetime:
    return at_local(day, f"{hour:02d}:00").astimezone(UTC)


async def _waits(place: Place, cast: _Cast) -> None:
    """Leave a form that waits for its second signature."""
    known = (await assessments.list_(place.conn, elder_id=cast.elders[4]["id"], limit=1))[0]
    row = await assessments.find(place.conn, known["id"])
    filled = assessments.Form(
        cast.elders[4]["id"], row["items"], row["adjustments"], "routine", place.day(1), informant="child"
    )
    await assessments.record(
        place.conn,
        district=place.district,
        filled=filled,
        assessor=cast.assessors[1].account_id,
        now=place.now,
    )


async def _paper(place: Place, cast: _Cast) -> None:
    since = place.day(60)
    paper = Paper("ltci", "2", place.world.name, since, since)
    who: dict[str, Any] = {"by": cast.clerk, "now": place.now}
    await grade_entries.enter(place.conn, place.keys, cast.elders[1]["id"], paper, **who)


async def _guardianship(place: Place, cast: _Cast) -> None:
    """Go through all four steps, with a team that lacks its social worker."""
    conn, keys, now = place.conn, place.keys, place.now
    opened = now - timedelta(days=_OPENED)
    elder = next((one for one in cast.elders if one["category"] == "tekun"), cast.elders[0])
    made = await guardianships.open_(conn, elder["id"], cast.clerk, opened)
    carer = await conn.fetchrow(SQL.find_caregiver)
    names = [row["name"] for row in await conn.fetch(SQL.list_staff)]
    members = [
        NewMember("guardian", place.day(_OPENED - 5), names[0]),
        NewMember("official", place.day(_OPENED - 8), names[-1]),
    ]
    if carer is not None:
        members += [
            NewMember(role, place.day(_OPENED - 6), caregiver_id=carer["id"])
            for role in ("caregiver", "nurse")
        ]
    for member in members:
        await team.appoint(conn, keys, made, member, by=cast.clerk, now=now)
    taken = (
        ("investigate", "no_relative", cast.clerk),
        ("determine", "limited", cast.approver),
        ("choose", "village_committee", cast.clerk),
        ("care", "at_home", cast.clerk),
    )
    for nth, (step, finding, by) in enumerate(taken):
        on = place.day(_OPENED - nth - 1)
        await guardianships.step(conn, keys, made, step, on=on, finding=finding, words="", by=by, now=now)
    monday = NewDuty("caregiver", "FREQ=WEEKLY", place.day(0) + timedelta(days=1), (time(9), time(11)))
    await duties.give(conn, made, monday, by=cast.clerk, now=now)
    official = NewDuty("official", "FREQ=MONTHLY", place.day(_BEFORE))
    await duties.give(conn, made, official, by=cast.clerk, now=now)
    for item, had in (("home", True), ("income", True), ("medical", True), ("contact", False)):
        await guardianships.look(conn, made, item, had=had, on=place.day(_BEFORE), by=cast.clerk, now=now)
