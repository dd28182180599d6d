"""Money that came back: a bank's file pays issued statements, a voucher platform's file offsets claims.

A file is taken as a whole or not at all, once; the mapping of its headings is kept for the next. An
issued statement whose payments are what is owed becomes reconciled. What a voucher takes off the subsidy
is a negative line: of the claim's own statement while that is a draft, of the provider's open draft
afterwards.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from core import districts
from core.clock import local_date, month_of
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid
from core.ids import new_id, parse_id
from core.sql import load
from services import schemes, statements
from services.pricing import ZERO
from services.registers import files
from services.settlement import acts, checking, offsets, paid_files
from services.settlement.paid_files import Line, Mistake

SQL = load(__file__)
KINDS = ("bank", "voucher")
_MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file has done; with mistakes it has done nothing."""

    kind: str
    lines: int
    total: Decimal
    mistakes: tuple[Mistake, ...]
    reconciled: int = 0


@dataclass(frozen=True, slots=True)
class Into:
    """Who brings which file."""

    conn: Conn
    keys: Keys
    district: UUID
    account: UUID
    now: datetime
    file: UUID


class _Undo(Exception):  # noqa: N818 - it is no error: rows were wrong, so nothing stays
    """Nothing of the file stays."""


async def take(
    conn: Conn,
    keys: Keys,
    *,
    district: UUID,
    kind: str,
    name: str,
    content: bytes,
    by: UUID,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
) -> Taken:
    """Take a file; raise Invalid on an unknown kind, Conflict `same_file` when it was taken before."""
    digest = await _fresh(conn, district, kind, content)
    kept = mapping or await conn.fetchval(SQL.find_mapping, kind) or {}
    try:
        cells = next(iter(files.sheets(content).values()))
    except files.FileMistakeError as error:
        return Taken(kind, 0, ZERO, (Mistake(0, "file", str(error)),))
    lines, mistakes, used = paid_files.read(kind, cells, kept)
    if mistakes:
        return Taken(kind, len(lines), ZERO, tuple(mistakes))
    total = sum((cast("Decimal", line.values["amount"]) for line in lines), ZERO)
    into = Into(conn, keys, district, by, now, new_id())
    try:
        async with conn.transaction():
            values = (into.file, district, kind, name[:_MOST_NAME], digest, len(lines), total, by, now)
            await conn.execute(SQL.add_file, *values)
            await conn.execute(SQL.keep_mapping, district, kind, used, by, now)
            done, wrong = await (_bank if kind == "bank" else _vouchers)(into, lines)
            mistakes += wrong
            _keep(not mistakes)
    except _Undo:
        return Taken(kind, len(lines), total, tuple(mistakes))
    return Taken(kind, len(lines), total, (), done)


async def _fresh(conn: Conn, district: UUID, kind: str, content: bytes) -> bytes:
    """Return the digest of a file of a known kind that was not taken before; others wait."""
    if kind not in KINDS:
        words = f"kind: one of {', '.join(KINDS)}"
        raise Invalid(words, [{"field": "kind", "code": "unknown", "message": words}])
    digest = hashlib.sha256(content).digest()
    await conn.execute(SQL.lock_files, str(district))
    known = await conn.fetchrow(SQL.find_file, digest)
    if known is not None:
        raise Conflict("this file was imported before", code="same_file", file=known["name"])
    return digest


def _keep(is_right: bool) -> None:  # noqa: FBT001 - one word, one meaning
    if not is_right:
        raise _Undo


async def list_(conn: Conn, limit: int = 20) -> list[Row]:
    """Return files taken, newest first."""
    return await conn.fetch(SQL.list_files, limit)


async def _known(into: Into, lines: Sequence[Line], name: str) -> list[Mistake]:
    wanted = [str(line.values[name]) for line in lines]
    there = {row["text"] for row in await into.conn.fetch(SQL.list_known, wanted)}
    return [Mistake(line.number, name, "known") for line in lines if str(line.values[name]) in there]


async def _bank(into: Into, lines: Sequence[Line]) -> tuple[int, list[Mistake]]:
    wrong = await _known(into, lines, "reference")
    wanted = sorted({str(line.values["statement"]) for line in lines})
    rows = {row["text"]: row for row in await into.conn.fetch(SQL.list_statements, wanted)}
    left = {row["id"]: row["payable"] - row["paid"] for row in rows.values()}
    for line in lines:
        row, amount = rows.get(str(line.values["statement"])), cast("Decimal", line.values["amount"])
        if row is None:
            wrong.append(Mistake(line.number, "statement", "unknown_statement"))
            continue
        left[row["id"]] -= amount
        if left[row["id"]] < ZERO:
            wrong.append(Mistake(line.number, "amount", "too_much"))
    if wrong:
        return 0, wrong
    for line in lines:
        row, values = rows[str(line.values["statement"])], line.values
        paid = (row["id"], values["amount"], values["paid_on"], values["reference"])
        await into.conn.execute(SQL.add_payment, new_id(), into.district, into.file, line.number, *paid)
    done = 0
    for row in {one["id"]: one for one in rows.values()}.values():
        if left[row["id"]] == ZERO and row["state"] == "issued":
            await acts.reconcile(into.conn, row["id"], into.account, into.now)
            done += 1
    return done, []


async def _vouchers(into: Into, lines: Sequence[Line]) -> tuple[int, list[Mistake]]:
    wrong = await _known(into, lines, "code")
    first = (await districts.settings(into.conn, into.district)).voucher_offset == "subsidy"
    if wrong:
        return 0, wrong
    for line in lines:
        code = await _voucher(into, line, subsidy_first=first)
        if code is not None:
            wrong.append(Mistake(line.number, *code))
    return len(lines), wrong


async def _voucher(into: Into, line: Line, *, subsidy_first: bool) -> tuple[str, str] | None:
    """Apply one voucher; return the column and code of what is wrong, or None."""
    values = line.values
    claim = parse_id(str(values["claim"])) if "claim" in values else None
    if "claim" in values and claim is None:
        return "claim", "unknown_claim"
    number = str(values["id_number"]) if "id_number" in values else None
    index = into.keys.index(into.district, "id_number", number) if number else None
    rows = await into.conn.fetch(SQL.find_claim, claim, index, values["service_on"], values.get("service"))
    if len(rows) != 1:
        return ("claim" if claim else "id_number"), ("two_claims" if rows else "unknown_claim")
    row, amount = rows[0], cast("Decimal", values["amount"])
    pays_itself = row["body"] is not None and schemes.read(row["body"]).kind == "voucher"
    parted = offsets.part(
        amount,
        copay=row["copay"] - row["copay_gone"],
        subsidy=row["subsidy"] + row["subsidy_gone"],
        subsidy_first=pays_itself or subsidy_first,
    )
    if parted.over:
        return "amount", "over_claim"
    made = await _line(into, row, parted, str(values["code"])) if parted.of_subsidy else None
    on = cast("date", values.get("redeemed_on", values["service_on"]))
    shares = (amount, parted.of_copay, parted.of_subsidy, on, made)
    await into.conn.execute(
        SQL.add_voucher, new_id(), into.district, into.file, line.number, row["id"], values["code"], *shares
    )
    return None


async def _line(into: Into, row: Row, parted: offsets.Offset, code: str) -> UUID:
    statement, now = row["statement_id"], into.now
    if row["statement_state"] != "draft":
        month = month_of(local_date(now))
        statement, _ = await statements.draft(
            into.conn, district=into.district, provider=row["provider_id"], month=month, now=now
        )
    said = {
        "code": "voucher_elsewhere_line",
        "voucher": code,
        "amount": str(parted.of_subsidy),
        "month": f"{row['month']:%Y-%m}",
    }
    identity = new_id()
    values = ("voucher", row["id"], None, None, -parted.of_subsidy, [said], into.account, now)
    await into.conn.execute(checking.SQL.add_line, identity, into.district, statement, *values)
    return identity
