"""Who may speak to the broker, and on which topics (DESIGN §2, who is speaking); the broker asks here."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.crypto import Keys, device_password_hash
from core.db import Conn
from core.sql import load
from gateway import dead_letters
from gateway.dead_letters import Letter

SQL = load(__file__)
NATIVE, ECOSYSTEMS = "yl/v1", "eco"
FOREIGN = "foreign_topic"
_UP = frozenset({"telemetry", "alarm", "status", "command/result"})
_DOWN = frozenset({"receipt", "command"})


@dataclass(frozen=True)
class User:
    """Somebody whose password was right; a service (the gateway) has no device."""

    name: str
    device_id: UUID | None = None
    is_hub: bool = False


async def log_in(conn: Conn, name: str, password: str) -> User | None:
    """Look a device's credential up; None when it is unknown, revoked or the password is wrong."""
    row = await conn.fetchrow(SQL.find_login, name)
    given = device_password_hash(name, password)
    if row is None or not hmac.compare_digest(given, bytes(row["password_hash"])):
        return None
    return User(name, row["device_id"], row["is_hub"])


def may_publish(user: User, topic: str) -> bool:
    """Say whether this user may publish on a topic (a name, no wildcards)."""
    if user.device_id is None:
        return topic.startswith((f"{NATIVE}/", f"{ECOSYSTEMS}/"))
    own, _, rest = topic.removeprefix(f"{NATIVE}/").partition("/")
    if topic.startswith(f"{NATIVE}/"):
        return own == str(user.device_id) and rest in _UP
    return user.is_hub and topic.startswith(f"{ECOSYSTEMS}/{user.device_id}/")


def may_subscribe(user: User, wanted: str) -> bool:
    """Say whether this user may subscribe to a filter."""
    if user.device_id is None:
        return wanted.startswith((f"{NATIVE}/", f"{ECOSYSTEMS}/"))
    if user.is_hub and wanted.startswith(f"{ECOSYSTEMS}/{user.device_id}/"):
        return True  # what its sub-devices are told
    if user.is_hub and wanted.startswith(f"{ECOSYSTEMS}/{user.device_id}/"):
        return True  # the answers of its ecosystem's own protocol, and what it is told to do
    return wanted in {f"{NATIVE}/{user.device_id}/{name}" for name in _DOWN}


async def report(conn: Conn, keys: Keys, user: User, topic: str, payload: bytes, now: datetime) -> None:
    """Keep what a device said on a topic that is not its own, so that a person can look at it."""
    district = await conn.fetchval(SQL.find_district, user.device_id)
    letter = Letter(
        topic, payload, now, FOREIGN, sender=user.name, device_id=user.device_id, district_id=district
    )
    await dead_letters.keep(conn, keys, [letter])


async def is_valid(conn: Conn, name: str) -> bool:
    """Say whether a credential is still good."""
    return await conn.fetchrow(SQL.find_login, name) is not None
