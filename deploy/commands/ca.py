"""`yinling ca`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from deploy.commands import HOME

_DAYS = click.option("--days", type=click.IntRange(min=1), help="how long it holds")


@click.group()
def ca() -> None:
    """Certificates of an authority of our own: the broker's, and those of devices that show one."""


@ca.command()
@HOME
@_DAYS
def init(home: Path, days: int | None) -> None:
    """Make the authority in HOME/ca; its ca.pem is what devices and gateways trust."""
    from deploy import certificates  # noqa: PLC0415 - only when it is called

    click.echo(str(certificates.init(home / "ca", _now(), days)))


@ca.command()
@HOME
@_DAYS
@click.argument("name")
@click.option("--host", "hosts", multiple=True, help="a name or address by which a server is reached")
@click.option("--client", "is_client", is_flag=True, help="for who connects, not for a server")
def issue(home: Path, days: int | None, name: str, hosts: tuple[str, ...], is_client: bool) -> None:  # noqa: FBT001 - click's flag
    """Sign a certificate: HOME/ca/NAME.pem and NAME.key."""
    from deploy import certificates  # noqa: PLC0415 - only when it is called

    folder = home / "ca"
    click.echo(str(certificates.issue(folder, name, list(hosts), _now(), is_client=is_client, days=days)))


@ca.command()
@HOME
@_DAYS
@click.argument("name")
def renew(home: Path, days: int | None, name: str) -> None:
    """Sign a certificate anew, with a fresh key; let the broker read it again (SIGHUP)."""
    from deploy import certificates  # noqa: PLC0415 - only when it is called

    click.echo(str(certificates.renew(home / "ca", name, _now(), days)))


@ca.command(name="list")
@HOME
def list_(home: Path) -> None:
    """Show what there is and when it ends."""
    from deploy import certificates  # noqa: PLC0415 - only when it is called

    for one in certificates.list_(home / "ca"):
        kind = "client" if one.is_client else " ".join(one.hosts)
        click.echo(f"{one.ends_at:%Y-%m-%d}  {one.name:<20} {kind}".rstrip())


def _now() -> datetime:
    return datetime.now(UTC)
