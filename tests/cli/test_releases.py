"""Versions on their way to users, from a shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode, Failure
from cli.main import application
from cli.releasing import the_only
from tests.server.test_process import Serve, serve

__all__ = ["serve"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application(list(arguments)), list(arguments))


def rules(folder: Path, name: str, more: str = "") -> str:
    file = folder / f"{name}.sua"
    file.write_text(f'plan hello {{ send push "{name}" }}\ndecide best {{ among hello }}\n{more}')
    return str(file)


class Shop:
    """A server, asked in JSON."""

    def __init__(self, address: str) -> None:
        self.address = address

    def done(self, *arguments: str, code: int = ExitCode.CLEAN) -> Any:
        result = run(*arguments, "--server", self.address, "--format", "json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)["data"]

    def says(self, *arguments: str) -> str:
        return run(*arguments, "--server", self.address).output


@pytest.fixture
def shop(serve: Serve) -> Shop:
    return Shop(serve("--no-access-log").address)


def test_a_version_goes_from_its_files_to_a_share_to_everybody_and_back(shop: Shop, tmp_path: Path) -> None:
    old, new = (shop.done("publish", rules(tmp_path, name))["rule_set"]["version"] for name in ("old", "new"))
    assert shop.says("activate", old).strip() == f"release 1: {old[:12]} decides for everybody"
    assert shop.says("activate", new, "--share", "12.5%").strip() == (
        f"release 2: {new[:12]} decides for 12.5% of the users, {old[:12]} for the others"
    )
    shop.done("activate", new)
    assert [(each["version"], each.get("share", 0)) for each in shop.done("versions")] == [(new, 1), (old, 0)]
    assert (
        shop.says("rollback").strip()
        == f"release 4: {old[:12]} decides for everybody; {new[:12]} is out of service"
    )
    shop.done("revoke", new)
    shop.done("activate", new, code=ExitCode.CONFLICT)
    assert "nobody: revoked" in shop.says("versions")


def test_a_version_goes_by_its_first_digits(shop: Shop, tmp_path: Path) -> None:
    old, new = (shop.done("publish", rules(tmp_path, name))["rule_set"]["version"] for name in ("old", "new"))
    assert shop.says("activate", old[:8]).strip() == f"release 1: {old[:12]} decides for everybody"
    assert f"version {new}" in shop.says("revoke", new[:12])
    assert "changed plan hello" in shop.says("diff", old[:12], new[:12])
    assert "published" in shop.says("history", old[:12])
    for verb in ("history", "activate", "archive"):
        said = run(verb, "0" * 12, "--server", shop.address)
        assert said.exit_code == ExitCode.USAGE and f"there is no version `{'0' * 12}`" in said.output


def test_digits_that_several_versions_begin_with_name_none() -> None:
    with pytest.raises(Failure, match="several versions begin with `aaaaaaaa`"):
        the_only("a" * 8, ("a" * 64, f"{'a' * 63}b"))


def test_a_version_is_to_decide_later(shop: Shop, tmp_path: Path) -> None:
    version = shop.done("publish", rules(tmp_path, "a"))["rule_set"]["version"]
    said = f"{version[:12]} is to decide for everybody from 2099-03-01 08:00:00 UTC on"
    assert shop.says("activate", version, "--at", "2099-03-01T09:00:00+01:00").strip() == said
    assert shop.says("schedules").strip() == said
    assert "nobody" in shop.says("versions")
    shop.done("unschedule", version)
    assert shop.says("schedules").strip() == "nothing is scheduled"
    shop.done("unschedule", version, code=ExitCode.CONFLICT)
    assert "is not an instant" in shop.says("activate", version, "--at", "tomorrow")
    assert shop.done("activate", version, "--at", "2020-03-01T09:00:00Z")["schedule"]["version"] == version


def test_files_are_published_on_the_way(shop: Shop, tmp_path: Path) -> None:
    assert shop.done("activate", rules(tmp_path, "a"))["release"]["epoch"] == "1"
    assert len(shop.done("versions")) == 1


def test_what_is_only_validated_is_not_kept(shop: Shop, tmp_path: Path) -> None:
    shop.done("publish", rules(tmp_path, "a"), "--validate-only")
    assert shop.says("versions").strip() == "no versions are kept"


def test_broken_rules_do_not_leave_the_house(shop: Shop, tmp_path: Path) -> None:
    broken = rules(tmp_path, "a", "crowd odd { user.nothing }\n")
    for verb in ("publish", "activate"):
        result = run(verb, broken, "--server", shop.address)
        assert result.exit_code == ExitCode.FINDINGS and "S204" in result.output
    assert shop.done("versions") == []


def test_as_many_versions_are_listed_as_are_asked_for(shop: Shop, tmp_path: Path) -> None:
    for n in range(3):
        shop.done("publish", rules(tmp_path, f"v{n}"))
    assert len(shop.done("versions", "--most", "2")) == 2


def test_a_version_goes_from_hand_to_hand(serve: Serve, tmp_path: Path) -> None:
    key = tmp_path / "dev.key"
    for who in ("anna", "bea"):
        made = run(
            *("token", who, "--role", "author", "--role", "approver", "--role", "operator"), "--key", str(key)
        )
        (tmp_path / who).write_text(made.stdout)
    shop = Shop(serve("--no-access-log", "--token-keys", str(key)).address)
    anna, bea = (("--token", str(tmp_path / who)) for who in ("anna", "bea"))
    version = shop.done("publish", rules(tmp_path, "a"), *anna)["rule_set"]["version"]
    assert shop.says("submit", version, "--reason", "for spring", *anna).strip().endswith("is submitted")
    assert "somebody else has to approve it" in shop.says("approve", version, *anna)
    shop.done("activate", version, *anna, code=ExitCode.CONFLICT)
    assert shop.says("reject", version, "--reason", "too loud", *bea).strip().endswith("rejected by bea")
    shop.done("submit", version, *anna)
    assert shop.says("approve", version, *bea).strip().endswith("approved by bea")
    shop.done("activate", version, "--reason", "go", *anna)
    assert "approved by bea" in shop.says("versions", *anna)
    history = [line.split("  ", 2)[2] for line in shop.says("history", version, *anna).splitlines()]
    assert history == [
        "activated by anna, release 1: go",
        "approved by bea",
        "submitted by anna",
        "rejected by bea: too loud",
        "submitted by anna: for spring",
        "published by anna",
    ]
    assert len(shop.done("audit", "--most", "4", *bea)) == 4
    shop.done("archive", version, *anna, code=ExitCode.CONFLICT)


def test_a_version_decides_beside_for_nobody_until_the_next_release(shop: Shop, tmp_path: Path) -> None:
    live, other = (
        shop.done("publish", rules(tmp_path, name))["rule_set"]["version"] for name in ("live", "other")
    )
    shop.done("activate", other, "--shadow", code=ExitCode.CONFLICT)
    shop.done("activate", live)
    assert shop.says("activate", other, "--shadow", "--sample", "10%").strip() == (
        f"release 2: {live[:12]} decides for everybody; {other[:12]} decides beside, for nobody, about 10% of the users"
    )
    assert [(each["version"], each.get("share", 0)) for each in shop.done("versions")] == [
        (other, 0),
        (live, 1),
    ]
    assert f"{other[:12]} for nobody, beside 10%, release 2" in shop.says("ask", "status")
    told = {line.split("  ")[0]: line for line in shop.says("versions").splitlines()}
    assert "100% of the users" in told[live] and "nobody, beside 10%" in told[other]
    assert shop.says("activate", live).strip() == f"release 3: {live[:12]} decides for everybody"
    assert "beside" not in shop.says("versions") + shop.says("ask", "status")


@pytest.mark.parametrize("share", ["0%", "-1%", "101%", "half", "nan"])
def test_a_share_that_is_none_is_refused(share: str) -> None:
    result = run("activate", "a.sua", "--share", share)
    assert result.exit_code == ExitCode.USAGE and "is no share" in result.output


def test_a_release_that_does_not_hold_is_not_rolled_back(shop: Shop, tmp_path: Path) -> None:
    for name in ("a", "b"):
        shop.done("activate", rules(tmp_path, name))
    shop.done("rollback", "--epoch", "1", code=ExitCode.CONFLICT)
    assert shop.done("rollback", "--epoch", "2")["release"]["restored_epoch"] == "1"
    shop.done("rollback", code=ExitCode.CONFLICT)


# ---- differences


def test_files_are_compared_without_a_server(tmp_path: Path) -> None:
    one = rules(tmp_path, "one", "crowd a { 1 > 2 }\ncrowd b { user in a }\n")
    two = tmp_path / "two.sua"
    two.write_text("# moved\n" + Path(one).read_text().replace("1 > 2", "1 > 3"))
    result = run("diff", one, str(two), "--no-witness")
    assert result.exit_code == ExitCode.FINDINGS
    assert result.stdout.splitlines() == [
        f"changed crowd a at {two}:4",
        "    - crowd a { 1 > 2 }",
        "    + crowd a { 1 > 3 }",
        "  reaches crowd b",
    ]


def test_somebody_is_shown_who_is_treated_differently(tmp_path: Path) -> None:
    one = rules(tmp_path, "one", "event paid { }\ncrowd a { did paid within 7 days }\ncrowd b { 1 > 2 }\n")
    two = tmp_path / "two.sua"
    two.write_text(Path(one).read_text().replace("7 days", "8 days").replace("1 > 2", "1 > 3"))
    result = run("diff", one, str(two), "--tries", "500")
    assert result.exit_code == ExitCode.FINDINGS
    shown = result.stdout[result.stdout.index("crowd a treats") :]
    assert shown.splitlines() == [
        "crowd a treats this user differently:",
        '      test "what changes for crowd a" {',
        "        given user { }",
        "        happens paid { } at 2026-02-23 12:00",
        "        now 2026-03-02 12:00",
        "    -   expect not user in a",
        "    +   expect user in a",
        "      }",
        "crowd b: no difference among 497 people at the boundaries of both versions",
    ]


def test_another_layout_is_no_difference(tmp_path: Path) -> None:
    one = rules(tmp_path, "one")
    two = tmp_path / "two.sua"
    two.write_text("# a remark\n" + Path(one).read_text().replace(" ", "   "))
    result = run("diff", one, str(two))
    assert (result.exit_code, result.stdout.strip()) == (ExitCode.CLEAN, "they mean the same")


def test_a_file_is_compared_with_what_a_server_keeps(shop: Shop, tmp_path: Path) -> None:
    version = shop.done("publish", rules(tmp_path, "a"))["rule_set"]["version"]
    other = rules(tmp_path, "b", "list staff\n")
    compared = shop.done("diff", version, other, code=ExitCode.FINDINGS)
    assert [(each["kind"], each["rule"]) for each in compared["changes"]] == [
        ("CHANGE_KIND_ADDED", "list staff"),
        ("CHANGE_KIND_CHANGED", "plan hello"),
    ]
    assert [each["entry"] for each in compared["witnesses"]] == ["decide best"]


@pytest.mark.parametrize(
    "arguments",
    [["versions"], ["rollback"], ["revoke", "a" * 64], ["activate", "a" * 64], ["diff", "a" * 64, "b" * 64]],
)
def test_nobody_to_ask_is_out_of_reach(arguments: list[str]) -> None:
    result = run(*arguments, "--server", "127.0.0.1:1")
    assert result.exit_code == ExitCode.OUT_OF_REACH and "no server answers" in result.output
