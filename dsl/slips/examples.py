"""An example of the clause or the expression in which reading stopped."""

from __future__ import annotations

from itertools import zip_longest

from dsl.expected import CLAUSES
from dsl.stop import Stop

STATEMENTS = {
    "settings": 'settings { timezone "Europe/Berlin"  currency EUR }',
    "use": "use std.lifecycle as life with purchase = order_paid",
    "profile": "profile user { id: text key  tier: choice(free, plus) default free }",
    "input": "input { page: text optional }",
    "event": 'event order_paid "Money has arrived" { total: money EUR }',
    "list": 'list staff "Employees"',
    "crowd": "crowd hot { did cart_add within 7 days }` and `crowd rescue = hot except staff",
    "score": "score lead { add 30 points when user.is_pro  grade A from 60, B below }",
    "policy": 'policy gentle default "Words" { cap push 1 per day }',
    "campaign": 'campaign spring "Words" { budget 500 total }',
    "plan": 'plan nudge was old_nudge "Words" { for hot  send push "nudge" }',
    "decide": "decide best { among nudge, offer  rank by value }",
    "test": 'test "words" { given user { id: "u1" }  now 2026-03-01 10:00  expect user in hot }',
}
CLAUSE = {
    "timezone": 'timezone "Europe/Berlin"',
    "currency": "currency EUR",
    "week": "week starts monday",
    "rate": "rate 1 USD = 0.92 EUR",
    "add": "add 30 points when did cart_add within 3 days",
    "take": "take 25 points when user.is_new",
    "grade": "grade A from 60, B from 30, C below",
    "quiet": "quiet 21:00 to 09:00 user time then wait",
    "cap": "cap push 1 per day` and `cap all tagged promo 5 in any 7 days then wait",
    "cooldown": "cooldown 20 hours after any send",
    "block": "block users in do_not_contact",
    "allow": "allow users in testers",
    "never": "never email when not user.email_ok",
    "holdout": 'holdout 10% salt "spring-26"',
    "budget": "budget 500 per day` and `budget 1000 EUR total",
    "once": "once per user in any 30 days",
    "for": "for past_buyers where lead.score >= 30",
    "on": "on cart_add where price >= 20 EUR wait 2 hours unless order_paid",
    "kind": "kind transactional",
    "tagged": "tagged promo, spring",
    "part": "part of spring",
    "let": "let basket = sum of cart_add.price within 7 days",
    "send": 'send push "nudge" else email "nudge" with percent = 10',
    "obey": "obey gentle, strict",
    "expires": "expires after 3 days",
    "propensity": "propensity user.p_cart otherwise 0.01",
    "value": "value 1.50 EUR",
    "cost": "cost 0.02 EUR",
    "context": 'context pick 150% when input.page is "checkout", else 1',
    "lever": "lever 110%",
    "needs": "needs user.tier is plus",
    "among": "among nudge, offer",
    "rank": "rank by value - cost then by listed order",
    "at": "at most 1 per user per day",
    "given": 'given user { id: "u1", tier: plus }` and `given user in staff',
    "given input": 'given input { page: "checkout" }',
    "given sent": "given sent push by nudge at 2026-03-01 20:10",
    "given used": "given used 499 of budget spring",
    "given unavailable": "given unavailable order_paid",
    "happens": "happens cart_add { price: 30 EUR } at 2026-03-01 20:10",
    "now": "now 2026-03-01 20:10",
    "reserve": "reserve best",
    "expect": "expect user in hot` and `expect best is nudge",
    "expect plan": "expect plan nudge waits until 2026-03-02 09:00 because quiet",
}
EXPRESSION = {
    "did": "did cart_add at least 2 times where price > 3 EUR within 7 days",
    "count": "count of cart_add where price > 3 EUR within 7 days >= 2",
    **{
        word: f"{word} of cart_add.price within 7 days"
        for word in ("sum", "average", "distinct", "first", "last")
    },
    "time": "time since last order_paid > 60 days",
    "pick": "pick 15 when lead.grade is A, 10 when lead.grade is B, else 5",
    "sample": 'sample 10% of hot salt "spring-26"',
}


def for_example(stop: Stop) -> tuple[str, ...]:
    """A note that shows the innermost construct with an example, if there is one for it.

    A clause that cannot begin at the stop is not what is being written: the one before it is.
    """
    clauses = CLAUSES.get(stop.statement, frozenset())
    written = [word.text for word in (*stop.before[1:], stop.found)]
    if written[-1] in clauses:
        written.pop()
    for word, second in reversed(list(zip_longest(written, written[1:]))):
        if word in clauses and word in CLAUSE:
            return (f"for example: `{CLAUSE.get(f'{word} {second}', CLAUSE[word])}`",)
        if word in EXPRESSION and stop.statement not in ("profile", "event", "input"):
            return (f"for example: `{EXPRESSION[word]}`",)
    return (f"for example: `{STATEMENTS[stop.statement]}`",) if stop.statement in STATEMENTS else ()
