"""Calls of builtin functions."""

from __future__ import annotations

from compiler.builtins import CONVERSIONS, FUNCTIONS, Mismatch, Overload, resolve
from compiler.checked import ir
from compiler.checked.expressions import TABLE, Operand, Typing
from compiler.checked.mending import mend
from compiler.checked.scope import Refused
from compiler.checked.wording import called
from compiler.types import Kind, Type, money
from dsl import ast


def check_call(typing: Typing, node: ast.Call) -> ir.Expr:
    name = node.function.text
    arguments = typing.names.each(typing.value, node.arguments)
    if name not in FUNCTIONS:
        raise unknown_function(typing, node.function)
    operands = list(zip(node.arguments, arguments, strict=True))
    found = resolve(name, [argument.type for argument in arguments])
    if isinstance(found, Mismatch):
        raise mismatch(typing, node, operands)
    converted = tuple(
        typing.convert(operand, wanted) for operand, wanted in zip(operands, found.parameters, strict=True)
    )
    require_literals(typing, node, found.overload, converted)
    return ir.Call(found.result, name, converted, node.span)


FUNCTIONS_ELSEWHERE = {
    "lowercase": "lower",
    "tolower": "lower",
    "uppercase": "upper",
    "toupper": "upper",
    "len": "length",
    "strip": "trim",
    "startswith": "starts_with",
    "endswith": "ends_with",
    "like": "matches",
    "regex": "matches",
    "ceiling": "ceil",
    "mod": "remainder",
    "modulo": "remainder",
    "join": "concat",
    "dayofweek": "weekday",
    "day_of_week": "weekday",
}
"""What other tools call a function of ours."""
ELSEWHERE = {
    "now": "write `now`, without parentheses",
    "today": "write `today`, without parentheses",
    "coalesce": "write `… otherwise …`",
    "ifnull": "write `… otherwise …`",
    "isnull": "write `… is missing`",
    "if": "write `pick … when …, else …`",
    "iff": "write `pick … when …, else …`",
    "avg": "write `average of EVENT.FIELD within …`",
    "sum": "write `sum of EVENT.FIELD within …`",
    "count": "write `count of EVENT within …`",
}
"""What other tools have a function for, and we have words for."""


def unknown_function(typing: Typing, function: ast.Name) -> Refused:
    name, message = function.text, f"unknown function `{function.text}`"
    if name.casefold() in ELSEWHERE:
        return typing.names.refuse("S214", message, function.span, ELSEWHERE[name.casefold()])
    meant = FUNCTIONS_ELSEWHERE.get(name.casefold())
    if meant:
        return typing.names.refuse("S214", message, function.span, f"write `{meant}`", replacement=meant)
    return typing.names.misspelt("S214", message, function.span, name, FUNCTIONS, "functions")


MOST_SIGNATURES = 3
"""That are listed where none of them fits."""


def mismatch(typing: Typing, node: ast.Call, operands: list[Operand]) -> Refused:
    """A finding at the first argument that does not fit, or at the call if there are too few or too many."""
    function = FUNCTIONS[node.function.text]
    fitting = [each for each in function.overloads if each.accepts_count(len(operands))]
    takes = f"it takes: {' or '.join(function.signatures)}"
    if len(function.signatures) > MOST_SIGNATURES:
        takes = f"it gives {function.doc}"
    notes = (takes, f"for example: `{function.example}`")
    if not fitting:
        count = f"{len(operands)} value{'s' if len(operands) > 1 else ''}"
        return typing.names.refuse("S317", f"`{function.name}` does not take {count}", node.span, None, notes)
    overload = max(fitting, key=lambda each: misfit(each, operands))
    at = misfit(overload, operands)
    written, checked = operands[at]
    how = mend(written, checked.type, wanted(typing, overload.kind_at(at) or Kind.TEXT, operands))
    label, replacement = (how.label, how.replacement) if how else (None, None)
    message = f"`{function.name}` does not take {called(checked.type)} here"
    return typing.names.refuse("S317", message, written.span, label, notes, replacement)


def misfit(overload: Overload, operands: list[Operand]) -> int:
    """The position of the first argument that does not fit the parameter, or the currency of those before it."""
    currency = None
    for at, (_, checked) in enumerate(operands):
        kind, have = overload.kind_at(at), checked.type
        if have.kind is not kind and (have.kind, kind) not in CONVERSIONS:
            return at
        if have.currency and currency not in (None, have.currency):
            return at
        currency = have.currency or currency
    return len(operands) - 1


def wanted(typing: Typing, kind: Kind, operands: list[Operand]) -> Type:
    """A type of the kind; money in the currency of the other arguments."""
    if kind is not Kind.MONEY:
        return Type(kind)
    currencies = (checked.type.currency for _, checked in operands if checked.type.currency)
    return money(next(currencies, typing.names.settings().currency))


def require_literals(
    typing: Typing, node: ast.Call, overload: Overload, arguments: tuple[ir.Expr, ...]
) -> None:
    """Patterns, networks and the like have to be written out, so that they are checked once, here."""
    for position, (argument, written) in enumerate(zip(arguments, node.arguments, strict=True)):
        if not overload.wants_literal(position):
            continue
        if not isinstance(argument, ir.Const):
            raise typing.names.refuse(
                "S312", "a constant is needed here", written.span, "write the value itself"
            )
        complaint = overload.complain(position, argument.value)
        if complaint:
            raise typing.names.refuse("S318", complaint, written.span)


TABLE[ast.Call] = check_call
