"""The console's live rows: rendered once for all operators of a district and language."""

from core.accounts import Person
from core.db import Conn
from core.events import OPERATORS, Event
from dashboards.live import Topic
from dashboards.web.console import queue
from dashboards.web.render import fragment
from dispatch.seats import watching

KINDS = (
    "case.opened",
    "case.joined",
    "case.claimed",
    "case.called",
    "case.verified",
    "case.dispatched",
    "case.on_scene",
    "case.resolved",
    "case.closed",
    "case.escalated",
    "case.answered",
    "case.unreached",
    "case.noted",
    "case.watched",
    "call",
    "visit.offered",
    "visit.accepted",
    "visit.declined",
    "visit.en_route",
    "visit.started",
    "visit.completed",
    "visit.verified",
    "visit.cancelled",
    "visit.missed",
    "visit.late",
    "visit.overdue",
    "visit.noted",
    "inbound.ringing",
    "inbound.taken",
    "inbound.connected",
    "inbound.missed",
    "inbound.ended",
    "inbound.returned",
    "caregiver.alert",
    "caregiver.alert_changed",
)
RINGS = ("case.opened", "case.joined", "case.escalated", "case.unreached")
SAID = "case.answered"
"""Somebody pressed a key, or wrote from their page: heard, but not as an alarm."""


async def render(conn: Conn, _person: Person, language: str, events: list[Event]) -> str | None:
    """Return the rows of the cases that the events are about, and how many wait."""
    cases = {event.case_id for event in events if event.case_id}
    carers = {event.kind for event in events if event.kind.startswith("caregiver.")}
    callers = {event.kind for event in events if event.kind.startswith("inbound.")}
    if not cases and not carers and not callers:
        return None
    ringing = {event.case_id for event in events if event.kind in RINGS}
    said = {event.case_id for event in events if event.kind == SAID}
    told = {event.case_id for event in events if event.kind != watching.KIND}
    now = max(event.at for event in events)
    return fragment(
        language,
        "console/feed.html",
        cases=await queue.some(conn, cases, now),
        head=await queue.head(conn),
        ringing=ringing,
        said=said,
        told=told,
        carers=carers,
        callers=callers,
        now=now,
        path="/console",
        person=None,
    )


TOPIC = Topic("console", OPERATORS, KINDS, lambda person: person.district_id, render)
