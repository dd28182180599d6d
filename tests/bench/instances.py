"""Instances of the benches `plan` and `city`: those in the tree, and with FULL=1 all of a shared folder."""

import json
import os
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "data"
PLANS = Path(__file__).parents[1] / "data" / "plans"
SHARED = Path(os.environ.get("YINLING_SHARED", Path(__file__).parents[3] / "shared" / "bench"))
IS_FULL = os.environ.get("FULL") == "1"
SECONDS = os.environ.get("BENCH_SECONDS")
CITY = HERE / "city.json.gz"


def seconds(usual: float) -> float:
    """Return how long one search may take: BENCH_SECONDS, or what is usual."""
    return float(SECONDS) if SECONDS else usual


def published(name: str) -> dict[str, dict[str, Any]]:
    """Return what is published of each instance of a set."""
    rows = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return {row["instance"]: row for row in rows}


def hhcrsp(folder: Path) -> list[Path]:
    """Return the instances of Mankowska, unpacked into a folder."""
    shared = SHARED / "mankowska.tar.gz"
    if IS_FULL and _is_there(shared):
        return _unpack(shared, folder)
    return _unpack(HERE / "hhcrsp.tar.gz", folder)


def uhhc(folder: Path) -> list[Path]:
    """Return the instances of UHHC: two of the tree, or all."""
    shared = SHARED / "uhhc.tar.gz"
    if IS_FULL and _is_there(shared):
        return [one for one in _unpack(shared, folder) if one.stem.startswith("i-")]
    return [PLANS / "uhhc" / "i-100.json", PLANS / "uhhc" / "i-235.json"]


def repriced(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """Yield format, instance and published plan of everything in the shared folder (FULL=1)."""
    for kind, name in (("hhcrsp", "mankowska"), ("uhhc", "uhhc")):
        packed = SHARED / f"{name}.tar.gz"
        if not IS_FULL or not _is_there(packed):
            continue
        with tarfile.open(packed) as tar:
            tar.extractall(folder / kind, filter="data")
        for plan in sorted((folder / kind / name / "solutions").glob("*.json")):
            yield kind, plan.parent.parent / "instances" / plan.name, plan


def _is_there(path: Path) -> bool:
    if path.exists():
        return True
    sys.stderr.write(f"{path.name}: not in YINLING_SHARED; only what is in the tree is taken\n")
    return False


def _unpack(packed: Path, folder: Path) -> list[Path]:
    with tarfile.open(packed) as tar:
        tar.extractall(folder, members=_instances(tar), filter="data")
    return sorted(folder.rglob("*.json"), key=lambda path: (path.stat().st_size, path.name))


def _instances(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield instances, not the published solutions."""
    for one in tar.getmembers():
        if one.name.endswith(".json") and "solutions" not in one.name:
            yield one
