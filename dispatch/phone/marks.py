"""What a phone says at check-in and check-out: when, where, which code; judged by its instant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Required, TypedDict
from uuid import UUID

from core.crypto import Keys
from core.db import Conn
from core.sql import load
from dispatch import qr
from dispatch.phone import clocks, codes
from dispatch.phone.clocks import SKEW, Clock, Heard

SQL = load(__file__)


class Stamp(TypedDict, total=False):
    """What `Said` is made of, as callers name it."""

    at: Required[datetime]
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    scanned: str | None
    scanned_at: datetime | None
    digits: str | None
    heard: Heard


@dataclass(frozen=True, slots=True)
class Said:
    """One stamp as the phone made it; `scanned` is a link or token, `digits` the six that were spoken."""

    at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    scanned: str | None = None
    scanned_at: datetime | None = None
    digits: str | None = None
    heard: Heard = clocks.NOTHING


async def write(conn: Conn, keys: Keys, visit_id: UUID, said: Said, now: datetime) -> dict[str, Any]:
    """Write down what the phone said and when, when it reached us, and what its code was worth."""
    clock = clocks.believe(said.at, said.heard)
    code, kind = await _code(conn, keys, visit_id, said, clock)
    mark: dict[str, Any] = {
        "at": clock.at.isoformat(),
        "received_at": now.isoformat(),
        "skew_s": round((now - clock.at).total_seconds()),
        "lat": said.lat,
        "lon": said.lon,
        "accuracy_m": said.accuracy_m,
        "code": code,
    }
    if kind is not None:
        mark["code_kind"] = kind
    if clock.says in (clocks.OFF, clocks.MOVED):
        mark |= {"clock": clock.says, "clock_off_s": round(clock.off_s or 0), "said_at": said.at.isoformat()}
    if said.heard.app:
        mark["app"] = said.heard.app
    return mark


def possible(at: datetime, now: datetime) -> datetime:
    """Take the phone's time, however late it reaches us; a time that has not come yet is taken as now."""
    return at if at <= now + SKEW else now


def at_of(mark: dict[str, Any]) -> datetime:
    """Return the instant of a mark."""
    return datetime.fromisoformat(mark["at"])


async def _code(
    conn: Conn, keys: Keys, visit_id: UUID, said: Said, clock: Clock
) -> tuple[str | None, str | None]:
    if not said.scanned and not said.digits:
        return None, None
    home = await conn.fetchrow(SQL.find_home, visit_id)
    if home is None:
        return None, None
    shift = clock.at - said.at
    if said.scanned:
        seen = (said.scanned_at or said.at) + shift
        return qr.check(keys, said.scanned, home, seen), qr.kind_of(said.scanned)
    return codes.check_digits(qr.secret_of(keys, home), said.digits or "", clock.at), qr.SPOKEN
