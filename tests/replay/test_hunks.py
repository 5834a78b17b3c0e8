"""Between two texts lie all those that have some of what is new."""

from __future__ import annotations

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from dsl.source import Source
from server.ports import RuleFiles
from server.replay.hunks import MOST, Difference

lines = st.lists(st.sampled_from(("a", "b", "c", "", "}")), max_size=12)
texts = lines.map("\n".join)


def files(*texts: str, names: str = "abc") -> RuleFiles:
    return RuleFiles(tuple(Source(f"{name}.sua", text) for name, text in zip(names, texts, strict=False)))


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=2))
def test_with_no_hunk_it_is_the_base_with_all_the_candidate(two: list[tuple[str, str]]) -> None:
    base, candidate = files(*(one for one, _ in two)), files(*(other for _, other in two))
    difference = Difference(base, candidate)
    assert difference.between(()) == base
    assert difference.between(difference.hunks) == candidate


@given(texts, texts, st.data())
def test_what_is_taken_out_again_leaves_the_rest(before: str, after: str, data: st.DataObject) -> None:
    """Each hunk by itself brings its lines and nothing else."""
    difference = Difference(files(before), files(after))
    chosen = [hunk for hunk in difference.hunks if data.draw(st.booleans())]
    (made,) = difference.between(chosen).files
    grown = sum(hunk.grown for hunk in chosen)
    assert len(made.text.split("\n")) == len(before.split("\n")) + grown


@given(texts, texts)
def test_a_line_that_stayed_is_found_where_it_is_now(before: str, after: str) -> None:
    difference = Difference(files(before), files(after))
    matcher = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    for start, start_after, size in matcher.get_matching_blocks():
        for at in range(size):
            assert difference.moved("a.sua", start + at + 1) == ("a.sua", start_after + at + 1)


def test_files_are_the_same_by_their_names_by_what_they_end_in_or_as_the_only_ones_left() -> None:
    base = RuleFiles((Source("v1/a.sua", "a"), Source("v1/b.sua", "b"), Source("old.sua", "c")))
    candidate = RuleFiles((Source("v2/b.sua", "b"), Source("v2/a.sua", "a"), Source("new.sua", "c")))
    assert Difference(base, candidate).hunks == ()


def test_a_file_that_came_or_went_is_told_whole_and_is_not_there_without_it() -> None:
    base, candidate = files("a", "b"), files("a", "b", "c\n\nd")
    difference = Difference(base, candidate)
    assert [(hunk.start_after, hunk.end_after) for hunk in difference.hunks] == [(0, 2), (2, 3)]
    assert difference.between(()) == base
    assert Difference(candidate, base).between(Difference(candidate, base).hunks) == base


def test_where_there_are_many_those_that_are_near_go_together() -> None:
    before = [f"line {number}" for number in range(1000)]
    after = [line.upper() if number % 25 == 0 or number < 300 else line for number, line in enumerate(before)]
    difference = Difference(files("\n".join(before)), files("\n".join(after)))
    assert len(difference.hunks) == MOST
    assert difference.between(difference.hunks) == files("\n".join(after))
