"""A register brought in: read, compared, looked at, then kept as dated facts as a whole or not at all."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from core import audit
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services.registers import deciding, files, keeping, reading, shapes
from services.registers.deciding import KINDS, Decided, Held, Known
from services.registers.files import FileMistakeError
from services.registers.reading import Mistake, Record

SQL = load(__file__)
_GRADE = "grade:"


@dataclass(frozen=True, slots=True)
class Brought:
    """A list as it came: what it was read to, and every mistake of reading it."""

    register: str
    name: str
    sha256: str
    as_of: date
    is_complete: bool
    via: str
    records: Sequence[Record]
    mistakes: Sequence[Mistake]


def read_file(
    register: str,
    name: str,
    content: bytes,
    mapping: dict[str, str],
    *,
    as_of: date,
    is_complete: bool,
    now: datetime,
) -> Brought:
    """Read a file's bytes (no database; may take seconds: run it in a thread).

    A mistake of the file as a whole stands at row 0: `old_excel`, `not_a_sheet`, `encoding`, `empty_file`,
    `too_large`, or `missing_column` by field.
    """
    digest = hashlib.sha256(content).hexdigest()
    records: list[Record] = []
    try:
        sheets = files.sheets(content)
    except FileMistakeError as mistake:
        mistakes = [Mistake(0, "file", str(mistake))]
    else:
        chosen = shapes.choose_sheet(register, sheets, mapping)
        if isinstance(chosen, tuple):
            sheet, found = chosen
            records, mistakes = reading.read(register, sheets[sheet], found, local_date(now))
        else:
            mistakes = [Mistake(0, field, "missing_column") for field in chosen]
    return Brought(register, name[:200], digest, as_of, is_complete, "file", records, mistakes)


async def mapping_of(conn: Conn, register: str) -> dict[str, str]:
    """Return {field: heading} as the district keeps it for a register; raise Invalid on an unknown one."""
    if register not in shapes.REGISTERS:
        words = f"register: one of {', '.join(shapes.REGISTERS)}"
        raise Invalid(words, [{"field": "register", "code": "unknown", "message": words}])
    return await conn.fetchval(SQL.find_mapping, register) or {}


async def keep_mapping(
    conn: Conn, district: UUID, register: str, mapping: dict[str, str], by: UUID, now: datetime
) -> None:
    """Keep the headings of a register's files; an empty heading means the usual ones."""
    await mapping_of(conn, register)
    known = {one.name for one in shapes.columns(register)}
    strangers = sorted(set(mapping) - known)
    if strangers:
        words = f"mapping: {', '.join(strangers)} is no column of {register}"
        raise Invalid(words, [{"field": "mapping", "code": "unknown", "message": words}])
    kept = {field: heading.strip()[:100] for field, heading in mapping.items() if heading.strip()}
    await conn.execute(SQL.keep_mapping, district, register, kept, by, now)
    await _note(conn, district, by, now, "register.mapping", None, {"register": register})


async def bring(
    conn: Conn, keys: Keys, district: UUID, brought: Brought, by: UUID | None, now: datetime
) -> UUID:
    """Keep a list to be looked at, with what it would change and every mistake; return its id.

    Raises Conflict `same_file` when the same bytes were imported before for the same day.
    """
    before = await conn.fetchrow(SQL.find_applied, brought.register, brought.sha256)
    if before is not None and before["as_of"] == brought.as_of:
        words = f"this file was imported on {local_date(before['decided_at'])}"
        on = local_date(before["decided_at"]).isoformat()
        raise Conflict(words, code="same_file", on=on, import_id=str(before["id"]))
    decided = await _decide(conn, keys, district, brought)
    mistakes = [*brought.mistakes, *decided.mistakes]
    if before is not None:
        mistakes.append(Mistake(0, "file", "same_file_before", is_remark=True))
    is_wrong = any(not one.is_remark for one in mistakes)
    identity = new_id()
    rows = [[one.row, one.id_number, dict(one.values)] for one in brought.records]
    sealed = None if is_wrong else keys.seal(district, json.dumps(rows, ensure_ascii=False))
    head = (identity, district, brought.register, brought.via, brought.name, brought.sha256, brought.as_of)
    tail = (brought.is_complete, "wrong" if is_wrong else "ready")
    await conn.execute(
        SQL.create_import, *head, *tail, _counts(brought.records, mistakes, decided), sealed, by, now
    )
    await _keep_mistakes(conn, identity, district, mistakes)
    said = {"register": brought.register, "rows": len(brought.records), "via": brought.via}
    await _note(conn, district, by, now, "register.bring", identity, said)
    return identity


async def apply(conn: Conn, keys: Keys, identity: UUID, by: UUID | None, now: datetime) -> Row:
    """Keep what a list says, all of it in the caller's transaction; return the import as it is then.

    What is known may have changed since it was looked at: it is compared again, and with a mistake it stays
    out as a whole. Raises NotFound; Conflict when it is not ready, or the same file has been imported.
    """
    row = await find(conn, identity)
    if row["state"] != "ready":
        words = f"the import is {row['state']}"
        raise Conflict(words, code="import_state", state=row["state"])
    rows = json.loads(keys.open(row["district_id"], row["rows_sealed"]))
    records = [Record(nth, number, values) for nth, number, values in rows]
    names = ("register", "name", "sha256", "as_of", "is_complete", "via")
    brought = Brought(**{name: row[name] for name in names}, records=records, mistakes=())
    decided = await _decide(conn, keys, row["district_id"], brought)
    kept = [Mistake(**one) for one in await mistakes(conn, identity)]
    old = [one for one in kept if one.code not in deciding.CODES]
    every = [*old, *decided.mistakes]
    is_wrong = any(not one.is_remark for one in decided.mistakes)
    await conn.execute(SQL.drop_mistakes, identity)
    await _keep_mistakes(conn, identity, row["district_id"], every)
    state = "wrong" if is_wrong else "applied"
    try:
        async with conn.transaction():
            counts = _counts(records, every, decided)
            await conn.execute(SQL.settle_import, identity, "ready", state, counts, by, now)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this file has been imported meanwhile", code="same_file") from error
    if not is_wrong:
        await keeping.keep(conn, row, decided.changes, by, now)
    await _note(
        conn, row["district_id"], by, now, f"register.{state}", identity, {"register": row["register"]}
    )
    return await find(conn, identity)


async def discard(conn: Conn, identity: UUID, by: UUID | None, now: datetime) -> None:
    """Put a list aside that has not been imported; raise Conflict when it has."""
    row = await find(conn, identity)
    if row["state"] not in {"ready", "wrong"}:
        words = f"the import is {row['state']}"
        raise Conflict(words, code="import_state", state=row["state"])
    await conn.execute(SQL.settle_import, identity, row["state"], "discarded", row["counts"], by, now)
    await _note(
        conn, row["district_id"], by, now, "register.discard", identity, {"register": row["register"]}
    )


async def find(conn: Conn, identity: UUID) -> Row:
    """Return an import, locked; raise NotFound."""
    row = await conn.fetchrow(SQL.find_import, identity)
    if row is None:
        raise NotFound(f"no import {identity}")
    return row


async def list_(
    conn: Conn,
    *,
    register: str | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return imports, newest first; `after` is the last id already seen."""
    return await conn.fetch(SQL.list_imports, register, state, after, limit)


async def mistakes(conn: Conn, identity: UUID, most: int = 1_000_000) -> list[Row]:
    """Return what is wrong in a list: {row, field, code, is_remark}, mistakes before remarks."""
    return await conn.fetch(SQL.list_mistakes, identity, most)


async def _decide(conn: Conn, keys: Keys, district: UUID, brought: Brought) -> Decided:
    numbers = {keys.index(district, "id_number", one.id_number): one.id_number for one in brought.records}
    rows = await conn.fetch(SQL.list_people, list(numbers))
    people = {numbers[r["id_number_index"]]: Known(r["id"], r["name"], r["died_on"]) for r in rows}
    kinds = KINDS[brought.register]
    scales = [kind.removeprefix(_GRADE) for kind in kinds if kind.startswith(_GRADE)]
    elders = [one.elder for one in people.values()]
    found = await conn.fetch(SQL.list_held, list(kinds), scales, elders, brought.register) if kinds else []
    held = [Held(*row.values()) for row in found]
    return deciding.decide(
        brought.register,
        brought.records,
        people,
        held,
        as_of=brought.as_of,
        is_complete=brought.is_complete and not any(not one.is_remark for one in brought.mistakes),
    )


def _counts(records: Sequence[Record], every: Sequence[Mistake], decided: Decided) -> dict[str, int]:
    remarks = sum(one.is_remark for one in every)
    return {
        "rows": len(records),
        "matched": decided.matched,
        "strangers": decided.strangers,
        "changes": len(decided.changes) - decided.ends,
        "ends": decided.ends,
        "unchanged": decided.unchanged,
        "mistakes": len(every) - remarks,
        "remarks": remarks,
    }


async def _keep_mistakes(conn: Conn, identity: UUID, district: UUID, every: Sequence[Mistake]) -> None:
    lines = [(identity, district, one.row, one.field, one.code, one.is_remark) for one in every]
    await conn.executemany(SQL.note_mistake, lines)


async def _note(
    conn: Conn,
    district: UUID,
    by: UUID | None,
    now: datetime,
    action: str,
    subject: UUID | None,
    detail: dict[str, Any],
) -> None:
    who: dict[str, Any] = {"district": district, "at": now, "account": by}
    what: dict[str, Any] = {"action": action, "subject_kind": "register_import", "subject": subject}
    await audit.record(conn, **who, **what, detail=detail)
