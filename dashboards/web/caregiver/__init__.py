"""The caregiver's phone."""
