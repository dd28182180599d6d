"""A certificate authority of our own, in one folder: for the broker, for devices that show a certificate."""

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from core.errors import Failure

SOON = timedelta(days=30)
_CA = "ca"
_CA_LIFE, _LIFE = timedelta(days=3650), timedelta(days=397)
_EARLIER = timedelta(minutes=5)  # a device's clock may be behind


@dataclass(frozen=True)
class Held:
    """One certificate of the folder."""

    name: str
    ends_at: datetime
    hosts: tuple[str, ...]
    is_client: bool


def init(folder: Path, now: datetime, days: int | None = None) -> Path:
    """Make the authority once; return its certificate, which devices and gateways trust."""
    path = folder / f"{_CA}.pem"
    if path.exists():
        raise Failure(f"there is an authority in {folder} already")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("Yinling device authority")
    life = timedelta(days=days) if days else _CA_LIFE
    builder = _builder(subject, subject, key, now, life).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    made = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    _write(folder, _CA, key, made)
    return path


def issue(
    folder: Path,
    name: str,
    hosts: list[str],
    now: datetime,
    *,
    is_client: bool = False,
    days: int | None = None,
    is_again: bool = False,
) -> Path:
    """Sign a certificate for a server (its names and addresses) or a client; its key lies beside it."""
    if not name or name == _CA or not all(sign.isalnum() or sign in "-_." for sign in name) or name[0] == ".":
        raise Failure(f"a certificate's name is letters, digits, - and _; {name!r} is not")
    if (folder / f"{name}.pem").exists() and not is_again:
        raise Failure(f"there is a certificate {name} already: `yinling ca renew {name}`")
    if not is_client and not hosts:
        raise Failure("a server's certificate needs the names or addresses by which it is reached: --host")
    authority, signer = _authority(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    life = timedelta(days=days) if days else _LIFE
    builder = _builder(_name(name), authority.subject, key, now, life, authority.not_valid_after_utc)
    use = ExtendedKeyUsageOID.CLIENT_AUTH if is_client else ExtendedKeyUsageOID.SERVER_AUTH
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    if hosts:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_host(one) for one in hosts]), critical=False
        )
    identity = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    made = builder.add_extension(identity, critical=False).sign(signer, hashes.SHA256())
    return _write(folder, name, key, made)


def renew(folder: Path, name: str, now: datetime, days: int | None = None) -> Path:
    """Sign anew what a certificate says, with a fresh key."""
    found = {one.name: one for one in list_(folder)}
    if name == _CA or name not in found:
        raise Failure(f"no certificate {name} in {folder}")
    old = found[name]
    return issue(folder, name, list(old.hosts), now, is_client=old.is_client, days=days, is_again=True)


def list_(folder: Path) -> list[Held]:
    """Return what the folder holds, the first to end first."""
    return sorted((_held(path) for path in folder.glob("*.pem")), key=lambda one: one.ends_at)


def _held(path: Path) -> Held:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Failure(f"{path} is no certificate") from error
    hosts: tuple[str, ...] = ()
    is_client = False
    for extension in found.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            hosts = tuple(str(one.value) for one in extension.value)
        elif isinstance(extension.value, x509.ExtendedKeyUsage):
            is_client = ExtendedKeyUsageOID.CLIENT_AUTH in extension.value
    return Held(path.stem, found.not_valid_after_utc, hosts, is_client)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        found = x509.load_pem_x509_certificate((folder / f"{_CA}.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / f"{_CA}.key").read_bytes(), None)
    except FileNotFoundError as error:
        raise Failure(f"there is no authority in {folder}: `yinling ca init`") from error
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - `init` makes no other
    return found, key


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    life: timedelta,
    latest: datetime | None = None,
) -> x509.CertificateBuilder:
    ends_at = now + life if latest is None else min(now + life, latest)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _write(folder: Path, name: str, key: ec.EllipticCurvePrivateKey, made: x509.Certificate) -> Path:
    """Write the key (for its owner only), then the certificate."""
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _replace(folder / f"{name}.key", secret, 0o600)
    path = folder / f"{name}.pem"
    _replace(path, made.public_bytes(serialization.Encoding.PEM), 0o644)
    return path


def _replace(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.replace(path)
