"""`python -m deploy.mosquitto FOLDER PID`: writes the files into FOLDER and sends SIGHUP to Mosquitto.

In compose it shares Mosquitto's process space, where that is process 1. YINLING_DATABASE_URL is the gateway's
role, YINLING_MQTT_URL the gateway's user and password.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from core import log
from core.errors import Failure
from core.settings import Settings
from deploy.embedded.broker import stop_on_signals
from deploy.mosquitto import sync


async def main(folder: Path, pid: int) -> None:
    """Sync until a signal says stop."""
    settings = Settings.load()
    log.configure(settings.log_level, "mosquitto")
    url = urlsplit(settings.require_mqtt())
    if not url.username or not url.password:
        raise Failure("YINLING_MQTT_URL has no user and password")
    services = {url.username: url.password}
    await sync.run(
        settings.require_database(), folder, services, lambda: os.kill(pid, signal.SIGHUP), stop_on_signals()
    )


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
    except Failure as failure:
        sys.exit(str(failure))
