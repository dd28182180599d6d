"""The fleet in words: how devices stand, what they are told, what to do about a dead letter."""

from dashboards.vocabulary.mark import N_

DEVICE_STATES = {
    "online": N_("online"),
    "offline": N_("offline"),
    "silent": N_("silent"),
    "never": N_("never heard"),
}
FLEET_FILTERS = {
    "attention": N_("Want attention"),
    "online": N_("Online"),
    "offline": N_("Offline"),
    "silent": N_("Silent for too long"),
    "never": N_("Never heard"),
    "low_battery": N_("Low battery"),
    "untested": N_("Not tested for 30 days"),
}
FLEET_SORTS = {
    "kit": N_("Care bed"),
    "seen": N_("Longest unheard first"),
    "battery": N_("Emptiest battery first"),
    "newest": N_("Newest first"),
}
MEASURES = {
    "bpm": N_("per minute"),
    "rpm": N_("breaths per minute"),
}
COMMANDS = {
    "set_interval": N_("Set the interval"),
    "ring": N_("Ring"),
    "reboot": N_("Restart"),
    "two_way_voice": N_("Open a voice call"),
}
COMMAND_STATES = {
    "queued": N_("waits for the device"),
    "sent": N_("sent"),
    "accepted": N_("accepted"),
    "done": N_("done"),
    "refused": N_("refused"),
    "failed": N_("failed"),
    "expired": N_("expired"),
    "unconfirmed": N_("handed over, unconfirmed"),
}
UPLINK_KINDS = {
    "telemetry": N_("Values"),
    "alarm": N_("Alarm"),
    "status": N_("Status"),
    "answer": N_("Answer"),
}
LETTER_FILTERS = {
    "open": N_("Not understood yet"),
    "waiting": N_("Being tried"),
    "solved": N_("Understood now"),
}
LETTER_SPANS = {
    "hour": N_("in the last hour"),
    "day": N_("in the last 24 hours"),
    "week": N_("in the last 7 days"),
}
LETTER_HELP = {
    "foreign_topic": N_("A device spoke in another's name. Check its settings; it is never tried again."),
    "unknown_topic": N_(
        "The topic is none of ours. Check the prefix that the device or the bridge is set to."
    ),
    "unknown_device": N_(
        "Nobody registered it. Adopt it under “Unknown devices”; then it is tried again by itself."
    ),
    "too_many_unknown": N_("The hub named too many devices. Check that it is ours and what it is set to."),
    "unknown_ecosystem": N_("The hub speaks something that is not built in. Check the topic's third part."),
    "not_json": N_("The payload is not JSON. Check what the device is set to send."),
    "missing_field": N_("A field is missing. The field is named above; look at the device's version."),
    "wrong_type": N_("A value has the wrong type. The field is named above; look at the device's version."),
    "unknown_alarm_type": N_("The alarm type is not in our list. Check the device's settings."),
    "unknown_alarm": N_("It cancels an alarm that never came here."),
    "too_large": N_("It is larger than we take. Let the device send less at once."),
    "too_old": N_("It is older than what is kept."),
    "poison": N_("It broke the storing of others and was set aside. Tell those who run the platform."),
}
