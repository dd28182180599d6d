"""One of everything in a district, and somebody of every role, for tests of who may see what."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import people, rights
from core.accounts import ROLES, Person
from core.ids import new_id
from core.sql import load
from devices import installs, kits
from devices.kit_lists import Kit, Part
from dispatch.phone import alerts, conflicts, pictures, reports
from dispatch.planning import plans
from services import contracts
from services.settlement import budgets, runs
from tests import makers
from tests.dashboards.asking import make_asking
from tests.dashboards.auditing import make_auditing
from tests.dashboards.calling_in import make_calling_in
from tests.dashboards.care import make_care
from tests.dashboards.duties import make_duties
from tests.dashboards.eligibility import make_eligibility
from tests.dashboards.guarding import make_guarding
from tests.dashboards.noticing import make_noticing
from tests.dashboards.paying import make_paying
from tests.dashboards.pushing import make_pushing
from tests.dashboards.relating import make_relating
from tests.dashboards.reporting import make_reporting
from tests.dashboards.sampling import make_sampling
from tests.dashboards.seating import make_seating
from tests.dashboards.telephoning import make_telephoning
from tests.dispatch.worlds import World, make_caregiver, make_case, make_device, make_operator
from tests.makers import NOW

SQL = load(__file__)
MONTH = date(2026, 11, 1)


async def make_everybody(world: World) -> dict[str, Person]:
    """Make one account of every role; the family and the caregiver belong to the world's elder and visit."""
    found = {"caregiver": await make_caregiver(world)}
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="m", phone=None, now=NOW
        )
        bond: dict[str, Any] = {"relation": "son", "priority": 1, "consented_at": NOW}
        bond |= {"rights": rights.RIGHTS}
        await people.bond(conn, district=world.district, elder=world.elder, member=member, **bond)
        await makers.make_consents(conn, world.district, world.elder)
        for role in (role for role in ROLES if role not in found):
            links: dict[str, UUID] = {}
            if role == "family":
                links = {"family_member": member}
            if role == "provider_manager":
                links = {"provider": world.provider}
            found[role] = await makers.make_person(conn, world.district, role, **links)
    return found


async def make_things(world: World, carer: Person, assessor: Person) -> dict[str, UUID]:
    """Make one of everything; return {name of the id: id}."""
    case = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        alarm = await conn.fetchval("SELECT alarm_id FROM case_alarm WHERE case_id = $1", case)
    spare = await make_operator(world)
    ids = {
        "elder_id": world.elder,
        "care_bed_id": world.bed,
        "device_id": world.device,
        "provider_id": world.provider,
        "caregiver_id": carer.caregiver_id or new_id(),
        "case_id": case,
        "alarm_id": alarm,
        "account_id": spare.account_id,
        "assessor_id": assessor.account_id,
        **{name: new_id() for name in ("visit_id", "scheme_id", "statement_id", "claim_id")},
        **{name: new_id() for name in ("alarm_rule_id", "rule_proposal_id")},
        **{name: new_id() for name in ("assessment_id", "dead_letter_id", "unknown_device_id")},
    }
    ids["incident_id"] = await _make_incident(world)
    async with world.web.transaction(world.district) as conn:
        given: dict[str, Any] = {"district": world.district, "provider_id": world.provider, "seconds": 1.0}
        ids["plan_id"] = await plans.start(conn, on=NOW.date(), now=NOW, **given)
    await _make_visit_and_money(world, ids, assessor)
    await _make_roster(world, ids)
    await _make_phone(world, ids, carer)
    await _make_ingest(world, ids)
    await make_care(world, ids, assessor, spare)
    await make_eligibility(world, ids, spare)
    await make_guarding(world, ids, assessor, spare)
    await make_paying(world, ids, spare)
    await _make_centre(world, ids, spare)
    await make_auditing(world, ids, spare)
    await make_reporting(world, ids, spare)
    await make_sampling(world, ids)
    await _make_settlement(world, ids, spare)
    return ids


async def _make_centre(world: World, ids: dict[str, UUID], spare: Person) -> None:
    """Make what the call centre and the families have."""
    await make_duties(world, ids, spare)
    await make_telephoning(world, ids, spare)
    await make_seating(world, ids, spare)
    await make_noticing(world, ids, spare)
    await make_calling_in(world, ids, spare)
    await make_pushing(world, ids)
    await make_relating(world, ids, spare.account_id)
    await make_asking(world, ids)


async def _make_incident(world: World) -> UUID:
    incident = new_id()
    async with world.web.transaction(world.district) as conn:
        await conn.execute(SQL.make_incident_case, incident, world.district, NOW)
        await conn.execute(SQL.make_incident, incident, world.district)
        await conn.execute(
            SQL.make_incident_member, incident, world.elder, world.district, world.home, world.bed, NOW
        )
    return incident


async def _make_visit_and_money(world: World, ids: dict[str, UUID], assessor: Person) -> None:
    district, elder, provider = world.district, world.elder, world.provider
    visit, statement = ids["visit_id"], ids["statement_id"]
    async with world.web.transaction(district) as conn:
        carer = ids["caregiver_id"]
        await conn.execute(SQL.make_visit, visit, district, elder, world.bed, NOW, provider, carer)
        await conn.execute(SQL.make_scheme, ids["scheme_id"], district, MONTH, NOW)
        await conn.execute(SQL.make_statement, statement, district, provider, MONTH, NOW)
        money = (district, visit, statement, elder, provider, MONTH, NOW)
        await conn.execute(SQL.make_claim, ids["claim_id"], *money)
        form = (ids["assessment_id"], district, elder, MONTH, assessor.account_id)
        await conn.execute(SQL.make_assessment, *form)


async def _make_settlement(world: World, ids: dict[str, UUID], spare: Person) -> None:
    who: dict[str, Any] = {"district": world.district, "now": NOW}
    async with world.web.transaction(world.district) as conn:
        ids["settlement_run_id"] = await runs.start(conn, month=date(2026, 9, 1), step="draft", **who)
        cap: dict[str, Any] = {"year": 2026, "scheme": None, "service": None, "ceiling": Decimal(1)}
        ids["budget_id"] = await budgets.propose(conn, **cap, by=spare.account_id, **who)
        ids["contract_id"] = await contracts.create(
            conn,
            district=world.district,
            provider=world.provider,
            number="C-9",
            valid_from=MONTH,
            valid_to=None,
            prices=(),
        )


async def _make_phone(world: World, ids: dict[str, UUID], carer: Person) -> None:
    """Make what a caregiver's phone brought of the visit."""
    ids["visit_correction_id"] = new_id()
    for name in ("phone_conflict_id", "caregiver_alert_id", "condition_report_id", "visit_photo_id"):
        ids[name] = new_id()
    visit, photo = ids["visit_id"], b"\xff\xd8\xff\xda\x00\x02\xff\xd9"
    refused: dict[str, Any] = {"verb": "accept", "said": {}, "said_at": NOW, "status": 409}
    refused |= {"code": "wrong_state", "reason": {"state": "cancelled"}, "visit_id": visit}
    report: dict[str, Any] = {"changes": ["fell"], "note": None, "wants_assessment": True, "observed_at": NOW}
    async with world.web.transaction(world.district) as conn:
        await conflicts.keep(conn, ids["phone_conflict_id"], carer, NOW, **refused)
        await alerts.sos(conn, ids["caregiver_alert_id"], carer, NOW, said_at=NOW, visit_id=visit)
        await reports.keep(conn, world.keys, ids["condition_report_id"], visit, carer, NOW, **report)
        asked = (world.district, visit, carer.account_id)
        await conn.execute(SQL.make_correction, ids["visit_correction_id"], *asked, NOW)
        await pictures.keep(conn, world.keys, ids["visit_photo_id"], visit, carer, photo, NOW, NOW)


async def _make_roster(world: World, ids: dict[str, UUID]) -> None:
    nouns = ("shift", "shift_pattern", "leave", "swap", "wish", "coverage", "colleague")
    ids |= {f"{noun}_id": new_id() for noun in nouns}
    district, carer, day = world.district, ids["caregiver_id"], NOW.date()
    async with world.web.transaction(district) as conn:
        await conn.execute(SQL.make_colleague, ids["colleague_id"], district, world.provider, NOW)
        await conn.execute(SQL.make_shift, ids["shift_id"], district, carer, NOW)
        await conn.execute(SQL.make_shift_pattern, ids["shift_pattern_id"], district, carer, day, NOW)
        await conn.execute(SQL.make_leave, ids["leave_id"], district, carer, NOW)
        both = (ids["shift_id"], ids["colleague_id"], carer)
        await conn.execute(SQL.make_swap, ids["swap_id"], district, *both, NOW)
        await conn.execute(SQL.make_wish, ids["wish_id"], district, world.elder, carer, day, NOW)
        await conn.execute(SQL.make_coverage, ids["coverage_id"], district, world.provider, day)


async def _make_ingest(world: World, ids: dict[str, UUID]) -> None:
    async with world.web.transaction(world.district) as conn:
        hub = await make_device(conn, world, "hub_v1")
        kit = Kit(2, "KIT-1", "ABC-123", [Part("sos_button_v1", "button", None, "native", None)])
        await kits.add(conn, world.keys, kit, district=world.district, by=None, now=NOW)
        ids["test_id"] = await installs.start(conn, world.bed, "monthly", None, NOW)
        await installs.arm(conn, ids["test_id"], world.device, {}, NOW)
        photo = b"\xff\xd8\xff\xda\x00\x02\xff\xd9"
        ids["photo_id"] = await installs.add_photo(conn, world.keys, ids["test_id"], photo, None, NOW)
    sealed = world.keys.seal_raw(b"\xff{")
    async with world.gateway.transaction() as conn:
        await conn.execute(SQL.make_dead_letter, ids["dead_letter_id"], NOW, world.district, sealed)
        await conn.execute(SQL.make_unknown_device, ids["unknown_device_id"], NOW, world.district, hub)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(SQL.make_alarm_rule, ids["alarm_rule_id"], world.district, NOW)
        await conn.execute(SQL.make_rule_proposal, ids["rule_proposal_id"], world.district, NOW)
