"""What the demonstration must remember outside the database: its logins and its devices' passwords (0600)."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from core.errors import Failure

ACCOUNTS, SIMULATOR = "demo-accounts.json", "simulator.json"


def read(path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON file's content, or None when it is not there."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Failure(f"cannot read {path}: {error}") from error


def write(path: Path, content: object) -> None:
    """Write a JSON file that only this user may read, whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")
    draft.replace(path)


class Accounts:
    """The logins in the order in which they are made; a login that is known keeps its password."""

    def __init__(self, known: list[dict[str, str]]) -> None:
        self._passwords = {one["login"]: one["password"] for one in known}
        self.made: list[dict[str, str]] = []

    def add(self, role: str, login: str, district: str, **links: str) -> str:
        """Note a login; return its password."""
        password = self._passwords.get(login) or secrets.token_urlsafe(12)
        entry = {"role": role, "login": login, "password": password, "district": district, **links}
        self.made.append(entry)
        return password
