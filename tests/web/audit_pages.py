"""The pages of audit and complaints, and who opens them."""

STAFF = {"clerk", "auditor", "approver"}
OPERATORS = {"operator", "duty_manager", "admin"}
COMPLAINTS = OPERATORS | STAFF | {"provider_manager"}

AUDIT_PAGES: dict[str, set[str]] = {
    "/audit": STAFF,
    "/audit/purchases": STAFF,
    "/audit/purchases.{kind}": STAFF,
    "/audit/claims": STAFF,
    "/audit/claims.{kind}": STAFF,
    "/audit/budget": STAFF,
    "/audit/visits/{visit_id}": STAFF,
    "/audit/visits/{visit_id}/photos/{visit_photo_id}": STAFF,
    "/audit/log": STAFF,
    "/audit/scores": STAFF,
    "/desk/audit/findings": STAFF,
    "/desk/audit/findings/{finding_id}": STAFF,
    "/desk/audit/samples": STAFF,
    "/desk/audit/samples/{audit_sample_id}": STAFF,
    "/desk/complaints": COMPLAINTS,
    "/desk/complaints/new": COMPLAINTS - {"approver", "provider_manager"},
    "/desk/complaints/{complaint_id}": COMPLAINTS,
}
