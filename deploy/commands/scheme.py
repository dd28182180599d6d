"""`yinling scheme`: a clerk's test bench."""

import json
import sys
from pathlib import Path

import click

from core.errors import Failure, Invalid
from services import hypothetical, policy
from services.policy import Scheme

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def scheme() -> None:
    """Check subsidy schemes and try them out; nothing is stored."""


@scheme.command()
@FILE
def check(file: Path) -> None:
    """Say whether a scheme's file is right, field by field."""
    click.echo(f"{file}: {_parse(file).code} is right")


@scheme.command()
@FILE
def price(file: Path) -> None:
    """Price hypothetical cases, one JSON object a line on standard input, with explanations."""
    is_right = True
    for answer in hypothetical.price_lines(_parse(file), sys.stdin):
        is_right = is_right and "errors" not in answer
        click.echo(json.dumps(answer, ensure_ascii=False, default=str))
    if not is_right:
        sys.exit(1)


def _parse(file: Path) -> Scheme:
    try:
        return policy.parse(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Failure(f"{file}: not UTF-8") from error
    except Invalid as error:
        found = error.extra.get("errors")
        fields = [f"{one['field']}: {one['message']}" for one in found] if isinstance(found, list) else []
        raise Failure("\n".join([f"{file}: {error}", *fields])) from error
