"""What everyone shares; nothing in here knows an alarm or a visit."""
