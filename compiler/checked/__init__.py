"""Trees → the typed IR: names resolved, types checked, and what can never come about pointed out.

    from_ast                     all files of a rule set -> RuleSet, diagnostics
    modules, bindings            the files and the modules that they use, each in its scope
    world, scope                 what names mean; every look-up of a statement written down, its result cached
    declarations, crowds, policies, plans, decides
                                 statements of a kind -> ir
    expressions                  ast.Expr -> ir.Expr: the table, filled by literals, references, arithmetic,
                                 comparisons, calls, events
    meant, mending, wording      what a wrong name was meant for, what to write for a wrong value, and in which words
    needs, order                 which crowds and scores stand on which others
    sense, pointless, together   warnings: of expressions (ranges, contradictions), of clauses, of the whole rule set
                                 (audiences, nearly)
    ir, invariants               the typed rules, and their promises as code

Every finding has a code of `dsl.codes` and a page in docs/errors; tests/lang/bad shows each as it is told.
"""
