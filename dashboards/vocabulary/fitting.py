"""Fitting in words: install tests, what to do with each sensor, kit lists."""

from dashboards.vocabulary.mark import N_

TEST_KINDS = {"install": N_("Install test"), "monthly": N_("Monthly test")}
TEST_HINTS = {
    "sos_button_v1": N_("Press the button."),
    "sos_cord_v1": N_("Pull the cord."),
    "pendant_v1": N_("Press the pendant."),
    "watch_v1": N_("Press SOS on the watch."),
    "fall_detector_v1": N_("Press it, or let it fall onto something soft."),
    "motion_v1": N_("Walk past the sensor."),
    "radar_v1": N_("Walk through the room."),
    "bed_radar_v1": N_("Lie down on the bed."),
    "care_bed_v1": N_("Lie down on the bed."),
    "mat_v1": N_("Sit or step on the mat."),
    "door_v1": N_("Open the door."),
    "lock_v1": N_("Open the door."),
    "smoke_v1": N_("Hold the test button until it sounds."),
    "gas_v1": N_("Hold the test button until it sounds."),
    "co_v1": N_("Hold the test button until it sounds."),
    "heat_v1": N_("Hold the test button until it sounds."),
    "water_v1": N_("Touch both contacts with a wet finger."),
    "medicine_box_v1": N_("Open the lid."),
    "hub_v1": N_("It speaks by itself within a minute."),
    "climate_v1": N_("Breathe on it, or wait: it speaks by itself."),
}
KIT_COLUMNS = {
    "kit": N_("Kit number"),
    "claim_code": N_("Claim code"),
    "thing_model": N_("What it is"),
    "name": N_("Device name"),
    "room": N_("Room"),
    "ecosystem": N_("Ecosystem"),
    "address": N_("Name at the hub"),
}
KIT_MISTAKES = {
    "missing": N_("Please fill this in."),
    "missing_column": N_("The sheet has no such column."),
    "too_long": N_("Too long."),
    "invalid": N_("Letters, digits and - . _ / only."),
    "claim_code": N_("6 to 32 letters, digits or hyphens."),
    "claim_code_differs": N_("Another code than in the kit's first row."),
    "unknown": N_("Not one of the choices."),
    "address_without_ecosystem": N_("A name at the hub needs the ecosystem too."),
    "twice": N_("This name stands twice in the kit."),
    "no_hub": N_("Devices speak through a hub, but the kit has none."),
    "two_hubs": N_("A kit has one hub at most."),
    "kit_exists": N_("This kit is registered already."),
    "too_many_rows": N_("At most 2,000 rows at a time."),
    "empty_list": N_("There is no kit in this list."),
    "no_sheet": N_("This is no .xlsx file that can be read."),
}
