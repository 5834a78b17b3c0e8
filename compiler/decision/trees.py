"""Trees: an expression of the IR as nested Python closures, each a function of the Context.

No source text is generated: a name or literal of the user lives in a closure's cell and nowhere else. One builder per
kind of expression, found in a table; `Trees` holds what builders share, the definitions that expressions refer to.

Definitions (crowds, scores, lets) and equal aggregates are computed at most once per Context. They may refer to each
other in chains of any length: where a chain would nest too many calls, a definition becomes a *landing*, which entry
points compute beforehand, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count
from typing import Any, TypeVar

from compiler.checked.ir import Expr, RuleSet
from compiler.decision.context import Context
from dsl.frozen import dataclass

Tree = Callable[[Context], Any]
"""Gives a Value; of a condition, an Answer."""

HEIGHT = 250
"""Calls inside each other from which on a definition becomes a landing. The depth of one expression comes on top."""

_NOT_COMPUTED = object()


@dataclass(frozen=True, slots=True)
class Defined:
    """`height`: how many calls the tree nests at most. `landings`: slots that must be computed before it runs."""

    tree: Tree
    height: int
    landings: frozenset[int]


@dataclass(frozen=True, slots=True)
class Part:
    """Unless it `needs_context` the tree runs on bare facts. `landings`: as of Defined."""

    tree: Tree
    needs_context: bool
    landings: frozenset[int]


class Undefined(LookupError):
    """A reference to what has not been defined yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Building:
    """Where the building of one definition stands."""

    __slots__ = ("deepest", "depth", "landings", "needs_context")

    def __init__(self) -> None:
        self.needs_context = False
        self.depth = 0
        self.deepest = 1
        self.landings: frozenset[int] = frozenset()


_Key = TypeVar("_Key")
_Made = TypeVar("_Made")
_Layers = tuple[dict[_Key, Defined], ...]
"""Definitions by name or by equality; the first layer is one's own, the others are looked up after it."""


def _find(layers: _Layers[_Key], key: _Key) -> Defined | None:
    for layer in layers:
        found = layer.get(key)
        if found is not None:
            return found
    return None


class Trees:
    """Builds trees. `definitions`: how those are made that are defined when an expression first refers to them."""

    def __init__(
        self,
        ruleset: RuleSet,
        builders: Mapping[type[Expr], Callable[[Any, Trees], Tree]],
        definitions: Mapping[str, Callable[[Trees], Tree]],
    ) -> None:
        self.ruleset = ruleset
        self._builders = builders
        self._definitions = definitions
        self._home = self
        """Where those are kept."""
        self._slots = count()
        self._landings: dict[int, Tree] = {}
        self._named: _Layers[str] = ({},)
        self._equal: _Layers[Expr] = ({},)
        self._keeps = True
        self._building = _Building()

    def scope(self) -> Trees:
        """Trees that see these definitions and keep their own to themselves: a plan's lets and terms."""
        inner = Trees(self.ruleset, self._builders, self._definitions)
        inner._home = self._home
        inner._slots, inner._landings, inner._equal = self._slots, self._landings, self._equal
        inner._named = ({}, *self._named)
        return inner

    def visit(self, *, keep: bool = True) -> Trees:
        """A scope that leaves no trace at all, for use while other threads build. Without `keep`, aggregates are
        computed wherever they stand: a rule that is asked alone seldom holds one twice."""
        inner = self.scope()
        inner._home = inner
        inner._landings, inner._equal, inner._keeps = dict(self._landings), ({}, *self._equal), keep
        return inner

    def define(self, name: str, make: Callable[[], Tree]) -> Tree:
        """Makes a definition. The tree that comes back is for outside of any tree, and not kept in the Context."""
        return self._with_needs(lambda: self._define(name, make))

    def define_all(self, names: Iterable[str]) -> dict[str, Tree]:
        """Makes some of the `definitions`, and what they need before them: a crowd may need a score that needs a
        crowd, so the order is found by trying. Gives what `define` does, by name."""
        made: dict[str, Tree] = {}
        for name in names:
            waiting = [] if name in made else [name]
            while waiting:
                last = waiting[-1]
                try:
                    made[last] = self._define(last, partial(self._definitions[last], self))
                    waiting.pop()
                except Undefined as needed:
                    waiting.append(needed.name)
        return made

    def reference(self, name: str) -> Tree:
        """A definition's tree, computed at most once per Context."""
        defined = _find(self._named, name)
        if defined is None:
            raise Undefined(name)
        return self._referred(defined)

    def once(self, expr: Expr, make: Callable[[], Tree]) -> Tree:
        """The tree of `expr`, one for all equal expressions, computed at most once per Context."""
        if not self._keeps:
            return make()
        defined = _find(self._equal, expr)
        if defined is None:
            defined = self._equal[0][expr] = self._defined(make)[0]
        return self._referred(defined)

    def build(self, expr: Expr) -> Tree:
        """The tree of an expression inside the one that is being built."""
        building = self._building
        building.depth += 1
        building.deepest = max(building.deepest, building.depth)
        tree = self._builders[type(expr)](expr, self)
        building.depth -= 1
        return tree

    def kept_entry(self, name: str) -> Tree:
        """A definition's tree, computed at most once per Context, for outside of any tree."""
        tree, building = self._whole(lambda: self.reference(name))
        return self._landed(tree, building.landings)

    def entry(self, expr: Expr) -> Tree:
        """The tree of an expression that is evaluated from outside of any tree."""
        tree, building = self._whole(lambda: self.build(expr))
        return self._landed(tree, building.landings)

    def part(self, expr: Expr) -> Part:
        """The tree of an expression, for who makes something larger of it."""
        tree, building = self._whole(lambda: self.build(expr))
        return Part(tree, building.needs_context, building.landings)

    def needs_context(self) -> None:
        """Says that the tree that is being built keeps something in its Context."""
        self._building.needs_context = True

    def _define(self, name: str, make: Callable[[], Tree]) -> Tree:
        """Undefined: it needs what has to be defined before."""
        defined, tree = self._defined(make)
        self._named[0][name] = defined
        return self._landed(tree, defined.landings)

    def _with_needs(self, make: Callable[[], _Made]) -> _Made:
        """What `make` makes, after the definitions that turn out to be needed."""
        while True:
            try:
                return make()
            except Undefined as needed:
                self._home.define_all([needed.name])

    def _whole(self, make: Callable[[], Tree]) -> tuple[Tree, _Building]:
        return self._with_needs(lambda: self._apart(make))

    def _defined(self, make: Callable[[], Tree]) -> tuple[Defined, Tree]:
        tree, built = self._apart(make)
        slot = next(self._slots)
        kept = kept_in(slot, tree)
        if built.deepest <= HEIGHT:
            return Defined(kept, built.deepest + 1, built.landings), tree
        self._landings[slot] = kept
        return Defined(kept, 1, built.landings | {slot}), tree

    def _apart(self, make: Callable[[], Tree]) -> tuple[Tree, _Building]:
        """A tree that is not a part of the one being built."""
        outer, self._building = self._building, _Building()
        try:
            return make(), self._building
        finally:
            self._building = outer

    def _referred(self, defined: Defined) -> Tree:
        building = self._building
        building.needs_context = True
        building.deepest = max(building.deepest, building.depth + defined.height)
        if not defined.landings <= building.landings:
            building.landings |= defined.landings
        return defined.tree

    def _landed(self, tree: Tree, landings: frozenset[int]) -> Tree:
        if not landings:
            return tree
        before = tuple(self._landings[slot] for slot in sorted(landings))

        def landed(context: Context) -> Any:
            for landing in before:
                landing(context)
            return tree(context)

        return landed


def kept_in(slot: int, tree: Tree) -> Tree:
    """The tree, computed at most once per Context."""

    def kept(context: Context) -> Any:
        memo = context.memo
        value = memo.get(slot, _NOT_COMPUTED)
        if value is _NOT_COMPUTED:
            value = memo[slot] = tree(context)
        return value

    return kept
