"""Who is asked for ways over HTTP: an OSRM server's table, or Amap's distances. The one door to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple, Protocol

import httpx

from dispatch.travel import gcj
from dispatch.travel.ways import Point

_DIGITS = 6


class Leg(NamedTuple):
    """What a source says of one way; None is what it does not say."""

    metres: float | None
    seconds: float | None


Table = list[list[Leg]]


class SourceFailed(Exception):  # noqa: N818 - it is told of, not raised to anybody
    """A source that did not answer as it should; `reason` holds codes and numbers."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.reason: dict[str, Any] = {"code": "travel_source_failed", "error": error, **more}


class Source(Protocol):
    """One kind of service."""

    @property
    def name(self) -> str:
        """What its ways stand under."""

    @property
    def block(self) -> tuple[int, int]:
        """Origins and destinations that one question may hold."""

    async def table(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Table:
        """Return a leg from each origin to each destination, or raise SourceFailed."""


@dataclass(frozen=True)
class Osrm:
    """`/table/v1/{profile}` of an OSRM server, or of what speaks like one."""

    client: httpx.AsyncClient
    url: str
    profile: str
    name: str = "osrm"
    block: tuple[int, int] = (50, 50)

    async def table(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Table:
        """Ask for one block."""
        count, everybody = len(origins), [*origins, *destinations]
        way = ";".join(f"{p.lon:.{_DIGITS}f},{p.lat:.{_DIGITS}f}" for p in everybody)
        answer = await _get(
            self.client,
            f"{self.url.rstrip('/')}/table/v1/{self.profile}/{way}",
            {
                "sources": ";".join(str(nth) for nth in range(count)),
                "destinations": ";".join(str(nth) for nth in range(count, len(everybody))),
                "annotations": "duration,distance",
            },
        )
        if answer.get("code") != "Ok":
            raise SourceFailed("refused", answer=str(answer.get("code"))[:40])
        metres = _rows(answer.get("distances"), count, len(destinations))
        seconds = _rows(answer.get("durations"), count, len(destinations))
        return [
            [Leg(*pair) for pair in zip(*rows, strict=True)] for rows in zip(metres, seconds, strict=True)
        ]


@dataclass(frozen=True)
class Amap:
    """`/v3/distance` of Amap, or of what speaks like it: many origins, one destination, GCJ-02."""

    client: httpx.AsyncClient
    url: str
    key: str
    name: str = "amap"
    block: tuple[int, int] = (100, 1)

    async def table(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Table:
        """Ask for one block."""
        columns = [await self._column(origins, one) for one in destinations]
        return [list(row) for row in zip(*columns, strict=True)]

    async def _column(self, origins: Sequence[Point], destination: Point) -> list[Leg]:
        answer = await _get(
            self.client,
            f"{self.url.rstrip('/')}/v3/distance",
            {
                "key": self.key,
                "origins": "|".join(_shifted(one) for one in origins),
                "destination": _shifted(destination),
                "type": "1",
                "output": "json",
            },
        )
        if str(answer.get("status")) != "1":
            raise SourceFailed("refused", answer=str(answer.get("infocode"))[:40])
        found = [Leg(None, None)] * len(origins)
        for one in _list(answer.get("results")):
            if isinstance(one, dict) and str(one.get("origin_id", "")).isdecimal():
                place = int(one["origin_id"]) - 1
                if 0 <= place < len(found):
                    found[place] = Leg(_number(one.get("distance")), _number(one.get("duration")))
        return found


def _shifted(point: Point) -> str:
    moved = gcj.shifted(point)
    return f"{moved.lon:.{_DIGITS}f},{moved.lat:.{_DIGITS}f}"


async def _get(client: httpx.AsyncClient, url: str, params: dict[str, str]) -> dict[str, Any]:
    """Return a JSON object, or raise SourceFailed; the address (homes, a key) stands in no message."""
    try:
        answer = await client.get(url, params=params)
    except httpx.TimeoutException as error:
        raise SourceFailed("timeout") from error
    except httpx.HTTPError as error:
        raise SourceFailed("unreachable") from error
    if answer.status_code != httpx.codes.OK:
        raise SourceFailed("status", status=answer.status_code)
    try:
        found = answer.json()
    except ValueError as error:
        raise SourceFailed("not_understood") from error
    if not isinstance(found, dict):
        raise SourceFailed("not_understood")
    return found


def _rows(given: object, rows: int, columns: int) -> list[list[float | None]]:
    """Return a table of numbers; absent altogether is all None, of another shape is a failure."""
    if given is None:
        return [[None] * columns for _ in range(rows)]
    table = _list(given)
    if len(table) != rows or any(len(_list(row)) != columns for row in table):
        raise SourceFailed("not_understood")
    return [[_number(cell) for cell in row] for row in table]


def _list(given: object) -> list[Any]:
    if not isinstance(given, list):
        raise SourceFailed("not_understood")
    return given


def _number(given: object) -> float | None:
    """Return a finite number that is not negative (Amap writes them as text), or None."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        found = float(given)
    except ValueError:
        return None
    return found if isfinite(found) and found >= 0 else None
