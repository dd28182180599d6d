"""Schemes of a district: proposed, signed by a second person, never edited after use, only succeeded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load as statements
from services.policy import Scheme, parse, together
from services.policy.together import Problem

SQL = statements(__file__)

__all__ = [
    "InForce",
    "Scheme",
    "find",
    "in_force",
    "list_",
    "load",
    "parse",
    "problems",
    "propose",
    "sign",
    "withdraw",
]

read = lru_cache(maxsize=256)(parse)
"""Parse a stored scheme; its text never changes."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A stored scheme that a person is enrolled in on a day."""

    id: UUID
    rules: Scheme


async def load(conn: Conn, *, district: UUID, district_code: str, text: str, now: datetime) -> UUID:
    """Store a scheme from its file as signed: for set-up, where no two people are there yet.

    The same file again changes nothing. Raises Invalid when the file is wrong or another district's, Conflict
    when the version has other text.
    """
    scheme = _of_district(text, district_code)
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = await conn.fetchrow(SQL.find_version, scheme.code, scheme.version)
    if known is not None:
        if known["sha256"] != digest:
            raise _taken(scheme)
        existing: UUID = known["id"]
        return existing
    before = scheme.effective_from - timedelta(days=1)
    await conn.execute(SQL.end_earlier_versions, scheme.code, scheme.version, before)
    identity, values = new_id(), _values(scheme, text, digest)
    named = (identity, district, scheme.code, scheme.version)
    await conn.execute(SQL.load_scheme, *named, *values, "signed", None, now)
    return identity


async def propose(
    conn: Conn, *, district: UUID, district_code: str, text: str, by: UUID, now: datetime
) -> UUID:
    """Store a scheme as a draft that a second person signs; a draft may be proposed anew, by anybody.

    Raises Invalid, or Conflict when the version is signed with other text or does not follow the last one.
    """
    scheme = _of_district(text, district_code)
    digest = hashlib.sha256(text.encode()).hexdigest()
    await conn.execute(SQL.lock_code, f"{district} {scheme.code}")
    known = await conn.fetchrow(SQL.find_version, scheme.code, scheme.version)
    if known is not None and known["state"] == "signed":
        if known["sha256"] != digest:
            raise _taken(scheme)
        existing: UUID = known["id"]
        return existing
    await _check_others(conn, scheme)
    values = _values(scheme, text, digest)
    if known is not None:
        renewed: UUID = await conn.fetchval(SQL.propose_anew, known["id"], *values, by, now)
        return renewed
    identity = new_id()
    named = (identity, district, scheme.code, scheme.version)
    await conn.execute(SQL.load_scheme, *named, *values, "draft", by, now)
    return identity


async def sign(
    conn: Conn, *, district: UUID, scheme: UUID, by: UUID, now: datetime, sha256: str | None = None
) -> Row:
    """Sign a draft as the second person; from then on it counts and is never edited.

    `sha256`: the text that was read; one proposed anew meanwhile is refused. Raises NotFound, or Conflict
    with the code same_person, changed, not_draft, overlap, gap or used.
    """
    row = await find(conn, scheme)
    await conn.execute(SQL.lock_code, f"{district} {row['code']}")
    row = await find(conn, scheme)
    if row["state"] != "draft":
        raise Conflict(f"the scheme is {row['state']} already", code="not_draft", state=row["state"])
    if row["proposed_by"] == by:
        raise Conflict("who proposed a scheme does not sign it", code="same_person")
    if sha256 is not None and sha256 != row["sha256"]:
        raise Conflict("the draft was changed after you read it: read it again", code="changed")
    rules = read(row["body"])
    await _check_others(conn, rules)
    await _check_unused(conn, rules)
    before = rules.effective_from - timedelta(days=1)
    await conn.execute(SQL.end_earlier_versions, rules.code, rules.version, before)
    if await conn.fetchval(SQL.sign_scheme, scheme, row["sha256"], by, now) is None:
        raise Conflict("somebody else was first", code="changed")
    await conn.execute(SQL.drop_unused_months, rules.code, rules.version, rules.effective_from)
    return await find(conn, scheme)


async def withdraw(conn: Conn, scheme: UUID) -> Row:
    """Take a draft back; raise NotFound, or Conflict when it is no draft."""
    row = await find(conn, scheme)
    if await conn.fetchval(SQL.withdraw_scheme, scheme) is None:
        raise Conflict(f"the scheme is {row['state']} already", code="not_draft", state=row["state"])
    return await find(conn, scheme)


async def problems(conn: Conn, scheme: Scheme) -> tuple[Problem, ...]:
    """Say what does not fit between a scheme and the district's signed ones."""
    signed = await list_(conn)
    others = [_as_stored(row) for row in signed if (row["code"], row["version"]) != _key(scheme)]
    return together.check([*others, scheme], about=scheme)


async def _check_others(conn: Conn, scheme: Scheme) -> None:
    found = await problems(conn, scheme)
    if found:
        errors = [{"field": one.field, "code": one.code, "message": one.message} for one in found]
        raise Conflict(found[0].message, code=found[0].code, errors=errors)


async def _check_unused(conn: Conn, scheme: Scheme) -> None:
    used = await conn.fetchrow(SQL.list_use, scheme.code, scheme.effective_from)
    assert used is not None  # noqa: S101 - a statement of two figures always gives a row
    days: list[date] = [day for day in (used["visit_on"], used["list_month"]) if day is not None]
    first = min(days, default=None)
    if first is not None:
        words = f"the version before has been used on {first}: let this one start in a later month"
        raise Conflict(words, code="used", on=first.isoformat())


def _of_district(text: str, district_code: str) -> Scheme:
    scheme = parse(text)
    if scheme.district != district_code:
        words = f"the scheme is of district {scheme.district}, not of {district_code}"
        raise Invalid(words, [{"field": "district", "code": "other_district", "message": words}])
    return scheme


def _values(scheme: Scheme, text: str, digest: str) -> tuple[object, ...]:
    span = (scheme.effective_from, scheme.effective_to)
    return (scheme.name, scheme.kind, scheme.scale, *span, text, digest)


def _taken(scheme: Scheme) -> Conflict:
    words = f"{scheme.code} {scheme.version} is stored with other text: give it a new version"
    return Conflict(words, code="version_taken")


def _key(scheme: Scheme) -> tuple[str, int]:
    return scheme.code, scheme.version


def _as_stored(row: Row) -> Scheme:
    """Return the scheme with the last day that a successor has set."""
    return read(row["body"]).model_copy(update={"effective_to": row["effective_to"]})


async def find(conn: Conn, scheme: UUID) -> Row:
    """Return a scheme with its text; raise NotFound."""
    row = await conn.fetchrow(SQL.find_scheme, scheme)
    if row is None:
        raise NotFound(f"no scheme {scheme}")
    return row


async def list_(conn: Conn, states: Sequence[str] = ("signed",)) -> list[Row]:
    """Return the district's schemes of some states (draft, signed, withdrawn), newest first."""
    return await conn.fetch(SQL.list_schemes, list(states))


async def in_force(conn: Conn, elder: UUID, on: date) -> Sequence[InForce]:
    """Return the schemes that pay visits and that the elder is enrolled in on a day, one version of each.

    The order is that in which they are asked to pay: by the file's `priority`, then by code.
    """
    newest: dict[str, InForce] = {}
    for row in await conn.fetch(SQL.list_in_force, elder, on):
        newest.setdefault(row["code"], InForce(row["id"], read(row["body"])))
    return tuple(sorted(newest.values(), key=lambda one: (one.rules.priority, one.rules.code)))
