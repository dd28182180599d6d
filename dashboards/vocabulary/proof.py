"""Why this caregiver, and what proves a visit."""

from dashboards.vocabulary.mark import N_

WHY = {
    "chosen": N_("sent: arrives in %(eta_min)s min, %(distance_km)s km away"),
    "nearest": N_("sent: arrives in %(eta_min)s min, %(distance_km)s km away"),
    "no_skill": N_("is not trained for this service"),
    "no_certificate": N_("has no certificate for this service"),
    "certificate_expired": N_("certificate expired on %(valid_to)s"),
    "off_shift": N_("is not on shift now"),
    "busy": N_("is busy with another visit"),
    "too_far": N_("too far: %(eta_min)s min, the limit is %(limit_min)s min"),
    "farther": N_("would arrive later: in %(eta_min)s min, %(distance_km)s km away"),
    "declined": N_("has declined"),
    "unanswered": N_("did not answer in time"),
    "ended": N_("no longer works here"),
}
ELEMENTS = {
    "service": N_("Service"),
    "recipient": N_("Recipient"),
    "date": N_("Date"),
    "place": N_("Place"),
    "caregiver": N_("Caregiver"),
    "times": N_("Start and end"),
}
WITNESSES = {
    "phone": N_("Caregiver's phone"),
    "code": N_("Code at the home"),
    "devices": N_("The home's own devices"),
    "elder": N_("Elder or family"),
    "photo": N_("Photo"),
}
SAYS = {"agrees": N_("agrees"), "absent": N_("no word"), "contradicts": N_("contradicts")}
VERDICTS = {"proven": N_("Proven"), "doubted": N_("Doubtful"), "contradicted": N_("Contradicted")}
PROOF = {"ok": N_("in order")}
