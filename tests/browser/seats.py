"""A site for the operator's seat: our app on a real database, behind a line that can fall silent."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, expect

from core.accounts import Person
from core.settings import Settings
from dashboards.app import create, live
from dashboards.run import Server
from devices import care_beds
from dispatch import intake
from tests import makers
from tests.browser.faces import EXPECTED
from tests.dispatch.worlds import World, make_device, raise_alarm

LINK = "#link[data-state=live]"
BLOCK = 65536


@dataclass
class Line:
    """What lies between the browser and the server: it can fall silent without a word."""

    port: int
    target: int
    is_silent: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection both ways."""
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        for one, other in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._copy(one, other))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(BLOCK):
                if self.is_silent:
                    continue  # swallowed: nobody is told
                writer.write(data)
                await writer.drain()
        with suppress(OSError):
            writer.close()


@dataclass
class Seat:
    """A running console, the world behind it, and what its pages complained of."""

    world: World
    line: Line
    app: Any
    dsn: str
    complaints: list[str] = field(default_factory=list)
    _beds: int = 0
    _server: Server | None = None
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def base(self) -> str:
        """The address, by a name that browsers hold secure."""
        return f"http://localhost:{self.line.port}"

    async def start(self) -> None:
        """Serve the app."""
        self._stop = asyncio.Event()
        how = uvicorn.Config(
            self.app, port=self.line.target, log_config=None, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = Server(how)
        self._tasks = [
            asyncio.create_task(self._server.serve()),
            asyncio.create_task(live(self.app, self.dsn, self._stop)),
        ]

    async def stop(self) -> None:
        """Stop serving."""
        assert self._server is not None
        self._stop.set()
        self._server.should_exit = True
        await asyncio.gather(*self._tasks)

    async def alarm(self, severity: int = 1, type_: str = "sos") -> UUID:
        """Raise an alarm of somebody who has no case yet; return their case."""
        return (await self.alarms([(severity, type_)]))[0]

    async def alarms(self, wanted: list[tuple[int, str]]) -> list[UUID]:
        """Raise alarms of as many people; return their cases, in that order."""
        raised, now = [], datetime.now(UTC)
        for severity, type_ in wanted:
            whose = await self._person()
            raised.append(await raise_alarm(self.world, type_, now, severity=severity, **whose))
        await intake.run(self.world.worker, self.world.district, now)
        async with self.world.web.transaction(self.world.district) as conn:
            query = "SELECT alarm_id, case_id FROM case_alarm WHERE alarm_id = ANY($1::uuid[])"
            found = {row["alarm_id"]: row["case_id"] for row in await conn.fetch(query, raised)}
        return [found[one] for one in raised]

    async def enter(self, browser: Browser, who: Person, **given: Any) -> BrowserContext:
        """Log somebody in, in a browser of their own."""
        size = {"viewport": {"width": 1440, "height": 900}, **given}
        context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **size)
        context.set_default_timeout(30_000)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda line: self._complain(line.type, line.text))
        page = await context.new_page()
        await page.goto(f"{self.base}/login")
        await page.fill("#login", who.name)
        await page.fill("#password", makers.PASSWORD)
        await page.click("button.main")
        await page.wait_for_url(lambda url: "/login" not in url)
        await page.close()
        return context

    async def console(self, context: BrowserContext, path: str = "/console") -> Page:
        """Open the console in a window, and wait for its line."""
        page = await context.new_page()
        await page.goto(self.base + path)
        await expect(page.locator(LINK)).to_be_visible(timeout=30_000)
        return page

    async def _person(self) -> dict[str, UUID]:
        self._beds += 1
        world = self.world
        async with world.web.transaction(world.district) as conn:
            home = await makers.make_home(conn, world.keys, world.district, 37.886, 118.526)
            elder = await makers.make_elder(conn, world.keys, world.district, home)
            bed = await care_beds.create(
                conn,
                district=world.district,
                elder=elder,
                home=home,
                label=f"bed {self._beds}",
                enrolled_on=datetime.now(UTC).date(),
            )
            device = await make_device(conn, world, "sos_button_v1", bed)
        return {"elder_id": elder, "care_bed_id": bed, "device_id": device}

    def _complain(self, kind: str, text: str) -> None:
        known = (*EXPECTED, "ERR_CONNECTION", "ERR_EMPTY", "ERR_INCOMPLETE", "503", "AudioContext")
        if kind == "error" and not any(one in text for one in known):
            self.complaints.append(text)


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@asynccontextmanager
async def seat(world: World, dsn: str) -> AsyncIterator[Seat]:
    """Serve the app behind a line until the test is over."""
    line = Line(_free(), _free())
    one = Seat(world, line, create(Settings(), world.web, world.keys), dsn)
    between = await asyncio.start_server(line.carry, "127.0.0.1", line.port)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()
        between.close()
