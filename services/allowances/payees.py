"""The accounts into which allowances are paid: sealed, shown by four digits, revealed on record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit, people
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong

SQL = load(__file__)
RELATIONS = ("self", "guardian", "family", "institution")
_SHORTEST, _LONGEST = 8, 30
_NAME = 80


@dataclass(frozen=True, slots=True)
class NewPayee:
    """Whose account, at which bank; `number` as it stands on the card."""

    holder: str
    relation: str
    bank: str
    number: str


async def record(conn: Conn, keys: Keys, elder: UUID, new: NewPayee, by: Person, now: datetime) -> UUID:
    """Record the account from now on, in place of the one before; raise Invalid by field."""
    person = await people.find_elder(conn, elder)
    number = check_number(new.number)
    one_of("relation", new.relation, RELATIONS)
    holder = new.holder.strip()[:_NAME]
    if not holder:
        raise wrong("holder", "empty", "whose account it is")
    await conn.execute(SQL.end_payee, elder, now)
    identity, district = new_id(), person["district_id"]
    what = (holder, new.relation, new.bank.strip()[:_NAME], keys.seal(district, number), number[-4:])
    await conn.execute(SQL.create_payee, identity, district, elder, *what, by.account_id, now)
    await _note(conn, by, now, "payee.record", elder, {"payee": str(identity)})
    return identity


def check_number(text: str) -> str:
    """Return an account number without its gaps, or raise Invalid (also of a spreadsheet's 6.2E+18)."""
    number = text.replace(" ", "").replace("-", "")
    if not (number.isascii() and number.isdigit()):
        raise wrong("number", "account_number", "digits only, as on the card")
    if not _SHORTEST <= len(number) <= _LONGEST:
        raise wrong("number", "account_number", f"{_SHORTEST} to {_LONGEST} digits")
    return number


async def find(conn: Conn, elder: UUID) -> Row | None:
    """Return the person's account {id, holder, relation, bank, account_tail, recorded_at}, or None."""
    return await conn.fetchrow(SQL.find_payee, elder)


async def reveal(conn: Conn, keys: Keys, elder: UUID, by: Person, now: datetime) -> str:
    """Return the account number in clear, on record; raise NotFound when there is none."""
    row = await find(conn, elder)
    if row is None:
        raise NotFound(f"elder {elder} has no account for payments")
    await _note(conn, by, now, "reveal", elder, {"field": "payee_account"})
    return keys.open(by.district_id, row["account_sealed"])


async def _note(
    conn: Conn, by: Person, now: datetime, action: str, elder: UUID, detail: dict[str, object]
) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="elder",
        subject=elder,
        detail=detail,
    )
