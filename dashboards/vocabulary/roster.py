"""Rosters, leave, wishes, coverage, in English words; the catalogues hold the rest."""

from dashboards.vocabulary.mark import N_

LEAVES = {
    "annual": N_("annual leave"),
    "sick": N_("sick leave"),
    "injury": N_("work injury"),
    "personal": N_("personal leave"),
    "maternity": N_("maternity leave"),
    "bereavement": N_("bereavement leave"),
    "training": N_("training"),
    "other": N_("other leave"),
}
LEAVE_STATES = {
    "asked": N_("asked for"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
}
SWAP_STATES = {
    "offered": N_("offered"),
    "taken": N_("taken, waits for a manager"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "declined": N_("declined"),
    "withdrawn": N_("withdrawn"),
}
BREACHES = {
    "overlap": N_("Two shifts overlap on %(on)s."),
    "long_day": N_("%(hours)s hours on %(on)s, %(limit)s are allowed a day."),
    "long_week": N_("%(hours)s hours in the week from %(on)s, %(limit)s are allowed."),
    "short_rest": N_("Only %(hours)s hours of rest before the shift of %(on)s, %(limit)s are due."),
    "days_in_a_row": N_("%(days)s days in a row from %(on)s, %(limit)s are allowed."),
    "shift_overlap": N_("There is a shift from %(from)s to %(until)s at that time."),
    "shift_on_leave": N_("On leave at that time (%(leave)s)."),
    "caregiver_ended": N_("This caregiver no longer works here."),
}
VEHICLES = {
    "walk": N_("on foot"),
    "ebike": N_("electric bicycle"),
    "motorbike": N_("motorbike"),
    "car": N_("car"),
}
DAY_KINDS = {
    "holiday": N_("holiday"),
    "workday": N_("made-up workday"),
    "weekend": N_("weekend"),
    "day": N_("workday"),
}
WEEKDAYS = {
    "1": N_("Mon"),
    "2": N_("Tue"),
    "3": N_("Wed"),
    "4": N_("Thu"),
    "5": N_("Fri"),
    "6": N_("Sat"),
    "7": N_("Sun"),
}
WISH_KINDS = {
    "prefer": N_("likes to have"),
    "never": N_("never wants"),
    "gender": N_("wishes a gender"),
    "language": N_("wishes a language"),
}
WISHED_BY = {"elder": N_("the elder"), "family": N_("the family"), "staff": N_("staff")}
MODES = {"dispatch": N_("assigned"), "grab": N_("first come")}
ROSTER_DONE = {
    "added": N_("The shift is laid."),
    "changed": N_("The shift is changed."),
    "removed": N_("The shift is taken away."),
    "copied": N_("The week before has been copied."),
    "leave": N_("The leave is decided."),
    "swap": N_("The swap is decided."),
    "saved": N_("Saved."),
    "imported": N_("The list is imported."),
}
SHEETS = {
    "caregivers": N_("Caregivers"),
    "shifts": N_("Shifts"),
    "certificates": N_("Certificates"),
    "wishes": N_("Wishes"),
    "coverage": N_("Coverage"),
}
SHEET_COLUMNS = {
    "staff_number": N_("Staff number"),
    "name": N_("Name"),
    "gender": N_("Gender"),
    "phone": N_("Phone"),
    "skills": N_("Skills"),
    "languages": N_("Languages"),
    "vehicle": N_("Vehicle"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "on": N_("Day"),
    "starts": N_("From"),
    "ends": N_("To"),
    "break_from": N_("Break not before"),
    "break_to": N_("Break not after"),
    "break_minutes": N_("Break, minutes"),
    "skill": N_("Skill"),
    "certificate": N_("Certificate"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "id_number": N_("Elder's identity number"),
    "kind": N_("Kind of wish"),
    "value": N_("Gender or language"),
    "is_hard": N_("Condition"),
    "service": N_("Service"),
    "region_code": N_("Region code"),
    "response_minutes": N_("There within, minutes"),
    "capacity": N_("Visits a day"),
}
SHEET_MISTAKES = {
    "missing_column": N_("This column is missing."),
    "missing": N_("Please fill this in."),
    "too_long": N_("This is too long."),
    "unknown": N_("Not one of the choices."),
    "date": N_("Please give a day, such as 2026-11-23."),
    "clock": N_("Please give a time, such as 08:00."),
    "not_a_number": N_("Please give a number."),
    "range": N_("This number is not allowed here."),
    "twice": N_("This stands in the list twice."),
    "before_start": N_("Must not lie before the start."),
    "no_sheet": N_("This file cannot be read. Use the template (.xlsx)."),
    "too_many_rows": N_("Too many rows: at most 2,000 at once."),
    "empty_list": N_("The list is empty."),
    "no_caregiver": N_("Nobody of the provider has this staff number."),
    "no_elder": N_("No such person in this district."),
    "shift_overlap": N_("There is another shift at that time."),
    "shift_on_leave": N_("On leave at that time."),
    "working_time": N_("Breaks a rule of working time. Lay this shift by hand if it is agreed."),
    "shift_too_long": N_("A shift has 48 hours at most."),
    "break_outside": N_("The break must lie within the shift."),
    "break_too_long": N_("The break is longer than the time it may lie in."),
    "break_incomplete": N_("A break needs a beginning, an end and minutes."),
    "wish_twice": N_("This wish is there already, or another of its kind."),
    "wish_prefer_never": N_("The same caregiver is preferred and refused."),
    "wish_gender_prefer": N_("The gender that is a condition is not that of the preferred caregiver."),
    "coverage_twice": N_("This is covered already at that time."),
    "staff_number_taken": N_("This staff number is somebody else's."),
    "yes_or_no": N_("Please write yes or no."),
}
