"""Who may send which form where public money, its proofs and its reports are handled."""

ADMIN, FAMILY, AUDITOR, APPROVER, CLERK = {"admin"}, {"family"}, {"auditor"}, {"approver"}, {"clerk"}
OFFICE, TWO = {"clerk", "admin"}, {"clerk", "approver"}
STAFF = {"clerk", "auditor", "approver"}
CENTRE = {"operator", "duty_manager", "admin"}

MONEY_WRITES: dict[str, set[str]] = {
    "/audit/claims/{claim_id}/pack": STAFF,
    "/audit/log/verify": STAFF,
    "/clerk/applications": CLERK,
    "/clerk/applications/{application_id}/{verb}": TWO,
    "/clerk/matches": OFFICE,
    "/clerk/matches/run": OFFICE,
    "/clerk/registers": OFFICE,
    "/clerk/registers/mapping": OFFICE,
    "/clerk/registers/source": ADMIN,
    "/clerk/registers/{register_import_id}/{verb}": OFFICE,
    "/desk/allowances": CLERK,
    "/desk/allowances/corrections/{allowance_correction_id}/withdraw": CLERK,
    "/desk/allowances/lines/{allowance_line_id}/correct": CLERK,
    "/desk/allowances/{allowance_id}/bank-file.{kind}": CLERK,
    "/desk/allowances/{allowance_id}/bank-results": CLERK,
    "/desk/allowances/{allowance_id}/{verb}": TWO,
    "/desk/audit/findings/run": AUDITOR,
    "/desk/audit/findings/{finding_id}/confirm": AUDITOR,
    "/desk/audit/findings/{finding_id}/dismiss": AUDITOR,
    "/desk/audit/sample-items/{sample_item_id}": AUDITOR,
    "/desk/audit/samples": AUDITOR,
    "/desk/complaints": {"clerk", "auditor"} | CENTRE,
    **{
        f"/desk/complaints/{{complaint_id}}/{verb}": {"clerk", "auditor"}
        for verb in ("assign", "close", "return")
    },
    "/desk/complaints/{complaint_id}/answer": {"clerk", "provider_manager"},
    "/desk/deaths/{death_id}/{verb}": TWO | ADMIN,
    "/desk/elders/{elder_id}/death": OFFICE,
    "/desk/elders/{elder_id}/life-proof": OFFICE,
    "/desk/elders/{elder_id}/payee": CLERK,
    "/desk/elders/{elder_id}/payee/reveal": CLERK,
    "/desk/reports": TWO,
    "/desk/schemes": OFFICE,
    "/desk/schemes/{scheme_id}/sign": APPROVER | ADMIN,
    "/desk/schemes/{scheme_id}/try": STAFF | ADMIN,
    "/desk/schemes/{scheme_id}/withdraw": TWO | ADMIN,
    "/desk/what-ifs": TWO | ADMIN,
    "/desk/what-ifs/{what_if_id}/stop": TWO | ADMIN,
    "/family/applications/{elder_id}": FAMILY,
    "/family/applications/{elder_id}/{application_id}/withdraw": FAMILY,
}
VERBS = {
    "/clerk/applications/{application_id}/{verb}": "pass",
    "/clerk/registers/{register_import_id}/{verb}": "apply",
    "/desk/allowances/{allowance_id}/{verb}": "check",
    "/desk/deaths/{death_id}/{verb}": "confirm",
}
"""A verb that the forms with one in their address know."""
