"""`suasion check`, `suasion test` and `suasion eval`, run as a person or a script runs them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.exit_codes import ExitCode
from cli.main import application

RULES = """
settings { timezone "Europe/Berlin" }
profile user { id: text key  country: text optional }
event cart { price: money EUR }
crowd carts { did cart where price >= 20 EUR within 7 days }
crowd german { country in ("de", "at") }
policy calm default { quiet 21:00 to 09:00 user time then wait }
plan nudge { for carts on cart wait 1 hour send push "nudge" }
decide best { among nudge }
"""
GOOD = """
test "a cart" {
  given user { id: "u1" }
  happens cart { price: 20 EUR } at 2026-03-02 10:00
  now 2026-03-02 11:00
  expect user in carts
  expect best is nudge
}
"""
BAD = """
test "a small cart" {
  happens cart { price: 19 EUR } at 2026-03-02 10:00
  now 2026-03-02 11:00
  expect user in carts
}
"""
CART = {
    "event": "cart",
    "time": "2026-03-02T09:00:00Z",
    "fields": {"price": {"amount": "20", "currency": "EUR"}},
}
FACTS = {"now": "2026-03-02T10:00:00Z", "user": {"id": "u1"}, "events": [CART]}

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `suasion` in an empty directory; keyword arguments are files to write there first, `.` is `__`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | None = None, **files: str) -> Result:
        for name, text in files.items():
            path = tmp_path / name.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(application(arguments), list(arguments), input=stdin)

    return run


def lines(*documents: object) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


# ---- check


def test_check_tells_what_is_there_and_the_version(run: Run):
    done = run("check", "rules.sua", rules__sua=RULES + GOOD)
    assert done.exit_code == ExitCode.CLEAN
    assert done.stdout.startswith(
        "rules.sua: nothing wrong; 2 crowds, 1 policy, 1 plan, 1 decide, 1 test; version "
    )
    assert done.stderr == ""


def test_check_reports_errors_of_rules_and_tests_on_stderr(run: Run):
    done = run(
        "check",
        "rules.sua",
        rules__sua=RULES + GOOD.replace("in carts", "in cart").replace("cart {", "carr {"),
    )
    assert done.exit_code == ExitCode.FINDINGS
    assert "error[S201]: unknown event `carr`" in done.stderr
    assert "error[S209]: unknown crowd or list `cart`" in done.stderr
    assert "rules.sua: 2 errors; " in done.stdout
    assert done.stdout.endswith("not fit to serve\n")


def test_a_warning_is_a_finding_only_if_that_is_asked_for(run: Run):
    late = GOOD.replace("at 2026-03-02 10:00", "at 2026-03-02 12:00")
    assert run("check", "rules.sua", rules__sua=RULES + late).exit_code == ExitCode.CLEAN
    assert run("check", "--strict", "rules.sua").exit_code == ExitCode.FINDINGS


def test_files_are_a_rule_set_each_and_a_directory_is_one_when_asked(run: Run, tmp_path: Path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "rules.sua").write_text(RULES)
    (tmp_path / "shop" / "tests.sua").write_text(GOOD)
    whole = run("check", "--together", "shop")
    assert whole.exit_code == ExitCode.CLEAN
    assert "1 test" in whole.stdout
    apart = run("check", "shop")
    assert apart.exit_code == ExitCode.FINDINGS
    assert "shop/rules.sua: nothing wrong" in apart.stdout
    assert "error[S201]: unknown event `cart`" in apart.stderr
    assert run("check", "shop/rules.sua", "shop/tests.sua").stdout == apart.stdout


def test_a_folder_of_a_directory_holds_modules(run: Run, tmp_path: Path):
    (tmp_path / "shop" / "shared").mkdir(parents=True)
    (tmp_path / "shop" / "shared" / "who.sua").write_text(
        'crowd all = sample 100% of staff salt "x"\nlist staff'
    )
    (tmp_path / "shop" / "rules.sua").write_text("use shared.who\ncrowd everybody { user in who.all }")
    done = run("check", "shop")
    assert done.exit_code == ExitCode.CLEAN, done.stderr
    assert "nothing wrong" in done.stdout


@pytest.mark.parametrize(
    "path, words",
    [
        ("gone.sua", "cannot read `gone.sua`"),
        (".", "there is no `.sua` file in `.`"),
        ("odd.sua", "is not UTF-8, at line 2"),
    ],
)
def test_what_cannot_be_read_is_a_usage_error(run: Run, tmp_path: Path, path: str, words: str):
    if path == "odd.sua":
        (tmp_path / path).write_bytes(b"list staff\nlist caf\xe9\n")
    done = run("check", path)
    assert done.exit_code == ExitCode.USAGE
    assert words in done.stderr


def test_check_in_json_has_every_finding(run: Run):
    many = RULES + "\n".join(f"crowd c{number} {{ did nothing{number} ever }}" for number in range(60))
    done = run("check", "rules.sua", "--format", "json", rules__sua=many)
    told = json.loads(done.stdout)
    assert (told["ok"], done.exit_code) == (False, ExitCode.FINDINGS)
    assert [each["code"] for each in told["diagnostics"]] == ["S201"] * 60
    assert told["data"][0]["errors"] == 60
    assert told["data"][0]["version"] is None


# ---- test


def test_tests_pass(run: Run):
    done = run("test", "rules.sua", "--oracle", rules__sua=RULES + GOOD)
    assert done.exit_code == ExitCode.CLEAN
    assert done.stdout == (
        "rules.sua: 1 of 1 test passed, 2 expectations\n"
        "1 condition or limit never looked at, 1 never yes, 3 never no: see --coverage\n"
    )


def test_nothing_is_said_of_coverage_where_all_was_seen_or_not_all_was_run(run: Run):
    unseen = ('crowd german { country in ("de", "at") }', "quiet 21:00 to 09:00 user time then wait")
    rules = RULES.replace(unseen[0], "").replace(unseen[1], "")
    empty = 'test "none" { now 2026-03-02 11:00 expect not user in carts expect plan nudge not eligible }'
    small = BAD.replace("expect user", "expect plan nudge not eligible expect not user")
    done = run("test", "rules.sua", rules__sua=rules + GOOD + small + empty)
    assert done.stdout == "rules.sua: 3 of 3 tests passed, 6 expectations\n"
    done = run("test", "rules.sua", "-k", "a cart", rules__sua=RULES + GOOD)
    assert done.stdout == "rules.sua: 1 of 1 test passed, 2 expectations\n"


def test_a_failure_is_a_difference(run: Run):
    done = run("test", "rules.sua", rules__sua=RULES + GOOD + BAD)
    assert done.exit_code == ExitCode.FINDINGS
    assert "FAILED a small cart" in done.stdout
    assert "- user in carts: yes\n  + user in carts: no" in done.stdout
    assert "such cart = 0" in done.stdout
    assert "rules.sua: 1 of 2 tests passed, 3 expectations\n" in done.stdout


def test_tests_can_be_chosen_by_name(run: Run):
    done = run("test", "rules.sua", "-k", "A CART", rules__sua=RULES + GOOD + BAD)
    assert done.exit_code == ExitCode.CLEAN
    assert "1 of 1 test passed" in done.stdout


@pytest.mark.parametrize(
    "arguments, words", [([], "there is no test here"), (["-k", "x"], "no test has `x`")]
)
def test_no_test_is_a_finding(run: Run, arguments: list[str], words: str):
    done = run("test", "rules.sua", *arguments, rules__sua=RULES)
    assert done.exit_code == ExitCode.FINDINGS
    assert words in done.stderr


def test_nothing_runs_while_there_is_an_error(run: Run):
    done = run("test", "rules.sua", rules__sua=RULES + GOOD + "crowd x { did nothing ever }")
    assert done.exit_code == ExitCode.FINDINGS
    assert "error[S201]" in done.stderr
    assert "not run" in done.stdout


def test_coverage_lists_what_was_never_seen(run: Run):
    done = run(
        "test",
        "rules.sua",
        "--coverage",
        rules__sua=RULES + GOOD + BAD.replace("expect user", "expect not user"),
    )
    assert "2 of 5 conditions and limits were seen both yes and no" in done.stdout
    assert 'never looked at:\n  rules.sua:6  country in ("de", "at")\n' in done.stdout


def test_results_in_json(run: Run):
    done = run("test", "rules.sua", "--coverage", "--format", "json", rules__sua=RULES + GOOD + BAD)
    (told,) = json.loads(done.stdout)["data"]
    assert [(each["test"], each["passed"]) for each in told["tests"]] == [
        ("a cart", True),
        ("a small cart", False),
    ]
    counted = {each["condition"]: (each["yes"], each["no"], each["unknown"]) for each in told["coverage"]}
    assert counted["price >= 20 EUR"] == (2, 1, 0)


def test_cases_come_as_json_lines_and_bad_ones_do_not_stop_the_rest(run: Run):
    cases = lines(
        {"name": "big", **FACTS, "expect": ["user in carts", "best is nudge", "unknown user in german"]},
        {"name": "small", **FACTS, "events": [], "expect": ["user in carts"]},
        {**FACTS, "user": {"id": 7}, "expect": ["user in carts"]},
        {**FACTS, "expect": ["user in cart"]},
        {**FACTS},
    )
    done = run(
        "test", "rules.sua", "--facts", "cases.jsonl", "--oracle", rules__sua=RULES, cases__jsonl=cases
    )
    assert done.exit_code == ExitCode.FINDINGS
    assert "FAILED small  (cases.jsonl:2)" in done.stdout
    assert done.stdout.endswith("rules.sua: 1 of 2 tests passed, 4 expectations\n")
    assert "cases.jsonl:3: user.id: expected a text, found the number 7" in done.stderr
    assert "error[S209]: unknown crowd or list `cart`" in done.stderr
    assert "cases.jsonl:5: expect: expected an array of expectations" in done.stderr


def test_instants_of_a_case_are_in_its_users_zone(run: Run):
    rules = RULES.replace("id: text key", 'id: text key  timezone: timezone default "UTC"')
    case = {**FACTS, "now": "2026-03-02T13:00:00Z", "user": {"id": "u1", "timezone": "Asia/Tokyo"}}
    case["expect"] = ["plan nudge waits until 2026-03-03 09:00 because quiet"]
    done = run("test", "rules.sua", "--facts", "-", rules__sua=rules, stdin=lines(case))
    assert done.exit_code == ExitCode.CLEAN, done.output


# ---- eval


def test_eval_answers_line_by_line(run: Run):
    users = lines(FACTS, {**FACTS, "user": {"id": "u2", "country": "de"}, "events": []})
    done = run("eval", "rules.sua", "--facts", "users.jsonl", rules__sua=RULES, users__jsonl=users)
    assert done.exit_code == ExitCode.CLEAN
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["line"], first["user"], first["now"]) == (1, "u1", "2026-03-02T10:00:00Z")
    assert first["crowds"] == {"carts": "yes", "german": "unknown"}
    assert first["missing"] == ["user.country"]
    assert first["decisions"]["best"]["plan"] == "nudge"
    assert first["decisions"]["best"]["attempts"][0]["content"] == "nudge"
    assert second["crowds"] == {"carts": "no", "german": "yes"}
    assert second["decisions"]["best"]["verdict"] == "none"
    assert second["decisions"]["best"]["plans"][0]["reasons"][0]["place"] == "rules.sua:8"


def test_eval_says_what_could_not_be_had(run: Run):
    users = lines({**FACTS, "events": [], "unavailable": ["cart"]})
    done = run("eval", "rules.sua", "--facts", "-", "--crowd", "carts", rules__sua=RULES, stdin=users)
    told = json.loads(done.stdout)
    assert told["crowds"] == {"carts": "unknown"}
    assert told["unavailable"] == ["event cart"]
    assert "decisions" not in told


def test_eval_reports_every_bad_line_and_answers_the_rest(run: Run):
    users = lines(FACTS, {**FACTS, "user": {"id": 1, "country": 2}}) + "{\n\n[]\n" + lines(FACTS)
    done = run("eval", "rules.sua", "--facts", "users.jsonl", rules__sua=RULES, users__jsonl=users)
    assert done.exit_code == ExitCode.FINDINGS
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()] == [1, 6]
    assert "users.jsonl:2: user.id: expected a text" in done.stderr
    assert "users.jsonl:2: user.country: expected a text" in done.stderr
    assert "users.jsonl:3: this is not JSON" in done.stderr
    assert "users.jsonl:5: expected an object in braces" in done.stderr
    assert "2 users answered, 3 lines could not be read" in done.stderr


def test_eval_shows_one_user_as_tables(run: Run):
    arguments = ["--user", '{"id": "u1", "country": "de"}', "--now", "2026-03-02 12:00", "--explain"]
    done = run("eval", "rules.sua", *arguments, rules__sua=RULES)
    assert done.exit_code == ExitCode.CLEAN
    assert "carts   no" in done.stdout
    assert "german  yes" in done.stdout
    assert "nudge  not eligible" in done.stdout
    assert "at 2026-03-02 12:00 in Europe/Berlin" in done.stdout


def test_eval_shows_ranks(run: Run):
    rules = """
    profile user { id: text key }
    plan a { send push "a" value 3 EUR }
    plan b { send push "b" value 12 EUR }
    decide best { among a, b rank by value }
    """
    done = run("eval", "rules.sua", "--user", '{"id": "u1"}', rules__sua=rules)
    rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert 'b sends push "b" 12.00 EUR' in rows
    assert any(row.startswith("a loses to b 3.00 EUR rank by value") for row in rows)


def test_eval_of_a_plan_alone(run: Run):
    done = run("eval", "rules.sua", "--facts", "-", "--plan", "nudge", rules__sua=RULES, stdin=lines(FACTS))
    assert json.loads(done.stdout)["plans"]["nudge"]["verdict"] == "send"


def test_eval_in_one_envelope(run: Run):
    done = run(
        "eval", "rules.sua", "--facts", "-", "--format", "json", rules__sua=RULES, stdin=lines(FACTS, FACTS)
    )
    told = json.loads(done.stdout)
    assert told["ok"]
    assert [each["line"] for each in told["data"]] == [1, 2]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "of whom?"),
        (["--user", "{}", "--facts", "-"], "of whom?"),
        (["--user", "{}", "--crowd", "cart"], "did you mean `carts`?"),
        (["--user", "{}", "--plan", "zzz"], "declared: nudge"),
        (["--user", "{}", "--now", "tomorrow"], "`tomorrow` is not an instant"),
        (["--user", "{}", "--now", "2026-02-30 10:00"], "`2026-02-30 10:00` is not an instant"),
        (["--user", "{}", "--now", "2026-03-01 10:00+01:00"], "is not an instant"),
    ],
)
def test_eval_says_what_it_needs(run: Run, arguments: list[str], words: str):
    done = run("eval", "rules.sua", *arguments, rules__sua=RULES, stdin="")
    assert done.exit_code == ExitCode.USAGE
    assert words in done.stderr


def test_what_the_rules_do_not_declare_is_left_out_and_told(run: Run):
    done = run("eval", "rules.sua", "--user", '{"id": "u1", "shoe_size": 43}', rules__sua=RULES)
    assert done.exit_code == ExitCode.CLEAN
    assert "not declared by the rules, and left out: user.shoe_size" in done.stderr
