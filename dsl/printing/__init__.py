"""From the tree to documents to lay out: a table from the class of a node to the function that prints it."""

from __future__ import annotations

from dsl.ast import Statement, Test
from dsl.layout import Doc
from dsl.printing.declarations import DECLARATIONS
from dsl.printing.plans import PLANS
from dsl.printing.tests import test

STATEMENTS = DECLARATIONS | PLANS | {Test: test}


def printed(statement: Statement) -> Doc:
    return STATEMENTS[type(statement)](statement)
