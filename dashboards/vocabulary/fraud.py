"""Fraud findings, samples and scores: kinds, evidence, reasons, outcomes, parts of the score."""

from dashboards.vocabulary.mark import N_

FRAUD_KINDS = {
    "never_made": N_("Never made"),
    "shortened": N_("Shortened"),
    "faked_place": N_("Faked place"),
    "reused_photo": N_("Photo used again"),
    "back_filled": N_("Back-filled"),
    "billed_away": N_("Billed after death or while away"),
    "overlapping": N_("In two homes at once"),
    "impossible_travel": N_("Impossible travel"),
    "contradicted": N_("Contradicted by the home's devices"),
    "outlier": N_("Far from the others"),
}
FINDING_STATES = {
    "open": N_("Not decided yet"),
    "confirmed": N_("Confirmed"),
    "dismissed": N_("Dismissed"),
    "cleared": N_("No longer found"),
}
SEVERITIES_OF_FRAUD = {"high": N_("Strong signs"), "medium": N_("Clear signs"), "low": N_("Weak signs")}
FINDING_REASONS = {
    "admitted": N_("Admitted"),
    "seen_at_home": N_("Seen at the home"),
    "documents": N_("By documents"),
    "elder_says": N_("Elder or family says so"),
    "explained": N_("Explained"),
    "device_fault": N_("Fault of a device"),
    "register_wrong": N_("The register was wrong"),
    "honest_mistake": N_("Honest mistake"),
    "other": N_("Other"),
}
EVIDENCE_OF_FRAUD = {
    "after_death": N_("The person died on %(died_on)s, %(days)s days before the visit."),
    "while_hospital": N_("The person was in hospital from %(first)s to %(last)s."),
    "while_holiday": N_("The person was away from %(first)s to %(last)s."),
    "while_institution": N_("The person lived in an institution from %(first)s to %(last)s."),
    "two_homes": N_("For %(minutes)s minutes the caregiver was billed in another home, %(metres)s m away."),
    "another_home": N_("For %(minutes)s minutes the caregiver was billed in another home."),
    "billed_twice": N_("The same service to the same person was billed twice for %(minutes)s minutes."),
    "too_fast": N_(
        "%(km)s km to the next visit in %(minutes)s minutes; at most %(limit_kmh)s km/h are possible."
    ),
    "same_file": N_("The photo is the same file as that of an earlier visit."),
    "same_picture": N_("The photo shows the same picture as an earlier visit in another home."),
    "old_photo": N_("The photo was taken %(hours)s hours before the visit."),
    "entered_late": N_(
        "Arrived %(hours)s hours late, on %(received_on)s; in between the phone was heard %(heard)s times."
    ),
    "short": N_("%(minutes)s minutes instead of %(planned_minutes)s."),
    "left_early": N_(
        "By the door, gone after about %(minutes)s minutes, %(gone_minutes)s minutes before the check-out."
    ),
    "checked_out_elsewhere": N_("Checked out in time, but %(metres)s m from the home."),
    "simulated_position": N_("The phone's position was simulated."),
    "repeated_position": N_("The phone gave the very same coordinates on %(days)s days."),
    "register_position": N_("The phone gave the register's own coordinates, to %(metres)s m."),
    "far_from_home": N_("The phone was %(metres)s m from the home."),
    "code_elsewhere": N_("The home's printed code was scanned there."),
    "denied": N_("Elder or family says that nobody came."),
    "door_shut": N_(
        "The entrance door stayed shut; of %(visits)s other visits it missed a movement in %(missed)s."
    ),
    "no_trace": N_("No device noticed anybody; of %(visits)s other visits that happened in %(missed)s."),
    "no_position": N_("The phone gave no position, as in %(percent)s% of this caregiver's visits."),
    "others_found": N_("%(visits)s other visits of this caregiver were found by harder signs."),
    "bed_occupied": N_("The bed stayed occupied during the bath, %(minutes)s minutes."),
    "outlier_doubted": N_(
        "%(percent)s% of %(visits)s visits have a doubtful proof; with the others %(usual_percent)s%."
    ),
    "outlier_no_position": N_(
        "%(percent)s% of %(visits)s visits have no position; with the others %(usual_percent)s%."
    ),
    "outlier_late_sent": N_(
        "%(percent)s% of %(visits)s visits arrived an hour late; with the others %(usual_percent)s%."
    ),
    "outlier_brief": N_(
        "%(percent)s% of %(visits)s visits were far shorter than planned; with the others %(usual_percent)s%."
    ),
    "outlier_to_the_minute": N_(
        "%(percent)s% of %(visits)s visits lasted exactly as planned; with the others %(usual_percent)s%."
    ),
    "outlier_unseen": N_(
        "%(percent)s% of %(visits)s visits have no witness at all; with the others %(usual_percent)s%."
    ),
    "outlier_findings": N_(
        "%(percent)s% of %(visits)s visits have a finding; with the others %(usual_percent)s%."
    ),
}
SAMPLE_METHODS = {"call_back": N_("Call back by telephone"), "home_check": N_("Check at home")}
SAMPLE_OUTCOMES = {
    "as_billed": N_("As billed"),
    "not_made": N_("Nobody came"),
    "shorter": N_("Shorter than billed"),
    "other_service": N_("Another service"),
    "goods_instead": N_("Goods instead of the service"),
    "signed_by_other": N_("Somebody else signed"),
    "not_reached": N_("Not reached"),
}
SAMPLE_RISKS = {
    "high": N_("Has a finding"),
    "doubted": N_("Proof in doubt"),
    "plain": N_("Nothing against it"),
}
SCORE_PARTS = {
    "on_time": N_("Visits begun in time"),
    "verified": N_("Visits fully proven"),
    "kept": N_("Visits not missed"),
    "findings": N_("Confirmed findings"),
    "samples": N_("Sampled claims found wrong"),
    "complaints": N_("Upheld complaints"),
    "rejected": N_("Rejected claims"),
}
