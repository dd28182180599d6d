"""Questions answered, cards filled in, gaps in the cover: what the call centre shows of a demo."""

import io
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from core import consents, people
from core.accounts import Person
from core.sql import load
from deploy.demo.place import Place
from dispatch import person_cards, portraits, questions
from dispatch.cover import gaps
from dispatch.person_cards import Card, Medicine

SQL = load(__file__)
CARDS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "cards.toml").read_text(encoding="utf-8")
)["card"]
FACES = 3
UNTESTED = timedelta(days=41)
_SIDE = 240


async def extend(place: Place) -> None:
    """Fill the cards once; look for gaps at every start, as the tick would."""
    if not await place.conn.fetchval(SQL.has_cards):
        by = await _person(place, "clerk")
        rows = await people.list_elders(place.conn, limit=len(CARDS))
        for nth, (elder, card) in enumerate(zip(rows, CARDS, strict=False)):
            await _fill(place, elder["id"], card, by)
            if nth < FACES:
                await _photo(place, elder["id"], nth, by)
        await place.conn.execute(SQL.age_kit, place.now - UNTESTED)
        await _answer(place)
    await gaps.look(place.conn, place.district, place.now)


async def _person(place: Place, role: str) -> Person:
    row = await place.conn.fetchrow(SQL.find_person, role)
    assert row is not None  # noqa: S101 - every demo district has one
    return place.person(row, role)


async def _answer(place: Place) -> None:
    """Answer the first questions of an open case, as an operator would."""
    case = await place.conn.fetchrow(SQL.find_case)
    if case is None:
        return
    by = await _person(place, "operator")
    asked = await questions.of_case(place.conn, case)
    for _ in range(2):
        node = asked.walk.question
        if node is None or node.kind not in ("yes_no", "choice"):
            return
        value = node.answers[0].code
        asked = await questions.answer(place.conn, case["id"], node.code, value, by, place.now)


async def _fill(place: Place, elder: UUID, card: dict[str, Any], by: Person) -> None:
    contacts = await people.contacts(place.conn, elder)
    holders = frozenset(row["id"] for row in contacts[-1:])
    filled = Card(
        medicines=tuple(Medicine(**one) for one in card.get("medicines", ())),
        dialect=card.get("dialect", ""),
        hearing=card.get("hearing"),
        speech=card.get("speech"),
        sight=card.get("sight"),
        aids=tuple(card.get("aids", ())),
        notes=card.get("notes", ""),
        key_holders=holders,
    )
    at = place.now - timedelta(days=12)
    await person_cards.keep(place.conn, place.keys, elder, filled, by, at)


async def _photo(place: Place, elder: UUID, nth: int, by: Person) -> None:
    """Keep a drawn face of who has consented: nobody's photo."""
    if await consents.given(place.conn, elder, "photo", place.now):
        await portraits.keep(place.conn, place.keys, elder, face(nth), by, place.now)


def face(nth: int) -> bytes:
    """Draw a face by shapes alone, each in other colours."""
    skin, hair, cloth = (
        ((236, 200, 170), (205, 205, 210), (96, 125, 139)),
        ((228, 188, 152), (120, 120, 125), (121, 85, 72)),
        ((240, 208, 180), (235, 235, 238), (93, 64, 110)),
    )[nth % FACES]
    picture = Image.new("RGB", (_SIDE, _SIDE), (222, 230, 234))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((30, 170, 210, 330), fill=cloth)
    draw.ellipse((62, 30, 178, 120), fill=hair)
    draw.ellipse((70, 48, 170, 178), fill=skin)
    for x in (98, 142):
        draw.ellipse((x - 5, 100, x + 5, 110), fill=(60, 50, 45))
        draw.arc((x - 14, 84, x + 14, 104), 200, 340, fill=hair, width=3)
    draw.arc((95, 118, 145, 156), 20, 160, fill=(170, 95, 85), width=4)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return portraits.encode(kept.getvalue())
