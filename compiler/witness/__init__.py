"""A smallest user whom two versions treat differently, or how far was searched for one.

    boundaries   both versions -> the values and spans at which their rules may change their minds
    treatment    somebody, as a version reads them -> what an entry of the rules (a decide, a plan, a crowd) comes to
    seeds        an entry -> people on whom it is likely to act, by the search for the smallest change
    world        both versions -> what they declare together, and where their limits lie
    steps        somebody -> somebody slightly else, at a boundary
    search       entries -> witnesses: steps from seeds, kept where they reach something new, under one seed of chance
    shrink       a witness -> one of whom nothing can be taken away
    told         a witness -> a test in the language, with both answers

People are facts without defaults, which each version fills in by itself. All but the answers is a guess: who is found was
decided on by the programs of both versions.
"""
