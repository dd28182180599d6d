"""What a clerk does for an elder's relatives: consents, invitations, rights; the elder's word comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import consents, districts, invitations, people
from core.clock import at_local, local_date
from core.consents import Given, Subject, Withdrawn
from core.db import Row
from core.errors import Conflict, Invalid, NotFound
from core.invitations import Agreed, NewInvitation
from core.sql import load
from dashboards import coming_in
from dashboards.auth import Scope
from dispatch.notices import Recipient, seal, tell

SQL = load(__file__)
NOON = "12:00"


@dataclass(frozen=True, slots=True)
class Word:
    """The elder's word (or the guardian's): as whom, how it was given, on which local day."""

    given_as: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is to be invited, as typed."""

    name: str
    phone: str
    relation: str
    priority: int
    rights: Sequence[str]
    wished_by: str = "office"
    wished_how: str = "counter"
    shares_phone: bool = False


async def guardian(scope: Scope, elder: UUID) -> Row | None:
    """Return {id, name} of who is an elder's guardian today, by the guardianship on record."""
    return await scope.conn.fetchrow(SQL.find_guardian, elder, local_date(scope.now))


async def giver(scope: Scope, elder: UUID, given_as: str) -> UUID:
    """Return who speaks: the elder, or the guardian on record; Conflict `no_guardian` without one."""
    if given_as == "elder":
        return elder
    found = await guardian(scope, elder) if given_as == "guardian" else None
    if given_as == "guardian" and found is None:
        raise Conflict("no guardianship is on record for this elder", code="no_guardian")
    if found is None:
        raise Invalid("given_as: unknown", [{"field": "given_as", "code": "unknown"}])
    guardian_id: UUID = found["id"]
    return guardian_id


def instant(scope: Scope, day: date, field: str) -> datetime:
    """Return the instant of a day's word: now for today, else its noon; Invalid for a day to come."""
    today = local_date(scope.now)
    if day > today:
        raise Invalid(f"{field}: future", [{"field": field, "code": "future"}])
    return scope.now if day == today else at_local(day, NOON)


async def give(scope: Scope, elder: UUID, items: Sequence[str], word: Word) -> list[str]:
    """Record what an elder consents to; return what is new. Raises Invalid, or Conflict."""
    if not items:
        raise Invalid("items: required", [{"field": "items", "code": "required"}])
    by = await giver(scope, elder, word.given_as)
    given = Given("", by, word.given_as, word.how, instant(scope, word.on, "given_on"))
    return await consents.give_all(scope.conn, Subject(elder), items, given, **_by(scope), now=scope.now)


async def withdraw(scope: Scope, elder: UUID, consent: UUID, word: Word, reason: str) -> None:
    """Take one of an elder's consents back, at once. Raises NotFound, Invalid, Conflict."""
    row = await consents.find(scope.conn, consent)
    if row["elder_id"] != elder:
        raise NotFound(f"no consent {consent}")
    if word.given_as not in ("elder", "guardian", "office"):
        raise Invalid("given_as: unknown", [{"field": "given_as", "code": "unknown"}])
    if word.given_as == "guardian":
        await giver(scope, elder, "guardian")
    at = max(instant(scope, word.on, "withdrawn_on"), row["given_at"])
    if local_date(row["given_at"]) > word.on:
        raise Invalid("withdrawn_on: before", [{"field": "withdrawn_on", "code": "before_start"}])
    back = Withdrawn(word.given_as, word.how, reason, at)
    await consents.withdraw(scope.conn, consent, back, **_by(scope), now=scope.now)


async def invite(scope: Scope, elder: UUID, who: Invited, word: Word) -> UUID:
    """Invite a relative after the elder's word, and have the code sent.

    Conflict: `already_relative`, `invited_already`, or `phone_of_another` when the number is somebody else's
    here and nobody said that they share it knowingly. A demo district takes numbers that nobody can dial.
    """
    stored = coming_in.number(who.phone, made_up=await _is_demo(scope))
    await _check_phone(scope, elder, who, stored)
    by = await giver(scope, elder, word.given_as)
    agreed = Agreed(word.given_as, by, word.how, instant(scope, word.on, "consented_on"))
    new = NewInvitation(
        elder=elder,
        name=who.name,
        phone=stored,
        relation=who.relation,
        priority=who.priority,
        rights=who.rights,
        agreed=agreed,
        wished_by=who.wished_by,
        wished_how=who.wished_how,
        shares_phone=who.shares_phone,
    )
    person, days = scope.person, (await _settings(scope)).invitation_days
    around = {"district": person.district_id, "account": person.account_id}
    made = await invitations.invite(scope.conn, scope.keys, new, **around, now=scope.now, days=days)
    row = await invitations.find(scope.conn, made)
    await _noted(scope, "relative_invited", made, {"elder": str(elder), "rights": list(row["rights"])})
    await _send(scope, row)
    return made


async def renew(scope: Scope, invitation: UUID) -> None:
    """Give an invitation a new code and have it sent; the old one opens nothing any more."""
    await invitations.find(scope.conn, invitation)
    days = (await _settings(scope)).invitation_days
    row = await invitations.renew(scope.conn, invitation, scope.now, days)
    await _noted(scope, "invitation_renewed", invitation, {"turn": row["turn"]})
    await _send(scope, row)


async def revoke(scope: Scope, invitation: UUID) -> None:
    """Take an invitation back."""
    await invitations.find(scope.conn, invitation)
    await invitations.revoke(scope.conn, invitation, scope.now)
    await _noted(scope, "invitation_revoked", invitation, {})


async def show_code(scope: Scope, invitation: UUID) -> tuple[Row, str]:
    """Return an invitation with its code, to be read aloud or printed; on record, Conflict when over."""
    row = await invitations.find(scope.conn, invitation)
    state = invitations.state_of(row, scope.now)
    if state not in ("open", "proven"):
        raise Conflict(f"the invitation is {state}", code="invitation_over", invitation_is=state)
    await _noted(scope, "invitation_shown", invitation, {"turn": row["turn"]})
    return row, invitations.code_of(scope.keys, row)


async def set_rights(scope: Scope, elder: UUID, member: UUID, rights: Sequence[str], word: Word) -> None:
    """Give a relative other rights, after the elder's word, which stays on the audit log."""
    by = await giver(scope, elder, word.given_as)
    at = instant(scope, word.on, "consented_on")
    if word.how not in consents.HOWS:
        raise Invalid("how: unknown", [{"field": "how", "code": "unknown"}])
    await people.set_rights(scope.conn, elder, member, rights)
    said: dict[str, object] = {"as": word.given_as, "by": str(by), "how": word.how, "at": at.isoformat()}
    await _changed(scope, "rights_changed", elder, member, {"rights": list(rights), **said})


async def end(scope: Scope, elder: UUID, member: UUID) -> None:
    """End a relative's bond with an elder: they see and hear nothing of the person any more."""
    await people.end_bond(scope.conn, elder, member, scope.now)
    await _changed(scope, "bond_ended", elder, member, {})


async def _check_phone(scope: Scope, elder: UUID, who: Invited, stored: str) -> None:
    """Raise Conflict when the number is a relative's of this elder, or somebody else's unknowingly."""
    index = scope.keys.index(scope.person.district_id, "phone", stored)
    known = await people.members_with(scope.conn, index)
    near = {row["id"] for row in await people.contacts(scope.conn, elder)}
    name = who.name.strip()
    if any(row["id"] in near and row["name"] == name and row["account_id"] for row in known):
        raise Conflict("this person is a relative here already", code="already_relative")
    other = next((row["name"] for row in known if row["name"] != name), None)
    if other is not None and not who.shares_phone:
        raise Conflict(f"the number is {other}'s", code="phone_of_another", name=other)


async def tell_moved(scope: Scope, sealed: bytes, language: str) -> None:
    """Tell a relative's old number (sealed) that another one opens the account from now on."""
    district, to = scope.person.district_id, Recipient(contact=sealed, language=language)
    await tell(scope.conn, district=district, kind="code", to=to, words="phone_moved", now=scope.now)


async def _send(scope: Scope, row: Row) -> None:
    district = scope.person.district_id
    base = (scope.settings.public_url or f"http://{scope.settings.http_host}").rstrip("/")
    data = {"code": invitations.code_of(scope.keys, row), "url": f"{base}/join"}
    await tell(
        scope.conn,
        district=district,
        kind="invite",
        to=Recipient(contact=row["phone_sealed"]),
        words="invite",
        now=scope.now,
        data_sealed=seal(scope.keys, district, data),
        expires_at=row["expires_at"],
    )


async def _is_demo(scope: Scope) -> bool:
    row = await districts.find_by_code(scope.conn, scope.person.district_code)
    return bool(row and row["is_demo"])


async def _settings(scope: Scope) -> districts.DistrictSettings:
    return await districts.settings(scope.conn, scope.person.district_id)


def _by(scope: Scope) -> dict[str, UUID]:
    return {"district": scope.person.district_id, "account": scope.person.account_id}


async def _noted(
    scope: Scope, action: str, subject: UUID, detail: dict[str, object], kind: str = "invitation"
) -> None:
    district, account = scope.person.district_id, scope.person.account_id
    await coming_in.note(scope.conn, district, account, action, subject, detail, scope.now, kind)


async def _changed(scope: Scope, action: str, elder: UUID, member: UUID, detail: dict[str, object]) -> None:
    await _noted(scope, action, member, {"elder": str(elder), **detail}, "family_member")
    await coming_in.changed(scope.conn, scope.person.district_id, elder, scope.now)
