"""Which travel a process uses, by its settings; what cannot be asked is said at once, and not at night."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from dispatch.travel.routed import Routed
from dispatch.travel.sources import Amap, Osrm, Source, SourceFailed
from dispatch.travel.ways import Circle, Point, Travel

_PROBE = (Point(39.9, 116.4), Point(39.91, 116.4))
"""Two places to ask about; a router without a map of them answers that it has none."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@asynccontextmanager
async def opened(settings: Settings, pool: Pool, district: UUID, factor: float) -> AsyncIterator[Travel]:
    """Open the travel of a district: a source, or the great circle times the district's factor.

    A source that may not be asked stops no plan: the great circle is taken, and says so.
    """
    circle = Circle(factor)
    if settings.travel_source == "circle":
        yield circle
        return
    try:
        check(settings)
    except Failure:
        yield Circle(factor, {**SourceFailed("not_set_up").reason, "source": settings.travel_source})
        return
    async with _client(settings) as client:
        yield Routed(
            pool,
            district,
            _source(settings, client),
            circle,
            profile=settings.travel_profile if settings.travel_source == "osrm" else "",
            by_duration=settings.travel_by == "duration",
            fresh=timedelta(days=settings.travel_fresh_days),
            seconds=settings.travel_seconds,
        )


def check(settings: Settings) -> None:
    """Raise Failure when a source is set that cannot, or may not, be asked."""
    if settings.travel_source == "circle":
        return
    if settings.travel_url is None:
        raise Failure("YINLING_TRAVEL_URL is not set: give http(s)://host of the source of travel times")
    parts = urlsplit(settings.travel_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Failure("YINLING_TRAVEL_URL: not an address of http:// or https://")
    if parts.hostname not in _LOOPBACK and parts.hostname not in settings.outgoing:
        raise Failure(f"YINLING_TRAVEL_URL: {parts.hostname} is not one of YINLING_OUTGOING_HOSTS")
    if settings.travel_source == "amap" and settings.travel_key is None:
        raise Failure("YINLING_TRAVEL_KEY is not set: Amap answers nobody without a key")


async def look(settings: Settings) -> str:
    """Say whether the source answers at all; raise Failure in words if it does not."""
    check(settings)
    if settings.travel_source == "circle":
        return "great circle; no router is set"
    async with _client(settings) as client:
        try:
            await _source(settings, client).table(_PROBE[:1], _PROBE[1:])
        except SourceFailed as error:
            if error.reason["error"] != "refused" or settings.travel_source != "osrm":
                words = f"the source of travel times fails: {error.reason}"
                raise Failure(f"{words}; plans take the great circle") from error
    return f"{settings.travel_source} answers"


def _client(settings: Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=settings.travel_timeout, trust_env=False)


def _source(settings: Settings, client: httpx.AsyncClient) -> Source:
    url = settings.travel_url or ""
    if settings.travel_source == "osrm":
        return Osrm(client, url, settings.travel_profile)
    return Amap(client, url, settings.travel_key.get_secret_value() if settings.travel_key else "")
