"""Every code that a diagnostic can carry, with its title; `docs/errors/<code>.md` explains it.

S0xx the text cannot be read, S1xx it breaks a limit or the frame of a file, S2xx names, S3xx types,
S4xx what a rule means, S5xx tests, W… warnings.
"""

SYNTAX = {
    "S001": "something cannot stand where it stands",
    "S002": "quotes of the wrong kind",
    "S003": "`except` beside `and` or `or` can be read in two ways",
    "S004": "no such date or time",
    "S005": "a number that cannot stand here",
    "S006": "a mark is said twice",
    "S007": "a character that cannot be seen",
    "S008": "a typographic character in place of a plain one",
    "S009": "a brace or a parenthesis is not closed, or closes nothing",
    "S010": "a text is not closed",
    "S011": "no statement starts with this word",
    "S012": "a word or a sign of another language",
    "S013": "a name holds something else than letters, digits and `_`",
    "S014": "a sign is left out",
    "S015": "money or a share is written otherwise",
    "S016": "a length of time without a unit, or with one that is not known",
    "S017": "no window: over which time?",
    "S018": "a field is called like a keyword",
    "S019": "a text without quotes, or a name in quotes",
    "S020": "a `pick` without `else`",
}

LIMITS = {
    "S101": "the file is too large",
    "S102": "a statement is too long",
    "S103": "too much stands inside each other",
    "S104": "a number has too many digits",
    "S105": "a text is too long",
    "S106": "a name is too long",
    "S107": "too many statements follow each other without a new line",
    "S108": "too many statements of a file cannot be read",
    "S120": "modules use each other too deeply",
    "S121": "too many crowds or scores stand on each other",
}

NAMES = {
    "S201": "an unknown event",
    "S202": "an unknown name",
    "S203": "an event has no such field",
    "S204": "an unknown attribute or input",
    "S205": "an unknown score, or one without grades",
    "S206": "not one of a choice's options",
    "S207": "a name that is not a value by itself",
    "S208": "a name that could mean two things",
    "S209": "an unknown crowd or list",
    "S210": "a name defined twice",
    "S211": "an unknown campaign",
    "S212": "an unknown policy",
    "S213": "an unknown plan",
    "S214": "an unknown function",
    "S215": "an unknown time zone, weekday or currency",
    "S216": "an unknown type",
    "S217": "a profile that is not the user's",
    "S218": "an unknown module",
    "S219": "a module lacks something that it needs",
    "S220": "definitions need each other in a circle",
    "S221": "an unknown decide",
}

TYPES = {
    "S301": "a condition is needed",
    "S302": "a value is needed, not a condition",
    "S303": "another type is needed",
    "S304": "two currencies without a rate",
    "S305": "two types that do not go together",
    "S306": "a constant is too large",
    "S307": "a constant has too many decimals",
    "S310": "this cannot be calculated",
    "S311": "values without an order, or sets, compared",
    "S312": "a constant is needed",
    "S313": "`in` with something that holds nothing",
    "S314": "a `where` looks at other events",
    "S315": "something that needs a trigger",
    "S316": "an aggregate that does not fit its field",
    "S317": "a function does not take these arguments",
    "S318": "a constant that the function cannot use",
}

MEANING = {
    "S401": "the same value twice",
    "S402": "a span, range or number that means nothing",
    "S403": "a score without points",
    "S404": "a clause twice",
    "S405": "grades out of order",
    "S406": "not a share",
    "S407": "something essential is left out",
    "S408": "not a channel",
    "S409": "a plan that expires before its wait is over",
    "S410": "plans that cannot be ranked against each other",
    "S411": "a rank by something that a plan does not have",
    "S412": "two plans under one earlier name",
    "S413": "a plan that completes one with other keys",
}

TESTS = {
    "S501": "an expectation without a `now`",
    "S502": "a test that expects nothing",
    "S503": "`given user` below an expectation",
    "S504": "an event's id that cannot be",
    "S505": "a budget or an occurrence that is not there",
    "S506": "nobody can be held out",
    "S507": "a channel or a content that is not sent",
    "S508": "not a reason",
    "S509": "a plan outside of the decide",
    "S510": "this cannot be given, or cannot be unavailable",
    "S511": "not a constant of this type",
    "S512": "an expectation that can never come true",
}

WARNINGS = {
    "W401": "a condition that can never be yes",
    "W402": "a condition that is never no",
    "W403": "a fallback that is never used",
    "W404": "a grade out of reach",
    "W405": "a variable that is not used",
    "W406": "a limit of 0",
    "W407": "a share of nobody, or of everybody",
    "W408": "a channel or a tag that no plan has",
    "W409": "a plan that can never be sent",
    "W410": "a campaign or a policy that no plan uses",
    "W411": "a limit that changes nothing",
    "W412": "a propensity that is no probability",
    "W413": "a channel or a tag that is nearly another",
    "W414": "a lever that takes most away",
    "W501": "an event or a touch that no expectation sees",
}

CODES = SYNTAX | LIMITS | NAMES | TYPES | MEANING | TESTS | WARNINGS
