"""What other languages, and plain English, say for the words of this one."""

MEANT = {
    **dict.fromkeys(("if", "provided"), ("when", "needs")),
    "when": ("where", "needs"),
    "then": ("else",),
    "and": (",",),
    "where": ("when", "unless"),
    **dict.fromkeys(("equals", "equal", "eq"), ("is",)),
    "exceeds": (">",),
    **dict.fromkeys(("a", "an", "every", "each"), ("per",)),
    **dict.fromkeys(("but", "without", "excluding"), ("except", "unless")),
    "minus": ("except", "-"),
    "less": ("-",),
    "-": ("except", "to", "take"),
    **dict.fromkeys(("plus", "give", "+"), ("+", "add")),
    **dict.fromkeys(("subtract", "deduct", "remove"), ("take",)),
    **dict.fromkeys(("limit", "frequency"), ("cap",)),
    **dict.fromkeys(("audience", "target", "segment", "to"), ("for",)),
    **dict.fromkeys(("trigger", "upon"), ("on",)),
    "delay": ("wait",),
    "after": ("wait", "then", "on"),
    "on": ("at",),
    **dict.fromkeys(("deliver", "message", "notify"), ("send",)),
    **dict.fromkeys(("worth", "revenue"), ("value",)),
    **dict.fromkeys(("policy", "follow", "respect", "use"), ("obey",)),
    **dict.fromkeys(("expire", "ttl"), ("expires",)),
    **dict.fromkeys(("tag", "tags"), ("tagged",)),
    "campaign": ("part of",),
    **dict.fromkeys(("plans", "choose"), ("among",)),
    "from": ("among", "of"),
    "in": ("of",),
    "for": ("until",),
    "until": ("unless",),
    **dict.fromkeys(("sort", "order"), ("rank",)),
    **dict.fromkeys(("set", "var", "const", "def"), ("let",)),
    **dict.fromkeys(("assert", "should", "check"), ("expect",)),
    **dict.fromkeys(("user", "input"), ("given {}",)),
    "or": ("else", "otherwise"),
    "otherwise": ("else",),
    "by": ("because",),
    "null": ("missing",),
    **dict.fromkeys(("avg", "mean"), ("average",)),
    "nullable": ("optional",),
    "=": ("default", ":"),
    "?": ("optional",),
}
"""What was written: what may have been meant, the first that could stand there; `{}` is the word itself."""

PHRASES = (
    (r"(more|greater)\s+than", "at least", "at"),
    (r"is\s+(more|greater|larger|higher)\s+than", ">", None),
    (r"is\s+(less|fewer|smaller|lower)\s+than", "<", None),
    (r"(more|greater|larger|higher)\s+than", ">", "COMPARE"),
    (r"(less|fewer|smaller|lower)\s+than", "<", "COMPARE"),
    (r"or\s+else", "else", "else"),
    (r"(is\s+)?at\s+least", ">=", "COMPARE"),
    (r"(is\s+)?at\s+most", "<=", "COMPARE"),
    (r"is\s+in", "in", None),
    (r"is\s+not\s+in", "not in", None),
    (r"(and|but)\s+not", "except", "except"),
    (r"(order|sort)\s+by", "rank by", "rank"),
    (r"because\s+of", "because", None),
    (r"scheduled\s+until", "scheduled for", None),
    (r"followed\s+by", "then", "then"),
    (r"then\s+listed\s+order", "then by listed order", "by"),
    (r"by\s+declared\s+order", "by listed order", "listed"),
)
"""A phrase, what is written for it, and what has to be possible at its place (None: its words were taken for names)."""

SPARE = ("if", "then", "that", "who", "the", "please", "do", "return", "end", "required", "mandatory", "desc")
SPARE_THERE = {"within": "last", "the": "last", "quiet": "from", "expect": "that"}
"""What says nothing behind a certain word."""

FUNCTIONS = {
    "contains": 'contains(user.name, "x")',
    "includes": 'contains(user.name, "x")',
    "like": 'matches(user.name, "x.*")',
    "matches": 'matches(user.name, "x.*")',
    "startswith": 'starts_with(user.name, "x")',
    "starts": 'starts_with(user.name, "x")',
    "endswith": 'ends_with(user.name, "x")',
    "ends": 'ends_with(user.name, "x")',
    "between": "user.age >= 18 and user.age <= 30",
}
"""What is written between two values elsewhere, and otherwise here."""

REASONS = {
    ("where", "when"): "`where` picks events, `when` asks about the user: write `when`",
    ("when", "where"): "`when` asks about the user, `where` picks events: write `where`",
    ("when", "needs"): "a condition of the whole plan is written `needs …`",
    ("if", "needs"): "a condition of the whole plan is written `needs …`",
}
SHOUTED = ("and", "or", "not", "is", "in", "where", "when", "within", "except")
AGGREGATES = ("count", "sum", "average", "min", "max", "distinct", "first", "last", "time")
EXPRESSION_WORDS = ("did", "not", "pick", *AGGREGATES)
