"""One claim's chain, from the device's message to the payment, gathered and signed as one file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from core import audit
from core.accounts import Person
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.signing import Ring
from core.sql import load
from services.evidence import heads, lines, masking
from services.evidence.lines import Head, Leaf
from services.settlement import seals

SQL = load(__file__)
AROUND = timedelta(minutes=15)
"""How long before and after a visit the home's devices are heard as witnesses."""
_CODED = ("elements", "witnesses", "data", "evidence", "record", "check_in", "check_out")


@dataclass(frozen=True, slots=True)
class Pack:
    """A signed file, UTF-8 text; `name` is what to call it."""

    id: UUID
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Maker:
    """Who asks for a pack: a person, or somebody at the server's shell (no account, role `shell`)."""

    district: UUID
    code: str
    account: UUID | None
    role: str

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return the maker that a person is."""
        return cls(person.district_id, person.district_code, person.account_id, person.role)


async def build(conn: Conn, ring: Ring, claim: UUID, by: Maker, now: datetime) -> Pack:
    """Return the pack of a claim of the current district, and put it on the audit log; raise NotFound."""
    row = await conn.fetchrow(SQL.find_claim, claim)
    if row is None:
        raise NotFound(f"no claim {claim}")
    found = [*await _money(conn, row), *await _visit(conn, row), *await _statement(conn, row)]
    identity, key = new_id(), ring.newest
    about = {
        "claim": claim,
        "made_at": now,
        "made_by": by.account,
        "role": by.role,
        "district": by.code,
        "key_number": key.number,
        "fingerprint": key.fingerprint,
    }
    data = lines.write(Head(str(identity), key.hex, about), found, ring.sign)
    await _note(conn, claim, identity, by, now)
    return Pack(identity, f"evidence-{claim}.jsonl", data)


async def _note(conn: Conn, claim: UUID, identity: UUID, by: Maker, now: datetime) -> None:
    await audit.record(
        conn,
        district=by.district,
        at=now,
        account=by.account,
        action="evidence.pack",
        subject_kind="claim",
        subject=claim,
        detail={"pack": str(identity), "role": by.role},
    )


async def _money(conn: Conn, claim: Row) -> list[Leaf]:
    masked = {**claim, "person": masking.name(claim["person"]), "born": claim["born_on"].year}
    town = (claim["region_code"] or "")[:9]
    hidden = {"born_on", "region_code", "case_id", "care_bed_id"}
    shown = {key: value for key, value in masked.items() if key not in hidden} | {"town": town}
    on = claim["service_on"]
    grades = await conn.fetch(SQL.list_grades, claim["elder_id"], on)
    prices = await conn.fetch(SQL.list_prices, claim["provider_id"], claim["service"], on)
    return [
        *_part("claim", shown),
        *_one("scheme", await conn.fetchrow(SQL.find_scheme, claim["scheme_id"])),
        *_one("entitlement", await conn.fetchrow(SQL.find_entitlement, claim["entitlement_id"])),
        *_parts("grade", grades),
        *_parts("price", prices),
    ]


async def _visit(conn: Conn, claim: Row) -> list[Leaf]:
    row = await conn.fetchrow(SQL.find_visit, claim["visit_id"])
    assert row is not None  # noqa: S101 - a claim's visit is a foreign key
    visit = {**row, "caregiver": masking.name(row["caregiver"] or ""), "record_sha256": _hash(row["record"])}
    start, end = row["started_at"] or row["window_start"], row["ended_at"] or row["window_end"]
    span = (start - AROUND, end + AROUND)
    readings = await conn.fetch(SQL.list_readings, claim["care_bed_id"], claim["elder_id"], *span)
    found = [
        *_part("visit", visit),
        *_parts("step", _hashed(await conn.fetch(SQL.list_steps, row["id"]))),
        *_parts("paper", await conn.fetch(SQL.list_papers, row["id"])),
        *_parts("device", readings),
    ]
    if claim["case_id"] is None:
        return found
    steps = await conn.fetch(SQL.list_case_steps, claim["case_id"])
    return [
        *found,
        *_one("case", await conn.fetchrow(SQL.find_case, claim["case_id"])),
        *_parts("case_step", _hashed(steps)),
        *_parts("alarm", await conn.fetch(SQL.list_alarms, claim["case_id"])),
    ]


async def _statement(conn: Conn, claim: Row) -> list[Leaf]:
    row = await conn.fetchrow(SQL.find_statement, claim["statement_id"])
    assert row is not None  # noqa: S101 - a claim's statement is a foreign key
    found = _part("statement", row)
    if row["seal_hash"] is not None:
        found += await _place(conn, row["id"], claim["id"])
    subjects = [claim["id"], claim["visit_id"], claim["statement_id"]]
    found += _parts("beside", await conn.fetch(SQL.list_beside, claim["id"], claim["visit_id"]))
    found += _parts("payment", await conn.fetch(SQL.list_payments, row["id"]))
    found += _parts("logged", await conn.fetch(SQL.list_logged, subjects))
    head = await heads.head(conn)
    return [*found, *_part("audit", {"number": head.number, "hash": head.hex} if head else {"number": 0})]


async def _place(conn: Conn, statement: UUID, claim: UUID) -> list[Leaf]:
    """Return what shows that the claim stands in the sealed statement."""
    place = await seals.place(conn, statement, claim)
    hashes = {"block": place.block, "blocks": place.blocks}
    shown = {name: [one.hex() for one in every] for name, every in hashes.items()}
    return _part("place", {"number": place.number, "body": place.body, **shown})


def _one(part: str, row: Row | None) -> list[Leaf]:
    return _part(part, row) if row is not None else []


def _parts(part: str, rows: Iterable[Mapping[str, Any]]) -> list[Leaf]:
    return lines.numbered(part, (_safe(row) for row in rows))


def _part(part: str, row: Mapping[str, Any]) -> list[Leaf]:
    return lines.leaves(part, _safe(row))


def _safe(row: Mapping[str, Any]) -> dict[str, object]:
    """Return a row whose JSON holds codes and figures only."""
    return {key: masking.codes(value) if key in _CODED else value for key, value in row.items()}


def _hashed(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{**row, "data_sha256": _hash(row["data"])} for row in rows]


def _hash(value: object) -> str | None:
    return None if value is None else masking.digest(value)
