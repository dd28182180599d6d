"""The wallboard: big type for a screen on the wall, live, and no person's data on it."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import districts
from core.accounts import Person
from core.clock import at_local, local_date
from core.db import Conn
from core.events import OPERATORS, Event
from core.sql import load
from dashboards.auth import Guarded, Scope, allow
from dashboards.live import Topic
from dashboards.web.pages import show
from dashboards.web.render import fragment
from dispatch import duty
from dispatch.centre import answers, measures
from dispatch.centre import week as weeks
from dispatch.centre.measures import together

SQL = load(__file__)
router = APIRouter(prefix="/wall", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow(*OPERATORS)]
KINDS = (
    *("case.opened", "case.joined", "case.claimed", "case.dispatched", "case.on_scene", "case.resolved"),
    *("case.closed", "case.escalated", "visit.accepted", "visit.en_route", "visit.started"),
    *("duty.changed", "duty.soon", "pause.begun", "pause.ended", "gap.opened", "gap.closed"),
)
SHOWN = 12
AHEAD = timedelta(hours=12)
SEEN = timedelta(seconds=90)


async def board(conn: Conn, district: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - a UUID
    """Return what the wall shows: counts, times and names of those on duty; of people in care nothing."""
    settings = await districts.settings(conn, district)
    cases = {row["severity"]: row for row in await conn.fetch(SQL.count_cases)}
    midnight = at_local(local_date(now), "00:00")
    found = await answers.between(conn, midnight, now + timedelta(hours=1), now)
    today = together(one.sums for one in found.hours)
    held = await duty.held(conn, now, now + AHEAD)
    rest = await conn.fetchrow(SQL.count_rest, now - SEEN)
    assert rest is not None  # noqa: S101 - one row of counts
    waits = [row["oldest"] for row in cases.values() if row["oldest"]]
    return {
        "now": now,
        "cases": [cases.get(level, {"severity": level, "open": 0, "waiting": 0}) for level in range(1, 6)],
        "waiting": sum(row["waiting"] for row in cases.values()),
        "oldest": min(waits, default=None),
        "sent": await conn.fetch(SQL.list_sent, SHOWN),
        "on_duty": await duty.now_on(conn, now),
        "holes": weeks.holes(held, settings, now, now + AHEAD)[:4],
        "today": today,
        "rates": [
            ("60", today.share_60, measures.IN_60, measures.tone(today.share_60, measures.IN_60)),
            ("180", today.share_180, measures.IN_180, measures.tone(today.share_180, measures.IN_180)),
            ("45", today.share_45, measures.ON_SCENE_45, measures.tone(today.share_45, measures.ON_SCENE_45)),
        ],
        "rest": rest,
    }


@router.get("")
async def wall(request: Request, scope: Reader) -> Response:
    """Show the wallboard."""
    found = await board(scope.conn, scope.person.district_id, scope.now)
    return show(request, scope, "duty/wall.html", **{k: v for k, v in found.items() if k != "now"})


@router.get("/board")
async def part(request: Request, scope: Reader) -> Response:
    """Show its inner part again."""
    found = await board(scope.conn, scope.person.district_id, scope.now)
    return show(request, scope, "duty/wall_board.html", **{k: v for k, v in found.items() if k != "now"})


async def render(conn: Conn, person: Person, language: str, events: list[Event]) -> str | None:
    """Return the wall's inner part as it is after these events: one for every wall of a district."""
    now = max(event.at for event in events)
    return fragment(
        language,
        "duty/wall_board.html",
        **await board(conn, person.district_id, now),
        path="/wall",
        person=None,
    )


TOPIC = Topic("wall", OPERATORS, KINDS, lambda person: person.district_id, render)
