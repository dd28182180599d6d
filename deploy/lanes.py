"""The slower lanes of `.ci/run`: the same tests on real Mosquitto, real TimescaleDB, a real browser.

A lane that cannot start fails; nothing is skipped in silence.
"""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import asyncpg

from core.errors import Failure
from deploy.embedded import child
from deploy.embedded.postgres import HOST, free_port

_ROOT = Path(__file__).parent.parent
SUITE = "trixie"
_PACKAGES = "postgresql-17,postgresql-17-timescaledb"
_BIN = "/usr/lib/postgresql/17/bin"
_DATA = "/var/lib/postgresql/lane"
_INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_preload_libraries": "timescaledb",
    "timescaledb.telemetry_level": "off",
    "timescaledb.max_background_workers": "0",  # they would hold the template open while it is copied
    "fsync": "off",
    "max_connections": "120",
    "jit": "off",
}
_SYSTEM = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/local/sbin"
MQTT_TESTS = (
    "tests/gateway",
    "tests/mosquitto",
    "tests/deploy/test_broker_registry.py",
    "tests/deploy/test_credentials.py",
    "tests/deploy/test_broker_limits.py",
    "tests/deploy/test_mosquitto.py",
)
_AGAIN = ("--reruns", "2", "--reruns-delay", "1")  # each named at the end: CONTRIBUTING says what to do
SQL_TESTS = ("tests/gateway", "tests/core")


def mosquitto() -> int:
    """Run what speaks MQTT on a real Mosquitto."""
    need("mosquitto")
    return pytest({"YINLING_TEST_MQTT": "mosquitto"}, "-n", "3", *MQTT_TESTS)


def chaos() -> int:
    """Kill each process once under load, with the database away for a moment, and count."""
    need("mosquitto")
    short = {"CHAOS_KILLS": "5", "CHAOS_AWAY": "5", "CHAOS_QUEUE": "3", "CHAOS_BETWEEN": "2"}
    return subprocess.run(
        [sys.executable, "-m", "tests.chaos"], env={**os.environ, **short}, cwd=_ROOT, check=False
    ).returncode


def browser() -> int:
    """Run the journeys in Debian's Chromium, each file in a process of its own.

    Some drive the browser with an event loop and some without: one process holds only one of the two.
    """
    need("chromium")
    files = sorted(one.relative_to(_ROOT).as_posix() for one in (_ROOT / "tests/browser").glob("test_*.py"))
    ended = [pytest({}, "-m", "browser", one) for one in files]
    return int(any(ended))


def shots() -> int:
    """Take the pictures: of every page of the demonstration, and those of the README."""
    need("chromium")
    here = "tests/browser"
    ended = [
        pytest({"YINLING_SHOTS": "1"}, "-m", "browser", f"{here}/shots.py"),
        pytest({"YINLING_SHOTS": "1"}, "-m", "browser", f"{here}/test_faces.py", "-k", "picture"),
    ]
    return int(any(ended))


def timescale() -> int:
    """Run what touches readings on a real TimescaleDB, PostgreSQL 17, in a Debian tree of its own."""
    if os.geteuid() != 0:
        raise Failure("the TimescaleDB lane needs root for chroot")
    with cluster(tree()) as url:
        return pytest({"YINLING_TEST_POSTGRES_URL": url}, *SQL_TESTS)


def need(program: str) -> None:
    """Raise Failure when a program is not there."""
    if shutil.which(program, path=_SYSTEM) is None:
        raise Failure(f"{program} is not installed: apt install {program}")


def pytest(env: dict[str, str], *arguments: str) -> int:
    """Run tests in a process of their own."""
    present = [one for one in arguments if not one.startswith("tests/") or (_ROOT / one).exists()]
    if missing := sorted(set(arguments) - set(present)):
        raise Failure(f"no such tests: {', '.join(missing)}")
    command = [sys.executable, "-m", "pytest", "-q", *_AGAIN, *present]
    return subprocess.run(command, env={**os.environ, **env}, cwd=_ROOT, check=False).returncode  # noqa: S603 - ours


def tree() -> Path:
    """Return the Debian tree with TimescaleDB, made once (some minutes) and kept in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yinling"
    made = cache / SUITE
    if made.exists():
        return made
    need("debootstrap")
    cache.mkdir(parents=True, exist_ok=True)
    draft = cache / f"{SUITE}.new"
    shutil.rmtree(draft, ignore_errors=True)
    say(f"making a {SUITE} tree with TimescaleDB in {made} (once)")
    command = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", SUITE, str(draft), *_mirror()]
    done = subprocess.run(  # noqa: S603 - ours
        command, env={**os.environ, "PATH": _SYSTEM}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failure(f"debootstrap failed: {done.stdout.strip().splitlines()[-1:]}")
    draft.rename(made)
    return made


def _mirror() -> list[str]:
    """Use the mirror that this machine's apt uses."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"],  # noqa: S607 - Debian's
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    plain = [line.split()[0] for line in listed if "-" not in line.split()[-1]]
    return plain[:1]


@contextmanager
def cluster(root: Path) -> Iterator[str]:
    """Start a fresh PostgreSQL with TimescaleDB inside the tree; yield the superuser's URL."""
    password, port, user = secrets.token_hex(12), free_port(), _user(root)
    _create(root, user, password)
    command = [f"{_BIN}/postgres", "-D", _DATA, "-c", f"port={port}"]
    for name, value in _SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    log = Path(tempfile.gettempdir()) / "yinling-lane-timescale.log"
    with log.open("wb") as out:
        process = child.start(_command(root, user, command), log=out, death_signal=signal.SIGINT)
    try:
        url = f"postgresql://postgres:{password}@{HOST}:{port}/postgres"
        asyncio.run(_answers(url, process, log))
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _create(root: Path, user: tuple[int, int], password: str) -> None:
    data = root / _DATA.lstrip("/")
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    os.chown(data, *user)
    with tempfile.NamedTemporaryFile("w", dir=root / "tmp", prefix="pw") as secret:
        secret.write(password)
        secret.flush()
        os.chown(secret.name, *user)
        place = f"/tmp/{Path(secret.name).name}"  # noqa: S108 - inside the tree
        initdb = [f"{_BIN}/initdb", "-D", _DATA, "-U", "postgres", f"--pwfile={place}", *_INITDB]
        done = subprocess.run(  # noqa: S603 - ours
            _command(root, user, initdb), env={"PATH": _SYSTEM}, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise Failure(f"initdb: {done.stderr.strip()}")


def _user(root: Path) -> tuple[int, int]:
    for line in (root / "etc/passwd").read_text().splitlines():
        name, _, uid, gid, *_ = line.split(":")
        if name == "postgres":
            return int(uid), int(gid)
    raise Failure(f"{root} has no user postgres: remove it and run again")


def _command(root: Path, user: tuple[int, int], command: list[str]) -> list[str]:
    return [
        "chroot",
        f"--userspec={user[0]}:{user[1]}",
        str(root),
        "/usr/bin/env",
        "-i",
        "LC_ALL=C",
        *command,
    ]


async def _answers(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise Failure(f"TimescaleDB does not start, see {log}")
        try:
            conn = await asyncpg.connect(url, timeout=5)
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.1)
            continue
        await conn.close()
        return
    raise Failure(f"TimescaleDB does not answer, see {log}")


def say(line: str) -> None:
    """Tell the person."""
    sys.stdout.write(f"lane: {line}\n")
    sys.stdout.flush()


LANES = {
    "mosquitto": mosquitto,
    "chaos": chaos,
    "timescale": timescale,
    "browser": browser,
    "shots": shots,
}


def main() -> None:
    """Run one lane and say how long it took."""
    name, began = sys.argv[1], monotonic()
    try:
        code = LANES[name]()
    except Failure as failure:
        sys.exit(f"lane {name} cannot run: {failure}")
    say(f"{name}: {'passed' if code == 0 else 'FAILED'} in {monotonic() - began:.0f} s")
    sys.exit(code)


if __name__ == "__main__":
    main()
