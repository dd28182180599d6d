from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from dispatch import ticks
from dispatch.travel import cache, gcj, opening
from dispatch.travel.ways import Point, Ways
from tests import makers
from tests.dispatch.travel.router import Router, router
from tests.makers import NOW

POINTS = [Point(37.886, 118.526), Point(37.896, 118.526), Point(37.886, 118.546)]


@pytest.fixture
async def district(pool_owner: Pool) -> UUID:
    return await makers.make_district(pool_owner)


@pytest.fixture
async def road() -> AsyncIterator[Router]:
    with router() as found:
        yield found


async def ask(
    pool: Pool, district: UUID, road: Router, points: list[Point], now: datetime = NOW, **more: Any
) -> Ways:
    given = {"travel_source": "osrm", "travel_url": road.url, **more}
    async with opening.opened(Settings.load(**given), pool, district, 1.35) as travel:
        return await travel.ways(points, now)


async def test_a_router_is_asked_once_and_what_it_said_is_kept(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    found = await ask(pool_worker, district, road, POINTS)
    assert found.told(NOW) == {"source": "osrm", "holes": 0, "oldest_hours": 0.0, "reason": None}
    assert found.km.tolist() == [[0, 3, 3], [3, 0, 3], [3, 3, 0]]
    assert found.minutes(18.0)[0, 1] == 12.0
    assert road.asked[0].startswith("/table/v1/driving/118.526000,37.886000;118.526000,37.896000;118.546000,")
    later = await ask(pool_worker, district, road, POINTS, NOW + timedelta(days=2))
    assert len(road.asked) == 1
    assert later.told(NOW + timedelta(days=2))["oldest_hours"] == 48.0


async def test_only_what_is_not_known_is_asked(pool_worker: Pool, district: UUID, road: Router) -> None:
    await ask(pool_worker, district, road, POINTS[:2])
    found = await ask(pool_worker, district, road, POINTS)
    assert len(road.asked) == 2
    assert found.holes == 0


async def test_people_in_one_house_are_one_place(pool_worker: Pool, district: UUID, road: Router) -> None:
    found = await ask(pool_worker, district, road, [POINTS[0], POINTS[0], POINTS[1]], travel_by="duration")
    assert found.minutes(18.0).tolist() == [[0, 0, 12], [0, 0, 12], [12, 12, 0]]
    assert road.asked[0].partition("?")[0].count(",") == 4


async def test_many_places_are_asked_in_blocks(pool_worker: Pool, district: UUID, road: Router) -> None:
    many = [Point(37.8 + nth / 1000, 118.5) for nth in range(60)]
    road.road = lambda here, there: (abs(here[1] - there[1]) * 150_000, 60.0)
    found = await ask(pool_worker, district, road, many)
    assert len(road.asked) == 4
    assert found.holes == 0
    assert found.km[0, 59] == pytest.approx(59 / 1000 * 150, abs=0.001)


async def test_minutes_may_be_the_sources_own(pool_worker: Pool, district: UUID, road: Router) -> None:
    found = await ask(pool_worker, district, road, POINTS, travel_by="duration")
    assert found.minutes(99.0)[0, 1] == 12.0


async def test_holes_and_answers_from_off_the_map_are_the_great_circle_and_counted(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    def roads(here: tuple[float, float], there: tuple[float, float]) -> tuple[float | None, float | None]:
        if here[0] == 118.546:
            return None, None
        return (0.0, 0.0) if there[0] == 118.546 else (3000.0, 600.0)

    road.road = roads
    found = await ask(pool_worker, district, road, POINTS)
    assert found.holes == 4
    assert found.reason is None
    assert found.km[0, 1] == 3.0
    assert found.km[0, 2] == found.km[2, 0] == pytest.approx(1.755 * 1.35, abs=0.01)


@pytest.mark.parametrize(
    ("behaves", "error"),
    [
        ({"status": 503}, {"error": "status", "status": 503}),
        ({"body": b"<html>"}, {"error": "not_understood"}),
        ({"body": b"[]"}, {"error": "not_understood"}),
        ({"body": b'{"code": "TooBig"}'}, {"error": "refused", "answer": "TooBig"}),
        ({"body": b'{"code": "Ok", "distances": [[1]]}'}, {"error": "not_understood"}),
        ({"body": b'{"code": "Ok", "distances": 7}'}, {"error": "not_understood"}),
        ({"delay": 0.4}, {"error": "timeout"}),
    ],
)
async def test_a_router_that_fails_is_said_and_the_great_circle_taken(
    pool_worker: Pool, district: UUID, road: Router, behaves: dict[str, Any], error: dict[str, Any]
) -> None:
    for name, value in behaves.items():
        setattr(road, name, value)
    found = await ask(pool_worker, district, road, POINTS, travel_timeout=0.2)
    assert found.reason == {"code": "travel_source_failed", "source": "osrm", **error}
    assert found.holes == 6
    assert np.isfinite(found.minutes(15.0)).all()


async def test_a_router_without_kilometres_or_with_nonsense_leaves_holes(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    road.body = b'{"code": "Ok", "durations": [[0, true], ["x", -1]]}'
    found = await ask(pool_worker, district, road, POINTS[:2])
    assert (found.holes, found.reason) == (2, None)


async def test_nobody_there_is_unreachable_and_old_ways_are_better_than_none(
    pool_worker: Pool, district: UUID
) -> None:
    with router() as road:
        await ask(pool_worker, district, road, POINTS)
    later = NOW + timedelta(days=60)
    found = await ask(pool_worker, district, road, POINTS, later)
    assert found.reason == {"code": "travel_source_failed", "source": "osrm", "error": "unreachable"}
    assert found.holes == 0
    assert found.told(later)["oldest_hours"] == 60 * 24


async def test_one_lost_answer_does_not_end_the_asking_and_two_do(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    many = [Point(37.8 + nth / 1000, 118.5) for nth in range(60)]
    road.road = lambda here, there: (abs(here[1] - there[1]) * 150_000, 60.0)
    road.lost = 1
    found = await ask(pool_worker, district, road, many)
    assert (len(road.asked), found.holes) == (4, 50 * 49)
    again = await ask(pool_worker, district, road, many)
    assert (len(road.asked), again.holes, again.reason) == (5, 0, None)
    road.lost = 9
    await ask(pool_worker, district, road, many, NOW + timedelta(days=60))
    assert len(road.asked) == 7


async def test_questions_of_one_plan_end_when_their_time_is_up(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    road.delay = 0.4
    found = await ask(pool_worker, district, road, POINTS, travel_seconds=0.2)
    assert found.reason == {
        "code": "travel_source_failed", "source": "osrm", "error": "too_slow", "seconds": 0.2,
    }  # fmt: skip


async def test_amap_is_asked_in_its_own_coordinates_one_destination_at_a_time(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    amap: dict[str, Any] = {"travel_source": "amap", "travel_key": "right"}
    found = await ask(pool_worker, district, road, POINTS, **amap)
    assert (found.source, found.holes, found.km[0, 1]) == ("amap", 0, 3.0)
    assert len(road.asked) == 3
    moved = gcj.shifted(POINTS[0])
    assert f"destination={moved.lon:.6f}%2C{moved.lat:.6f}" in road.asked[0]
    road.road = lambda _here, _there: (None, None)
    gap = await ask(pool_worker, district, road, POINTS, NOW + timedelta(days=60), **amap)
    assert gap.holes == 6


async def test_amap_says_by_its_own_code_why_it_refuses(
    pool_worker: Pool, district: UUID, road: Router
) -> None:
    found = await ask(pool_worker, district, road, POINTS, travel_source="amap", travel_key="wrong")
    assert found.reason == {
        "code": "travel_source_failed", "source": "amap", "error": "refused", "answer": "10001",
    }  # fmt: skip
    road.body = b'{"status": "1", "results": [7, {"origin_id": "9", "distance": "1", "duration": "1"}]}'
    odd = await ask(pool_worker, district, road, POINTS, travel_source="amap", travel_key="right")
    assert odd.holes == 6


async def test_ways_are_of_one_district_and_forgotten_after_half_a_year(
    pool_worker: Pool, pool_owner: Pool, district: UUID, road: Router
) -> None:
    other = await makers.make_district(pool_owner, "370502")
    await ask(pool_worker, district, road, POINTS)
    cells = [cache.cell(one) for one in POINTS]
    async with pool_worker.transaction(other) as conn:
        assert await cache.known(conn, "osrm:driving", cells) == []
    await ticks.forget(pool_worker, NOW + timedelta(days=181))
    async with pool_worker.transaction(district) as conn:
        assert await cache.known(conn, "osrm:driving", cells) == []


async def test_the_great_circle_is_the_default(pool_worker: Pool, district: UUID) -> None:
    async with opening.opened(Settings.load(), pool_worker, district, 1.5) as travel:
        found = await travel.ways(POINTS[:2], NOW)
    assert found.source == "circle"
    assert found.km[0, 1] == pytest.approx(1.112 * 1.5, abs=0.001)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "TRAVEL_URL is not set"),
        ({"travel_url": "ftp://127.0.0.1"}, "not an address of http"),
        ({"travel_url": "https://router.example"}, "router.example is not one of YINLING_OUTGOING_HOSTS"),
        (
            {"travel_url": "https://router.example", "outgoing_hosts": "a.example, router.example"}
            | {"travel_source": "amap"},
            "TRAVEL_KEY is not set",
        ),
    ],
)
def test_a_source_that_may_not_be_asked_is_refused_at_once(given: dict[str, Any], words: str) -> None:
    with pytest.raises(Failure, match=words):
        opening.check(Settings.load(**{"travel_source": "osrm", **given}))
    opening.check(Settings.load())


async def test_a_source_that_may_not_be_asked_stops_no_plan(pool_worker: Pool, district: UUID) -> None:
    settings = Settings.load(travel_source="osrm", travel_url="https://router.example")
    async with opening.opened(settings, pool_worker, district, 1.5) as travel:
        found = await travel.ways(POINTS, NOW)
    assert found.reason == {"code": "travel_source_failed", "error": "not_set_up", "source": "osrm"}
    assert found.km[0, 1] > 1


async def test_doctor_asks_the_source_once(road: Router) -> None:
    assert await opening.look(Settings.load()) == "great circle; no router is set"
    osrm = Settings.load(travel_source="osrm", travel_url=road.url)
    assert await opening.look(osrm) == "osrm answers"
    road.body = b'{"code": "NoSegment"}'
    assert await opening.look(osrm) == "osrm answers"
    road.status = 502
    with pytest.raises(Failure, match=r"fails: .*'status': 502.* great circle"):
        await opening.look(osrm)
