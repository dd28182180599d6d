"""Money: what a claim, an entitlement and a statement say of themselves."""

from dashboards.vocabulary.mark import N_

UNITS = {"visit": N_("visit"), "hour": N_("hour"), "meal": N_("meal")}
STATEMENT_STATES = {
    "draft": N_("Draft (live)"),
    "checked": N_("Checked"),
    "confirmed": N_("Confirmed by the provider"),
    "disputed": N_("Disputed"),
    "approved": N_("Approved"),
    "issued": N_("Issued"),
    "reconciled": N_("Reconciled"),
}
EXPLANATIONS = {
    "grade_in_force": N_("On %(on)s the person's grade was “%(grade)s” (%(scale)s)."),
    "no_grade": N_("On %(on)s the person had no grade (%(scale)s)."),
    "rate": N_("The scheme pays at most %(rate)s yuan a month for the grade “%(grade)s”."),
    "rate_mapped": N_(
        "The scheme has no rate for “%(grade)s”; the district applies that of “%(as_grade)s”: "
        "at most %(rate)s yuan a month."
    ),
    "contract_price": N_(
        "By contract %(contract)s one unit (%(unit)s) of “%(service)s” costs %(price)s yuan."
    ),
    "example_price": N_("For trying out, “%(service)s” costs %(price)s yuan."),
    "late_response": N_(
        "By contract %(contract)s an emergency visit begins within %(limit)s minutes; this one took "
        "%(minutes)s: %(penalty)s yuan are deducted."
    ),
    "hours_missing": N_(
        "By contract %(contract)s at least %(least)s hours a month are given; %(hours)s were: %(missing)s "
        "hours at %(rate)s yuan, %(penalty)s yuan are deducted."
    ),
    "correction": N_(
        "Correction of a claim of %(month)s, because of %(why)s: %(was)s yuan were paid, %(becomes)s are "
        "right; %(amount)s yuan."
    ),
    "taken_back": N_("A line of %(month)s is taken back, because of %(why)s: %(amount)s yuan."),
    "voucher_elsewhere_line": N_(
        "Voucher %(voucher)s, redeemed elsewhere, has paid %(amount)s yuan of a visit of %(month)s."
    ),
    "units": N_("Counted: %(units)s x %(unit)s."),
    "amount": N_("%(price)s yuan x %(units)s = %(amount)s yuan."),
    "quota_left": N_(
        "Of the month's %(quota)s yuan, %(used)s were used before this visit: %(left)s are left."
    ),
    "subsidy_full": N_("The subsidy covers all of it: %(subsidy)s yuan."),
    "subsidy_partial": N_(
        "The subsidy covers what is left, %(subsidy)s yuan; the person pays %(copay)s yuan."
    ),
    "subsidy_none": N_("Nothing is left of the quota: the person pays %(copay)s yuan."),
    "service_not_covered": N_("The scheme does not cover “%(service)s”: the person pays %(copay)s yuan."),
    "category_not_covered": N_(
        "The scheme does not cover persons of “%(category)s”: the person pays %(copay)s yuan."
    ),
    "private": N_("Ordered privately: the person pays %(copay)s yuan."),
    "arrears_for": N_(
        "For %(month)s %(due)s yuan are due and %(paid)s were paid: %(amount)s yuan of arrears."
    ),
    "overpaid_for": N_(
        "For %(month)s %(paid)s yuan were paid and %(due)s are due: %(over)s too much, not taken back."
    ),
    "resent": N_(
        "The payment of %(month)s came back (%(returned)s): its %(amount)s yuan go to the account known now."
    ),
    "corrected": N_("A correction of %(month)s (%(correction)s): %(amount)s yuan."),
    "corrected_part": N_("No more is due this month: %(rest)s yuan of it wait for the next list."),
    "no_version": N_("In %(month)s no version of the scheme is in force."),
    "over_quota_refused": N_("%(copay)s yuan lie over the quota; the district decides by hand."),
}
FLAGS = {
    "doubted": N_("Proof doubtful"),
    "contradicted": N_("Proof contradicted"),
    "no_proof": N_("No proof"),
    "proof_service": N_("Service not recorded"),
    "proof_recipient": N_("Recipient absent"),
    "proof_date": N_("Another day"),
    "proof_place": N_("Place not proven"),
    "proof_caregiver": N_("Caregiver not qualified"),
    "proof_times": N_("Times doubtful"),
    "witness_phone": N_("Phone was elsewhere"),
    "witness_code": N_("Wrong code scanned"),
    "witness_devices": N_("Home noticed nobody"),
    "witness_elder": N_("Denied by elder or family"),
    "witness_photo": N_("Photo doubtful"),
    "witness_signature": N_("Signature altered"),
    "witness_companion": N_("Second caregiver was not there"),
    "after_death": N_("After the death"),
    "absent": N_("Person was away"),
    "late": N_("In a later month's statement"),
    "over_quota": N_("Over the quota"),
    "no_rate": N_("No rate for the grade"),
}
UNPRICED = {
    "new": N_("Waits for its price"),
    "no_provider": N_("The visit belongs to no provider"),
    "no_times": N_("The visit has no start or end"),
    "no_contract": N_("The provider has no contract on the service date"),
    "no_price": N_("The provider's contract has no price for this service"),
    "not_enrolled": N_("Not enrolled in any scheme on the service date"),
    "no_scheme": N_("No version of the scheme is in force on the service date"),
    "no_grade": N_("No grade in force on the service date"),
    "no_rate": N_("The scheme has no rate for the grade “%(grade)s”"),
    "error": N_("The calculation failed; it has been logged"),
}
REASONS = {
    "first": N_("First assessment"),
    "routine": N_("Routine"),
    "immediate": N_("Change of condition"),
    "review": N_("Review"),
    "other": N_("Other"),
}
ASSESSING = {
    "group": N_("%(group)s: %(score)s of %(most)s points."),
    "score": N_("Together %(score)s of %(most)s points."),
    "grade_of_score": N_("%(low)s to %(high)s points mean “%(grade)s”."),
    "coma": N_("In a coma: “%(grade)s”."),
    "dementia": N_("Confirmed dementia: one level worse, “%(grade)s”."),
    "mental_disorder": N_("Confirmed mental disorder: one level worse, “%(grade)s”."),
    "risk_events": N_("%(count)s care-risk events in %(days)s days: one level worse, “%(grade)s”."),
    "risk_events_counted_once": N_(
        "%(count)s care-risk events in %(days)s days: counted once with the diagnosis."
    ),
    "grade": N_("Grade: “%(grade)s”."),
}
ADJUSTMENTS = {
    "coma": N_("In a coma"),
    "dementia": N_("Confirmed dementia (F00-F03)"),
    "mental_disorder": N_("Other confirmed mental or behavioural disorder (F04-F99)"),
    "risk_events": N_(
        "Care-risk events in the last 30 days (falls, wandering off, choking, self-harm, other)"
    ),
}
