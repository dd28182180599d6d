from datetime import timedelta
from pathlib import Path

from core import accounts, audit, events, people, rotation, upkeep
from core.crypto import Keys
from core.db import Pool
from core.ids import new_id
from core.settings import Settings
from tests.makers import NOW, PASSWORD, make_district, make_elder, make_person


async def test_rotation_renews_every_sealed_value_and_running_processes_follow(
    pool_owner: Pool, pool_web: Pool, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"
    running = Keys.load_or_create(path)
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        elder = await make_elder(conn, running, district, phone="13812345678")
        old = await people.find_elder(conn, elder)
    said: list[str] = []
    assert await rotation.rotate(pool_owner, path, said.append) == 4
    assert "public.elder.phone_sealed: renewed" in said
    async with pool_web.transaction(district) as conn:
        new = await people.find_elder(conn, elder)
    assert new["phone_sealed"] != old["phone_sealed"]
    assert running.open(district, new["phone_sealed"]) == "13812345678"
    assert Keys.load(path).open(district, new["id_number_sealed"]) == running.open(
        district, old["id_number_sealed"]
    )
    assert await rotation.rotate(pool_owner, path, said.append) == 4


async def test_rotation_renews_dead_letters_and_what_a_running_process_seals_after_it_stays_readable(
    pool_owner: Pool, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"
    running = Keys.load_or_create(path)
    letter, district = new_id(), await make_district(pool_owner)
    async with pool_owner.transaction() as conn:
        await conn.execute(
            "INSERT INTO ingest.dead_letter"
            " (id, received_at, topic, district_id, reason, size, payload_sealed)"
            " VALUES ($1, $2, 't', $3, 'not_json', 1, $4)",
            *(letter, NOW, district, running.seal_raw(b"x")),
        )
    await rotation.rotate(pool_owner, path, lambda _: None)
    async with pool_owner.transaction() as conn:
        sealed = await conn.fetchval("SELECT payload_sealed FROM ingest.dead_letter WHERE id = $1", letter)
    assert Keys.load(path).open_raw(sealed) == b"x"
    assert Keys.load(path).open_raw(running.seal_raw(b"later")) == b"later"


async def test_upkeep_links_the_audit_log_and_drops_what_may_not_be_kept(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool
) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
        line = {"account": None, "action": "a", "subject_kind": "elder", "subject": None}
        await audit.record(conn, district=district, at=NOW, **line)  # type: ignore[arg-type]
        await events.write(
            conn, district=district, kind="case.opened", subject=new_id(), roles=["operator"], at=NOW
        )
    await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.1", NOW, Settings())
    await events.number(pool_web)
    assert await upkeep.tick(pool_worker, NOW + timedelta(days=1)) == 1
    assert len(await events.after(pool_web, 0)) == 1
    assert await upkeep.tick(pool_worker, NOW + timedelta(days=40)) == 0
    assert await events.after(pool_web, 0) == []
    async with pool_worker.transaction(district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM session") == 0
        assert await audit.verify(conn) is None
