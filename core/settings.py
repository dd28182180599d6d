"""Every setting of a process, in one frozen model, read once from `YINLING_*`."""

import os
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Failure

PREFIX = "YINLING_"
_FILE = "_FILE"


class Settings(BaseSettings):
    """Settings of one process; secrets may also be given as `YINLING_…_FILE`, a path to read."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path = Field(Path(".yinling"), description="where embedded state, keys and logs live")
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL URL of this process's own role (gateway, worker, web or owner)"
    )
    mqtt_url: SecretStr | None = Field(
        None, description="mqtt://user:password@host:port of the broker, mqtts:// for TLS"
    )
    mqtt_ca_file: Path | None = Field(
        None, description="certificate authority that signed the broker's certificate, for mqtts://"
    )
    mosquitto_conf: Path | None = Field(
        None, description="Mosquitto's configuration, for `yinling doctor` to look at"
    )
    emqx_api_url: SecretStr | None = Field(
        None, description="http://key:secret@host:18083 of EMQX's API, for `yinling doctor` and revocation"
    )
    keys_file: Path | None = Field(
        None, description="the installation's keys (0600), outside the database; default HOME/keys.json"
    )
    evidence_keys_file: Path | None = Field(
        None,
        description="the keys that sign evidence (0600); default evidence-keys.json beside the other keys",
    )
    vapid_file: Path | None = Field(
        None,
        description="the key that push services know us by (0600); default vapid.pem beside the other keys",
    )
    push_contact: str | None = Field(
        None,
        pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://[\w.-]+)$",
        description="mailto: or https: address that push services may write to; default public_url's host",
    )
    http_host: str = Field("127.0.0.1", description="address that web listens on")
    http_port: int = Field(8080, ge=0, le=65535, description="port that web listens on")
    public_url: str | None = Field(
        None, description="address that people open, when a proxy stands before web"
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="loopback port for /metrics (web only); 0 is off"
    )
    time_zone: str = Field(
        "Asia/Shanghai", description="zone of night hours and of months (pages are in Asia/Shanghai)"
    )
    log_level: str = Field("info", description="debug, info, warning or error")
    session_hours: int = Field(12, ge=1, le=720, description="how long a login lasts")
    login_attempts: int = Field(
        10, ge=1, description="failed logins from one address in five minutes before 429"
    )
    family_session_days: int = Field(
        90, ge=1, le=365, description="how long a relative stays logged in who came by a code to the phone"
    )
    login_codes_per_hour: int = Field(
        300, ge=1, description="codes that one district sends to phones in an hour before 429"
    )
    pool_size: int = Field(8, ge=1, le=200, description="database connections of this process")
    batch_size: int = Field(4000, ge=1, le=50_000, description="messages the gateway commits at once at most")
    noise_rate: float = Field(
        100.0,
        gt=0,
        description="telemetry messages a second that a device may say for ever, and a hub ten times",
    )
    noise_depth: int = Field(
        20_000, ge=1, description="telemetry messages that a device or hub may say at once beyond that"
    )
    shared_group: str | None = Field(
        None, description="MQTT shared-subscription group, when several gateways share the work"
    )
    gateway_name: str = Field(
        "gateway", description="client id stem of this gateway; must be unique per gateway"
    )
    outgoing_hosts: str = Field(
        "", description="hosts that this process may call over HTTP, by comma; loopback always may be"
    )
    travel_source: Literal["circle", "osrm", "amap"] = Field(
        "circle", description="who says how far it is: circle (great circle), osrm or amap (as they answer)"
    )
    travel_url: str | None = Field(None, description="http(s)://host of the source of travel times")
    travel_key: SecretStr | None = Field(None, description="key of the source of travel times (amap)")
    travel_profile: str = Field(
        "driving", pattern=r"^[a-z0-9_-]+$", description="profile of the source of travel times (osrm)"
    )
    travel_by: Literal["distance", "duration"] = Field(
        "distance",
        description="distance: the source's kilometres at each caregiver's speed; duration: its minutes",
    )
    travel_timeout: float = Field(5.0, gt=0, description="seconds to wait for one answer of the source")
    travel_seconds: float = Field(
        60.0, gt=0, description="seconds that all questions of one plan may take; then the great circle"
    )
    travel_fresh_days: int = Field(30, ge=1, description="a way older than this is asked for again")
    twilio_account_sid: str | None = Field(
        None, pattern=r"^AC[0-9a-f]{32}$", description="Twilio account (AC…)"
    )
    twilio_auth_token: SecretStr | None = Field(
        None, description="Twilio's auth token: asks, and checks what its webhooks say"
    )
    twilio_number: str | None = Field(
        None, pattern=r"^\+[1-9]\d{6,14}$", description="our number at Twilio that calls, as +…"
    )
    twilio_text_number: str | None = Field(
        None,
        pattern=r"^(\+[1-9]\d{6,14}|MG[0-9a-f]{32})$",
        description="what sends SMS; default the number that calls",
    )
    twilio_url: str = Field(
        "https://api.twilio.com", description="Twilio's API; a stand-in's address in tests and demonstrations"
    )
    domestic_voice_url: str | None = Field(
        None, description="https://host of Huawei Cloud Voice Call (docs/manual/telephony.md)"
    )
    domestic_voice_key: str | None = Field(None, description="APP_Key of the voice notices")
    domestic_voice_secret: SecretStr | None = Field(None, description="APP_Secret of the voice notices")
    domestic_voice_template: str | None = Field(
        None, description="voice template with one variable: all that we say"
    )
    domestic_bridge_key: str | None = Field(None, description="APP_Key of the calls that join two phones")
    domestic_bridge_secret: SecretStr | None = Field(None, description="APP_Secret of the same")
    domestic_number: str | None = Field(
        None, pattern=r"^\+86\d{7,11}$", description="the landline that is shown to who is called"
    )
    domestic_text_url: str | None = Field(None, description="https://host of Alibaba Cloud SMS")
    domestic_text_key: str | None = Field(None, description="its AccessKey ID")
    domestic_text_secret: SecretStr | None = Field(None, description="its AccessKey secret")
    domestic_text_sign: str | None = Field(
        None, description="the signature that was approved, without brackets"
    )
    domestic_text_template: str | None = Field(
        None, description="SMS template (SMS_…) with one variable ${words}: all that we write"
    )
    domestic_text_push: SecretStr | None = Field(
        None, description="secret in the address that receipts and replies are pushed to"
    )
    notice_urls: SecretStr | None = Field(
        None,
        description="groups and mailboxes, NAME=URL by space (Apprise: wecombot, dingtalk, feishu, mailtos)",
    )
    telephony_timeout: float = Field(10.0, gt=0, le=60, description="seconds to wait for a carrier's answer")

    @property
    def keys_path(self) -> Path:
        """Where the keys are."""
        return self.keys_file or self.home / "keys.json"

    @property
    def evidence_keys_path(self) -> Path:
        """Where the keys that sign evidence are."""
        return self.evidence_keys_file or self.keys_path.with_name("evidence-keys.json")

    @property
    def vapid_path(self) -> Path:
        """Where the key of web push is."""
        return self.vapid_file or self.keys_path.with_name("vapid.pem")

    @property
    def push_sender(self) -> str:
        """Who a push service may write to about our messages (RFC 8292, 2.1)."""
        host = urlsplit(self.public_url or "").hostname
        return self.push_contact or (
            f"https://{host}" if host and "." in host else "mailto:yinling@localhost"
        )

    @property
    def outgoing(self) -> frozenset[str]:
        """Hosts that may be called."""
        return frozenset(one.strip() for one in self.outgoing_hosts.split(",") if one.strip())

    def require_database(self) -> str:
        """Return the database URL, or fail in words."""
        if self.database_url is None:
            raise Failure("YINLING_DATABASE_URL is not set: give the PostgreSQL URL of this role")
        return self.database_url.get_secret_value()

    def require_mqtt(self) -> str:
        """Return the broker URL, with the authority that it is trusted by, or fail in words."""
        if self.mqtt_url is None:
            raise Failure("YINLING_MQTT_URL is not set: give mqtt://user:password@host:port")
        url = self.mqtt_url.get_secret_value()
        if self.mqtt_ca_file is None:
            return url
        return f"{url}{'&' if '?' in url else '?'}ca={quote(str(self.mqtt_ca_file))}"

    @classmethod
    def load(cls, **given: Any) -> Self:  # noqa: ANN401 - overrides of any field
        """Read the environment (`*_FILE` included); raise Failure naming each wrong variable."""
        try:
            return cls(**{**_from_files(cls.model_fields), **given})
        except ValidationError as wrong:
            words = "; ".join(
                f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in wrong.errors(include_input=False)
            )
            raise Failure(f"settings: {words}") from wrong


def _from_files(fields: dict[str, Any]) -> dict[str, str]:
    found = {}
    for name in fields:
        path = os.environ.get(f"{PREFIX}{name.upper()}{_FILE}")
        if path and f"{name}_file" not in fields:
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise Failure(
                    f"{PREFIX}{name.upper()}{_FILE}: cannot read {path}: {error.strerror}"
                ) from error
    return found
