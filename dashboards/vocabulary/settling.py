"""Settlement: what stands against a claim and what to do, disputes, lines, runs, files."""

from dashboards.vocabulary.mark import N_

REJECTIONS = {
    "no_proof": N_("No proof of the visit"),
    "contradicted": N_("Contradicted by what the home's devices or people say"),
    "visit_changed": N_("The visit is no longer verified"),
    "overlapping": N_("The caregiver was on another visit at that time"),
    "duplicate_visit": N_("The same service was given to the same person at that time"),
    "over_hours": N_("Beyond the contract's hours of the month"),
    "over_price": N_("Dearer than the contract's price"),
    "after_death": N_("After the person's death"),
    "absent": N_("The person was in hospital or away"),
    "not_enrolled": N_("The person was not in the scheme on that day"),
    "duplicate_photo": N_("The photo was used for another visit"),
    "sample": N_("Found wrong when called back or visited at home"),
    "by_hand": N_("Decided by the office"),
}
REJECTION_ADVICE = {
    "no_proof": N_("Send in check-in and check-out, or have the family confirm the visit; then dispute."),
    "contradicted": N_("Ask the caregiver and the family what happened; dispute with what they say."),
    "visit_changed": N_("Look at the visit's corrections; a visit that was not given is not paid."),
    "overlapping": N_("Correct the times of one of the two visits with a second person; then dispute."),
    "duplicate_visit": N_("If two people went together it is one visit; otherwise name both in the dispute."),
    "over_hours": N_("Ask the district to raise the contract's hours, or dispute with its written consent."),
    "over_price": N_("The contract's price is paid; send the amended contract if it was raised."),
    "after_death": N_("If the date of death is wrong, tell the clerk; a visit after it is not paid."),
    "absent": N_("If the person was at home, bring the hospital's discharge paper and dispute."),
    "not_enrolled": N_("Ask the clerk to look at the enrolment; the person may have to pay this visit."),
    "duplicate_photo": N_("Send in the original photo of this visit with the dispute."),
    "sample": N_("Read what the call-back or home check found and answer it in a dispute."),
    "by_hand": N_("Ask the office for its reason, then dispute."),
}
CLAIM_STATES = {
    "open": N_("As asked"),
    "rejected": N_("Rejected"),
    "adjusted": N_("Adjusted"),
    "approved": N_("Approved after all"),
}
DISPUTE_REASONS = {
    "proof_exists": N_("There is proof"),
    "was_there": N_("The caregiver was there"),
    "wrong_time": N_("The times are wrong"),
    "wrong_price": N_("The price is wrong"),
    "wrong_person": N_("It is another person's"),
    "wrong_penalty": N_("The deduction is not due"),
    "other": N_("Another reason"),
}
DISPUTE_OUTCOMES = {"upheld": N_("The provider is right"), "refused": N_("It stays as it is")}
LINE_KINDS = {"correction": N_("Correction"), "penalty": N_("Deduction"), "voucher": N_("Voucher")}
CORRECTION_REASONS = {
    "appeal": N_("a dispute that was upheld"),
    "error": N_("a mistake in the record"),
    "audit": N_("a finding of the audit"),
    "price": N_("a wrong price"),
    "sample": N_("a call-back or home check"),
    "refund": N_("money paid back"),
}
STATEMENT_ACTIONS = {
    "check": N_("Checked"),
    "confirm": N_("Confirmed by the provider"),
    "dispute": N_("Disputed by the provider"),
    "appeal": N_("A claim was disputed"),
    "answer": N_("A dispute was answered"),
    "reject_claim": N_("A claim was rejected"),
    "adjust_claim": N_("A claim was adjusted"),
    "correct": N_("A correction was entered"),
    "approve": N_("Approved by a second person"),
    "issue": N_("Issued and sealed"),
    "reconcile": N_("Paid and closed"),
}
STATEMENT_VERBS = {
    "check": N_("Check"),
    "confirm": N_("Confirm"),
    "approve": N_("Approve"),
    "issue": N_("Issue"),
    "reconcile": N_("Close as paid"),
}
SETTLEMENT_RUN_STATES = {"running": N_("Under way"), "done": N_("Finished"), "failed": N_("Failed")}
SETTLEMENT_STEPS = {"draft": N_("Price what waits"), "check": N_("Price, then check every draft")}
PAYMENT_KINDS = {"bank": N_("Bank's file of payments"), "voucher": N_("Vouchers redeemed elsewhere")}
PAYMENT_COLUMNS = {
    "file": N_("The file"),
    "statement": N_("Statement"),
    "amount": N_("Amount"),
    "paid_on": N_("Paid on"),
    "reference": N_("Reference"),
    "code": N_("Voucher's number"),
    "id_number": N_("Identity number"),
    "service_on": N_("Day of the service"),
    "service": N_("Service"),
    "claim": N_("Claim"),
    "redeemed_on": N_("Redeemed on"),
}
PAYMENT_MISTAKES = {
    "no_headings": N_(
        "The headings are not found: statement, amount, day, reference; or voucher, amount, person, day."
    ),
    "empty": N_("There is no row under the headings."),
    "empty_file": N_("The file is empty."),
    "too_large": N_("The file is too large."),
    "old_excel": N_("This is an old or protected Excel file: save it as .xlsx."),
    "not_a_sheet": N_("This is no table: .xlsx and .csv are read."),
    "encoding": N_("The letters cannot be read: save it as UTF-8 or .xlsx."),
    "missing": N_("It is missing."),
    "amount": N_("It is no amount in yuan with at most two decimals."),
    "date": N_("It is no day."),
    "id_number": N_("It is no identity number of 18 characters."),
    "excel_damage": N_("Excel has made a number of it and lost its last digits: format the column as text."),
    "unknown_service": N_("No service of ours."),
    "twice": N_("It stands twice in the file."),
    "known": N_("It was imported before."),
    "unknown_statement": N_("No issued statement has this number."),
    "too_much": N_("More is paid than is owed."),
    "unknown_claim": N_("No claim fits."),
    "two_claims": N_("More than one claim fits: give the service or the claim."),
    "over_claim": N_("The voucher is worth more than the visit cost."),
}
