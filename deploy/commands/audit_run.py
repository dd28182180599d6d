"""`yinling audit run`: the fraud checks over a month brought as a file (docs/manual/audit.md)."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def run(file: Path) -> None:
    """Run the fraud checks over FILE; nothing is stored."""
    raise click.ClickException(f"{file}: the checks are not here yet")
