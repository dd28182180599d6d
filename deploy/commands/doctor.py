"""`yinling doctor`."""

import sys
from pathlib import Path

import click

from core.errors import Failure
from core.settings import Settings
from deploy.bootstrap import OWNER
from deploy.commands import HOME, database_url, run
from deploy.home import Home


@click.command()
@HOME
def doctor(home: Path) -> None:
    """Look at keys, disk, database, clock and broker, and say what to do."""
    from deploy.doctor import Patient, examine  # noqa: PLC0415 - only when it is called

    settings = Settings.load(home=home)
    why = ""
    try:
        database: str | None = database_url(home, OWNER)
        mqtt = settings.require_mqtt() if settings.mqtt_url else Home(home).mqtt_url()
    except Failure as failure:
        database, mqtt, why = None, "", str(failure)
    findings = run(examine(Patient(settings, database, mqtt or None, why)))
    for finding in findings:
        click.echo(f"{'ok ' if finding.is_well else 'BAD'} {finding.what:<12} {finding.words}")
    if not all(finding.is_well for finding in findings):
        sys.exit(1)
