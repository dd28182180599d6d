"""A case passes to somebody else: offered and accepted, given back by the clock, taken from who has left.

Until it is accepted a case stays with who offered it, so nothing is ever without an owner. The case is locked
before its transfer, everywhere.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import audit
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import cases, fields, journal, policy
from dispatch.seats import watching
from dispatch.seats.presence import AWAY

SQL = load(__file__)
REASONS = ("language", "knows_person", "busy", "break", "decision", "shift_end", "other")
OWNED = ("claimed", "verified", "dispatched", "on_scene", "resolved")
"""The states in which a case has somebody who works on it."""
WAIT = {"transfer": timedelta(minutes=1), "hand_over": timedelta(minutes=15)}
"""How long an offer stands before the case is wholly back with who offered it."""
MANAGERS = ("duty_manager", "admin")
BATCH = 100


async def offer(
    conn: Conn,
    case_id: UUID,
    by: Person,
    now: datetime,
    to: UUID | None,
    reason: str,
    note: str | None = None,
    kind: str = "transfer",
) -> UUID:
    """Offer one's case to a colleague (None: whichever duty manager is first); return the transfer's id.

    Raises Conflict `not_yours` naming who has it, `already_offered` to whom; Invalid on `to`, `reason`.
    """
    fields.one_of("reason", reason, REASONS)
    row = await cases.lock(conn, case_id)
    _check_owned(row)
    if row["claimed_by"] != by.account_id and by.role not in MANAGERS:
        raise await _not_yours(conn, row)
    name = await _whom(conn, row, to)
    standing = await conn.fetchrow(SQL.find_offered, case_id)
    if standing is not None:
        raise Conflict("the case is offered already", code="already_offered", to=standing["to_name"] or "")
    identity = new_id()
    values = (identity, row["district_id"], case_id, kind, row["claimed_by"], to, reason, note, now)
    await conn.execute(SQL.create_transfer, *values, now + WAIT[kind])
    data = {"transfer_id": str(identity), "kind": kind, "reason": reason, "to_name": name}
    await journal.case(conn, row, "transfer_offer", now, by=by, note=note, data=data)
    return identity


async def accept(conn: Conn, transfer_id: UUID, by: Person, now: datetime) -> UUID:
    """Take a case that is offered to one; return the case. A late answer is told what became of it."""
    case, transfer = await _open(conn, transfer_id, by)
    giver: UUID = transfer["from_account"]
    if transfer["state"] == "offered" and (case["claimed_by"] != giver or case["state"] not in OWNED):
        over = "closed" if case["state"] == "closed" else "void"
        raise Conflict("the case has gone on meanwhile", code="transfer_over", transfer_is=over)
    await _answer(conn, transfer, "accepted", by, now)
    await _give(conn, case, giver, by, now)
    data = {"transfer_id": str(transfer_id), "kind": transfer["kind"], "from_name": await _name(conn, giver)}
    await journal.case(conn, case, "transfer_accept", now, by=by, data=data)
    case_id: UUID = case["id"]
    return case_id


async def decline(conn: Conn, transfer_id: UUID, by: Person, now: datetime, note: str | None = None) -> UUID:
    """Say no: the case stays with who offered it, who is told; return the case."""
    case, transfer = await _open(conn, transfer_id, by)
    await _answer(conn, transfer, "declined", by, now)
    data = {"transfer_id": str(transfer_id), "kind": transfer["kind"]}
    await journal.case(conn, case, "transfer_decline", now, by=by, note=note, data=data)
    case_id: UUID = case["id"]
    return case_id


async def withdraw(conn: Conn, transfer_id: UUID, by: Person, now: datetime) -> UUID:
    """Take one's own offer back; return the case."""
    case, transfer = await _locked(conn, transfer_id)
    if transfer["from_account"] != by.account_id and by.role not in MANAGERS:
        raise await _not_for_you(conn, transfer["from_account"])
    await _answer(conn, transfer, "withdrawn", by, now)
    await journal.case(
        conn,
        case,
        "transfer_withdraw",
        now,
        by=by,
        data={"transfer_id": str(transfer_id), "kind": transfer["kind"]},
    )
    case_id: UUID = case["id"]
    return case_id


async def take_over(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str | None = None) -> None:
    """Take a case from a colleague: a duty manager always may, anybody else from who is at no console.

    Raises Conflict `still_there` naming who has it.
    """
    row = await cases.lock(conn, case_id)
    _check_owned(row)
    owner: UUID = row["claimed_by"]
    if owner == by.account_id:
        raise Conflict("the case is yours", code="already_yours")
    name = await _name(conn, owner)
    if by.role not in MANAGERS and not await watching.has_left(conn, row, now):
        raise Conflict(f"{name} has this case and is there", code="still_there", by=name)
    await conn.fetch(SQL.void_offered, case_id, now)
    await _give(conn, row, owner, by, now)
    await journal.case(conn, row, "take_over", now, by=by, note=note, data={"from_name": name})
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action="case.take_over",
        subject_kind="case",
        subject=case_id,
        detail={"from": str(owner)},
    )


async def offered_to(conn: Conn, by: Person) -> list[Row]:
    """Return what is offered to somebody, gravest first."""
    return await conn.fetch(SQL.list_to, by.account_id, by.role in MANAGERS)


async def mine(conn: Conn, account: UUID) -> list[Row]:
    """Return what somebody has, gravest first, with to whom each is offered and the last note."""
    return await conn.fetch(SQL.list_mine, account)


async def left_behind(conn: Conn, now: datetime) -> list[Row]:
    """Return the cases of those who are at no console any more."""
    rows = await conn.fetch(SQL.list_left, now - AWAY, now)
    return [row for row in rows if row["seen_at"] is not None or not row["has_session"]]


async def of_case(conn: Conn, case_id: UUID) -> Row | None:
    """Return the offer that stands for a case: {id, kind, to_account, to_name, answer_by}."""
    return await conn.fetchrow(SQL.find_offered, case_id)


async def return_due(conn: Conn, now: datetime) -> int:
    """Give back what nobody took in time, and tell the duty managers of a hand-over; return how many."""
    count = 0
    for late in await conn.fetch(SQL.list_late, now, BATCH):
        case = await cases.lock(conn, late["case_id"])
        transfer = await conn.fetchrow(SQL.find_transfer, late["id"])
        is_over = (
            case["state"] not in OWNED or transfer is None or case["claimed_by"] != transfer["from_account"]
        )
        state = "void" if is_over else "returned"
        if transfer is None or await conn.fetchval(SQL.answer_transfer, late["id"], state, None, now) is None:
            continue
        count += 1
        if not is_over:
            data = {"transfer_id": str(late["id"]), "kind": transfer["kind"]}
            await journal.case(conn, case, "transfer_back", now, data=data)
    return count


async def tell_left_due(conn: Conn, now: datetime) -> int:
    """Tell the duty managers, once, of every case whose owner is at no console; return how many."""
    count = 0
    for row in await conn.fetch(SQL.list_untold, now - AWAY, now):
        case = await cases.lock(conn, row["id"])
        if case["state"] not in OWNED or not await watching.has_left(conn, case, now):
            continue
        if await conn.fetchval(SQL.told_away, case["id"], case["claimed_by"], now) is None:
            continue
        count += 1
        data: dict[str, Any] = {"reason": "owner_left", "audience": "duty_managers"}
        data["name"] = await _name(conn, case["claimed_by"])
        roles = ("operator", "duty_manager", "admin")
        await journal.case(conn, case, "escalate", now, data=data, roles=roles)
    return count


def _check_owned(row: Row) -> None:
    if row["claimed_by"] is None or row["state"] not in OWNED:
        raise Conflict(f"nobody works on a case that is {row['state']}", code="not_owned", state=row["state"])


async def _not_yours(conn: Conn, row: Row) -> Conflict:
    name = await _name(conn, row["claimed_by"])
    return Conflict(f"{name} has this case", code="not_yours", by=name)


async def _name(conn: Conn, account: UUID) -> str:
    return str(await conn.fetchval(SQL.find_name, account))


async def _whom(conn: Conn, row: Row, to: UUID | None) -> str:
    """Return the colleague's name, empty for any duty manager; raise Invalid."""
    if to is None:
        return ""
    found = await conn.fetchrow(SQL.find_colleague, to)
    if found is None:
        raise fields.wrong("to", "unknown", "an operator or duty manager of this district")
    if to == row["claimed_by"]:
        raise fields.wrong("to", "same", "has the case already")
    return str(found["name"])


async def _locked(conn: Conn, transfer_id: UUID) -> tuple[Row, Row]:
    """Return a transfer's case, locked, and the transfer as it is then."""
    found = await conn.fetchrow(SQL.find_transfer, transfer_id)
    if found is None:
        raise NotFound(f"no transfer {transfer_id}")
    case = await cases.lock(conn, found["case_id"])
    transfer = await conn.fetchrow(SQL.find_transfer, transfer_id)
    assert transfer is not None  # noqa: S101 - it is never deleted
    return case, transfer


async def _open(conn: Conn, transfer_id: UUID, by: Person) -> tuple[Row, Row]:
    """Return case and transfer for who may answer it; raise Conflict `not_for_you` naming whom it is for."""
    case, transfer = await _locked(conn, transfer_id)
    to = transfer["to_account"]
    if to != by.account_id and (to is not None or by.role not in MANAGERS):
        raise await _not_for_you(conn, to)
    return case, transfer


async def _not_for_you(conn: Conn, account: UUID | None) -> Conflict:
    name = await _name(conn, account) if account else None
    code = "not_for_you" if name else "for_managers"
    return Conflict(f"this is for {name or 'a duty manager'}", code=code, by=name)


async def _answer(conn: Conn, transfer: Row, state: str, by: Person, now: datetime) -> None:
    if await conn.fetchval(SQL.answer_transfer, transfer["id"], state, by.account_id, now) is None:
        raise Conflict(
            f"the offer is {transfer['state']} already", code="transfer_over", transfer_is=transfer["state"]
        )


async def _give(conn: Conn, case: Row, giver: UUID, to: Person, now: datetime) -> None:
    """Make somebody the owner, with the time of a fresh claim; who was sent is watched as before."""
    is_fresh = case["state"] in ("claimed", "verified") and case["class"] == "care"
    at = now + policy.IDLE if is_fresh else case["escalate_at"]
    if await conn.fetchval(SQL.give_case, case["id"], giver, to.account_id, at) is None:
        raise Conflict("the case has gone on meanwhile", code="transfer_over", transfer_is="void")
