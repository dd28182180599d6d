"""A list is put into the roster row by row, as by hand; whoever calls keeps it only if every row went in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn
from core.errors import Conflict, Invalid, NotFound
from core.sql import load
from dispatch import caregivers
from dispatch.roster import coverage, editing, times, wishes
from dispatch.roster.fitness import Covered
from dispatch.roster.sheets import Record, Wrong
from dispatch.roster.weeks import Laid
from dispatch.roster.wishing import Wish

SQL = load(__file__)
_FIELDS = {
    "no_caregiver": "staff_number",
    "no_elder": "id_number",
    "staff_number_taken": "staff_number",
    "coverage_twice": "region_code",
    "wish_twice": "kind",
    "wish_prefer_never": "kind",
    "wish_gender_prefer": "kind",
}
"""The column at which a refusal is told; a shift's is its beginning."""


@dataclass(frozen=True, slots=True)
class Into:
    """Whose list it is, and who brings it."""

    conn: Conn
    keys: Keys
    provider: UUID
    by: Person
    now: datetime
    is_whole_district: bool


async def apply(into: Into, kind: str, records: Sequence[Record]) -> tuple[int, list[Wrong]]:
    """Put every record in; return how many changed anything, and what is wrong with the others."""
    put = _PUT[kind]
    wrong: list[Wrong] = []
    changed = 0
    for one in records:
        try:
            async with into.conn.transaction():
                changed += await put(into, one.values)
        except (Conflict, NotFound) as problem:
            wrong.append(Wrong(one.row, _FIELDS.get(problem.code, "starts"), problem.code))
        except Invalid as problem:
            errors: Any = problem.extra["errors"]
            wrong.append(Wrong(one.row, str(errors[0]["field"]), str(errors[0]["code"])))
    return changed, wrong


async def _caregiver(into: Into, values: dict[str, Any]) -> bool:
    told = {name: value for name, value in values.items() if name != "staff_number"}
    there = await into.conn.fetchval(SQL.find_numbered, into.provider, values["staff_number"])
    if there is not None:
        await caregivers.update(into.conn, into.keys, there, **told)
        return True
    whose: dict[str, Any] = {"district": into.by.district_id, "provider": into.provider, "now": into.now}
    await caregivers.create(into.conn, into.keys, **whose, **{"phone": None, **values})
    return True


async def _numbered(into: Into, values: dict[str, Any]) -> UUID:
    found: UUID | None = await into.conn.fetchval(SQL.find_numbered, into.provider, values["staff_number"])
    if found is None:
        raise NotFound("nobody has this staff number", code="no_caregiver")
    return found


async def _shift(into: Into, values: dict[str, Any]) -> bool:
    whose = await _numbered(into, values)
    rest = (values.get("break_from"), values.get("break_to"), int(values.get("break_minutes") or 0))
    wanted: Laid = times.shift(whose, values["on"], values["starts"], values["ends"], rest)
    try:
        await editing.add(into.conn, wanted, into.by, into.now)
    except Conflict as problem:
        if problem.code == "same_shift":
            return False
        raise
    return True


async def _certificate(into: Into, values: dict[str, Any]) -> bool:
    whose = await _numbered(into, values)
    term = (values["valid_from"], values["valid_to"])
    if await into.conn.fetchval(SQL.find_certificate, whose, values["skill"], *term) is not None:
        return False
    about = {"skill": values["skill"], "name": values["certificate"]}
    dates = {"valid_from": term[0], "valid_to": term[1]}
    await caregivers.certify(into.conn, district=into.by.district_id, caregiver=whose, **about, **dates)
    return True


async def _wish(into: Into, values: dict[str, Any]) -> bool:
    index = into.keys.index(into.by.district_id, "id_number", values["id_number"].upper())
    elder: UUID | None = await into.conn.fetchval(SQL.find_elder, index)
    is_served = elder and (into.is_whole_district or await wishes.is_served(into.conn, elder, into.provider))
    if elder is None or not is_served:
        raise NotFound("no such elder", code="no_elder")
    whose = await _numbered(into, values) if values.get("staff_number") else None
    wish = Wish(values["kind"], whose, values.get("value"), bool(values.get("is_hard")))
    said: dict[str, Any] = {
        "wished_by": "elder",
        "since": local_date(into.now),
        "by": into.by,
        "now": into.now,
    }
    await wishes.note(into.conn, elder, wish, **said)
    return True


async def _coverage(into: Into, values: dict[str, Any]) -> bool:
    term = (values["valid_from"], values.get("valid_to"))
    figures = (values.get("response_minutes"), values.get("capacity"))
    what = Covered(values.get("service"), values["region_code"], *term, *figures)
    await coverage.create(into.conn, into.provider, what)
    return True


_PUT: dict[str, Callable[[Into, dict[str, Any]], Awaitable[bool]]] = {
    "caregivers": _caregiver,
    "shifts": _shift,
    "certificates": _certificate,
    "wishes": _wish,
    "coverage": _coverage,
}
