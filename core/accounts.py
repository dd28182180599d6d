"""Accounts, logins and sessions: argon2 passwords, server-side sessions, tokens of 256 random bits."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.crypto import digest
from core.db import Conn, Pool, Row
from core.errors import Conflict, Invalid, TooMany, Unauthorized
from core.ids import new_id
from core.settings import Settings
from core.sql import load

SQL = load(__file__)
ROLES = (
    "operator",
    "duty_manager",
    "caregiver",
    "provider_manager",
    "family",
    "clerk",
    "auditor",
    "approver",
    "assessor",
    "installer",
    "admin",
)
WINDOW = timedelta(minutes=5)
PAUSE = timedelta(seconds=30)
"""After too many failures within the window: one try in this time, for the whole address."""
_SHORTEST = 10
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is speaking: an account with a live session."""

    account_id: UUID
    district_id: UUID
    district_code: str
    district_name: str
    role: str
    name: str
    language: str
    family_member_id: UUID | None
    caregiver_id: UUID | None
    provider_id: UUID | None
    expires_at: datetime


async def create(
    conn: Conn,
    *,
    district: UUID,
    login: str,
    password: str,
    role: str,
    name: str,
    now: datetime,
    family_member: UUID | None = None,
    caregiver: UUID | None = None,
    provider: UUID | None = None,
) -> UUID:
    """Make an account; raise Invalid on a short password or unknown role, Conflict on a taken login."""
    if len(password) < _SHORTEST:
        raise Invalid(
            f"password: at least {_SHORTEST} characters", [{"field": "password", "code": "too_short"}]
        )
    if role not in ROLES:
        raise Invalid(f"role: no role {role}", [{"field": "role", "code": "unknown"}])
    identity, hashed = new_id(), await asyncio.to_thread(_HASHER.hash, password)
    links = (family_member, caregiver, provider)
    try:
        async with conn.transaction():
            await conn.execute(SQL.create_account, identity, district, login, hashed, role, name, now, *links)
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"login {login} is taken", code="login_taken") from error
    return identity


async def login(
    pool: Pool, login: str, password: str, address: str, now: datetime, settings: Settings
) -> tuple[str, Person]:
    """Open a session; raise Unauthorized, or TooMany after many failures from one address."""
    async with pool.transaction() as conn:
        await check_patience(conn, address, now, settings)
        found = await conn.fetchrow(SQL.find_login, login)
    if (
        not await asyncio.to_thread(_matches, found["password_hash"] if found else _NOBODY, password)
        or not found
    ):
        async with pool.transaction() as conn:
            await note_failure(conn, address, now)
        raise Unauthorized("login or password is wrong", code="wrong_login")
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(hours=settings.session_hours)
    async with pool.transaction(found["district_id"]) as conn:
        await conn.execute(
            SQL.open_session, digest(token), found["district_id"], found["id"], now, expires, ""
        )
    person = await who(pool, token, now)
    if person is None:
        raise Unauthorized("the account was disabled", code="wrong_login")
    return token, person


async def open_session(
    conn: Conn, *, account: UUID, district: UUID, now: datetime, until: datetime, agent: str = ""
) -> str:
    """Open a session for somebody who has been proven otherwise; return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    await conn.execute(SQL.open_session, digest(token), district, account, now, until, agent)
    return token


async def sessions(conn: Conn, account: UUID, token: str, now: datetime) -> list[Row]:
    """Return an account's live sessions, newest first: {created_at, expires_at, agent, is_this}."""
    return await conn.fetch(SQL.list_sessions, account, now, digest(token))


async def log_out_others(conn: Conn, account: UUID, token: str, now: datetime) -> int:
    """End every session of an account but the one with this token; return how many."""
    return len(await conn.fetch(SQL.revoke_others, account, now, digest(token)))


async def proven(
    conn: Conn, login: str, password: str, address: str, now: datetime, settings: Settings
) -> Row:
    """Return {id, name, role} of an account of this district whose login and password somebody gave.

    Raises Unauthorized, or TooMany; who calls counts the failure when the request is over (`note_failure`).
    """
    await check_patience(conn, address, now, settings)
    found = await conn.fetchrow(SQL.find_login, login)
    hashed = found["password_hash"] if found else _NOBODY
    fits = await asyncio.to_thread(_matches, hashed, password)
    row = await conn.fetchrow(SQL.find_of_district, found["id"]) if found and fits else None
    if row is None:
        raise Unauthorized("login or password is wrong", code="wrong_login")
    return row


async def check_patience(conn: Conn, address: str, now: datetime, settings: Settings) -> None:
    """Raise TooMany after many failures from one address, whoever it claimed to be."""
    wait = _wait(await conn.fetchrow(SQL.count_failures, address, now - WINDOW), now, settings)
    if wait > timedelta(0):
        raise TooMany("too many failed tries", max(1, int(wait.total_seconds()) + 1))


async def note_failure(conn: Conn, address: str, now: datetime) -> None:
    """Remember a wrong password."""
    await conn.execute(SQL.record_failure, address, now)


async def who(pool: Pool, token: str, now: datetime) -> Person | None:
    """Return the person whose live session the token opens, or None."""
    async with pool.transaction() as conn:
        row = await conn.fetchrow(SQL.find_session, digest(token), now)
    return Person(**row) if row else None


async def logout(pool: Pool, token: str, now: datetime) -> None:
    """End a session; ending none is no error."""
    person = await who(pool, token, now)
    if person is not None:
        async with pool.transaction(person.district_id) as conn:
            await conn.execute(SQL.revoke_session, digest(token), now)


async def disable(conn: Conn, account: UUID, now: datetime) -> None:
    """Disable an account and end its sessions."""
    await conn.execute(SQL.disable_account, account, now)
    await conn.execute(SQL.revoke_sessions, account, now)


async def disable_caregiver(conn: Conn, caregiver: UUID, now: datetime) -> None:
    """Disable the accounts of a caregiver who has left, and end their sessions."""
    for row in await conn.fetch(SQL.list_of_caregiver, caregiver):
        await disable(conn, row["id"], now)


async def set_language(conn: Conn, account: UUID, language: str) -> None:
    """Remember a person's language."""
    await conn.execute(SQL.set_language, account, language)


async def list_(conn: Conn, after: str | None = None, limit: int = 50) -> list[Row]:
    """Return the district's accounts in the order of their logins; never a hash."""
    return await conn.fetch(SQL.list_accounts, after, limit)


async def by_login(conn: Conn, login: str) -> Row | None:
    """Return {id, name, role} of the district's account with this login, if it may log in."""
    return await conn.fetchrow(SQL.find_by_login, login)


def _wait(failures: Row | None, now: datetime, settings: Settings) -> timedelta:
    """Return how long an address must wait: guessing is slowed, a call centre behind one is not shut out."""
    if failures is None or failures["n"] < settings.login_attempts:
        return timedelta(0)
    last: datetime = failures["last"]
    return last + PAUSE - now


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
