"""Browsers that are told by web push: who may call what, and one of the family's."""

from typing import Any
from uuid import UUID

from core.ids import new_id
from tests.dispatch.worlds import World
from tests.makers import NOW

ALL = {
    *("operator", "duty_manager", "caregiver", "provider_manager", "family", "clerk"),
    *("auditor", "approver", "assessor", "installer", "admin"),
}
PUSHING: dict[tuple[str, str], set[str]] = {
    ("GET", "/push-subscriptions"): ALL,
    ("GET", "/push-subscriptions/key"): ALL,
    ("POST", "/push-subscriptions"): ALL,
    ("POST", "/push-subscriptions/withdraw"): ALL,
    ("POST", "/push-subscriptions/{push_subscription_id}/test"): {"family"},
}
NOWHERE = "http://127.0.0.1:9/push"
"""A push service that nobody runs: sending there fails at once."""
P256DH = "BNNL5ZaTfK81qhXOx23-wewhigUeFb632jN6LvRWCFH1ubQr77FE_9qV1FuojuRmHP42zmf34rXgW80OvUVDgTk"
AUTH = "zqbxT6JKstKSY9JKibZLSQ"
"""A browser's keys, of the examples of RFC 8291."""
BODIES: dict[str, dict[str, Any]] = {
    "/push-subscriptions": {"endpoint": f"{NOWHERE}/new", "keys": {"p256dh": P256DH, "auth": AUTH}},
    "/push-subscriptions/withdraw": {"endpoint": f"{NOWHERE}/none"},
}
_MAKE = """INSERT INTO push_subscription (id, district_id, account_id, family_member_id, endpoint, p256dh,
                                          auth, device, created_at, renewed_at)
           SELECT $1, $2, id, family_member_id, $3, $4, $5, 'android', $6, $6 FROM account
           WHERE district_id = $2 AND role = 'family' ORDER BY id LIMIT 1"""


async def make_pushing(world: World, ids: dict[str, UUID]) -> None:
    """Make the family's browser."""
    ids["push_subscription_id"] = new_id()
    async with world.web.transaction(world.district) as conn:
        endpoint = f"{NOWHERE}/{ids['push_subscription_id']}"
        await conn.execute(_MAKE, ids["push_subscription_id"], world.district, endpoint, P256DH, AUTH, NOW)
