"""What can go wrong, by the `code` of a problem; figures are the problem's extras."""

from dashboards.vocabulary.mark import N_

PROBLEMS = {
    "bad_request": N_("This request cannot be understood."),
    "unauthorized": N_("Please log in."),
    "wrong_login": N_("Login name or password is wrong."),
    "forbidden": N_("Your role may not do this."),
    "not_found": N_("There is nothing here, or it is not yours to see."),
    "conflict": N_("This has changed in the meantime. Look again before you go on."),
    "already_claimed": N_("%(by)s was first: claimed at %(at)s."),
    "wrong_state": N_("“%(verb)s” is not possible while the state is “%(state)s”."),
    "nobody": N_("Nobody can be sent now. The reasons stand below."),
    "already_sent": N_("Somebody has been sent already."),
    "invalid": N_("Some fields need your attention."),
    "too_many": N_("Too many attempts. Try again in %(retry_after)s seconds."),
    "payload_too_large": N_("This is too large."),
    "method_not_allowed": N_("This is not possible here."),
    "foreign_origin": N_("This request came from another site and was refused."),
    "internal": N_("Something went wrong on our side. It has been logged."),
    "unavailable": N_("The database does not answer. Try again in a moment."),
}
FIELDS = {
    "missing": N_("Please fill this in."),
    "required": N_("Please fill this in."),
    "invalid": N_("This value is not allowed."),
    "too_long": N_("This is too long."),
    "not_a_number": N_("Please give a number."),
    "out_of_range": N_("Must be between %(low)s and %(high)s."),
    "unknown": N_("Not one of the choices."),
    "date": N_("Please give a date."),
    "future": N_("Must not lie in the future."),
    "same_assessor": N_("The second signature must come from another assessor."),
}
