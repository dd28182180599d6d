"""`yinling settings`."""

from pathlib import Path

import click
from pydantic import SecretStr

from core.settings import PREFIX, Settings


@click.command()
def settings() -> None:
    """Print every setting with its help and its value; secrets are not shown."""
    found = Settings.load()
    for name, field in Settings.model_fields.items():
        value = getattr(found, name)
        shown = "(set, not shown)" if isinstance(value, SecretStr) else "" if value is None else value
        click.echo(f"# {field.description}")
        click.echo(f"{PREFIX}{name.upper()}={str(shown) if isinstance(shown, Path) else shown}\n")
    click.echo(f"# Any of them may also be given as {PREFIX}NAME_FILE, a file that holds the value.")
