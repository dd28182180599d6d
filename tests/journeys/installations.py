"""A whole installation as a stranger starts it: `yinling up` in a temporary home, on free ports."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import bare

ENV = bare.environment()


@dataclass(frozen=True)
class Installation:
    """Where it is and who may log in."""

    home: Path
    url: str
    accounts: list[dict[str, Any]]

    @property
    def mqtt_port(self) -> int:
        """The broker's port."""
        ports = json.loads((self.home / "ports.json").read_text(encoding="utf-8"))
        return int(ports["mqtt"])

    def logins(self, role: str, district: str | None = None) -> list[dict[str, Any]]:
        """Return the demo accounts of a role, of the first district unless said."""
        wanted = district or self.accounts[0]["district"]
        return [one for one in self.accounts if one["role"] == role and one["district"] == wanted]

    @property
    def other_district(self) -> str:
        """The second demo district."""
        return next(
            str(one["district"]) for one in self.accounts if one["district"] != self.accounts[0]["district"]
        )

    def command(self, *words: str) -> str:
        """Run a `yinling` command on it and return what it printed."""
        command = [sys.executable, "-P", "-m", "deploy", *words, "--home", str(self.home)]
        done = subprocess.run(command, env=ENV, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def installed(home: Path, *more: str) -> Iterator[Installation]:
    """Start an installation with the demonstration; it must stop by itself at the end."""
    command = [sys.executable, "-P", "-m", "deploy", "up", "--home", str(home), "--demo"]
    command += ["--http-port", "0", "--mqtt-port", "0", *more]
    with subprocess.Popen(
        command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            url = _address(process)
            accounts = json.loads((home / "demo-accounts.json").read_text(encoding="utf-8"))
            yield Installation(home, url, accounts)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("Ready: "):
            return line.removeprefix("Ready: ").strip()
    raise AssertionError("".join(seen))
