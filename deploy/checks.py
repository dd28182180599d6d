"""House rules that no linter knows: short files and functions, no Han characters in code."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES, FUNCTION_LINES = 300, 40
PACKAGES = ("core", "devices", "gateway", "dispatch", "services", "dashboards", "deploy", "tests")
_HAN = re.compile("[\u3400-\u9fff]")
_CODE = {".py", ".js", ".html"}


def long_parts(path: Path, text: str) -> Iterator[str]:
    """Find files and functions that are longer than the house allows."""
    count = text.count("\n")
    if count > FILE_LINES:
        yield f"{path}: {count} lines, at most {FILE_LINES}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def han(path: Path, text: str) -> Iterator[str]:
    """Find words that should come from a catalogue or a data file."""
    for number, line in enumerate(text.splitlines(), 1):
        if _HAN.search(line):
            yield f"{path}:{number}: Chinese in code: put it into dashboards/locale or a data file"


def broken(root: Path) -> Iterator[str]:
    """Yield every broken rule."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix not in _CODE or "vendor" in path.parts or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".py":
                yield from long_parts(path.relative_to(root), text)
            if package != "tests":
                yield from han(path.relative_to(root), text)


def main() -> None:
    """Print what is broken; fail if anything is."""
    found = list(broken(Path(__file__).parent.parent))
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
