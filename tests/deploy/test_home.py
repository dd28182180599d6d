import stat
from pathlib import Path

import pytest

from core.errors import Failure
from dashboards.web.menus import HOMES
from deploy import bootstrap
from deploy.home import Home
from deploy.links import FACES, text


def test_a_home_is_private_and_keeps_its_secrets(tmp_path: Path) -> None:
    home = Home(tmp_path / "h")
    home.create()
    first = home.passwords()
    home.create()
    assert home.passwords() == first
    assert len(set(first.values())) == len(bootstrap.ROLES)
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_two_supervisors_on_one_home_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    with home.lock(), pytest.raises(Failure, match="another `yinling up` is running"), home.lock():
        pass


def test_a_home_that_was_never_started_says_so(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="start it with `yinling up` first"):
        Home(tmp_path).dsn(bootstrap.WEB)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(Failure, match=r"cannot read .*secrets\.json"):
        Home(tmp_path).secret("postgres")


def test_the_links_show_a_login_for_each_face(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    faces = {role: HOMES[role] for role, _, _ in FACES}
    assert set(faces) >= {"operator", "caregiver", "family", "clerk", "approver", "assessor", "auditor"}
    home.write(
        "demo-accounts.json",
        [{"role": role, "login": f"{role}1", "password": f"pw-{role}"} for role in faces],
    )
    shown = text("http://127.0.0.1:1", home, simulated=3)
    for role, path in faces.items():
        line = next(line for line in shown.splitlines() if f"{role}1 / pw-{role}" in line)
        assert f"http://127.0.0.1:1{path} " in line
    assert "3 simulated homes" in shown
