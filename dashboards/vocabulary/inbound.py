"""Callers and what was entered by hand: why somebody was missed, how they were called back, how it came."""

from dashboards.vocabulary.mark import N_

MISSED_REASONS = {
    "gave_up": N_("gave up waiting"),
    "gave_up_at_once": N_("hung up at once"),
    "nobody_on_duty": N_("nobody on duty"),
    "desk_did_not_answer": N_("the operator's phone was not answered"),
    "waited_too_long": N_("waited too long"),
    "technical": N_("the line broke"),
}
RETURNED_HOW = {
    "called": N_("called back"),
    "came_through": N_("came through later"),
    "case": N_("became a case"),
    "wrong_number": N_("wrong number"),
    "written_off": N_("taken off the list"),
}
CALLER_KINDS = {
    "elder": N_("elder"),
    "family_member": N_("relative"),
    "caregiver": N_("caregiver"),
    "account": N_("staff"),
}
REPORT_SOURCES = {
    "phone": N_("a phone call"),
    "hotline_12345": N_("12345 hotline"),
    "paper": N_("on paper"),
    "walk_in": N_("at the counter"),
    "neighbour": N_("from a neighbour"),
    "other": N_("otherwise"),
}
DELETED_WHY = {
    "retention": N_("Deleted when its time was over"),
    "consent_withdrawn": N_("Deleted: the consent was withdrawn"),
    "by_hand": N_("Deleted by hand"),
}
ENTERED_ALARMS = {
    "call_for_help": N_("Call for help"),
    "fall_reported": N_("Fall reported"),
    "unwell": N_("Feels unwell"),
    "not_reached": N_("Somebody cannot be reached"),
    "missed_call": N_("Missed call, not called back"),
    "device_trouble": N_("Trouble with a device"),
    "care_request": N_("Wish about care"),
    "question": N_("Question"),
}
INBOUND_PROBLEMS = {
    "already_taken": N_("%(by)s was first to take this call."),
    "call_over": N_("The caller is no longer on the line: the call stands among the call-backs."),
    "no_desk_phone": N_("No phone is set for your seat: set its number first, then it rings."),
    "number_withheld": N_("The number was withheld: nobody can call back."),
    "not_missed": N_("This caller was not missed."),
    "returned_already": N_("%(by)s was first to call back."),
    "open_case": N_("This person has an open case. Add it to that, or open another on purpose."),
    "report_known": N_("This number was entered already."),
    "recording_gone": N_("The recording is gone."),
}
INBOUND_FIELDS = {
    "other_person": N_("The case is about another person."),
    "desk_empty": N_("Please give a number."),
    "desk_letters": N_("There are letters or signs in the number."),
    "desk_several": N_("These are several numbers: a seat has one phone."),
    "desk_too_short": N_(
        "Digits are missing: a mobile number has 11, a landline 7 or 8 after its area code."
    ),
    "desk_too_long": N_("Too many digits: a mobile number has 11."),
    "desk_prefix": N_("No number begins like this."),
    "desk_area": N_("The area code is missing or does not exist."),
    "desk_abroad": N_("A number abroad begins with + and the country's code."),
    "desk_service": N_("This is a service or emergency number: it is nobody's phone."),
    "desk_extension": N_("No carrier can dial an extension: give a number that rings directly."),
}
