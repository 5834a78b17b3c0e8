"""Rule sets, their files and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from suasion.v1 import rule_set_service_pb2 as pb

from compiler.checked.ir import Definition, FieldDef, RuleSet
from dsl.diagnostics import Diagnostic, arrange, render
from dsl.source import Source, Span
from server.ports import Part, Release, RuleFiles
from server.rpc.checks import distinct, identifier, not_too_many, some
from server.rpc.convert.reviews import review_to
from server.rpc.convert.status import whom_to
from server.rpc.convert.time import timestamp
from server.rpc.convert.values import json_of
from server.usecases.rule_sets import Shown

MOST_FILES = 1000
SEVERITIES = {"error": pb.SEVERITY_ERROR, "warning": pb.SEVERITY_WARNING}
NOWHERE = Span(0, 0, 0, 0)
SERVES_NOBODY = Part()


def rules_from(message: pb.Sources, path: str = "sources") -> RuleFiles:
    """Files of a rule set, at least one, and modules; each has a name of its own."""
    some(f"{path}.files", message.files, MOST_FILES)
    return RuleFiles(
        files_from(message.files, f"{path}.files"), files_from(message.modules, f"{path}.modules")
    )


def files_from(files: Sequence[pb.SourceFile], path: str) -> tuple[Source, ...]:
    not_too_many(path, files, MOST_FILES)
    distinct(path, [identifier(f"{path}[{index}].name", file.name) for index, file in enumerate(files)])
    return tuple(Source(file.name, file.text) for file in files)


def rules_to(rules: RuleFiles) -> pb.Sources:
    return pb.Sources(files=files_to(rules.files), modules=files_to(rules.modules))


def files_to(sources: Iterable[Source]) -> list[pb.SourceFile]:
    return [pb.SourceFile(name=source.name, text=source.text) for source in sources]


def diagnostics_to(
    found: Iterable[Diagnostic], sources: Mapping[str, Source]
) -> tuple[list[pb.Diagnostic], int]:
    """The first ones in the order of the text, and how many more there are."""
    distinct = dict.fromkeys(found)
    shown, _ = arrange(distinct)
    return [diagnostic_to(each, sources) for each in shown], len(distinct) - len(shown)


def diagnostic_to(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> pb.Diagnostic:
    place = diagnostic.place
    file, span = (place.file, place.span) if place else ("", NOWHERE)
    return pb.Diagnostic(
        code=diagnostic.code,
        severity=SEVERITIES[diagnostic.severity],
        message=diagnostic.message,
        label=diagnostic.label or "",
        notes=diagnostic.notes,
        replacement=diagnostic.fix.replacement if diagnostic.fix else None,
        file=file,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        rendered=render(diagnostic, sources.get(file)),
    )


def rule_set_to(
    ruleset: RuleSet,
    release: Release | None = None,
    part: Part = SERVES_NOBODY,
    *,
    revoked: bool = False,
) -> pb.RuleSet:
    """What a version declares; `release` is the newest in which it serves, `part` whom it serves now."""
    return pb.RuleSet(
        version=ruleset.hash,
        active=part.share > 0,
        **whom_to(part),
        revoked=revoked,
        epoch=release.epoch if release else 0,
        activate_time=timestamp(release.time) if release else None,
        crowds=declarations(ruleset, ruleset.crowds),
        scores=declarations(ruleset, ruleset.scores),
        policies=declarations(ruleset, ruleset.policies),
        campaigns=declarations(ruleset, ruleset.campaigns),
        plans=declarations(ruleset, ruleset.plans),
        decides=declarations(ruleset, ruleset.decides),
        events=[
            pb.Declaration(name=event.name, doc=event.doc, location=location(ruleset, f"event {event.name}"))
            for event in ruleset.events.values()
        ],
        lists=[
            pb.Declaration(name=name, doc=doc, location=location(ruleset, f"list {name}"))
            for name, doc in ruleset.lists.items()
        ],
    )


def declarations(ruleset: RuleSet, definitions: Mapping[str, Definition]) -> list[pb.Declaration]:
    return [
        pb.Declaration(name=name, doc=each.doc, location=location(ruleset, each.key))
        for name, each in definitions.items()
    ]


def location(ruleset: RuleSet, key: str) -> str:
    """The line of a definition: `rescue.sua:14`."""
    file, line = ruleset.origins[key]
    return f"{file}:{line}"


def line_of(ruleset: RuleSet, key: str) -> str:
    """The same; empty for what the rule set does not have, or has no line of its own."""
    return location(ruleset, key) if key in ruleset.origins else ""


def shown_to(shown: Shown, *, include_sources: bool) -> pb.RuleSetServiceGetResponse:
    standing = shown.standing
    rule_set = rule_set_to(shown.ruleset, standing.release, standing.part, revoked=standing.kept.revoked)
    rule_set.review.CopyFrom(review_to(standing.review))
    return pb.RuleSetServiceGetResponse(
        rule_set=rule_set,
        sources=rules_to(shown.rules) if include_sources else None,
        schema=schema_to(shown.ruleset),
    )


def schema_to(ruleset: RuleSet) -> pb.Schema:
    return pb.Schema(
        attributes=map(field_to, ruleset.attributes.values()),
        user_key=ruleset.user_key or "",
        inputs=map(field_to, ruleset.inputs.values()),
        events=[
            pb.EventSchema(name=event.name, fields=map(field_to, event.fields.values()))
            for event in ruleset.events.values()
        ],
    )


def field_to(field: FieldDef) -> pb.Field:
    return pb.Field(
        name=field.name,
        type=str(field.type),
        optional=field.optional,
        private=field.private,
        default_json="" if field.default is None else json_of(field.type, field.default),
    )
