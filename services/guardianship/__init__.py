"""Guardianship of persons in extreme hardship: four steps, a team of five, their duties, the six."""
