"""Telephony: carriers behind one protocol, each of our calls and messages as a row, what came of it.

A carrier declares what it can do; a district without one has the desk phone, and its operators say with one
key what came of a call. Only `twilio_` imports twilio, only `domestic` speaks the domestic provider's API.
"""
