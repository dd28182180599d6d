"""100,000 persons with 12 visits each: priced, checked, approved and issued; time linear in claims.

BENCH_PERSONS sets another number; FULL=1 adds the time per claim at 10,000, 100,000 and 1,000,000 claims. The
reference of the same run writes the same rows once more, by one bare INSERT ... SELECT into a table with the
same indexes.
"""

import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from core.db import Pool, prepare
from core.sql import parse
from deploy import bootstrap
from dispatch import providers
from services import contracts, policy, schemes, statements
from services.contracts import Price
from services.settlement import acts, runs, seals
from tests import makers
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.stage import Stage

SQL = parse((Path(__file__).parent / "settlement_world.sql").read_text("utf-8"))
PERSONS = int(os.environ.get("BENCH_PERSONS", "100000"))
VISITS, PROVIDERS = 12, 20
BAR_S = 60.0
LINEAR = 1.5
"""So many times the time per claim may grow from one size to the next, noise included."""
MONTH = date(2026, 11, 1)
NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)
PRICES = {"meal": "15", "bath": "80", "clean": "40", "walk": "30", "medical": "60", "emergency": "60"}
_TEXT = Path(policy.__file__).parents[1] / "data" / "schemes" / "hekou_home_visits.toml"
_SIZES = (833, 8_333, 83_333)


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        sizes = (*_SIZES, PERSONS) if os.environ.get("FULL") else (PERSONS,)
        per_claim: list[float] = []
        for nth, persons in enumerate(sizes):
            took, figures = await _one(built, f"37{nth:04d}", persons)
            per_claim.append(took / (persons * VISITS) * 1e6)
            if nth == len(sizes) - 1:
                for figure in figures:
                    yield figure
        for before, after, size in zip(per_claim[:2], per_claim[1:3], _SIZES[1:], strict=False):
            name = f"per_claim_at_{size * VISITS}"
            yield Figure("settlement", name, after, "us", before, LINEAR, after <= LINEAR * before)


async def _one(built: Stage, code: str, persons: int) -> tuple[float, list[Figure]]:
    """Settle a month of a fresh district; return the seconds and the figures."""
    pool = await Pool.open(built.dsn(bootstrap.WORKER), size=8)
    try:
        district, people = await _world(built, pool, code, persons)
        before = await _cpu(built)
        marks = [time.perf_counter()]
        async with pool.transaction(district) as conn:
            month = await runs.start(conn, district=district, month=MONTH, step="draft", now=NOW)
        await runs.work(pool, district, month, lambda: NOW)
        marks.append(time.perf_counter())
        async with pool.transaction(district) as conn:
            singly = (await runs.show(conn, month))["singly"]
            month = await runs.start(
                conn, district=district, month=MONTH, step="check", now=NOW, account=people["clerk"]
            )
        await runs.work(pool, district, month, lambda: NOW)
        marks.append(time.perf_counter())
        claims = await _issue(pool, district, people)
        marks.append(time.perf_counter())
        assert claims == persons * VISITS, claims
        took, spent = marks[-1] - marks[0], await _cpu(built) - before
        bare, bare_cpu = await _bare(built, district)
        parts = zip(("priced", "checked", "issued"), marks, marks[1:], strict=False)
        figures = [Figure("settlement", name, end - begin, "s") for name, begin, end in parts]
        whole = Figure("settlement", "settled", took, "s", bare, BAR_S, took <= BAR_S)
        figures.append(Figure("settlement", "priced_one_by_one", singly, "visits", None, 0, singly == 0))
        figures += [whole, Figure("settlement", "database_cpu", spent, "s", bare_cpu)]
        return took, [*figures, Figure("settlement", "claims_per_second", claims / took, "1/s")]
    finally:
        await pool.close()


async def _issue(pool: Pool, district: UUID, people: dict[str, UUID]) -> int:
    """Confirm, approve and issue every statement; return how many lines are sealed."""
    lines = 0
    async with pool.transaction(district) as conn:
        found = [row["id"] for row in await statements.list_(conn, MONTH, limit=200)]
    for statement in found:
        async with pool.transaction(district) as conn:
            await acts.confirm(conn, statement, people["provider_manager"], NOW)
            await acts.approve(conn, statement, people["approver"], NOW)
            await acts.issue(conn, statement, people["clerk"], NOW)
            lines += (await seals.find(conn, statement))["lines"]
    return lines


async def _world(built: Stage, pool: Pool, code: str, persons: int) -> tuple[UUID, dict[str, UUID]]:
    owner = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
    district = await makers.make_district(owner, code)
    await owner.close()
    people: dict[str, UUID] = {}
    async with pool.transaction(district) as conn:
        for nth in range(PROVIDERS):
            named: dict[str, Any] = {"district": district, "name": f"provider {nth}", "phone": None}
            provider = await providers.create(conn, built.keys, **named, now=NOW)
            terms: dict[str, Any] = {"number": f"C-{nth}", "valid_from": date(2026, 1, 1), "valid_to": None}
            prices = [Price(service, "visit", Decimal(price)) for service, price in PRICES.items()]
            await contracts.create(conn, district=district, provider=provider, **terms, prices=prices)
        for role in ("clerk", "approver", "provider_manager"):
            people[role] = (await makers.make_person(conn, district, role)).account_id
        text = _TEXT.read_text("utf-8").replace('"370503"', f'"{code}"')
        await schemes.load(conn, district=district, district_code=code, text=text, now=NOW)
    await _fill(built, district, persons)
    return district, people


async def _fill(built: Stage, district: UUID, persons: int) -> None:
    """Write persons and visits past triggers and keys: they are not what is measured."""
    conn = await _superuser(built)
    try:
        await conn.execute("SET session_replication_role = replica")
        await conn.execute(SQL["make_homes"], district, persons)
        for name in ("make_elders", "make_grades"):
            await conn.execute(SQL[name], district)
        await conn.execute(SQL["make_enrolments"], district, "hekou_home_visits")
        await conn.execute(SQL["make_caregivers"], district)
        await conn.execute(SQL["make_visits"], district, VISITS)
        for name in ("make_proofs", "make_waiting"):
            await conn.execute(SQL[name], district)
        await conn.execute("ANALYZE")
        await conn.execute("CHECKPOINT")
    finally:
        await conn.close()


async def _bare(built: Stage, district: UUID) -> tuple[float, float]:
    """Write the same rows once more, nothing computed; return the seconds, and the processor's."""
    conn = await _superuser(built)
    try:
        await conn.execute("DROP TABLE IF EXISTS bare_claim")
        await conn.execute(SQL["make_copy"])
        before, began = await _cpu(built), time.perf_counter()
        await conn.execute(SQL["copy_bare"], district)
        return time.perf_counter() - began, await _cpu(built) - before
    finally:
        await conn.close()


async def _cpu(built: Stage) -> float:
    """Return the processor seconds of the database's processes so far (0: it runs on another machine)."""
    conn = await _superuser(built)
    try:
        fields = [_fields(row["pid"]) for row in await conn.fetch(SQL["list_backends"])]
    finally:
        await conn.close()
    if not all(fields):
        return 0.0
    parent = _fields(int(fields[0][1]))
    ticks = sum(int(one[11]) + int(one[12]) for one in fields) + sum(int(one) for one in parent[13:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(process: int) -> list[str]:
    """Return what the system says of a process, behind its name: state, parent, …"""
    path = Path(f"/proc/{process}/stat")
    return path.read_text("utf-8").rpartition(")")[2].split() if path.exists() else []


async def _superuser(built: Stage) -> asyncpg.Connection:
    conn = await asyncpg.connect(bootstrap.with_database(built.server.superuser, stage.DATABASE))
    await prepare(conn)
    return conn
