"""One installation's folder: its secrets (0600), ports, logs and lock."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.errors import Failure
from deploy.bootstrap import DATABASE, ROLES
from deploy.embedded.postgres import HOST

SUPERUSER, SERVICE, CARRIER = "postgres", "gateway", "pretended_carrier"
_SECRETS = (SUPERUSER, *ROLES, f"mqtt_{SERVICE}", CARRIER)


class Home:
    """The folder of `--home`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self.postgres = self.path / "postgres"
        self.accounts = self.path / "demo-accounts.json"

    def create(self) -> None:
        """Make the folder and its secrets if they are not there."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            known = self._read("secrets.json")
            if missing := {name: secrets.token_hex(24) for name in _SECRETS if name not in known}:
                self.write("secrets.json", known | missing)
        except OSError as error:
            raise Failure(f"cannot write to {self.path}: {error.strerror}") from error

    def secret(self, name: str) -> str:
        """Return a password of this installation."""
        known = self._read("secrets.json")
        if name not in known:
            raise Failure(f"there is no installation in {self.path}: start it with `yinling up` first")
        return str(known[name])

    def passwords(self) -> dict[str, str]:
        """Return the password of each database role."""
        return {role: self.secret(role) for role in ROLES}

    def ports(self) -> dict[str, int]:
        """Return the ports of the last start: postgres, mqtt, http."""
        return {name: int(port) for name, port in self._read("ports.json").items()}

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """Return the database URL of a role, as of the last start."""
        port = self.ports().get("postgres")
        if port is None:
            raise Failure(f"there is no installation in {self.path}: start it with `yinling up` first")
        return f"postgresql://{role}:{self.secret(role)}@{HOST}:{port}/{database}"

    def mqtt_url(self) -> str:
        """Return the broker's URL for the gateway."""
        return f"mqtt://{SERVICE}:{self.secret(f'mqtt_{SERVICE}')}@{HOST}:{self.ports()['mqtt']}"

    def simulated(self) -> list[dict[str, Any]]:
        """Return the pretend homes of the demo with their devices' credentials."""
        found = self._read("simulator.json").get("homes", [])
        if not found:
            raise Failure(f"there are no demo homes in {self.path}: start it with `yinling up --demo` first")
        return list(found)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the installation, or say that another process does."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Failure(
                    f"another `yinling up` is running on {self.path}: stop it or choose --home"
                ) from None
            yield

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Failure(f"cannot read {self.path / name}: {error}") from error
        return dict(found)

    def write(self, name: str, content: object) -> None:
        """Write a JSON file that only this user may read, whole or not at all."""
        path = self.path / name
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
        fresh.replace(path)
