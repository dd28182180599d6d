import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded import child
from deploy.supervisor import Role, backoff, last_line, open_log
from tests.waiting import until

STAY = ["-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = ["-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + STAY[1]]


@pytest.fixture
def said() -> list[str]:
    return []


def test_waits_grow_and_stay_bounded() -> None:
    assert [backoff(n) for n in (1, 2, 3)] == [0.2, 0.4, 0.8]
    assert backoff(10_000) == 10.0


async def test_a_dead_role_is_started_again(tmp_path: Path, said: list[str]) -> None:
    role = Role("gateway", STAY, {}, tmp_path / "g.log", said.append)
    role.start()
    first = role.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: role.pid not in (None, first))
    await role.stop()
    assert said == [f"gateway ended (-9), starting it again in 0.2 s; see {tmp_path / 'g.log'}"]


async def test_a_role_that_keeps_dying_is_counted_and_its_last_words_are_known(
    tmp_path: Path, said: list[str]
) -> None:
    role = Role("web", ["-c", "import sys; sys.exit('no port')"], {}, tmp_path / "w.log", said.append)
    role.start()
    await until(lambda: role.failures > 1)
    await role.stop()
    assert role.last_words() == "no port"


async def test_a_role_that_ignores_sigterm_is_killed(tmp_path: Path, said: list[str]) -> None:
    role = Role("stubborn", STUBBORN, {}, tmp_path / "s.log", said.append)
    role.start()
    await until(lambda: last_line(tmp_path / "s.log") == "up")
    await role.stop(patience=0.2)
    assert role.pid is None


def test_a_log_is_private_and_an_old_one_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "x.log"
    open_log(path).close()
    assert path.stat().st_mode & 0o077 == 0
    with path.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    open_log(path).close()
    assert path.stat().st_size == 0
    assert path.with_suffix(".log.1").exists()


def test_children_leave_the_terminals_process_group(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        process = child.start([sys.executable, "-c", "import time; time.sleep(60)"], log=log)
    assert os.getpgid(process.pid) == process.pid
    process.kill()
    process.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must hide")
@pytest.mark.parametrize("become", [child.in_namespace, child.as_nobody])
def test_root_can_become_somebody_else(become: object) -> None:
    command = [sys.executable, "-c", "import os; print(os.getuid())"]
    if become is child.as_nobody:
        command = ["/usr/bin/id", "-u"]
    done = subprocess.run(command, preexec_fn=become, capture_output=True, text=True, check=True)  # type: ignore[call-overload]
    assert done.stdout.strip() not in ("0", "")
