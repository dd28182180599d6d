"""What the operator's seat says: transfers, and why a case was escalated."""

from dashboards.vocabulary.mark import N_

TRANSFER_REASONS = {
    "language": N_("another language or dialect"),
    "knows_person": N_("knows the person"),
    "busy": N_("busy with a graver case"),
    "break": N_("break"),
    "decision": N_("needs a decision"),
    "shift_end": N_("end of the shift"),
    "other": N_("another reason"),
}
ESCALATION_REASONS = {
    "unanswered": N_("nobody has claimed it"),
    "idle": N_("nothing has happened for ten minutes"),
    "not_accepted": N_("nobody has accepted"),
    "not_arrived": N_("nobody has arrived"),
    "not_back": N_("still on scene"),
    "owner_left": N_("who has it is at no console"),
    "nobody": N_("nobody can be sent"),
}
TRANSFER_STATES = {
    "offered": N_("offered"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "returned": N_("came back: nobody took it in time"),
    "withdrawn": N_("withdrawn"),
    "void": N_("the case has gone on meanwhile"),
    "closed": N_("the case is closed"),
}
SEAT_PROBLEMS = {
    "not_yours": N_("%(by)s has this case. Ask for it, or let a duty manager take it over."),
    "not_owned": N_("Nobody has this case; claim it first."),
    "already_offered": N_("It is offered already: %(to)s"),
    "transfer_over": N_("Too late: %(transfer_is)s."),
    "still_there": N_("%(by)s has this case and is at the console. Ask them to hand it over."),
    "not_for_you": N_("This is for %(by)s."),
    "for_managers": N_("This is for a duty manager."),
    "already_yours": N_("You have this case already."),
    "no_step": N_("No step waits: the case is no longer waiting for somebody to claim it."),
}
TOLD_CHANNELS = {
    "push": N_("push"),
    "sms": N_("SMS"),
    "voice": N_("voice call"),
    "chat": N_("group chat"),
    "mail": N_("e-mail"),
}
TOLD_ANSWERS = {
    "seen": N_("has seen it"),
    "coming": N_("is on the way"),
    "with_them": N_("is with them"),
    "cannot": N_("cannot come"),
}
TOLD_STATES = {
    "waiting": N_("waits"),
    "sending": N_("is being told"),
    "told": N_("told, no answer yet"),
    "answered": N_("answer received"),
    "failed": N_("not reached"),
    "void": N_("no longer told"),
}
TRY_STATES = {
    "queued": N_("queued"),
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "delivered": N_("has arrived"),
    "answered": N_("answer received"),
    "failed": N_("failed"),
    "unknown": N_("unknown"),
}
LINE_STATES = {
    "queued": N_("being set up"),
    "sent": N_("being set up"),
    "ringing": N_("rings"),
    "answered": N_("talking"),
    "delivered": N_("has arrived"),
    "busy": N_("busy"),
    "no_answer": N_("no answer"),
    "voicemail": N_("mailbox"),
    "failed": N_("failed"),
    "canceled": N_("given up"),
    "ended": N_("ended"),
}
