"""Ways by a router: what is kept is not asked again; what it does not say is the great circle, and told."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from core.db import Pool
from dispatch.travel import cache
from dispatch.travel.cache import Known
from dispatch.travel.sources import Source, SourceFailed
from dispatch.travel.ways import Circle, Floats, Point, Ways, circle_km

IN_A_ROW = 2
"""So many questions without an answer, one after the other, and the source is left alone for this time."""
_SNAP_KM = 0.5
"""A router may take the next road for a home; who is moved farther (out of its map) gets no way from it."""


@dataclass(frozen=True)
class Routed:
    """A source, the cache before it and the great circle behind it; never fails."""

    pool: Pool
    district: UUID
    source: Source
    circle: Circle
    profile: str = ""
    by_duration: bool = False
    fresh: timedelta = timedelta(days=30)
    seconds: float = 60.0

    @property
    def name(self) -> str:
        """What the kept ways stand under."""
        return f"{self.source.name}:{self.profile}" if self.profile else self.source.name

    async def ways(self, points: Sequence[Point], now: datetime) -> Ways:
        """Return the ways from each point to each."""
        cells, place = _cells(points)
        filling = _Filling.of(len(cells))
        async with self.pool.transaction(self.district) as conn:
            kept = await cache.known(conn, self.name, cells)
        filling.take(kept, {number: nth for nth, number in enumerate(cells)})
        reason = await self._ask(filling, cells, now)
        found = filling.ways(
            self.circle.factor, [cache.middle(one) for one in cells], is_driven=self.by_duration
        )
        found = replace(found, source=self.source.name, reason=reason)
        if len(cells) == len(points):
            return found
        grid = np.ix_(place, place)
        return replace(found, km=found.km[grid], driven=None if found.driven is None else found.driven[grid])

    async def _ask(self, filling: "_Filling", cells: Sequence[int], now: datetime) -> dict[str, Any] | None:
        """Ask for what is missing or old, block by block, kept at once; return why it was not all had."""
        reason, failed = None, 0
        try:
            async with asyncio.timeout(self.seconds):
                for rows, columns in filling.missing(self.source.block, now - self.fresh):
                    try:
                        await self._block(filling, cells, (rows, columns), now)
                        failed = 0
                    except SourceFailed as error:
                        reason, failed = error.reason, failed + 1
                        if failed == IN_A_ROW:
                            break
        except TimeoutError:
            reason = {"code": "travel_source_failed", "error": "too_slow", "seconds": self.seconds}
        return None if reason is None else {**reason, "source": self.source.name}

    async def _block(
        self, filling: "_Filling", cells: Sequence[int], block: tuple[list[int], list[int]], now: datetime
    ) -> None:
        rows, columns = block
        origins = [cache.middle(cells[nth]) for nth in rows]
        destinations = [cache.middle(cells[nth]) for nth in columns]
        table = await self.source.table(origins, destinations)
        legs = [
            Known(cells[row], cells[column], leg, now)
            for row, line in zip(rows, table, strict=True)
            for column, leg in zip(columns, line, strict=True)
            if row != column
        ]
        async with self.pool.transaction(self.district) as conn:
            await cache.keep(conn, self.district, self.name, legs, now)
        filling.take(legs, {number: nth for nth, number in enumerate(cells)})


@dataclass
class _Filling:
    """A matrix that fills: metres, seconds, and when each leg was fetched (0: never)."""

    metres: Floats
    seconds: Floats
    fetched: Floats
    times: dict[float, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, size: int) -> "_Filling":
        shape = (size, size)
        return cls(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape))

    def take(self, legs: Sequence[Known], place: dict[int, int]) -> None:
        """Take what is known; a later word replaces an earlier one."""
        for one in legs:
            spot = place[one.from_cell], place[one.to_cell]
            stamp = one.fetched_at.timestamp()
            self.times[stamp] = one.fetched_at
            self.fetched[spot] = stamp
            self.metres[spot], self.seconds[spot] = (_or_hole(value) for value in one.leg)

    def missing(self, block: tuple[int, int], before: datetime) -> Iterator[tuple[list[int], list[int]]]:
        """Yield blocks of rows and columns in which something was never fetched, or too long ago."""
        old = self.fetched < before.timestamp()
        np.fill_diagonal(old, val=False)
        numbers = list(range(len(old)))
        for top in range(0, len(numbers), block[0]):
            for left in range(0, len(numbers), block[1]):
                rows, columns = numbers[top : top + block[0]], numbers[left : left + block[1]]
                part = old[np.ix_(rows, columns)]
                if part.any():
                    yield _those(rows, part), _those(columns, part.T)

    def ways(self, factor: float, points: Sequence[Point], *, is_driven: bool) -> Ways:
        """Return ways: what was not said, or cannot be, is the great circle and counted."""
        straight = circle_km(points)
        km = self.metres / 1000
        hole = np.isnan(km) | (km < straight - _SNAP_KM)
        driven = None
        if is_driven:
            hole |= np.isnan(self.seconds)
            driven = np.where(hole, np.nan, self.seconds / 60)
        np.fill_diagonal(hole, val=False)
        km = np.where(hole, straight * factor, km)
        km = np.where((km == 0) & (straight > 0), straight, km)
        np.fill_diagonal(km, 0.0)
        used = self.fetched[(self.fetched > 0) & ~hole]
        oldest = self.times[float(used.min())] if used.size else None
        return Ways(km, driven, holes=int(hole.sum()), oldest=oldest)


def _or_hole(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _those(numbers: list[int], wanted: NDArray[np.bool_]) -> list[int]:
    return [number for number, line in zip(numbers, wanted, strict=True) if line.any()]


def _cells(points: Sequence[Point]) -> tuple[list[int], list[int]]:
    """Return the different cells of points, and the place of each point's cell among them."""
    numbers = [cache.cell(one) for one in points]
    cells = list(dict.fromkeys(numbers))
    place = {number: nth for nth, number in enumerate(cells)}
    return cells, [place[number] for number in numbers]
