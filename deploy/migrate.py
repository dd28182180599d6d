"""The schema of all packages, in the order of the walk."""

from pathlib import Path

from core import migrations

_ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "devices", "gateway", "dispatch", "services", "dashboards")
FOLDERS = tuple(_ROOT / package / "migrations" for package in PACKAGES)


async def migrate(owner_dsn: str, phase: str | None = None) -> list[str]:
    """Apply every migration that is missing, as the owner; return their names."""
    return [f"{m.number:04} {m.name}" for m in await migrations.run(owner_dsn, FOLDERS, phase)]
