"""Callers of a demonstration: one who came through and was recorded, two to be called back."""

import io
import wave
from base64 import b64encode
from datetime import datetime, timedelta
from uuid import UUID

from core import phones
from core.ids import new_id
from core.sql import load
from deploy.demo.place import Place
from dispatch.inbound import calls

SQL = load(__file__)
_SECONDS, _RATE = 12, 8000


async def extend(place: Place) -> None:
    """Let a relative have been spoken to and recorded; an elder and a stranger have been missed."""
    conn, keys, district, now = place.conn, place.keys, place.district, place.now
    if await calls.of_ref(conn, "twilio", f"demo-{place.world.code}-spoken") is not None:
        return
    row = await conn.fetchrow(SQL.find_callers)
    operator = await conn.fetchval(SQL.find_operator)
    if row is None or operator is None:
        return
    mine, hers = (keys.open(district, row[name]) for name in ("elder_phone", "member_phone"))
    spoken = await _call(place, "spoken", hers, now - timedelta(hours=3))
    at = now - timedelta(hours=3) + timedelta(seconds=14)
    await conn.execute(SQL.speak, spoken, operator, at)
    await calls.ended(conn, spoken, at + timedelta(seconds=_SECONDS))
    if await conn.fetchval(SQL.has_consent, row["elder_id"]):
        sealed = keys.seal(district, b64encode(_sound()).decode())
        values = (new_id(), district, spoken, row["elder_id"], _SECONDS, sealed, at, at + timedelta(days=90))
        await conn.execute(SQL.keep_recording, *values)
    for nth, (number, minutes, waited) in enumerate(((mine, 11, 48), (mine, 6, 31), ("15000009999", 4, 19))):
        call = await _call(place, f"missed-{nth}", number, now - timedelta(minutes=minutes))
        await conn.execute(SQL.sit_down, call)
        await calls.ended(conn, call, now - timedelta(minutes=minutes) + timedelta(seconds=waited))


async def _call(place: Place, ref: str, number: str, at: datetime) -> UUID:
    call, _ = await calls.arrive(
        place.conn,
        place.keys,
        district=place.district,
        carrier="twilio",
        ref=f"demo-{place.world.code}-{ref}",
        number=phones.read(number, made_up=True).e164,
        now=at,
    )
    return call


def _sound() -> bytes:
    """Return a WAV of silence: nobody real ever spoke here."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, _RATE, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * _RATE * _SECONDS)
    return sound.getvalue()
