"""One file per group of commands; each calls one function of the package that owns the work."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import click

from core.db import Pool
from core.settings import Settings
from deploy.bootstrap import OWNER
from deploy.home import Home

Result = TypeVar("Result")

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="YINLING_HOME",
    default=Path(".yinling"),
    show_default=True,
    help="folder of the installation; YINLING_DATABASE_URL goes before it",
)


def run(work: Coroutine[object, object, Result]) -> Result:
    """Run a command's coroutine to its end."""
    return asyncio.run(work)


def database_url(home: Path, role: str = OWNER) -> str:
    """Return the URL that the environment gives, or that of the installation in a folder."""
    given = Settings.load(home=home).database_url
    return given.get_secret_value() if given else Home(home).dsn(role)


async def open_pool(home: Path, role: str) -> Pool:
    """Open the database for one command."""
    return await Pool.open(database_url(home, role), size=2, name="yinling")
