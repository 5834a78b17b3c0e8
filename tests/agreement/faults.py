"""Faults put into the decision program on purpose: does the comparison find each? `python -m tests.agreement.faults`.

Each fault changes one place of the fast path in a copy of the code; the copy then runs the comparison, seed by seed, until
the interpreter and the changed program answer differently. The code is copied once, before all, so that edits during the run do not
disturb it, and the copy without a fault has to agree. Writes docs/agreement-faults.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "agreement-faults.md"
PARTS = ("dsl", "compiler", "stdlib", "tests/agreement")
SEEDS = 200


@dataclass(frozen=True)
class Fault:
    """In `file` below compiler/, the only occurrence of `old` becomes `new`."""

    file: str
    old: str
    new: str
    words: str


def fault(file: str, old: str, new: str, words: str) -> Fault:
    return Fault(file, old, new, words)


W, E, L, C, OCC = (f"decision/{name}.py" for name in ("windows", "events", "limits", "choose", "occurrences"))

FAULTS = (
    fault(W, "first = 0 if events[0].time > start else bisect_right(events, start, key=TIME)\n        if events[-1].time <= now:\n            return events[first:]", "first = bisect_left(events, start, key=TIME)\n        if events[-1].time <= now:\n            return events[first:]", "a rolling window holds its own start"),
    fault(W, "first = 0 if events[0].time > start else bisect_right(events, start, key=TIME)\n        if events[-1].time <= now:\n            return len(events) - first", "first = bisect_left(events, start, key=TIME)\n        if events[-1].time <= now:\n            return len(events) - first", "a count's window holds its own start"),
    fault(W, "return bisect_right(events, now, key=TIME) - first", "return bisect_left(events, now, key=TIME) - first", "an event right now is not counted, if later ones are known"),
    fault(W, "bisect_left(events, start, key=TIME) : bisect_left(events, end, key=TIME)", "bisect_left(events, start, key=TIME) : bisect_right(events, end, key=TIME)", "a fixed range holds the instant behind its end"),
    fault(W, "return local_date(zone, horizon - 1) >= local_date(zone, context.now)", "return local_date(zone, horizon) >= local_date(zone, context.now)", "today's horizon is off by a microsecond"),
    fault(W, "Ever: lambda window, trees: lambda context, horizon: True,", "Ever: lambda window, trees: lambda context, horizon: False,", "`ever` looks behind the horizon"),
    fault(W, "Fixed: lambda window, trees: lambda context, horizon: window.start < horizon,", "Fixed: lambda window, trees: lambda context, horizon: window.end < horizon,", "a fixed range asks for its end alone"),
    fault(E, "return False if len(taken) + len(unknown) < at_least else None", "return False if len(taken) < at_least else None", "unknown events cannot make `did` unknown"),
    fault(E, "return False if taken + unknown < at_least else None", "return None if unknown else False", "one unknown event is enough, however many are asked for"),
    fault(E, "return UNAVAILABLE if name in context.known_since else None", "return None", "no last event is missing, though history is short"),
    fault(E, "if last is not None and last >= time:", "if last is not None and last > time:", "`without` overlooks an event of the same instant"),
    fault(E, "return None if self.last_missing is not None and self.last_missing >= time else False", "return False", "`without` takes a missing key for another key"),
    fault(E, "if start < len(firsts) and firsts[start].time < then.time:", "if start < len(firsts) and firsts[start].time <= then.time:", "a sequence within one instant"),
    fault(E, "earliest = max(earliest, breaks[broken - 1].time)", "earliest = max(earliest, breaks[broken - 1].time + 1)", "a sequence is broken by what came with its start"),
    fault(E, "unsure = unsure or _followed(sure_first, maybe_then, breaks, inside)", "pass", "an unknown second step makes nothing unknown"),
    fault("decision/alone.py", "return _Term(writing.read(expr.term), _MISSING, _UNAVAILABLE)", "return _Term(writing.read(expr.term), _ABSENT, _UNAVAILABLE)", "unavailable is missing, to a crowd asked alone"),
    fault("decision/alone.py", "settles_on = settling != term.is_negated", "settles_on = settling", "a crowd asked alone overlooks a `not`"),
    fault("decision/alone.py", "return nodes.when(test, [nodes.when(term.unknown, [unsettle], settle)])", "return nodes.when(test, settle)", "an unknown term of a crowd asked alone is a no"),
    fault("decision/alone.py", "return _Term([first, nodes.once(steps)], whole, nodes.is_none(whole))", "return _Term([first, nodes.once(steps)], whole, nodes.compare(whole, \"is\", nodes.constant(True)))", "an inner chain of a crowd asked alone is never unknown"),
    fault("decision/conditions.py", "return None if value is UNAVAILABLE else value is None", "return value is None or value is UNAVAILABLE", "unavailable is missing"),
    fault("decision/conditions.py", "return None if held is UNAVAILABLE else held", "return False if held is UNAVAILABLE else held", "an unavailable list holds nobody"),
    fault("decision/values.py", "if answer is None:\n                return None\n            if answer:", "if answer:", "a pick passes over an unknown arm"),
    fault("decision/values.py", "return fallback(context) if value is None else value", "return fallback(context) if value is None or value is UNAVAILABLE else value", "`otherwise` hides an outage"),
    fault("decision/values.py", "return own if isinstance(own, str) and known_zone(own) else fallback", "return fallback", "everybody lives in the settings' zone"),
    fault("decision/arithmetic.py", "return duration // DAY if duration >= 0 else -(-duration // DAY)", "return duration // DAY", "negative spans round down to days"),
    fault("decision/arithmetic.py", "return half_away(amount * numerator, denominator)", "return amount * numerator // denominator", "money is cut instead of rounded"),
    fault("decision/arithmetic.py", "return value if INT_MIN <= value <= INT_MAX else None", "return value", "ints have no end"),
    fault("decision/aggregates.py", "lambda events: events[-1].fields.get(field.name) if events else None", "lambda events: next((event.fields[field.name] for event in reversed(events) if event.fields.get(field.name) is not None), None)", "`last` passes over a missing field"),
    fault("decision/scores.py", "if threshold <= points:", "if threshold < points:", "a grade begins behind its threshold"),
    fault("decision/scores.py", "unknown = answer is None or value is None or points is None", "unknown = value is None or points is None", "an unknown line scores"),
    fault("decision/shares.py", "return int(digest[:DIGITS], 16) < limit", "return int(digest[:DIGITS], 16) <= limit * 2", "a share is twice its size"),
    fault(L, "return None if last is None or last <= start else", "return None if last is None or last < start else", "a cooldown is a microsecond too long"),
    fault(L, "if touch.counted and not (own and is_of(touch, own))", "if not (own and is_of(touch, own))", "a cooldown after sends that do not count"),
    fault(L, "if len(used) < limit.limit:", "if len(used) <= limit.limit:", "a cap lets one more through"),
    fault(L, "return replace(reason, until=free(moment, used[-limit.limit])) if limit.limit else reason", "return replace(reason, until=free(moment, used[0])) if limit.limit else reason", "a cap is free when its first touch leaves"),
    fault(L, "return replace(reason, because=Because.UNAVAILABLE, answer=None, until=None) if is_marketing else None", "return None", "marketing goes out without a counter"),
    fault("decision/periods.py", "if instant > moment.at - span]", "if instant >= moment.at - span]", "a rolling cap is a microsecond too long"),
    fault("decision/channels.py", "spoken = by_answer(Reason(Because.NEVER, owner, never.span, sending.channel))", "spoken = {**by_answer(Reason(Because.NEVER, owner, never.span, sending.channel)), None: None}", "an unknown prohibition does not hold"),
    fault("decision/channels.py", "(by_answer(Reason(Because.BLOCK, policy.key, group.span)), trees", "({**by_answer(Reason(Because.BLOCK, policy.key, group.span)), None: None}, trees", "an unknown black list does not hold"),
    fault(C, "return sorted(ranked, key=_rank_of, reverse=True) + [each for each in listed if _is_unranked(each)]", "return sorted(ranked[::-1], key=_rank_of, reverse=True) + [each for each in listed if _is_unranked(each)]", "a tie goes to the plan listed last"),
    fault(C, "if not (self._holds_out and each.plan.is_marketing)", "if True", "the held out get attempts"),
    fault("decision/audiences.py", "self._index.numbers(yes | unknown)", "self._index.numbers(yes)", "the index overlooks audiences that are unknown"),
    fault("decision/audiences.py", "[True if yes >> bit & 1 else None if unknown", "[True if (yes | unknown) >> bit & 1 else None if unknown", "the index takes unknown audiences for eligible"),
    fault(OCC, "if expiry is not None and now >= expiry:", "if expiry is not None and now > expiry:", "an occurrence lives a microsecond too long"),
    fault(OCC, "if where(context) is not False:", "if where(context):", "an unknown `unless` does not cancel"),
    fault(OCC, "return State.SCHEDULED if now < event.time + self._trigger.wait else State.RIPE", "return State.SCHEDULED if now <= event.time + self._trigger.wait else State.RIPE", "due a microsecond late"),
    fault(OCC, "first = min(ripe, key=lambda each: (each.has_ended, each.due, each.event.id))", "first = max(ripe, key=lambda each: (each.due, each.event.id))", "the newest occurrence is judged"),
    fault("decision/budgets.py", "facts.budgets.get(owner, 0) + needed <= budget.amount", "facts.budgets.get(owner, 0) + needed < budget.amount", "the last of a budget is not spent"),
    fault("decision/onces.py", "return touch.activity == activity and not (by_occurrence and touch.occurrence != moment.occurrence)", "return touch.activity == activity", "once per field is once per user"),
    fault("decision/gates.py", "held_out = self.is_marketing and (seat.holds_out or self.is_held_out(case.context.facts))", "held_out = False", "the held out are limited as if they were not"),
    fault("decision/gates.py", "            if answer is not True\n", "            if answer is False\n", "an unknown audience is eligible"),
    fault("calendar/quiet.py", "first_instant(zone, d + days_on, end_minute))", 'first_instant(zone, d + days_on, end_minute, fold="earlier"))', "quiet hours end at the earlier reading of a fold"),
    fault("calendar/quiet.py", "if begin <= instant < end:", "if begin < instant < end:", "quiet hours begin a microsecond late"),
)  # fmt: skip


def fits(found: Fault, root: Path = ROOT) -> bool:
    """Whether the code is still as the fault expects it."""
    return (root / "compiler" / found.file).read_text(encoding="utf-8").count(found.old) == 1


def plant(found: Fault, root: Path) -> None:
    path = root / "compiler" / found.file
    path.write_text(path.read_text(encoding="utf-8").replace(found.old, found.new), encoding="utf-8")


def search(kept: Path, found: Fault | None) -> str | None:
    """How many comparisons the fault survived in a copy of the code that is kept; None if it was not found."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        copy(kept, root)
        if found:
            plant(found, root)
        script = (
            f"from tests.agreement.faults import first_difference; first_difference({SEEDS if found else 1})"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={"PYTHONPATH": str(root), "PYTHONTZPATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{found.words if found else 'no fault'}: {done.stderr}")
    return done.stdout.strip() or None


def copy(root: Path, to: Path) -> None:
    for part in PARTS:
        shutil.copytree(root / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))


def first_difference(seeds: int) -> None:
    """Prints how many pairs and decisions were compared until the readings parted, nothing if they did not."""
    from tests.agreement.compare import Tally, compare_decisions, compare_rules

    tally = Tally()
    for seed in range(seeds):
        for compare, people in ((compare_rules, 12), (compare_decisions, 40)):
            tally.add(compare(seed, people))
            if tally.differences:
                print(f"{tally.pairs:,} pairs, {tally.decisions:,} decisions")
                return


def search_all(jobs: int) -> list[str | None]:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        kept = Path(folder)
        copy(ROOT, kept)
        if search(kept, None):
            raise RuntimeError("the readings part without a fault")
        return list(pool.map(partial(search, kept), FAULTS))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    results = search_all(options.parse_args().jobs)
    rows = "\n".join(
        f"| {each.words} | `compiler/{each.file}` | {result or '**not found**'} |"
        for each, result in zip(FAULTS, results, strict=True)
    )
    lost = results.count(None)
    text = f"""# Seeded faults

Each was put into a copy of the decision program, alone; the comparison with the interpreter (`tests/agreement`, seeds from 0) then ran
until the two answered differently. {len(FAULTS) - lost} of {len(FAULTS)} were found.

| fault | in | found within |
|---|---|---|
{rows}
"""
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
