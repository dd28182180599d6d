"""`yinling audit …`: fraud checks, evidence packs, the chain of the log; imported when called."""

import importlib

import click

PARTS = {"run": "audit_run", "pack": "audit_pack", "verify": "audit_verify", "log": "audit_log"}
"""Each subcommand and the module of deploy/commands that has it, under its own name."""


class _Parts(click.Group):
    """A group that imports a subcommand when somebody asks for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the subcommands."""
        return sorted(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import one subcommand."""
        module = PARTS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f"deploy.commands.{module}"), cmd_name)
        assert isinstance(found, click.Command)  # noqa: S101 - PARTS and the folder belong together
        return found


@click.group(cls=_Parts)
def audit() -> None:
    """Was the money spent on real visits: fraud checks over months, and the evidence of it."""
