"""The person card: what whoever works on a case must know of the person, in few statements."""

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
from gateway import states
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


async def find(
    scope: Scope, elder: UUID, case: UUID | None, devices: Sequence[Row], rows: Sequence[Row]
) -> Shown:
    """Gather the card of a person; `devices` {id, room} of the home and `rows` of its last hour are known."""
    conn, now = scope.conn, scope.now
    row = await conn.fetchrow(SQL.find_person, elder, case, now, local_date(now))
    assert row is not None  # noqa: S101 - the case names the elder
    card = person_cards.opened(scope.keys, row) if row["revision"] else Card()
    rooms = {UUID(str(one["id"])): one["room"] for one in devices}
    said = await states.of(conn, list(rooms)) if rooms else []
    contacts, warnings = await list_contacts(scope, row, card)
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
        pauses=_dated(row["pauses"], "starts_at", "ends_at"),
        live=latest(said, rooms, rows, now),
    )


async def list_contacts(scope: Scope, row: Row, card: Card) -> tuple[list[dict[str, Any]], list[Warned]]:
    """Return the contacts in order with number, key and last reachability, and what is odd about the list."""
    listed = await people.contacts(scope.conn, row["elder_id"])
    reached = await reach.of(scope.conn, [one["id"] for one in listed]) if listed else {}
    district, shared = scope.person.district_id, row["shared"] or {}
    numbers = {
        one["id"]: scope.keys.open(district, one["phone_sealed"]) if one["phone_sealed"] else None
        for one in listed
    }
    own = scope.keys.open(district, row["phone_sealed"]) if row["phone_sealed"] else None
    known = [
        Contact(one["id"], numbers[one["id"]], one["id"] in card.key_holders, shared.get(str(one["id"]), 1))
        for one in listed
    ]
    shown = [
        {
            **one,
            "phone": people.mask_phone(numbers[one["id"]] or "") if numbers[one["id"]] else "",
            "has_key": one["id"] in card.key_holders,
            "reach": reached[one["id"]],
        }
        for one in listed
    ]
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


def _dated(rows: list[dict[str, Any]] | None, *names: str) -> list[dict[str, Any]]:
    """Return rows out of JSON with their times as times."""
    return [
        {
            key: datetime.fromisoformat(value) if key in names and value else value
            for key, value in one.items()
        }
        for one in rows or []
    ]
