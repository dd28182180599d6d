"""A notice is a row, written by whoever wants somebody told; it is void when its case is taken."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Conn
from core.ids import new_id
from core.sql import load
from dispatch.notices import words as words_

SQL = load(__file__)
KINDS = ("case", "drill", "gap", "code", "invite", "visit", "complaint")
CHANNELS = ("push", "sms", "voice", "chat", "mail")
"""In the order in which a notice without channels of its own falls back."""
DEFAULT_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "case": ("push", "sms", "voice"),
    "drill": ("push", "sms", "voice"),
    "gap": ("push", "sms"),
    "code": ("sms",),
    "invite": ("sms",),
    "visit": ("push",),
    "complaint": ("push", "sms"),
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a family member, an account, a caregiver, a number that is nobody's yet, or a room.

    Exactly one of the five is given; `contact` is the number sealed with the district's key
    (`keys.seal(district, phone)`), `room` a group or mailbox of the district's settings. `audience` is the
    step's word for them; it decides what is said. `agreed` are the channels that a relative consented to.
    """

    family_member: UUID | None = None
    account: UUID | None = None
    caregiver: UUID | None = None
    contact: bytes | None = None
    room: str | None = None
    language: str = "zh_CN"
    audience: str = "person"
    agreed: frozenset[str] | None = None

    def by(self, channels: Sequence[str]) -> list[str]:
        """Return those of some channels that they agreed to; who was never asked is told by all of them."""
        return [one for one in channels if self.agreed is None or one in self.agreed]

    def columns(self) -> tuple[str | UUID | bytes | None, ...]:
        """Return the values of `create_notice` that say who is told, in its order."""
        who = (self.family_member, self.account, self.caregiver, self.contact, self.room)
        return (self.audience, *who, self.language)


async def tell(
    conn: Conn,
    *,
    district: UUID,
    kind: str,
    to: Recipient,
    words: str,
    now: datetime,
    case: UUID | None = None,
    step: int | None = None,
    channels: Sequence[str] | None = None,
    data_sealed: bytes | None = None,
    expires_at: datetime | None = None,
    next_at: datetime | None = None,
    drill: UUID | None = None,
) -> UUID | None:
    """Have somebody told; return the notice, or None: they are being told of this case (or drill) already.

    `words` is a key of words.toml, `data_sealed` what it needs (see `seal`): never a name or a condition.
    Raise LookupError on unknown words. It is sent by a tick from `next_at` on (default: at once) and not
    after `expires_at`.
    """
    words_.require(words)
    values = (
        new_id(),
        district,
        kind,
        case,
        drill,
        step,
        *to.columns(),
        words,
        data_sealed,
        list(DEFAULT_CHANNELS[kind] if channels is None else channels),
        next_at or now,
        expires_at,
        now,
    )
    made: UUID | None = await conn.fetchval(SQL.create_notice, *values)
    return made


def seal(keys: Keys, district: UUID, data: Mapping[str, str]) -> bytes:
    """Seal what the words of a notice need, a login code for one; it is gone when the notice ends."""
    return keys.seal(district, json.dumps(data))


def opened(keys: Keys, district: UUID, sealed: bytes | None) -> dict[str, str]:
    """Return what `seal` sealed; nothing when the notice had nothing, or has ended."""
    found: dict[str, str] = json.loads(keys.open(district, sealed)) if sealed else {}
    return found


async def void(conn: Conn, case: UUID, now: datetime) -> int:
    """Let a claimed or closed case page nobody any more; return how many notices ended. Safe to repeat.

    A try that is under way at the carrier cannot be called back; its answer is kept all the same.
    """
    ended: int = await conn.fetchval(SQL.void_of_case, case, now)
    return ended
