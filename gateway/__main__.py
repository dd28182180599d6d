"""`python -m gateway`: one gateway against YINLING_DATABASE_URL and YINLING_MQTT_URL."""

import asyncio
import signal
import sys

import uvloop

from core import log
from core.errors import Failure
from core.settings import Settings
from gateway.run import run


async def _main() -> None:
    settings = Settings.load()
    log.configure(settings.log_level, "gateway")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(settings, stop)


if __name__ == "__main__":
    try:
        uvloop.run(_main())
    except Failure as error:
        sys.exit(str(error))
