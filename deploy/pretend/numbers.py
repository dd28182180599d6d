"""The pretended account and the number under which a demonstration's call centre is called."""

ACCOUNT = "AC" + "0" * 32
TOKEN = "pretended"  # noqa: S105 - of tests; a demonstration makes its own
CENTRE = "+8605463300000"
