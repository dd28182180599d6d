"""Fraud checks over months (DOMAIN §6): pure checks over plain records, their loader, runs and findings."""
