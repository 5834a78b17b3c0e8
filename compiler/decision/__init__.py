"""The fast path: a checked rule set as a program that answers from facts.

    ir.Expr -> trees.Tree           values, arithmetic, comparisons, chains, conditions, windows, events, aggregates,
                                    scores: one builder for each kind of expression, in a table
    ir.Expr, trees -> alone         one crowd asked alone: one function of Python nodes that calls trees for the rest
    trees -> index                  many crowds at once, by one row of bits for each value read
    ir.Policy -> channels           limits, periods: what may stop a sending, judged at a moment
    ir.Plan -> gates                occurrences, contact (onces, budgets, channels), holdouts: how far a plan comes
    gates -> choose                 a decide: the plans judged, ranked, one chosen

`program.Program` is the door. Nothing here reads a clock, a store or a random source.
"""
