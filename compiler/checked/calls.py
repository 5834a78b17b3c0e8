"""Calls of builtin functions."""

from __future__ import annotations

from compiler.builtins import FUNCTIONS, Mismatch, Overload, resolve
from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing
from compiler.checked.scope import listing
from dsl import ast


def check_call(typing: Typing, node: ast.Call) -> ir.Expr:
    name = node.function.text
    if name not in FUNCTIONS:
        raise typing.names.refuse(
            "S214",
            f"unknown function `{name}`",
            node.function.span,
            typing.names.did_you_mean(name, FUNCTIONS),
            (listing("functions", FUNCTIONS, most=50),),
        )
    arguments = [typing.value(argument) for argument in node.arguments]
    found = resolve(name, [argument.type for argument in arguments])
    if isinstance(found, Mismatch):
        given = ", ".join(str(argument.type) for argument in arguments)
        raise typing.names.refuse(
            "S317",
            f"`{name}` does not take ({given})",
            node.span,
            notes=(f"it takes: {' or '.join(found.expected)}",),
        )
    converted = tuple(
        typing.convert(argument, wanted, written.span)
        for argument, wanted, written in zip(arguments, found.parameters, node.arguments, strict=True)
    )
    require_literals(typing, node, found.overload, converted)
    return ir.Call(found.result, name, converted, node.span)


def require_literals(
    typing: Typing, node: ast.Call, overload: Overload, arguments: tuple[ir.Expr, ...]
) -> None:
    """Patterns, networks and the like have to be written out, so that they are checked once, here."""
    for position, (argument, written) in enumerate(zip(arguments, node.arguments, strict=True)):
        if not overload.wants_literal(position):
            continue
        if not isinstance(argument, ir.Const):
            raise typing.names.refuse("S312", "a constant is needed here", written.span, "write it out")
        complaint = overload.complain(position, argument.value)
        if complaint:
            raise typing.names.refuse("S318", complaint, written.span)


TABLE[ast.Call] = check_call
