"""Why this caregiver, and what proves a visit."""

from dashboards.vocabulary.mark import N_

WHY = {
    "chosen": N_("Sent: %(distance_km)s km away, there in %(eta_min)s min"),
    "farther": N_("Would arrive later: %(distance_km)s km away, there in %(eta_min)s min"),
    "no_skill": N_("Not trained for this: %(skill)s"),
    "certificate_expired": N_("Certificate expired on %(valid_to)s, %(days)s days ago"),
    "certificate_not_yet": N_("Certificate valid only from %(valid_from)s"),
    "off_shift": N_("Not on shift now"),
    "busy": N_("On another visit of the same or higher urgency until %(until)s"),
    "too_far": N_("Too far: %(distance_km)s km, the limit is %(limit_km)s km"),
    "declined": N_("Declined this visit at %(at)s"),
    "unanswered": N_("Did not answer in time"),
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
PROOF = {
    "recorded": N_("What was done is on record."),
    "no_record": N_("Nothing was recorded."),
    "unknown_service": N_("This service is not known."),
    "present": N_("Was at home and alive by all records."),
    "dead": N_("Had died before this day."),
    "absent": N_("Was away on this day."),
    "hospital": N_("Was in hospital on this day."),
    "planned_day": N_("On the day that was planned."),
    "another_day": N_("%(days)s days from the planned day."),
    "at_home": N_("At the home."),
    "phone_elsewhere": N_("The code was scanned, but the phone was %(distance_m)s m away."),
    "outside": N_("%(distance_m)s m from the home; the limit is %(limit_m)s m."),
    "not_known": N_("The place is not known."),
    "qualified": N_("Qualified on this day."),
    "in_time": N_("%(minutes)s min, as planned."),
    "offline": N_("%(minutes)s min; reported %(skew_s)s s later by a phone without network."),
    "reversed": N_("Ended before it began."),
    "future": N_("The phone's clock was ahead of ours."),
    "back_filled": N_("Reported more than a day later."),
    "overlapping": N_("Overlaps with %(overlaps)s other visits of this caregiver."),
    "outside_window": N_("Began outside the agreed time."),
    "short": N_("%(minutes)s min instead of %(planned_minutes)s."),
    "inside": N_("%(distance_m)s m from the home, within %(limit_m)s m."),
    "no_position": N_("The phone gave no position."),
    "not_scanned": N_("No code was scanned."),
    "valid": N_("The home's code was scanned."),
    "invalid": N_("What was scanned is none of our codes."),
    "other_home": N_("The code of another home was scanned."),
    "no_devices": N_("The home has no devices that notice a visitor."),
    "devices_silent": N_("The home's devices had been silent."),
    "bed_occupied": N_("The bed stayed occupied during all %(minutes)s min of the bath."),
    "door_moved": N_("The door moved around the visit."),
    "motion": N_("Movement in the home around the visit."),
    "bed_changed": N_("The bed was left or taken during the visit."),
    "no_trace": N_("The home noticed nobody come or go."),
    "no_change": N_("The home's devices saw no change."),
    "not_asked": N_("Nobody was asked."),
    "denied": N_("Says that the visit did not take place."),
    "confirmed": N_("Confirmed."),
}
