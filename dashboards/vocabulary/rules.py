"""Alarm rules in words; what devices say by themselves is named after what they say."""

from dashboards.vocabulary.mark import N_

RULES = {
    "bed_exit": N_("Out of bed at night"),
    "bed_absence": N_("Long absence from bed"),
    "still_in_bed": N_("Never got up"),
    "no_motion": N_("No movement for long"),
    "long_bathroom": N_("Long in the bathroom"),
    "door_open": N_("Door left open"),
    "door_night": N_("Door opened at night"),
    "left_at_night": N_("Left home at night"),
    "wandering": N_("Restless at night"),
    "heart_rate": N_("Heart rate out of range"),
    "heart_rate_trend": N_("Heart rate drifts"),
    "respiration_rate": N_("Breathing rate out of range"),
    "respiration_rate_trend": N_("Breathing rate drifts"),
    "no_breath": N_("Breathing stopped"),
    "lead_off": N_("Sensor has lost its signal"),
    "stuck": N_("Sensor stuck"),
    "temperature": N_("Room temperature out of range"),
    "missed_medicine": N_("Medicine missed"),
    "low_battery": N_("Low battery"),
    "power_lost": N_("Power lost"),
    "link_lost": N_("Network lost"),
    "silent": N_("Device silent"),
    "flags": N_("What devices report themselves"),
}
RULE_STATES = {
    "proposed": N_("Proposed"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
}
