"""Value templates: what discovery needs, and nothing that a hostile hub could use."""

import time
from typing import Any

import pytest

from devices.codecs import templates

GOOD = [
    ("{{ value_json.a.b }}", {"a": {"b": 5}}, 5),
    ("{{ value_json['a b'] }}", {"a b": True}, True),
    ('{{ value_json["x"] | is_defined }}', {"x": 1.5}, 1.5),
    ("{{ value_json.missing }}", {}, None),
    ("{{ value_json.a.b }}", {"a": 5}, None),
    ("{{ value }}", 7, "7"),
    ("{{ value | float(0) | round(1) }}", 1.25, "1.2"),
    ("{{ (value_json.t | float * 1.8 + 32) | round(0) | int }}", {"t": 100}, "212"),
    ("{{ 'ON' if value_json.s == 1 else 'OFF' }}", {"s": 1}, "ON"),
    ("{% if value_json.s %}yes{% else %}no{% endif %}", {"s": False}, "no"),
    ("{{ iif(value_json.s, 'a', 'b') }}", {"s": True}, "a"),
    ("{{ value_json.s | iif }}", {"s": 0}, "False"),
    ("{{ value_json.s | replace('%', '') }}", {"s": "50%"}, "50"),
    ("{{ value_json.s.split(':')[1] }}", {"s": "a:b"}, "b"),
    ("{{ value_json.get('x', 3) }}", {}, "3"),
    ("{{ value_json.l | join(',') }}", {"l": [1, 2]}, "1,2"),
    ("{{ value_json.a ~ value_json.b }}", {"a": "x", "b": "y"}, "xy"),
    ("{{ value_json.a + 1 }}", {"a": 1}, "2"),
    ("{{ (value_json.j | from_json).k }}", {"j": '{"k": 4}'}, "4"),
    ("{{ value_json.n | is_number and value_json.n | bool }}", {"n": 1}, "True"),
    ("{{ value_json[0] }}", [9], "9"),
    ("{{ value_json[5] | default('none') }}", [9], "none"),
    ("{{ value_json.s | is_defined | upper }}", {"s": "on"}, "ON"),
    ("{{ value_json.x.y.z }}", {"x": {"y": 1}}, None),
    ("{{ value_json.q | float }}", {"q": "abc"}, "0.0"),
    ("{{ missing.a }}", {}, None),
    ("", {}, None),
]


@pytest.mark.parametrize(("template", "said", "made"), GOOD)
def test_the_common_part_is_evaluated(template: str, said: Any, made: Any) -> None:
    assert templates.evaluate(template, str(said), said) == made


BAD = [
    "{{ ''.__class__ }}",
    "{{ value_json.__class__.__mro__ }}",
    "{{ value.format }}",
    "{{ value_json | attr('__class__') }}",
    "{{ self }}{{ 9 ** 99999999 }}",
    "{{ 'a' * 999999999 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ value | replace('', 'x') }}",
    "{{ lipsum() }}",
    "{{ cycler.__init__ }}",
    "{{ value" + " | list | string" * 20 + " }}",
    "{{ value.split('a')" + " | string | list" * 20 + " | length }}",
    "{{ value_json.a | round(-9999999) }}",
    "{{ 1.5 | round(9999999, 'ceil') }}",
    "{{ value_json.nothing.here | is_defined }}",
    "{{ value_json.b | is_defined | upper }}",
]


@pytest.mark.parametrize("template", BAD)
def test_what_reaches_out_of_the_sandbox_or_grows_makes_nothing(template: str) -> None:
    began = time.perf_counter()
    assert templates.evaluate(template, "aaa", {"a": 1}) is None
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(9) %}{% endfor %}",
        "{% set a = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'x' %}",
        "{{ broken",
        "{{ x | unheard_of }}",
        "x" * 3000,
        "{{" + "(" * 900 + ")" * 900 + "}}",
    ],
)
def test_loops_and_what_is_no_template_are_not_allowed(template: str) -> None:
    assert not templates.is_allowed(template)


def test_texts_do_not_grow_beyond_measure() -> None:
    long = "y" * 60_000
    assert templates.evaluate("{{ value | replace('y', value) }}", long, None) is None
    assert templates.evaluate("{{ value_json | join(value) }}", long, ["a"] * 9) is None
    assert templates.evaluate("{{ value + value + value + value + value }}", long, None) is None
    assert templates.evaluate("{{ value }}", "z" * 70_000, None) is None
    assert templates.evaluate("{{ value_json | string }}", "x", [long] * 5) is None
