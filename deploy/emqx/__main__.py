"""`python -m deploy.emqx`: ends the connection of who is revoked.

YINLING_DATABASE_URL is the gateway's role, YINLING_EMQX_API_URL the API's address with its key.
"""

import asyncio
import sys

from core import log
from core.errors import Failure
from core.settings import Settings
from deploy.embedded.broker import stop_on_signals
from deploy.emqx import ending
from deploy.emqx.api import Emqx


async def main() -> None:
    """Follow until a signal says stop."""
    settings = Settings.load()
    log.configure(settings.log_level, "emqx")
    if settings.emqx_api_url is None:
        raise Failure("YINLING_EMQX_API_URL is not set: give http://key:secret@host:18083")
    emqx = Emqx(settings.emqx_api_url.get_secret_value())
    await ending.follow(settings.require_database(), emqx, stop_on_signals())


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Failure as failure:
        sys.exit(str(failure))
