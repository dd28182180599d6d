"""`python -m deploy.pretend PORT WEB NUMBER PHONES`: the pretended Twilio of a demonstration."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware

from core.errors import Failure
from core.settings import Settings
from deploy.embedded.broker import stop_on_signals
from deploy.pretend import page, server
from deploy.pretend.exchange import Exchange
from deploy.pretend.numbers import ACCOUNT
from deploy.pretend.phones import Manner, Phone

HOST = "127.0.0.1"
_TICK = 0.2


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - uvicorn's own signature
        """Take no signal: our `stop` decides."""
        yield


def made(settings: Settings, web: str, number: str, phones: Path) -> Starlette:
    """Put the server together; raise Failure when it would speak to anybody beyond this machine."""
    if urlsplit(web).hostname not in page.LOOPBACK:
        raise Failure("the pretended phones speak to this machine only")
    token = settings.twilio_auth_token
    assert token is not None  # noqa: S101 - given by `yinling up`
    app = server.app(
        lambda: datetime.now(UTC),
        account=settings.twilio_account_sid or ACCOUNT,
        token=token.get_secret_value(),
        hosts=page.LOOPBACK,
    )
    app.router.routes.extend(page.PAGES)
    app.add_middleware(BaseHTTPMiddleware, dispatch=page.guard)
    exchange: Exchange = app.state.exchange
    exchange.centre = number
    at = f"{web.rstrip('/')}/telephony/twilio/inbound"
    exchange.voice.url, exchange.status.url, exchange.sms.url = f"{at}/voice", f"{at}/status", f"{at}/text"
    for one in json.loads(phones.read_text(encoding="utf-8")) if phones.exists() else []:
        known = Phone(
            one["number"], one["name"], one.get("role", ""), Manner(one.get("manner", Manner.BY_HAND))
        )
        exchange.phones[known.number] = known
    return app


async def run(app: Starlette, port: int) -> None:
    """Serve until told to stop; pretended time follows the clock."""
    stop, exchange = stop_on_signals(), app.state.exchange
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    exchange.live_at(f"http://{HOST}:{port}")
    running = _Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(running.serve(sockets=[listener]))
    while not stop.is_set() and not serving.done():
        exchange.tick()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TICK):
                await stop.wait()
    running.should_exit = True
    await serving
    await exchange.timeline.close()


def main() -> None:
    """Read the arguments; the account and its token come with the settings."""
    os.umask(0o077)
    port, web, number, phones = sys.argv[1:5]
    asyncio.run(run(made(Settings.load(), web, number, Path(phones)), int(port)))


if __name__ == "__main__":
    main()
