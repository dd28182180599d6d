"""What staff must know of a person beside the register: medicines, hearing, keys; who looked at it last."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit, events
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid
from core.events import OPERATORS
from core.sql import load

SQL = load(__file__)
HEARING = ("good", "hard", "deaf")
SPEECH = ("good", "hard", "none")
SIGHT = ("good", "hard", "blind")
AIDS = (
    *("hearing_aid", "glasses", "dentures", "cane", "walker", "wheelchair", "bedridden"),
    *("oxygen", "ventilator", "pacemaker", "catheter", "feeding_tube", "insulin_pump", "alarm_pendant"),
)
"""What helps or keeps a person alive, and what whoever comes must reckon with."""
MOST_MEDICINES = 30
_LONGEST = {"name": 60, "dose": 40, "times": 60, "note": 120}
LONGEST_NOTES = 1000


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine as the label has it: name, dose, when it is taken, what matters of it."""

    name: str
    dose: str = ""
    times: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A card's facts, open; `revision` 0: nobody has filled it in."""

    medicines: tuple[Medicine, ...] = ()
    dialect: str = ""
    hearing: str | None = None
    speech: str | None = None
    sight: str | None = None
    aids: tuple[str, ...] = ()
    notes: str = ""
    key_holders: frozenset[UUID] = field(default_factory=frozenset)
    revision: int = 0
    checked_by_name: str | None = None
    checked_at: datetime | None = None


def medicines(text: str) -> tuple[Medicine, ...]:
    """Read medicines, one a line, `name | dose | when | note`; raise Invalid naming the line."""
    found, errors = [], []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        parts = [part.strip() for part in line.replace("\uff5c", "|").split("|")]
        given = dict(zip(_LONGEST, parts, strict=False))
        if not parts[0] or len(parts) > len(_LONGEST):
            errors.append({"field": "medicines", "code": "medicine_line", "line": number})
        elif any(len(value) > _LONGEST[name] for name, value in given.items()):
            errors.append({"field": "medicines", "code": "medicine_long", "line": number})
        found.append(Medicine(**{"name": "", **given}))
    if len(lines) > MOST_MEDICINES:
        errors.append({"field": "medicines", "code": "too_many_lines", "most": MOST_MEDICINES})
    if errors:
        raise Invalid("medicines: a line cannot be read", errors)
    return tuple(found)


def written(card: Card) -> str:
    """Write medicines as `medicines` reads them."""
    return "\n".join(
        f"{one.name} | {one.dose} | {one.times} | {one.note}".rstrip(" |") for one in card.medicines
    )


async def of(conn: Conn, keys: Keys, elder: UUID) -> Card:
    """Return an elder's card; an empty one when nobody has filled it in."""
    row = await conn.fetchrow(SQL.find_card, elder)
    return opened(keys, row) if row else Card()


def opened(keys: Keys, row: Row) -> Card:
    """Return a row of the card with what is sealed in clear: it is shown to who works on a case."""
    district = row["district_id"]
    sealed, notes = row["medicines_sealed"], row["notes_sealed"]
    listed: list[dict[str, str]] = json.loads(keys.open(district, sealed)) if sealed else []
    return Card(
        medicines=tuple(Medicine(**one) for one in listed),
        dialect=row["dialect"] or "",
        hearing=row["hearing"],
        speech=row["speech"],
        sight=row["sight"],
        aids=tuple(row["aids"]),
        notes=keys.open(district, notes) if notes else "",
        key_holders=frozenset(row["key_holders"]),
        revision=row["revision"],
        checked_by_name=row["checked_by_name"],
        checked_at=row["checked_at"],
    )


async def keep(conn: Conn, keys: Keys, elder: UUID, card: Card, by: Person, now: datetime) -> None:
    """Keep a card, checked now by `by`; raise Invalid by field, Conflict when somebody was first.

    `card.revision` is the one that the writer has read.
    """
    _check(card)
    district = by.district_id
    listed = json.dumps([asdict(one) for one in card.medicines], ensure_ascii=False)
    values: tuple[Any, ...] = (
        elder,
        district,
        keys.seal(district, listed) if card.medicines else None,
        card.dialect or None,
        card.hearing,
        card.speech,
        card.sight,
        list(card.aids),
        keys.seal(district, card.notes) if card.notes else None,
        sorted(card.key_holders),
        by.account_id,
        now,
        card.revision,
    )
    if await conn.fetchval(SQL.keep_card, *values) is None:
        raise Conflict("somebody else has changed the card meanwhile", code="card_changed")
    await _note(conn, "card.check", elder, by, now)


async def set_key_holder(
    conn: Conn, elder: UUID, member: UUID, by: Person, now: datetime, *, holds: bool
) -> None:
    """Note that a contact has a key, or has it no longer."""
    if holds:
        await conn.execute(SQL.give_key, elder, by.district_id, member, by.account_id, now)
    else:
        await conn.execute(SQL.take_key, elder, member)


async def is_made_up(conn: Conn, elder: UUID) -> bool:
    """Say whether a person belongs to a demonstration, whose numbers nobody can dial."""
    return bool(await conn.fetchval(SQL.is_made_up, elder))


def _check(card: Card) -> None:
    errors: list[dict[str, object]] = []
    for name, allowed in (("hearing", HEARING), ("speech", SPEECH), ("sight", SIGHT)):
        value = getattr(card, name)
        if value is not None and value not in allowed:
            errors.append({"field": name, "code": "unknown"})
    if any(one not in AIDS for one in card.aids):
        errors.append({"field": "aids", "code": "unknown"})
    if len(card.dialect) > _LONGEST["name"]:
        errors.append({"field": "dialect", "code": "too_long"})
    if len(card.notes) > LONGEST_NOTES:
        errors.append({"field": "notes", "code": "too_long"})
    if errors:
        raise Invalid("the card has wrong fields", errors)


async def _note(conn: Conn, action: str, elder: UUID, by: Person, now: datetime) -> None:
    whose: dict[str, Any] = {"district": by.district_id, "at": now}
    await audit.record(
        conn, **whose, account=by.account_id, action=action, subject_kind="elder", subject=elder
    )
    await events.write(conn, **whose, kind="person.changed", subject=elder, roles=OPERATORS, elder=elder)
