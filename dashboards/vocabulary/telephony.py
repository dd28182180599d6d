"""Why a call or a message did not come through."""

from dashboards.vocabulary.mark import N_

CALL_CODES = {
    "no_such_number": N_("the number does not exist"),
    "blocked": N_("the number may not be called"),
    "opted_out": N_("does not want messages"),
    "landline": N_("a landline takes no SMS"),
    "not_reached": N_("the phone is off or out of reach"),
    "filtered": N_("the carrier has filtered the message"),
    "unknown": N_("the carrier does not say why"),
    "rate_limited": N_("too many at once"),
    "not_allowed": N_("the carrier does not allow this region"),
    "no_voice_to_china": N_("Twilio makes no calls to mainland China"),
    "not_set_up": N_("telephony is not set up"),
    "carrier_away": N_("the carrier does not answer"),
    "carrier_broken": N_("the carrier has a fault"),
    "in_doubt": N_("not known yet"),
    "cannot_tell": N_("not known yet"),
    "no_credit": N_("the account with the carrier is empty or frozen"),
    "too_late": N_("it was too late to call"),
    "no_seat": N_("no phone is set for this seat"),
    "desk_busy": N_("your own phone was busy"),
    "desk_no_answer": N_("your own phone was not picked up"),
    "desk_failed": N_("your own phone could not be reached"),
}
