"""The closed set of Python nodes that a compiled function consists of (docs/adr/0003-closures-not-source.md).

What a user wrote gets into a function as an `ast.Constant` or as the default of a parameter. Identifiers are those of
this package; the functions see no builtins and read no attribute but `facts.user` and `user.get`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

_AT: dict[str, Any] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}

OPERATORS: Mapping[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "in": ast.In,
    "is": ast.Is,
}


def read(name: str) -> ast.expr:
    return ast.Name(name, ast.Load(), **_AT)


def constant(value: Any) -> ast.expr:
    return ast.Constant(value, **_AT)


def compare(left: ast.expr, operator: str, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [OPERATORS[operator]()], [right], **_AT)


def is_none(term: ast.expr) -> ast.expr:
    return compare(term, "is", constant(None))


def either(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.BoolOp(ast.Or(), [left, right], **_AT)


def negated(term: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), term, **_AT)


def call(function: str, argument: str) -> ast.expr:
    return ast.Call(read(function), [read(argument)], [], **_AT)


def attribute_of_user(name: str) -> ast.expr:
    get = ast.Attribute(read("user"), "get", ast.Load(), **_AT)
    return ast.Call(get, [constant(name)], [], **_AT)


def assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store(), **_AT)], value, **_AT)


def when(test: ast.expr, then: Sequence[ast.stmt], otherwise: Sequence[ast.stmt] = ()) -> ast.stmt:
    return ast.If(test, [*then], [*otherwise], **_AT)


def once(steps: Sequence[ast.stmt]) -> ast.stmt:
    """Steps that LEAVE cuts short."""
    return ast.While(constant(True), [*steps, LEAVE], [], **_AT)


def answer(value: ast.expr) -> ast.stmt:
    return ast.Return(value, **_AT)


LEAVE = ast.Break(**_AT)
READ_USER = assign("user", ast.Attribute(read("facts"), "user", ast.Load(), **_AT))


def function(body: Sequence[ast.stmt], held: Mapping[str, Any]) -> Callable[[Any], Any]:
    """The function of `facts` with this body. It finds what is `held` under these names, as defaults of parameters."""
    parameters = [ast.arg(name, **_AT) for name in ("facts", *held)]
    signature = ast.arguments([], parameters, None, [], [], None, [])
    module = ast.Module([ast.FunctionDef("asked", signature, [*body], [], **_AT)], [])
    compiled = compile(module, "<crowd>", "exec", dont_inherit=True)
    code = next(each for each in compiled.co_consts if isinstance(each, CodeType))
    return FunctionType(code, _GLOBALS, "asked", tuple(held.values()))


_GLOBALS: dict[str, Any] = {"__builtins__": {}}
