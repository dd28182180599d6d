"""What the caregiver's phone brings: records made offline, photos, signatures, reports, its own alarm."""
