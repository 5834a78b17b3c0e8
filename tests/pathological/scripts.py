"""Scripts that nobody writes by hand: as long, deep, wide or entangled as the language lets them be, and beyond.

`SCRIPTS` has a maker for each, by what the script is. Sizes without a remark stand at the edge of what `dsl/limits.py`
lets through, so that the compiler has to bear them; those of `BEYOND` stand behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dsl.limits import DEPTH, STATEMENT_TOKENS

BEYOND = 100_000
WORDS = STATEMENT_TOKENS - 100
"""What is left of a statement for the words of a long chain."""
DEEP = DEPTH - 5
THOUSANDS = 5_000

DECLARATIONS = """
profile user { id: text key  f: flag optional  g: flag optional  n: int optional  x: number optional  t: text optional
  m: money EUR optional  d: date optional  v: version optional  s: set(text) optional }
event e { a: int  b: text  c: money EUR }
event o { a: int  b: text }
list staff
"""
PLAN = ' value 1 EUR send push "x"'


# ---- shapes


def crowd(condition: str, name: str = "c") -> str:
    return f"crowd {name} {{ {condition} }}\n"


def chain(sign: str, term: str, tokens: int = 2) -> str:
    """As many times the term as fit into a statement; `tokens` of it and its sign together."""
    return f" {sign} ".join([term] * (WORDS // tokens))


def numbered(make: Callable[[int], str], count: int, between: str = " ") -> str:
    return between.join(map(make, range(count)))


def nested(before: str, inmost: str, after: str, depth: int = DEEP) -> str:
    return before * depth + inmost + after * depth


def lines(made: Iterable[str]) -> str:
    return "".join(made)


def plan(clauses: str, name: str = "p") -> str:
    return f"plan {name} {{ {clauses} }}\n"


# ---- one above the other


def alternating(depth: int) -> str:
    """`and` and `or` by turns: multiplied out, the clauses double with every second step."""
    text = "f"
    for level in range(depth):
        text = f"({text} {'and' if level % 2 else 'or'} n > {level} {'or' if level % 4 == 1 else 'and'} (g or n < {level}))"
    return text


def doubling(levels: int, body: str) -> str:
    """Each crowd names the one below twice: written out, they would be 2 ** levels."""
    return crowd("f", "c0") + lines(
        crowd(body.format(below=f"c{level - 1}"), f"c{level}") for level in range(1, levels)
    )


def scores_on_scores(levels: int) -> str:
    first = "score s0 { add 1 points when f  grade A from 1, B below }\n"
    return first + lines(
        f"score s{level} {{ add s{level - 1}.score + s{level - 1}.score points when s{level - 1}.grade is A"
        "  grade A from 1, B below }\n"
        for level in range(1, levels)
    )


def crowds_in_a_chain(levels: int) -> str:
    return crowd("f", "c0") + lines(
        crowd(f"user in c{level - 1} or n > {level}", f"c{level}") for level in range(1, levels)
    )


def plans(count: int) -> str:
    return lines(plan(f"for staff {PLAN}", f"p{number}") for number in range(count))


def decide(count: int, rest: str = "rank by value") -> str:
    return plans(count) + f"decide best {{ among {numbered('p{}'.format, count, ', ')} {rest} }}\n"


def lets(count: int) -> str:
    return "let l0 = n " + numbered(lambda number: f"let l{number + 1} = l{number} + l{number}", count)


def ors_of(count: int, width: int, term: Callable[[int], str]) -> str:
    """`and` of ors: multiplied out, width ** count clauses."""
    return numbered(
        lambda row: f"({numbered(lambda column: term(row * width + column), width, ' or ')})", count, " and "
    )


def test_of(lines_of_test: str) -> str:
    return f'{crowd("f")}test "t" {{ now 2026-03-01 12:00 {lines_of_test} }}\n'


# ---- all of them

CHAINS: Mapping[str, Callable[[], str]] = {
    "a hundred thousand `or`": lambda: crowd(" or ".join(["f"] * BEYOND)),
    "a hundred thousand `and` of comparisons": lambda: crowd(" and ".join(["n > 1"] * BEYOND)),
    "a hundred thousand terms of a sum": lambda: crowd(" + ".join(["n"] * BEYOND) + " > 1"),
    "a hundred thousand crowds in one": lambda: "crowd c = " + " or ".join(["staff"] * BEYOND) + "\n",
    "a hundred thousand numbers after `in`": lambda: crowd(f"n in ({numbered(str, BEYOND, ', ')})"),
    "a hundred thousand `not`": lambda: crowd("not " * BEYOND + "f"),
    "`or` of one flag, again and again": lambda: crowd(chain("or", "f")),
    "`or` of different comparisons": lambda: crowd(numbered(lambda n: f"n is {n}", WORDS // 4, " or ")),
    "`and` of different comparisons": lambda: crowd(numbered(lambda n: f"n is not {n}", WORDS // 5, " and ")),
    "`or` of texts": lambda: crowd(numbered(lambda n: f't is "{n}"', WORDS // 4, " or ")),
    "`or` of counts over different windows": lambda: crowd(
        numbered(lambda n: f"count of e within {n + 1} minutes > {n}", WORDS // 9, " or ")
    ),
    "`and` of `did` with a `where`": lambda: crowd(
        numbered(lambda n: f"did e where a is {n} within 7 days", WORDS // 10, " and ")
    ),
    "`or` of sequences": lambda: crowd(
        numbered(lambda n: f"did e then o inside {n + 1} minutes within 7 days", WORDS // 12, " or ")
    ),
    "a long sum": lambda: crowd(chain("+", "n") + " > 1"),
    "a long product": lambda: crowd(chain("*", "x") + " > 1"),
    "a long product of constants": lambda: crowd(chain("*", "9") + " > n"),
    "a long sum of money": lambda: crowd(chain("-", "m") + " > 1 EUR"),
    "a long union of lists": lambda: f"crowd c = {chain('or', 'staff')}\n",
    "a long `except`": lambda: f"crowd c = {chain('except', 'staff')}\n",
}

NESTS: Mapping[str, Callable[[], str]] = {
    "a hundred thousand parentheses": lambda: crowd(nested("(", "f", ")", BEYOND)),
    "a hundred thousand opening braces": lambda: "{" * BEYOND,
    "a hundred thousand closing parentheses": lambda: crowd("f" + ")" * BEYOND),
    "parentheses": lambda: crowd(nested("(", "f", ")")),
    "`not` of `not`": lambda: crowd("not " * DEEP + "f"),
    "functions of functions": lambda: crowd(nested("lower(", "t", ")") + ' is "x"'),
    "`pick` in `pick`": lambda: plan(
        'value 1 EUR send push "x" with a = ' + nested("(pick 1 when f, else ", "2", ")", DEEP // 2)
    ),
    "`sample` of `sample`": lambda: "crowd c = " + nested("sample 50% of ", "staff", ' salt "s"') + "\n",
    "sums in products in sums": lambda: crowd(nested("(n + 2 * ", "n", ")", DEEP // 3) + " > 1"),
    "conditions in picks in conditions": lambda: crowd(
        nested("(pick 1 when n > ", "1", ", else 2)", DEEP // 3) + " > 1"
    ),
}

LISTS: Mapping[str, Callable[[], str]] = {
    "texts after `in`": lambda: crowd("t in (" + numbered('"{}"'.format, WORDS // 2, ", ") + ")"),
    "numbers after `in`, again and again the same": lambda: crowd(
        f"n in ({', '.join(['1'] * (WORDS // 2))})"
    ),
    "options of a choice": lambda: (
        f"profile user {{ id: text key  k: choice({numbered('o{}'.format, WORDS // 2, ', ')}) }}\n"
    ),
    "attributes": lambda: (
        f"profile user {{ id: text key {numbered('a{}: int optional'.format, WORDS // 4)} }}\n"
    ),
    "unknown attributes beside thousands of known ones": lambda: (
        f"profile user {{ id: text key {numbered('attribute_{}: int optional'.format, WORDS // 4)} }}\n"
        + crowd(numbered("atribute_{} > 1".format, WORDS // 4, " or "))
    ),
    "fields of an event": lambda: f"event wide {{ {numbered('a{}: int'.format, WORDS // 3)} }}\n",
    "rates": lambda: f"settings {{ {numbered(lambda n: f'rate 1 USD = {n + 1} EUR', THOUSANDS)} }}\n",
    "lines of a score": lambda: (
        f"score s {{ {numbered('add 1 points when n > {}'.format, WORDS // 7)} grade A from 1, B below }}\n"
    ),
    "grades of a score": lambda: (
        f"score s {{ add 1 points grade {numbered(lambda n: f'g{n} from {WORDS - n}', WORDS // 4, ', ')}, z below }}\n"
    ),
    "caps of a policy": lambda: (
        f"policy p default {{ {numbered('cap push {} per day'.format, WORDS // 5)} }}\n"
    ),
    "prohibitions of a policy": lambda: (
        f"policy p default {{ {numbered('never push when n > {}'.format, WORDS // 6)} }}\n"
    ),
    "channels of a plan": lambda: plan(
        "value 1 EUR send " + numbered('push{} "x"'.format, WORDS // 3, " else ")
    ),
    "arguments of a message": lambda: plan(
        f'value 1 EUR send push "x" with {numbered("a{} = n".format, WORDS // 4, ", ")}'
    ),
    "names of a plan's own": lambda: plan(lets(WORDS // 6) + f"{PLAN} with a = l{WORDS // 6}"),
    "arms of a `pick`": lambda: plan(
        f'value pick {numbered(lambda n: f"{n} EUR when n is {n}", WORDS // 7, ", ")}, else 1 EUR send push "x"'
    ),
    "plans of a decide": lambda: decide(2_000),
    "plans that policies tag": lambda: decide(1_000, "rank by value at most 1 per user per day"),
    "lines of a test": lambda: test_of(numbered(lambda n: "expect user not in c", WORDS // 5)),
    "events of a test": lambda: test_of(
        numbered(lambda n: "happens e { a: 1 } at 2026-03-01 11:00", WORDS // 9)
    ),
}

ENTANGLED: Mapping[str, Callable[[], str]] = {
    "20 ors of 2": lambda: crowd(ors_of(20, 2, "n is {}".format)),
    "500 ors of 10": lambda: crowd(ors_of(500, 10, "n is {}".format)),
    "`not` of 200 ors of 10": lambda: crowd(f"not ({ors_of(200, 10, 'n > {}'.format)})"),
    "`and` and `or` by turns": lambda: crowd(alternating(30)),
    "hundreds of crowds of 12 ors of 3": lambda: lines(
        crowd(ors_of(12, 3, lambda n, row=row: f"n is {row + n}"), f"c{row}") for row in range(300)
    ),
    "crowds that name the one below twice": lambda: doubling(
        59, "user in {below} and (user in {below} or n > 1)"
    ),
    "unions that name the one below twice": lambda: doubling(
        59, "user in {below} or not (user in {below} and g)"
    ),
    "scores that name the one below three times": lambda: scores_on_scores(59),
    "crowds in a chain of thousands": lambda: crowds_in_a_chain(THOUSANDS),
    "scores in a chain of thousands": lambda: scores_on_scores(3_000),
    "crowds in a circle of thousands": lambda: (
        crowd(f"user in c{THOUSANDS - 1}", "c0") + crowds_in_a_chain(THOUSANDS)[len(crowd("f", "c0")) :]
    ),
    "every crowd names all before it": lambda: lines(
        crowd(f"f{''.join(f' or user in c{other}' for other in range(row))}", f"c{row}") for row in range(60)
    ),
}

MANY: Mapping[str, Callable[[], str]] = {
    "as many lists as a file may hold": lambda: lines(f"list l{number}\n" for number in range(19_990)),
    "thousands of crowds": lambda: lines(crowd(f"n > {number}", f"c{number}") for number in range(THOUSANDS)),
    "thousands of crowds with a question of their own": lambda: lines(
        crowd(f"did e where a is {n} within {n + 1} hours", f"c{n}") for n in range(2_500)
    ),
    "thousands of crowds of one name": lambda: crowd("f") * THOUSANDS,
    "thousands of lines of another language": lambda: lines(f"SELECT a{n} FROM b WHERE c;\n" for n in range(THOUSANDS)),
    "thousands of unknown names": lambda: lines(crowd(f"user in nowhere{n}", f"c{n}") for n in range(THOUSANDS)),
    "thousands of mistakes of type": lambda: lines(crowd(f'n > "{n}"', f"c{n}") for n in range(THOUSANDS)),
    "thousands of statements without an end": lambda: lines(f"crowd c{n} {{ f and (\n" for n in range(THOUSANDS)),
    "thousands of tests": lambda: crowd("f") + lines(
        f'test "t{n}" {{ now 2026-03-01 12:00 expect user not in c }}\n' for n in range(2_000)
    ),
    "thousands of policies with a limit each": lambda: lines(
        f"policy p{n} {{ cap push {n + 1} per day }}\n" for n in range(2_000)
    ),
    "a library used a thousand times": lambda: lines(
        f"use std.lifecycle as l{n} with purchase = e\n" for n in range(1_000)
    ),
}  # fmt: skip

TEXTS: Mapping[str, Callable[[], str]] = {
    "a text of a hundred thousand characters": lambda: f'list l "{"x" * BEYOND}"\n',
    "a name of a hundred thousand characters": lambda: f"list {'x' * BEYOND}\n",
    "a number of a hundred thousand digits": lambda: crowd(f"n > {'9' * BEYOND}"),
    "a hundred thousand quotes": lambda: '"' * (BEYOND + 1),
    "a hundred thousand curly quotes": lambda: "list l “" + "x” “" * BEYOND + "\n",
    "a hundred thousand invisible characters": lambda: crowd("\u200b".join(["f or"] * BEYOND) + " f"),
    "four million blanks": lambda: " " * 4_000_000,
    "four million empty lines": lambda: "\n" * 4_000_000,
    "a comment of four million characters": lambda: "# " + "x" * 4_000_000 + "\n",
    "a hundred thousand comments": lambda: "# x\n" * BEYOND,
    "a comment behind every word": lambda: crowd(chain("or", "f # x\n")),
    "a line of four million letters": lambda: "x" * 4_000_000,
    "more than a file may hold": lambda: "x " * 4_000_000,
    "a pattern that repeats repetitions": lambda: crowd('matches(t, "((a{1,100}){1,100}){1,100}")'),
    "patterns that are too large": lambda: crowd(
        numbered(lambda n: f'matches(t, "{n}\\pL{{1,300}}")', THOUSANDS // 5, " or ")
    ),
    "a pattern of thousands of groups": lambda: crowd(f'matches(t, "{"(" * 4_900}a{")" * 4_900}")'),
    "hundreds of large patterns": lambda: crowd(
        numbered(lambda n: f'matches(t, "([a-z]{{1,500}}{n}){{1,2}}")', 500, " or ")
    ),
}

SCRIPTS: Mapping[str, Callable[[], str]] = {**CHAINS, **NESTS, **LISTS, **ENTANGLED, **MANY, **TEXTS}


def script(name: str) -> str:
    """A whole script, with declarations in front unless it brings its own profile."""
    text = SCRIPTS[name]()
    own = DECLARATIONS if "profile user" not in text else "event e { a: int }\nlist staff\n"
    return f'settings {{ timezone "UTC" currency EUR }}{own}{text}' if "settings" not in text else own + text
