"""The smallest change of facts and request that would make a plan win: searched, and never reported untried.

edits, patch      what could be otherwise; edits that belong together, and what they cost
readings          condition -> what it reads, and the constants that it measures by
candidates, roots, knobs, turns    other values of one input, from those constants and from where two sides meet
waits, histories  time that goes by; events more, fewer, or otherwise
leaves, solver    a condition toward an answer: single ones, then `and`, `or`, `not` and crowds
bench             a hypothesis decided again
occurrences, contacts, ranks, rivals, terms, holdouts    what to try at each gate
search            gate by gate, smallest first, within bounds
words             changes in sentences and as JSON
"""
