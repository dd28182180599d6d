"""The rules in force for one person, compiled from the defaults and what a district or a person changes."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import ZONE
from gateway.rules import checks, families
from gateway.rules.families import FLAGS, Entry, Rule
from gateway.rules.manners import Manner
from gateway.rules.memory import Seen
from gateway.rules.plans import Plans, Step
from gateway.rules.silence import Silence

SILENT = "silent"
_OWN_COOLDOWN = "cooldown_s"


@cache
def defaults() -> Mapping[str, dict[str, Any]]:
    """Return the rules of a district that changes nothing, as `defaults.toml` has them."""
    return tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))


@cache
def _known() -> Mapping[str, dict[str, Any]]:
    """Return the parameters of every rule, each value that is an alarm by itself as a rule of its own."""
    rules = {name: _params(row) for name, row in defaults().items()}
    return {**rules, **dict.fromkeys(families.flag_metrics(), rules[FLAGS])}


def _params(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "enabled"}


def shown() -> dict[str, dict[str, Any]]:
    """Return every rule as a district that changes nothing has it: {enabled, params, from}."""
    return {
        name: {
            "enabled": is_on(name),
            "params": dict(params),
            "from": "default",
        }
        for name, params in _known().items()
    }


def is_on(rule: str) -> bool:
    """Say whether a rule is on where nobody changes anything."""
    return bool(defaults().get(rule, {}).get("enabled", True))


@dataclass(frozen=True)
class Book:
    """Compiled rules."""

    by_metric: Mapping[str, tuple[Entry, ...]]
    by_name: Mapping[str, Rule]
    silence: Silence | None
    manners: Mapping[str, Manner] = field(default_factory=dict)
    plans: Plans = field(default_factory=Plans, compare=False)

    def steps(self, seen: Seen, *, is_mat: bool) -> tuple[Step, ...]:
        """Return the rules that a message meets."""
        return self.plans.of(lambda name: self.by_metric.get(name, ()), self.manners.get, seen, is_mat=is_mat)

    def rule_of(self, key: str) -> Rule | None:
        """Return the rule that an instance belongs to, or None when it is switched off."""
        return self.by_name.get(key) or self.by_name.get(key.partition("/")[0])


def check(rule: str, params: Mapping[str, Any]) -> None:
    """Raise Invalid naming the parameter when an override does not fit its rule."""
    checks.check(rule, params, _known().get(rule))


def compile_(overrides: Iterable[tuple[str, bool, Mapping[str, Any]]] = (), zone: ZoneInfo = ZONE) -> Book:
    """Compile the defaults with overrides (rule, enabled, params), the more particular later.

    What is said of `flags` is said of each of them; what is said of one goes before it.
    """
    rules = {name: dict(params) for name, params in _known().items()}
    off = {name for name, row in defaults().items() if not row.get("enabled", True)}
    given = [one for one in overrides if one[0] in rules]
    of_all = [(name, *one[1:]) for one in given if one[0] == FLAGS for name in families.flag_metrics()]
    for name, enabled, params in [*of_all, *given]:
        rules[name].update(params)
        (off.discard if enabled else off.add)(name)
    made = {name: params for name, params in rules.items() if name not in off}
    named = {key: rule for name, params in made.items() for key, rule in families.build(name, params, zone)}
    by_metric: dict[str, tuple[Entry, ...]] = {}
    for name, rule in named.items():
        for metric in rule.metrics:
            by_metric[metric] = (*by_metric.get(metric, ()), families.entry_of(name, metric, rule))
    silence = None if SILENT in off else Silence(**{name: rules[SILENT][name] for name in _known()[SILENT]})
    manners = {name: found for name, params in made.items() if (found := _manner(name, params, zone))}
    return Book(by_metric, named, silence, manners)


def _manner(name: str, params: Mapping[str, Any], zone: ZoneInfo) -> Manner | None:
    """Return a rule's quiet hours and cooldown; one that has a cooldown of its own keeps it itself."""
    quiet = tuple((text[:5], text[6:]) for text in params.get("quiet", ()))
    cooldown_s = 0.0 if _OWN_COOLDOWN in _known()[name] else float(params.get(_OWN_COOLDOWN, 0))
    return Manner(quiet, cooldown_s, zone) if quiet or cooldown_s else None
