"""`yinling up`."""

from pathlib import Path

import click

from deploy.commands import HOME, run


@click.command()
@HOME
@click.option(
    "--http-port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free"
)
@click.option(
    "--mqtt-port", type=click.IntRange(0, 65535), default=1883, show_default=True, help="0: any free"
)
@click.option("--demo/--no-demo", default=True, show_default=True, help="two districts of invented people")
@click.option(
    "--simulate", type=click.IntRange(0, 500), default=None, help="pretend homes  [default: 20 with --demo]"
)
def up(home: Path, http_port: int, mqtt_port: int, simulate: int | None, *, demo: bool) -> None:
    """Start everything on this machine; Ctrl-C stops it, a second start keeps the data."""
    from deploy.up import Wanted  # noqa: PLC0415 - only when it is called
    from deploy.up import up as start  # noqa: PLC0415

    run(start(Wanted(home, http_port, mqtt_port, demo, simulate)))
