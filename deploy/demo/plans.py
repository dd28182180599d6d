"""Planned visits of the demo: meals and baths for today and tomorrow."""

from uuid import UUID

from deploy.demo.place import Place


async def extend(place: Place, names: dict[str, UUID]) -> None:
    """Plan the days that have no plan yet."""
