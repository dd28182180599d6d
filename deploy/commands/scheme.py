"""`yinling scheme`: a clerk's test bench."""

import json
import sys
from pathlib import Path

import click

from core.errors import Failure, Invalid
from services import hypothetical, policy
from services.policy import Scheme, together

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def scheme() -> None:
    """Check subsidy schemes and try them out; nothing is stored."""


@scheme.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Say whether schemes' files are right: each field by field, several also against each other.

    A folder stands for the .toml files in it. Versions must not overlap or leave a gap in time, and schemes
    that a file names must be there.
    """
    found = {file: _parse(file) for file in _spread(files)}
    for file, one in found.items():
        click.echo(f"{file}: {one.code} is right{_assumed(one)}")
    if len(found) == 1:
        return
    districts = {one.district for one in found.values()}
    wrong = [
        problem
        for district in sorted(districts)
        for problem in together.check(one for one in found.values() if one.district == district)
    ]
    if wrong:
        raise Failure("\n".join(problem.message for problem in wrong))


def _spread(files: tuple[Path, ...]) -> list[Path]:
    return [one for file in files for one in (sorted(file.glob("*.toml")) if file.is_dir() else [file])]


def _assumed(one: Scheme) -> str:
    count = sum(line.assumed for line in one.amounts)
    return f" ({count} of {len(one.amounts)} amounts are assumed: state the district's own)" if count else ""


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
