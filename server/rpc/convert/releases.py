"""Versions where they stand, releases, and what versions do not mean alike."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from suasion.v1 import rule_set_service_pb2 as pb

from compiler.counters import Counter, Effect
from compiler.diff import Change, Kind, text_of
from server.ports import EVERYBODY, Release, RuleFiles, Schedule
from server.rpc.checks import identifier, refusal
from server.rpc.convert.reviews import review_to
from server.rpc.convert.rules import diagnostics_to, line_of, rule_set_to, rules_from
from server.rpc.convert.status import whom_to
from server.rpc.convert.time import timestamp
from server.usecases.releases import Activated
from server.usecases.reviews import Past
from server.usecases.rule_sets import Compared, Standing
from server.usecases.versions import Version

KINDS: Mapping[Kind, pb.ChangeKind] = {
    Kind.ADDED: pb.CHANGE_KIND_ADDED,
    Kind.REMOVED: pb.CHANGE_KIND_REMOVED,
    Kind.CHANGED: pb.CHANGE_KIND_CHANGED,
}

EFFECTS: Mapping[Effect, pb.CounterEffect] = {
    Effect.KEEPS: pb.COUNTER_EFFECT_KEEPS,
    Effect.PART: pb.COUNTER_EFFECT_KEEPS_PART,
    Effect.LOSES: pb.COUNTER_EFFECT_LOSES,
    Effect.BEGINS: pb.COUNTER_EFFECT_BEGINS,
}


def share_from(
    request: pb.RuleSetServiceActivateRequest, field: Literal["share", "sample"] = "share"
) -> Fraction:
    """Exactly the decimal number that was meant; everybody when unset."""
    if not request.HasField(field):
        return EVERYBODY
    share: float = getattr(request, field)
    if not 0 < share <= 1:
        raise refusal(field, "a number above 0, up to 1, is wanted")
    return Fraction(repr(share))


def sample_from(request: pb.RuleSetServiceActivateRequest) -> Fraction | None:
    """For how many a version is to decide beside what serves; None if it is to serve."""
    if request.shadow:
        for field in ("share", "crowd", "activate_time"):
            if request.HasField(field):
                raise refusal(field, "what decides beside others serves nobody, at no time")
        return share_from(request, "sample")
    if request.HasField("sample"):
        raise refusal("sample", "it goes with `shadow`")
    return None


def whom_from(request: pb.RuleSetServiceActivateRequest) -> tuple[Fraction, str | None]:
    """The share that a version is to serve, and the crowd that it is of; None is all users."""
    return share_from(request), identifier("crowd", request.crowd) if request.HasField("crowd") else None


def version_from(path: str, message: pb.VersionOrSources) -> str | RuleFiles:
    match message.WhichOneof("version_or_sources"):
        case "version":
            return identifier(f"{path}.version", message.version)
        case "sources":
            return rules_from(message.sources, f"{path}.sources")
        case _:
            raise refusal(path, "one of `version` and `sources` is required")


def release_to(release: Release) -> pb.Release:
    return pb.Release(
        epoch=release.epoch,
        version=release.version,
        share=float(release.share),
        crowd=release.crowd or "",
        rest_version=release.rest or "",
        order_time=timestamp(release.time),
        restored_epoch=0 if release.of == release.epoch else release.of,
        shadow_version=release.shadow or "",
        shadow_sample=float(release.sample),
    )


def schedule_to(schedule: Schedule) -> pb.Schedule:
    return pb.Schedule(
        version=schedule.version,
        activate_time=timestamp(schedule.due),
        share=float(schedule.share),
        crowd=schedule.crowd or "",
        actor=schedule.by.actor,
        reason=schedule.by.reason,
    )


def activated_to(activated: Activated) -> pb.RuleSetServiceActivateResponse:
    compiled = activated.version.compiled
    warnings, _ = diagnostics_to(compiled.diagnostics, compiled.sources)
    return pb.RuleSetServiceActivateResponse(
        rule_set=activated_rules_to(activated),
        previous_version=activated.previous.version if activated.previous else "",
        diagnostics=warnings,
        release=release_to(activated.release),
    )


def rolled_back_to(activated: Activated) -> pb.RuleSetServiceRollbackResponse:
    return pb.RuleSetServiceRollbackResponse(
        rule_set=activated_rules_to(activated),
        previous_version=activated.previous.version if activated.previous else "",
        release=release_to(activated.release),
    )


def activated_rules_to(activated: Activated) -> pb.RuleSet:
    name, release = activated.version.name, activated.release
    return rule_set_to(activated.version.ruleset, release, release.part_of(name))


def published_to(version: Version) -> pb.RuleSetServicePublishResponse:
    warnings, _ = diagnostics_to(version.compiled.diagnostics, version.compiled.sources)
    return pb.RuleSetServicePublishResponse(rule_set=rule_set_to(version.ruleset), diagnostics=warnings)


def standing_to(standing: Standing) -> pb.Version:
    kept, release = standing.kept, standing.release
    return pb.Version(
        version=kept.version,
        publish_time=timestamp(kept.time),
        **whom_to(standing.part),
        epoch=release.epoch if release else 0,
        activate_time=timestamp(release.time) if release else None,
        revoked=kept.revoked,
        review=review_to(standing.review),
    )


def past_to(past: Past) -> pb.Act:
    act = past.act
    return pb.Act(
        id=act.id,
        version=act.version,
        deed=f"DEED_{act.deed.name}",
        act_time=timestamp(act.time),
        actor=act.by.actor,
        reason=act.by.reason,
        epoch=act.epoch or 0,
        release=release_to(past.release) if past.release else None,
    )


def compared_to(compared: Compared) -> pb.RuleSetServiceDiffResponse:
    return pb.RuleSetServiceDiffResponse(
        version_before=compared.before.name,
        version_after=compared.after.name,
        changes=[change_to(change, compared) for change in compared.changes],
        counters=[counter_to(counter, compared) for counter in compared.counters],
    )


def counter_to(counter: Counter, compared: Compared) -> pb.CounterChange:
    ruleset = (
        compared.after.ruleset if counter.rule in compared.after.ruleset.origins else compared.before.ruleset
    )
    place = counter.span and str(ruleset.place(counter.rule, counter.span))
    return pb.CounterChange(
        effect=EFFECTS[counter.effect],
        rule=counter.rule,
        location=place or line_of(ruleset, counter.rule),
        description=counter.why,
    )


def change_to(change: Change, compared: Compared) -> pb.RuleChange:
    before, after = compared.before, compared.after
    return pb.RuleChange(
        kind=KINDS[change.kind],
        rule=change.key,
        was=(change.was or "").partition(" ")[2],
        location_before=line_of(before.ruleset, change.key_before),
        location_after=line_of(after.ruleset, change.key),
        text_before=text_of(before.compiled, change.key_before),
        text_after=text_of(after.compiled, change.key),
        dependants=change.dependants,
    )
