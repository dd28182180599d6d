"""Callers: who may call what, which pages and forms, and one call of everything in a district."""

from datetime import timedelta
from uuid import UUID

from core.accounts import Person
from core.ids import new_id
from dispatch.inbound import calls, entering
from dispatch.inbound.entering import Report
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
CALLING_IN: dict[tuple[str, str], set[str]] = {
    ("POST", "/cases"): CENTRE | {"clerk"},
    ("GET", "/inbound-calls"): CENTRE,
    ("GET", "/inbound-calls/{inbound_call_id}"): CENTRE,
    ("POST", "/inbound-calls/{inbound_call_id}/take"): CENTRE,
    ("GET", "/call-backs"): CENTRE,
    ("POST", "/call-backs/{inbound_call_id}"): CENTRE,
}
BODIES: dict[str, dict[str, object]] = {
    "/cases": {"source": "paper", "type": "question", "words": "x", "name": "somebody"},
    "/call-backs/{inbound_call_id}": {"result": "no_answer"},
}
INBOUND_PAGES = {
    "/console/inbound": CENTRE,
    "/console/inbound/ringing": CENTRE,
    "/console/inbound/{inbound_call_id}": CENTRE,
    "/console/call-backs": CENTRE,
    "/console/desk-phone": CENTRE,
    "/console/cases/{case_id}/said": CENTRE,
    "/console/new": CENTRE | {"clerk"},
    "/console/new/{case_id}/done": CENTRE | {"clerk"},
    "/console/recordings/{recording_id}": CENTRE | {"auditor"},
    "/console/recordings/{recording_id}/sound": CENTRE | {"auditor"},
}
INBOUND_WRITES = {
    "/console/inbound/{inbound_call_id}/take": CENTRE,
    "/console/inbound/{inbound_call_id}/join": CENTRE,
    "/console/inbound/{inbound_call_id}/number": CENTRE,
    "/console/call-backs/{inbound_call_id}": CENTRE,
    "/console/desk-phone": CENTRE,
    "/console/new": CENTRE | {"clerk"},
    "/console/reports/{case_report_id}/reveal": CENTRE,
    "/console/recordings/{recording_id}/delete": {"duty_manager", "admin"},
}
_RECORDING = """INSERT INTO recording (id, district_id, call_id, elder_id, carrier_ref, state, seconds,
                                       sound_sealed, made_at, delete_at)
                VALUES ($1, $2, $3, $4, 'RE1', 'kept', 4, $5, $6, $7)"""


async def make_calling_in(world: World, ids: dict[str, UUID], operator: Person) -> None:
    """Make a missed call, a report of a case, and a recording."""
    async with world.web.transaction(world.district) as conn:
        ids["inbound_call_id"], _ = await calls.arrive(
            conn,
            world.keys,
            district=world.district,
            carrier="twilio",
            ref="CA-things",
            number="13877770000",
            now=NOW,
        )
        await calls.ended(conn, ids["inbound_call_id"], NOW + timedelta(seconds=30))
        report = Report("paper", "question", "x", name="somebody")
        await entering.join(conn, world.keys, ids["case_id"], report, operator, NOW)
        (kept,) = await entering.reports(conn, ids["case_id"])
        ids["case_report_id"], ids["recording_id"] = kept["id"], new_id()
        sealed = world.keys.seal(world.district, "UklGRg==")
        values = (ids["recording_id"], world.district, ids["inbound_call_id"], world.elder, sealed, NOW)
        await conn.execute(_RECORDING, *values, NOW + timedelta(days=90))
