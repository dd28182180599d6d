"""A pretended Twilio and pretended phones, for tests and the demonstration: nothing leaves this machine."""
