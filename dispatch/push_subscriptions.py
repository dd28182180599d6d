"""Which browsers want to be told by web push, whose they are, and what came of the last message to each."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit
from core.accounts import Person
from core.crypto import digest
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.settings import Settings
from core.sql import load
from dispatch import push
from dispatch.telephony.carriers import Failed

SQL = load(__file__)
MOST = 20
"""Browsers of one account."""
POINT, SECRET = 65, 16
"""Bytes of a browser's public key (an uncompressed point) and of its secret (RFC 8291)."""


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What a browser's PushManager gave: the address, its public key and its secret (base64url)."""

    endpoint: str
    p256dh: str
    auth: str
    device: str


async def save(conn: Conn, settings: Settings, new: NewSubscription, by: Person, now: datetime) -> UUID:
    """Keep a browser's subscription; raise Invalid when it is none, or its push service may not be called."""
    errors = _wrong(settings, new)
    if errors:
        raise Invalid("the subscription cannot be kept", errors)
    if await conn.fetchval(SQL.count_of_account, by.account_id) >= MOST:
        raise Conflict(f"this account has {MOST} browsers already: remove one", code="too_many_browsers")
    row = await conn.fetchrow(
        SQL.save,
        *(new_id(), by.district_id, by.account_id, by.family_member_id),
        *(new.endpoint, new.p256dh, new.auth, new.device, now),
    )
    assert row is not None  # noqa: S101 - an upsert returns its row
    if row["is_new"]:
        await _record(conn, by, "push.subscribe", row["id"], now)
    return UUID(str(row["id"]))


async def _record(conn: Conn, by: Person, action: str, subscription: UUID, now: datetime) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="push_subscription",
        subject=subscription,
    )


def _wrong(settings: Settings, new: NewSubscription) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if not push.is_allowed(settings, new.endpoint):
        found.append(
            {"field": "endpoint", "code": "push_host_not_allowed", "message": "not an allowed push service"}
        )
    for field, text, length in (("p256dh", new.p256dh, POINT), ("auth", new.auth, SECRET)):
        if _length(text) != length:
            found.append({"field": field, "code": "not_a_key", "message": f"not {length} bytes in base64url"})
    return found


def _length(text: str) -> int:
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return -1


async def of_account(conn: Conn, account: UUID) -> list[Row]:
    """Return an account's browsers, the newest first."""
    return await conn.fetch(SQL.list_of_account, account)


async def of_members(conn: Conn, members: Sequence[UUID]) -> list[Row]:
    """Return the browsers of family members (`family_member_id`), newest first: what `push.send` takes."""
    return await conn.fetch(SQL.list_of_members, list(members))


async def settle(conn: Conn, subscription: UUID, failed: Failed | None, now: datetime) -> None:
    """Note what came of a message: taken (None), failed, or gone, then the browser is forgotten."""
    if failed is None:
        await conn.execute(SQL.note_taken, subscription, now)
    elif failed.code == "gone":
        await conn.execute(SQL.remove, subscription)
    else:
        await conn.execute(SQL.note_failed, subscription, now, failed.code)


async def withdraw(conn: Conn, endpoint: str, by: Person, now: datetime) -> None:
    """Forget one of the person's browsers; one that is not known is no error: it is not told anyway."""
    removed = await conn.fetchval(SQL.remove_own, by.account_id, endpoint)
    if removed is not None:
        await _record(conn, by, "push.withdraw", removed, now)


async def forget_others(conn: Conn, account: UUID, endpoint: str) -> None:
    """Forget every browser of an account but the one with this endpoint: a lost phone is told no more."""
    await conn.execute(SQL.remove_others, account, endpoint)


async def begin_test(conn: Conn, subscription: UUID, by: Person, now: datetime) -> tuple[Row, str]:
    """Return the person's own browser and the token of a test message to it, or raise NotFound."""
    token = secrets.token_urlsafe(16)
    row = await conn.fetchrow(SQL.begin_test, subscription, by.account_id, digest(token), now)
    if row is None:
        raise NotFound(f"no push subscription {subscription}")
    return row, token


async def end_test(conn: Conn, token: str, now: datetime) -> bool:
    """Note that a test message arrived; say whether the token was one's."""
    return await conn.fetchval(SQL.end_test, digest(token), now) is not None
