"""Questions, person card and gaps: one of each, and who may see and send what."""

from io import BytesIO
from uuid import UUID

from PIL import Image

from core import consents
from core.consents import Given, Subject
from core.ids import new_id
from dispatch import portraits, protocol_scripts
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
DECIDERS = {"duty_manager", "admin"}
KEEPERS = {"clerk", "duty_manager", "admin"}
CARD = CENTRE | {"clerk", "assessor"}

ASKING: dict[tuple[str, str], set[str]] = {
    ("GET", "/cases/{case_id}/protocol"): CENTRE,
    ("POST", "/cases/{case_id}/protocol/answer"): CENTRE,
    ("POST", "/cases/{case_id}/severity"): CENTRE,
}
ASKING_PAGES: dict[str, set[str]] = {
    "/desk/gaps": CENTRE,
    "/desk/elders/{elder_id}/card": CARD,
    "/desk/elders/{elder_id}/photo": CARD,
    "/admin/protocols": CENTRE,
    "/admin/protocols/try": CENTRE,
    "/admin/protocols/{protocol_script_id}": CENTRE,
    "/admin/protocols/{protocol_script_id}/try": CENTRE,
}
ASKING_FILES: dict[str, set[str]] = {"/desk/elders/{elder_id}/photo": CARD}
ASKING_WRITES: dict[str, set[str]] = {
    "/console/cases/{case_id}/answer": CENTRE,
    "/console/cases/{case_id}/severity": CENTRE,
    "/desk/gaps/{cover_gap_id}/take": CENTRE,
    "/desk/elders/{elder_id}/card": KEEPERS,
    "/desk/elders/{elder_id}/photo": KEEPERS,
    "/desk/elders/{elder_id}/photo/drop": KEEPERS,
    "/desk/elders/{elder_id}/contacts": KEEPERS,
    "/desk/elders/{elder_id}/contacts/{member_id}": KEEPERS,
    "/desk/elders/{elder_id}/contacts/{member_id}/end": KEEPERS,
    "/admin/protocols": DECIDERS,
    "/admin/protocols/{protocol_script_id}/activate": DECIDERS,
    "/admin/protocols/{protocol_script_id}/retire": DECIDERS,
}
BODIES = {
    "/cases/{case_id}/protocol/answer": {"node": "answered", "answer": "yes"},
    "/cases/{case_id}/severity": {"severity": 1, "was": 2},
}
GAP = (
    "INSERT INTO cover_gap (id, district_id, kind, subject, severity, opened_at)"
    " VALUES ($1, $2, 'no_operator', 'district', 1, $3)"
)


def picture(size: tuple[int, int] = (40, 60)) -> bytes:
    """Draw a face: two eyes and a mouth on a round head."""
    kept = BytesIO()
    Image.new("RGB", size, (205, 170, 140)).save(kept, "JPEG")
    return kept.getvalue()


async def make_asking(world: World, ids: dict[str, UUID]) -> None:
    """Make a draft of a script and a gap."""
    by = await make_operator(world, "duty_manager")
    ids["cover_gap_id"] = new_id()
    consent = Given("photo", world.elder, "elder", "paper", NOW)
    whose = Subject(elder=world.elder)
    async with world.web.transaction(world.district) as conn:
        made = await protocol_scripts.save(conn, by, protocol_scripts.OURS, None, NOW)
        await conn.execute(GAP, ids["cover_gap_id"], world.district, NOW)
        if not await consents.given(conn, world.elder, "photo", NOW):
            who = {"district": world.district, "account": by.account_id}
            await consents.give(conn, whose, consent, **who, now=NOW)
        await portraits.keep(conn, world.keys, world.elder, picture(), by, NOW)
    ids["protocol_script_id"] = made["id"]
