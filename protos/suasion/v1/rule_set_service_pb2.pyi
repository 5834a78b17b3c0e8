import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
    SEVERITY_WARNING: _ClassVar[Severity]

class ChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_KIND_UNSPECIFIED: _ClassVar[ChangeKind]
    CHANGE_KIND_ADDED: _ClassVar[ChangeKind]
    CHANGE_KIND_REMOVED: _ClassVar[ChangeKind]
    CHANGE_KIND_CHANGED: _ClassVar[ChangeKind]

class CounterEffect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COUNTER_EFFECT_UNSPECIFIED: _ClassVar[CounterEffect]
    COUNTER_EFFECT_KEEPS: _ClassVar[CounterEffect]
    COUNTER_EFFECT_KEEPS_PART: _ClassVar[CounterEffect]
    COUNTER_EFFECT_LOSES: _ClassVar[CounterEffect]
    COUNTER_EFFECT_BEGINS: _ClassVar[CounterEffect]

class ReviewState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REVIEW_STATE_UNSPECIFIED: _ClassVar[ReviewState]
    REVIEW_STATE_CHECKED: _ClassVar[ReviewState]
    REVIEW_STATE_SUBMITTED: _ClassVar[ReviewState]
    REVIEW_STATE_APPROVED: _ClassVar[ReviewState]
    REVIEW_STATE_REJECTED: _ClassVar[ReviewState]
    REVIEW_STATE_ARCHIVED: _ClassVar[ReviewState]

class Deed(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEED_UNSPECIFIED: _ClassVar[Deed]
    DEED_PUBLISHED: _ClassVar[Deed]
    DEED_SUBMITTED: _ClassVar[Deed]
    DEED_APPROVED: _ClassVar[Deed]
    DEED_REJECTED: _ClassVar[Deed]
    DEED_ACTIVATED: _ClassVar[Deed]
    DEED_ROLLED_BACK: _ClassVar[Deed]
    DEED_RESTORED: _ClassVar[Deed]
    DEED_REVOKED: _ClassVar[Deed]
    DEED_ARCHIVED: _ClassVar[Deed]
    DEED_SHADOWED: _ClassVar[Deed]
    DEED_SCHEDULED: _ClassVar[Deed]
    DEED_UNSCHEDULED: _ClassVar[Deed]
SEVERITY_UNSPECIFIED: Severity
SEVERITY_ERROR: Severity
SEVERITY_WARNING: Severity
CHANGE_KIND_UNSPECIFIED: ChangeKind
CHANGE_KIND_ADDED: ChangeKind
CHANGE_KIND_REMOVED: ChangeKind
CHANGE_KIND_CHANGED: ChangeKind
COUNTER_EFFECT_UNSPECIFIED: CounterEffect
COUNTER_EFFECT_KEEPS: CounterEffect
COUNTER_EFFECT_KEEPS_PART: CounterEffect
COUNTER_EFFECT_LOSES: CounterEffect
COUNTER_EFFECT_BEGINS: CounterEffect
REVIEW_STATE_UNSPECIFIED: ReviewState
REVIEW_STATE_CHECKED: ReviewState
REVIEW_STATE_SUBMITTED: ReviewState
REVIEW_STATE_APPROVED: ReviewState
REVIEW_STATE_REJECTED: ReviewState
REVIEW_STATE_ARCHIVED: ReviewState
DEED_UNSPECIFIED: Deed
DEED_PUBLISHED: Deed
DEED_SUBMITTED: Deed
DEED_APPROVED: Deed
DEED_REJECTED: Deed
DEED_ACTIVATED: Deed
DEED_ROLLED_BACK: Deed
DEED_RESTORED: Deed
DEED_REVOKED: Deed
DEED_ARCHIVED: Deed
DEED_SHADOWED: Deed
DEED_SCHEDULED: Deed
DEED_UNSCHEDULED: Deed

class SourceFile(_message.Message):
    __slots__ = ("name", "text")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Sources(_message.Message):
    __slots__ = ("files", "modules")
    FILES_FIELD_NUMBER: _ClassVar[int]
    MODULES_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[SourceFile]
    modules: _containers.RepeatedCompositeFieldContainer[SourceFile]
    def __init__(self, files: _Optional[_Iterable[_Union[SourceFile, _Mapping]]] = ..., modules: _Optional[_Iterable[_Union[SourceFile, _Mapping]]] = ...) -> None: ...

class Diagnostic(_message.Message):
    __slots__ = ("code", "severity", "message", "label", "notes", "replacement", "file", "line", "column", "end_line", "end_column", "rendered")
    CODE_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    REPLACEMENT_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    END_LINE_FIELD_NUMBER: _ClassVar[int]
    END_COLUMN_FIELD_NUMBER: _ClassVar[int]
    RENDERED_FIELD_NUMBER: _ClassVar[int]
    code: str
    severity: Severity
    message: str
    label: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    replacement: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    rendered: str
    def __init__(self, code: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ..., message: _Optional[str] = ..., label: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ..., replacement: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., end_line: _Optional[int] = ..., end_column: _Optional[int] = ..., rendered: _Optional[str] = ...) -> None: ...

class RuleSetServiceCheckRequest(_message.Message):
    __slots__ = ("sources", "request_id")
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    sources: Sources
    request_id: str
    def __init__(self, sources: _Optional[_Union[Sources, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceCheckResponse(_message.Message):
    __slots__ = ("valid", "diagnostics", "dropped_diagnostic_count", "rule_set")
    VALID_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    DROPPED_DIAGNOSTIC_COUNT_FIELD_NUMBER: _ClassVar[int]
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    valid: bool
    diagnostics: _containers.RepeatedCompositeFieldContainer[Diagnostic]
    dropped_diagnostic_count: int
    rule_set: RuleSet
    def __init__(self, valid: _Optional[bool] = ..., diagnostics: _Optional[_Iterable[_Union[Diagnostic, _Mapping]]] = ..., dropped_diagnostic_count: _Optional[int] = ..., rule_set: _Optional[_Union[RuleSet, _Mapping]] = ...) -> None: ...

class RuleSetServicePublishRequest(_message.Message):
    __slots__ = ("sources", "validate_only", "request_id")
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    sources: Sources
    validate_only: bool
    request_id: str
    def __init__(self, sources: _Optional[_Union[Sources, _Mapping]] = ..., validate_only: _Optional[bool] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServicePublishResponse(_message.Message):
    __slots__ = ("rule_set", "diagnostics")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    diagnostics: _containers.RepeatedCompositeFieldContainer[Diagnostic]
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., diagnostics: _Optional[_Iterable[_Union[Diagnostic, _Mapping]]] = ...) -> None: ...

class RuleSetServiceListRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "request_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    request_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class Version(_message.Message):
    __slots__ = ("version", "publish_time", "share", "epoch", "activate_time", "revoked", "review", "crowd", "except_crowd", "shadow_sample")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_TIME_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    CROWD_FIELD_NUMBER: _ClassVar[int]
    EXCEPT_CROWD_FIELD_NUMBER: _ClassVar[int]
    SHADOW_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    version: str
    publish_time: _timestamp_pb2.Timestamp
    share: float
    epoch: int
    activate_time: _timestamp_pb2.Timestamp
    revoked: bool
    review: Review
    crowd: str
    except_crowd: str
    shadow_sample: float
    def __init__(self, version: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., share: _Optional[float] = ..., epoch: _Optional[int] = ..., activate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revoked: _Optional[bool] = ..., review: _Optional[_Union[Review, _Mapping]] = ..., crowd: _Optional[str] = ..., except_crowd: _Optional[str] = ..., shadow_sample: _Optional[float] = ...) -> None: ...

class RuleSetServiceListResponse(_message.Message):
    __slots__ = ("versions", "next_page_token")
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    versions: _containers.RepeatedCompositeFieldContainer[Version]
    next_page_token: str
    def __init__(self, versions: _Optional[_Iterable[_Union[Version, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class VersionOrSources(_message.Message):
    __slots__ = ("version", "sources")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    version: str
    sources: Sources
    def __init__(self, version: _Optional[str] = ..., sources: _Optional[_Union[Sources, _Mapping]] = ...) -> None: ...

class RuleSetServiceDiffRequest(_message.Message):
    __slots__ = ("before", "after", "request_id")
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    before: VersionOrSources
    after: VersionOrSources
    request_id: str
    def __init__(self, before: _Optional[_Union[VersionOrSources, _Mapping]] = ..., after: _Optional[_Union[VersionOrSources, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleChange(_message.Message):
    __slots__ = ("kind", "rule", "was", "location_before", "location_after", "text_before", "text_after", "dependants")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    LOCATION_BEFORE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_AFTER_FIELD_NUMBER: _ClassVar[int]
    TEXT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    TEXT_AFTER_FIELD_NUMBER: _ClassVar[int]
    DEPENDANTS_FIELD_NUMBER: _ClassVar[int]
    kind: ChangeKind
    rule: str
    was: str
    location_before: str
    location_after: str
    text_before: str
    text_after: str
    dependants: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[ChangeKind, str]] = ..., rule: _Optional[str] = ..., was: _Optional[str] = ..., location_before: _Optional[str] = ..., location_after: _Optional[str] = ..., text_before: _Optional[str] = ..., text_after: _Optional[str] = ..., dependants: _Optional[_Iterable[str]] = ...) -> None: ...

class CounterChange(_message.Message):
    __slots__ = ("effect", "rule", "location", "description")
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    effect: CounterEffect
    rule: str
    location: str
    description: str
    def __init__(self, effect: _Optional[_Union[CounterEffect, str]] = ..., rule: _Optional[str] = ..., location: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class RuleSetServiceDiffResponse(_message.Message):
    __slots__ = ("version_before", "version_after", "changes", "counters")
    VERSION_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VERSION_AFTER_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    COUNTERS_FIELD_NUMBER: _ClassVar[int]
    version_before: str
    version_after: str
    changes: _containers.RepeatedCompositeFieldContainer[RuleChange]
    counters: _containers.RepeatedCompositeFieldContainer[CounterChange]
    def __init__(self, version_before: _Optional[str] = ..., version_after: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[RuleChange, _Mapping]]] = ..., counters: _Optional[_Iterable[_Union[CounterChange, _Mapping]]] = ...) -> None: ...

class Release(_message.Message):
    __slots__ = ("epoch", "version", "share", "rest_version", "order_time", "restored_epoch", "shadow_version", "shadow_sample", "crowd")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    REST_VERSION_FIELD_NUMBER: _ClassVar[int]
    ORDER_TIME_FIELD_NUMBER: _ClassVar[int]
    RESTORED_EPOCH_FIELD_NUMBER: _ClassVar[int]
    SHADOW_VERSION_FIELD_NUMBER: _ClassVar[int]
    SHADOW_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    CROWD_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    version: str
    share: float
    rest_version: str
    order_time: _timestamp_pb2.Timestamp
    restored_epoch: int
    shadow_version: str
    shadow_sample: float
    crowd: str
    def __init__(self, epoch: _Optional[int] = ..., version: _Optional[str] = ..., share: _Optional[float] = ..., rest_version: _Optional[str] = ..., order_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., restored_epoch: _Optional[int] = ..., shadow_version: _Optional[str] = ..., shadow_sample: _Optional[float] = ..., crowd: _Optional[str] = ...) -> None: ...

class RuleSetServiceActivateRequest(_message.Message):
    __slots__ = ("version", "sources", "request_id", "share", "retire_plans", "reason", "activate_time", "shadow", "sample", "crowd")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    RETIRE_PLANS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_FIELD_NUMBER: _ClassVar[int]
    CROWD_FIELD_NUMBER: _ClassVar[int]
    version: str
    sources: Sources
    request_id: str
    share: float
    retire_plans: bool
    reason: str
    activate_time: _timestamp_pb2.Timestamp
    shadow: bool
    sample: float
    crowd: str
    def __init__(self, version: _Optional[str] = ..., sources: _Optional[_Union[Sources, _Mapping]] = ..., request_id: _Optional[str] = ..., share: _Optional[float] = ..., retire_plans: _Optional[bool] = ..., reason: _Optional[str] = ..., activate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., shadow: _Optional[bool] = ..., sample: _Optional[float] = ..., crowd: _Optional[str] = ...) -> None: ...

class RuleSetServiceActivateResponse(_message.Message):
    __slots__ = ("rule_set", "previous_version", "diagnostics", "release", "schedule")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    previous_version: str
    diagnostics: _containers.RepeatedCompositeFieldContainer[Diagnostic]
    release: Release
    schedule: Schedule
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., previous_version: _Optional[str] = ..., diagnostics: _Optional[_Iterable[_Union[Diagnostic, _Mapping]]] = ..., release: _Optional[_Union[Release, _Mapping]] = ..., schedule: _Optional[_Union[Schedule, _Mapping]] = ...) -> None: ...

class Schedule(_message.Message):
    __slots__ = ("version", "activate_time", "share", "actor", "reason", "crowd")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CROWD_FIELD_NUMBER: _ClassVar[int]
    version: str
    activate_time: _timestamp_pb2.Timestamp
    share: float
    actor: str
    reason: str
    crowd: str
    def __init__(self, version: _Optional[str] = ..., activate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., share: _Optional[float] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., crowd: _Optional[str] = ...) -> None: ...

class RuleSetServiceUnscheduleRequest(_message.Message):
    __slots__ = ("version", "reason", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    reason: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceUnscheduleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RuleSetServiceListSchedulesRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceListSchedulesResponse(_message.Message):
    __slots__ = ("schedules",)
    SCHEDULES_FIELD_NUMBER: _ClassVar[int]
    schedules: _containers.RepeatedCompositeFieldContainer[Schedule]
    def __init__(self, schedules: _Optional[_Iterable[_Union[Schedule, _Mapping]]] = ...) -> None: ...

class RuleSetServiceRollbackRequest(_message.Message):
    __slots__ = ("epoch", "request_id", "reason")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    request_id: str
    reason: str
    def __init__(self, epoch: _Optional[int] = ..., request_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RuleSetServiceRollbackResponse(_message.Message):
    __slots__ = ("rule_set", "previous_version", "release")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    previous_version: str
    release: Release
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., previous_version: _Optional[str] = ..., release: _Optional[_Union[Release, _Mapping]] = ...) -> None: ...

class RuleSetServiceRevokeRequest(_message.Message):
    __slots__ = ("version", "end_waiting", "request_id", "reason")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    END_WAITING_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    version: str
    end_waiting: bool
    request_id: str
    reason: str
    def __init__(self, version: _Optional[str] = ..., end_waiting: _Optional[bool] = ..., request_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RuleSetServiceRevokeResponse(_message.Message):
    __slots__ = ("moved_count", "ended_count")
    MOVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ENDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    moved_count: int
    ended_count: int
    def __init__(self, moved_count: _Optional[int] = ..., ended_count: _Optional[int] = ...) -> None: ...

class RuleSetServiceGetRequest(_message.Message):
    __slots__ = ("version", "include_sources", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_SOURCES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    include_sources: bool
    request_id: str
    def __init__(self, version: _Optional[str] = ..., include_sources: _Optional[bool] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceGetResponse(_message.Message):
    __slots__ = ("rule_set", "sources", "schema")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    sources: Sources
    schema: Schema
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., sources: _Optional[_Union[Sources, _Mapping]] = ..., schema: _Optional[_Union[Schema, _Mapping]] = ...) -> None: ...

class Field(_message.Message):
    __slots__ = ("name", "type", "optional", "private", "default_json")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    PRIVATE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_JSON_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    optional: bool
    private: bool
    default_json: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., optional: _Optional[bool] = ..., private: _Optional[bool] = ..., default_json: _Optional[str] = ...) -> None: ...

class EventSchema(_message.Message):
    __slots__ = ("name", "fields")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    fields: _containers.RepeatedCompositeFieldContainer[Field]
    def __init__(self, name: _Optional[str] = ..., fields: _Optional[_Iterable[_Union[Field, _Mapping]]] = ...) -> None: ...

class Schema(_message.Message):
    __slots__ = ("attributes", "user_key", "inputs", "events")
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    USER_KEY_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    attributes: _containers.RepeatedCompositeFieldContainer[Field]
    user_key: str
    inputs: _containers.RepeatedCompositeFieldContainer[Field]
    events: _containers.RepeatedCompositeFieldContainer[EventSchema]
    def __init__(self, attributes: _Optional[_Iterable[_Union[Field, _Mapping]]] = ..., user_key: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[Field, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[EventSchema, _Mapping]]] = ...) -> None: ...

class Declaration(_message.Message):
    __slots__ = ("name", "doc", "location")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOC_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    name: str
    doc: str
    location: str
    def __init__(self, name: _Optional[str] = ..., doc: _Optional[str] = ..., location: _Optional[str] = ...) -> None: ...

class RuleSet(_message.Message):
    __slots__ = ("version", "active", "epoch", "activate_time", "crowds", "scores", "policies", "campaigns", "plans", "decides", "events", "lists", "share", "revoked", "review", "crowd", "except_crowd", "shadow_sample")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGNS_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    DECIDES_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    LISTS_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    CROWD_FIELD_NUMBER: _ClassVar[int]
    EXCEPT_CROWD_FIELD_NUMBER: _ClassVar[int]
    SHADOW_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    version: str
    active: bool
    epoch: int
    activate_time: _timestamp_pb2.Timestamp
    crowds: _containers.RepeatedCompositeFieldContainer[Declaration]
    scores: _containers.RepeatedCompositeFieldContainer[Declaration]
    policies: _containers.RepeatedCompositeFieldContainer[Declaration]
    campaigns: _containers.RepeatedCompositeFieldContainer[Declaration]
    plans: _containers.RepeatedCompositeFieldContainer[Declaration]
    decides: _containers.RepeatedCompositeFieldContainer[Declaration]
    events: _containers.RepeatedCompositeFieldContainer[Declaration]
    lists: _containers.RepeatedCompositeFieldContainer[Declaration]
    share: float
    revoked: bool
    review: Review
    crowd: str
    except_crowd: str
    shadow_sample: float
    def __init__(self, version: _Optional[str] = ..., active: _Optional[bool] = ..., epoch: _Optional[int] = ..., activate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., crowds: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., scores: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., policies: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., campaigns: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., plans: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., decides: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., lists: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., share: _Optional[float] = ..., revoked: _Optional[bool] = ..., review: _Optional[_Union[Review, _Mapping]] = ..., crowd: _Optional[str] = ..., except_crowd: _Optional[str] = ..., shadow_sample: _Optional[float] = ...) -> None: ...

class Review(_message.Message):
    __slots__ = ("state", "authors", "reviewer")
    STATE_FIELD_NUMBER: _ClassVar[int]
    AUTHORS_FIELD_NUMBER: _ClassVar[int]
    REVIEWER_FIELD_NUMBER: _ClassVar[int]
    state: ReviewState
    authors: _containers.RepeatedScalarFieldContainer[str]
    reviewer: str
    def __init__(self, state: _Optional[_Union[ReviewState, str]] = ..., authors: _Optional[_Iterable[str]] = ..., reviewer: _Optional[str] = ...) -> None: ...

class RuleSetServiceSubmitRequest(_message.Message):
    __slots__ = ("version", "reason", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    reason: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceSubmitResponse(_message.Message):
    __slots__ = ("review",)
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    review: Review
    def __init__(self, review: _Optional[_Union[Review, _Mapping]] = ...) -> None: ...

class RuleSetServiceApproveRequest(_message.Message):
    __slots__ = ("version", "reason", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    reason: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceApproveResponse(_message.Message):
    __slots__ = ("review",)
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    review: Review
    def __init__(self, review: _Optional[_Union[Review, _Mapping]] = ...) -> None: ...

class RuleSetServiceRejectRequest(_message.Message):
    __slots__ = ("version", "reason", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    reason: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceRejectResponse(_message.Message):
    __slots__ = ("review",)
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    review: Review
    def __init__(self, review: _Optional[_Union[Review, _Mapping]] = ...) -> None: ...

class RuleSetServiceArchiveRequest(_message.Message):
    __slots__ = ("version", "reason", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    reason: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceArchiveResponse(_message.Message):
    __slots__ = ("review",)
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    review: Review
    def __init__(self, review: _Optional[_Union[Review, _Mapping]] = ...) -> None: ...

class Act(_message.Message):
    __slots__ = ("id", "version", "deed", "act_time", "actor", "reason", "epoch", "release")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DEED_FIELD_NUMBER: _ClassVar[int]
    ACT_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    id: int
    version: str
    deed: Deed
    act_time: _timestamp_pb2.Timestamp
    actor: str
    reason: str
    epoch: int
    release: Release
    def __init__(self, id: _Optional[int] = ..., version: _Optional[str] = ..., deed: _Optional[_Union[Deed, str]] = ..., act_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., epoch: _Optional[int] = ..., release: _Optional[_Union[Release, _Mapping]] = ...) -> None: ...

class RuleSetServiceListAuditRequest(_message.Message):
    __slots__ = ("version", "page_size", "page_token", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    page_size: int
    page_token: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceListAuditResponse(_message.Message):
    __slots__ = ("acts", "next_page_token")
    ACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    acts: _containers.RepeatedCompositeFieldContainer[Act]
    next_page_token: str
    def __init__(self, acts: _Optional[_Iterable[_Union[Act, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
