"""The operator's seat: who may call what, which forms and pages, and one transfer in a district."""

from datetime import timedelta
from uuid import UUID

from core.accounts import Person
from core.ids import new_id
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
SEATING: dict[tuple[str, str], set[str]] = {
    ("GET", "/transfers"): CENTRE,
    ("GET", "/cases/{case_id}/watchers"): CENTRE,
    **{("POST", f"/cases/{{case_id}}/{verb}"): CENTRE for verb in ("transfer", "take-over", "next-step")},
    **{("POST", f"/transfers/{{transfer_id}}/{verb}"): CENTRE for verb in ("accept", "decline", "withdraw")},
}
BODIES: dict[str, dict[str, object]] = {"/cases/{case_id}/transfer": {"reason": "busy"}}
SEAT_PAGES = {
    "/console/screen": CENTRE,
    "/console/screen/{case_id}": CENTRE,
    "/console/ear": CENTRE,
    "/console/offers": CENTRE,
    "/console/hand-over": CENTRE,
}
SEAT_WRITES = {
    "/console/here": CENTRE,
    "/console/hand-over": CENTRE,
    "/console/hand-over/accept": CENTRE,
    **{f"/console/cases/{{case_id}}/{verb}": CENTRE for verb in ("transfer", "take-over", "step", "ring")},
    **{f"/console/transfers/{{transfer_id}}/{verb}": CENTRE for verb in ("accept", "decline", "withdraw")},
    **{f"/console/calls/{{phone_call_id}}/{verb}": CENTRE for verb in ("outcome", "hang-up")},
}
_MAKE = """INSERT INTO case_transfer (id, district_id, case_id, kind, from_account, reason, state, offered_at,
                                      answer_by, answered_at)
           VALUES ($1, $2, $3, 'transfer', $4, 'busy', 'returned', $5, $6, $6)"""


async def make_seating(world: World, ids: dict[str, UUID], operator: Person) -> None:
    """Make a transfer that nobody took in time."""
    ids["transfer_id"] = new_id()
    values = (ids["transfer_id"], world.district, ids["case_id"], operator.account_id)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(_MAKE, *values, NOW, NOW + timedelta(minutes=1))
