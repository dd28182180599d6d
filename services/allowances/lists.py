"""Payment lists: opened for a scheme and month, computed page by page, checked, approved, taken back.

Draft → checked → approved by a second person → issued (`issuing`) → reconciled (`payments`). Lists of one
scheme follow one another: while one is not issued there is no later one, so nothing is paid twice.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from core import audit, districts, events
from core.accounts import Person
from core.clock import local_date, month_of
from core.db import Conn, Pool, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import wrong
from services import schemes
from services.allowances import computing
from services.policy import Scheme
from services.policy.subject import last_day, months_later

SQL = load(__file__)
PAGE = 500
"""Persons a transaction."""
HEARERS = ("clerk", "approver", "auditor", "admin")


async def open_(
    conn: Conn, district: UUID, scheme_code: str, month: date, by: Person | None, now: datetime
) -> UUID:
    """Begin a month's list, or begin the draft that is there again; the worker computes it.

    Raises Invalid for a month ahead; Conflict `no_allowance` (no signed allowance in force), `list_open` (an
    earlier list is not issued), `list_later` (a later one exists), `list_state` (it is no draft any more).
    """
    if month != month_of(month) or month > month_of(local_date(now)):
        raise wrong("month", "future", "this month or an earlier one")
    await conn.execute(SQL.lock_scheme, f"{district}:{scheme_code}")
    known = await versions(conn, scheme_code)
    if not any(one.is_in_force(month) for one in known):
        raise Conflict(
            "no signed allowance of this code is in force", code="no_allowance", scheme=scheme_code
        )
    await _in_order(conn, scheme_code, month)
    whose = (new_id(), district, scheme_code, month, by.account_id if by else None, now)
    identity: UUID = await conn.fetchval(SQL.open_list, *whose)
    row = await lock(conn, identity, "draft")
    await _begin(conn, row, now)
    await note(conn, row, "allowance.open", by, now)
    return identity


async def _in_order(conn: Conn, scheme_code: str, month: date) -> None:
    for row in await conn.fetch(SQL.list_of_scheme, scheme_code):
        if row["month"] < month and row["state"] not in {"issued", "reconciled"}:
            text = f"the list of {row['month']:%Y-%m} is not issued yet"
            raise Conflict(text, code="list_open", month=f"{row['month']:%Y-%m}")
        if row["month"] > month:
            text = f"the list of {row['month']:%Y-%m} is there already"
            raise Conflict(text, code="list_later", month=f"{row['month']:%Y-%m}")


async def _begin(conn: Conn, row: Row, now: datetime) -> None:
    await conn.execute(SQL.drop_lines, row["id"])
    first = await back_to(conn, row)
    span = (row["scheme_code"], first, last_day(row["month"]))
    await conn.execute(SQL.begin_list, row["id"], *span, now)


async def back_to(conn: Conn, row: Row) -> date:
    """Return the earliest month that a list makes good: not before the scheme's first list."""
    settings = await districts.settings(conn, row["district_id"])
    oldest: date = await conn.fetchval(SQL.first_month, row["scheme_code"])
    return max(oldest, months_later(row["month"], -settings.arrears_months))


async def versions(conn: Conn, scheme_code: str) -> list[Scheme]:
    """Return the signed versions of an allowance, as they hold, oldest first."""
    rows = await conn.fetch(SQL.list_versions, scheme_code)
    found = [schemes.read(row["body"]).model_copy(update=_ends(row)) for row in rows]
    return [one for one in found if one.kind == "allowance"]


def _ends(row: Row) -> Mapping[str, date | None]:
    """Return when a version ends: a later one ends it, its text does not change."""
    return {"effective_to": row["effective_to"]}


async def codes(conn: Conn, on: date) -> list[Row]:
    """Return the allowances {code, name} of which a list can be made on a day."""
    rows = await conn.fetch(SQL.list_in_force, on)
    return [row for row in rows if schemes.read(row["body"]).kind == "allowance"]


async def tick(pool: Pool, now: datetime) -> int:
    """Compute what is under way, a page a transaction; return how many persons. May be killed anywhere."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        while True:
            async with pool.transaction(district) as conn:
                row = await conn.fetchrow(SQL.take_running)
                if row is None:
                    break
                count += await computing.page(conn, row, await facts_of(conn, row), now, PAGE)
    return count


async def facts_of(conn: Conn, row: Row) -> computing.Facts:
    """Return what is the same for everybody on a list."""
    settings = await districts.settings(conn, row["district_id"])
    return computing.Facts(await versions(conn, row["scheme_code"]), await back_to(conn, row), settings)


async def check(conn: Conn, list_id: UUID, by: Person, now: datetime) -> Row:
    """Say that a draft is complete and looked through; raise Conflict `list_running`, `list_stale`."""
    row = await lock(conn, list_id, "draft")
    if row["computed_at"] is None:
        raise Conflict("the list is still being computed", code="list_running")
    await fresh(conn, row)
    await conn.execute(SQL.check_list, list_id, by.account_id, now)
    await note(conn, row, "allowance.check", by, now)
    return await find(conn, list_id)


async def approve(conn: Conn, list_id: UUID, by: Person, now: datetime) -> Row:
    """Approve as the second person; raise Conflict `same_person`, `list_stale`, `list_state`."""
    row = await lock(conn, list_id, "checked")
    is_own = await conn.fetchval(SQL.has_corrections_of, list_id, by.account_id)
    if is_own or by.account_id in {row["checked_by"], row["created_by"]}:
        raise Conflict("a second person approves a payment list", code="same_person")
    await fresh(conn, row)
    await conn.execute(SQL.approve_list, list_id, by.account_id, now)
    await note(conn, row, "allowance.approve", by, now)
    return await find(conn, list_id)


async def reopen(conn: Conn, list_id: UUID, by: Person, now: datetime) -> Row:
    """Make a list that is not issued a draft again, to be computed anew; an issued one never is."""
    row = await lock(conn, list_id, "draft", "checked", "approved")
    await conn.execute(SQL.reopen_list, list_id)
    await _begin(conn, row, now)
    await note(conn, row, "allowance.reopen", by, now)
    return await find(conn, list_id)


async def fresh(conn: Conn, row: Row) -> None:
    """Raise Conflict `list_stale` when the list pays what is known since not to be due.

    That is somebody dead or out, or arrears of a month for which somebody has made a correction.
    """
    stale = await conn.fetchval(SQL.count_stale, row["id"], row["scheme_code"], row["month"])
    if stale:
        words = f"{stale} persons have died, left or been corrected since"
        raise Conflict(words, code="list_stale", count=stale)


async def lock(conn: Conn, list_id: UUID, *states: str) -> Row:
    """Return a list locked for a change; raise NotFound, or Conflict `list_state` in none of `states`."""
    row = await conn.fetchrow(SQL.lock_list, list_id)
    if row is None:
        raise NotFound(f"no allowance list {list_id}")
    if row["state"] not in states:
        raise Conflict(f"the list is {row['state']}", code="list_state", state=row["state"])
    return row


async def find(conn: Conn, list_id: UUID) -> Row:
    """Return a list with the scheme's name and who did what; raise NotFound."""
    row = await conn.fetchrow(SQL.find_list, list_id)
    if row is None:
        raise NotFound(f"no allowance list {list_id}")
    return row


async def list_(
    conn: Conn,
    *,
    month: date | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return lists, newest first."""
    return await conn.fetch(SQL.list_lists, month, state, after, limit)


async def lines(
    conn: Conn,
    list_id: UUID,
    *,
    change: str | None = None,
    elder: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return a list's lines with names, by id; `change` is one of a regular line, or another kind of line."""
    return await conn.fetch(SQL.list_lines, list_id, change, elder, after, limit)


async def find_line(conn: Conn, line: UUID) -> Row:
    """Return one line with its list's state; raise NotFound."""
    row = await conn.fetchrow(SQL.find_line, line)
    if row is None:
        raise NotFound(f"no line {line}")
    return row


async def summary(conn: Conn, list_id: UUID) -> list[Row]:
    """Return {what, people, amount} by change of the regular lines and by kind of the others."""
    return await conn.fetch(SQL.sum_lines, list_id)


async def of_elder(conn: Conn, elder: UUID, limit: int = 36) -> list[Row]:
    """Return a person's lines of issued lists, newest first."""
    return await conn.fetch(SQL.list_of_elder, elder, limit)


async def note(conn: Conn, row: Row, action: str, by: Person | None, now: datetime) -> None:
    """Write who did what to a list, and tell the pages."""
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id if by else None,
        action=action,
        subject_kind="allowance_list",
        subject=row["id"],
        detail={"scheme": row["scheme_code"], "month": f"{row['month']:%Y-%m}"},
    )
    kind = f"allowance.{action.rpartition('.')[2]}"
    await events.write(conn, district=row["district_id"], kind=kind, subject=row["id"], roles=HEARERS, at=now)
