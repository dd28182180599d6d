"""Who may call what: the whole list, written by hand, so that a new route without an entry fails the test."""

from tests.dashboards.asking import ASKING
from tests.dashboards.auditing import AUDITING
from tests.dashboards.calling_in import BODIES as CALLED_IN
from tests.dashboards.calling_in import CALLING_IN
from tests.dashboards.care import CARE
from tests.dashboards.duties import DUTIES
from tests.dashboards.eligibility import ELIGIBILITY
from tests.dashboards.guarding import GUARDING
from tests.dashboards.noticing import BODIES as NOTICED
from tests.dashboards.noticing import NOTICING
from tests.dashboards.paying import PAYING
from tests.dashboards.pushing import BODIES as PUSHED
from tests.dashboards.pushing import PUSHING
from tests.dashboards.relating import RELATING
from tests.dashboards.reporting import REPORTING
from tests.dashboards.sampling import SAMPLING
from tests.dashboards.seating import BODIES as SEATED
from tests.dashboards.seating import SEATING
from tests.dashboards.telephoning import BODIES as CALLING
from tests.dashboards.telephoning import TELEPHONING

CENTRE = {"operator", "duty_manager", "admin"}
OFFICE = {"clerk", "auditor", "approver", "admin"}
STAFF = CENTRE | OFFICE
CASES = CENTRE | {"clerk", "auditor", "approver", "family"}
ALL = STAFF | {"caregiver", "provider_manager", "family", "assessor", "installer"}
HOMES = STAFF | {"family", "assessor", "installer"}
VISITS = STAFF | {"provider_manager", "caregiver", "family"}
PLAN = {"duty_manager", "provider_manager", "admin"}
CARER, ADMIN, ASSESSOR = {"caregiver"}, {"admin"}, {"assessor"}
FIT = {"installer", "admin"}
CLAIMS = OFFICE | {"provider_manager", "family"}
DEVICES = STAFF | {"installer", "family"}

PEOPLE = STAFF | {"provider_manager", "caregiver"}
MANAGE = {"provider_manager", "clerk", "admin"}

ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/session"): ALL,  # and GET /events, a stream, which test_live covers
    ("GET", "/elders"): HOMES,
    ("GET", "/elders/{elder_id}"): HOMES,
    ("GET", "/elders/{elder_id}/contacts"): CENTRE,
    ("POST", "/elders/{elder_id}/reveal"): {"operator", "duty_manager", "installer"},
    ("GET", "/care-beds"): HOMES,
    ("GET", "/care-beds/{care_bed_id}"): HOMES,
    ("GET", "/cases"): CASES,
    ("GET", "/cases/{case_id}"): CASES,
    ("GET", "/cases/{case_id}/timeline"): CASES,
    ("GET", "/cases/{case_id}/steps"): CENTRE,
    ("GET", "/incidents"): STAFF,
    ("GET", "/incidents/{incident_id}"): STAFF,
    ("POST", "/incidents/acknowledge"): CENTRE,
    ("POST", "/incidents/{incident_id}/claim"): CENTRE,
    ("POST", "/incidents/{incident_id}/contact"): CENTRE,
    ("POST", "/incidents/{incident_id}/close"): CENTRE,
    ("GET", "/visits"): VISITS,
    ("POST", "/visits"): PLAN,
    ("GET", "/visits/{visit_id}"): VISITS,
    ("GET", "/visits/{visit_id}/timeline"): VISITS - {"family"},
    ("POST", "/visits/{visit_id}/offer"): PLAN,
    ("POST", "/visits/{visit_id}/cancel"): PLAN,
    ("POST", "/visits/{visit_id}/confirm"): {"family"},
    ("POST", "/visits/{visit_id}/move"): PLAN,
    ("GET", "/plans"): PLAN | {"clerk"},
    ("POST", "/plans"): PLAN | {"clerk"},
    ("GET", "/plans/{plan_id}"): PLAN | {"clerk"},
    ("POST", "/plans/{plan_id}/accept"): PLAN | {"clerk"},
    ("POST", "/plans/{plan_id}/discard"): PLAN | {"clerk"},
    ("POST", "/repairs"): PLAN | {"clerk"},
    ("GET", "/caregivers"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/caregivers/{caregiver_id}"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/caregivers/{caregiver_id}/certificates"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/providers"): STAFF | {"provider_manager"},
    ("GET", "/providers/{provider_id}"): STAFF | {"provider_manager"},
    ("POST", "/providers/{provider_id}/mode"): MANAGE,
    ("POST", "/caregivers"): MANAGE,
    ("POST", "/caregivers/{caregiver_id}/update"): MANAGE,
    ("POST", "/caregivers/{caregiver_id}/end"): MANAGE,
    ("POST", "/caregivers/{caregiver_id}/certificates"): MANAGE,
    ("GET", "/shifts"): PEOPLE,
    ("POST", "/shifts"): MANAGE,
    ("POST", "/shifts/copy-week"): MANAGE,
    ("GET", "/shifts/{shift_id}"): PEOPLE,
    ("POST", "/shifts/{shift_id}/move"): MANAGE,
    ("POST", "/shifts/{shift_id}/remove"): MANAGE,
    ("GET", "/shift-patterns"): PEOPLE,
    ("POST", "/shift-patterns"): MANAGE,
    ("POST", "/shift-patterns/{shift_pattern_id}/end"): MANAGE,
    ("GET", "/leaves"): PEOPLE,
    ("POST", "/leaves"): MANAGE | CARER,
    ("POST", "/leaves/{leave_id}/approve"): MANAGE,
    ("POST", "/leaves/{leave_id}/refuse"): MANAGE,
    ("POST", "/leaves/{leave_id}/withdraw"): MANAGE | CARER,
    ("GET", "/swaps"): PEOPLE,
    ("POST", "/swaps"): MANAGE | CARER,
    ("POST", "/swaps/{swap_id}/take"): CARER,
    ("POST", "/swaps/{swap_id}/decline"): CARER,
    ("POST", "/swaps/{swap_id}/withdraw"): MANAGE | CARER,
    ("POST", "/swaps/{swap_id}/approve"): MANAGE,
    ("POST", "/swaps/{swap_id}/refuse"): MANAGE,
    ("GET", "/wishes"): STAFF | {"provider_manager", "family"},
    ("POST", "/wishes"): MANAGE | CENTRE,
    ("POST", "/wishes/{wish_id}/end"): MANAGE | CENTRE,
    ("GET", "/coverage"): STAFF | {"provider_manager"},
    ("POST", "/coverage"): {"clerk", "admin"},
    ("POST", "/coverage/{coverage_id}/end"): {"clerk", "admin"},
    ("GET", "/assessments"): OFFICE | ASSESSOR,
    ("GET", "/assessments/{assessment_id}"): OFFICE | ASSESSOR,
    ("POST", "/assessments"): ASSESSOR,
    ("POST", "/assessments/score"): ASSESSOR,
    ("POST", "/assessments/{assessment_id}/sign"): ASSESSOR,
    ("GET", "/schemes"): OFFICE,
    ("GET", "/schemes/{scheme_id}"): OFFICE,
    ("POST", "/schemes/check"): OFFICE,
    ("POST", "/schemes"): {"clerk", "admin"},
    ("POST", "/schemes/{scheme_id}/sign"): {"approver", "admin"},
    ("POST", "/schemes/{scheme_id}/withdraw"): {"clerk", "approver", "admin"},
    ("POST", "/schemes/{scheme_id}/price"): OFFICE,
    ("GET", "/entitlements"): OFFICE | {"operator", "duty_manager", "assessor", "family"},
    ("GET", "/claims"): CLAIMS,
    ("GET", "/claims/unpriced"): OFFICE,
    ("GET", "/claims/{claim_id}"): CLAIMS,
    ("GET", "/statements"): OFFICE | {"provider_manager"},
    ("GET", "/statements/export"): OFFICE,
    ("GET", "/statements/{statement_id}"): OFFICE | {"provider_manager"},
    ("GET", "/statements/{statement_id}/lines"): OFFICE | {"provider_manager"},
    ("GET", "/statements/{statement_id}/seal"): OFFICE | {"provider_manager"},
    ("POST", "/statements/{statement_id}/check"): {"clerk", "approver"},
    ("POST", "/statements/{statement_id}/confirm"): {"provider_manager"},
    ("POST", "/statements/{statement_id}/dispute"): {"provider_manager"},
    ("POST", "/statements/{statement_id}/approve"): {"approver"},
    ("POST", "/statements/{statement_id}/issue"): {"clerk", "approver"},
    ("POST", "/statements/{statement_id}/reconcile"): {"clerk", "approver"},
    ("POST", "/claims/{claim_id}/reject"): {"clerk", "approver"},
    ("POST", "/claims/{claim_id}/adjust"): {"clerk", "approver"},
    ("POST", "/claims/{claim_id}/appeal"): {"provider_manager"},
    ("POST", "/claims/{claim_id}/answer"): {"clerk", "approver"},
    ("POST", "/claims/{claim_id}/correct"): {"clerk", "approver"},
    ("GET", "/settlements"): OFFICE,
    ("POST", "/settlements"): {"clerk", "approver"},
    ("GET", "/settlements/{settlement_run_id}"): OFFICE,
    ("GET", "/budgets"): OFFICE,
    ("POST", "/budgets"): {"approver", "auditor"},
    ("POST", "/budgets/{budget_id}/sign"): {"approver", "auditor"},
    ("GET", "/devices"): DEVICES,
    ("GET", "/devices/{device_id}"): DEVICES,
    ("GET", "/devices/{device_id}/latest"): DEVICES,
    ("GET", "/devices/{device_id}/readings"): DEVICES,
    ("POST", "/devices/{device_id}/bind"): FIT,
    ("POST", "/devices/{device_id}/revoke"): FIT,
    ("POST", "/devices"): FIT,
    ("POST", "/devices/{device_id}/rotate"): FIT,
    ("POST", "/devices/{device_id}/replace"): FIT,
    ("POST", "/devices/{device_id}/retire"): FIT,
    ("GET", "/devices/{device_id}/history"): FIT,
    ("GET", "/devices/{device_id}/commands"): CENTRE | {"installer"},
    ("POST", "/devices/{device_id}/commands"): CENTRE | {"installer"},
    ("GET", "/kits"): FIT,
    ("POST", "/kits/bind"): FIT,
    ("GET", "/alarms"): DEVICES,
    ("GET", "/alarms/{alarm_id}"): DEVICES,
    ("GET", "/devices/{device_id}/hours"): DEVICES,
    ("GET", "/devices/{device_id}/days"): DEVICES,
    ("GET", "/alarm-rules"): CENTRE,
    ("GET", "/alarm-rules/in-force"): CENTRE,
    ("POST", "/alarm-rules"): {"duty_manager", "admin"},
    ("POST", "/alarm-rules/{alarm_rule_id}/end"): {"duty_manager", "admin"},
    ("GET", "/rule-proposals"): CENTRE,
    ("GET", "/rule-proposals/{rule_proposal_id}"): CENTRE,
    ("POST", "/rule-proposals/{rule_proposal_id}/approve"): {"duty_manager", "admin"},
    ("POST", "/rule-proposals/{rule_proposal_id}/reject"): {"duty_manager", "admin"},
    ("GET", "/dead-letters"): ADMIN,
    ("POST", "/dead-letters/{dead_letter_id}/read"): ADMIN,
    ("POST", "/dead-letters/{dead_letter_id}/retry"): ADMIN,
    ("GET", "/unknown-devices"): FIT,
    ("POST", "/unknown-devices/{unknown_device_id}/adopt"): FIT,
    ("GET", "/accounts"): ADMIN,
    ("POST", "/accounts"): ADMIN,
    ("POST", "/accounts/{account_id}/disable"): ADMIN,
    ("GET", "/audit-log"): {"auditor"},
    ("GET", "/phone/days"): CARER,
    ("POST", "/phone/conflicts"): CARER,
    ("POST", "/phone/sos"): CARER,
    ("GET", "/visits/{visit_id}/photos"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/visits/{visit_id}/photos/{visit_photo_id}"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/caregiver-alerts"): CENTRE | {"provider_manager"},
    ("POST", "/caregiver-alerts/{caregiver_alert_id}/take"): CENTRE | {"provider_manager"},
    ("POST", "/caregiver-alerts/{caregiver_alert_id}/close"): CENTRE | {"provider_manager"},
    **CARE,
    **ELIGIBILITY,
    **GUARDING,
    **PAYING,
    **DUTIES,
    **PUSHING,
    **TELEPHONING,
    **SEATING,
    **NOTICING,
    **CALLING_IN,
    **ASKING,
    **AUDITING,
    **REPORTING,
    **RELATING,
    **SAMPLING,
    ("GET", "/phone-conflicts"): PLAN,
    ("POST", "/phone-conflicts/{phone_conflict_id}/settle"): PLAN,
    ("GET", "/visit-notices"): CENTRE | {"provider_manager"},
    ("POST", "/visits/{visit_id}/corrections"): PLAN,
    ("GET", "/visit-corrections"): OFFICE | {"provider_manager"},
    ("GET", "/visit-corrections/{visit_correction_id}"): OFFICE,
    ("POST", "/visit-corrections/{visit_correction_id}/approve"): {"clerk", "admin"},
    ("POST", "/visit-corrections/{visit_correction_id}/refuse"): {"clerk", "admin"},
    ("GET", "/condition-reports"): OFFICE | {"assessor", "provider_manager"},
    ("POST", "/condition-reports/{condition_report_id}/settle"): {"clerk", "admin", "assessor"},
    **{
        ("POST", f"/cases/{{case_id}}/{verb}"): CENTRE
        for verb in (
            *("claim", "call", "note", "verify", "dispatch", "recall", "resolve", "close"),
            *("shelve", "unshelve", "return", "take-out", "put-back"),
        )
    },
    **{
        ("POST", f"/visits/{{visit_id}}/{verb}"): CARER
        for verb in (
            *("accept", "decline", "en-route", "check-in", "check-out"),
            *("reveal", "well", "photos", "signatures", "condition-reports"),
        )
    },
}

NEW = "01935000-0000-7000-8000-000000000001"
BODIES: dict[str, dict[str, object]] = {
    **PUSHED,
    **CALLING,
    **SEATED,
    **NOTICED,
    **CALLED_IN,
    "/elders/{elder_id}/reveal": {"field": "phone"},
    "/schemes/{scheme_id}/price": {"cases": [{}]},
    "/settlements": {"month": "2026-10"},
    "/claims/{claim_id}/adjust": {"approved": "0.00"},
    "/claims/{claim_id}/appeal": {"reason": "was_there"},
    "/claims/{claim_id}/answer": {"outcome": "refused"},
    "/claims/{claim_id}/correct": {"amount": "-1.00", "reason": "error"},
    "/statements/{statement_id}/dispute": {"items": [{"reason": "was_there"}]},
    "/budgets": {"year": 2026, "ceiling": "1000.00"},
    "/cases/{case_id}/call": {"to": "elder", "result": "answered"},
    "/cases/{case_id}/note": {"note": "a remark"},
    "/cases/{case_id}/shelve": {"until": "2026-11-22T08:00:00Z", "reason": "hospital"},
    "/cases/{case_id}/close": {"outcome": "test"},
    "/incidents/{incident_id}/close": {"outcome": "test"},
    "/visits/{visit_id}/cancel": {"reason": "none"},
    "/visits/{visit_id}/confirm": {"agrees": True},
    "/visits/{visit_id}/check-in": {},
    "/providers/{provider_id}/mode": {"mode": "grab"},
    "/caregivers/{caregiver_id}/certificates": {
        "skill": "bath",
        "name": "b",
        "valid_from": "2026-01-01",
        "valid_to": "2027-01-01",
    },
    "/caregivers/{caregiver_id}/update": {"vehicle": "walk"},
    "/shift-patterns/{shift_pattern_id}/end": {"on": "2026-12-01"},
    "/wishes/{wish_id}/end": {"on": "2026-12-01"},
    "/coverage/{coverage_id}/end": {"on": "2026-12-01"},
    "/devices": {"thing_model": "watch_v1"},
    "/devices/{device_id}/commands": {"name": "reboot"},
    "/visits/{visit_id}/check-out": {},
    "/caregiver-alerts/{caregiver_alert_id}/close": {"outcome": "helped"},
    "/phone-conflicts/{phone_conflict_id}/settle": {"note": "counted by hand"},
    "/condition-reports/{condition_report_id}/settle": {"outcome": "plan_changed"},
    "/visits/{visit_id}/corrections": {"reason": "wrong_record", "record": {"note": "bathed"}},
    "/visits/{visit_id}/condition-reports": {"id": NEW, "changes": ["fell"]},
    "/visits/{visit_id}/signatures": {
        "id": NEW,
        "who": "elder",
        "path": "M1 1 L2 2",
        "statement": {},
        "digest": "0" * 64,
    },
    "/alarm-rules": {"rule": "no_motion", "params": {"hours": 5}},
    "/accounts": {"login": "somebody", "password": "long enough", "role": "clerk", "name": "S"},
}
"""Bodies of writes that need one; ids in them are filled in by the test."""
