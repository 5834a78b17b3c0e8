"""The rule-set versions that decide, ready to do so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from functools import lru_cache, partial
from typing import TypeVar

from compiler.cases.texts import Texts
from compiler.checked.ir import FieldDef, RuleSet
from compiler.decision.program import Program
from compiler.decision.shares import share_test
from compiler.driver import program
from compiler.facts import Facts
from compiler.facts_at_one_go import QuickReader
from compiler.facts_from_json import Reader
from compiler.manifest import EntryPoint, Manifest, OfCrowds, manifest
from compiler.pinned import elsewhere, pinned
from compiler.types import UNAVAILABLE, Answer
from dsl.frozen import dataclass
from dsl.source import Source
from server.ports import Release
from server.usecases.refusals import NoActiveRules, Refusal

Result = TypeVar("Result")
MANIFESTS = 1024
"""Kept for each version: one for each question asked lately."""


@dataclass(frozen=True, slots=True, eq=False)
class Serving:
    """A version with all that is made of it. A decision takes one of these at its start and stays with it.

    `version`: its hash. `texts` shows what stands at a place of its files. `triggers`: types of events that may open
    occurrences of plans which some decide lists. `plan_versions`: by plan, the version that it is pinned to, where that is
    another. `manifest` says what is fetched for a question, `required` how far back it has to be known, as occurrences are
    kept. `is_last_good`: it came from disk, as the store could not be read.
    """

    version: str
    ruleset: RuleSet
    texts: Texts
    program: Program
    reader: Reader
    quick_reader: QuickReader
    manifest: Callable[[EntryPoint], Manifest]
    required: Callable[[EntryPoint], Manifest]
    triggers: frozenset[str]
    plan_versions: Mapping[str, str] = field(default_factory=dict)
    is_last_good: bool = False

    @classmethod
    def of(cls, ruleset: RuleSet, sources: Iterable[Source]) -> Serving:
        """Compiles what is not compiled yet: seconds for the largest rule sets."""
        serving = cls.made(ruleset.hash, ruleset, Texts(sources))
        serving.manifest(OfCrowds())
        return serving

    @classmethod
    def made(cls, version: str, ruleset: RuleSet, texts: Texts) -> Serving:
        manifest_of = lru_cache(MANIFESTS)(partial(manifest, ruleset))
        required = lru_cache(MANIFESTS)(partial(manifest, ruleset, keeping=True))
        shown = discreet(ruleset)
        reader = Reader(shown)
        return cls(
            version=version,
            ruleset=ruleset,
            texts=texts,
            program=program(ruleset),
            reader=reader,
            quick_reader=QuickReader(shown, reader),
            manifest=manifest_of,
            required=required,
            triggers=triggers(ruleset),
        )

    def pinned(self, other: Serving, plans: Collection[str]) -> Serving | None:
        """This version, in which plans of another (by their names there) stand for those of the same activity: see
        `compiler.pinned`. None if none of them can; those that cannot stay as they are here. Compiles, as `of` does."""
        made = pinned(self.ruleset, other.ruleset, sorted(plans))
        if made is None:
            return None
        texts = self.texts.beside(other.texts, partial(elsewhere, version=other.version))
        versions = {**self.plan_versions, **dict.fromkeys(made.plans, other.version)}
        serving = Serving.made(self.version, made.ruleset, texts)
        return replace(serving, plan_versions=versions, is_last_good=self.is_last_good)

    def membership(self, group: str, facts: Facts) -> Answer:
        """Of a crowd or a list; a list that the facts do not name does not hold the user."""
        if group in self.ruleset.crowds:
            return self.program.crowd(group, facts)
        held = facts.lists.get(group, False)
        return None if held is UNAVAILABLE else held


def triggers(ruleset: RuleSet) -> frozenset[str]:
    listed = (ruleset.plans[plan] for decide in ruleset.decides.values() for plan in decide.plans)
    return frozenset(plan.trigger.event for plan in listed if plan.trigger is not None)


def discreet(ruleset: RuleSet) -> RuleSet:
    """The rule set with every field private, so that errors about facts never show a value."""
    events = {
        name: replace(event, fields=all_private(event.fields)) for name, event in ruleset.events.items()
    }
    return replace(
        ruleset,
        attributes=all_private(ruleset.attributes),
        inputs=all_private(ruleset.inputs),
        events=events,
    )


def all_private(fields: Mapping[str, FieldDef]) -> dict[str, FieldDef]:
    return {name: replace(field, private=True) for name, field in fields.items()}


class Released:
    """A release, ready to serve."""

    def __init__(
        self, release: Release, version: Serving, rest: Serving | None, shadow: Serving | None = None
    ) -> None:
        """`version`, `rest` and `shadow` are those of the release."""
        self.release = release
        self.rest = rest
        self._version = version
        self.shadow = shadow
        # A salt of its own keeps a candidate's users as its share is raised, and gives the next candidate others.
        self._takes = share_test(release.share, f"release {release.version}")
        self._samples = share_test(release.sample, f"shadow {release.shadow}")

    @property
    def all(self) -> tuple[Serving, ...]:
        """What serves anybody; what served before comes first."""
        return (self._version,) if self.rest is None else (self.rest, self._version)

    def for_user(self, user: str) -> Serving:
        """What serves a user; if the release has a crowd, and it is not the rest, then only if that holds them."""
        return self._version if self.rest is None or self._takes(user) else self.rest

    def beside(self, user: str) -> Serving | None:
        """What decides about a user beside what serves them, the same users each time; None where nothing does."""
        return self.shadow if self.shadow is not None and self._samples(user) else None


class ActiveRules:
    """Holds what is serving. It is exchanged as a whole, so that nobody sees half of a release."""

    def __init__(self) -> None:
        self._released: Released | None = None

    @property
    def release(self) -> Release | None:
        """The release that is served here; another process may have ordered a later one."""
        return None if self._released is None else self._released.release

    def released(self) -> Released:
        """What is served. Raises NoActiveRules."""
        if self._released is None:
            raise NoActiveRules
        return self._released

    def beside(self, user: str) -> Serving | None:
        """What decides about a user beside what serves them, for nobody."""
        return None if self._released is None else self._released.beside(user)

    def all(self) -> tuple[Serving, ...]:
        """What serves anybody, one or two; what served before comes first. Raises NoActiveRules."""
        return self.released().all

    def triggers(self) -> frozenset[str]:
        """Types of events that may open occurrences for somebody. Raises NoActiveRules."""
        return frozenset().union(*(serving.triggers for serving in self.all()))

    def accepted(self, by: Callable[[Serving], Result]) -> Result:
        """What a version that serves anybody makes of facts that are about no version: it is enough if one accepts them.

        Raises NoActiveRules, and if every one refuses what `by` raises of the one that served before.
        """
        first, *others = self.all()
        try:
            return by(first)
        except Refusal:
            for serving in others:
                with suppress(Refusal):
                    return by(serving)
            raise

    def adopt(self, released: Released) -> None:
        """Serve a release, unless a later one is served already."""
        if self.release is None or released.release.epoch >= self.release.epoch:
            self._released = released
