"""`yinling settings`."""

import json
from pathlib import Path

import click
from pydantic import BaseModel, SecretStr

from core.districts import DistrictSettings
from core.settings import PREFIX, Settings

_HEAD = """# Settings

Written by `yinling settings --markdown > docs/manual/settings.md` from the models that the program reads; a
test compares.

## Of a process

Environment variables; any of them may also be given as `NAME_FILE`, the path of a file that holds the value
(that is how `deploy/compose.yaml` gives secrets). `yinling settings` prints them as they are in force.
"""
_DISTRICT = """
## Of a district

One JSON object in `district.settings`; what is absent takes the default. No page or command changes it yet.
Figures marked (M) or "not confirmed" have no public source and stand here so that a district can decide them.
"""


@click.command()
@click.option("--markdown", is_flag=True, help="print the page of the manual, with defaults, instead")
def settings(*, markdown: bool) -> None:
    """Print every setting with its help and its value; secrets are not shown."""
    if markdown:
        click.echo(page(), nl=False)
        return
    found = Settings.load()
    for name, field in Settings.model_fields.items():
        value = getattr(found, name)
        shown = "(set, not shown)" if isinstance(value, SecretStr) else "" if value is None else value
        click.echo(f"# {field.description}")
        click.echo(f"{PREFIX}{name.upper()}={str(shown) if isinstance(shown, Path) else shown}\n")
    click.echo(f"# Any of them may also be given as {PREFIX}NAME_FILE, a file that holds the value.")


def page() -> str:
    """Return all settings with their defaults as a page of the manual."""
    return f"{_HEAD}\n{_table(Settings, PREFIX)}{_DISTRICT}\n{_table(DistrictSettings)}"


def _table(model: type[BaseModel], prefix: str = "") -> str:
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in model.model_fields.items():
        label = f"{prefix}{name}".upper() if prefix else name
        lines.append(f"| `{label}` | {_default(field.default)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    if value is None:
        return "none"
    return f"`{json.dumps(value) if isinstance(value, bool | dict) else value}`"
