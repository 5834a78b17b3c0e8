"""`suasion serve` as a process of its own, and `suasion ask` beside it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application

ROOT = Path(__file__).resolve().parent.parent.parent
SHOP = Path(__file__).parent / "shop.sua"
NOON = "2026-03-03T12:00:00Z"
Serve = Callable[..., "Served"]


class Served:
    """A server process, once it has said that it listens."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "cli.main", "serve", "--listen", "127.0.0.1:0", *arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout
        self.ready = self.process.stdout.readline().strip()
        self.address = self.ready.removeprefix("listening on ")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate()
        return self.process.returncode, errors


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[Served] = []

    def start(*arguments: str) -> Served:
        started.append(Served(*arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()


def ask(served: Served | str, *words: str, stdin: str | None = None) -> Result:
    address = served if isinstance(served, str) else served.address
    arguments = ["ask", *words, "--server", address]
    return CliRunner().invoke(application(arguments), arguments, input=stdin)


def told(served: Served, *words: str) -> Any:
    """The data of the JSON envelope."""
    result = ask(served, *words, "--format", "json")
    assert result.exit_code == ExitCode.CLEAN, result.output
    return json.loads(result.stdout)["data"]


def lines(*documents: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in documents)


def cart(id: str, time: str, **change: Any) -> dict[str, Any]:
    fields = {"sku": "a", "price": {"amount": "30.00", "currency": "EUR"}}
    return {"event": "cart_add", "event_id": id, "user_id": "u1", "time": time, "fields": fields} | change


@pytest.mark.parametrize("grpc", ["grpcio", "native"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_says_where_it_listens_and_ends_when_asked_to(serve: Serve, number: int, grpc: str) -> None:
    served = serve(str(SHOP), "--no-access-log", "--grpc", grpc)
    assert ask(served, "crowds", "u1", "staff").exit_code == ExitCode.CLEAN
    assert served.ready.startswith("listening on 127.0.0.1:") and not served.ready.endswith(":0")
    code, errors = served.end(number)
    assert code == 0 and "Traceback" not in errors
    assert "never loaded: staff, do_not_contact" in errors


def test_what_pygrpc_native_does_not_know_is_said(tmp_path: Path) -> None:
    def refused(*more: str) -> str:
        done = CliRunner().invoke(application(["serve"]), ["serve", str(SHOP), "--grpc", *more])
        assert done.exit_code == ExitCode.USAGE
        return done.stderr

    pair = ("--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"))
    for file in pair[1::2]:
        Path(file).write_text("", encoding="utf-8")
    assert "knows no TLS" in refused("native", *pair)
    shared = ("--workers", "2", "--store", f"sqlite:{tmp_path / 'suasion.db'}")
    assert "knows no processes that share an address" in refused("native", *shared)
    assert "`grpcoi` is no gRPC" in refused("grpcoi")


def test_a_second_signal_ends_at_once(serve: Serve) -> None:
    served = serve(str(SHOP), "--linger", "1000000")
    with grpc.insecure_channel(served.address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        heard = stub.Watch(health_pb2.HealthCheckRequest(service=""))
        assert next(heard).status == health_pb2.HealthCheckResponse.SERVING
        served.process.send_signal(signal.SIGTERM)
        assert next(heard).status == health_pb2.HealthCheckResponse.NOT_SERVING
        code, errors = served.end(signal.SIGTERM)
    assert code == 0 and "Traceback" not in errors


def test_facts_go_in_and_answers_come_out(serve: Serve, tmp_path: Path) -> None:
    served = serve(str(SHOP))
    profiles = lines({"user_id": "u1", "attributes": {"country": "de", "timezone": "Europe/Berlin"}})
    assert ask(served, "profiles", "-", stdin=profiles).exit_code == ExitCode.CLEAN
    events = lines(cart("e1", "2026-03-03T08:00:00Z"), cart("e2", "2026-03-03T09:00:00+00:00"))
    assert "2 recorded" in ask(served, "events", "-", stdin=events).stdout
    assert "2 duplicate" in ask(served, "events", "-", stdin=events).stdout
    for name in ("staff", "do_not_contact"):
        assert "1 users, 1 new" in ask(served, "members", name, "-", stdin="boss\n").stdout

    crowds = ask(served, "crowds", "u1", "rescue", "staff", "--as-of", NOON)
    assert crowds.exit_code == ExitCode.CLEAN and "yes: hot_cart" in crowds.stdout
    assert [each["crowd"] for each in told(served, "list", "u1", "--as-of", NOON)["crowds"]] == [
        "hot_cart",
        "german",
        "rescue",
    ]
    best = told(served, "plan", "u1", "--as-of", NOON)
    assert (best["verdict"], best["plan"]) == ("VERDICT_SEND", "nudge")
    assert 'send nudge by push "nudge_v3"' in ask(served, "plan", "u1", "--as-of", NOON).stdout
    assert told(served, "contact", "u1", "coupon", "--as-of", NOON)["verdict"] == "VERDICT_BLOCK"
    assert (
        told(served, "contact", "boss", "--channel", "sms", "--policy", "loose")["verdict"] == "VERDICT_BLOCK"
    )
    french = told(served, "crowds", "u1", "german", "--facts", '{"user": {"country": "fr"}}')
    assert french["answers"][0]["answer"] == "ANSWER_NO"
    assert "Big cart, no order yet" in ask(served, "rules").stdout


def test_the_example_of_the_api_page_runs(serve: Serve) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    example = page.partition("```python\n")[2].partition("```")[0]
    served = serve(str(SHOP))
    code = example.replace("127.0.0.1:50051", served.address)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "it is not known whether `block users in do_not_contact` holds, so it does" in done.stdout


def test_lines_that_are_refused_are_named(serve: Serve) -> None:
    served = serve(str(SHOP))
    wrong = "x\n\n" + lines(cart("e1", NOON), cart("e2", NOON, event="cart_ad"), cart("e3", "noon"), {})
    result = ask(served, "events", "-", stdin=wrong)
    assert result.exit_code == ExitCode.FINDINGS
    found = [line.split(": ")[1:3] for line in result.stderr.splitlines()]
    assert found == [["-:1", "this is not JSON"], ["-:4", "type"], ["-:5", "time"], ["-:6", "time"]]


def test_a_server_on_sqlite_goes_on_where_it_was(serve: Serve, tmp_path: Path) -> None:
    store = ["--store", f"sqlite:{tmp_path / 'suasion.db'}", "--clock", "events"]
    first = serve(str(SHOP), *store)
    ask(first, "events", "-", stdin=lines(cart("e1", "2026-03-03T08:00:00Z"), cart("e2", NOON)))
    before = told(first, "list", "u1")
    first.process.kill()
    first.process.communicate()

    again = serve(*store)
    after = told(again, "list", "u1")
    assert after["provenance"]["version"] == before["provenance"]["version"]
    assert after["provenance"]["evaluate_time"] == NOON
    assert after["crowds"] == before["crowds"]


def test_a_rule_set_of_many_files_brings_its_modules(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "common.sua").write_text("crowd vips { user.vip }\n", encoding="utf-8")
    (tmp_path / "a.sua").write_text(
        "use team.common\nprofile user { id: text key  vip: flag optional }\n", encoding="utf-8"
    )
    (tmp_path / "b.sua").write_text("crowd both = common.vips\n", encoding="utf-8")
    served = serve(str(tmp_path), "--store", f"sqlite:{tmp_path / 'suasion.db'}")
    version = told(served, "rules")["rule_set"]["version"]
    served.end()
    again = serve("--store", f"sqlite:{tmp_path / 'suasion.db'}")
    assert told(again, "rules")["rule_set"]["version"] == version


def test_a_server_without_rules_says_so(serve: Serve) -> None:
    served = serve("--format", "json")
    assert json.loads(served.ready)["data"]["version"] is None
    result = ask(json.loads(served.ready)["data"]["address"], "list", "u1")
    assert result.exit_code == ExitCode.CONFLICT and "no rule set is active" in result.stderr
    assert "no rules are active" in served.end()[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["no_such.sua"], ExitCode.USAGE, "cannot read"),
        ([str(SHOP), "--listen", "nowhere"], ExitCode.USAGE, "cannot listen on `nowhere`"),
        ([str(SHOP), "--store", "mongo"], ExitCode.USAGE, "`mongo` is no store"),
        ([str(SHOP), "--store", "sqlite:/no/such/folder/x.db"], ExitCode.USAGE, "cannot use"),
        ([str(SHOP), "--clock", "sun"], ExitCode.USAGE, "`sun` is no clock"),
        ([str(SHOP), "--log-level", "loud"], ExitCode.USAGE, "`loud` is no level"),
        ([str(SHOP), "--metrics", "nowhere"], ExitCode.USAGE, "cannot listen on `nowhere`"),
    ],
)
def test_what_cannot_be_served_is_said(arguments: list[str], code: ExitCode, words: str) -> None:
    result = CliRunner().invoke(application(["serve"]), ["serve", *arguments])
    assert result.exit_code == code and words in result.stderr


def test_rules_with_errors_are_not_served(tmp_path: Path) -> None:
    (tmp_path / "a.sua").write_text("crowd a { did nothing_declared ever }\n", encoding="utf-8")
    result = CliRunner().invoke(application(["serve"]), ["serve", str(tmp_path)])
    assert result.exit_code == ExitCode.FINDINGS and "nothing_declared" in result.stderr


def test_a_server_out_of_reach_is_said_to_be() -> None:
    result = ask("127.0.0.1:1", "list", "u1")
    assert result.exit_code == ExitCode.OUT_OF_REACH and "no server answers at `127.0.0.1:1`" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["who"], "`who` is no question"),
        (["plan"], "in other words"),
        (["contact", "u1"], "contact with what"),
        (["contact", "u1", "--channel", "x", "--kind", "odd"], "`odd` is no kind"),
        (["list", "u1", "--as-of", "noon"], "`noon` is not an instant"),
        (["events", "no_such_file"], "cannot read `no_such_file`"),
    ],
)
def test_a_question_that_cannot_be_meant_is_a_usage_error(words: list[str], said: str) -> None:
    result = ask("127.0.0.1:1", *words)
    assert result.exit_code == ExitCode.USAGE and said in result.stderr
