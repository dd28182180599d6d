"""The last step of `make setup`: web assets, and the `yinling` command in .venv/bin."""

import shutil
import sys
import sysconfig
from pathlib import Path

_ROOT = Path(__file__).parent.parent
ASSETS = ("htmx-2.min.js", "echarts.min.js", "NotoSansSC-Regular.otf")
"""Two scripts of the pages, and the typeface of printed papers (SIL Open Font License 1.1)."""
_LAUNCHER = """#!/bin/sh
# -P: a folder named like one of our packages must not come before it
exec "$(dirname "$(readlink -f "$0")")/python" -P -m deploy "$@"
"""


def copy_assets(source: Path, target: Path) -> None:
    """Copy the few files that pages load, wherever in the package they lie."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        found = sorted(source.rglob(name))
        if not found:
            raise SystemExit(f"{name} is not in {source}: run `make setup` again")
        shutil.copyfile(found[0], target / name)


def link(root: Path, site: Path, scripts: Path) -> None:
    """Make the packages importable and the command callable from anywhere."""
    (site / "yinling.pth").write_text(f"{root}\n", encoding="utf-8")
    launcher = scripts / "yinling"
    launcher.write_text(_LAUNCHER, encoding="utf-8")
    launcher.chmod(0o755)


def main() -> None:
    """Do both."""
    copy_assets(Path(sys.argv[1]), _ROOT / "dashboards" / "static" / "vendor")
    link(_ROOT, Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("scripts")))


if __name__ == "__main__":
    main()
