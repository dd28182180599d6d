"""Which browser on which system, as coarse codes: enough that a person knows their own devices (pure)."""

BROWSERS = (
    ("micromessenger", "wechat"),
    ("dingtalk", "dingtalk"),
    ("alipayclient", "alipay"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("chrome", "chrome"),
    ("safari", "safari"),
)
SYSTEMS = (
    ("harmony", "harmony"),
    ("android", "android"),
    ("iphone", "iphone"),
    ("ipad", "ipad"),
    ("windows", "windows"),
    ("mac os", "mac"),
    ("linux", "linux"),
)


def read(header: str | None) -> str:
    """Return `browser/system` of a User-Agent, each one of the known codes or `other`."""
    said = (header or "").lower()
    browser = next((code for mark, code in BROWSERS if mark in said), "other")
    system = next((code for mark, code in SYSTEMS if mark in said), "other")
    return f"{browser}/{system}"
