"""The broker's process: `python -m deploy.embedded PORT`, started by `yinling up`."""

import sys

import uvloop

from core.crypto import Keys
from core.errors import Failure
from core.settings import Settings
from deploy.embedded import broker
from deploy.embedded.postgres import HOST
from deploy.home import SERVICE, Home


async def main(port: int) -> None:
    """Serve on loopback until a signal says stop."""
    settings = Settings.load()
    services = {SERVICE: Home(settings.home).secret(f"mqtt_{SERVICE}")}
    place = broker.Place(HOST, port, services, settings.home / "broker.journal")
    keys = Keys.load(settings.keys_path)
    await broker.run(settings.require_database(), keys, place, broker.stop_on_signals())


if __name__ == "__main__":
    try:
        uvloop.run(main(int(sys.argv[1])))
    except Failure as failure:
        sys.exit(str(failure))
