"""What a caregiver's phone records, beside the steps of a visit, and what becomes of it."""

from dashboards.vocabulary.mark import N_

CHANGES = {
    "walks_worse": N_("Walks worse"),
    "fell": N_("Fell"),
    "eats_less": N_("Eats less"),
    "confused": N_("Is confused"),
    "incontinent": N_("Has become incontinent"),
    "bedsore": N_("Bedsore"),
    "pain": N_("Pain"),
    "low_mood": N_("Low mood"),
    "lives_differently": N_("Lives differently now"),
    "better": N_("Better than before"),
}
DECLINES = {
    "ill": N_("I am ill"),
    "too_far": N_("Too far"),
    "time_clash": N_("Another visit at that time"),
    "no_vehicle": N_("No vehicle"),
    "not_skilled": N_("I am not trained for it"),
    "other": N_("Another reason"),
}
RECORDS = {
    "accept": N_("Accept"),
    "decline": N_("Decline"),
    "en-route": N_("Set out"),
    "check-in": N_("Check in"),
    "check-out": N_("Check out"),
    "en_route": N_("Set out"),
    "check_in": N_("Check in"),
    "check_out": N_("Check out"),
    "photo": N_("Photo"),
    "signature": N_("Signature"),
    "report": N_("Report of a change"),
    "well": N_("All is well"),
    "sos": N_("SOS"),
}
CALLS = {"centre": N_("Call centre"), "provider": N_("My provider"), "ambulance": N_("Ambulance")}
CARER_ALERTS = {
    "sos": N_("Caregiver calls for help"),
    "overdue": N_("Caregiver has not checked out and does not answer"),
}
ALERT_STATES = {
    "raised": N_("Nobody has taken it"),
    "taken": N_("Somebody cares for it"),
    "closed": N_("Closed"),
}
ALERT_OUTCOMES = {
    "helped": N_("Helped"),
    "all_well": N_("All is well"),
    "police": N_("Police called"),
    "hospital": N_("Taken to hospital"),
    "not_reached": N_("Not reached"),
    "pressed_by_mistake": N_("Pressed by mistake"),
    "checked_out": N_("Checked out"),
    "answered": N_("Answered"),
}
REPORT_OUTCOMES = {
    "assessment_planned": N_("Assessment planned"),
    "plan_changed": N_("Care plan changed"),
    "no_change_needed": N_("No change needed"),
    "seen_by_doctor": N_("Seen by a doctor"),
}
SIGNERS = {"elder": N_("The person"), "family": N_("Family"), "other": N_("Somebody else")}
