"""Contracts: the provider's unit prices, by service date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from core.db import Conn, Row
from core.ids import new_id
from core.sql import load

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Price:
    """One line of a contract."""

    service: str
    unit: str
    price: Decimal


async def create(
    conn: Conn,
    *,
    district: UUID,
    provider: UUID,
    number: str,
    valid_from: date,
    valid_to: date | None,
    prices: Iterable[Price],
) -> UUID:
    """Make a contract with its prices."""
    identity = new_id()
    await conn.execute(SQL.create_contract, identity, district, provider, number, valid_from, valid_to)
    lines = [(identity, district, line.service, line.unit, line.price) for line in prices]
    await conn.executemany(SQL.create_price, lines)
    return identity


async def price_on(conn: Conn, provider: UUID, service: str, on: date) -> Row | None:
    """Return {contract_id, number, unit, price} of a service on a service date, or None."""
    return await conn.fetchrow(SQL.find_price, provider, service, on)


async def has_one(conn: Conn, provider: UUID, on: date) -> bool:
    """Say whether the provider has a contract on a day."""
    return bool(await conn.fetchval(SQL.has_contract, provider, on))


async def list_(conn: Conn, provider: UUID | None = None) -> list[Row]:
    """Return contracts with their prices [{service, unit, price}]."""
    return await conn.fetch(SQL.list_contracts, provider)
