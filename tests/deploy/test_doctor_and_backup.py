from pathlib import Path

import asyncpg
import pytest

from core.crypto import Keys
from core.errors import Failure
from core.settings import Settings
from deploy import backup, bootstrap
from deploy.doctor import Patient, examine
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.home import SUPERUSER, Home
from deploy.migrate import migrate
from tests.brokers import EmbeddedBroker
from tests.databases import FAST, Database


async def installed(path: Path) -> Home:
    """Make a stopped installation with one district in it."""
    home = Home(path)
    home.create()
    async with EmbeddedPostgres(home.postgres, password=home.secret(SUPERUSER), tuning=FAST) as server:
        home.write("ports.json", {"postgres": server.port})
        await bootstrap.bootstrap(server.dsn(), home.passwords())
        await migrate(home.dsn(bootstrap.OWNER))
        conn = await asyncpg.connect(home.dsn(bootstrap.OWNER))
        await conn.execute("INSERT INTO region (code, name) VALUES ('370503', 'Hekou')")
        await conn.close()
    return home


async def test_a_restored_installation_has_the_digest_of_its_backup(tmp_path: Path) -> None:
    home, file, other = await installed(tmp_path / "a"), tmp_path / "file", Home(tmp_path / "b")
    first = await backup.backup(home, file)
    assert file.stat().st_mode & 0o077 == 0
    assert await backup.restore(other, file) == first
    with pytest.raises(Failure, match="is not empty"):
        await backup.restore(other, file)


async def test_a_damaged_backup_leaves_an_empty_installation(tmp_path: Path) -> None:
    home, file, other = await installed(tmp_path / "a"), tmp_path / "file", Home(tmp_path / "b")
    first = await backup.backup(home, file)
    file.with_suffix(".bad").write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(Failure, match="pg_restore"):
        await backup.restore(other, file.with_suffix(".bad"))
    assert await backup.restore(other, file) == first


async def test_the_doctor_finds_a_healthy_installation_healthy(
    database: Database, broker: EmbeddedBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Keys.generate().save(tmp_path / "keys.json")
    findings = await examine(Patient(Settings(home=tmp_path), database.owner, broker.gateway_url))
    assert [finding.what for finding in findings if not finding.is_well and finding.what != "database"] == []
    assert caplog.messages == []  # nothing but its findings is told


async def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(0o644)
    nowhere = "127.0.0.1:1"
    found = {
        one.what: one.words
        for one in await examine(
            Patient(Settings(home=tmp_path), f"postgresql://u:p@{nowhere}/x", f"mqtt://{nowhere}")
        )
        if not one.is_well
    }
    assert set(found) == {"keys", "database", "clock", "broker", "queue", "telephony"}
    assert "chmod 600" in found["keys"]
    assert "does not answer" in found["database"]
    assert nowhere in found["broker"]
