"""How a finding is shown."""

import pytest

from dsl.diagnostics import Diagnostic, Fix, arrange, as_json, render, render_all, suggest
from dsl.source import Place, Source, Span


def finding(span: Span, label: str | None = "here", file: str = "a.sua", **more: object) -> Diagnostic:
    return Diagnostic("S201", "error", "unknown event `x`", Place(file, span), label, **more)  # type: ignore[arg-type]


def lines(text: str, span: Span) -> list[str]:
    """The lines that show `text`, below the head."""
    return render(finding(span), Source("a.sua", text)).split("\n")[2:]


def test_the_form() -> None:
    source = Source("rescue.sua", "\n" * 13 + "  and did not order_payed within 7 days")
    place = Place("rescue.sua", Span(14, 15, 14, 26))
    notes = ("declared events: cart_add, email_open, order_paid",)
    found = Diagnostic(
        "S201", "error", "unknown event `order_payed`", place, "did you mean `order_paid`?", notes
    )
    # the form that was designed before there was code
    assert render(found, source) == (
        "error[S201]: unknown event `order_payed`\n"
        "   ┌─ rescue.sua:14:15\n"
        "14 │   and did not order_payed within 7 days\n"
        "   │               ^^^^^^^^^^^ did you mean `order_paid`?\n"
        "declared events: cart_add, email_open, order_paid"
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "indent", "length"),
    [
        ("crowd x", 7, 8, 6, 1),
        ("\tcrowd x", 8, 9, 10, 1),  # a tab is four blanks
        ('"日本" x', 6, 7, 7, 1),  # each of the two is two cells wide
        ('"日本" x', 2, 4, 1, 4),
        ('"🎁👩‍👩‍👧" x', 10, 11, 7, 1),  # a family is one picture of two cells
        ("x\u200by", 3, 4, 2, 1),  # what cannot be seen is shown by a sign
        ("crowd", 6, 7, 5, 1),  # behind the end
        ("crowd", 3, 3, 2, 1),  # of no width
    ],
)
def test_the_mark_stands_under_what_it_marks(
    text: str, start: int, end: int, indent: int, length: int
) -> None:
    mark = lines(text, Span(1, start, 1, end))[1]
    assert mark == f"  │ {' ' * indent}{'^' * length} here"


def test_a_long_line_is_cut_round_its_mark() -> None:
    text = "a" * 5000 + "MARK" + "b" * 5000
    shown, mark = lines(text, Span(1, 5001, 1, 5005))
    assert shown.startswith("1 │ …a") and shown.endswith("b…") and len(shown) < 110
    assert shown[mark.index("^") :].startswith("MARK") and "^^^^ here" in mark
    shown, mark = lines(text, Span(1, 1, 1, 10_000))
    assert len(shown) < 110 and len(mark) < 120


def test_several_lines_are_marked_at_both_ends() -> None:
    text = "crowd a {\n  b\n  c\n  d }"
    assert lines(text, Span(1, 9, 2, 4)) == ["1 │ crowd a {", "  │         ^", "2 │   b", "  │   ^ here"]
    assert lines(text, Span(1, 9, 4, 6))[1:4] == ["  │         ^", "  ⋮", "4 │   d }"]


def test_nothing_steers_the_terminal() -> None:
    name = "a\x1b]0;owned\x07.sua"
    source = Source(name, "crowd \x1b[31mred\u202e\x00\ud800")
    found = Diagnostic("S001", "error", "bad \x1b[2J", Place(name, Span(1, 7, 1, 9)), "\x1b", ("\x9b1m",))
    assert not {"\x1b", "\x07", "\x00", "\x9b", "\u202e", "\ud800"} & set(render_all([found], [source]))


def test_without_a_place_or_its_source() -> None:
    assert render(Diagnostic("S220", "error", "no rules", None), None) == "error[S220]: no rules"
    assert render(finding(Span(3, 1, 3, 2)), None).split("\n")[1:] == ["  ┌─ a.sua:3:1", "  │ here"]
    assert lines("one line", Span(7, 1, 7, 2)) == ["  │ here"]


def test_a_fix_is_named_unless_the_words_name_it() -> None:
    place = Place("a.sua", Span(1, 1, 1, 2))
    assert render(finding(place.span, fix=Fix(place, "crowd")), None).endswith("\nfix: write `crowd`")
    assert "fix:" not in render(finding(place.span, "write `crowd`", fix=Fix(place, "crowd")), None)


def test_sorted_each_once_and_capped() -> None:
    found = [finding(Span(line, 1, line, 2), file=file) for file in "ba" for line in (12, 3, 3)]
    found.append(Diagnostic("W401", "warning", "odd", Place("c", Span(1, 1, 1, 2))))
    shown, left_out = arrange(found, limit=3)
    assert [str(one.place) for one in shown] == ["a:3", "a:12", "b:3"]
    assert left_out == "1 more error and 1 more warning not shown; mend the first ones and look again"
    assert arrange(found)[1] is None
    assert render_all([], []) == ""
    assert render_all(found, [], limit=3).count("error[S201]") == 3


def test_colour_changes_nothing_but_colour() -> None:
    source = Source("a.sua", "crowd x")
    coloured = render(finding(Span(1, 7, 1, 8)), source, colour=True)
    plain = render(finding(Span(1, 7, 1, 8)), source)
    assert "\x1b[1;31m" in coloured
    for code in ("1;31", "1;36", "34", "1", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_as_json() -> None:
    place = Place("a.sua", Span(1, 2, 1, 3))
    span = {"line": 1, "column": 2, "end_line": 1, "end_column": 3}
    record = as_json(finding(place.span, fix=Fix(place, "y"), notes=("n",)))
    assert record == {
        "code": "S201",
        "severity": "error",
        "message": "unknown event `x`",
        "place": {"file": "a.sua", "span": span},
        "label": "here",
        "notes": ["n"],
        "fix": {"place": {"file": "a.sua", "span": span}, "replacement": "y"},
    }


@pytest.mark.parametrize(
    ("name", "meant"),
    [("order_payed", "order_paid"), ("Staff", "staff"), ("crwod", "crowd"), ("zebra", None), ("", None)],
)
def test_the_nearest_name(name: str, meant: str | None) -> None:
    assert suggest(name, ["order_paid", "order_made", "staff", "crowd"]) == meant
