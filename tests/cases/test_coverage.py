"""Which answers conditions gave: counted by hand for rules small enough."""

from compiler.cases.coverage import Coverage
from compiler.cases.evaluators import with_lone_plans
from compiler.cases.from_ast import check_cases
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from tests.cases.play import compiled

RULES = """
profile user { id: text key  level: int optional }
event cart { price: money EUR }
event order { id: text }
list staff
crowd big { did not cart where price < 10 EUR within 7 days and user.level >= 3 }
crowd unused { user.level is missing }
score lead { add 1 point when user in big }
policy calm default { block users in staff never push when level > 5 allow users in unused }
plan nudge {
  on cart where price > 1 EUR when did order ever wait 1 hour unless order where id is not "x"
  send push "nudge"
  needs lead.score >= 0
}
decide best { among nudge }
""".replace("1 point ", "1 points ")
LIMITED = """
event rejected { }
event claim { coupon: text }
event redeem { coupon: text }
campaign spring { budget 2 total  once per user in any 30 days }
policy calm {
  quiet 21:00 to 09:00 user time then wait
  cap all 3 in any 7 days
  cap push tagged promo 1 in any 7 days
  cooldown 1 hour after rejected
}
plan promo { tagged promo  part of spring  send push "p" else sms "p"  obey calm  once per user per day }
plan news { send push "n"  obey calm }
plan late {
  on claim wait 1 hour unless redeem with same coupon
  send push "l"
  obey calm
}
decide one { among promo, news  at most 2 per user per day }
"""


def counts(test: str, rules: str = RULES) -> dict[str, tuple[int, int, int]]:
    """Text of a condition or limit → how often it was yes, no, unknown."""
    found = compiled(rules + test)
    assert found.ruleset is not None, found.diagnostics
    texts = Texts(found.sources.values())
    coverage = Coverage(with_lone_plans(found.ruleset))
    run_cases(found.ruleset, check_cases(found).cases, texts, listener=coverage)
    return {
        texts.at(coverage.place(spot)): (counts.yes, counts.no, counts.unknown)
        for spot, counts in coverage.counts.items()
    }


def test_every_condition_is_listed_once_and_those_looked_at_are_counted():
    found = counts(
        'test "a" { given user { id: "u1" } '
        "happens cart { price: 20 EUR } at 2026-03-02 10:00 happens cart { price: 5 EUR } at 2026-03-02 11:00 "
        "now 2026-03-02 12:00 expect not user in big }"
    )
    assert found == {
        "did not cart where price < 10 EUR within 7 days": (0, 1, 0),
        "price < 10 EUR": (1, 1, 0),
        "user.level >= 3": (0, 0, 1),
        "user.level is missing": (0, 0, 0),
        "big": (0, 0, 0),
        "staff": (0, 0, 0),
        "unused": (0, 0, 0),
        "level > 5": (0, 0, 0),
        "lead.score >= 0": (0, 0, 0),
        "price > 1 EUR": (0, 0, 0),
        "did order ever": (0, 0, 0),
        'id is not "x"': (0, 0, 0),
    }


def test_a_plan_leads_to_its_trigger_policies_crowds_and_scores():
    found = counts(
        'test "a" { given user { id: "u1", level: 4 } '
        'happens order { id: "x" } at 2026-03-01 10:00 '
        "happens cart { price: 20 EUR } at 2026-03-02 10:00 happens cart { price: 1 EUR } at 2026-03-02 10:01 "
        'happens order { id: "x" } at 2026-03-02 10:30 happens order { } at 2026-03-02 10:31 '
        "now 2026-03-02 12:00 expect plan nudge cancelled }"
    )
    assert found["price > 1 EUR"] == (1, 1, 0)
    assert found["did order ever"] == (2, 0, 0)  # judged at each of the two carts
    assert found['id is not "x"'] == (0, 2, 2)  # two orders after each of them
    assert found["lead.score >= 0"] == (1, 0, 0)
    assert found["big"] == (0, 1, 0)
    assert found["user.level >= 3"] == (1, 0, 0)
    assert found["user.level is missing"] == (0, 1, 0)
    assert found["staff"] == (0, 1, 0)
    assert found["level > 5"] == (0, 1, 0)


def test_each_expectation_counts():
    found = counts(
        'test "a" { given user { id: "u1", level: 4 } '
        "now 2026-03-02 12:00 expect user in big expect lead.score is 1 expect not user in unused }"
    )
    assert found["user.level >= 3"] == (2, 0, 0)
    assert found["big"] == (1, 0, 0)
    assert found["user.level is missing"] == (0, 1, 0)


LIMITS = (
    "quiet 21:00 to 09:00 user time then wait",
    "cap all 3 in any 7 days",
    "cap push tagged promo 1 in any 7 days",
    "cooldown 1 hour after rejected",
    "once per user per day",
    "once per user in any 30 days",
    "budget 2 total",
    "at most 2 per user per day",
)


def limits(test: str) -> list[tuple[int, int, int]]:
    found = counts(test, LIMITED)
    return [found[limit] for limit in LIMITS]


def test_a_limit_counts_for_each_channel_that_it_is_about():
    """`promo` has two channels, of which its tagged cap is about one; `news` has one, and no tag."""
    assert limits('test "a" { now 2026-03-02 12:00 expect one is promo }') == [
        (0, 3, 0),
        (0, 3, 0),
        (0, 1, 0),
        (0, 3, 0),
        (0, 1, 0),
        (0, 1, 0),
        (0, 1, 0),
        (0, 2, 0),
    ]


def test_a_limit_that_is_in_the_way_says_yes():
    assert limits(
        'test "a" { given sent push by promo at 2026-03-02 11:00 given used 2 of budget spring '
        "happens rejected at 2026-03-02 11:30 now 2026-03-02 12:00 expect one is blocked }"
    ) == [(0, 3, 0), (0, 3, 0), (1, 0, 0), (3, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0), (0, 2, 0)]


def test_what_cannot_be_counted_is_unknown():
    assert limits(
        'test "a" { given unavailable touches given unavailable rejected given unavailable budgets '
        "now 2026-03-02 22:00 expect one is blocked }"
    ) == [(3, 0, 0), (0, 0, 3), (0, 0, 1), (0, 0, 3), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 2)]


def test_limits_are_looked_at_where_a_plan_comes_as_far():
    found = counts(
        'test "a" { happens claim { coupon: "A" } at 2026-03-02 20:00 '
        'happens redeem { coupon: "B" } at 2026-03-02 20:10 now 2026-03-02 20:30 expect plan late scheduled '
        "now 2026-03-02 21:00 expect plan late waits }",
        LIMITED,
    )
    assert found["quiet 21:00 to 09:00 user time then wait"] == (1, 0, 0)
    assert found["redeem with same coupon"] == (0, 2, 0)


def test_users_who_are_free_of_limits_say_nothing_of_them():
    rules = LIMITED.replace("policy calm {", "list staff\npolicy calm { allow users in staff")
    found = counts('test "a" { given user in staff now 2026-03-02 22:00 expect one is promo }', rules)
    assert found["quiet 21:00 to 09:00 user time then wait"] == (0, 0, 0)
    assert found["once per user per day"] == (0, 1, 0)
