"""What a demo district decides for itself: its escalation policy (protocols and rules are the product's)."""

from deploy.demo.place import Place
from dispatch import escalation, policy


async def load(place: Place) -> None:
    """Make the escalation policy: consoles, duty managers, everyone; it never ends in silence."""
    await escalation.activate(
        place.conn,
        district=place.district,
        name="default",
        steps=[dict(step) for step in policy.DEFAULT],
        now=place.now,
    )
