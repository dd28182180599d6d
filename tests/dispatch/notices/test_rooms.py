"""Groups and mailboxes through Apprise, against a receiver that really listens on this machine."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from core.db import Pool
from core.settings import Settings
from dispatch import escalation
from dispatch.notices import rooms, ticks
from dispatch.telephony.carriers import Failed
from tests.dispatch.notices.exchange import Exchange, doors
from tests.dispatch.worlds import World, make_case, make_world
from tests.makers import NOW

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own
SECOND = timedelta(seconds=1)
STEPS: list[dict[str, Any]] = [
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "everyone", "wait_seconds": 600, "channels": ["chat"]},
]


@dataclass
class Receiver:
    """A group's robot: what was written to it, and what it answers."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answers: list[HTTPStatus] = field(default_factory=list)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Listen on a port of this machine until the block is left."""
    receiver = Receiver()

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = receiver.answers.pop(0) if receiver.answers else HTTPStatus.OK
            if answer == HTTPStatus.OK:
                receiver.bodies.append(json.loads(body))
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    receiver.url = f"json://127.0.0.1:{server.server_address[1]}/hook"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def roomy(owner: Pool, web: Pool, worker: Pool, gateway: Pool, keys: Any) -> World:
    """Make a world whose policy writes to the group `duty` after a minute."""
    world = await make_world(owner, web, worker, gateway, keys, notice_rooms=["duty"])
    async with web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="rooms", steps=STEPS, now=NOW)
    return world


async def push_clock(world: World, urls: str, second: int) -> None:
    from dispatch import ticks as dispatch_ticks  # noqa: PLC0415 - two modules called ticks

    at = NOW + second * SECOND
    await dispatch_ticks.escalate(world.worker, at)
    await ticks.notices(world.worker, doors(world, Exchange(), notice_urls=urls), at)


async def states(world: World) -> list[tuple[str, str | None, bool]]:
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT state, code, is_permanent FROM notice_try ORDER BY nth")
    return [(row["state"], row["code"], row["is_permanent"]) for row in rows]


async def test_a_step_with_a_group_is_written_there_once_and_names_nobody(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    world = await roomy(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    await make_case(world)
    async with receiving() as robot:
        for second in (60, 61, 90):
            await push_clock(world, f"duty={robot.url}", second)
    [body] = robot.bodies
    assert "有报警超时无人接警" in body["message"]
    assert "老人" not in json.dumps(body, ensure_ascii=False)
    assert await states(world) == [("sent", None, False)]


async def test_a_group_that_does_not_answer_is_written_to_again(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    world = await roomy(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    await make_case(world)
    async with receiving() as robot:
        robot.answers = [HTTPStatus.SERVICE_UNAVAILABLE]
        await push_clock(world, f"duty={robot.url}", 60)
        assert await states(world) == [("failed", "room_away", False), ("queued", None, False)]
        await push_clock(world, f"duty={robot.url}", 71)
    assert len(robot.bodies) == 1
    assert [state for state, *_ in await states(world)] == ["failed", "sent"]


async def test_a_group_that_is_not_set_up_is_known_at_once_and_for_good(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    world = await roomy(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    await make_case(world)
    for second in (60, 75, 120):
        await push_clock(world, "other=json://127.0.0.1/", second)
    assert await states(world) == [("failed", "no_room", True)]


@pytest.mark.parametrize(
    "url",
    [
        "json://10.0.0.8/hook",
        "wecombot://botkey",
        "feishu://token",
        "slack://a/b/c",
        "mailto://user:word@elsewhere.example",
        "file:///etc/passwd",
    ],
)
async def test_a_host_that_is_not_admitted_is_never_called(url: str) -> None:
    settings = Settings.load(notice_urls=f"duty={url}", outgoing_hosts="")
    with pytest.raises(Failed) as refused:
        await rooms.write(settings, "duty", "words")
    assert (refused.value.code, refused.value.is_permanent) == ("host_not_allowed", True)


def test_what_a_district_can_write_to_follows_from_its_groups_and_the_hosts_admitted() -> None:
    urls = "duty=wecombot://key office=mailtos://u:p@mail.example?smtp=smtp.mail.example x=feishu://t"
    hosts = "qyapi.weixin.qq.com,smtp.mail.example"
    settings = Settings.load(notice_urls=urls, outgoing_hosts=hosts)
    assert rooms.channels(settings, ("duty", "office", "x", "nobody")) == {"chat", "mail"}
    assert rooms.channels(settings, ("duty",)) == {"chat"}
    assert rooms.channels(settings, ("x",)) == frozenset()
    assert rooms.channels(Settings.load(), ("duty",)) == frozenset()
