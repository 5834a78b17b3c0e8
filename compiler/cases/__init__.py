"""Tests that stand in rules: `test` statements → typed cases → results.

    from_ast        statements (givens, entries, expectations, words) -> case
    from_json       JSON Lines -> case, facts
    story, ledger   a case's lines played -> facts at each `now`
    run             facts, expectations -> results; the program answers, the interpreter beside it (evaluators)
    verdicts, seen  what came in the words of expectations, and which parts of a condition are to blame
    coverage        facts, definitions -> answers of every condition, counted
    report, texts   results -> words, JSON
    written         facts and answers -> a test that passes (told, answered, constants): the way back

What the lines mean is in docs/language/tests.md.
"""
