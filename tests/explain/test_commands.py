"""`suasion explain` and `suasion tree`, run as a person or a script runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application
from dsl.codes import CODES
from tests.explain.shop import SHOP

CARTS = [
    {
        "event": "cart_add",
        "time": f"2026-03-01T0{hour}:10:00Z",
        "fields": {"sku": "s", "price": {"amount": "30", "currency": "EUR"}},
    }
    for hour in (7, 8)
]
KNOWN = {"now": "2026-03-01T11:00:00Z", "held_out": [], "events": CARTS}
USERS = "\n".join(
    json.dumps({**KNOWN, "user": {"id": id, "age": age}}) for id, age in (("u1", 20), ("u2", 17))
)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `suasion` in a directory that holds `shop.sua` and `users.jsonl`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.sua").write_text(SHOP, encoding="utf-8")
    (tmp_path / "users.jsonl").write_text(USERS, encoding="utf-8")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(application(arguments), list(arguments))

    return run


def data(result: Result) -> dict[str, object]:
    found = json.loads(result.stdout)
    assert found["ok"] is (result.exit_code == ExitCode.CLEAN)
    answer = found["data"]
    assert isinstance(answer, dict)
    return answer


# ---- explain


def test_explain_a_decision(run: Run) -> None:
    result = run("explain", "shop.sua", "--facts", "users.jsonl", "--user", "u1", "--decide", "best")
    assert result.exit_code == ExitCode.CLEAN
    assert result.stdout.startswith("best: send nudge by push\n")
    assert "0.70 EUR behind nudge: needs more than 1.50 EUR" in result.stdout
    assert "smallest change: it would win if its value were 0.700001 EUR more" in result.stdout


def test_explain_without_a_search(run: Run) -> None:
    arguments = (
        "explain",
        "shop.sua",
        "--facts",
        "users.jsonl",
        "--user",
        "u1",
        "--decide",
        "best",
        "--no-change",
    )
    assert "smallest change" not in run(*arguments).stdout


def test_explain_a_plan_alone(run: Run) -> None:
    """Alone it has no rival; the second user is too young for it."""
    first = run("explain", "shop.sua", "--facts", "users.jsonl", "--user", "u1", "--plan", "discount")
    second = run("explain", "shop.sua", "--facts", "users.jsonl", "--user", "u2", "--plan", "discount")
    assert first.stdout.startswith("plan discount: send discount by email\n")
    assert "smallest change: it would win if user.age were 18 (it is 17)" in second.stdout


def test_explain_a_crowd_and_a_score(run: Run) -> None:
    crowd = run("explain", "shop.sua", "--facts", "users.jsonl", "--user", "u2", "--crowd", "adults")
    score = run("explain", "shop.sua", "--facts", "users.jsonl", "--user", "u1", "--score", "lead")
    assert "no      user.age >= 18 · needs at least 18 (1 more)" in crowd.stdout
    assert score.stdout.startswith("lead.score = 45")  # 30 - 5 + 20


def test_explain_as_json(run: Run) -> None:
    arguments = ("explain", "shop.sua", "--facts", "users.jsonl", "--user", "u2", "--format", "json")
    crowd, decision = run(*arguments, "--crowd", "adults"), run(*arguments, "--decide", "best")
    assert data(crowd)["answer"] == "no"
    assert data(decision)["verdict"] == "send"


def test_explain_one_user_by_attributes(run: Run) -> None:
    result = run(
        "explain", "shop.sua", "--user", '{"age": 20}', "--crowd", "adults", "--now", "2026-03-01 12:00"
    )
    assert result.stdout.startswith("yes     user in adults")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--crowd", "adults"), "of whom?"),
        (("--facts", "users.jsonl", "--crowd", "adults"), "holds 2 users"),
        (("--facts", "users.jsonl", "--user", "u9", "--crowd", "adults"), "holds no user `u9`"),
        (("--facts", "users.jsonl", "--user", "u1"), "explain what?"),
        (("--facts", "users.jsonl", "--user", "u1", "--crowd", "a", "--plan", "b"), "explain what?"),
        (("--facts", "users.jsonl", "--user", "u1", "--crowd", "adult"), "unknown crowd `adult`"),
        (("--user", "[1]", "--crowd", "adults"), "expected an object"),
    ],
)
def test_explain_says_what_is_missing(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run("explain", "shop.sua", *arguments)
    assert result.exit_code in (ExitCode.USAGE, ExitCode.FINDINGS)
    assert message in result.stderr


def test_explain_rules_with_an_error_shows_the_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.sua").write_text("crowd c { user.age > 3 }", encoding="utf-8")
    result = run("explain", "bad.sua", "--user", "{}", "--crowd", "c")
    assert result.exit_code == ExitCode.FINDINGS
    assert "error[S" in result.stderr


@pytest.mark.parametrize(
    "code", [code for code in CODES if (Path(__file__).parents[2] / "docs/errors" / f"{code}.md").exists()]
)
def test_explain_every_code_that_has_a_page(run: Run, code: str) -> None:
    result = run("explain", code.lower())
    assert result.exit_code == ExitCode.CLEAN
    assert code in result.stdout


def test_explain_a_page_of_the_language(run: Run) -> None:
    assert run("explain", "functions").stdout.startswith("# Functions")


def test_explain_what_is_nothing(run: Run) -> None:
    result = run("explain", "functons")
    assert result.exit_code == ExitCode.USAGE
    assert "did you mean `functions`?" in result.stderr


def test_characters_that_steer_a_terminal_are_shown(run: Run, tmp_path: Path) -> None:
    line = json.dumps({"now": "2026-03-01T11:00:00Z", "user": {"id": "u1", "country": "\x1b[31mde"}})
    (tmp_path / "users.jsonl").write_text(line, encoding="utf-8")
    result = run("explain", "shop.sua", "--facts", "users.jsonl", "--crowd", "hot_cart")
    assert "\x1b" not in result.stdout


# ---- tree


def test_tree_is_mermaid_unless_said(run: Run) -> None:
    assert run("tree", "shop.sua", "--crowd", "adults").stdout.startswith("flowchart TD\n")
    assert run("tree", "shop.sua", "--plan", "nudge", "--mermaid").stdout.startswith("flowchart TD\n")


@pytest.mark.parametrize(
    "what", [("--crowd", "hot_cart"), ("--score", "lead"), ("--plan", "nudge"), ("--decide", "best")]
)
def test_tree_as_svg(run: Run, what: tuple[str, str]) -> None:
    result = run("tree", "shop.sua", *what, "--svg")
    assert result.exit_code == ExitCode.CLEAN
    assert ElementTree.fromstring(result.stdout).tag.endswith("svg")


def test_tree_to_a_file(run: Run, tmp_path: Path) -> None:
    result = run("tree", "shop.sua", "--plan", "nudge", "-o", "nudge.svg")
    assert result.stdout == ""
    assert (tmp_path / "nudge.svg").read_text(encoding="utf-8").startswith("<svg")


def test_tree_as_json(run: Run) -> None:
    found = data(run("tree", "shop.sua", "--crowd", "adults", "--format", "json"))
    assert found["format"] == "mermaid" and str(found["text"]).startswith("flowchart")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "draw what?"),
        (("--crowd", "adults", "--plan", "nudge"), "draw what?"),
        (("--crowd", "nobody"), "unknown crowd `nobody`"),
        (("--crowd", "adults", "--svg", "--mermaid"), "as Mermaid or as SVG?"),
        (("--crowd", "adults", "-o", "no/such/place.svg"), "cannot write"),
    ],
)
def test_tree_says_what_is_wrong(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run("tree", "shop.sua", *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr
