"""Decisions by `suasion ask` and `suasion watch`, against a server that runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cli.exit_codes import ExitCode
from tests.server.test_process import ROOT, Serve, Served, ask, lines, serve, told

__all__ = ["serve"]
RULES = ROOT / "docs" / "api" / "shop.sua"
NOON = "2026-03-02T12:00:00Z"


def cart(id: str, user: str, time: str = NOON) -> dict[str, Any]:
    fields = {"sku": "a", "price": {"amount": "30.00", "currency": "EUR"}}
    return {"event": "cart_add", "event_id": id, "user_id": user, "time": time, "fields": fields}


def shop(serve: Serve, *options: str) -> Served:
    served = serve(str(RULES), "--clock", "events", *options)
    ask(served, "members", "staff", "-", stdin="")
    return served


def test_a_decision_is_made_on_an_event_and_is_answered_alike_again(serve: Serve) -> None:
    served = shop(serve)
    ask(served, "events", "-", stdin=lines(cart("e-1", "u1")))
    happened = ["decide", "u1", "best", "--event", json.dumps(cart("e-2", "u1"))]
    first = told(served, *happened)
    assert (first["verdict"], first["plan"], first["contact"]["state"]) == (
        "VERDICT_SEND",
        "nudge",
        "CONTACT_STATE_RESERVED",
    )
    assert told(served, *happened)["contact"] == first["contact"]
    shown = ask(served, *happened).stdout
    assert 'best: send nudge by push "nudge"' in shown
    assert f"contact {first['contact']['contact_id']}: reserved, until 2026-03-02T12:05:00Z" in shown


def test_advice_reserves_nothing(serve: Serve) -> None:
    served = shop(serve)
    advice = told(served, "decide", "u1", "--advice")
    assert advice["plan"] == "hello" and "contact" not in advice and advice["provenance"]["advisory"]


def test_many_decisions_come_line_by_line_and_what_is_refused_is_named(serve: Serve) -> None:
    served = shop(serve)
    asked = lines({"user_id": "u1"}, {"user_id": "u2", "decide": "bes"}, {}, {"event": cart("e-3", "u3")})
    result = ask(served, "decides", "-", stdin=asked)
    assert result.exit_code == ExitCode.FINDINGS
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == ["1", "4"]
    assert "-:2: unknown decide `bes`" in result.stderr and "-:3: user_id: expected a text" in result.stderr


def test_words_that_cannot_be_meant(serve: Serve) -> None:
    served = shop(serve)
    for words, said in (
        (["decide", "u1", "--event", "{"], "`{` is no event"),
        (["confirm", "c-1", "one"], "`one` is no token"),
    ):
        result = ask(served, *words)
        assert result.exit_code == ExitCode.USAGE and said in result.stderr


def test_the_status_is_shown(serve: Serve) -> None:
    shown = ask(shop(serve), "status").stdout
    assert "store outbox" in shown and "events, " in shown


def watching(address: str, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cli.main", "watch", "--server", address, *options]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_what_the_timers_decide_is_followed_over_a_restart(serve: Serve, tmp_path: Path) -> None:
    store = ["--store", f"sqlite:{tmp_path / 'suasion.db'}"]
    served = shop(serve, *store)
    ask(served, "events", "-", stdin=lines(cart("e-1", "u1"), cart("e-2", "u2", "2026-03-02T14:00:00Z")))
    follower = watching(served.address, "--after", "0", "--count", "3")
    assert follower.stdout and follower.stderr
    first, second = (follower.stdout.readline().split() for _ in range(2))
    assert (first[0], second[0]) == ("1", "2") and first[3] == second[3] == "best:"
    assert {first[2], second[2]} == {"u1", "u2"}
    served.end()
    assert f"lost `{served.address}`" in follower.stderr.readline()
    again = serve(str(RULES), "--clock", "events", *store, "--listen", served.address)
    ask(again, "events", "-", stdin=lines(cart("e-3", "u3", "2026-03-02T16:00:00Z")))
    out, _ = follower.communicate()
    assert follower.returncode == 0 and out.split()[0] == "3" and out.split()[2] == "u2"


def test_nobody_to_follow_is_out_of_reach() -> None:
    follower = watching("127.0.0.1:1")
    _, errors = follower.communicate()
    assert follower.returncode == ExitCode.OUT_OF_REACH and "no server answers" in errors


def test_a_horizon_wants_an_instant(serve: Serve) -> None:
    served = shop(serve)
    for words, hint in ((["order_paid"], "`always`"), (["order_paid", "yesterday"], "`yesterday` is no")):
        result = ask(served, "horizons", *words)
        assert result.exit_code == ExitCode.USAGE and hint in result.stderr
    assert told(served, "horizons", "order_paid", NOON)["horizons"] == [
        {"event_type": "order_paid", "known_since_time": NOON}
    ]


def test_any_call_is_put_as_it_is(serve: Serve) -> None:
    served = shop(serve)
    (answer,) = told(served, "call", "FactService/GetList", '{"list": "staff"}')["answers"]
    assert answer["list_version"]
    batch = json.dumps({"subjects": [{"user_id": "u1"}, {"user_id": "u2"}]})
    (many,) = told(served, "call", "DecisionService/BatchListCrowds", batch)["answers"]
    assert len(many["results"]) == 2
    streamed = [
        json.dumps({"request": {"subject": {"user_id": user}, "decide": "best"}}) for user in ("u1", "u2")
    ]
    assert len(told(served, "call", "DecisionService/StreamDecide", *streamed)["answers"]) == 2
    for words, said in (
        (["DecisionService/Decided"], "is no call"),
        (["FactService/GetList", "{"], "is no GetListRequest"),
        (["FactService/GetList", "{}", "{}"], "takes one request"),
        (["DecisionService/Watch"], "has no end"),
    ):
        refusal = ask(served, "call", *words)
        assert refusal.exit_code == ExitCode.USAGE and said in refusal.stderr
    versions = '{"base": {"version": "f"}, "candidate": {"version": "f"}}'
    assert "nothing is on record here" in ask(served, "call", "ReplayService/Replay", versions).stderr
