"""Who may call what: the whole list, written by hand, so that a new route without an entry fails the test."""

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
    ("GET", "/caregivers"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/caregivers/{caregiver_id}"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/caregivers/{caregiver_id}/certificates"): STAFF | {"provider_manager", "caregiver"},
    ("GET", "/providers"): STAFF | {"provider_manager"},
    ("GET", "/providers/{provider_id}"): STAFF | {"provider_manager"},
    ("GET", "/assessments"): OFFICE | ASSESSOR,
    ("GET", "/assessments/{assessment_id}"): OFFICE | ASSESSOR,
    ("POST", "/assessments"): ASSESSOR,
    ("POST", "/assessments/score"): ASSESSOR,
    ("POST", "/assessments/{assessment_id}/sign"): ASSESSOR,
    ("GET", "/schemes"): OFFICE,
    ("GET", "/schemes/{scheme_id}"): OFFICE,
    ("POST", "/schemes/check"): OFFICE,
    ("POST", "/schemes"): ADMIN,
    ("GET", "/entitlements"): OFFICE | {"operator", "duty_manager", "assessor", "family"},
    ("GET", "/claims"): CLAIMS,
    ("GET", "/claims/unpriced"): OFFICE,
    ("GET", "/claims/{claim_id}"): CLAIMS,
    ("GET", "/statements"): OFFICE | {"provider_manager"},
    ("GET", "/statements/export"): OFFICE,
    ("GET", "/statements/{statement_id}"): OFFICE | {"provider_manager"},
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
    ("GET", "/phone-conflicts"): PLAN,
    ("POST", "/phone-conflicts/{phone_conflict_id}/settle"): PLAN,
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
    "/elders/{elder_id}/reveal": {"field": "phone"},
    "/cases/{case_id}/call": {"to": "elder", "result": "answered"},
    "/cases/{case_id}/note": {"note": "a remark"},
    "/cases/{case_id}/shelve": {"until": "2026-11-22T08:00:00Z", "reason": "hospital"},
    "/cases/{case_id}/close": {"outcome": "test"},
    "/incidents/{incident_id}/close": {"outcome": "test"},
    "/visits/{visit_id}/cancel": {"reason": "none"},
    "/visits/{visit_id}/confirm": {"agrees": True},
    "/visits/{visit_id}/check-in": {},
    "/devices": {"thing_model": "watch_v1"},
    "/devices/{device_id}/commands": {"name": "reboot"},
    "/visits/{visit_id}/check-out": {},
    "/caregiver-alerts/{caregiver_alert_id}/close": {"outcome": "helped"},
    "/phone-conflicts/{phone_conflict_id}/settle": {"note": "counted by hand"},
    "/condition-reports/{condition_report_id}/settle": {"outcome": "plan_changed"},
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
