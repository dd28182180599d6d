"""Signatures of the domestic providers, both HMAC-SHA256 (pure).

Huawei Cloud Voice Call signs requests over nonce and time, and its callbacks over the address as well
(support.huaweicloud.com/api-VoiceCall, rtc_05_0006 and rtc_05_0014). Alibaba Cloud signs a canonical request
(ACS3-HMAC-SHA256, help.aliyun.com: request syntax and signature V3).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote

_AKSK = re.compile(r'(Username|PasswordDigest|Nonce|Created)="([^"]{0,200})"')
AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'


def huawei(key: str, secret: str, nonce: str, created: str) -> dict[str, str]:
    """Return the headers of a request; `created` is UTC as 2018-02-12T15:30:20Z."""
    digest = _digest(secret, nonce + created)
    token = f'UsernameToken Username="{key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    return {"Authorization": AUTHORIZATION, "X-AKSK": token}


def huawei_signed(secrets: Mapping[str, str], url: str, header: str) -> bool:
    """Say whether a callback to `url` is signed by one of our applications {key: secret}.

    The parts were joined without line feeds until 2025, with them since: either is good.
    """
    given = dict(_AKSK.findall(header))
    secret = secrets.get(given.get("Username", ""))
    if secret is None or not given.get("PasswordDigest") or not given.get("Nonce"):
        return False
    parts = (url, given["Nonce"], given.get("Created", ""))
    digests = [_digest(secret, joint.join(parts)) for joint in ("\n", "")]
    said = given["PasswordDigest"].encode()
    return any([hmac.compare_digest(said, one.encode()) for one in digests])  # noqa: C419 - both are compared


def _digest(secret: str, text: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


def aliyun(
    key: str,
    secret: str,
    *,
    method: str,
    host: str,
    query: Mapping[str, str],
    action: str,
    version: str,
    date: str,
    nonce: str,
    body: bytes = b"",
) -> tuple[str, dict[str, str]]:
    """Return the query string and the headers of a request; `date` is UTC as 2023-10-26T10:22:32Z."""
    string = "&".join(f"{_escaped(name)}={_escaped(query[name])}" for name in sorted(query))
    hashed = hashlib.sha256(body).hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashed,
        "x-acs-date": date,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"{method}\n/\n{string}\n{lines}\n{names}\n{hashed}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()
    headers["Authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
    )
    return string, headers


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
