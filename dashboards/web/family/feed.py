"""The family's live page: which elder's news it is; the page fetches its own part again."""

from core.accounts import Person
from core.db import Conn
from core.events import Event
from dashboards.live import Topic

KINDS = (
    "case.opened",
    "case.claimed",
    "case.dispatched",
    "case.on_scene",
    "case.resolved",
    "case.closed",
    "case.escalated",
    "case.answered",
    "visit.accepted",
    "visit.late",
    "visit.started",
    "visit.completed",
    "claim.created",
    "death.confirmed",
    "death.undone",
    "consent.given",
    "consent.withdrawn",
    "bond.changed",
    "pause.begun",
    "pause.ended",
)


async def render(_conn: Conn, _person: Person, _language: str, events: list[Event]) -> str | None:
    """Name the elders; what a family may see is asked for by the page, under its own consent."""
    elders = sorted({str(event.elder_id) for event in events if event.elder_id})
    return "".join(f'<data value="{elder}"></data>' for elder in elders) or None


TOPIC = Topic("family", ("family",), KINDS, lambda person: person.account_id, render)
