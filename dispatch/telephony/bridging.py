"""Calls that people make: one key rings the operator's phone, then the other; or a hand dials the number.

The emergency services are never called by a carrier: a person dials them, and says what came of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import audit, districts, phones
from core.accounts import Person
from core.crypto import Keys, digest
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.people import mask_phone
from core.phones import BadNumber, Number
from dispatch import cases, fields, journal, policy
from dispatch.inbound import recordings
from dispatch.states import CASE, after
from dispatch.telephony import calls, desk, hearing, ranks
from dispatch.telephony.calls import SQL, TOKEN_HOLDS
from dispatch.telephony.hearing import Word

EMERGENCY: Mapping[str, str] = {"emergency_120": "120", "fire_119": "119", "police_110": "110"}
TARGETS = ("elder", "family", "caregiver", "neighbour", *EMERGENCY)
"""Whom a case's call may be to."""
GIVE_UP = timedelta(minutes=2)
"""A call that no carrier has been asked for in this time is not made any more: nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The phones of a person of the centre: the one set for the seat, and the own one of the rota."""

    number: Number | None
    own: Number | None


@dataclass(frozen=True, slots=True)
class Whose:
    """What a call is about, and whom it is to."""

    case: UUID | None
    target: str
    elder: UUID | None
    family_member: UUID | None
    caregiver: UUID | None


async def bridge(
    conn: Conn,
    keys: Keys,
    *,
    case: UUID,
    by: Person,
    target: str,
    target_id: UUID | None = None,
    now: datetime,
    by_hand: bool = False,
) -> dict[str, Any]:
    """Call somebody about a case; return the call, with `dial` where a hand must dial.

    `target_id` is the family member (family, neighbour) or the caregiver. Raise Conflict `wrong_state` for a
    case that nobody has claimed, `no_number` when there is none that can be called.
    """
    fields.one_of("target", target, TARGETS)
    row = await cases.lock(conn, case)
    after(CASE, "case", "call", row["state"])
    sealed = await _sealed(conn, row, target, target_id)
    number = _read(keys.open(by.district_id, sealed) if sealed else EMERGENCY.get(target, ""))
    whose = Whose(
        case,
        target,
        row["elder_id"],
        target_id if target in {"family", "neighbour"} else None,
        target_id if target == "caregiver" else None,
    )
    call = await _make(conn, keys, by, number, now, whose, by_hand=by_hand)
    if row["state"] in {"claimed", "verified"}:
        await cases.watch(conn, row, now + policy.IDLE)
    return await _shown(conn, by, call, number, now)


async def call_back(
    conn: Conn,
    keys: Keys,
    *,
    by: Person,
    number: str,
    now: datetime,
    elder: UUID | None = None,
    family_member: UUID | None = None,
) -> dict[str, Any]:
    """Call a number about no case, as one that was missed; return the call as `bridge` does."""
    read = _read(number)
    whose = Whose(None, "caller", elder, family_member, None)
    call = await _make(conn, keys, by, read, now, whose)
    return await _shown(conn, by, call, read, now)


async def outcome(
    conn: Conn, call: UUID, by: Person, now: datetime, result: str, note: str | None = None
) -> dict[str, Any]:
    """Say with one key what came of a call; a carrier's word about its own is corrected."""
    fields.one_of("result", result, desk.RESULTS)
    row = await calls.lock(conn, call)
    if row["kind"] == "notice":
        raise Conflict("only calls that people make have an outcome", code="wrong_state", state=row["state"])
    if row["carrier"] != desk.NAME and row["state"] in ranks.ENDED:
        await _write(conn, row, by, now, "call_corrected", result, note)
    elif row["carrier"] == desk.NAME and row["state"] in ranks.ENDED:
        raise Conflict("the outcome has been said", code="wrong_state", state=row["state"])
    elif row["carrier"] == desk.NAME:
        values = (call, row["state"], desk.state_of(result), None, False, now, True)
        await conn.execute(SQL.move_call, *values)
        await _write(conn, row, by, now, "call", result, note)
    await conn.execute(SQL.set_result, call, result)
    await _record(conn, by, call, "call.outcome", now, {"result": result})
    return dict(await calls.find(conn, call))


async def hang_up(conn: Conn, call: UUID, by: Person, now: datetime) -> dict[str, Any]:
    """Hang up a call that a carrier makes; raise Conflict when it is over."""
    row = await calls.lock(conn, call)
    if row["state"] in ranks.ENDED or row["carrier"] == desk.NAME:
        raise Conflict("there is nothing to hang up", code="wrong_state", state=row["state"])
    if row["send_at"] is not None and row["sent_at"] is None and row["carrier_ref"] is None:
        await conn.execute(SQL.end_sending, call, None)
        await hearing.take(conn, call, Word("hang_up", "hang_up", "canceled"), now)
    else:
        await conn.execute(SQL.want_hang_up, call, now)
    await _record(conn, by, call, "call.hang_up", now, {})
    return dict(await calls.find(conn, call))


async def set_desk(conn: Conn, keys: Keys, by: Person, number: str, now: datetime) -> str | None:
    """Set which phone rings at a person's seat, empty for none; return it masked.

    Raise BadNumber, also with the codes `service` (110, 12345: nobody's phone) and `extension`, which no
    carrier can dial.
    """
    if not number.strip():
        await conn.execute(SQL.forget_desk, by.account_id)
        return None
    found = phones.read(number, made_up=True)
    if found.kind == "service" or found.extension:
        raise BadNumber("service" if found.kind == "service" else "extension")
    sealed = keys.seal(by.district_id, found.stored)
    await conn.execute(SQL.set_desk, by.account_id, by.district_id, sealed, now)
    return mask_phone(found.stored)


async def desk_of(conn: Conn, keys: Keys, district: UUID, account: UUID) -> Number | None:
    """Return the phone that rings at a person's seat, else the own one of the rota, or None."""
    seat = await seat_of(conn, keys, district, account)
    return seat.number or seat.own


async def seat_of(conn: Conn, keys: Keys, district: UUID, account: UUID) -> Seat:
    """Return the phones of a person of the centre; a number that cannot be dialled is none."""
    row = await conn.fetchrow(SQL.find_desk, account)
    if row is None:
        return Seat(None, None)
    return Seat(_dialled(keys, district, row["seat_sealed"]), _dialled(keys, district, row["own_sealed"]))


def _dialled(keys: Keys, district: UUID, sealed: bytes | None) -> Number | None:
    try:
        found = phones.read(keys.open(district, sealed), made_up=True) if sealed else None
    except BadNumber:
        return None
    return found if found and not found.extension else None


def masked(number: Number | None) -> str | None:
    """Return a seat's phone as pages show it."""
    return mask_phone(number.stored) if number else None


async def _sealed(conn: Conn, row: Row, target: str, target_id: UUID | None) -> bytes | None:
    """Return the number of whom is called, sealed; raise NotFound for somebody who is no contact here."""
    if target in EMERGENCY:
        return None
    if target == "elder":
        found = await conn.fetchrow(SQL.number_of_elder, row["elder_id"])
    elif target == "caregiver":
        found = await conn.fetchrow(SQL.number_of_caregiver, target_id)
    else:
        found = await conn.fetchrow(SQL.number_of_contact, row["elder_id"], target_id)
    if found is None:
        raise NotFound(f"no {target} {target_id or ''}".rstrip())
    sealed: bytes | None = found["phone_sealed"]
    return sealed


def _read(text: str) -> Number:
    try:
        return phones.read(text, made_up=True)
    except BadNumber as error:
        raise Conflict("there is no number that can be called", code="no_number", why=error.code) from error


async def _make(
    conn: Conn, keys: Keys, by: Person, number: Number, now: datetime, whose: Whose, *, by_hand: bool = False
) -> UUID:
    district, call = by.district_id, new_id()
    carrier = (await districts.settings(conn, district)).carrier
    is_dialled = by_hand or carrier == desk.NAME or number.is_emergency or bool(number.extension)
    if is_dialled or await desk_of(conn, keys, district, by.account_id) is None:
        carrier = "desk"
    asked = carrier != desk.NAME
    token = (digest(calls.token_of(keys, call)), now + TOKEN_HOLDS) if asked else (None, None)
    whom = (whose.case, by.account_id, whose.elder, whose.family_member, whose.caregiver, whose.target)
    sealed = (keys.seal(district, number.e164), calls.index_of(keys, number.e164))
    is_recorded = carrier == "twilio" and await recordings.wanted(conn, district, whose.elder, now)
    values = (call, district, carrier, *token, *whom, *sealed, now, now if asked else None, is_recorded)
    await conn.execute(SQL.create_bridge, *values)
    await _record(conn, by, call, "call.start", now, {"target": whose.target, "carrier": carrier})
    return call


async def _shown(conn: Conn, by: Person, call: UUID, number: Number, now: datetime) -> dict[str, Any]:
    """Return a call as who made it sees it; a number that is shown is on record."""
    row = dict(await calls.find(conn, call))
    is_shown = row["carrier"] == desk.NAME
    if is_shown and not number.is_emergency:
        await _record(conn, by, call, "reveal", now, {"field": "phone"})
    return row | {"number_masked": mask_phone(number.stored), "dial": number.stored if is_shown else None}


async def _write(
    conn: Conn, row: Row, by: Person, now: datetime, action: str, result: str, note: str | None
) -> None:
    if row["case_id"] is None:
        return
    case = await cases.lock(conn, row["case_id"])
    data = {"to": row["target"], "result": result, "call": str(row["id"])}
    await journal.case(conn, case, action, now, by=by, note=note, data=data)
    if case["state"] in {"claimed", "verified"}:
        await cases.watch(conn, case, now + policy.IDLE)


async def _record(
    conn: Conn, by: Person, call: UUID, action: str, now: datetime, detail: dict[str, object]
) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="phone_call",
        subject=call,
        detail=detail,
    )
