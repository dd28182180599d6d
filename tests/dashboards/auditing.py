"""Purchases, evidence and complaints: who may call what, and one complaint in a district."""

from typing import Any
from uuid import UUID

from core.accounts import Person
from services import complaints
from services.complaints import Given
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
OFFICE = {"clerk", "auditor", "approver", "admin"}
DESK = {"clerk", "auditor"}

AUDITING: dict[tuple[str, str], set[str]] = {
    ("GET", "/purchases"): OFFICE,
    ("GET", "/evidence"): OFFICE,
    ("POST", "/claims/{claim_id}/evidence"): OFFICE,
    ("GET", "/complaints"): CENTRE | OFFICE | {"provider_manager", "family"},
    ("POST", "/complaints"): CENTRE | DESK | {"family"},
    ("GET", "/complaints/{complaint_id}"): CENTRE | OFFICE | {"provider_manager", "family"},
    ("POST", "/complaints/{complaint_id}/assign"): DESK,
    ("POST", "/complaints/{complaint_id}/answer"): {"clerk", "provider_manager"},
    ("POST", "/complaints/{complaint_id}/return"): DESK,
    ("POST", "/complaints/{complaint_id}/close"): DESK,
}
FILTERS = (("/complaints", "elder_id"), ("/complaints", "visit_id"), ("/purchases", "provider_id"))


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return bodies of writes, with ids of this district."""
    return {
        "/complaints": {"kind": "late", "text": "an hour late", "elder_id": ids["elder_id"]},
        "/complaints/{complaint_id}/assign": {"provider_id": ids["provider_id"]},
        "/complaints/{complaint_id}/answer": {"text": "made up for"},
        "/complaints/{complaint_id}/return": {"text": "when"},
        "/complaints/{complaint_id}/close": {"outcome": "upheld"},
    }


async def make_auditing(world: World, ids: dict[str, UUID], clerk: Person) -> None:
    """Make a complaint that is with the provider."""
    given = Given("family", "late", "ordinary", "an hour late", NOW, number="DY1", elder=world.elder)
    async with world.web.transaction(world.district) as conn:
        ids["complaint_id"] = await complaints.record(conn, world.keys, given, clerk, NOW)
        await complaints.assign(conn, ids["complaint_id"], world.provider, clerk, NOW)
