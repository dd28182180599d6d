"""What a try needs to be sent: the number (opened here only), the words, the carrier, and its row there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import phones
from core.crypto import Keys
from core.db import Conn, Pool, Row
from core.settings import Settings
from core.sql import load
from dispatch import push, push_subscriptions
from dispatch.notices import spoken, words
from dispatch.policy import CHANNELS
from dispatch.telephony import calls, hearing
from dispatch.telephony.carriers import Carrier, Failed, Sent
from dispatch.telephony.hearing import Word

SQL = load(__file__)
PAGES = {"family_member_id": "/family", "caregiver_id": "/phone", "account_id": "/console"}


@dataclass(frozen=True)
class Outgoing:
    """A try ready to be sent; `to` is dialled and never logged, `was_left` asks the carrier first."""

    try_id: UUID
    notice_id: UUID
    district: UUID
    channel: str
    token: str
    at: datetime
    text: str
    language: str
    was_left: bool
    page: str
    to: str = ""
    carrier: Carrier | None = None
    call: UUID | None = None
    room: str | None = None
    subscriptions: tuple[Row, ...] = ()


async def gather(
    conn: Conn,
    keys: Keys,
    carrier_of: Callable[[Conn, UUID], Awaitable[Carrier | None]],
    row: Row,
    now: datetime,
) -> Outgoing:
    """Return a try ready to be sent; raise Failed when its channel cannot reach this person at all."""
    channel = row["channel"]
    said = await spoken.of_try(conn, keys, row["id"])
    common: dict[str, Any] = {
        "try_id": row["id"],
        "notice_id": row["notice_id"],
        "district": row["district_id"],
        "channel": channel,
        "token": row["token"],
        "at": row["at"],
        "text": said.text,
        "language": row["language"],
        "was_left": row["was_left"],
        "page": next((page for column, page in PAGES.items() if row[column]), "/"),
    }
    if channel == "push":
        return Outgoing(**common, subscriptions=await _browsers(conn, row))
    if row["room"] is not None:
        return Outgoing(**common, room=row["room"])
    carrier = await carrier_of(conn, row["district_id"])
    if carrier is None or not CHANNELS[channel] & {"voice", "sms"} <= {
        str(one) for one in carrier.capabilities
    }:
        raise Failed("lacks_capability", is_permanent=True)
    number = await _number(conn, keys, row)
    await conn.execute(SQL.set_contact, row["id"], keys.index(row["district_id"], "phone", number.stored))
    call = await _expect(conn, keys, row, carrier, number.e164, now)
    return Outgoing(**common, to=number.e164, carrier=carrier, call=call)


async def _browsers(conn: Conn, row: Row) -> tuple[Row, ...]:
    if row["family_member_id"]:
        found = await push_subscriptions.of_members(conn, [row["family_member_id"]])
    else:
        account = row["account_id"] or await conn.fetchval(SQL.account_of_caregiver, row["caregiver_id"])
        found = await push_subscriptions.of_account(conn, account) if account else []
    if not found:
        raise Failed("no_subscription", is_permanent=True)
    return tuple(found)


async def _number(conn: Conn, keys: Keys, row: Row) -> phones.Number:
    sealed = row["contact_sealed"]
    if sealed is None:
        whose = (row["family_member_id"], row["account_id"], row["caregiver_id"])
        sealed = await conn.fetchval(SQL.find_number, *whose)
    if sealed is None:
        raise Failed("no_number", is_permanent=True)
    try:
        return phones.read(keys.open(row["district_id"], sealed), made_up=True)
    except phones.BadNumber as bad:
        raise Failed("no_such_number", is_permanent=True) from bad


async def _expect(conn: Conn, keys: Keys, row: Row, carrier: Carrier, to: str, now: datetime) -> UUID:
    return await calls.expect(
        conn,
        keys,
        district=row["district_id"],
        notice_try_id=row["id"],
        token=row["token"],
        channel=row["channel"],
        carrier=carrier.name,
        to=to,
        now=now,
        case=row["case_id"],
        elder=row["elder_id"],
        family_member=row["family_member_id"],
        account=row["account_id"],
        caregiver=row["caregiver_id"],
    )


async def note_sent(conn: Conn, ready: Outgoing, sent: Sent, now: datetime) -> None:
    """Tell the call's row that the carrier has it."""
    if ready.call is not None:
        await hearing.take(conn, ready.call, Word("sent", "sent", "sent", ref=sent.ref), now)


async def note_refused(conn: Conn, ready: Outgoing, failed: Failed, now: datetime) -> None:
    """Tell the call's row that the carrier did not take it."""
    if ready.call is not None:
        await hearing.refuse(conn, ready.call, failed.code, now, is_permanent=failed.is_permanent)


async def push_all(pool: Pool, settings: Settings, ready: Outgoing, now: datetime) -> Sent:
    """Push to each of the person's browsers; raise Failed when none took it.

    A push sent twice shows once: the second takes the place of the first (its tag).
    """
    tag = ready.notice_id.hex
    payload = {
        "title": words.title(ready.language),
        "body": ready.text,
        "url": ready.page,
        "tag": tag,
        "token": ready.token,
        "language": ready.language,
    }
    failures: list[Failed] = []
    for one in ready.subscriptions:
        failed: Failed | None = None
        try:
            await push.send(settings, one, payload, now)
        except Failed as error:
            failed = error
            failures.append(error)
        async with pool.transaction(ready.district) as conn:
            await push_subscriptions.settle(conn, one["id"], failed, now)
    if len(failures) < len(ready.subscriptions):
        return Sent(tag)
    temporary = next((one for one in failures if not one.is_permanent), None)
    raise temporary or Failed("no_subscription", is_permanent=True)
