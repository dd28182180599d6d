"""Policies of escalation, notices, contact drills: who may call what, forms and pages, one of each."""

from uuid import UUID

from core.accounts import Person
from dispatch import policies
from dispatch.notices import drills
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
DECIDERS = {"duty_manager", "admin"}
STEPS: list[dict[str, object]] = [{"audience": "everyone", "wait_seconds": 300}]
NOTICING: dict[tuple[str, str], set[str]] = {
    ("GET", "/escalation-policies"): CENTRE,
    ("POST", "/escalation-policies"): DECIDERS,
    ("POST", "/escalation-policies/simulate"): DECIDERS,
    ("GET", "/escalation-policies/{escalation_policy_id}"): CENTRE,
    ("POST", "/escalation-policies/{escalation_policy_id}/change"): DECIDERS,
    ("POST", "/escalation-policies/{escalation_policy_id}/activate"): DECIDERS,
    ("GET", "/notices"): CENTRE,
    ("GET", "/drills"): CENTRE,
    ("POST", "/drills"): DECIDERS,
    ("GET", "/drills/{drill_id}"): CENTRE,
}
BODIES: dict[str, dict[str, object]] = {
    "/escalation-policies": {"name": "night", "steps": STEPS},
    "/escalation-policies/simulate": {"steps": STEPS},
    "/escalation-policies/{escalation_policy_id}/change": {"name": "night", "steps": STEPS},
}
NOTICE_PAGES = {
    "/admin/policies": CENTRE,
    "/admin/policies/new": DECIDERS,
    "/desk/notices": CENTRE,
    "/desk/drills": CENTRE,
    "/desk/drills/{drill_id}": CENTRE,
}
NOTICE_WRITES = {
    "/admin/policies": DECIDERS,
    "/admin/policies/{escalation_policy_id}/activate": DECIDERS,
    "/desk/drills": DECIDERS,
}


async def make_noticing(world: World, ids: dict[str, UUID], manager: Person) -> None:
    """Make a draft of a policy, and a drill."""
    async with world.web.transaction(world.district) as conn:
        ids["escalation_policy_id"] = await policies.draft(
            conn, district=world.district, name="draft", steps=STEPS, by=manager, now=NOW
        )
        ids["drill_id"] = await drills.begin(conn, manager, NOW)
