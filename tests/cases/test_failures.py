"""What a failed test tells: the difference of verdicts, the rules behind it with their lines, the values seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compiler.cases.evaluators import Compared, Reference, with_lone_plans
from compiler.cases.from_ast import check_cases
from compiler.cases.report import result_json
from compiler.cases.run import Run
from compiler.cases.texts import Texts, instant_text
from compiler.checked.literals import instant_of
from compiler.outcome import Verdict
from tests.cases.play import compiled, played, report

RULES = """
settings { timezone "Europe/Berlin" }
profile user { id: text key  country: text optional  level: int optional }
event cart { price: money EUR }
crowd german { country in ("de", "at") and user.level >= 3 }
crowd carts { count of cart where price >= 20 EUR within 7 days >= 2 or user in german or user in vips }
score lead {
  add 30 points when did cart within 7 days
  add 5 points
}
policy calm default {
  quiet 21:00 to 09:00 user time then wait
  cap push 1 per day
  never sms when country is missing
}
plan nudge {
  for carts
  send push "nudge" else sms "nudge"
}
plan ranked { send email "ranked" value user.level }
plan other { send email "other" value 1 }
decide best { among ranked, other rank by value }
list vips
"""


def told(test: str) -> str:
    found = compiled(RULES + test)
    return report(found, played(found))


def test_a_condition_names_the_parts_to_blame_and_what_they_saw():
    shown = told(
        'test "crowd" { given user { id: "u1", country: "de" } happens cart { price: 19.99 EUR } at 2026-03-02 12:00 '
        "now 2026-03-02 13:00 expect user in carts }"
    )
    assert "- user in carts: yes" in shown
    assert "+ user in carts: unknown" in shown
    assert "unknown: user.level >= 3, user.level = missing" in shown
    assert "rules.sua:5" in shown
    assert 'country in ("de", "at")' not in shown  # it is yes, so it is not to blame
    assert "count of cart" not in shown  # it is no, and the whole is unknown


def test_a_score_shows_its_lines():
    shown = told('test "score" { now 2026-03-02 13:00 expect lead.score >= 30 }')
    assert "no: lead.score >= 30, lead.score = 5" in shown
    assert "no: add 30 points when did cart within 7 days" in shown
    assert "yes: add 5 points" in shown


def test_limits_are_told_with_channel_line_and_instant():
    shown = told(
        'test "limits" { given user { id: "u1", level: 3 } happens cart { price: 20 EUR } at 2026-03-02 09:00 '
        "happens cart { price: 21 EUR } at 2026-03-02 09:00 given sent push by nudge at 2026-03-02 10:00 "
        "now 2026-03-02 22:00 expect plan nudge waits until 2026-03-03 09:00 because quiet }"
    )
    assert "+ plan nudge blocked until 2026-03-03 09:00 because quiet, cap, never" in shown
    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert "nudge, contactable, push: cap push 1 per day, until 2026-03-03 00:00 rules.sua:13" in rows
    assert "yes: country is missing, user.country = missing" in shown


def test_a_missing_rank_says_what_is_missing():
    shown = told('test "rank" { given user { id: "u1" } now 2026-03-02 12:00 expect best is ranked }')
    assert "- best is ranked" in shown
    assert '+ best is other, which sends email "other"' in shown
    assert "user.level = missing" in shown


def test_what_plans_rank_is_shown_where_it_decides():
    shown = told(
        'test "rank" { given user { id: "u1", level: 1 } now 2026-03-02 12:00 expect best is other '
        "expect plan other sends expect plan ranked ranks 2 expect best is blocked }"
    )
    assert shown.count("best: ranked ranks 1, other 1 (listed order breaks ties)") == 3
    assert "- plan ranked ranks 2" in shown
    assert "+ plan ranked ranks 1" in shown


def test_a_rank_that_is_not_known_is_shown_as_such():
    shown = told('test "rank" { given user { id: "u1" } now 2026-03-02 12:00 expect plan ranked ranks 2 }')
    assert "+ plan ranked not ranked" in shown
    assert "best: other ranks 1, ranked missing (listed order breaks ties)" in shown


def test_ranks_of_money_and_of_numbers_as_a_test_would_write_them():
    rules = """
    plan a { send push "a" propensity 2% value 300 lever 110% }
    plan b { send push "b" value 3 }
    plan c { send push "c" value 3 EUR }
    plan d { send push "d" value 12 EUR }
    decide numbers { among a, b rank by priority }
    decide amounts { among c, d rank by value }
    test "ranks" { now 2026-03-02 12:00 expect plan a ranks 6.6 expect numbers is b expect amounts is c }
    """
    found = compiled(rules)
    shown = report(found, played(found))
    assert "plan a" not in shown  # 0.02 * 300 * 1.1 is not quite 6.6
    assert "numbers: a ranks 6.6, b 3 (listed order breaks ties)" in shown
    assert "amounts: d ranks 12.00 EUR, c 3.00 EUR (listed order breaks ties)" in shown


def test_broken_rules_are_told_with_their_owners_if_the_expectation_does():
    sent = 'test "caps" { now 2026-03-02 12:00 given sent push by nudge at 2026-03-02 11:00 '
    assert "+ plan nudge blocked until 2026-03-03 09:00 because cap, never" in told(
        sent + "given user in vips expect plan nudge blocked because quiet }"
    )
    assert "+ plan nudge blocked until 2026-03-03 09:00 because cap of calm, never of calm" in told(
        sent + "given user in vips expect plan nudge blocked because quiet of calm }"
    )


def test_an_instant_that_the_clock_shows_twice_is_told_in_utc():
    assert instant_text(at("2026-10-25T00:30:00+00:00"), "Europe/Berlin") == "2026-10-25 02:30"
    assert instant_text(at("2026-10-25T01:30:00+00:00"), "Europe/Berlin") == "2026-10-25 01:30Z"
    assert instant_text(at("2026-03-02T08:00:00.25+00:00"), "Asia/Tokyo") == "2026-03-02 17:00:00.25"


def at(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@given(
    st.integers(at("1970-01-01T00:00:00+00:00"), at("2037-12-31T00:00:00+00:00")),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_an_instant_is_told_so_that_a_test_reads_it_back(instant: int, zone: str):
    assert instant_of(instant_text(instant, zone), zone) == instant


def test_json_says_the_same():
    found = compiled(RULES + 'test "crowd" { now 2026-03-02 13:00 expect user in german }')
    (result,) = played(found)
    told = result_json(result, Texts(found.sources.values()))
    (failure,) = told["failures"]
    assert (told["test"], told["passed"], told["expectations"]) == ("crowd", False, 1)
    assert failure["expected"] == "user in german: yes"
    assert failure["got"] == "user in german: unknown"
    values = [value for seen in failure["seen"] for value in seen["values"]]
    assert values == [{"name": "user.country", "value": None}, {"name": "user.level", "value": None}]


class Forgetful:
    """An evaluator with a fault: it says that every decision sends."""

    def __init__(self, right: Reference) -> None:
        self.right = right

    def evaluate(self, expr, facts):
        return self.right.evaluate(expr, facts)

    def decide(self, name, facts):
        return replace(self.right.decide(name, facts), verdict=Verdict.SEND, attempts=())


def test_a_disagreement_is_a_failure_of_its_own_kind_even_if_the_expectation_came_true():
    found = compiled(RULES + 'test "quiet" { now 2026-03-02 23:00 expect plan other waits }')
    whole = with_lone_plans(found.ruleset)
    right = Reference(whole)
    texts = Texts(found.sources.values())
    (case,) = check_cases(found).cases
    result = Run(whole, Compared(Forgetful(right), right), texts, case, None).result()
    assert not result.failures
    assert not result.passed
    shown = report(found, [result])
    assert "the evaluators disagree on `best`" in shown
    assert "Verdict.SEND" in shown and "Verdict.WAIT" in shown
