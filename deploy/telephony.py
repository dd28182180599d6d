"""What `yinling doctor` looks at of the telephone: who carries, with what, and how we are reached."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from core import districts, phones
from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from core.phones import BadNumber
from core.settings import Settings
from core.sql import load
from dispatch.telephony import addresses, choosing, domestic

SQL = load(__file__)
ENDED = (
    "Twilio ended calls to mainland China in November 2023 and no number there can answer its SMS: let those"
    " districts be carried by the domestic provider, or by the desk phone (docs/manual/telephony.md)"
)


async def look(settings: Settings, pool: Pool, keys: Keys | None) -> str:
    """Say who carries which district; raise Failure with everything that is wrong."""
    carried = await _carried(pool)
    if set(carried) <= {"desk"}:
        return "the desk phone: operators dial by hand and say what came of it"
    wrong = _reached(settings)
    for name in sorted(set(carried) - {"desk"}):
        wrong += await _carrier(settings, name)
    wrong += await _china(settings, pool, keys, carried.get("twilio", []))
    if wrong:
        raise Failure("; ".join(wrong))
    return ", ".join(f"{name}: {len(found)} district(s)" for name, found in sorted(carried.items()))


async def _carried(pool: Pool) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    async with pool.transaction() as conn:
        for district in await districts.ids(conn):
            found.setdefault((await districts.settings(conn, district)).carrier, []).append(district)
    return found


def _reached(settings: Settings) -> list[str]:
    """Say what is wrong with the address at which carriers reach us."""
    stand_in = addresses.is_stand_in(settings.twilio_url)
    if settings.public_url is None:
        return ["YINLING_PUBLIC_URL is not set: a carrier must know where to reach our webhooks"]
    parts = urlsplit(settings.public_url)
    if stand_in:
        return []
    if parts.scheme != "https":
        return ["YINLING_PUBLIC_URL: carriers need https://, they send numbers and pressed keys"]
    if not _is_public(parts.hostname or ""):
        return [f"YINLING_PUBLIC_URL: nobody outside can reach {parts.hostname}"]
    return []


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".lan", ".localhost"))


async def _carrier(settings: Settings, name: str) -> list[str]:
    try:
        choosing.made(settings, name)
        if name == "twilio":
            from dispatch.telephony import twilio_  # noqa: PLC0415 - half a second, for those who use it

            state = await twilio_.look(settings)
            return [] if state == "active" else [f"the Twilio account is {state}"]
    except Failure as failure:
        return [str(failure)]
    return _domestic(settings)


def _domestic(settings: Settings) -> list[str]:
    known: Mapping[str, bool] = {
        "YINLING_DOMESTIC_VOICE_…: automatic calls are not set up": domestic.has_voice(settings),
        "YINLING_DOMESTIC_BRIDGE_…: one-key calls are not set up": domestic.has_bridge(settings),
        "YINLING_DOMESTIC_TEXT_…: SMS is not set up": domestic.has_text(settings),
        "YINLING_DOMESTIC_TEXT_PUSH: replies by SMS are not heard": settings.domestic_text_push is not None,
    }
    return [words for words, is_there in known.items() if not is_there]


async def _china(settings: Settings, pool: Pool, keys: Keys | None, carried: list[UUID]) -> list[str]:
    """Refuse Twilio for numbers in mainland China: our own, and whom a district would call."""
    if not carried or addresses.is_stand_in(settings.twilio_url):
        return []
    if (settings.twilio_number or "").startswith("+86"):
        return [ENDED]
    for district in carried:
        async with pool.transaction(district) as conn:
            rows = await conn.fetch(SQL.sample_numbers)
        if keys is not None and any(_is_chinese(keys.open(district, row["phone_sealed"])) for row in rows):
            return [ENDED]
    return []


def _is_chinese(text: str) -> bool:
    try:
        return phones.read(text, made_up=True).e164.startswith("+86")
    except BadNumber:
        return False
