"""A caregiver's live list."""

from core.accounts import Person
from core.db import Conn
from core.events import Event
from dashboards.live import Topic
from dashboards.web.render import fragment
from dispatch.phone import days

KINDS = (
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
)


async def render(conn: Conn, person: Person, language: str, events: list[Event]) -> str | None:
    """Return the caregiver's list as it is now."""
    if person.caregiver_id is None:
        return None
    now = max(event.at for event in events)
    rows = await days.visits(conn, person.caregiver_id, now)
    return fragment(language, "caregiver/list.html", visits=rows, now=now, path="/m", person=None)


TOPIC = Topic(
    "caregiver", ("caregiver",), KINDS, lambda person: (person.district_id, person.caregiver_id), render
)
