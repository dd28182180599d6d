"""Consents, relatives, invitations: who may call what, which page and form, and one of each."""

from typing import Any
from uuid import UUID

from core import consents, invitations, people
from core.consents import Subject
from core.invitations import Agreed, NewInvitation
from core.rights import RIGHTS
from tests.dispatch.worlds import World
from tests.makers import NOW

STAFF = {"operator", "duty_manager", "admin", "clerk", "auditor", "approver"}
OFFICE, CLERK = {"clerk", "auditor", "approver", "admin"}, {"clerk", "admin"}
ALL = STAFF | {"caregiver", "provider_manager", "family", "assessor", "installer"}
OWN = "/elders/{elder_id}/relatives"
RELATING: dict[tuple[str, str], set[str]] = {
    ("GET", "/consents"): STAFF | {"family"},
    ("POST", "/consents"): CLERK,
    ("POST", "/consents/{consent_id}/withdraw"): CLERK,
    ("GET", OWN): STAFF,
    ("POST", f"{OWN}/{{member_id}}/rights"): CLERK,
    ("POST", f"{OWN}/{{member_id}}/end"): CLERK,
    ("GET", "/invitations"): OFFICE,
    ("POST", "/invitations"): CLERK,
    ("POST", "/invitations/{invitation_id}/renew"): CLERK,
    ("POST", "/invitations/{invitation_id}/revoke"): CLERK,
    ("POST", "/invitations/{invitation_id}/code"): CLERK,
    ("GET", "/session/devices"): ALL,
    ("POST", "/session/devices/log-out"): ALL,
}
FILTERS = (("/consents", "elder_id"), ("/invitations", "elder_id"))
PAGES: dict[str, set[str]] = {
    "/desk/elders/{elder_id}/family": OFFICE,
    "/family/me": {"family"},
}
OPEN_PAGES = {"/login/code", "/login/code/enter", "/join", "/join/sharing"}
OPEN_WRITES = {"/login/code", "/login/code/enter", "/login/code/choose", "/join", "/join/accept"}
_FAMILY = "/desk/elders/{elder_id}/family"
WRITES: dict[str, set[str]] = {
    f"{_FAMILY}/consents": CLERK,
    f"{_FAMILY}/consents/{{consent_id}}/withdraw": CLERK,
    f"{_FAMILY}/invitations": CLERK,
    f"{_FAMILY}/members/{{member_id}}/rights": CLERK,
    f"{_FAMILY}/members/{{member_id}}/end": CLERK,
    "/desk/invitations/{invitation_id}/renew": CLERK,
    "/desk/invitations/{invitation_id}/revoke": CLERK,
    "/desk/invitations/{invitation_id}/letter": CLERK,
    "/family/me/consents": {"family"},
    "/family/me/devices": {"family"},
    "/family/me/phone": {"family"},
    "/family/me/phone/confirm": {"family"},
}
SAID = {"given_as": "elder", "how": "paper", "on": "2026-11-21"}


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return bodies of writes."""
    who = {"name": "n", "phone": "13912345678", "relation": "son", "rights": ["alerts"]}
    return {
        "/consents": {**SAID, "elder_id": ids["elder_id"], "items": ["vitals"]},
        "/consents/{consent_id}/withdraw": {"how": "paper", "on": "2026-11-21", "reason": "other"},
        f"{OWN}/{{member_id}}/rights": {**SAID, "rights": list(RIGHTS)},
        "/invitations": {**SAID, "elder_id": ids["elder_id"], **who},
    }


async def make_relating(world: World, ids: dict[str, UUID], account: UUID) -> None:
    """Name one of the elder's consents and relatives, and make an invitation."""
    async with world.web.transaction(world.district) as conn:
        rows = await consents.history(conn, Subject(world.elder))
        shown = [row["id"] for row in rows if row["item"] == "photo"]
        ids["consent_id"] = (shown or [rows[0]["id"]])[0]  # none that a relative's pages need
        ids["member_id"] = (await people.contacts(conn, world.elder))[0]["id"]
        agreed = Agreed("elder", world.elder, "paper", NOW)
        new = NewInvitation(world.elder, "\u738b\u78ca", "13800138000", "son", 2, ("alerts",), agreed)
        around: dict[str, Any] = {"district": world.district, "account": account, "now": NOW, "days": 7}
        ids["invitation_id"] = await invitations.invite(conn, world.keys, new, **around)
