"""Mosquitto's password and topic files, kept equal to the registry."""
