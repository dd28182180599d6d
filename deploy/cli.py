"""The `yinling` command: each subcommand lives in deploy/commands and is imported only when it is called."""

import importlib
import sys
from typing import Any

import click

from core.errors import Failure, Problem

COMMANDS = {
    "up": "up",
    "serve": "serve",
    "migrate": "database",
    "backup": "database",
    "restore": "database",
    "settings": "settings",
    "device": "device",
    "replay": "recorded",
    "decode": "recorded",
    "rules": "rules",
    "plan": "plan",
    "simulate": "simulate",
    "dead-letters": "dead_letters",
    "scheme": "scheme",
    "settle": "settle",
    "audit": "audit",
    "keys": "keys",
    "doctor": "doctor",
    "ca": "ca",
    "hub": "hub",
}


class Lazy(click.Group):
    """A group that imports a command when somebody asks for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import one command."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f"deploy.commands.{module}"), cmd_name.replace("-", "_"))
        assert isinstance(found, click.Command)  # noqa: S101 - COMMANDS and the folder belong together
        return found


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def yinling() -> None:
    """Elderly care at home: from a bed's alarm to a paid visit, and nothing lost on the way."""


def main(args: list[str] | None = None) -> None:
    """Run a command; what a person can mend is one line on stderr and exit code 2."""
    try:
        code: Any = yinling.main(args, prog_name="yinling", standalone_mode=False)
    except (Failure, Problem) as error:
        click.echo(f"yinling: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
