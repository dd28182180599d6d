"""Calls about a case: who may call what, and one call in a district."""

from uuid import UUID

from core.accounts import Person
from dispatch.telephony import bridging
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
TELEPHONING: dict[tuple[str, str], set[str]] = {
    ("POST", "/cases/{case_id}/calls"): CENTRE,
    ("GET", "/cases/{case_id}/calls"): CENTRE,
    ("POST", "/cases/{case_id}/calls/{phone_call_id}/outcome"): CENTRE,
    ("POST", "/cases/{case_id}/calls/{phone_call_id}/hang-up"): CENTRE,
    ("GET", "/desk-phone"): CENTRE,
    ("POST", "/desk-phone"): CENTRE,
}
BODIES: dict[str, dict[str, object]] = {
    "/cases/{case_id}/calls": {"target": "elder"},
    "/cases/{case_id}/calls/{phone_call_id}/outcome": {"result": "answered"},
    "/desk-phone": {"number": "13800001234"},
}


async def make_telephoning(world: World, ids: dict[str, UUID], operator: Person) -> None:
    """Make one call, dialled by hand; the case is given back as it was."""
    async with world.web.transaction(world.district) as conn:
        was = await conn.fetchrow("SELECT state, escalate_at FROM care_case WHERE id = $1", ids["case_id"])
        assert was is not None
        await conn.execute("UPDATE care_case SET state = 'claimed' WHERE id = $1", ids["case_id"])
        made = await bridging.bridge(
            conn, world.keys, case=ids["case_id"], by=operator, target="elder", now=NOW
        )
        await conn.execute(
            "UPDATE care_case SET state = $2, escalate_at = $3 WHERE id = $1",
            ids["case_id"],
            was["state"],
            was["escalate_at"],
        )
    ids["phone_call_id"] = made["id"]
