"""`yinling migrate`, `backup` and `restore`."""

from pathlib import Path

import click

from deploy.commands import HOME, database_url, run
from deploy.home import Home


@click.command()
@HOME
@click.option(
    "--phase",
    type=click.Choice(["pre", "post"]),
    help="only what may run before, or must run after, the new code",
)
def migrate(home: Path, phase: str | None) -> None:
    """Bring the schema up to date, as its owner; safe to repeat."""
    from deploy.migrate import migrate as work  # noqa: PLC0415 - only when it is called

    applied = run(work(database_url(home), phase))
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@click.command()
@HOME
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(home: Path, file: Path) -> None:
    """Write an installation's whole database into FILE, also while it runs; prints a digest.

    The keys are not in it: keep HOME/keys.json elsewhere.
    """
    from deploy import backup as work  # noqa: PLC0415 - only when it is called

    click.echo(run(work.backup(Home(home), file)))


@click.command()
@HOME
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(home: Path, file: Path) -> None:
    """Fill an empty --home from a backup; prints the digest that backup printed.

    Put the installation's keys.json into the folder before the next start.
    """
    from deploy import backup as work  # noqa: PLC0415 - only when it is called

    click.echo(run(work.restore(Home(home), file)))
