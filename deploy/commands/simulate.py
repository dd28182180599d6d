"""`yinling simulate`."""

from pathlib import Path

import click

from core import log
from core.settings import Settings
from deploy.commands import HOME, run


@click.command()
@HOME
@click.option(
    "--homes", type=click.IntRange(1), default=20, show_default=True, help="how many homes of the demo"
)
@click.option("--rate", type=float, default=0.2, show_default=True, help="messages a second and home")
def simulate(home: Path, homes: int, rate: float) -> None:
    """Let pretend homes of the demo districts speak, as real MQTT clients, until Ctrl-C."""
    run(_simulate(home, homes, rate))


async def _simulate(home: Path, homes: int, rate: float) -> None:
    from deploy.embedded.broker import stop_on_signals  # noqa: PLC0415 - only when it is called
    from deploy.home import Home  # noqa: PLC0415
    from devices import simulator  # noqa: PLC0415

    place = Home(home)
    settings = Settings.load(home=home, mqtt_url=place.mqtt_url())
    log.configure(settings.log_level, "simulator")
    known = place.simulated()
    if homes > len(known):
        click.echo(f"the demo has {len(known)} homes: all of them speak, not {homes}", err=True)
    await simulator.run(settings, known[:homes], rate, stop_on_signals())
