"""`yinling serve`: one role against an external database and broker."""

import click

from core.settings import Settings
from deploy.commands import run

ROLES = ("gateway", "dispatch", "services", "web")


@click.command()
@click.argument("role", type=click.Choice(ROLES))
def serve(role: str) -> None:
    """Run one role against YINLING_DATABASE_URL and YINLING_MQTT_URL; any number of each may run."""
    from deploy.serve import serve as work  # noqa: PLC0415 - only when it is called

    run(work(role, Settings.load()))
