"""Plans, their reasons and what they break, in English words; the catalogues hold the rest."""

from dashboards.vocabulary.mark import N_
from dashboards.vocabulary.proof import WHY as _WHY

PLAN_STATES = {
    "computing": N_("Planning…"),
    "ready": N_("Proposed"),
    "accepted": N_("Accepted plan"),
    "discarded": N_("Discarded"),
    "failed": N_("Failed"),
}
PLAN_CAUSES = {
    "nightly": N_("Nightly plan"),
    "by_hand": N_("Plan asked for by hand"),
    "repair": N_("Repaired day"),
    "drag": N_("Moved by hand"),
}
PLAN_TRIGGERS = {
    "sick": N_("ill today"),
    "late": N_("late"),
    "leave": N_("on leave"),
    "cancelled": N_("visit cancelled"),
    "emergency": N_("sent to an emergency"),
    "drag": N_("moved by hand"),
}
PLAN_CHANGES = {
    "new": N_("gets somebody"),
    "other": N_("somebody else comes"),
    "moved": N_("at another time"),
}
PLAN_COSTS = {
    "search": N_("By the search"),
    "evaluator": N_("By the evaluator"),
    "total": N_("Total"),
    "travel": N_("Travel"),
    "tardiness": N_("Lateness"),
    "highest_tardiness": N_("Greatest lateness"),
    "waiting": N_("Waiting time"),
    "overtime": N_("Overtime"),
    "max_idle": N_("Longest idle time"),
    "preference": N_("Wishes and continuity"),
    "liking": N_("Wishes and continuity"),
    "unserved": N_("Visits without anybody"),
    "missed_break": N_("Breaks missed"),
    "change": N_("Promised to somebody else"),
    "shift_move": N_("Moved promises"),
    "fairness": N_("Fairness"),
    "load": N_("Daily load"),
}
PLAN_FAILURES = {
    "no_caregivers": N_("Nobody works on this day."),
    "no_visits": N_("There is nothing to plan on this day."),
    "travel": N_("The travel times cannot be had now."),
    "unsound": N_("The day cannot be planned as it is: %(detail)s"),
    "broke": N_("The planning broke off. It has been logged."),
    "worker_died": N_("The planning broke off. It has been logged."),
    "crashed": N_("The planning broke off. It has been logged."),
    "failed": N_("The planning broke off. It has been logged."),
}
BROKEN_PROMISES = {
    "time": N_("%(service)s, %(elder)s: promised for %(from)s, would begin at %(to)s"),
    "caregiver": N_("%(service)s, %(elder)s: %(caregiver)s was promised, %(to)s would come"),
    "dropped": N_("%(service)s, %(elder)s: promised, and nobody would come"),
}
_UNFIT = (
    "no_skill",
    "certificate_expired",
    "certificate_not_yet",
    "gender",
    "language",
    "barred",
    "area",
    "other_provider",
    "on_leave",
)
PLAN_BREACHES = {code: _WHY[code] for code in _UNFIT} | {
    "off_shift": N_("Outside the shift"),
    "past": N_("That was %(minutes)s min ago"),
    "outside_window": N_("%(minutes)s min outside the time that was asked for"),
    "overlap": N_("Overlaps %(service)s, %(elder)s by %(minutes)s min"),
    "travel": N_("The way to or from %(service)s, %(elder)s takes %(needs_min)s min; there are %(free_min)s"),
    "break": N_("The break of %(needs_min)s min has no room; %(free_min)s min are left"),
    "promise_caregiver": N_("%(caregiver)s was promised"),
    "promise_time": N_("%(from)s was promised, this is %(minutes)s min away from it"),
    "follow_gap": N_(
        "%(minutes)s min between the two visits that follow each other; asked: %(least)s to %(most)s"
    ),
    "partner_missing": N_("Two people are needed; the second is missing"),
    "partner_busy": N_("%(caregiver)s, who comes along, is at %(service)s, %(elder)s then"),
}
WHY_SHORT = {
    "no_skill": N_("not trained"),
    "certificate_expired": N_("certificate expired"),
    "certificate_not_yet": N_("certificate not yet valid"),
    "gender": N_("gender wish"),
    "language": N_("language"),
    "barred": N_("not wanted by the elder"),
    "area": N_("outside the area"),
    "off_shift": N_("not on shift"),
    "on_leave": N_("on leave"),
    "other_provider": N_("of another provider"),
    "full": N_("no room left"),
    "costlier": N_("would cost more"),
    "declined": N_("declined"),
    "busy": N_("busy"),
    "too_far": N_("too far"),
    "farther": N_("farther"),
}
MERITS = {
    "preferred": N_("wished for"),
    "knows": N_("made %(visits)s of the last %(of)s visits"),
    "gender": N_("gender as wished"),
    "language": N_("speaks the language"),
}
HELD_REASONS = {
    "quota": N_("held back: the month's quota is used up"),
    "hospital": N_("held back: in hospital"),
    "holiday": N_("held back: away"),
    "institution": N_("held back: in a care home"),
    "grab": N_("stands open: caregivers may take it"),
}
PROVIDER_MODES = {"dispatch": N_("Visits are assigned"), "grab": N_("Visits are taken")}
MODE_NOTES = {
    "dispatch": N_("The planner or you name who goes."),
    "grab": N_("A visit stands open on the phones of all who may make it; the first has it."),
}
