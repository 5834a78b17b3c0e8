"""`suasion explain`: an error code, a page of the language, or why a user gets what they get."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.eval import Subjects, attributes, instant, require
from cli.exit_codes import ExitCode, Failure
from cli.explanations import EXPLAIN, Explained, Question, write
from cli.json_lines import diagnose_faults, lines_of_file
from cli.output import HUMAN, Output, OutputOption
from cli.rule_sets import checked, diagnose
from compiler.cases.texts import Texts
from compiler.checked.ir import RuleSet
from compiler.facts import Facts
from compiler.facts_from_json import Reader
from compiler.wire.errors import FactsError
from dsl.codes import CODES
from dsl.diagnostics import suggest

DOCS = Path(__file__).resolve().parent.parent / "docs"


WhatArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="RULES|CODE|TOPIC",
        help="A `.sua` file or a directory of them; or an error code, as `S201`; or a page, as `functions`. With --decision also a "
        "version in the log.",
        show_default=False,
    ),
]
FactsOption = Annotated[
    Path | None,
    typer.Option("--facts", help="What is known of users, as JSON Lines; `-` is stdin.", show_default=False),
]
UserOption = Annotated[
    str | None,
    typer.Option(
        "--user",
        metavar="ID|JSON",
        help="Of a file the user with this key; without one, a user's attributes as a JSON object.",
        show_default=False,
    ),
]
CrowdOption = Annotated[
    str | None, typer.Option("--crowd", help="Why the user is in it or not.", show_default=False)
]
ScoreOption = Annotated[str | None, typer.Option("--score", help="How it comes about.", show_default=False)]
PlanOption = Annotated[
    str | None, typer.Option("--plan", help="What becomes of it, judged alone.", show_default=False)
]
DecideOption = Annotated[
    str | None, typer.Option("--decide", help="What is decided, plan by plan.", show_default=False)
]
NowOption = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        help="Holds where the facts do not say: `2026-03-01T22:40:00Z`, or `2026-03-01 22:40` in the zone of the "
        "settings; the clock's if left out.",
        show_default=False,
    ),
]
DecisionOption = Annotated[
    str | None,
    typer.Option(
        "--decision",
        metavar="ID",
        help="Why a decision on record came out so; with rules, what they would make of it.",
        show_default=False,
    ),
]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", metavar="DIR", help="decision: as in `serve --log DIR`.", show_default=False),
]
ChangeOption = Annotated[
    bool,
    typer.Option("--change/--no-change", help="Search for the smallest change that would make a plan win."),
]


def command(
    what: WhatArgument = None,
    facts: FactsOption = None,
    user: UserOption = None,
    crowd: CrowdOption = None,
    score: ScoreOption = None,
    plan: PlanOption = None,
    decide: DecideOption = None,
    now: NowOption = None,
    decision: DecisionOption = None,
    log: LogOption = None,
    change: ChangeOption = True,
    out: OutputOption = HUMAN,
) -> None:
    """Explain an error code, or why a user gets what they get.

    For rules name the user, and one of --crowd, --score, --plan and --decide; or --decision ID, of a log.
    """
    if decision is not None:
        of_rules = {"facts": facts, "user": user, "now": now, "score": score, "plan": plan, "decide": decide}
        require_on_record(name for name, given in of_rules.items() if given is not None)
        from cli.explaining import explain  # loads what reads logs

        explain(what, decision, log, crowd, change, out)
    if what is None:
        raise Failure("explain what?", hint="name rules, an error code or a page; or say `--decision ID`")
    path = Path(what)
    asked = [(word, name) for word, name in _asked(crowd, score, plan, decide) if name is not None]
    if not path.exists() or (not asked and page_of(what) is not None):
        page(out, what)
    if len(asked) != 1:
        raise Failure("explain what? name one of `--crowd`, `--score`, `--plan` and `--decide`")
    found = checked(path)
    diagnose(out, found.diagnostics, found.sources)
    ruleset = found.compiled.ruleset
    if ruleset is None:
        out.finish(None, lambda _: None, ExitCode.FINDINGS)
    word, name = asked[0]
    require(word, [name], _declared(ruleset)[word])
    subject = subject_of(out, ruleset, facts, user, now)
    texts = Texts(found.sources.values())
    finish(out, EXPLAIN[word](Question(out, texts, ruleset, subject, change), name))


def require_on_record(given: Iterable[str]) -> None:
    """Raises Failure for an option that says what a record says."""
    for name in given:
        raise Failure(
            f"`--{name}` is not for a decision on record", hint="what was asked and known stands there"
        )


def finish(out: Output, explained: Explained) -> NoReturn:
    out.finish(explained.data, lambda console: write(console.file, explained.lines))


def _asked(
    crowd: str | None, score: str | None, plan: str | None, decide: str | None
) -> list[tuple[str, str | None]]:
    return [("crowd", crowd), ("score", score), ("plan", plan), ("decide", decide)]


def _declared(ruleset: RuleSet) -> Mapping[str, Mapping[str, object]]:
    return {
        "crowd": ruleset.crowds,
        "score": ruleset.scores,
        "plan": ruleset.plans,
        "decide": ruleset.decides,
    }


# ---- pages


def pages() -> dict[str, Path]:
    """By name: error codes, and the pages on the language."""
    return {file.stem: file for folder in ("errors", "language") for file in (DOCS / folder).glob("*.md")}


def page_of(what: str) -> Path | None:
    found = pages()
    return found.get(what.upper()) or found.get(what.lower()) or found.get(f"{what.lower()}s")


def page(out: Output, what: str) -> NoReturn:
    """A page of the documentation. Raises Failure for what is neither a file nor a page."""
    file = page_of(what)
    if file is None:
        raise no_page(what)
    text = file.read_text(encoding="utf-8")
    out.finish({"page": file.stem, "text": text}, lambda console: console.file.write(text))


def no_page(what: str) -> Failure:
    if what.upper() in CODES:
        return Failure(f"{what.upper()}: {CODES[what.upper()]}; there is no page on it yet")
    names = [name for name in pages() if name not in CODES]
    near = suggest(what, names) or suggest(what.upper(), CODES)
    hint = f"did you mean `{near}`?" if near else f"pages: {', '.join(sorted(names))}; or a code, as `S201`"
    return Failure(f"there is no file, error code or page `{what}`", hint=hint)


# ---- users


def subject_of(out: Output, ruleset: RuleSet, facts: Path | None, user: str | None, now: str | None) -> Facts:
    """The one user that is asked about."""
    subjects = Subjects(Reader(ruleset), instant(ruleset, now))
    if facts is None:
        if user is None:
            raise Failure("of whom? give `--facts FILE` or `--user JSON`")
        return read_user(out, subjects, user)
    known = [each for _, each in subjects.read(lines_of_file(facts))]
    diagnose_faults(out, str(facts), subjects.faults)
    return one_of(ruleset, known, user, facts)


def read_user(out: Output, subjects: Subjects, user: str) -> Facts:
    try:
        return subjects.facts({"user": attributes(user)})
    except FactsError as error:
        diagnose_faults(out, "--user", {1: error})
        out.finish(None, lambda _: None, ExitCode.FINDINGS)


def one_of(ruleset: RuleSet, known: list[Facts], user: str | None, path: Path) -> Facts:
    key = ruleset.user_key
    chosen = known if user is None else [each for each in known if key and str(each.user.get(key)) == user]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise Failure(f"`{path}` holds no user" + (f" `{user}`" if user else " that can be read"))
    hint = "name one with `--user ID`" if user is None else "leave one line for each user"
    raise Failure(f"`{path}` holds {len(chosen)} users{'' if user is None else ' of that key'}", hint=hint)
