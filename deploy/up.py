"""`yinling up`: the whole installation in one process tree on this machine, loopback only."""

import asyncio
import os
import sys
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import httpx

from core import heartbeats, signing
from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from core.signing import Ring
from deploy import bootstrap, links
from deploy.embedded.broker import stop_on_signals
from deploy.embedded.postgres import HOST, EmbeddedPostgres, free_port, is_free
from deploy.home import CARRIER, SUPERUSER, Home
from deploy.migrate import migrate
from deploy.pretend.numbers import ACCOUNT, CENTRE
from deploy.supervisor import DatabaseRole, Role
from dispatch import vapid

_PATIENCE = 60.0
_TOO_OFTEN = 3  # deaths before the first readiness that end the start
_DEMO_HOMES = 20
_PHONES = "pretended-phones.json"
_MANNERS = {"simulator": 0.5}  # seconds to say goodbye; a hundred pretend devices need not


@dataclass(frozen=True)
class Wanted:
    """What the person asked for."""

    home: Path
    http_port: int
    mqtt_port: int
    demo: bool
    homes: int | None

    @property
    def simulated(self) -> int:
        """How many pretend homes to run; none without the demo, as they live in its districts."""
        return (_DEMO_HOMES if self.homes is None else self.homes) if self.demo else 0


def say(line: str) -> None:
    """Tell the person."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def up(wanted: Wanted) -> None:
    """Start everything, say where to look, and stop everything when asked."""
    os.umask(0o077)
    stop = stop_on_signals()
    home = Home(wanted.home)
    home.create()
    with home.lock():
        installation = Installation(wanted, home)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(installation.stop)
            started = asyncio.create_task(installation.start())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({started, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not stop.is_set():
                await started
                await stopped
            started.cancel()
            await asyncio.gather(started, return_exceptions=True)
            say("stopping")
    say("stopped; everything is kept in " + str(home.path))


@dataclass
class Installation:
    """The process tree."""

    wanted: Wanted
    home: Home
    database: DatabaseRole | None = None
    broker: Role | None = None
    roles: list[Role] = field(default_factory=list)
    _began: float = field(default_factory=monotonic)

    async def start(self) -> None:
        """Start one after the other what needs the other."""
        ports = self._choose_ports()
        say(f"yinling: starting in {self.home.path}")
        await self._step("database", self._start_database(ports))
        await self._step("schema", self._prepare())
        if self.wanted.demo:
            await self._step("demo districts", self._load_demo())
        self.broker = self._role("broker", ["-m", "deploy.embedded", str(ports["mqtt"])], bootstrap.GATEWAY)
        self.broker.start()
        for name, package, role in (
            ("gateway", "gateway", bootstrap.GATEWAY),
            ("dispatch", "dispatch", bootstrap.WORKER),
            ("services", "services", bootstrap.WORKER),
            ("web", "dashboards", bootstrap.WEB),
        ):
            self._add(self._role(name, ["-m", package], role))
        await self._step("broker, gateway, dispatch, services, web", self._ready(ports["http"]))
        if self.wanted.demo:
            self._start_phones(ports)
        if self.wanted.simulated:
            arguments = ["-m", "deploy", "simulate", "--homes", str(self.wanted.simulated)]
            self._add(self._role("simulator", arguments, bootstrap.GATEWAY))
        phones = f"http://{HOST}:{ports['phones']}" if self.wanted.demo else None
        url = f"http://{HOST}:{ports['http']}"
        say(links.text(url, self.home, simulated=self.wanted.simulated, phones=phones))

    async def stop(self) -> None:
        """Stop everything, in the order in which it is not missed."""
        await asyncio.gather(*(role.stop(_MANNERS.get(role.name, 10)) for role in self.roles))
        if self.broker is not None:
            await self.broker.stop()
        if self.database is not None:
            await self.database.stop()

    def _choose_ports(self) -> dict[str, int]:
        chosen = {"http": self.wanted.http_port, "mqtt": self.wanted.mqtt_port}
        for name, port in chosen.items():
            if port and not is_free(port):
                raise Failure(f"port {port} is taken: choose another with --{name}-port")
        if self.wanted.demo:
            chosen["phones"] = 0
        return {name: port or free_port() for name, port in chosen.items()}

    async def _step(self, name: str, work: Awaitable[None]) -> None:
        began = monotonic()
        await work
        say(f"  {name} ({monotonic() - began:.1f} s)")

    async def _start_database(self, ports: dict[str, int]) -> None:
        server = EmbeddedPostgres(
            self.home.postgres,
            self.home.ports().get("postgres", 0),
            password=self.home.secret(SUPERUSER),
            log=self.home.logs / "postgres.log",
        )
        self.database = DatabaseRole(server, say)
        await self.database.start()
        self.home.write("ports.json", ports | {"postgres": server.port})

    async def _prepare(self) -> None:
        assert self.database is not None  # noqa: S101 - started a step earlier
        await bootstrap.bootstrap(self.database.server.dsn(), self.home.passwords())
        await migrate(self.home.dsn(bootstrap.OWNER))
        pool = await Pool.open(self.home.dsn(bootstrap.OWNER), size=1, name="up")
        try:
            await heartbeats.forget_all(pool)
        finally:
            await pool.close()
        Keys.load_or_create(self.home.path / "keys.json")
        Ring.load_or_create(self.home.path / signing.FILE, datetime.now(UTC))
        vapid.load_or_create(self.home.path / vapid.FILE)

    async def _load_demo(self) -> None:
        from deploy import demo  # noqa: PLC0415 - most of the installation; not needed without the demo
        from deploy.pretend import seeding  # noqa: PLC0415 - as above

        keys = Keys.load(self.home.path / "keys.json")
        await demo.load(self.home.dsn(bootstrap.OWNER), keys, self.home.path, datetime.now(UTC))
        self.home.write(_PHONES, await seeding.prepare(self.home.dsn(bootstrap.OWNER), keys))

    def _role(self, name: str, arguments: list[str], role: str) -> Role:
        env = {
            "YINLING_HOME": str(self.home.path),
            "YINLING_DATABASE_URL": self.home.dsn(role),
            "YINLING_MQTT_URL": self.home.mqtt_url(),
            "YINLING_HTTP_HOST": HOST,
            "YINLING_HTTP_PORT": str(self.home.ports()["http"]),
        }
        return Role(name, arguments, env | self._telephone(), self.home.logs / f"{name}.log", say)

    def _telephone(self) -> dict[str, str]:
        """Give a demonstration's roles the pretended carrier, whatever real one the environment names."""
        port = self.home.ports().get("phones")
        if port is None:
            return {}
        return {
            "YINLING_PUBLIC_URL": f"http://{HOST}:{self.home.ports()['http']}",
            "YINLING_TWILIO_ACCOUNT_SID": ACCOUNT,
            "YINLING_TWILIO_AUTH_TOKEN": self.home.secret(CARRIER),
            "YINLING_TWILIO_NUMBER": CENTRE,
            "YINLING_TWILIO_URL": f"http://{HOST}:{port}",
        }

    def _start_phones(self, ports: dict[str, int]) -> None:
        """Start the pretended telephone network of a demonstration."""
        web, known = f"http://{HOST}:{ports['http']}", str(self.home.path / _PHONES)
        arguments = ["-m", "deploy.pretend", str(ports["phones"]), web, CENTRE, known]
        self._add(self._role("phones", arguments, bootstrap.WEB))

    def _add(self, role: Role) -> None:
        self.roles.append(role)
        role.start()

    async def _ready(self, port: int) -> None:
        """Wait until web says that every role is ready."""
        until, answer = monotonic() + _PATIENCE, "no answer"
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            while monotonic() < until:
                self._check_alive()
                try:
                    response = await client.get(f"http://{HOST}:{port}/readyz")
                except httpx.HTTPError:
                    pass
                else:
                    if response.is_success:
                        return
                    answer = response.text[:200]
                await asyncio.sleep(0.1)
        raise Failure(f"not ready after {_PATIENCE:.0f} s ({answer}): look into {self.home.logs}")

    def _check_alive(self) -> None:
        for role in (*self.roles, *([self.broker] if self.broker else [])):
            if role.failures >= _TOO_OFTEN:
                raise Failure(f"{role.name} does not start: {role.last_words()} (see {role.log})")
