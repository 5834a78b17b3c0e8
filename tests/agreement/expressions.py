"""Seeded random expressions of every type, well typed and over the whole language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.agreement.schema import (
    ATTRIBUTES,
    CONSTANTS,
    EVENTS,
    INPUTS,
    LISTS,
    RANGES,
    SHARED_FIELDS,
    TEXTS,
    WINDOWS,
    ZONES,
)

NUMERIC = ("int", "number", "money EUR", "duration")
ORDERED = ("int", "number", "money EUR", "money USD", "text", "instant", "date", "duration", "version")


@dataclass
class Writer:
    """Writes expressions. `event` is set inside a `where`; `crowds`, `scores`, `graded` are what stands above."""

    random: Random
    crowds: list[str] = field(default_factory=list)
    scores: list[str] = field(default_factory=list)
    event: str | None = None
    trigger: str | None = None
    lets: dict[str, str] = field(default_factory=dict)

    def one(self, options: Sequence[Callable[[], str]]) -> str:
        return self.random.choice(options)()

    # ---- conditions

    def condition(self, depth: int = 2) -> str:
        if depth == 0 or self.random.random() < 0.15:
            return self.atom()
        kind = self.random.choices(("and", "or", "not", "atom"), (40, 25, 10, 25))[0]
        if kind == "atom":
            return self.atom()
        if kind == "not":
            return f"not ({self.condition(depth - 1)})"
        terms = [self.condition(depth - 1) for _ in range(self.random.choice((2, 2, 3)))]
        return "(" + f" {kind} ".join(terms) + ")"

    def atom(self) -> str:
        if self.event:
            return self.one(
                (self.comparison, self.comparison, self.equality, self.options, self.missing, self.flag)
            )
        always = (
            [self.comparison] * 5
            + [self.equality] * 2
            + [self.options] * 2
            + [self.missing] * 2
            + [self.flag] * 2
        )
        history = [self.did] * 4 + [self.sequence] * 2
        return self.one(
            [
                *always,
                *history,
                self.function,
                self.function,
                self.member,
                self.member,
                self.measured,
                self.measured,
            ]
        )

    def comparison(self) -> str:
        type_ = self.random.choice(ORDERED)
        return f"{self.value(type_, 2)} {self.random.choice(('<', '<=', '>', '>='))} {self.value(type_, 1)}"

    def measured(self) -> str:
        """A comparison of what is rare elsewhere."""
        event, name = self.random.choice((("cart", "qty"), ("order", "qty"), ("view", "n")))
        function = self.random.choice(("sum", "average", "distinct", "count"))
        term = self.random.choice(
            (
                f"{self.random.choice(('floor', 'ceil', 'round'))}({self.leaf('number')})",
                f"{self.random.choice(('days', 'hours'))}({self.leaf('duration')})",
                f"{self.random.choice(('year', 'month', 'day', 'hour', 'minute'))}({self.leaf('instant')})",
                f"({function} of {event}.{name}{self.where(event)}{self.without(event)} {self.window()})",
                f"({function} of {event}.{name}{self.where(event)} {self.window()})",
            )
        )
        return f"{term} {self.random.choice(('<', '<=', '>', '>='))} {self.value('int', 1)}"

    def equality(self) -> str:
        word = self.random.choice(("is", "is", "is not"))
        if self.random.random() < 0.6 and not self.event:
            attribute, options = self.random.choice(
                (("user.tier", CONSTANTS["choice"]), self.graded(), self.weekday())
            )
            return f"{attribute} {word} {self.random.choice(options)}"
        type_ = self.random.choice([*ORDERED, "flag"])
        return f"{self.value(type_, 1)} {word} {self.value(type_, 1)}"

    def graded(self) -> tuple[str, tuple[str, ...]]:
        if self.scores:
            return f"{self.random.choice(self.scores)}.grade", ("A", "B", "C")
        return self.weekday()

    def weekday(self) -> tuple[str, tuple[str, ...]]:
        return f"weekday({self.leaf(self.random.choice(('instant', 'date')))})", (
            "monday",
            "sunday",
            "saturday",
        )

    def options(self) -> str:
        type_ = self.random.choice(("text", "int", "date", "money EUR", "number", "instant"))
        some = self.random.sample(CONSTANTS[type_], 2)
        word = self.random.choice(("in", "in", "not in"))
        return f"{self.value(type_, 1)} {word} ({', '.join(some)})"

    def missing(self) -> str:
        type_ = self.random.choice([*ORDERED, "flag"])
        word = self.random.choice(("is missing", "is not missing"))
        return f"{self.value(type_, 1)} {word}"

    def flag(self) -> str:
        return self.leaf("flag") if self.random.random() < 0.9 else self.random.choice(("true", "false"))

    def member(self) -> str:
        group = self.random.choice([*LISTS, *self.crowds[-12:]])
        return f"user {self.random.choice(('in', 'not in'))} {group}"

    def did(self) -> str:
        word = self.random.choice(("did", "did", "did not"))
        event = self.random.choice(list(EVENTS))
        times = f" at least {self.random.choice((1, 2, 3))} times" if self.random.random() < 0.3 else ""
        same = self.same(event) if self.trigger and self.random.random() < 0.4 else ""
        return f"{word} {event}{times}{same}{self.where(event)} {self.window()}"

    def same(self, event: str) -> str:
        shared = [
            name for name, type_ in EVENTS[event].items() if EVENTS[self.trigger or event].get(name) == type_
        ]
        return f" with same {self.random.choice(shared)}" if shared else ""

    def sequence(self) -> str:
        first, then, without = (self.random.choice(list(EVENTS)) for _ in range(3))
        inside = self.random.choice(WINDOWS[:4])
        tail = f" without {without}" if self.random.random() < 0.5 else ""
        text = f"did {first}{self.where(first)} then {then}{self.where(then)} inside {inside}{tail} {self.window()}"
        return text

    def where(self, event: str) -> str:
        if self.random.random() < 0.5:
            return ""
        if self.random.random() < 0.4:
            name, type_ = self.random.choice(
                [(name, each) for name, each in EVENTS[event].items() if each in ORDERED]
            )
            bound = self.random.choice(CONSTANTS[type_])
            return f" where {name} {self.random.choice(('<', '<=', '>', '>=', 'is'))} {bound}"
        inner = Writer(self.random, event=event, trigger=self.trigger)
        return f" where {inner.condition(1)}"

    def window(self) -> str:
        pick = self.random.random()
        if pick < 0.6:
            return f"within {self.random.choice(WINDOWS)}"
        if pick < 0.75:
            return "within today"
        if pick < 0.9:
            return "ever"
        start, end = self.random.choice(RANGES)
        return f"from {start} to {end}"

    def function(self) -> str:
        text = self.value("text", 1)
        other = self.random.choice(CONSTANTS["text"])
        one, two = self.random.sample(TEXTS, 2)
        return self.one(
            (
                lambda: f"starts_with({text}, {other})",
                lambda: f"ends_with({text}, {other})",
                lambda: f"contains({text}, {other})",
                lambda: (
                    f'matches({text}, "{self.random.choice(("^d", "[a-z]+", "x-[0-9]", "(?i)zü", "^$"))}")'
                ),
                lambda: 'in_network(user.ip, "10.0.0.0/8", "2001:db8::/32")',
                lambda: f'has(user.tags, "{one}")',
                lambda: f'"{one}" {self.random.choice(("in", "not in"))} user.tags',
                lambda: f'has_any(user.tags, "{one}", "{two}")',
                lambda: f'has_all(user.tags, "{one}", "{two}")',
            )
        )

    # ---- values

    def value(self, type_: str, depth: int) -> str:
        """A value that can stand as an operand."""
        if depth > 0 and self.random.random() < 0.6:
            made = self.composite(type_, depth - 1)
            if made:
                return made
        return self.leaf(type_) if self.random.random() < 0.8 else self.random.choice(CONSTANTS[type_])

    def leaf(self, type_: str) -> str:
        if self.event:
            fields = [name for name, each in EVENTS[self.event].items() if each == type_]
            if fields and self.random.random() < 0.8:
                return self.random.choice(fields)
        names = [f"user.{name}" for name, each in ATTRIBUTES.items() if each == type_]
        names += [f"input.{name}" for name, each in INPUTS.items() if each == type_]
        names += [name for name, each in self.lets.items() if each == type_ and not self.event]
        names += {"instant": ["now"], "date": ["today"]}.get(type_, [])
        return self.random.choice(names) if names else self.random.choice(CONSTANTS[type_])

    def composite(self, type_: str, depth: int) -> str | None:
        makers = [lambda: self.fallback(type_), lambda: self.picked(type_, depth)]
        if type_ in ORDERED:
            makers.append(lambda: self.chosen(type_, depth))
        if type_ in NUMERIC:
            makers += [
                lambda: self.total(type_, depth),
                lambda: f"-{self.leaf(type_)}",
                lambda: self.rounded(type_),
            ]
        makers += [(lambda maker=maker: maker(self, depth)) for maker in SPECIAL.get(type_, ())] * 2
        if not self.event:
            makers += [lambda: self.aggregate(type_)] * 6
        return self.random.choice(makers)() if makers else None

    def fallback(self, type_: str) -> str:
        return f"({self.leaf(type_)} otherwise {self.random.choice(CONSTANTS[type_])})"

    def picked(self, type_: str, depth: int) -> str:
        arms = ", ".join(f"{self.leaf(type_)} when {self.atom()}" for _ in range(self.random.choice((1, 2))))
        return f"(pick {arms}, else {self.random.choice(CONSTANTS[type_])})"

    def chosen(self, type_: str, depth: int) -> str:
        return f"{self.random.choice(('min', 'max'))}({self.leaf(type_)}, {self.value(type_, depth)})"

    def total(self, type_: str, depth: int) -> str:
        terms = [self.value(type_, depth) for _ in range(self.random.choice((2, 3)))]
        return "(" + self.random.choice((" + ", " - ")).join(terms) + ")"

    def rounded(self, type_: str) -> str | None:
        if type_ == "duration":
            return f"abs({self.leaf(type_)})"
        if type_ == "int":
            return self.random.choice(
                (f"abs({self.leaf('int')})", f"remainder({self.leaf('int')}, {self.leaf('int')})")
            )
        digits = self.random.choice(("", ", 0", ", 2"))
        return self.random.choice((f"abs({self.leaf(type_)})", f"round({self.leaf(type_)}{digits})"))

    def aggregate(self, type_: str) -> str:
        if type_ == "int" and self.random.random() < 0.7:
            return self.counted()
        if type_ == "duration" and self.random.random() < 0.6:
            return f"(time since last {self.random.choice(list(EVENTS))})"
        holders = [
            (event, name)
            for event, fields in EVENTS.items()
            for name, each in fields.items()
            if each == type_
        ]
        if not holders:
            return self.leaf(type_)
        event, name = self.random.choice(holders)
        functions = ["first", "last"]
        functions += ["min", "max"] if type_ in ORDERED else []
        functions += (
            ["sum", "average"] if type_ in NUMERIC and type_ != "int" else ["sum"] if type_ == "int" else []
        )
        function = self.random.choice(functions)
        return f"({function} of {event}.{name}{self.where(event)}{self.without(event)} {self.window()})"

    def counted(self) -> str:
        event = self.random.choice(list(EVENTS))
        name = self.random.choice(list(EVENTS[event]))
        of = self.random.choice(
            (f"count of {event}", f"count of {event}.{name}", f"distinct of {event}.{name}")
        )
        return f"({of}{self.where(event)}{self.without(event)} {self.window()})"

    def without(self, event: str) -> str:
        pairs = [(other, name) for mine, other, name in SHARED_FIELDS if mine == event]
        if not pairs or self.random.random() < 0.6:
            return ""
        other, name = self.random.choice(pairs)
        return f" without {other} with same {name}"


def product(writer: Writer, depth: int) -> str:
    sign = writer.random.choice(("*", "/"))
    return f"({writer.value('number', depth)} {sign} {writer.leaf('number')})"


def scaled(type_: str) -> Callable[[Writer, int], str]:
    def make(writer: Writer, depth: int) -> str:
        return f"({writer.leaf(type_)} {writer.random.choice(('*', '/'))} {writer.value('number', depth)})"

    return make


SPECIAL: dict[str, tuple[Callable[[Writer, int], str | None], ...]] = {
    "int": (
        lambda writer, depth: f"({writer.leaf('int')} * {writer.value('int', depth)})",
        lambda writer, depth: f"length({writer.leaf('text')})",
        lambda writer, depth: f"{writer.random.choice(('floor', 'ceil'))}({writer.leaf('number')})",
        lambda writer, depth: f"{writer.random.choice(('year', 'month', 'day'))}({writer.leaf('date')})",
        lambda writer, depth: (
            f"{writer.random.choice(('year', 'month', 'day', 'hour', 'minute'))}({writer.leaf('instant')})"
        ),
        lambda writer, depth: f"{writer.random.choice(('days', 'hours'))}({writer.leaf('duration')})",
        lambda writer, depth: f"{writer.random.choice(('hour', 'minute'))}({writer.leaf('instant')})",
        lambda writer, depth: "size(user.tags)",
        lambda writer, depth: f"remainder({writer.leaf('int')}, {writer.leaf('int')})",
        lambda writer, depth: (
            f"{writer.random.choice(writer.scores)}.score" if writer.scores and not writer.event else None
        ),
        lambda writer, depth: (
            f"{writer.random.choice(writer.scores)}.score" if writer.scores and not writer.event else None
        ),
    ),
    "number": (
        product,
        product,
        lambda writer, depth: f"(({writer.leaf('int')}) / {writer.leaf('int')})",
        lambda writer, depth: f"({writer.leaf('money EUR')} / {writer.leaf('money EUR')})",
        lambda writer, depth: f"sqrt({writer.leaf('number')})",
        lambda writer, depth: f"amount({writer.leaf('money EUR')})",
    ),
    "money EUR": (
        scaled("money EUR"),
        scaled("money EUR"),
        lambda writer, depth: f"({writer.leaf('money EUR')} + {writer.leaf('money USD')})",
    ),
    "duration": (
        scaled("duration"),
        lambda writer, depth: f"({writer.leaf('instant')} - {writer.leaf('instant')})",
        lambda writer, depth: f"({writer.leaf('date')} - {writer.leaf('date')})",
    ),
    "instant": (lambda writer, depth: f"({writer.leaf('instant')} + {writer.leaf('duration')})",),
    "date": (
        lambda writer, depth: f"({writer.leaf('date')} - {writer.leaf('duration')})",
        lambda writer, depth: f"date({writer.leaf('instant')})",
    ),
    "version": (lambda writer, depth: f"version({writer.leaf('text')})",),
    "text": (
        lambda writer, depth: f"{writer.random.choice(('lower', 'upper', 'trim'))}({writer.leaf('text')})",
        lambda writer, depth: f"concat({writer.leaf('text')}, {writer.leaf('text')})",
        lambda writer, depth: (
            f'replace({writer.leaf("text")}, "{writer.random.choice(("d", "", "😀"))}", "Z")'
        ),
    ),
}

__all__ = ["ZONES", "Writer"]
