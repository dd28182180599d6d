"""`yinling migrate`, `backup` and `restore`."""

from pathlib import Path

import click

from deploy.commands import HOME, database_url, run


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
