"""Signatures of assessors, drawn: bound to the answers and the grade, the second one always another person's.

On the one tablet without a network the second assessor draws and gives login and password, which are sealed
on the spot and opened here: the second signature is theirs, not the first one's word. Form and signatures
come as one, and are kept as one or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import accounts
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Invalid, Unauthorized
from core.sealed_logins import SealedLogin, open_
from core.settings import Settings
from core.sql import load
from dispatch.fields import wrong
from dispatch.phone.signatures import check_path, digest_of
from services import assessments
from services.assessing import Result, answers
from services.assessments import Form

SQL = load(__file__)
SIGNED = ("assessment", "elder", "assessed_on", "answers", "score", "grade")
"""What the statement of a signature must say as it is kept."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A signature: strokes, what was signed, the SHA-256 over both as the tablet made it, when."""

    path: str
    statement: Mapping[str, Any]
    digest: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Second:
    """The second assessor on the first one's tablet: who says so by a sealed login, and the drawing."""

    login: SealedLogin
    drawn: Drawn


async def submit(
    conn: Conn,
    keys: Keys,
    settings: Settings,
    filled: Form,
    first: Drawn,
    second: Second | None,
    *,
    by: Person,
    now: datetime,
) -> tuple[UUID, Result, UUID | None]:
    """Keep a form with its drawn signature or both; return its id, the result, and the grade if there is one.

    Raises Invalid by field (`second.login` when the second assessor's login is wrong), Conflict when the
    second is the first; a form sent again under its id is one.
    """
    district = by.district_id
    identity, result = await assessments.record(
        conn, district=district, filled=filled, assessor=by.account_id, now=now
    )
    row = await assessments.find(conn, identity)
    await keep(conn, keys, row, first, position=1, account=by.account_id, now=now)
    if second is None:
        return identity, result, None
    other = await _who(conn, keys, settings, second, by, now)
    if row["assessor_2"] == other:
        return identity, result, await conn.fetchval(SQL.find_grade_of, identity)
    grade = await assessments.sign(conn, identity, assessor=other, now=now)
    await keep(conn, keys, row, second.drawn, position=2, account=other, now=now, on_first_tablet=True)
    return identity, result, grade


async def sign(
    conn: Conn, keys: Keys, assessment: UUID, drawn: Drawn | None, *, by: Person, now: datetime
) -> UUID:
    """Sign as the second assessor on one's own device, drawn or by the account; return the grade's id."""
    row = await assessments.find(conn, assessment)
    grade = await assessments.sign(conn, assessment, assessor=by.account_id, now=now)
    if drawn is not None:
        await keep(conn, keys, row, drawn, position=2, account=by.account_id, now=now)
    return grade


async def keep(
    conn: Conn,
    keys: Keys,
    row: Row,
    drawn: Drawn,
    *,
    position: int,
    account: UUID,
    now: datetime,
    on_first_tablet: bool = False,
) -> None:
    """Keep a signature of an assessment, once; raise Invalid when it was drawn under something else."""
    field = "signature" if position == 1 else "second"
    check_path(f"{field}.path", drawn.path)
    _check(field, row, drawn.statement)
    made = digest_of(dict(drawn.statement), drawn.path)
    fits = made.hex() == drawn.digest.lower()
    sealed = keys.seal(row["district_id"], drawn.path)
    what = (sealed, dict(drawn.statement), made, fits, on_first_tablet, min(drawn.signed_at, now), now)
    await conn.execute(SQL.keep_signature, row["id"], position, row["district_id"], account, *what)


def statement_of(row: Row) -> dict[str, str]:
    """Return what is signed of a kept assessment."""
    return {
        "assessment": str(row["id"]),
        "elder": str(row["elder_id"]),
        "assessed_on": row["assessed_on"].isoformat(),
        "answers": answers(row["items"]),
        "score": str(row["score"]),
        "grade": row["grade"],
    }


def _check(field: str, row: Row, statement: Mapping[str, Any]) -> None:
    ours = statement_of(row)
    other = [name for name in SIGNED if statement.get(name) != ours[name]]
    if other:
        raise wrong(f"{field}.statement", "other_answers", f"signed something else: {', '.join(other)}")


async def list_(conn: Conn, keys: Keys, assessment: UUID) -> list[dict[str, Any]]:
    """Return the signatures of an assessment with their paths, the first one first."""
    rows = await conn.fetch(SQL.list_signatures, assessment)
    return [{**row, "path": keys.open(row["district_id"], row["path_sealed"])} for row in rows]


async def _who(conn: Conn, keys: Keys, settings: Settings, second: Second, by: Person, now: datetime) -> UUID:
    bound = str(second.drawn.statement.get("assessment", ""))
    login, password = open_(keys, second.login, bound)
    try:
        found = await accounts.proven(conn, login, password, f"second:{by.account_id}", now, settings)
    except Unauthorized as error:
        words = "the second assessor's login or password is wrong"
        raise Invalid(words, [{"field": "second.login", "code": "wrong_login", "message": words}]) from error
    if found["role"] != "assessor":
        words = "the second assessor must be an assessor of this district"
        raise Invalid(words, [{"field": "second.login", "code": "no_assessor", "message": words}])
    identity: UUID = found["id"]
    return identity
