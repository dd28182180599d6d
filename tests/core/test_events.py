from typing import Any
from uuid import UUID

from core import audit, events
from core.db import Conn, Pool
from core.ids import new_id
from tests.databases import Database
from tests.makers import NOW, make_district


async def _write(conn: Conn, district: UUID, kind: str) -> None:
    await events.write(conn, district=district, kind=kind, subject=new_id(), roles=["operator"], at=NOW)


async def test_an_event_that_commits_late_gets_a_later_number_and_is_seen(
    database: Database, pool_owner: Pool, pool_web: Pool
) -> None:
    district = await make_district(pool_owner)
    other = await Pool.open(database.web, size=1)
    try:
        async with pool_web.transaction(district) as slow:
            await _write(slow, district, "case.claimed")
            async with other.transaction(district) as fast:
                await _write(fast, district, "case.closed")
            assert await events.number(other) == 1
            first = await events.after(other, 0)
            assert [event.kind for event in first] == ["case.closed"]
        assert await events.number(other) == 1
        later = await events.after(other, first[-1].number)
    finally:
        await other.close()
    assert [event.kind for event in later] == ["case.claimed"]
    assert later[0].number == first[0].number + 1
    assert await events.bounds(pool_web) == (1, 2)


async def test_the_audit_chain_names_the_first_line_that_was_changed(
    pool_owner: Pool, pool_worker: Pool
) -> None:
    district = await make_district(pool_owner)
    async with pool_worker.transaction(district) as conn:
        for action in ("a", "b", "c"):
            line: dict[str, Any] = {
                "account": None,
                "action": action,
                "subject_kind": "elder",
                "subject": None,
            }
            await audit.record(conn, district=district, at=NOW, **line)
        assert await audit.link(conn, district) == 3
        assert await audit.link(conn, district) == 0
        assert await audit.verify(conn) is None
    async with pool_owner.transaction(district) as conn:
        await conn.execute("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only")
        await conn.execute("UPDATE audit_log SET action = 'x' WHERE number = 2")
    async with pool_worker.transaction(district) as conn:
        assert await audit.verify(conn) == 2
