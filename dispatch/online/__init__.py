"""The book of routes of the day, kept in memory, and what an emergency does to it."""
