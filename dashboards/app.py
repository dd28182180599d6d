"""The composition root: everything that web needs, put together once."""

import asyncio
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from functools import cache

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.routing import Route

from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from dashboards import api, docs, health, problems, pushing, telephony, web
from dashboards.api import intake
from dashboards.live import Hub
from dashboards.meters import Meters
from dashboards.shield import Shield
from dashboards.streams import Feed, Page, Streams

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the instant at the edge; everything inside takes it as an argument."""
    return datetime.now(UTC)


def create(settings: Settings, pool: Pool, keys: Keys, clock: Clock = utc_now) -> FastAPI:
    """Return the ASGI app; `live` runs its event feed."""
    app = copy(_routed())
    app.state, app.user_middleware, app.middleware_stack = State(), [], None
    meters = Meters()
    state = app.state
    state.settings, state.pool, state.keys, state.clock, state.meters = settings, pool, keys, clock, meters
    state.hub = Hub(pool)
    state.streams = Streams(state.hub, meters)
    state.answers, state.intake_wait_s = intake.Answers(), intake.WAIT_S
    web.furnish(app)
    app.add_middleware(Shield, settings=settings, meters=meters)
    return app


@cache
def _routed() -> FastAPI:
    """Return an app of routes alone: FastAPI takes a second for them, and they are the same in every app."""
    app = FastAPI(title="Yinling", version="1", docs_url=None, redoc_url=None)
    problems.install(app)
    app.router.routes.append(Route("/api/v1/events", Feed(), methods=["GET"]))
    app.router.routes.append(Route("/live", Page(), methods=["GET"]))
    for router in (
        *api.ROUTERS,
        intake.router,
        health.router,
        docs.router,
        pushing.router,
        *telephony.ROUTERS,
    ):
        app.include_router(router)
    web.install(app)
    docs.describe(app)
    return app


async def live(app: FastAPI, dsn: str, stop: asyncio.Event) -> None:
    """Run the app's event feed until told to stop; every stream has ended then."""
    state = app.state
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(state.hub.run(dsn, stop))
        tasks.create_task(state.answers.run(dsn, stop))
        tasks.create_task(state.streams.sweep(state.pool, state.clock, stop))
