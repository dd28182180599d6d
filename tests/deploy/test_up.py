"""`yinling up` as a process tree: what dies comes back, what is stopped is gone, what was kept stays."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from deploy.home import Home
from tests import bare
from tests.waiting import until

pytestmark = pytest.mark.journey


@contextmanager
def running(home: Path, *more: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start `yinling up` and yield it with its address; at the end it must stop by itself."""
    command = [sys.executable, "-P", "-m", "deploy", "up", "--home", str(home), "--no-demo"]
    command += ["--http-port", "0", "--mqtt-port", "0", *more]
    env = bare.environment()
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process, _address(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("Ready: "):
            return line.removeprefix("Ready: ").strip()
    raise AssertionError("".join(seen))


def members(home: Path) -> dict[int, str]:
    """Return the processes that work for an installation: their number and what they run."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            env = (folder / "environ").read_bytes().decode(errors="replace")
        except (OSError, ProcessLookupError):
            continue
        if f"YINLING_HOME={home}\0" in env or str(home / "postgres") in words:
            found[int(folder.name)] = " ".join(words)
    return found


def one(home: Path, pattern: str) -> int | None:
    return next((pid for pid, words in members(home).items() if re.search(pattern, words)), None)


async def test_what_is_killed_comes_back_and_a_stop_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    with running(home) as (process, address):
        for pattern in (r"-m dispatch", r"-m deploy\.embedded", r"postgres -D"):
            first = one(home, pattern)
            assert first is not None, pattern
            os.kill(first, signal.SIGKILL)
            await until(lambda pattern=pattern, first=first: one(home, pattern) not in (None, first), 30)  # type: ignore[misc]
        await until(lambda: _is_ready(address), 60)
    assert process.returncode == 0
    assert members(home) == {}


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


async def test_when_the_supervisor_is_killed_nothing_survives_and_the_next_start_keeps_the_data(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as (process, _):
        secrets = Home(tmp_path).passwords()
        process.kill()
        await until(lambda: members(tmp_path) == {}, 15)
    with running(tmp_path) as (_, address):
        assert Home(tmp_path).passwords() == secrets
        assert _is_ready(address)


def test_two_installations_run_side_by_side_and_one_home_only_once(tmp_path: Path) -> None:
    with running(tmp_path / "a") as (_, first), running(tmp_path / "b") as (_, second):
        assert first != second
        assert _is_ready(first)
        again = subprocess.run(
            [sys.executable, "-m", "deploy", "up", "--home", str(tmp_path / "a")],
            env=bare.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == 2
        assert "another `yinling up` is running" in again.stderr


def test_an_early_ctrl_c_stops_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "deploy", "up", "--home", str(tmp_path), "--http-port", "0"]
    env = bare.environment()
    with subprocess.Popen(
        [*command, "--mqtt-port", "0"], env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        process.communicate(timeout=30)
        assert time.monotonic() - began < 15
        assert process.returncode == 0
    assert members(tmp_path) == {}
