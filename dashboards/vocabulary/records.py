"""What a caregiver records at the end of a visit."""

from dashboards.vocabulary.mark import N_
from dashboards.vocabulary.people import SERVICES

TASKS = SERVICES | {
    "meal_delivered": N_("Meal delivered"),
    "meal_eaten": N_("Meal eaten"),
    "fed": N_("Helped to eat"),
    "bathed": N_("Bathed"),
    "skin_checked": N_("Skin checked"),
    "clothes_changed": N_("Clothes changed"),
    "room_cleaned": N_("Room cleaned"),
    "laundry_done": N_("Laundry done"),
    "rubbish_out": N_("Rubbish taken out"),
    "walked_outside": N_("Walked outside"),
    "walked_inside": N_("Walked inside"),
    "errand_together": N_("Errand together"),
    "taken_to_clinic": N_("Taken to the clinic"),
    "medicine_fetched": N_("Medicine fetched"),
    "results_explained": N_("Results explained"),
    "spoke_with_elder": N_("Spoke with the person"),
    "first_aid": N_("First aid given"),
    "ambulance_called": N_("Ambulance called"),
    "family_informed": N_("Family informed"),
    "device_checked": N_("Devices checked"),
    "done_as_planned": N_("Done as planned"),
    "measured_blood_pressure": N_("Blood pressure measured"),
    "medicine_taken": N_("Medicine taken"),
    "talked": N_("Talked together"),
}
WELLBEING = {
    "well": N_("Well"),
    "as_usual": N_("As usual"),
    "unwell": N_("Unwell"),
    "needs_doctor": N_("Needs a doctor"),
}
