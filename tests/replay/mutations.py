"""Changes of one line in rules that people wrote, of the kinds that people make."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.source import Source


@dataclass(frozen=True)
class Mutation:
    """`was` stands in one line of the rules of a history, which is then that line with `now` in its place."""

    history: str
    kind: str
    was: str
    now: str

    def line(self, rules: Source) -> int:
        """Counted from 1."""
        lines = rules.text.split("\n")
        (at,) = [number for number, line in enumerate(lines, 1) if self.was in line]
        return at

    def __call__(self, rules: Source) -> Source:
        assert rules.text.count(self.was) == 1, self.was
        return Source(rules.name, rules.text.replace(self.was, self.now))


MUTATIONS = (
    Mutation("retail", "a window", "wait 1 day unless order_paid", "wait 30 minutes unless order_paid"),
    Mutation("retail", "quiet hours", "quiet 21:00 to 09:00", "quiet 20:00 to 11:00"),
    Mutation("retail", "a cap", "cap all 3 in any 7 days", "cap all 1 in any 7 days"),
    Mutation(
        "retail",
        "a cap and its period",
        "cap all 1 in any 1 hour then wait",
        "cap all 1 in any 12 hours then wait",
    ),
    Mutation("retail", "a comparison", "worth.score >= 20", "worth.score >= 50"),
    Mutation("retail", "a count", "with same order within 7 days >= 3", "with same order within 7 days >= 2"),
    Mutation("retail", "points", "grade high from 60, middle from 20", "grade high from 60, middle from 5"),
    Mutation("retail", "a holdout", "holdout 5%", "holdout 60%"),
    Mutation("retail", "a campaign's holdout", "holdout 10%", "holdout 90%"),
    Mutation("retail", "a list", "block users in do_not_contact", "block users in testers"),
    Mutation(
        "retail",
        "a list, negated",
        "or user.push_on or user.sms_ok",
        "or user.push_on and not user in testers",
    ),
    Mutation("retail", "a crowd, not negated", "and not user in life.lapsing", "and user in life.lapsing"),
    Mutation("retail", "a negation", "never push when not user.push_on", "never push when user.push_on"),
    Mutation("retail", "a channel", 'send sms "pay_reminder"', 'send push "pay_reminder"'),
    Mutation("retail", "content", 'send push "how_to" with', 'send push "how_to_use" with'),
    Mutation("retail", "a value", "value 12 CNY", "value 1 CNY"),
    Mutation(
        "retail",
        "a rank",
        "rank by value - cost then by listed order",
        "rank by cost - value then by listed order",
    ),
    Mutation("retail", "a cost", "cost 15 CNY", "cost 39 CNY"),
    Mutation("retail", "an expiry", "expires after 12 hours", "expires after 1 hour"),
    Mutation("carts", "a price", "price >= 20 EUR", "price >= 50 EUR"),
    Mutation("carts", "a cool-down", "cooldown 7 days after rejected", "cooldown 2 hours after rejected"),
    Mutation("carts", "a cap's channel", "cap push 1 per day", "cap email 1 per day"),
    Mutation("carts", "an audience", "for hot_cart", "for german"),
    Mutation("carts", "an order of plans", "among nudge, remind, hello", "among hello, remind, nudge"),
    Mutation(
        "purchases", "a number", "distinct of purchase.day ever is 1", "distinct of purchase.day ever is 2"
    ),
    Mutation(
        "purchases", "a pick", "pick 3 USD when user in collectors", "pick 0.01 USD when user in collectors"
    ),
    Mutation(
        "purchases", "a day", "from 1997-01-01 to 1997-09-30 is 2", "from 1997-01-01 to 1997-01-31 is 2"
    ),
    Mutation("purchases", "nobody", "budget 500 per day", "budget 499 per day"),
)
