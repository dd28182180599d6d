"""Devices, what they measure and why a message was refused."""

from dashboards.vocabulary.mark import N_

THING_MODELS = {
    "care_bed_v1": N_("Care bed mat"),
    "sos_button_v1": N_("SOS button"),
    "motion_v1": N_("Motion sensor"),
    "door_v1": N_("Door sensor"),
    "smoke_v1": N_("Smoke alarm"),
    "gas_v1": N_("Gas alarm"),
    "co_v1": N_("Carbon monoxide alarm"),
    "water_v1": N_("Water leak sensor"),
    "climate_v1": N_("Room climate sensor"),
    "radar_v1": N_("Room radar"),
    "watch_v1": N_("Wrist watch"),
    "hub_v1": N_("Hub"),
}
METRICS = {
    "in_bed": N_("In bed"),
    "heart_rate": N_("Heart rate"),
    "respiration_rate": N_("Breathing rate"),
    "movement": N_("Movement"),
    "wet": N_("Wet"),
    "battery": N_("Battery"),
    "mains": N_("Mains power"),
    "occupied": N_("Movement"),
    "open": N_("Open"),
    "leak": N_("Leak"),
    "smoke": N_("Smoke"),
    "gas": N_("Gas"),
    "co": N_("Carbon monoxide"),
    "temperature": N_("Temperature"),
    "humidity": N_("Humidity"),
    "fall": N_("Fall"),
    "steps": N_("Steps"),
    "worn": N_("Worn"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
}
ROOMS = {
    "bedroom": N_("bedroom"),
    "bathroom": N_("bathroom"),
    "living_room": N_("living room"),
    "kitchen": N_("kitchen"),
    "hall": N_("hall"),
    "entrance": N_("entrance"),
}
DEAD_LETTERS = {
    "foreign_topic": N_("Spoke for another device"),
    "unknown_topic": N_("Unknown topic"),
    "unknown_device": N_("Unknown device"),
    "unknown_ecosystem": N_("Unknown ecosystem"),
    "unknown_status": N_("Unknown status"),
    "unknown_alarm": N_("Unknown alarm"),
    "unknown_alarm_type": N_("Unknown alarm type"),
    "missing_field": N_("A field is missing"),
    "wrong_type": N_("A value of the wrong type"),
    "bad_name": N_("A name that is none"),
    "bad_text": N_("Text that cannot be read"),
    "not_json": N_("Not JSON"),
    "too_large": N_("Too large"),
    "too_long": N_("Text too long"),
    "too_many_values": N_("Too many values"),
    "too_old": N_("Older than is kept"),
    "failed": N_("Could not be processed"),
    "poison": N_("Could not be processed"),
}
ECOSYSTEMS = {"native": "MQTT", "zigbee2mqtt": "Zigbee2MQTT"}
