"""Issuing a list: frozen, hashed into the district's chain, one payment a person."""

from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.ids import new_id
from core.sql import load
from services.allowances import lists, sealing

SQL = load(__file__)


async def issue(conn: Conn, list_id: UUID, by: Person, now: datetime) -> Row:
    """Issue an approved list; raise Conflict `list_state`, `list_stale`."""
    row = await lists.lock(conn, list_id, "approved")
    await lists.fresh(conn, row)
    await conn.execute(SQL.lock_chain, str(row["district_id"]))
    head = await conn.fetchrow(SQL.find_head)
    number, before = (head["number"] + 1, head["hash"]) if head else (1, None)
    sealed = await _hash(conn, list_id, number, before)
    await _pay(conn, row, number)
    await conn.execute(SQL.issue_list, list_id, by.account_id, now, number, before, sealed)
    await lists.note(conn, row, "allowance.issue", by, now)
    return await lists.find(conn, list_id)


async def _hash(conn: Conn, list_id: UUID, number: int, before: bytes | None) -> bytes:
    head = await conn.fetchrow(SQL.find_for_hash, list_id)
    assert head is not None  # noqa: S101 - locked or listed by the caller
    lines = await conn.fetch(SQL.list_for_hash, list_id)
    return sealing.chain(before, {**head, "number": number}, lines)


async def _pay(conn: Conn, row: Row, number: int) -> None:
    """Make one payment of each person's lines; who has no account waits for one."""
    sums = await conn.fetch(SQL.sum_people, row["id"])
    await conn.executemany(
        SQL.create_payment,
        [
            (
                new_id(),
                row["district_id"],
                row["id"],
                one["elder_id"],
                sealing.reference(number, nth),
                one["payee_id"],
                one["amount"],
                "pending" if one["payee_id"] else "no_account",
            )
            for nth, one in enumerate(sums, 1)
        ],
    )


async def verify(conn: Conn) -> int | None:
    """Check the district's chain of issued lists; return the number of the first that is wrong."""
    before: bytes | None = None
    for expected, row in enumerate(await conn.fetch(SQL.list_chain), start=1):
        is_linked = row["number"] == expected and row["previous_hash"] == before
        if not is_linked or await _hash(conn, row["id"], expected, before) != row["hash"]:
            return expected
        before = row["hash"]
    return None
