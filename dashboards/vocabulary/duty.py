"""The duty manager's words: rota, answer times, quality of calls, pauses of monitoring."""

from dashboards.vocabulary.mark import N_

DUTY_ROLES = {"operator": N_("Operator"), "duty_manager": N_("Duty manager")}
OVERRIDE_REASONS = {
    "sick": N_("sick"),
    "leave": N_("on leave"),
    "training": N_("training"),
    "exchange": N_("exchange"),
    "other": N_("another reason"),
}
DUTY_DONE = {
    "added": N_("The shift is laid."),
    "changed": N_("The shift is changed."),
    "removed": N_("The shift is taken away."),
    "pattern": N_("The weekly pattern is laid."),
    "pattern_ended": N_("The weekly pattern has ended."),
    "override": N_("It is noted who is there instead."),
    "withdrawn": N_("Taken back."),
    "swap": N_("The swap is decided."),
    "offered": N_("The shift is offered."),
    "answered": N_("Your answer is noted."),
    "phone": N_("The number is kept."),
    "drawn": N_("The sample is drawn."),
    "scored": N_("The call is scored."),
    "paused": N_("Monitoring is paused."),
    "pause_ended": N_("The pause has ended: alarms page again."),
}
PAUSE_REASONS = {
    "hospital": N_("in hospital"),
    "holiday": N_("away on holiday"),
    "repair": N_("repair of the devices"),
    "other": N_("another reason"),
}
QUALITY_CRITERIA = {
    "greeting": N_("Greets, and says who is speaking"),
    "identified": N_("Makes sure who is calling and where they are"),
    "questions": N_("Asks the questions of the protocol"),
    "manner": N_("Is calm, kind and easy to understand"),
    "decision": N_("Decides rightly whom to send, or that nobody need come"),
    "sent_in_time": N_("Sends somebody without losing time"),
    "stayed": N_("Stays with the case until somebody is there"),
    "family": N_("Tells the family"),
    "documented": N_("Writes down what was said and done"),
}
QUALITY_MARKS = {
    "0": N_("0 not done"),
    "1": N_("1 in part"),
    "2": N_("2 done"),
    "none": N_("does not apply"),
}
ANSWERS_APART = {
    "joined": N_("further alarms of a case"),
    "lowered": N_("explained by a visit"),
    "paused": N_("monitoring was paused"),
    "shelved": N_("shelved before an answer"),
    "tests": N_("tests"),
    "by_hand": N_("entered by hand"),
    "gone": N_("over by itself within a minute"),
}
DUTY_PROBLEMS = {
    "pause_overlap": N_("Monitoring of this person is paused at that time already."),
    "pause_over": N_("This pause is over."),
    "stands_in": N_("They are there for somebody else at that time. Take that back first."),
    "also_absent": N_("Who should be there instead is absent at that time too."),
    "absent_then": N_("They are absent at that time. Take that back first, or choose somebody else."),
    "override_overlap": N_("An absence of this person is noted at that time already."),
    "override_over": N_("This is over, or was taken back."),
    "account_disabled": N_("This account is disabled."),
    "not_your_shift": N_("This is not your shift."),
    "not_your_swap": N_("This swap is not yours to answer."),
    "own_call": N_("Nobody scores their own call."),
    "sample_drawn": N_("The sample of this month is drawn already."),
    "nothing_to_draw": N_("No case of this month was answered and closed yet: there is nothing to draw."),
    "already_scored": N_("%(by)s has scored this call."),
    "already_answered": N_("You have answered to this already."),
}
DUTY_FIELDS = {
    "pause_too_long": N_("That is longer than a pause may last."),
    "duty_too_long": N_("A shift of the call centre lasts from half an hour to a day."),
    "override_too_long": N_("At most 60 days at once."),
    "month_to_come": N_("This month has not begun."),
}
