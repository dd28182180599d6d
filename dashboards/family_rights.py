"""Which right each thing that a family may call needs (pure): one table, tested for every route and right.

A route that is not here shows a family nobody: who adds one says here what it shows. `None` needs no more
than to be a relative of the person; what the answer then holds of vital signs or places is taken out.
"""

from collections.abc import Mapping
from types import MappingProxyType

UNKNOWN = "unknown"
"""What a route that is not in the table needs: nobody has it."""
_API = "/api/v1"
_READ: dict[str, str | None] = {
    f"{_API}/session": None,
    f"{_API}/session/devices": None,
    f"{_API}/elders": None,
    f"{_API}/elders/{{elder_id}}": None,
    f"{_API}/elders/{{elder_id}}/meal-card": "order",
    f"{_API}/care-beds": None,
    f"{_API}/care-beds/{{care_bed_id}}": None,
    f"{_API}/consents": None,
    f"{_API}/places": None,
    f"{_API}/places/{{place_id}}": None,
    f"{_API}/complaints": None,
    f"{_API}/complaints/{{complaint_id}}": None,
    f"{_API}/alarms": "alerts",
    f"{_API}/monitoring-pauses": "alerts",
    f"{_API}/alarms/{{alarm_id}}": "alerts",
    f"{_API}/cases": "alerts",
    f"{_API}/cases/{{case_id}}": "alerts",
    f"{_API}/cases/{{case_id}}/timeline": "alerts",
    f"{_API}/devices": "vitals",
    f"{_API}/devices/{{device_id}}": "vitals",
    f"{_API}/devices/{{device_id}}/latest": "vitals",
    f"{_API}/devices/{{device_id}}/readings": "vitals",
    f"{_API}/devices/{{device_id}}/hours": "vitals",
    f"{_API}/devices/{{device_id}}/days": "vitals",
    f"{_API}/visits": "visits",
    f"{_API}/visits/{{visit_id}}": "visits",
    f"{_API}/absences": "visits",
    f"{_API}/care-plans": "visits",
    f"{_API}/care-plans/{{care_plan_id}}": "visits",
    f"{_API}/wishes": "visits",
    f"{_API}/orders": "visits",
    f"{_API}/orders/{{order_id}}": "visits",
    f"{_API}/claims": "bills",
    f"{_API}/claims/{{claim_id}}": "bills",
    f"{_API}/entitlements": "bills",
    f"{_API}/life-proofs": "bills",
    f"{_API}/applications": "bills",
    f"{_API}/applications/{{application_id}}": "bills",
    f"{_API}/applications/{{application_id}}/steps": "bills",
    f"{_API}/assessments/{{assessment_id}}/result": "bills",
    "/family": None,
    "/family/me": None,
    "/family/phone": None,
    "/family/vitals": None,
    "/family/vitals/{elder_id}": None,
    "/family/visits": "visits",
    "/family/visits/{elder_id}": "visits",
    "/family/alert/{case_id}": "alerts",
    f"{_API}/push-subscriptions": None,
    f"{_API}/push-subscriptions/key": None,
    "/family/elders/{elder_id}": None,
    "/family/elders/{elder_id}/code": "visits",
    "/family/care": "visits",
    "/family/care/{elder_id}": "visits",
    "/family/bill": "bills",
    "/family/bill/{elder_id}": "bills",
    "/family/grade": "bills",
    "/family/grade/{elder_id}": "bills",
    "/family/grade/{elder_id}/result.pdf": "bills",
    "/family/applications": "bills",
    "/family/applications/{elder_id}": "bills",
}
_WRITE: dict[str, str | None] = {
    f"{_API}/session/devices/log-out": None,
    f"{_API}/complaints": None,
    f"{_API}/deaths": None,
    f"{_API}/visits/{{visit_id}}/confirm": "visits",
    f"{_API}/orders": "order",
    f"{_API}/orders/{{order_id}}/cancel": "order",
    f"{_API}/orders/{{order_id}}/review": "order",
    f"{_API}/elders/{{elder_id}}/meal-card/renew": "order",
    f"{_API}/applications": "order",
    f"{_API}/applications/{{application_id}}/complete": "order",
    f"{_API}/applications/{{application_id}}/withdraw": "order",
    f"{_API}/assessments/{{assessment_id}}/dispute": "order",
    "/family/care/{elder_id}/orders": "order",
    "/family/care/{elder_id}/orders/{order_id}": "order",
    "/family/applications/{elder_id}": "order",
    "/family/applications/{elder_id}/{application_id}/withdraw": "order",
    "/family/grade/{elder_id}/dispute": "order",
    "/family/alert/{case_id}/answer": "alerts",
    "/family/alert/{case_id}/safe": "decide",
    "/family/visits/{elder_id}/{visit_id}/confirm": "visits",
    "/family/visits/{elder_id}/{visit_id}/rate": "visits",
    "/family/visits/{elder_id}/{visit_id}/complain": None,
    "/family/phone/{push_subscription_id}/test": None,
    "/family/phone/{push_subscription_id}/remove": None,
    f"{_API}/push-subscriptions": None,
    f"{_API}/push-subscriptions/withdraw": None,
    f"{_API}/push-subscriptions/{{push_subscription_id}}/test": None,
    "/family/me/consents": None,
    "/family/me/devices": None,
    "/family/me/phone": None,
    "/family/me/phone/confirm": None,
}
ROUTES: Mapping[tuple[str, str], str | None] = MappingProxyType(
    {**{("GET", path): right for path, right in _READ.items()}}
    | {("POST", path): right for path, right in _WRITE.items()}
)
"""(method, path of the route) to the right that it needs."""
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "case": "alerts",
        "alarm": "alerts",
        "notice": "alerts",
        "pause": "alerts",
        "visit": "visits",
        "order": "visits",
        "claim": "bills",
        "application": "bills",
    }
)
"""Right by what stands before the dot of an event's kind; other kinds are for every relative."""
CHANGES = frozenset({"consent.given", "consent.withdrawn", "bond.changed", "bond.ended"})
"""Kinds after which a relative's open stream is opened anew: what it may hear has changed."""
PLACES = frozenset({"lat", "lon", "altitude", "speed", "accuracy_m"})
"""Metrics and pieces of evidence that tell where somebody is."""


def needed(method: str, path: str) -> str | None:
    """Return the right that a route needs, None for no more than a bond, UNKNOWN for a route not listed."""
    return ROUTES.get(("GET" if method == "HEAD" else method, path), UNKNOWN)


def hears(kind: str, rights: frozenset[str]) -> bool:
    """Say whether a relative with these rights in force hears of an event of a kind."""
    right = EVENTS.get(kind.partition(".")[0])
    return right is None or right in rights
