"""compose.yaml cannot run here; what can be read off it is held."""

import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml  # type: ignore[import-untyped]  # no stubs in the lock

from core.errors import Failure
from deploy import bootstrap
from deploy.prepare import prepare
from deploy.serve import ROLES
from tests.databases import Server

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def test_every_role_has_a_service(compose: dict[str, Any]) -> None:
    commands = [service.get("command") for service in compose["services"].values()]
    for role in ROLES:
        assert ["yinling", "serve", role] in commands


def test_the_database_is_timescale_and_the_broker_mosquitto(compose: dict[str, Any]) -> None:
    assert compose["services"]["database"]["image"].startswith("timescale/timescaledb:")
    assert compose["services"]["mosquitto"]["image"].startswith("eclipse-mosquitto:2")


def test_every_image_names_its_version(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert re.search(r":[^:]*(\d|\$\{)", service["image"])


def test_every_secret_is_declared_and_explained(compose: dict[str, Any]) -> None:
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    example = (DEPLOY / "example.env").read_text()
    for secret in compose["secrets"].values():
        assert Path(secret["file"]).name in example


def test_every_dependency_and_volume_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        named = {
            str(volume).split(":")[0]
            for volume in service.get("volumes", [])
            if not str(volume).startswith(".")
        }
        assert named <= set(compose["volumes"])


def test_nothing_listens_beyond_this_host_unless_told(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert all(":-127.0.0.1:" in port for port in ports)


def test_the_image_copies_every_package() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for package in ("core", "devices", "gateway", "dispatch", "services", "dashboards", "deploy"):
        assert f"COPY {package} {package}\n" in text
    assert "--require-hashes" in text


async def test_prepare_makes_roles_database_and_schema_from_the_secrets(
    server: Server, tmp_path: Path
) -> None:
    names = {
        "owner": bootstrap.OWNER,
        "gateway": bootstrap.GATEWAY,
        "worker": bootstrap.WORKER,
        "web": bootstrap.WEB,
    }
    for short, role in names.items():
        (tmp_path / f"{short}_database_url").write_text(server.dsn(role, "prepared") + "\n")
    superuser = server.superuser.split("//postgres:")[1].split("@")[0]
    (tmp_path / "postgres_password").write_text(superuser)
    try:
        assert await prepare(tmp_path)
        assert await prepare(tmp_path) == []
        conn = await asyncpg.connect(server.dsn(bootstrap.WEB, "prepared"))
        assert await conn.fetchval("SELECT count(*) FROM district") == 0
        await conn.close()
    finally:
        await server.run("DROP DATABASE IF EXISTS prepared WITH (FORCE)")


async def test_prepare_names_a_secret_that_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="owner_database_url"):
        await prepare(tmp_path)
