"""How a child process is started: own session, dies with its parent, never as root where root is refused."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_INSIDE = 1000  # the user id that a root process shows inside its own user namespace
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sig: int) -> None:
    """Ask the kernel to send `sig` to this process when the thread that started it ends (Linux)."""
    with contextlib.suppress(AttributeError):
        _libc.prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def as_is() -> None:
    """Keep the user as it is."""


def in_namespace() -> None:
    """Become an ordinary user in a fresh user namespace; files stay with the outer user."""
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_INSIDE} 0 1")
    Path("/proc/self/gid_map").write_text(f"{_INSIDE} 0 1")


def as_nobody() -> None:
    """Drop to the user nobody."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def start(
    command: Sequence[str],
    *,
    log: IO[bytes] | None,
    env: Mapping[str, str] | None = None,
    become: Callable[[], None] = as_is,
    death_signal: int = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session; call from the main thread only, as its end takes the child along."""
    parent = os.getpid()

    def prepare() -> None:
        become()
        die_with_parent(death_signal)
        if become is as_is and os.getppid() != parent:
            os._exit(1)

    out = log if log is not None else subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 - our own programs
        list(command),
        stdin=stdin,
        stdout=out,
        stderr=subprocess.STDOUT,
        env=dict(env) if env is not None else None,
        start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - prctl and unshare must run between fork and exec
    )


async def stop(process: subprocess.Popen[bytes], sig: int, patience: float) -> int:
    """Ask a child to end, wait, and kill it when it does not listen."""
    if process.poll() is None:
        process.send_signal(sig)
    if not await ended(process, patience):
        process.kill()
        await ended(process, 10)
    return process.wait(timeout=1)


async def ended(process: subprocess.Popen[bytes], patience: float) -> bool:
    """Wait until a child has ended; False when it has not in time."""
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while process.poll() is None:
        if loop.time() > until:
            return False
        await asyncio.sleep(0.02)
    return True
