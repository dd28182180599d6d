"""Notices to phones, policies of escalation, contact drills."""

from dashboards.vocabulary.mark import N_

AUDIENCES = {
    "operators": N_("all operators"),
    "duty_managers": N_("operators and duty manager"),
    "contacts": N_("relatives in order"),
    "neighbours": N_("neighbours"),
    "caregivers": N_("nearest caregivers on shift"),
    "ring": N_("caregivers of other providers"),
    "everyone": N_("everybody: call centre, family, neighbours, caregivers"),
    "person": N_("a person"),
}
CHANNELS = {
    "push": N_("Push message"),
    "sms": N_("SMS"),
    "voice": N_("Automatic call"),
    "chat": N_("Group message"),
    "mail": N_("E-mail"),
    "console": N_("Console"),
    "page": N_("Page"),
}
POLICY_STATES = {
    "draft": N_("Draft"),
    "active": N_("in force now"),
    "retired": N_("No longer in force"),
}
POLICY_PEOPLE = {
    "duty_manager": N_("Duty manager"),
    "relative_1": N_("First relative"),
    "relative_2": N_("Second relative"),
    "neighbour": N_("Neighbour"),
    "caregiver_1": N_("Nearest caregiver"),
    "caregiver_2": N_("Second caregiver"),
    "caregiver_3": N_("Caregiver of another provider"),
}
POLICY_SCENARIOS = {
    "nobody": N_("Nobody answers anything"),
    "first_comes": N_("The first relative presses 2 (on my way)"),
    "first_cannot": N_("The first relative cannot, the second replies 2"),
    "seen_only": N_("The first relative has only seen it"),
    "neighbour_comes": N_("Only the neighbour comes"),
    "manager_answers": N_("The duty manager replies 1 and claims nothing"),
}
POLICY_WHATS = {
    "told": N_("shown on the pages"),
    "tried": N_("tried"),
    "failed": N_("not reached"),
    "seen": N_("presses 1: seen"),
    "coming": N_("presses 2: on the way"),
    "cannot": N_("presses 3: cannot"),
    "told_only": N_("reached, no answer"),
    "unreached": N_("alarm: nobody could be reached"),
    "nobody": N_("nobody to tell"),
    "stood_down": N_("need not be told any more"),
}
NOTICE_KINDS = {
    "case": N_("Alarm"),
    "drill": N_("Contact drill"),
    "gap": N_("Gap in cover"),
    "code": N_("Login code"),
    "invite": N_("Invitation"),
    "visit": N_("Visit"),
    "complaint": N_("Complaint"),
}
NOTICE_ANSWERS = {
    "seen": N_("has seen it"),
    "coming": N_("is on the way"),
    "cannot": N_("cannot come"),
}
NOTICE_CODES = {
    "no_subscription": N_("no browser of theirs takes push messages"),
    "no_number": N_("no number is kept"),
    "no_such_number": N_("the number does not exist"),
    "lacks_capability": N_("this district has no such channel"),
    "busy": N_("busy"),
    "no_answer": N_("nobody picked up"),
    "voicemail": N_("voicemail"),
    "undelivered": N_("not delivered"),
    "canceled": N_("called off"),
    "void": N_("no longer needed"),
    "blocked": N_("blocked"),
    "opted_out": N_("has opted out"),
    "landline": N_("a landline takes no SMS"),
    "not_reached": N_("phone off or out of range"),
    "filtered": N_("filtered by the carrier"),
    "rate_limited": N_("too many at once"),
    "not_allowed": N_("the carrier does not allow it"),
    "not_set_up": N_("the carrier is not set up"),
    "carrier_away": N_("the carrier does not answer"),
    "carrier_broken": N_("the carrier has a fault"),
    "no_credit": N_("no credit left"),
    "no_room": N_("the group is not set up"),
    "host_not_allowed": N_("its host may not be called"),
    "room_away": N_("the group does not answer"),
    "gone": N_("the browser has withdrawn its push messages"),
    "push_busy": N_("too many at once"),
    "push_refused": N_("the push service refuses it"),
    "push_unavailable": N_("the push service has a fault"),
    "push_unreachable": N_("the push service does not answer"),
    "push_host_not_allowed": N_("its host may not be called"),
    "push_keys_wrong": N_("the browser's keys are damaged"),
    "no_voice_to_china": N_("Twilio makes no calls to mainland China"),
    "unknown": N_("the carrier does not say why"),
    "failed": N_("the carrier does not say why"),
    "too_late": N_("it was too late to call"),
    "broken": N_("a fault of this system; it is in the log"),
}
POLICY_FIELDS = {
    "lacks_capability": N_("This district cannot use one of these channels."),
    "gap": N_("A gap: this reaches no phone, or ends with people who may not be there."),
    "loop": N_("Steps follow one another; only the last repeats."),
    "too_many_steps": N_("At most 20 steps."),
    "not_a_list": N_("Each channel once."),
}
POLICY_PROBLEMS = {
    "not_a_draft": N_("It was in force: draft another version."),
    "already_active": N_("It is in force already, since %(at)s."),
    "drill_held": N_("There was a drill today already."),
}
