"""Care plans, orders, places, meals and calls: who may call what, and one of each in a district."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import absences
from core.accounts import Person
from dispatch.places import calling, meals, places
from dispatch.places.places import NewPlace
from services import care_plans, orders
from services.orders import NewOrder
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.services.plans import item

CENTRE = {"operator", "duty_manager", "admin"}
OFFICE = {"clerk", "auditor", "approver", "admin"}
STAFF = CENTRE | OFFICE
ALL = STAFF | {"caregiver", "provider_manager", "family", "assessor", "installer"}
PLANS = STAFF | {"assessor", "provider_manager", "family"}
WRITERS, APPROVERS = {"clerk", "assessor", "admin"}, {"clerk", "approver", "admin"}
CLIENTS = CENTRE | {"clerk", "family"}
HANDS = CENTRE | {"clerk", "provider_manager"}
CALLS, CALLING = OFFICE | {"operator", "duty_manager"}, CENTRE | {"clerk"}

CARE: dict[tuple[str, str], set[str]] = {
    ("GET", "/care-plans"): PLANS,
    ("GET", "/care-plans/{care_plan_id}"): PLANS,
    ("POST", "/care-plans"): WRITERS,
    ("POST", "/care-plans/preview"): WRITERS,
    ("POST", "/care-plans/{care_plan_id}/approve"): APPROVERS,
    ("POST", "/care-plans/{care_plan_id}/end"): APPROVERS,
    ("POST", "/care-plans/{care_plan_id}/discard"): WRITERS,
    ("GET", "/orders"): STAFF | {"provider_manager", "family"},
    ("GET", "/orders/{order_id}"): STAFF | {"provider_manager", "family"},
    ("POST", "/orders"): CLIENTS,
    ("POST", "/orders/{order_id}/cancel"): CLIENTS,
    ("POST", "/orders/{order_id}/review"): CLIENTS,
    ("POST", "/orders/{order_id}/call-back"): CLIENTS - {"family"},
    ("GET", "/absences"): STAFF | {"assessor", "family"},
    ("POST", "/absences"): CALLING,
    ("POST", "/absences/{absence_id}/end"): CALLING,
    ("POST", "/elders/{elder_id}/death"): {"clerk", "admin"},
    ("GET", "/places"): ALL,
    ("GET", "/places/outside"): STAFF,
    ("GET", "/places/{place_id}"): ALL,
    ("POST", "/places"): {"clerk", "admin"},
    ("POST", "/places/{place_id}/change"): {"clerk", "admin"},
    ("GET", "/meals"): HANDS | {"auditor", "approver"},
    ("GET", "/meals/{meal_id}"): HANDS | {"auditor", "approver"},
    ("GET", "/meals/{meal_id}/servings"): HANDS | {"auditor", "approver"},
    ("POST", "/meals"): HANDS,
    ("POST", "/meals/{meal_id}/servings"): HANDS,
    ("POST", "/meals/{meal_id}/attend"): HANDS,
    ("POST", "/meals/{meal_id}/vouch"): HANDS,
    ("POST", "/meals/{meal_id}/cooked"): HANDS,
    ("POST", "/meals/{meal_id}/send"): HANDS,
    ("POST", "/servings/{serving_id}/cancel"): HANDS,
    ("GET", "/elders/{elder_id}/meal-card"): CLIENTS,
    ("POST", "/elders/{elder_id}/meal-card/renew"): CLIENTS,
    ("GET", "/calls"): CALLS,
    ("POST", "/calls"): CALLING,
    ("GET", "/callers"): CALLS,
    ("POST", "/callers"): {"clerk", "admin"},
    ("POST", "/callers/{caller_id}/end"): {"clerk", "admin"},
    ("GET", "/call-duties"): CALLS,
    ("GET", "/call-duties/candidates"): CALLS,
    ("POST", "/call-duties/{elder_id}"): CALLING,
    ("POST", "/call-duties/{elder_id}/end"): CALLING,
}
FILTERS = (
    ("/care-plans", "elder_id"),
    ("/orders", "elder_id"),
    ("/absences", "elder_id"),
    ("/meals", "place_id"),
    ("/calls", "elder_id"),
    ("/calls", "caller_id"),
    ("/call-duties", "caller_id"),
)


def _plans(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    elder = ids["elder_id"]
    window = {"from": "09:00", "to": "11:00"}
    line = {"service": "bath", "rrule": "FREQ=WEEKLY;BYDAY=TU", "windows": [window]}
    order = {"window_start": "2026-11-25T03:00:00Z", "window_end": "2026-11-25T05:00:00Z"}
    return {
        "/care-plans": {"elder_id": elder, "valid_from": "2026-11-23", "items": [line]},
        "/care-plans/preview": line,
        "/care-plans/{care_plan_id}/approve": {"agreed_by": "self", "agreed_on": "2026-11-21"},
        "/care-plans/{care_plan_id}/end": {"last": "2026-12-01", "reason": "r"},
        "/orders": {"elder_id": elder, "service": "clean", **order},
        "/orders/{order_id}/cancel": {"reason": "r"},
        "/orders/{order_id}/review": {"rating": 5},
        "/orders/{order_id}/call-back": {"satisfied": True},
        "/absences": {
            "elder_id": elder,
            "kind": "holiday",
            "starts_on": "2027-01-01",
            "ends_on": "2027-01-02",
        },
        "/absences/{absence_id}/end": {"ends_on": "2027-01-01"},
        "/elders/{elder_id}/death": {"died_on": "2026-12-21"},
    }


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return bodies of writes, with ids of this district."""
    elder = ids["elder_id"]
    place = {
        "kind": "day_care",
        "name": "p",
        "lat": 37.8,
        "lon": 118.5,
        "capacity": 1,
        "opened_on": "2026-01-01",
    }
    day = {"starts_at": "2026-11-25T03:00:00Z", "ends_at": "2026-11-25T05:00:00Z", "on": "2026-11-25"}
    call = {"elder_id": elder, "caller_id": ids["caller_id"], "at": "2026-11-20T03:00:00Z", "outcome": "well"}
    return {
        **_plans(ids),
        "/places": place,
        "/places/{place_id}/change": {**place, "provider_id": ids["provider_id"]},
        "/meals": {"place_id": ids["place_id"], "kind": "dinner", "portions": 9, **day},
        "/meals/{meal_id}/servings": {"elder_id": elder},
        "/meals/{meal_id}/attend": {"code": "000000"},
        "/meals/{meal_id}/vouch": {"elder_id": elder},
        "/meals/{meal_id}/cooked": {"at": "2026-11-21T03:00:00Z"},
        "/meals/{meal_id}/send": {"caregiver_ids": [ids["caregiver_id"]]},
        "/calls": call,
        "/callers": {"name": "c", "role": "grid_worker"},
        "/call-duties/{elder_id}": {"category": "alone"},
    }


async def make_care(world: World, ids: dict[str, UUID], everybody: Person, clerk: Person) -> None:
    """Make one of each; the plan is a draft by somebody who may not approve it."""
    district, elder = world.district, world.elder
    start = datetime(2026, 11, 24, 1, tzinfo=UTC)
    async with world.web.transaction(district) as conn:
        await conn.execute("UPDATE care_bed SET provider_id = $1 WHERE id = $2", world.provider, world.bed)
        ids["care_plan_id"] = await care_plans.draft(
            conn,
            district=district,
            elder=elder,
            valid_from=date(2026, 11, 23),
            valid_to=None,
            goals="",
            items=[item()],
            by=everybody,
            now=NOW,
        )
        new = NewOrder(elder, "clean", start, start + timedelta(hours=2))
        ids["order_id"] = await orders.place(conn, new, clerk, NOW)
        away: dict[str, Any] = {"kind": "holiday", "starts_on": date(2027, 1, 1), "ends_on": None, "now": NOW}
        ids["absence_id"] = await absences.record(conn, district=district, elder=elder, **away)
        canteen = NewPlace("meal_point", "m", 37.8, 118.5, 20, date(2026, 1, 1), provider_id=world.provider)
        ids["place_id"] = await places.create(conn, district, canteen, NOW)
        lunch: dict[str, Any] = {"on": NOW.date(), "kind": "lunch", "portions": 20, "now": NOW}
        lunch |= {"starts_at": NOW, "ends_at": NOW + timedelta(hours=2)}
        ids["meal_id"] = await meals.create(conn, district=district, place=ids["place_id"], **lunch)
        ids["serving_id"] = await meals.order(conn, ids["meal_id"], elder, "eat_in", NOW)
        ids["caller_id"] = await calling.create_caller(
            conn, world.keys, district=district, name="c", role="grid_worker", now=NOW
        )
