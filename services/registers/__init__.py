"""Registers of other offices: brought as files or fetched, read row by row, kept as dated facts."""
