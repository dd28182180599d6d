"""The person card: what whoever works on a case must know of the person, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import contact_lists, people
from core.clock import local_date
from core.contact_lists import Contact, Warned
from core.db import Row
from core.sql import load
from dashboards.auth import Scope
from dashboards.web.console.latest import Live, latest
from dispatch import person_cards
from dispatch.notices import reach
from dispatch.person_cards import Card
from services.assessing import form

SQL = load(__file__)
POOR = 1
"""An item of the assessment answered so low, or lower, is named on the card."""


@dataclass(frozen=True)
class Shown:
    """Everything on the card."""

    card: Card
    has_photo: bool
    photo_consent: bool
    consents: frozenset[str]
    assessment: dict[str, Any] | None
    limits: list[tuple[str, str]]
    contacts: list[dict[str, Any]]
    warnings: list[Warned]
    cases: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    next_visit: dict[str, Any] | None
    pauses: list[dict[str, Any]]
    live: list[Live]


async def find(scope: Scope, elder: UUID, case: UUID | None, rows: Sequence[Row]) -> Shown:
    """Gather the card of a person in one statement; `rows` are the home's readings of the last hour."""
    now = scope.now
    row = await scope.conn.fetchrow(SQL.find_person, elder, case, now, local_date(now))
    assert row is not None  # noqa: S101 - the case names the elder
    card = person_cards.opened(scope.keys, row) if row["revision"] else Card()
    rooms = {UUID(key): room for key, room in (row["rooms"] or {}).items()}
    said = [{**one, "device_id": UUID(one["device_id"])} for one in row["states"] or ()]
    contacts, warnings = list_contacts(scope, row, card)
    consents = frozenset(row["consents"] or ())
    return Shown(
        card=card,
        has_photo=row["has_photo"] and "photo" in consents,
        photo_consent="photo" in consents,
        consents=consents,
        assessment=row["assessment"],
        limits=limits(scope.language, row["assessment"]),
        contacts=contacts,
        warnings=warnings,
        cases=_dated(row["cases"], "opened_at", "closed_at"),
        visits=_dated(row["visits"], "window_start", "started_at", "ended_at"),
        next_visit=next(iter(_dated(row["next_visits"], "window_start")), None),
        pauses=[_until(one) for one in _dated(row["pauses"], "ends_at")],
        live=latest(said, rooms, rows, now),
    )


def list_contacts(scope: Scope, row: Row, card: Card) -> tuple[list[dict[str, Any]], list[Warned]]:
    """Return the contacts in order with number, key and last reachability, and what is odd about the list."""
    listed = _dated(row["contacts"], "last_reached_at", "last_failed_at")
    shown, known = [], []
    for one in listed:
        member = UUID(one["id"])
        number = scope.keys.open(row["district_id"], bytes.fromhex(one["sealed"])) if one["sealed"] else None
        has_key = member in card.key_holders
        known.append(Contact(member, number, has_key, max(one["elders"], 1)))
        phone = people.mask_phone(number) if number else ""
        shown.append({**one, "id": member, "phone": phone, "has_key": has_key, "reach": reach.read(one)})
    own = scope.keys.open(row["district_id"], row["phone_sealed"]) if row["phone_sealed"] else None
    return shown, contact_lists.warnings(own, known, made_up=row["is_demo"])


def limits(language: str, assessment: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return what the signed assessment found poor: (item, the words of its answer), gravest first."""
    if assessment is None:
        return []
    blank = form(assessment["rules"])
    found = [
        (assessment["items"][item.code], item.names[language], item.options[language])
        for item in blank.items
        if assessment["items"].get(item.code, item.most) <= min(POOR, item.most - 1)
    ]
    return [(name, options[len(options) - 1 - points]) for points, name, options in sorted(found)]


def is_valid(assessment: dict[str, Any] | None, on: date) -> bool:
    """Say whether an assessment still holds on a day."""
    last = assessment.get("valid_to") if assessment else None
    return assessment is not None and (last is None or date.fromisoformat(last) >= on)


def _until(pause: dict[str, Any]) -> dict[str, Any]:
    """Return a pause with its last day as a day: an absence lasts to the end of it, a pause to its hour."""
    last = pause["last_on"]
    return {**pause, "last_on": date.fromisoformat(last) if last else None}


def _dated(rows: list[dict[str, Any]] | None, *names: str) -> list[dict[str, Any]]:
    """Return rows out of JSON with their times as times."""
    return [
        {
            key: datetime.fromisoformat(value) if key in names and value else value
            for key, value in one.items()
        }
        for one in rows or []
    ]
