"""The same rules for zen-engine, in every form that it has for "which of these hold".

zen knows null but not unknown, and comparing null with a number is an error. So every test says what a missing value
gives: no, for the rules that hold; yes, for the rules that are possible (what is possible and does not hold is unknown).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import compress, repeat
from operator import is_, ne
from typing import Any

import zen

from bench.shop import READINGS
from bench.workload import Missing, Rule, Test

LOWEST, HIGHEST = "-1000000000000000", "1000000000000000"
"""Stand in for a missing number on the side of the comparison where it says no."""

Values = dict[str, Any]
Ask = Callable[[Values], Sequence[str]]
"""Names of the rules that hold, from the readings of a customer."""


def guarded(test: Test | Missing) -> str:
    """`x != null and x > 1`."""
    if isinstance(test, Missing):
        return f"{test.left.name} == null"
    if test.operator == "in":
        return _listed(test)
    read = [each.name for each in (test.left, test.more, test.right) if each]
    return " and ".join([*(f"{name} != null" for name in read), _compared(test, test.left.name)])


def filled(test: Test | Missing) -> str:
    """`(x ?? -1000000000000000) > 1`: one step less."""
    return _filled(test, LOWEST, HIGHEST)


def possible(test: Test | Missing) -> str:
    """Yes or unknown: what is missing stands for a value of which it is yes."""
    if isinstance(test, Missing) or test.operator != "in":
        return _filled(test, HIGHEST, LOWEST)
    name = test.left.name
    return _listed(test).replace(name, f"({name} ?? {_constant(min(test.constant))})", 1)


def _filled(test: Test | Missing, low: str, high: str) -> str:
    """With `low` for a missing number that should be great, `high` for one that should be small."""
    if isinstance(test, Missing):
        return f"{test.left.name} == null"
    if test.operator == "in":
        return _listed(test)
    if test.operator in ("<", "<="):
        low, high = high, low
    right = f"({test.right.name} ?? {high})" if test.right else str(test.constant)
    left = f"({test.left.name} ?? {low})"
    if test.more:
        left += f" + ({test.more.name} ?? {low})"
    return f"{left} {test.operator} {right}"


def _compared(test: Test, left: str) -> str:
    if test.more:
        left += f" + {test.more.name}"
    return f"{left} {test.operator} {test.right.name if test.right else test.constant}"


def _listed(test: Test) -> str:
    options = [_constant(option) for option in sorted(test.constant)]
    if len(options) == 1:
        return f"{test.left.name} == {options[0]}"
    return f"{test.left.name} in [{', '.join(options)}]"


def _constant(value: Any) -> str:
    return json.dumps(value)


def condition(rule: Rule, test: Callable[[Test | Missing], str] = filled) -> str:
    groups = (
        f"({' or '.join(f'({test(each)})' for each in group)})" if len(group) > 1 else test(group[0])
        for group in rule.groups
    )
    return " and ".join(groups)


def in_three_values(rule: Rule) -> str:
    """True, false or null. Most rules are not even possible, so that is asked first."""
    return f"({condition(rule, possible)}) ? (({condition(rule)}) ? true : null) : false"


# ---- forms: each makes an Ask from rules


def answers(
    rules: Sequence[Rule], test: Callable[[Test | Missing], str] = filled
) -> Callable[[Values], list[bool]]:
    """One compiled expression: a list with yes or no for each rule."""
    expression = zen.compile_expression(f"[{', '.join(condition(rule, test) for rule in rules)}]")
    evaluate: Callable[[Values], list[bool]] = expression.evaluate
    return evaluate


def one_list(rules: Sequence[Rule]) -> Ask:
    names, ask = [rule.name for rule in rules], answers(rules)
    return lambda values: list(compress(names, ask(values)))


def three_valued(rules: Sequence[Rule]) -> Callable[[Values], list[bool | None]]:
    """One compiled expression: a list with yes, no or null for unknown."""
    expression = zen.compile_expression(f"[{', '.join(map(in_three_values, rules))}]")
    evaluate: Callable[[Values], list[bool | None]] = expression.evaluate
    return evaluate


def three_valued_names(rules: Sequence[Rule]) -> Callable[[Values], tuple[list[str], list[str]]]:
    """Of the rules that hold, and of those of which it is unknown."""
    names, ask = [rule.name for rule in rules], three_valued(rules)

    def asked(values: Values) -> tuple[list[str], list[str]]:
        found = ask(values)
        return list(compress(names, found)), list(compress(names, map(is_, found, repeat(None))))

    return asked


def twice(rules: Sequence[Rule]) -> Callable[[Values], list[bool]]:
    """One compiled expression: a list with what holds, then what is possible."""
    terms = [*(condition(rule) for rule in rules), *(condition(rule, possible) for rule in rules)]
    expression = zen.compile_expression(f"[{', '.join(terms)}]")
    evaluate: Callable[[Values], list[bool]] = expression.evaluate
    return evaluate


def twice_names(rules: Sequence[Rule]) -> Callable[[Values], tuple[list[str], list[str]]]:
    names, ask = [rule.name for rule in rules], twice(rules)

    def asked(values: Values) -> tuple[list[str], list[str]]:
        found = ask(values)
        yes, maybe = found[: len(names)], found[len(names) :]
        return list(compress(names, yes)), list(compress(names, map(ne, yes, maybe)))

    return asked


def guarded_list(rules: Sequence[Rule]) -> Ask:
    names, ask = [rule.name for rule in rules], answers(rules, guarded)
    return lambda values: list(compress(names, ask(values)))


BITS = 50
"""That zen's 96-bit decimals and our doubles hold exactly."""


def packed(rules: Sequence[Rule]) -> Callable[[Values], list[float]]:
    """One compiled expression: a list with the bits of BITS rules in each number."""
    terms = [f"({condition(rule)} ? {2 ** (place % BITS)} : 0)" for place, rule in enumerate(rules)]
    sums = [" + ".join(terms[start : start + BITS]) for start in range(0, len(terms), BITS)]
    expression = zen.compile_expression(f"[{', '.join(sums)}]")
    evaluate: Callable[[Values], list[float]] = expression.evaluate
    return evaluate


def packed_names(rules: Sequence[Rule]) -> Ask:
    names, ask = [rule.name for rule in rules], packed(rules)
    chunks = [names[start : start + BITS] for start in range(0, len(names), BITS)]

    def asked(values: Values) -> list[str]:
        found: list[str] = []
        for bits, chunk in zip(ask(values), chunks, strict=True):
            found += compress(chunk, map(int, format(int(bits), f"0{len(chunk)}b")[::-1]))
        return found

    return asked


def names_or_null(rules: Sequence[Rule]) -> Ask:
    """One compiled expression: the rule's name or null."""
    terms = [f'{condition(rule)} ? "{rule.name}" : null' for rule in rules]
    expression = zen.compile_expression(f"[{', '.join(terms)}]")
    return lambda values: list(filter(None, expression.evaluate(values)))


def names_filtered(rules: Sequence[Rule]) -> Ask:
    """One compiled expression: the names, null filtered out by zen."""
    terms = [f'{condition(rule)} ? "{rule.name}" : null' for rule in rules]
    expression = zen.compile_expression(f"filter([{', '.join(terms)}], # != null)")
    evaluate: Ask = expression.evaluate
    return evaluate


def each_expression(rules: Sequence[Rule], write: Callable[[str], str] = str) -> Ask:
    """A compiled expression for each rule."""
    expressions = [(rule.name, zen.compile_expression(write(condition(rule)))) for rule in rules]
    return lambda values: [name for name, expression in expressions if expression.evaluate(values)]


def table_of_conditions(rules: Sequence[Rule]) -> Ask:
    """A decision table that collects, with one column that holds the whole condition."""
    rows = [{"_id": rule.name, "condition": condition(rule), "name": json.dumps(rule.name)} for rule in rules]
    return _table([{"id": "condition", "name": "condition"}], rows)


def table_of_columns(rules: Sequence[Rule]) -> Ask:
    """A decision table that collects, with a column for each reading; an `or` is a cell of the last column."""
    columns = [{"id": name, "name": name, "field": name} for name in READINGS]
    return _table([*columns, {"id": "rest", "name": "rest"}], [_row(rule) for rule in rules])


def _row(rule: Rule) -> dict[str, str]:
    cells: dict[str, list[str]] = {}
    rest = []
    for group in rule.groups:
        test = group[0]
        if len(group) == 1 and isinstance(test, Test) and not test.more and not test.right:
            cells.setdefault(test.left.name, []).append(_cell(test))
        else:
            rest.append(condition(Rule("", (group,))))
    row = {name: " and ".join(cells.get(name, ())) for name in READINGS}
    return {**row, "rest": " and ".join(rest), "_id": rule.name, "name": json.dumps(rule.name)}


def _cell(test: Test) -> str:
    if test.operator == "in":
        return _listed(test).replace(test.left.name, "$", 1)
    return f"$ != null and $ {test.operator} {test.constant}"


def _table(inputs: list[dict[str, str]], rows: list[dict[str, str]]) -> Ask:
    output = {"id": "name", "name": "name", "field": "name"}
    decision = _decision(
        {
            "type": "decisionTableNode",
            "content": {"hitPolicy": "collect", "inputs": inputs, "outputs": [output], "rules": rows},
        }
    )
    return lambda values: [row["name"] for row in decision.evaluate(values)["result"]]


def expression_node(rules: Sequence[Rule]) -> Ask:
    """A graph whose one node computes a field for each rule."""
    expressions = [{"id": rule.name, "key": rule.name, "value": condition(rule)} for rule in rules]
    decision = _decision({"type": "expressionNode", "content": {"expressions": expressions}})
    return lambda values: [name for name, holds in decision.evaluate(values)["result"].items() if holds]


def _decision(node: dict[str, Any]) -> Any:
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "node", "name": "node", **node},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"to-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("in", "node"), ("node", "out"))
    ]
    content = zen.ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges}))
    return zen.ZenEngine({"loader": lambda key: content}).get_decision("rules")


First = Callable[[Values], str | None]
"""The first rule that holds."""


def first_of_all(rules: Sequence[Rule]) -> First:
    """All are answered, as for ranks that differ from customer to customer."""
    names, ask = [rule.name for rule in rules], answers(rules)

    def asked(values: Values) -> str | None:
        found = ask(values)
        return names[found.index(True)] if True in found else None

    return asked


def first_by_parts(rules: Sequence[Rule], size: int) -> First:
    """Stops after the part that holds one; for ranks that are known beforehand."""
    parts = [first_of_all(rules[start : start + size]) for start in range(0, len(rules), size)]
    return lambda values: next((name for part in parts if (name := part(values)) is not None), None)


FORMS: Mapping[str, Callable[[Sequence[Rule]], Ask]] = {
    "one compiled expression, a list of yes and no": one_list,
    "the same, null guarded instead of filled": guarded_list,
    "one compiled expression, 50 rules to a number": packed_names,
    "one compiled expression, names or null": names_or_null,
    "one compiled expression, names filtered by zen": names_filtered,
    "a compiled expression for each rule": each_expression,
    "decision table that collects, a column for each reading": table_of_columns,
    "decision table that collects, one column of whole conditions": table_of_conditions,
    "expression node, a field for each rule": expression_node,
}
BARE: Mapping[str, Callable[[Sequence[Rule]], Callable[[Values], object]]] = {
    "one compiled expression, a list of yes and no": answers,
    "one compiled expression, 50 bits to a number": packed,
}
"""Without names."""
BOTH: Mapping[str, Callable[[Sequence[Rule]], Callable[[Values], tuple[list[str], list[str]]]]] = {
    "one compiled expression, yes, no or null for each": three_valued_names,
    "one compiled expression, what holds, then what is possible": twice_names,
}
"""With what is unknown."""
BOTH_BARE: Mapping[str, Callable[[Sequence[Rule]], Callable[[Values], object]]] = {
    "one compiled expression, yes, no or null for each": three_valued,
    "one compiled expression, what holds, then what is possible": twice,
}
QUICKEST = tuple(FORMS)[:5]
"""Those that stand a chance with ten thousand rules."""
