"""What chaos happens to: Mosquitto, PostgreSQL, gateway, dispatch and web, each looked after."""

import asyncio
import contextlib
import getpass
import os
import secrets
import signal
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from core.crypto import Keys
from core.db import Pool
from deploy import bootstrap
from deploy.embedded import child
from deploy.embedded.postgres import HOST, EmbeddedPostgres, free_port
from deploy.migrate import migrate
from deploy.mosquitto import files, sync
from deploy.supervisor import DatabaseRole, Role
from devices import care_beds, registry
from devices.registry import Credentials
from tests.bench.stage import mosquitto
from tests.databases import Server
from tests.makers import make_district, make_elder, make_home
from tests.waiting import until_true

DATABASE = "yinling"
VICTIMS = ("gateway", "dispatch", "web", "broker", "database")
_RESTART_S = 0.3
_STALE_S = 60.0  # nobody beats for so long and is called ready


def note(line: str) -> None:
    """Write what is not a figure into the log of the run."""
    with (Path(os.environ["CHAOS_LOG"]) if "CHAOS_LOG" in os.environ else Path(os.devnull)).open("a") as log:
        log.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")


@dataclass
class Mosquitto:
    """A real Mosquitto with the configuration that we ship; a dead one is started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    service_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, wait until it answers, look after it."""
        text = files.local_config(self.folder, self.port, self.service_port, getpass.getuser())
        (self.folder / "mosquitto.conf").write_text(text, encoding="utf-8")
        self._spawn()
        await until_true(self._answers)
        self._task = asyncio.create_task(self._look_after())

    async def stop(self, sig: int = signal.SIGTERM) -> None:
        """Stop it, as a machine does that is shut down in order."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.process is not None:
            await child.stop(self.process, sig, 10)

    def reload(self) -> None:
        """Let it read its files again."""
        if self.process is not None:
            self.process.send_signal(signal.SIGHUP)

    def _spawn(self) -> None:
        with (self.folder / "mosquitto.log").open("ab") as log:
            self.process = child.start([mosquitto(), "-c", str(self.folder / "mosquitto.conf")], log=log)

    async def _look_after(self) -> None:
        while self.process is not None:
            await child.ended(self.process, float("inf"))
            await asyncio.sleep(_RESTART_S)
            self._spawn()

    async def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(HOST, self.service_port)
            writer.close()
            return True
        return False


@dataclass
class Theatre:
    """Everything that runs, and how each of it is killed."""

    folder: Path
    server: Server
    keys: Keys
    database: DatabaseRole
    broker: Mosquitto
    roles: dict[str, Role]
    http_port: int
    password: str
    _sync: asyncio.Task[None] | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def build(cls, folder: Path) -> "Theatre":
        """Start the database, migrate it, and write down how the rest is started."""
        postgres = EmbeddedPostgres(folder / "postgres", password=secrets.token_hex(12))
        database = DatabaseRole(postgres, note)
        await database.start()
        server = Server(postgres.dsn(), {role: secrets.token_hex(12) for role in bootstrap.ROLES})
        await bootstrap.bootstrap(server.superuser, server.passwords, DATABASE)
        await migrate(server.dsn(bootstrap.OWNER, DATABASE))
        keys = Keys.load_or_create(folder / "keys.json")
        return cls(
            folder, server, keys, database, Mosquitto(folder), {}, free_port(), password=secrets.token_hex(8)
        )

    def dsn(self, role: str) -> str:
        """Return the URL of a role."""
        return self.server.dsn(role, DATABASE)

    @property
    def gateway_url(self) -> str:
        """The broker's URL with the gateway's own credentials."""
        return f"mqtt://gateway:{self.password}@{HOST}:{self.broker.service_port}"

    def device_url(self, made: Credentials) -> str:
        """The broker's URL with a device's credentials."""
        return f"mqtt://{made.username}:{made.password}@{HOST}:{self.broker.port}"

    async def open(self) -> None:
        """Start broker and roles; everything is ready when this returns."""
        services = {"gateway": self.password}
        place = f"mqtt://{HOST}:{self.broker.service_port}"
        dsn = self.dsn(bootstrap.GATEWAY)
        work = sync.run(dsn, self.folder, services, self.broker.reload, self._stop, place)
        self._sync = asyncio.create_task(work)
        await until_true(self._has_files)
        await self.broker.start()
        self._role("gateway", "gateway", bootstrap.GATEWAY)
        self._role("dispatch", "dispatch", bootstrap.WORKER)
        self._role("web", "dashboards", bootstrap.WEB)
        for role in self.roles.values():
            role.start()
        await until_true(self.is_ready, seconds=60)

    async def _has_files(self) -> bool:
        return (self.folder / "passwords").exists()

    def _role(self, name: str, package: str, user: str) -> None:
        env = {
            "YINLING_HOME": str(self.folder),
            "YINLING_DATABASE_URL": self.dsn(user),
            "YINLING_MQTT_URL": self.gateway_url,
            "YINLING_HTTP_PORT": str(self.http_port),
            "YINLING_LOG_LEVEL": "warning",
        }
        self.roles[name] = Role(name, ["-m", package], env, self.folder / f"{name}.log", note)

    async def close(self) -> None:
        """Stop everything."""
        for role in self.roles.values():
            await role.stop()
        await self.broker.stop()
        self._stop.set()
        if self._sync is not None:
            await asyncio.gather(self._sync, return_exceptions=True)
        await self.database.stop()

    def kill(self, victim: str) -> bool:
        """End a process as a power cut does; False when it is down already."""
        pid = self.pid(victim)
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def pid(self, victim: str) -> int | None:
        """Return a victim's process, while it lives."""
        if victim in self.roles:
            return self.roles[victim].pid
        process = self.broker.process if victim == "broker" else self.database.server.process
        return process.pid if process is not None and process.poll() is None else None

    async def is_ready(self) -> bool:
        """Say whether web answers and gateway and dispatch have beaten since the database is there."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, httpx.HTTPError):
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                answer = await client.get(f"http://{HOST}:{self.http_port}/readyz")
            roles = answer.json()["roles"]
            return bool(roles["gateway"] and roles["dispatch"] and roles["web"])
        return False

    async def settle(self, count: int) -> tuple[list[Credentials], Credentials, list[UUID]]:
        """Make elders, each with a bed and a device; and a hub with one button for every fourth bed."""
        pool = await Pool.open(self.dsn(bootstrap.OWNER))
        try:
            district = await make_district(pool)
            now = datetime.now(UTC)
            async with pool.transaction(district) as conn:
                common: dict[str, Any] = {"district": district, "now": now}
                hub = await registry.add(conn, thing_model="hub_v1", **common)
                made, buttons = [], []
                for nth in range(count):
                    home = await make_home(conn, self.keys, district)
                    bed = await care_beds.create(
                        conn,
                        district=district,
                        elder=await make_elder(conn, self.keys, district, home),
                        home=home,
                        label=f"bed {nth}",
                        enrolled_on=date(2026, 1, 1),
                    )
                    made.append(await registry.add(conn, thing_model="care_bed_v1", care_bed=bed, **common))
                    given: dict[str, Any] = {
                        "hub": hub.device_id,
                        "ecosystem": "zigbee2mqtt",
                        "address": f"button-{nth}",
                    }
                    if nth % 4 == 0:
                        button = await registry.add(
                            conn, thing_model="sos_button_v1", care_bed=bed, **common, **given
                        )
                        buttons.append(button.device_id)
            return made, hub, buttons
        finally:
            await pool.close()
