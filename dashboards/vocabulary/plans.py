"""Care plans, orders, places, meals and calls in English words; the catalogues hold the rest."""

from dashboards.vocabulary.mark import N_

HOLIDAYS = {
    "as_usual": N_("also on public holidays"),
    "skip": N_("not on public holidays"),
    "before": N_("before a public holiday instead"),
    "after": N_("after a public holiday instead"),
}
CARE_PLAN_STATES = {
    "draft": N_("Draft"),
    "approved": N_("Approved"),
    "replaced": N_("Replaced before it began"),
    "ended": N_("Broken off"),
    "discarded": N_("Thrown away"),
}
FUNDINGS = {"subsidy": N_("subsidised"), "private": N_("paid by the family"), "none": N_("without money")}
ORDER_STATES = {
    "not_started": N_("Not started"),
    "in_service": N_("Being served"),
    "completed": N_("Done"),
    "reviewed": N_("Reviewed"),
    "cancelled": N_("Cancelled"),
    "to_reassign": N_("To be reassigned"),
    "called_back": N_("Called back"),
}
PLACE_KINDS = {
    "institution": N_("Care home"),
    "day_care": N_("Day-care centre"),
    "meal_point": N_("Meal point"),
    "centre": N_("Service centre"),
}
TIERS = {
    "county": N_("county guidance"),
    "town": N_("town guidance"),
    "community": N_("community"),
}
MEAL_KINDS = {"breakfast": N_("Breakfast"), "lunch": N_("Lunch"), "dinner": N_("Dinner")}
MEAL_MODES = {"eat_in": N_("eats there"), "deliver": N_("delivered")}
SERVED_HOW = {"code": N_("by code"), "staff": N_("by staff"), "visit": N_("at the door")}
LEFT_DOORS = {
    "too_far": N_("too far to arrive warm"),
    "too_many": N_("more meals than a box holds"),
    "no_carrier": N_("nobody left to carry it"),
}
CALLER_ROLES = {
    "grid_worker": N_("Grid worker"),
    "official": N_("Official"),
    "village_doctor": N_("Village doctor"),
    "volunteer": N_("Volunteer"),
}
CALL_CATEGORIES = {
    "left_behind": N_("Left behind"),
    "alone": N_("Living alone"),
    "high_age": N_("Very old"),
    "hardship": N_("In hardship"),
}
CALL_HOWS = {"in_person": N_("in person"), "phone": N_("by phone")}
CALL_ON_OUTCOMES = {
    "well": N_("Well"),
    "needs_help": N_("Needs help"),
    "not_met": N_("Nobody met"),
    "away": N_("Away from home"),
    "refused": N_("Wanted no visit"),
}
OFTEN = {
    "weekly": N_("every week"),
    "fortnightly": N_("every second week"),
    "daily": N_("every day"),
    "rule": N_("by the rule below"),
}
RRULE_DAYS = {
    "MO": N_("Mon"),
    "TU": N_("Tue"),
    "WE": N_("Wed"),
    "TH": N_("Thu"),
    "FR": N_("Fri"),
    "SA": N_("Sat"),
    "SU": N_("Sun"),
}
