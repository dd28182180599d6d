"""`yinling simulate`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from core import log
from core.settings import Settings
from deploy.commands import HOME, run
from devices.obedience import MANNERS


@click.command()
@HOME
@click.option(
    "--homes", type=click.IntRange(1), default=20, show_default=True, help="how many homes of the demo"
)
@click.option("--rate", type=float, default=0.2, show_default=True, help="messages a second and home")
@click.option(
    "--manner",
    type=click.Choice(MANNERS),
    help="how they answer commands; without it, as each device's `manner` in simulator.json says",
)
def simulate(home: Path, homes: int, rate: float, manner: str | None) -> None:
    """Let pretend homes of the demo districts speak, as real MQTT clients, until Ctrl-C."""
    run(_simulate(home, homes, rate, manner))


async def _simulate(home: Path, homes: int, rate: float, manner: str | None) -> None:
    from deploy.embedded.broker import stop_on_signals  # noqa: PLC0415 - only when it is called
    from deploy.home import Home  # noqa: PLC0415
    from devices import simulator  # noqa: PLC0415

    place = Home(home)
    settings = Settings.load(home=home, mqtt_url=place.mqtt_url())
    log.configure(settings.log_level, "simulator")
    known = place.simulated()
    if homes > len(known):
        click.echo(f"the demo has {len(known)} homes: all of them speak, not {homes}", err=True)
    speaking = [_in_manner(one, manner) for one in known[:homes]]
    await simulator.run(settings, speaking, rate, stop_on_signals())


def _in_manner(home: Mapping[str, Any], manner: str | None) -> Mapping[str, Any]:
    if manner is None:
        return home
    return {**home, "devices": [{**device, "manner": manner} for device in home["devices"]]}
