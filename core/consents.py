"""Consents: which item, given by whom and how, dated, withdrawn with a reason; a row is never rewritten.

Personal Information Protection Law (PIPL) art. 14-16 and 29: separate for what is sensitive, and as easily
withdrawn as given. That a guardian is one on record is checked by who knows guardianships (`dashboards`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit, events
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)
ITEMS = ("vitals", "location", "recording", "photo", "share_visits", "share_bills", "sms", "voice", "push")
PHONE_ITEMS = ("sms", "voice", "push")
"""What a relative consents to for the own phone; an elder may for the elder's."""
GIVEN_AS = ("elder", "guardian", "member")
HOWS = ("paper", "voice", "in_person", "online")
REASONS = (
    *("changed_mind", "not_understood", "family_matter", "no_longer_needed", "guardian_decides"),
    *("died", "other"),
)
HEARERS = (*events.OPERATORS, "clerk", "family")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose consent it is: an elder's, or a relative's for the own phone; one of the two."""

    elder: UUID | None = None
    member: UUID | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One consent as it was given: `by` is the elder, a guardian (guardianship member) or the relative."""

    item: str
    by: UUID
    given_as: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How a consent is taken back: as whom (elder, guardian, member, office), how, why, when."""

    by_whom: str
    how: str
    reason: str
    at: datetime


async def given(conn: Conn, elder: UUID, item: str, on: datetime) -> bool:
    """Say whether an elder's consent to an item was in force at an instant."""
    return bool(await conn.fetchval(SQL.was_given, elder, item, on))


async def of(conn: Conn, elders: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the items in force now of some elders; an elder without any has an empty set."""
    rows = await conn.fetch(SQL.list_items, list(elders))
    found = {row["elder_id"]: frozenset(row["items"]) for row in rows}
    return {elder: found.get(elder, frozenset()) for elder in elders}


async def of_members(conn: Conn, members: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return what relatives have consented to for their own phones, now: of sms, voice, push."""
    rows = await conn.fetch(SQL.list_items_of_members, list(members))
    found = {row["family_member_id"]: frozenset(row["items"]) for row in rows}
    return {member: found.get(member, frozenset()) for member in members}


async def history(conn: Conn, subject: Subject) -> list[Row]:
    """Return every consent of a person, what is in force first, then the newest; never anything lost."""
    return await conn.fetch(SQL.list_history, subject.elder, subject.member)


async def give(
    conn: Conn, subject: Subject, consent: Given, *, district: UUID, account: UUID | None, now: datetime
) -> None:
    """Record a consent; raise Invalid when it makes no sense, Conflict when one is in force already."""
    items = [consent.item]
    if not await give_all(conn, subject, items, consent, district=district, account=account, now=now):
        raise Conflict(f"{consent.item} is consented to already", code="consent_given")


async def give_all(
    conn: Conn,
    subject: Subject,
    items: Sequence[str],
    consent: Given,
    *,
    district: UUID,
    account: UUID | None,
    now: datetime,
) -> list[str]:
    """Record several items said at once (`consent.item` is not looked at); return those not in force before.

    Raises Invalid on an item, a way or a person that makes no sense.
    """
    for item in items:
        _check(subject, item, consent, now)
    rows = [(new_id(), item) for item in dict.fromkeys(items)]
    keys, names = [key for key, _ in rows], [name for _, name in rows]
    whose = (district, subject.elder, subject.member)
    said = (consent.by, consent.given_as, consent.how, consent.at, account, now)
    given_now = [row["item"] for row in await conn.fetch(SQL.give, keys, names, *whose, *said)]
    if given_now:
        await _note(conn, "given", subject, given_now, district, account, now)
    return given_now


async def withdraw(
    conn: Conn, consent: UUID, back: Withdrawn, *, district: UUID, account: UUID | None, now: datetime
) -> None:
    """Take a consent back, at once; raise NotFound, Conflict when it was before, Invalid on a wrong day."""
    row = await conn.fetchrow(SQL.find, consent)
    if row is None:
        raise NotFound(f"no consent {consent}")
    if back.reason not in REASONS or back.how not in HOWS:
        raise _wrong("reason" if back.reason not in REASONS else "how", "unknown")
    if back.at > now:
        raise _wrong("withdrawn_at", "future")
    if back.at < row["given_at"]:
        raise _wrong("withdrawn_at", "before_start")
    values = (back.at, back.by_whom, back.how, back.reason, account)
    if await conn.fetchval(SQL.withdraw, consent, *values) is None:
        raise Conflict("the consent was withdrawn before", code="consent_withdrawn")
    subject = Subject(row["elder_id"], row["family_member_id"])
    await _note(conn, "withdrawn", subject, [row["item"]], district, account, now)


async def find(conn: Conn, consent: UUID) -> Row:
    """Return one consent; raise NotFound."""
    row = await conn.fetchrow(SQL.find, consent)
    if row is None:
        raise NotFound(f"no consent {consent}")
    return row


def _check(subject: Subject, item: str, consent: Given, now: datetime) -> None:
    """Who may give what: an elder (or the guardian) everything of the elder's, a relative the own phone's."""
    allowed = PHONE_ITEMS if subject.member else ITEMS
    if item not in allowed:
        raise _wrong("item", "unknown")
    if consent.how not in HOWS:
        raise _wrong("how", "unknown")
    if consent.given_as not in (("member",) if subject.member else ("elder", "guardian")):
        raise _wrong("given_as", "unknown")
    if consent.at > now:
        raise _wrong("given_at", "future")


def _wrong(field: str, code: str) -> Invalid:
    words = f"{field}: {code}"
    return Invalid(words, [{"field": field, "code": code, "message": words}])


async def _note(
    conn: Conn,
    verb: str,
    subject: Subject,
    items: Sequence[str],
    district: UUID,
    account: UUID | None,
    now: datetime,
) -> None:
    """Write the audit line and tell open pages, which ask again for what they may still show."""
    whose = subject.elder or subject.member
    assert whose is not None  # noqa: S101 - a CHECK: one of the two
    await audit.record(
        conn,
        district=district,
        at=now,
        account=account,
        action=f"consent_{verb}",
        subject_kind="elder" if subject.elder else "family_member",
        subject=whose,
        detail={"items": list(items)},
    )
    roles = HEARERS if subject.elder else HEARERS[:-1]
    kind = f"consent.{verb}"
    await events.write(
        conn, district=district, kind=kind, subject=whose, roles=roles, at=now, elder=subject.elder
    )
