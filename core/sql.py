"""SQL in files: every statement is a block `-- name --` with a sentence above it (STYLE rule 5)."""

import re
from pathlib import Path

_HEAD = re.compile(r"^-- (?P<name>[a-z][a-z0-9_]*) --[ \t]*$", re.MULTILINE)


class Statements:
    """The statements of one `.sql` file, as attributes."""

    def __init__(self, path: Path, blocks: dict[str, str]) -> None:
        self.path = path
        self.blocks = blocks

    def __getattr__(self, name: str) -> str:
        try:
            return self.blocks[name]
        except KeyError as error:
            raise AttributeError(f"{self.path.name} has no statement {name}") from error


def parse(text: str) -> dict[str, str]:
    """Split a file's text into {name: statement}; raise ValueError on a name used twice."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    blocks: dict[str, str] = {}
    for head, end in zip(heads, ends, strict=True):
        name = head["name"]
        if name in blocks:
            raise ValueError(f"statement {name} stands twice")
        blocks[name] = text[head.end() : end].strip()
    return blocks


def load(module_file: str) -> Statements:
    """Return the statements of the `.sql` file beside a module."""
    path = Path(module_file).with_suffix(".sql")
    return Statements(path, parse(path.read_text(encoding="utf-8")))
