"""What is to be done at an alarm, in the demo districts: protocols and the escalation policy."""

from deploy.demo.place import Place


async def load(place: Place) -> None:
    """Store protocols and the policy."""
