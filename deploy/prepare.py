"""`python -m deploy.prepare`: roles, database and schema from the secrets of compose; safe to repeat."""

import asyncio
import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.errors import Failure
from deploy import bootstrap
from deploy.migrate import migrate

_URLS = {
    bootstrap.OWNER: "owner_database_url",
    bootstrap.GATEWAY: "gateway_database_url",
    bootstrap.WORKER: "worker_database_url",
    bootstrap.WEB: "web_database_url",
}
SUPERUSER = "postgres"


async def prepare(folder: Path) -> list[str]:
    """Make what the URLs of the roles promise; return the migrations applied."""
    urls = {role: _read(folder / name) for role, name in _URLS.items()}
    passwords = {role: _password(role, url) for role, url in urls.items()}
    owner = urls[bootstrap.OWNER]
    database = urlsplit(owner).path.lstrip("/")
    superuser = bootstrap.with_role(owner, SUPERUSER, _read(folder / "postgres_password"), "postgres")
    await bootstrap.bootstrap(superuser, passwords, database)
    return await migrate(owner)


def _password(role: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.username != role or not parts.password:
        raise Failure(f"{_URLS[role]}: the user must be {role}, with a password")
    return unquote(parts.password)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror}") from error


if __name__ == "__main__":
    try:
        done = asyncio.run(prepare(Path(os.environ.get("YINLING_SECRETS", "/run/secrets"))))
        sys.stdout.write("\n".join(done or ["nothing to do"]) + "\n")
    except Failure as failure:
        sys.exit(str(failure))
