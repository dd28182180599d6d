"""What `yinling up` says when all is ready: where to look, and with which login."""

import json

from deploy.home import Home

FACES = (
    ("operator", "operator console", "/console"),
    ("caregiver", "caregiver's phone", "/m"),
    ("family", "family page", "/family"),
    ("clerk", "civil affairs", "/clerk"),
    ("approver", "approver", "/approver"),
    ("assessor", "assessor's tablet", "/assessor"),
    ("auditor", "auditor's desk", "/audit"),
    ("provider_manager", "provider's desk", "/provider"),
)


def text(url: str, home: Home, *, simulated: int, phones: str | None = None) -> str:
    """Write the links with the first demo account of each face."""
    lines = ["", f"Ready: {url}", ""]
    accounts = json.loads(home.accounts.read_text(encoding="utf-8")) if home.accounts.exists() else []
    for role, name, path in FACES:
        line = f"  {name:<18} {url}{path}"
        account = next((one for one in accounts if one["role"] == role), None)
        lines.append(line + (f"   {account['login']} / {account['password']}" if account else ""))
    if accounts:
        lines += ["", f"All logins: {home.accounts}"]
    if phones:
        lines.append(f"Pretended phones (ring, answer, call the centre): {phones}")
    if simulated:
        lines.append(f"{simulated} simulated homes are speaking. None of them is a real person.")
    lines += [f"Logs: {home.logs}", "Ctrl-C stops everything and keeps the data.", ""]
    return "\n".join(lines)
