"""Payment lists, proofs of life, deaths, and what waits for an approver."""

from dashboards.vocabulary.mark import N_

ALLOWANCE_STATES = {
    "draft": N_("Draft"),
    "checked": N_("Checked, waits for a second person"),
    "approved": N_("Approved, not issued yet"),
    "issued": N_("Issued, waits for the bank"),
    "reconciled": N_("Reconciled"),
}
ALLOWANCE_CHANGES = {
    "new": N_("New this month"),
    "ended": N_("Ended"),
    "changed": N_("Amount changed"),
    "same": N_("As last month"),
    "suspended": N_("Suspended"),
    "resumed": N_("Paid again"),
    "arrears": N_("Arrears"),
    "returned": N_("Sent again"),
    "correction": N_("Correction"),
    "overpaid": N_("Paid too much, not taken back"),
}
PAYMENT_STATES = {
    "pending": N_("Waits for the bank"),
    "no_account": N_("No account"),
    "paid": N_("Paid"),
    "returned": N_("Came back"),
}
PAYMENT_REASONS = {
    "no_account": N_("no account was known"),
    "account_unknown": N_("the account does not exist"),
    "account_closed": N_("the account is closed"),
    "account_frozen": N_("the account is frozen"),
    "name_differs": N_("the name of the account differs"),
    "account_dormant": N_("the account is dormant"),
    "bank_error": N_("an error at the bank"),
    "other": N_("another reason"),
}
ALLOWANCE_REASONS = {
    "overpaid": N_("paid too much"),
    "underpaid": N_("paid too little"),
    "wrong_person": N_("the wrong person"),
    "wrong_grade": N_("the wrong grade"),
    "register_wrong": N_("the register was wrong"),
    "other": N_("another reason"),
}
PAYEE_RELATIONS = {
    "self": N_("The person"),
    "guardian": N_("Guardian"),
    "family": N_("Family member"),
    "institution": N_("Institution"),
}
LIFE_METHODS = {
    "face": N_("Face to face"),
    "phone": N_("By telephone"),
    "device": N_("By the home's devices"),
}
LIFE_STATES = {"held": N_("Holds"), "due": N_("Due"), "missed": N_("Missed: suspended")}
DEATH_STATES = {
    "reported": N_("Reported, waits for a clerk"),
    "confirmed": N_("Confirmed"),
    "dismissed": N_("Dismissed"),
    "undone": N_("Undone"),
}
DEATH_SOURCES = {
    "clerk": N_("A clerk"),
    "family": N_("The family"),
    "hospital": N_("A hospital"),
    "register": N_("A register"),
}
WAITING = {
    "statement": N_("Statements confirmed by the provider"),
    "statement_issue": N_("Approved statements to issue"),
    "allowance": N_("Payment lists to approve"),
    "allowance_issue": N_("Approved payment lists to issue"),
    "scheme": N_("Schemes to sign"),
    "correction": N_("Corrections that the next payment lists carry"),
    "care_plan": N_("Care plans to approve"),
    "death": N_("Deaths confirmed lately (a second person may undo one)"),
}
