"""`yinling audit verify`: an evidence pack judged offline, without a database."""

import json
import sys
from pathlib import Path

import click

from core import signing
from core.errors import Failure
from services.evidence import agreeing, verifying
from services.evidence.verifying import Fault, Verdict

_WORDS = {
    "changed": "line %(line)s, %(part)s %(field)s: is not as it was signed",
    "missing": "line %(line)s, %(part)s %(field)s: is missing",
    "added": "line %(line)s: was added",
    "out_of_place": "line %(line)s, %(part)s %(field)s: stands in the wrong place",
    "no_pack": "this is no evidence pack, or nothing of it is signed by a key that it names",
    "other_key": "signed with another key than the one you trust",
}
_CONTRADICTIONS = {
    "sum": "claim: amount is not subsidy + copay",
    "scheme_text": "scheme: the text is not that of its sha256",
    "line": "place: the claim is not the line that was sealed",
    "block": "place: the line's block is not in the statement",
    "lines": "place: the blocks are not those of the statement's seal",
    "link": "statement: the seal's hash does not follow from the one before",
}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", "keys", multiple=True, help="a public key that you trust: 64 digits, or a file of them"
)
@click.option("--json", "as_json", is_flag=True, help="one JSON object instead of sentences")
def verify(file: Path, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Say whether a pack is as it was signed; every line that is not is named. Exit code 1 if one is not."""
    verdict = verifying.verify(file.read_bytes(), signing.verify, _trusted(keys))
    wrong = agreeing.contradictions(verdict.values) if verdict.is_whole and verdict.values else []
    if as_json:
        click.echo(json.dumps(_answer(verdict, wrong)))
    else:
        _say(verdict, wrong, is_trusted=bool(keys))
    if wrong or not verdict.is_whole:
        sys.exit(1)


def _trusted(keys: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for one in keys:
        path = Path(one)
        texts = path.read_text(encoding="utf-8").split() if path.is_file() else [one]
        for text in texts:
            if len(text) != 64 or any(letter not in "0123456789abcdef" for letter in text):  # noqa: PLR2004 - 32 bytes
                raise Failure(f"{one}: a public key has 64 digits from 0 to f")
            found.append(text)
    return found


def _answer(verdict: Verdict, wrong: list[str]) -> dict[str, object]:
    values = verdict.values or {}
    return {
        "whole": verdict.is_whole and not wrong,
        "lines": verdict.lines,
        "pack": verdict.pack,
        "claim": values.get(("pack", "claim")),
        "key": verdict.key,
        "faults": [
            {"code": one.code, "line": one.line, "part": one.part, "field": one.field}
            for one in verdict.faults
        ],
        "contradictions": wrong,
    }


def _say(verdict: Verdict, wrong: list[str], *, is_trusted: bool) -> None:
    for fault in verdict.faults:
        click.echo(_sentence(fault))
    for code in wrong:
        click.echo(f"does not agree: {_CONTRADICTIONS[code]}")
    if wrong or not verdict.is_whole:
        return
    values = verdict.values or {}
    click.echo(
        f"whole: {verdict.lines} lines, claim {values['pack', 'claim']}, {values['claim', 'amount']} yuan"
    )
    trust = "a key that you trust" if is_trusted else "compare the key with the published one"
    click.echo(f"signed by {signing.fingerprint(bytes.fromhex(verdict.key))} ({trust})")


def _sentence(fault: Fault) -> str:
    figures = {"line": fault.line, "part": fault.part, "field": fault.field}
    return _WORDS[fault.code] % figures
