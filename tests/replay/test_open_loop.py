"""The open loop: both versions, on the facts of each record, whatever has become of the version that made it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiler import interpret
from compiler.outcome import Decision
from dsl.source import Source
from server.adapters.log.archive import ParquetArchive
from server.adapters.log.rows import RecordWriter
from server.ports import RuleFiles
from server.replay import parts
from server.replay.answering import Answering
from server.replay.on_record import Places, on_record
from server.replay.open_loop import OTHERWISE, OpenJob, OpenLoop
from server.replay.pairs import Pair, Status
from server.replay.parts import spread
from server.replay.programs import Programs
from server.replay.recorded import LACKING
from server.replay.tally import Tally
from tests.log.records import records, stored
from tests.replay.logs import CART, SHOP, files, replayed, rows, serving, store

TOUCH = {"time": "2026-03-01T10:00:00Z", "channel": "push", "activity": "hello", "occurrence": "hello/o"}
NEWER = r"cap (\w+)( tagged \w+)? (\d+) (per|in)"


def pairs(archive: ParquetArchive, base: str, candidate: str) -> dict[str, Pair]:
    texts = {serving(text).version: files(text) for text in (base, candidate)}
    loop = OpenLoop(Programs(archive, texts), serving(base).version, serving(candidate).version)
    return {pair.id: pair for pair in map(loop, stored(archive))}


@pytest.mark.parametrize("seed", range(4))
def test_both_answers_are_those_of_the_reference_interpreter(seed: int, tmp_path: Path) -> None:
    made, answers = records(seed, 40)
    text = made.files.files[0].text
    candidate = re.sub(r"per (day|week)", "per month", re.sub(r"quiet \d\d", "quiet 01", text))
    known = {each.decision_id: each for each in answers}
    write = RecordWriter(mask=False)
    archive = store(tmp_path, map(write, known.values()), text)
    other = serving(candidate).ruleset
    for id, pair in pairs(archive, text, candidate).items():
        record = known[id]
        if isinstance(record.outcome, Decision) and pair.question and not pair.question.remarks:
            again = interpret.decide(other, str(record.asked["decide"]), record.facts)
            assert (pair.before.verdict, pair.before.plan) == (
                record.outcome.verdict.value,
                record.outcome.plan,
            )
            assert (pair.after.verdict, pair.after.plan) == (again.verdict.value, again.plan)
            assert pair.status is (Status.SAME if pair.before == pair.after else Status.CHANGED)


# ---- what the candidate does not have, and what the record does not


def changed(archive: ParquetArchive, text: str, candidate: str) -> Pair:
    (pair,) = pairs(archive, text, candidate).values()
    return pair


def test_a_plan_that_was_renamed_keeps_its_occurrences(tmp_path: Path) -> None:
    opened = [{"plan": "nudge", "event_id": "e1"}]
    archive = store(tmp_path, rows(SHOP, [{"user": {"id": "u"}, "events": [CART], "opened": opened}]), SHOP)
    renamed = SHOP.replace("plan nudge", "plan push_nudge was nudge").replace(
        "among nudge", "among push_nudge"
    )
    pair = changed(archive, SHOP, renamed)
    assert (pair.before.plan, pair.after.plan) == ("nudge", "push_nudge")
    dropped = SHOP.replace("among nudge, hello", "among hello")
    assert changed(archive, SHOP, dropped).after.plan is None


def test_a_plan_that_was_renamed_stays_with_the_version_that_opened_it(tmp_path: Path) -> None:
    earlier = SHOP.replace('send push "nudge"', 'send push "old"')
    opened = [{"plan": "nudge", "event_id": "e1"}]
    made = rows(SHOP, [{"user": {"id": "u"}, "events": [CART], "opened": opened}])
    pinned = [{**row, "plan_versions": [f"nudge={serving(earlier).version}"]} for row in made]
    archive = store(tmp_path, pinned, SHOP, earlier)
    renamed = SHOP.replace("plan nudge", "plan push_nudge was nudge").replace(
        "among nudge", "among push_nudge"
    )
    pair = changed(archive, SHOP, renamed)
    assert (pair.before.plan, pair.before.content) == ("nudge", "old")
    assert (pair.after.plan, pair.after.content) == ("push_nudge", "old")


def test_what_the_candidate_does_not_declare_is_left_out_of_the_facts(tmp_path: Path) -> None:
    known = {"user": {"id": "u", "country": "de"}, "events": [CART], "lists": ["staff"]}
    archive = store(tmp_path, rows(SHOP, [{**known, "known_since": {"cart": "2026-01-01T00:00:00Z"}}]), SHOP)
    start, end = SHOP.index("plan nudge"), SHOP.index("plan hello")
    without = SHOP[:start] + SHOP[end:].replace("among nudge, hello", "among hello")
    without = without.replace("event cart { sku: text  price: money EUR }\n", "").replace("list staff\n", "")
    pair = changed(archive, SHOP, without)
    assert pair.status is Status.CHANGED and pair.after.plan == "hello"


def test_what_is_not_on_record_is_unknown_to_the_candidate_and_said(tmp_path: Path) -> None:
    archive = store(tmp_path, rows(SHOP, [{"user": {"id": "u", "country": "de", "tier": 3}}]), SHOP)
    asks = SHOP.replace('"de"', '"de" and user.tier is missing')
    pair = changed(archive, SHOP, asks)
    assert (pair.before.plan, pair.after.plan) == ("hello", None)
    assert pair.question is not None and pair.question.remarks == (LACKING.format("user.tier"),)
    tally = replayed(archive, SHOP, asks)
    assert tally.notes == {LACKING.format("user.tier"): (1, "d0")}


@pytest.mark.parametrize(
    ("before", "after", "lacked"),
    [
        ('"de"', '"de" and count of order within 9 days >= 0', ()),
        ("in any 7 days", "in any 7000 days", ()),  # `once per` looks at all touches
        ('"de"', '"de" and did not order where total > 5 EUR within 7 days', ("order.total",)),
        ('"de"', '"de" and user not in staff', ("staff",)),
        ("once per sku", "once per sku\n  budget 5 total", ("budgets",)),
    ],
)
def test_what_was_looked_at_is_on_record(
    before: str, after: str, lacked: tuple[str, ...], tmp_path: Path
) -> None:
    archive = store(tmp_path, rows(SHOP, [{"user": {"id": "u", "country": "de"}, "events": [CART]}]), SHOP)
    question = changed(archive, SHOP, SHOP.replace(before, after)).question
    assert question is not None and question.remarks == tuple(map(LACKING.format, lacked))


def test_events_are_unknown_before_the_record_begins(tmp_path: Path) -> None:
    week = SHOP.replace("on cart wait 1 hour unless order\n  once per sku", "for buyers")
    week = week.replace("crowd german", "crowd buyers { did order within 7 days }\ncrowd german")
    order = {"event": "order", "event_id": "o", "time": "2026-02-20T10:00:00Z"}
    order |= {"fields": {"total": {"amount": "9.00", "currency": "EUR"}}}
    archive = store(tmp_path, rows(week, [{"user": {"id": "u"}, "events": [order]}]), week)
    pair = changed(archive, week, week.replace("order within 7", "order within 30"))
    assert pair.question is not None and pair.question.remarks == (LACKING.format("earlier order"),)
    assert pair.after.plan is None


def test_a_version_without_an_answer_is_an_error_of_that_version(tmp_path: Path) -> None:
    archive = store(tmp_path, rows(SHOP, [{"user": {"id": "u", "country": "de"}}]), SHOP)
    other = changed(archive, SHOP, SHOP.replace("decide best", "decide better"))
    assert (other.status, other.why) == (Status.ERROR, "unknown decide `best`")
    typed = changed(archive, SHOP, SHOP.replace("country: text", "country: int").replace('"de"', "49"))
    assert (typed.status, typed.why) == (Status.ERROR, "its facts cannot be read: `user.country`")


def test_a_third_version_is_asked_for_both(tmp_path: Path) -> None:
    archive = store(tmp_path, rows(SHOP, [{"user": {"id": "u", "country": "de"}}]), SHOP)
    french, none = SHOP.replace('"de"', '"fr"'), SHOP.replace("  for german\n", "")
    pair = changed(archive, french, none)
    assert (pair.before.verdict, pair.after.verdict) == ("none", "send")


def test_a_record_that_comes_out_otherwise_is_noted_and_blamed_on_no_version(tmp_path: Path) -> None:
    (made,) = rows(SHOP, [{"user": {"id": "u", "country": "fr"}}])
    outcome = made["outcome"].replace('"verdict":"none"', '"verdict":"block"', 1)
    archive = store(tmp_path, [{**made, "outcome": outcome}], SHOP)
    tally = replayed(archive, SHOP, SHOP.replace("7 days", "8 days"))
    assert tally.all_asked.statuses == {Status.SAME: 1}
    assert tally.notes == {OTHERWISE: (1, "d0")}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_on_record_is_what_deciding_gives(seed: int, tmp_path: Path) -> None:
    made, answers = records(seed, 60)
    answering, write = Answering(made.serving.ruleset, made.files.files), RecordWriter(mask=False)
    known = [
        (
            on_record(each.kind, write(each)["outcome"], Places({})),
            answering.answered(each.outcome, each.facts),
        )
        for each in answers
    ]
    compared = [(one, other) for one, other in known if one is not None]
    assert len(compared) > 10
    for one, other in compared:
        assert (one, one.limits) == (other, other.limits)


@pytest.mark.parametrize("blank_lines", [0, 2])
def test_limits_are_those_of_the_base_as_it_is_given(blank_lines: int, tmp_path: Path) -> None:
    """Not as the server had it that put them on record: under another name, and laid out otherwise."""
    capped = {"user": {"id": "u"}, "events": [CART], "opened": [{"plan": "nudge", "event_id": "e1"}]}
    archive = store(tmp_path, rows(SHOP, [capped | {"touches": [TOUCH, TOUCH]}]), SHOP)
    version, candidate = serving(SHOP).version, SHOP.replace("value 1 EUR", "value 1.50 EUR")
    text = SHOP.replace("policy", "\n" * blank_lines + "policy")
    laid_out = RuleFiles((Source("here.sua", text),))
    given = {version: laid_out, serving(candidate).version: files(candidate)}
    (record,) = stored(archive)
    pair = OpenLoop(Programs(archive, given), version, serving(candidate).version)(record)
    assert pair.status is Status.SAME
    assert pair.before.limits == (f"policy gentle at here.sua:{7 + blank_lines}: cap",)
    assert pair.after.limits == ("policy gentle at rules.sua:7: cap",)


# ---- processes


def test_some_processes_count_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FEW", 1)
    people = [{"user": {"id": f"u{number}", "country": ("de", "fr")[number % 2]}} for number in range(40)]
    of = rows(SHOP, people)
    for number in range(4):
        store(tmp_path, of[number * 10 : number * 10 + 10], SHOP)
    archive = ParquetArchive(tmp_path)
    candidate = SHOP.replace('"de"', '"fr"')
    texts = {serving(text).version: files(text) for text in (SHOP, candidate)}
    job = OpenJob(archive, serving(SHOP).version, serving(candidate).version, texts)
    whole, found = Tally(), list(spread(job, archive.parts(), 2))
    assert len(found) == 4
    for _, tally in found:
        whole.merge(tally)
    assert whole == replayed(archive, SHOP, candidate)
    assert whole.all_asked.statuses == {Status.CHANGED: 40}
