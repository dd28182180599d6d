import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import pytest

from core.errors import Failure
from deploy import bootstrap
from deploy.embedded import child
from deploy.embedded.postgres import EmbeddedPostgres
from tests.databases import Database

PASSWORD = "secret"


async def test_a_server_keeps_its_data_in_a_path_with_a_space_and_chinese_signs(tmp_path: Path) -> None:
    data = tmp_path / "a folder" / "\u6570\u636e"
    async with EmbeddedPostgres(data, password=PASSWORD) as server:
        conn = await asyncpg.connect(server.dsn())
        await conn.execute("CREATE TABLE kept AS SELECT upper('\u00e9') AS letter")
        await conn.close()
    async with EmbeddedPostgres(data, server.port, password=PASSWORD) as again:
        conn = await asyncpg.connect(again.dsn())
        assert await conn.fetchval("SELECT letter FROM kept") == "\u00c9"
        await conn.close()


async def test_a_wrong_password_is_refused(database: Database) -> None:
    dsn = bootstrap.with_role(database.superuser, bootstrap.WEB, "guess", database.name)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn)


async def test_a_stale_pid_file_does_not_prevent_the_start(tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path / "d", password=PASSWORD) as server:
        pass
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    async with EmbeddedPostgres(tmp_path / "d", password=PASSWORD) as again:
        assert again.process is not None


async def test_a_taken_port_is_replaced_by_a_free_one(tmp_path: Path, database: Database) -> None:
    taken = int(database.superuser.rpartition(":")[2].split("/")[0])
    async with EmbeddedPostgres(tmp_path / "d", taken, password=PASSWORD) as server:
        assert server.port != taken


def test_the_server_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys, pathlib\n"
        "from deploy.embedded.postgres import EmbeddedPostgres\n"
        "async def main():\n"
        "    s = EmbeddedPostgres(pathlib.Path(sys.argv[1]), password='p')\n"
        "    await s.start(); print(s.process.pid, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "d")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while _is_running(pid):
        assert time.monotonic() < deadline


def _is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def test_the_roles_are_no_superusers_and_cannot_make_tables_in_public(database: Database) -> None:
    for dsn in (database.gateway, database.worker, database.web):
        conn = await asyncpg.connect(dsn)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute("CREATE TABLE public.x (a int)")
        assert not await conn.fetchval(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        await conn.close()


def _user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def no_namespace() -> None:
    raise OSError("no user namespace")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must hide")
async def test_root_without_user_namespaces_becomes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "in_namespace", no_namespace)
    with tempfile.TemporaryDirectory(prefix="yinling-nobody-") as folder:
        async with EmbeddedPostgres(Path(folder) / "d", password=PASSWORD) as server:
            assert server.process is not None
            assert _user_of(server.process.pid) == child.NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must hide")
async def test_root_without_any_way_is_told_to_be_somebody_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(child, "in_namespace", no_namespace)
    with pytest.raises(Failure, match="as a normal user"):
        await EmbeddedPostgres(tmp_path / "d", password=PASSWORD).start()
