"""What the desk shows of money: claims by filter, and the whole chain behind one of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from services import claims

SQL = load(__file__)
PAGE = 50


@dataclass(frozen=True)
class Filter:
    """Which claims."""

    month: date | None = None
    provider: UUID | None = None
    service: str | None = None
    flagged: bool | None = None
    statement: UUID | None = None

    @property
    def values(self) -> tuple[object, ...]:
        """The filter as arguments of the statements."""
        return (self.month, self.provider, self.service, self.flagged, self.statement)


@dataclass(frozen=True)
class Evidence:
    """A claim and everything it rests on, back to the device's message."""

    claim: Row
    visit: Row
    steps: list[Row]
    messages: list[dict[str, Any]]


async def page(conn: Conn, wanted: Filter, after: UUID | None) -> tuple[list[Row], UUID | None]:
    """Return a page of claims, and after which the next one begins (None: that was all)."""
    rows = await conn.fetch(SQL.list_claims, *wanted.values, after, PAGE + 1)
    return rows[:PAGE], rows[PAGE - 1]["id"] if len(rows) > PAGE else None


async def sums(conn: Conn, wanted: Filter) -> Row:
    """Return what the claims of a filter add up to."""
    row = await conn.fetchrow(SQL.sum_claims, *wanted.values)
    if row is None:
        raise LookupError("an aggregate has a row")
    return row


async def providers(conn: Conn, only: UUID | None) -> list[Row]:
    """Return providers to choose from."""
    return await conn.fetch(SQL.list_providers, only)


async def evidence(conn: Conn, claim_id: UUID, only: UUID | None) -> Evidence:
    """Return the chain behind a claim; another provider's claim: NotFound."""
    claim = await claims.find(conn, claim_id)
    if only is not None and claim["provider_id"] != only:
        raise NotFound(f"no claim {claim_id}")
    visit = await conn.fetchrow(SQL.find_evidence, claim["visit_id"])
    if visit is None:
        raise NotFound(f"no visit {claim['visit_id']}")
    case = visit["case_id"]
    messages = await conn.fetch(SQL.list_messages, case) if case else []
    return Evidence(
        claim=claim,
        visit=visit,
        steps=await conn.fetch(SQL.list_steps, claim["visit_id"]),
        messages=[{**row, "raw": _text(row["raw"])} for row in messages],
    )


def _text(raw: bytes | None) -> str:
    return raw.decode("utf-8", "replace")[:4000] if raw else ""
