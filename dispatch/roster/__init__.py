"""Rosters: who may be sent, when they work, and what the people they go to wish."""
