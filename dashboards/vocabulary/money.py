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
FUNDINGS = {"subsidy": N_("Subsidised"), "private": N_("Private")}
EXPLANATIONS = {"pending": N_("Not explained yet.")}
FLAGS = {"doubted": N_("Proof doubtful"), "contradicted": N_("Proof contradicted")}
UNPRICED = {
    "no_grade": N_("No grade in force on the service date"),
    "no_scheme": N_("No scheme in force on the service date"),
    "no_price": N_("The provider's contract has no price for this service"),
    "no_contract": N_("The provider has no contract on the service date"),
    "no_enrolment": N_("Not enrolled in any scheme on the service date"),
}
REASONS = {
    "first": N_("First assessment"),
    "routine": N_("Routine"),
    "immediate": N_("Change of condition"),
    "review": N_("Review"),
    "other": N_("Other"),
}
