"""How a relative comes in: by a code to a known phone, or by an invitation; who is known is never said."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request

from core import accounts, audit, codes, consents, events, invitations, login_codes, people, phones
from core.accounts import Person
from core.consents import Given, Subject
from core.crypto import Keys, digest
from core.db import Conn, Pool, Row
from core.errors import Invalid, Unauthorized
from core.login_codes import Asked
from core.settings import Settings
from core.sql import load
from dashboards import agents

SQL = load(__file__)
HEARERS = (*events.OPERATORS, "clerk", "family")
TICKET, JOINING = "yl_code", "yl_join"
"""Cookies that bind a code, and a proven invitation, to the browser that asked."""


@dataclass(frozen=True, slots=True)
class Door:
    """What coming in needs of the app, the caller's address, and the instant."""

    pool: Pool
    keys: Keys
    settings: Settings
    address: str
    now: datetime
    agent: str = ""


def door_of(request: Request) -> Door:
    """Return what coming in needs of a request that nobody is logged in for."""
    state = request.app.state
    address = request.client.host if request.client else "unknown"
    agent = agents.read(request.headers.get("user-agent"))
    return Door(state.pool, state.keys, state.settings, address, state.clock(), agent)


def number(text: str, field: str = "phone", *, made_up: bool = True) -> str:
    """Return a person's number as it is stored; raise Invalid, code `phone`, saying which field.

    A service number (110, 12345) is nobody's phone.
    """
    try:
        found = phones.read(text, made_up=made_up)
        if found.kind != "service":
            return found.stored
        bad = phones.BadNumber("prefix")
    except phones.BadNumber as error:
        bad = error
    words = f"{field}: {bad.code}"
    raise Invalid(words, [{"field": field, "code": "phone", "why": bad.code, "message": words}])


async def ask(door: Door, phone: str, language: str) -> str:
    """Ask for a code to a phone; return the ticket of this browser. Raises Invalid, or TooMany."""
    asked = Asked(number(phone), door.address, language)
    async with door.pool.transaction() as conn:
        return await login_codes.ask(conn, door.keys, asked, door.settings, door.now)


async def enter(
    door: Door, ticket: str, code: str | None, account: UUID | None
) -> tuple[str, Person] | list[Row]:
    """Log in with a code (or with a ticket whose code has fitted), or return the accounts to choose from.

    Raises Unauthorized, and TooMany when many wrong codes came from the address.
    """
    found = await _proven(door, ticket, code)
    async with door.pool.transaction() as conn:
        known = await login_codes.accounts_of(conn, door.keys, found["phone"])
    mine = [row for row in known if account is None or row["account_id"] == account]
    if account is None and len(mine) > 1:
        return mine
    if not mine:
        raise Unauthorized("the code is wrong or no longer good", code="wrong_code")
    async with door.pool.transaction(mine[0]["district_id"]) as conn:
        await login_codes.use(conn, found["id"], door.now)
        token = await _open(conn, door, mine[0]["account_id"], mine[0]["district_id"])
    person = await accounts.who(door.pool, token, door.now)
    if person is None:
        raise Unauthorized("the account was disabled", code="wrong_code")
    return token, person


async def _proven(door: Door, ticket: str, code: str | None) -> Row:
    if code is None:
        async with door.pool.transaction() as conn:
            return await login_codes.proven(conn, door.keys, ticket, door.now)
    async with door.pool.transaction() as conn:
        await accounts.check_patience(conn, door.address, door.now, door.settings)
    try:
        return await login_codes.prove(door.pool, door.keys, ticket, code, door.now)
    except Unauthorized:
        async with door.pool.transaction() as conn:
            await accounts.note_failure(conn, door.address, door.now)
        raise


async def _open(conn: Conn, door: Door, account: UUID, district: UUID) -> str:
    until = door.now + timedelta(days=door.settings.family_session_days)
    around = {"account": account, "district": district}
    return await accounts.open_session(conn, **around, now=door.now, until=until, agent=door.agent)


async def prove_invitation(door: Door, phone: str, code: str) -> str:
    """Return a ticket for the invitation whose phone and code these are.

    Unauthorized says no more than that they do not fit, or that this number has had too many wrong codes:
    the same for a number that nobody has invited. An invitation past its day says so, to who has its code.
    """
    stored = number(phone)
    mark = f"join {door.keys.sign('join', stored.encode()).hex()[:24]}"
    async with door.pool.transaction() as conn:
        await accounts.check_patience(conn, door.address, door.now, door.settings)
        wanted = [index for _, index in await login_codes.indexes(conn, door.keys, stored)]
        rows = await conn.fetch(SQL.invitations_for_phone, wanted)
        failed = await conn.fetchval(SQL.count_marked, mark, door.now - timedelta(hours=1))
    fitting = [row for row in rows if _fits(door.keys, row, code)]
    found = next((row for row in fitting if row["state"] != "locked"), None)
    if found is None or failed >= invitations.TRIES:
        await _wrong(door, rows, mark)
        is_locked = failed + 1 >= invitations.TRIES
        words = "invitation_locked" if is_locked else "wrong_invitation"
        raise Unauthorized("number and code do not fit", code=words)
    if found["expires_at"] <= door.now:
        raise Unauthorized("the invitation is past its day", code="invitation_expired")
    ticket = secrets.token_urlsafe(32)
    async with door.pool.transaction(found["district_id"]) as conn:
        if not await invitations.prove(conn, found["id"], found["turn"], ticket, door.now):
            raise Unauthorized("number and code do not fit", code="wrong_invitation")
    return ticket


def _fits(keys: Keys, row: Row, code: str) -> bool:
    return codes.fits(keys, invitations.PURPOSE, row["id"], row["turn"], code, invitations.DIGITS)


async def _wrong(door: Door, rows: list[Row], mark: str) -> None:
    """Count a wrong code: for the address, for the number, for each invitation that it was tried on."""
    async with door.pool.transaction() as conn:
        await accounts.note_failure(conn, door.address, door.now)
        await accounts.note_failure(conn, mark, door.now)
    for row in rows:
        async with door.pool.transaction(row["district_id"]) as conn:
            await invitations.count_wrong(conn, row["id"])


async def invited(conn: Conn, ticket: str | None) -> Row:
    """Return the proven invitation {id, district_id} of a ticket; Unauthorized without one."""
    row = await conn.fetchrow(SQL.invitation_for_ticket, digest(ticket or ""))
    if row is None:
        raise Unauthorized("enter number and code again", code="invitation_again")
    return row


def check_stay(row: Row, now: datetime) -> None:
    """Raise Unauthorized when the code fitted too long ago: somebody else may hold the phone by now."""
    if now - row["proven_at"] > invitations.STAY:
        raise Unauthorized("enter number and code again", code="invitation_again")


async def join(conn: Conn, door: Door, invitation: Row, own: list[str]) -> str:
    """Make a proven invitation a relative with an account; return the token of the session.

    `own` are the items (sms, voice, push) that they consent to for their own phone.
    """
    check_stay(invitation, door.now)
    district, elder = invitation["district_id"], invitation["elder_id"]
    member, account = await _whose(conn, door, invitation)
    await invitations.join(conn, invitation["id"], member, door.now)
    tie = {"elder": elder, "member": member, "relation": invitation["relation"]}
    order, rights = invitation["priority"], invitation["rights"]
    agreed = invitation["consented_at"]
    await people.bond(conn, district=district, **tie, priority=order, consented_at=agreed, rights=rights)
    given = Given("", member, "member", "online", door.now)
    whose = Subject(member=member)
    await consents.give_all(conn, whose, own, given, district=district, account=account, now=door.now)
    await people.say_reach(conn, member, door.now)
    detail: dict[str, object] = {"elder": str(elder), "rights": rights, "invitation": str(invitation["id"])}
    await note(conn, district, account, "family_joined", member, detail, door.now)
    await changed(conn, district, elder, door.now)
    return await _open(conn, door, account, district)


async def _whose(conn: Conn, door: Door, invitation: Row) -> tuple[UUID, UUID]:
    """Return (member, account): those who have this phone already, or new ones.

    A phone is somebody's own only when the name is theirs too: since the invitation was made another relative
    may have come in by the same telephone, and nobody lands in that one's account.
    """
    having = await people.members_with(conn, invitation["phone_index"])
    known = [row for row in having if row["name"] == invitation["name"]]
    found = next((row for row in known if row["account_id"]), known[0] if known else None)
    if found and found["account_id"]:
        return found["id"], found["account_id"]
    district, name = invitation["district_id"], invitation["name"]
    member: UUID | None = found["id"] if found else None
    if member is None:
        phone = door.keys.open(district, invitation["phone_sealed"])
        around = {"district": district, "name": name, "phone": phone, "now": door.now}
        member = await people.create_family_member(conn, door.keys, **around)
    account = await accounts.create(
        conn,
        district=district,
        login=f"family-{member.hex}",
        password=secrets.token_urlsafe(32),
        role="family",
        name=name,
        now=door.now,
        family_member=member,
    )
    return member, account


async def note(
    conn: Conn,
    district: UUID,
    account: UUID | None,
    action: str,
    subject: UUID,
    detail: dict[str, object],
    now: datetime,
    kind: str = "family_member",
) -> None:
    """Write what happened to a relative (or to an invitation) on the audit log."""
    await audit.record(
        conn,
        district=district,
        at=now,
        account=account,
        action=action,
        subject_kind=kind,
        subject=subject,
        detail=detail,
    )


async def changed(conn: Conn, district: UUID, elder: UUID, now: datetime) -> None:
    """Tell open pages that a relative's rights or bond have changed."""
    who = {"district": district, "subject": elder, "elder": elder}
    await events.write(conn, kind="bond.changed", roles=HEARERS, at=now, **who)
