"""Tests that stand in rules: `test` statements → typed cases → results.

`case` the typed form, `from_ast` (with `entries`, `givens`, `expectations`) checks statements into it, `story` plays the
lines from top to bottom, `verdicts` compares what came with what was expected, `run` does all tests of a rule set,
`coverage` counts the answers of conditions, `report` puts results into words and JSON.
"""
