"""Persons as schemes see them, loaded set by set: five statements, however many they are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.db import Conn
from core.errors import NotFound
from core.sql import load as statements
from services.policy import Absence, Fact, Membership, Subject

SQL = statements(__file__)


async def load(conn: Conn, elders: Sequence[UUID]) -> dict[UUID, Subject]:
    """Return what schemes ask of each person: facts, grades, absences, enrolments, proofs of life.

    An elder whom the district does not have is left out.
    """
    wanted = list(elders)
    facts: defaultdict[UUID, list[Fact]] = defaultdict(list)
    away: defaultdict[UUID, list[Absence]] = defaultdict(list)
    members: defaultdict[UUID, list[Membership]] = defaultdict(list)
    proofs: defaultdict[UUID, list[tuple[date, date]]] = defaultdict(list)
    people = await conn.fetch(SQL.list_people, wanted)
    for row in await conn.fetch(SQL.list_dated, wanted):
        facts[row["elder_id"]].append(Fact(row["kind"], row["value"], row["valid_from"], row["valid_to"]))
    for row in await conn.fetch(SQL.list_absences_of, wanted):
        away[row["elder_id"]].append(Absence(row["kind"], row["starts_on"], row["ends_on"]))
    for row in await conn.fetch(SQL.list_memberships, wanted):
        one = Membership(row["scheme_code"], row["valid_from"], row["valid_to"])
        members[row["elder_id"]].append(one)
    for row in await conn.fetch(SQL.list_proofs_of, wanted):
        proofs[row["elder_id"]].append((row["proven_on"], row["valid_to"]))
    return {
        row["id"]: Subject(
            row["born_on"],
            row["died_on"],
            row["gender"],
            row["category"],
            tuple(facts[row["id"]]),
            tuple(away[row["id"]]),
            tuple(members[row["id"]]),
            tuple(proofs[row["id"]]),
        )
        for row in people
    }


async def find(conn: Conn, elder: UUID) -> Subject:
    """Return one person; raise NotFound."""
    found = await load(conn, [elder])
    if elder not in found:
        raise NotFound(f"no elder {elder}")
    return found[elder]
