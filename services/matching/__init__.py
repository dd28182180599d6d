"""Policy looks for people: who is eligible and not enrolled, or enrolled and no longer eligible."""
