"""Times the decision program beside zen-engine and writes the ratios to `bench/README.md`: `python -m bench.run`.

All answers are held against zen's and against the plain definition of the rules before anything is timed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from re import findall
from typing import Any

import zen

from bench import check_edit, zen_forms, zen_history
from bench.best_plan import best_of_crowds, best_of_narrow
from bench.report import Report
from bench.sides import Found, index_of, memory, ours, plainly, present, require_equal
from bench.timing import in_turns
from bench.workload import draw
from compiler.facts import Facts

CUSTOMERS = 60
CHECKED = 12
"""Customers whose answers are compared."""
ALONE = 150
"""Rules that are asked alone."""
READINGS, HISTORY = "36 readings", "attributes and events"
WANTED = {1_000: (15, 30), 10_000: (30, 100)}
"""Names and unknowns, bits."""
ONE_WANTED = 15
Asks = Mapping[str, Callable[[dict[str, Any]], object]]
"""By zen's form."""


class Bench:
    """One number of rules. `handed` has the aggregates among the attributes, `history` computes them."""

    def __init__(self, report: Report, size: int) -> None:
        self.report = report
        gc.unfreeze()  # the collector is as those have it who compile
        self.rules, self.customers = draw(size, CUSTOMERS)
        self.values = [present(customer) for customer in self.customers]
        self.events = [zen_history.facts(customer) for customer in self.customers]
        self.handed = ours(self.rules, self.customers, ready=True)
        self.history = ours(self.rules, self.customers, ready=False)
        gc.collect()
        gc.freeze()

    def check(self) -> None:
        """Ours, zen's and the plain answers are the same: of yes and of unknown."""
        zens = zen_forms.three_valued_names(self.rules)
        from_events = zen_history.in_two_steps(zens)
        found = []
        for place, customer in enumerate(self.customers[:CHECKED]):
            expected = plainly(self.rules, customer)
            found.append(expected)
            require_equal("zen", _sets(zens(self.values[place])), expected)
            require_equal("zen from events", _sets(from_events(self.events[place])), expected)
            for side in (self.handed, self.history):
                require_equal("the index", side.found(side.facts[place]), expected)
                require_equal("the program", _sets(side.names(side.facts[place])), expected)
        shares = [sum(len(each[which]) for each in found) / CHECKED / len(self.rules) for which in (0, 1)]
        self.report.note(
            f"Of {len(self.rules):,} rules {shares[0]:.0%} hold and {shares[1]:.0%} are unknown for a customer."
        )

    def all_crowds(self) -> None:
        """All 36 readings are handed to both sides."""
        side, rules = self.handed, self.rules
        both = {name: make(rules) for name, make in zen_forms.BOTH.items()}
        yes = {name: zen_forms.FORMS[name](rules) for name in zen_forms.QUICKEST}
        self._compare("names and unknowns", side.names, both, yes, WANTED[len(rules)][0])
        both_bare = {name: make(rules) for name, make in zen_forms.BOTH_BARE.items()}
        yes_bare = {name: make(rules) for name, make in zen_forms.BARE.items()}
        self._compare("bits alone", side.bits, both_bare, yes_bare, WANTED[len(rules)][1])

    def _compare(
        self, question: str, ask: Callable[[Facts], object], both: Asks, yes: Asks, wanted: int
    ) -> None:
        """With zen when it tells what is unknown as well, as we do, and when it tells what holds alone."""
        zens = {name: (each, self.values) for name, each in {**both, **yes}.items()}
        times = in_turns({"ours": (ask, self.handed.facts), **zens})
        size = len(self.rules)
        self.report.ratio((question, size, READINGS), times, "ours", [*both], wanted)
        self.report.ratio((f"{question}; zen without unknown", size, READINGS), times, "ours", [*yes])

    def all_crowds_from_history(self) -> None:
        side, size, form = self.history, len(self.rules), "aggregates first, then yes, no or null"
        for question, ours_asked, zens in (
            ("names and unknowns", side.names, zen_forms.three_valued_names(self.rules)),
            ("bits alone", side.bits, zen_forms.three_valued(self.rules)),
        ):
            asked = zen_history.in_two_steps(zens)
            times = in_turns({"ours": (ours_asked, side.facts), form: (asked, self.events)})
            self.report.ratio((question, size, HISTORY), times, "ours", [form])

    def one_crowd(self) -> None:
        """Each rule alone, over all customers."""
        rules = self.rules[:ALONE]
        texts = [zen_forms.in_three_values(rule) for rule in rules]
        handed = [(zen.compile_expression(text).evaluate, self.values) for text in texts]
        written_out = [zen.compile_expression(zen_history.written_out(text)).evaluate for text in texts]
        history = [(evaluate, self.events) for evaluate in written_out]
        cut = [(ask, self._only(text)) for (ask, _), text in zip(handed, texts, strict=True)]
        for given, side, zens, wanted in (
            (READINGS, self.handed, handed, ONE_WANTED),
            ("zen only what the crowd reads", self.handed, cut, None),
            (HISTORY, self.history, history, None),
        ):
            crowds = [(side.program.test(rule.name), side.facts) for rule in rules]
            times = in_turns({"ours": (_ask_of_each, crowds), "a compiled expression": (_ask_of_each, zens)})
            what = ("one crowd", 1, given)
            self.report.ratio(what, times, "ours", ["a compiled expression"], wanted)

    def _only(self, condition: str) -> list[dict[str, Any]]:
        """The readings that a condition names."""
        named = set(findall(r"\w+", condition))
        return [{name: each[name] for name in named & each.keys()} for each in self.values]

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


def _sets(names: Sequence[Sequence[str]]) -> Found:
    yes, unknown = names
    return set(yes), set(unknown)


def _ask_of_each(asked: tuple[Callable[[Any], object], Sequence[Any]]) -> None:
    test, customers = asked
    for known in customers:
        test(known)


def main() -> None:
    report = Report()
    thousand = Bench(report, 1_000)
    thousand.check()
    thousand.all_crowds()
    thousand.all_crowds_from_history()
    thousand.one_crowd()
    thousand.every_form()
    many = Bench(report, 10_000)
    many.check()
    many.all_crowds()
    many.all_crowds_from_history()
    best_of_crowds(report, many.rules, many.customers, many.handed)
    best_of_narrow(report, many.rules, many.customers[:20], many.handed)
    many.compiling()
    for words, typical, longest in check_edit.measure():
        report.edits.add(words, f"{typical * 1000:.0f}", f"{longest * 1000:.0f}")
    report.write()


if __name__ == "__main__":
    main()
