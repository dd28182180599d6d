"""Keeps child processes alive: a dead one is started again, sooner or later; none outlives its parent."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from core.errors import Failure
from deploy.embedded import child
from deploy.embedded.postgres import EmbeddedPostgres

_ROOT = Path(__file__).parent.parent
_FIRST, _LONGEST, _STEADY = 0.2, 10.0, 30.0
_LOG_LIMIT = 10 * 1024 * 1024
Say = Callable[[str], None]


def backoff(failures: int) -> float:
    """Return how long to wait before start number `failures` + 1."""
    return min(_FIRST * float(1 << min(max(failures - 1, 0), 10)), _LONGEST)


class Role:
    """One child process of ours and how often it has died in a row."""

    def __init__(self, name: str, arguments: list[str], env: Mapping[str, str], log: Path, say: Say) -> None:
        self.name = name
        self.log = log
        self.failures = 0
        self._command = [sys.executable, "-P", *arguments]
        self._env = {**os.environ, **env, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process, while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it and look after it."""
        self._spawn()
        self._task = asyncio.create_task(self._look_after())

    async def stop(self, patience: float = 10) -> None:
        """Ask it to end; kill it when it does not."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._process is not None:
            await child.stop(self._process, signal.SIGTERM, patience)

    def last_words(self) -> str:
        """Return the last line of its log."""
        return last_line(self.log)

    def _spawn(self) -> None:
        with open_log(self.log) as log:
            self._process = child.start(self._command, log=log, env=self._env)

    async def _look_after(self) -> None:
        loop = asyncio.get_running_loop()
        while self._process is not None:
            began = loop.time()
            await child.ended(self._process, float("inf"))
            self.failures = 1 if loop.time() - began > _STEADY else self.failures + 1
            wait = backoff(self.failures)
            code = self._process.returncode
            self._say(f"{self.name} ended ({code}), starting it again in {wait:.1f} s; see {self.log}")
            await asyncio.sleep(wait)
            self._spawn()


class DatabaseRole:
    """The database under the same care; it comes back on the same port, as everyone knows it by that."""

    def __init__(self, server: EmbeddedPostgres, say: Say) -> None:
        self.server = server
        self._say = say
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, wait until it answers, look after it."""
        await self.server.start()
        self._task = asyncio.create_task(self._look_after())

    async def stop(self) -> None:
        """Stop it; everything committed is on disk."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.server.stop()

    async def _look_after(self) -> None:
        failures = 0
        while True:
            process = self.server.process
            if process is not None:
                await child.ended(process, float("inf"))
            failures += 1
            self._say(f"the database ended, starting it again; see {self.server.log}")
            await asyncio.sleep(backoff(failures))
            with contextlib.suppress(Failure):
                await self.server.start(keep_port=True)
                failures = 0


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending, private; an old one that has grown is put aside."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def last_line(path: Path) -> str:
    """Return the last line of a log that says something."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
