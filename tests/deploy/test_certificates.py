from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import Failure
from core.settings import Settings
from deploy import certificates
from deploy.cli import main
from deploy.doctor import Patient, examine

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_an_authority_is_made_once_and_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    certificates.init(tmp_path / "ca", NOW)
    assert (tmp_path / "ca" / "ca.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Failure, match="already"):
        certificates.init(tmp_path / "ca", NOW)


def test_a_certificate_says_its_hosts_and_is_renewed_as_it_was(tmp_path: Path) -> None:
    certificates.init(tmp_path, NOW)
    certificates.issue(tmp_path, "broker", ["broker.example", "127.0.0.1"], NOW)
    certificates.issue(tmp_path, "hub-1", [], NOW, is_client=True, days=10)
    key = (tmp_path / "broker.key").read_bytes()
    certificates.renew(tmp_path, "broker", NOW + timedelta(days=300))
    found = {one.name: one for one in certificates.list_(tmp_path)}
    assert [one.name for one in certificates.list_(tmp_path)] == ["hub-1", "broker", "ca"]
    assert found["broker"].hosts == ("broker.example", "127.0.0.1")
    assert found["broker"].ends_at == NOW + timedelta(days=697)
    assert (found["hub-1"].is_client, found["broker"].is_client) == (True, False)
    assert (tmp_path / "broker.key").read_bytes() != key


def test_nothing_outlives_its_authority(tmp_path: Path) -> None:
    certificates.init(tmp_path, NOW, days=30)
    certificates.issue(tmp_path, "broker", ["b"], NOW)
    assert {one.ends_at for one in certificates.list_(tmp_path)} == {NOW + timedelta(days=30)}


def test_what_cannot_be_signed_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no authority"):
        certificates.issue(tmp_path, "broker", ["b"], NOW)
    certificates.init(tmp_path, NOW)
    certificates.issue(tmp_path, "broker", ["b"], NOW)
    for name, hosts, words in (
        ("ca", ["b"], "a certificate's name"),
        ("../x", ["b"], "a certificate's name"),
        ("broker", ["b"], "there is a certificate broker already"),
        ("other", [], "--host"),
    ):
        with pytest.raises(Failure, match=words):
            certificates.issue(tmp_path, name, hosts, NOW)
    with pytest.raises(Failure, match="no certificate nobody"):
        certificates.renew(tmp_path, "nobody", NOW)
    (tmp_path / "bad.pem").write_text("nothing")
    with pytest.raises(Failure, match="is no certificate"):
        certificates.list_(tmp_path)


async def test_doctor_warns_before_a_certificate_ends(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    certificates.init(tmp_path / "ca", now)
    patient = Patient(Settings.load(home=tmp_path), None, None, "nothing here")
    findings = {one.what: one for one in await examine(patient)}
    assert findings["certificates"].is_well
    certificates.issue(tmp_path / "ca", "broker", ["b"], now, days=20)
    findings = {one.what: one for one in await examine(patient)}
    assert not findings["certificates"].is_well
    assert "broker" in findings["certificates"].words


def test_the_command_makes_signs_renews_and_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    for words in (
        ["init"],
        ["issue", "broker", "--host", "b.example"],
        ["issue", "hub", "--client"],
        ["renew", "hub"],
        ["list"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(["ca", words[0], *home, *words[1:]])
        assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "b.example" in shown
    assert "client" in shown
