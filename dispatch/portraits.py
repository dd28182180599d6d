"""The photo on a person's card: encoded anew as a small JPEG, sealed, shown only while it is consented to."""

import base64
import hashlib
import io
from datetime import datetime
from typing import Any
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from core import audit, events
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn
from core.errors import Invalid, NotFound
from core.events import OPERATORS
from core.sql import load

SQL = load(__file__)
LARGEST = 1_900_000
"""Bytes that a clerk may send."""
PIXELS = 40_000_000
"""A picture that unfolds into more is refused before it is unfolded."""
SIDE = 480
"""Pixels of the longer side that are kept: a face on a card."""
FORMATS = ("JPEG", "PNG", "WEBP")


def encode(content: bytes) -> bytes:
    """Return a picture as a small JPEG without anything beside the picture; raise Invalid for none of ours.

    Takes tens of milliseconds: run it in a thread.
    """
    if len(content) > LARGEST:
        raise _wrong("too_large")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > PIXELS:
                raise _wrong("too_large")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise _wrong("no_photo") from error
    upright.thumbnail((SIDE, SIDE))
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _wrong(code: str) -> Invalid:
    return Invalid(f"photo: {code}", [{"field": "photo", "code": code}])


async def keep(conn: Conn, keys: Keys, elder: UUID, jpeg: bytes, by: Person, now: datetime) -> None:
    """Keep the photo of an elder, in place of the one before."""
    sealed = keys.seal(by.district_id, base64.b64encode(jpeg).decode())
    seen = hashlib.sha256(jpeg).digest()
    values = (elder, by.district_id, sealed, len(jpeg), seen, by.account_id, now)
    await conn.execute(SQL.keep_photo, *values)
    await _note(conn, "photo.keep", elder, by, now)


async def drop(conn: Conn, elder: UUID, by: Person, now: datetime) -> None:
    """Remove the photo of an elder; without one nothing happens."""
    if await conn.fetchval(SQL.drop_photo, elder) is not None:
        await _note(conn, "photo.drop", elder, by, now)


async def read(conn: Conn, keys: Keys, elder: UUID) -> bytes:
    """Return the photo of an elder whose consent to it is in force; raise NotFound."""
    row = await conn.fetchrow(SQL.read_photo, elder)
    if row is None:
        raise NotFound(f"no photo of elder {elder}")
    return base64.b64decode(keys.open(row["district_id"], row["photo_sealed"]))


async def drop_withdrawn(conn: Conn) -> int:
    """Drop the photos whose consent has been withdrawn; return how many."""
    return len(await conn.fetch(SQL.drop_withdrawn))


async def _note(conn: Conn, action: str, elder: UUID, by: Person, now: datetime) -> None:
    whose: dict[str, Any] = {"district": by.district_id, "at": now}
    await audit.record(
        conn, **whose, account=by.account_id, action=action, subject_kind="elder", subject=elder
    )
    await events.write(conn, **whose, kind="person.changed", subject=elder, roles=OPERATORS, elder=elder)
