"""A role as a process: settings, log, signals; `python -m gateway` and its like are one line each."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

import uvloop

from core import log
from core.errors import Failure
from core.settings import Settings

Run = Callable[[Settings, asyncio.Event], Awaitable[None]]


def main(name: str, run: Run) -> None:
    """Run a role until SIGTERM or SIGINT; a Failure is one clear line and exit code 2."""
    try:
        settings = Settings.load()
        log.configure(settings.log_level, name)
        uvloop.run(_until_told(run, settings))
    except Failure as failure:
        print(f"{name}: {failure}", file=sys.stderr)  # noqa: T201 - the line that the person sees
        sys.exit(2)


async def _until_told(run: Run, settings: Settings) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(settings, stop)
