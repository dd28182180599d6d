"""`python -m deploy.mosquitto FOLDER`: keeps Mosquitto's files in FOLDER and sends it SIGHUP on a change.

In compose it shares Mosquitto's process space. YINLING_DATABASE_URL is the gateway's role, YINLING_MQTT_URL
holds the gateway's user and password.
"""

import asyncio
import contextlib
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


async def main(folder: Path) -> None:
    """Sync until a signal says stop."""
    settings = Settings.load()
    log.configure(settings.log_level, "mosquitto")
    url = urlsplit(settings.require_mqtt())
    if not url.username or not url.password:
        raise Failure("YINLING_MQTT_URL has no user and password")
    services = {url.username: url.password}
    place = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
    await sync.run(settings.require_database(), folder, services, reload, stop_on_signals(), place)


def reload() -> None:
    """Tell every Mosquitto of this user in this process space to read its files again."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (folder / "comm").read_text().strip() == "mosquitto" and folder.stat().st_uid == os.geteuid():
                os.kill(int(folder.name), signal.SIGHUP)


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1])))
    except Failure as failure:
        sys.exit(str(failure))
