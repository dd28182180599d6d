"""What a line needs of the exchange."""

from typing import Protocol

from deploy.pretend.courier import Courier
from deploy.pretend.phones import Phone
from deploy.pretend.resources import Call, Hook
from deploy.pretend.timeline import Timeline
from deploy.pretend.twiml import Dial


class Switchboard(Protocol):
    """What a line needs of the exchange."""

    timeline: Timeline
    courier: Courier

    def phone(self, number: str) -> Phone:
        """Return the phone of a number."""
        ...

    def child(self, parent: Call, dial: Dial) -> Call:
        """Make the other leg of a Dial."""
        ...

    def record(self, call: Call, seconds: int, hook: Hook) -> dict[str, str]:
        """Keep a recording; return the fields that name it."""
        ...

    def hang_up(self, call: Call) -> None:
        """Put a phone down."""
        ...
