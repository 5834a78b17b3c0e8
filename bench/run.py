"""Times the decision program beside zen-engine and writes the ratios to `bench/README.md`: `python -m bench.run`.

All answers are held against zen's and against the plain definition of the rules before anything is timed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any

import zen

from bench import zen_forms, zen_history
from bench.report import Report
from bench.sides import index_of, memory, ours, plainly, present, require_equal
from bench.timing import Thing, in_turns
from bench.workload import draw
from compiler.decision.context import Context
from compiler.decision.index_ranked import Ranked
from compiler.facts import Facts

CUSTOMERS = 60
CHECKED = 12
"""Customers whose answers are compared."""
ALONE = 150
"""Rules that are asked alone."""
READINGS, HISTORY = "36 readings", "attributes and events"


class Bench:
    """One number of rules. `handed` has the aggregates among the attributes, `history` computes them."""

    def __init__(self, report: Report, size: int) -> None:
        self.report = report
        self.rules, self.customers = draw(size, CUSTOMERS)
        self.values = [present(customer) for customer in self.customers]
        self.events = [zen_history.facts(customer) for customer in self.customers]
        self.handed = ours(self.rules, self.customers, ready=True)
        self.history = ours(self.rules, self.customers, ready=False)
        gc.collect()
        gc.freeze()

    def check(self) -> None:
        """Ours, zen's and the plain answers are the same: of yes and of unknown."""
        yes = zen_forms.one_list(self.rules)
        possible = zen_forms.one_list(self.rules, zen_forms.possible)
        from_events = zen_history.in_two_steps(yes)
        found = []
        for place, customer in enumerate(self.customers[:CHECKED]):
            expected = plainly(self.rules, customer)
            found.append(expected)
            zens = set(yes(self.values[place]))
            require_equal("zen", (zens, set(possible(self.values[place])) - zens), expected)
            require_equal("zen from events", set(from_events(self.events[place])), expected[0])
            for side in (self.handed, self.history):
                require_equal("the index", side.found(side.facts[place]), expected)
                require_equal("the program", tuple(map(set, side.names(side.facts[place]))), expected)
        shares = [sum(len(each[which]) for each in found) / CHECKED / len(self.rules) for which in (0, 1)]
        self.report.note(
            f"Of {len(self.rules):,} rules {shares[0]:.0%} hold and {shares[1]:.0%} are unknown for a customer."
        )

    def all_crowds(self) -> None:
        """All 36 readings are handed to both sides."""
        side = self.handed
        names = {form: (zen_forms.FORMS[form](self.rules), self.values) for form in zen_forms.QUICKEST}
        bits: dict[str, Thing] = {
            "one compiled expression, yes and no": (zen_forms.answers(self.rules), self.values),
            "one compiled expression, 50 bits a number": (zen_forms.packed(self.rules), self.values),
        }
        times = in_turns(
            {"names": (side.names, side.facts), "bits": (side.bits, side.facts), **names, **bits}
        )
        size = len(self.rules)
        few = size == 1_000
        self.report.ratio(
            "names and unknowns", size, READINGS, times, [*names], "names", "15" if few else "30"
        )
        self.report.ratio("bits alone", size, READINGS, times, [*bits], "bits", "30" if few else "100")

    def all_crowds_from_history(self) -> None:
        side, name = self.history, "aggregates first, then yes and no"
        times = in_turns(
            {
                "names": (side.names, side.facts),
                "bits": (side.bits, side.facts),
                name: (zen_history.in_two_steps(zen_forms.one_list(self.rules)), self.events),
                f"{name}, unnamed": (zen_history.in_two_steps(zen_forms.answers(self.rules)), self.events),
            }
        )
        size = len(self.rules)
        self.report.ratio("names and unknowns", size, HISTORY, times, [name], "names")
        self.report.ratio("bits alone", size, HISTORY, times, [f"{name}, unnamed"], "bits")

    def one_crowd(self) -> None:
        """Each rule alone, over all customers."""
        conditions = [zen_forms.condition(rule) for rule in self.rules[:ALONE]]
        names = [rule.name for rule in self.rules[:ALONE]]
        handed = [zen.compile_expression(text).evaluate for text in conditions]
        inline = [zen.compile_expression(zen_history.written_out(text)).evaluate for text in conditions]
        name, aggregates = "a compiled expression", "a compiled expression with the aggregates written out"
        times = in_turns(
            {
                "handed": (_of_each(self.handed.facts), [self.handed.program.test(name) for name in names]),
                "history": (
                    _of_each(self.history.facts),
                    [self.history.program.test(name) for name in names],
                ),
                name: (_of_each(self.values), handed),
                aggregates: (_of_each(self.events), inline),
            }
        )
        self.report.ratio("one crowd", 1, READINGS, times, [name], "handed", "15")
        self.report.ratio("one crowd", 1, HISTORY, times, [aggregates], "history")

    def best_plan(self) -> None:
        """The first rule that holds, of rules ordered by rank."""
        conditions = {
            name: self.handed.ruleset.crowds[name].condition for name in (rule.name for rule in self.rules)
        }
        ranked = Ranked(conditions, self.handed.program.trees.entry, conditions.__getitem__)

        def best(facts: Facts) -> str | None:
            return next(ranked.holding(Context(facts)), None)

        everything = "all answered, then the best taken"
        parts = {f"stops at the first, {size} rules at a time": size for size in (20, 100)}
        firsts = {name: zen_forms.first_by_parts(self.rules, size) for name, size in parts.items()}
        all_of_them = zen_forms.first_of_all(self.rules)
        for facts, values in zip(self.handed.facts, self.values, strict=True):
            for ask in (all_of_them, *firsts.values()):
                require_equal("the best plan", best(facts), ask(values))
        times = in_turns(
            {
                "best": (best, self.handed.facts),
                everything: (all_of_them, self.values),
                **{name: (ask, self.values) for name, ask in firsts.items()},
            }
        )
        size = len(self.rules)
        self.report.ratio("best plan", size, READINGS, times, [everything], "best", "100")
        self.report.ratio("best plan", size, READINGS, times, [*firsts], "best")

    def every_form(self) -> None:
        """What zen offers for "which rules hold", the slow forms with it."""
        forms = {name: (make(self.rules), self.values[:10]) for name, make in zen_forms.FORMS.items()}
        expected = [plainly(self.rules, customer)[0] for customer in self.customers[:10]]
        for name, (ask, values) in forms.items():
            require_equal(name, [set(ask(each)) for each in values], expected)
        times = in_turns(forms, rounds=3)
        fastest = times.fastest([*forms])
        for name in sorted(forms, key=times.typical):
            self.report.forms.add(name, f"{times.ratio(name, fastest):.1f}")

    def compiling(self) -> None:
        for step, seconds in self.history.seconds.items():
            self.report.costs.add(step, f"{seconds:.2f}")
        taken = memory(lambda: index_of(self.history.ruleset, self.history.program))
        self.report.note(f"The index of {len(self.rules):,} crowds takes {taken / 2**20:.0f} MB.")


def _of_each(customers: Sequence[Any]) -> Callable[[Callable[[Any], object]], None]:
    def ask(test: Callable[[Any], object]) -> None:
        for known in customers:
            test(known)

    return ask


def main() -> None:
    report = Report()
    thousand = Bench(report, 1_000)
    for measure in (
        thousand.check,
        thousand.all_crowds,
        thousand.all_crowds_from_history,
        thousand.one_crowd,
        thousand.every_form,
    ):
        measure()
    many = Bench(report, 10_000)
    for measure in (
        many.check,
        many.all_crowds,
        many.all_crowds_from_history,
        many.best_plan,
        many.compiling,
    ):
        measure()
    report.write()


if __name__ == "__main__":
    main()
