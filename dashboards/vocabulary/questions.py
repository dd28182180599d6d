"""The questions of a case, the person card, gaps in the cover, in English words."""

from dashboards.vocabulary.mark import N_

YES_NO = {"yes": N_("Yes"), "no": N_("No")}
ADVICE = {
    "call_120": N_("Call 120 now"),
    "call_119": N_("Call 119 now"),
    "call_110": N_("Call 110 now"),
    "stay_on_line": N_("Stay on the line"),
    "send": N_("Send the nearest caregiver"),
    "call_elder": N_("Call the older person"),
    "call_family": N_("Call the family, in order"),
    "call_neighbour": N_("Call a neighbour"),
    "call_building": N_("Call the building's staff or the utility"),
    "watch_location": N_("Follow the watch's position"),
    "look_again": N_("Look again in ten minutes"),
    "technician": N_("Tell the technician"),
    "tell_family": N_("Tell the family how it goes on"),
    "close_reassured": N_("May be closed: reassured"),
    "close_false_alarm": N_("May be closed: false alarm"),
}
SCRIPT_STATES = {"draft": N_("Draft"), "active": N_("in force now"), "retired": N_("No longer in force")}
SCRIPT_WRONGS = {
    "too_long": N_("The script is too long."),
    "no_toml": N_("This line cannot be read."),
    "no_start": N_("The table [start] names the first question of each alarm."),
    "no_questions": N_("There is no question: each is a table [node.NAME]."),
    "no_default": N_("[start] needs a `default`."),
    "unknown_alarm": N_("There is no alarm type “%(what)s”."),
    "unknown_key": N_("“%(what)s” means nothing here."),
    "unknown_kind": N_("The kind is yes_no, choice, number or text."),
    "unknown_next": N_("“%(what)s” leads to a question that is not there."),
    "unknown_advice": N_("“%(what)s” advises what nobody knows."),
    "bad_code": N_("A question's name has small letters, digits and underscores."),
    "bad_answer_code": N_("An answer needs a `code` of small letters, digits and underscores."),
    "bad_severity": N_("A severity is a whole number from 1 to 5."),
    "bad_range": N_("Ranges of a number rise by `below`; the last has none."),
    "no_answers": N_("A yes_no needs `yes` and `no`; the others need two to nine answers."),
    "missing_zh_cn": N_("The Chinese words are missing."),
    "missing_en": N_("The English words are missing."),
    "dead_end": N_("“%(what)s” ends without another question and without advice."),
    "loop": N_("This question leads back to itself."),
    "unreachable": N_("No answer leads to this question."),
    "twice": N_("“%(what)s” stands twice."),
}
SENSES = {"hearing": N_("Hearing"), "speech": N_("Speech"), "sight": N_("Sight")}
SENSE_LEVELS = {
    "hearing:good": N_("hears well"),
    "hearing:hard": N_("hard of hearing: speak slowly, loudly"),
    "hearing:deaf": N_("deaf: a call will not be heard"),
    "speech:good": N_("speaks well"),
    "speech:hard": N_("hard to understand"),
    "speech:none": N_("cannot speak: silence means nothing"),
    "sight:good": N_("sees well"),
    "sight:hard": N_("sees little"),
    "sight:blind": N_("blind"),
}
AIDS = {
    "hearing_aid": N_("hearing aid"),
    "glasses": N_("glasses"),
    "dentures": N_("dentures"),
    "cane": N_("cane"),
    "walker": N_("walking frame"),
    "wheelchair": N_("wheelchair"),
    "bedridden": N_("does not leave the bed"),
    "oxygen": N_("oxygen at home"),
    "ventilator": N_("ventilator"),
    "pacemaker": N_("pacemaker"),
    "catheter": N_("catheter"),
    "feeding_tube": N_("feeding tube"),
    "insulin_pump": N_("insulin pump"),
    "alarm_pendant": N_("alarm pendant"),
}
CARD_ADJUSTMENTS = {
    "coma": N_("in a coma"),
    "dementia": N_("dementia"),
    "mental_disorder": N_("mental disorder"),
}
REACH_CHANNELS = {
    "push": N_("app"),
    "sms": N_("text message"),
    "voice": N_("call"),
    "chat": N_("chat"),
    "mail": N_("e-mail"),
    "desk": N_("call"),
}
CONTACT_WARNINGS = {
    "no_contacts": N_("Nobody is on the list: at night there is nobody to call."),
    "nobody_to_call": N_("No number on this list can be dialled."),
    "one_number": N_("All contacts have one number: if it is busy, nobody is reached."),
    "shared_number": N_("Some contacts share a number."),
    "elders_own": N_("A contact's number is the older person's own."),
    "only_one": N_("Only one contact: nobody stands in."),
    "nobody_with_key": N_("Nobody on the list has a key."),
    "no_number": N_("A contact has no number."),
    "mistyped": N_("A number cannot be right."),
    "abroad": N_("A contact is abroad: another time of day, and no text messages."),
    "number_of_many": N_("A number stands for many older people: an office, not a family?"),
}
GAP_KINDS = {
    "no_operator": N_("No operator on shift"),
    "nobody_within_reach": N_("Nobody within reach tonight"),
    "unreachable_contacts": N_("Contacts that nobody can reach"),
    "untested_kit": N_("Kit not tested"),
    "policy_reaches_nobody": N_("The escalation reaches nobody"),
}
GAP_ADVICE = {
    "no_operator": N_(
        "Put somebody on the rota, or take the desk yourself; alarms go to the duty manager meanwhile."
    ),
    "nobody_within_reach": N_(
        "Ask a caregiver nearby for a night shift, or a neighbouring provider, or the family to stay."
    ),
    "unreachable_contacts": N_("Call once more by day; ask neighbours or the community for another number."),
    "untested_kit": N_("Ask the home to press the button once, or send the installer."),
    "policy_reaches_nobody": N_("Open an account, give it a telephone number, or change the policy."),
}
GAP_CODES = {
    "no_contacts": N_("nobody on the list"),
    "no_numbers": N_("no number on the list"),
    "not_agreed": N_("nobody on the list agreed to be called or written to"),
    "failed_for_good": N_("no number exists any more"),
    "no_answer": N_("nobody answers"),
    "tested": N_("last tested"),
    "never": N_("never tested since it was fitted"),
    "nobody": N_("no account for"),
    "no_phone": N_("no telephone number of"),
}
QUESTION_PROBLEMS = {
    "already_answered": N_("%(by)s has answered this at %(at)s. Look at the answer before you change it."),
    "not_asked_now": N_("This is not asked now: another answer has changed the way."),
    "protocol_changed": N_("The script has changed meanwhile. Look at it again."),
    "severity_changed": N_("The case has become more or less grave meanwhile. Look again."),
    "card_changed": N_("Somebody else has changed the card meanwhile. Look at it again."),
    "no_photo_consent": N_("A photo needs the older person's consent first."),
    "gap_taken": N_("%(by)s sees to it since %(at)s."),
    "gap_closed": N_("This is covered already."),
}
QUESTION_FIELDS = {
    "answer_unknown": N_("This is no answer of this question."),
    "answer_number": N_("Please give a number."),
    "answer_empty": N_("Please write something."),
    "answer_too_long": N_("This is too long."),
    "medicine_line": N_("Line %(line)s: a name first, at most four parts."),
    "medicine_long": N_("Line %(line)s: a part is too long."),
    "too_many_lines": N_("At most %(most)s lines."),
    "phone_empty": N_("Please give a number."),
    "phone_letters": N_("There are letters or signs in the number."),
    "phone_several": N_("These are several numbers: one contact, one number."),
    "phone_too_short": N_(
        "Digits are missing: a mobile number has 11, a landline 7 or 8 after its area code."
    ),
    "phone_too_long": N_("Too many digits: a mobile number has 11."),
    "phone_prefix": N_("No number begins like this."),
    "phone_area": N_("The area code is missing or does not exist."),
    "phone_abroad": N_("A number abroad begins with + and the country's code."),
    "phone_emergency": N_("This is an emergency number: it is nobody's contact."),
}
