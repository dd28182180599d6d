"""EMQX's API, played by a small HTTP server: limits are read, and who is revoked is ended at once."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.db import Pool
from core.errors import Failure
from deploy import broker_limits
from deploy.embedded.postgres import HOST
from deploy.emqx import ending
from deploy.emqx.api import Emqx
from devices import registry
from tests import makers
from tests.databases import Database
from tests.deploy.test_broker_limits import GOOD_EMQX
from tests.waiting import until

KEY = "Basic " + base64.b64encode(b"key:secret").decode()


@contextmanager
def api(ended: list[str], fails: list[int]) -> Iterator[str]:
    """Serve two routes of EMQX 5's API; `fails` are answers to give first."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def _answer(self, code: int, body: Any = None) -> None:
            self.send_response(code)
            self.end_headers()
            if body is not None:
                self.wfile.write(json.dumps(body).encode())

        def do_GET(self) -> None:
            is_known = self.headers["Authorization"] == KEY and self.path == "/api/v5/configs"
            self._answer(200 if is_known else 401, GOOD_EMQX if is_known else {})

        def do_DELETE(self) -> None:
            if fails:
                self._answer(fails.pop())
                return
            ended.append(self.path.rpartition("/")[2])
            self._answer(404 if len(ended) > 1 else 204)

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://key:secret@{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_the_limits_are_read_from_the_api() -> None:
    with api([], []) as url:
        assert broker_limits.emqx(await Emqx(url).configuration()) == []
        with pytest.raises(Failure, match="answers 401"):
            await Emqx(url.replace("secret", "wrong")).configuration()
    with pytest.raises(Failure, match="does not answer"):
        await Emqx(url).configuration()
    with pytest.raises(Failure, match="YINLING_EMQX_API_URL"):
        Emqx("http://host:18083")


async def test_who_is_revoked_is_ended_even_if_the_api_is_away_at_first(
    pool_owner: Pool, database: Database
) -> None:
    district = await makers.make_district(pool_owner)
    async with pool_owner.transaction(district) as conn:
        given: dict[str, Any] = {"district": district, "thing_model": "care_bed_v1", "now": makers.NOW}
        one, other = [await registry.add(conn, **given) for _ in range(2)]
    ended: list[str] = []
    with api(ended, [503, 503]) as url:
        stop = asyncio.Event()
        following = asyncio.create_task(ending.follow(database.gateway, Emqx(url), stop))
        try:
            async with pool_owner.transaction(district) as conn:
                await registry.revoke(conn, one.device_id, datetime.now(UTC))
                await registry.rotate(conn, other.device_id, datetime.now(UTC))
            await until(lambda: {str(one.username), str(other.username)} <= set(ended), seconds=15)
        finally:
            stop.set()
            await following
