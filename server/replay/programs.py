"""Versions that answer again, from the files that were kept of them or given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compiler.checked.ir import RuleSet
from compiler.driver import Compiled, compile_ruleset
from compiler.pinned import pinned
from server.ports.log import DecisionArchive
from server.ports.rules import RuleFiles
from server.replay.answering import Answering
from server.replay.questions import CannotAnswer

KEPT = 128
"""Versions that answer, with plans of others among them each by itself: then they are made anew."""


@dataclass(frozen=True, slots=True)
class Version:
    """Rules, and what they were compiled from."""

    ruleset: RuleSet
    compiled: Compiled


class Programs:
    """Versions by name; what was made of one stays for the next record. `given`: files of versions that the log need not
    have kept."""

    def __init__(self, archive: DecisionArchive, given: Mapping[str, RuleFiles] | None = None) -> None:
        self._archive = archive
        self._given = dict(given or {})
        self._versions: dict[str, Version | CannotAnswer] = {}
        self._answering: dict[tuple[str, ...], Answering] = {}

    def __call__(self, version: str, pins: Sequence[str] = ()) -> Answering:
        """`pins`: `activity=version` for plans that another version opened, whatever their names are here. Raises CannotAnswer."""
        key = (version, *pins)
        if key not in self._answering:
            if len(self._answering) >= KEPT:
                self._answering.clear()
            sources = self._version(version).compiled.sources.values()
            self._answering[key] = Answering(self._together(version, pins), sources)
        return self._answering[key]

    def compiled(self, version: str) -> Compiled:
        """Raises CannotAnswer."""
        return self._version(version).compiled

    def give(self, version: str, rules: RuleFiles) -> None:
        """Files of one more version, if none of it were given."""
        self._given.setdefault(version, rules)

    def rules(self, version: str) -> RuleFiles:
        """Raises CannotAnswer and OSError."""
        rules = self._given.get(version) or self._archive.rules(version)
        if rules is None:
            raise CannotAnswer(f"the files of version {version} were not kept")
        return rules

    def is_as_kept(self, version: str) -> bool:
        """Whether the files are those that the log kept, under the same names."""
        names = self.names_now(version)
        return names is not None and all(before == now for before, now in names.items())

    def names_now(self, version: str) -> Mapping[str, str] | None:
        """The names of its files that are on record -> those that they have here; None if these are laid out otherwise, or none were kept, so
        that lines on record are not theirs."""
        try:
            kept = self._archive.rules(version)
        except OSError:
            return None
        given = self._given.get(version, kept)
        if kept is None or given is None:
            return None
        before, after = names_by_text(kept), names_by_text(given)
        return {before[text]: after[text] for text in before} if before.keys() == after.keys() else None

    def pins(self, version: str, plan_versions: Sequence[str]) -> tuple[str, ...]:
        """What its records have as `plan=version`, by the names of this version. Raises CannotAnswer."""
        if not plan_versions:
            return ()
        plans = self._version(version).ruleset.plans
        named = (each.rpartition("=") for each in plan_versions)
        return tuple(f"{plans[plan].activity}={other}" for plan, _, other in named if plan in plans)

    def _together(self, version: str, pins: Sequence[str]) -> RuleSet:
        """The rules of a version, with plans of others as far as they fit."""
        ruleset = self._version(version).ruleset
        by_version: dict[str, set[str]] = {}
        for each in pins:
            activity, _, other = each.rpartition("=")
            by_version.setdefault(other, set()).add(activity)
        for other, activities in by_version.items():
            there = self._version(other).ruleset
            names = [name for name, plan in there.plans.items() if plan.activity in activities]
            made = pinned(ruleset, there, sorted(names))
            ruleset = made.ruleset if made else ruleset
        return ruleset

    def _version(self, version: str) -> Version:
        found = self._versions.get(version) or self._found(version)
        self._versions[version] = found
        if isinstance(found, CannotAnswer):
            raise found
        return found

    def _found(self, version: str) -> Version | CannotAnswer:
        try:
            return self._compiled(version)
        except CannotAnswer as error:
            return error
        except OSError:
            return CannotAnswer(f"the files of version {version} cannot be read")

    def _compiled(self, version: str) -> Version:
        rules = self.rules(version)
        compiled = compile_ruleset(rules.files, beside=rules.modules)
        if compiled.ruleset is None or compiled.ruleset.hash != version:
            raise CannotAnswer(
                f"version {version} was made with another language edition or standard library"
            )
        return Version(compiled.ruleset, compiled)


def names_by_text(rules: RuleFiles) -> dict[str, str]:
    """No two texts are the same, but of files that declare nothing."""
    return {each.text: each.name for each in (*rules.files, *rules.modules)}
