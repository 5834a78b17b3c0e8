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
SEVERITY_UNSPECIFIED: Severity
SEVERITY_ERROR: Severity
SEVERITY_WARNING: Severity

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

class RuleSetServiceActivateRequest(_message.Message):
    __slots__ = ("version", "sources", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    sources: Sources
    request_id: str
    def __init__(self, version: _Optional[str] = ..., sources: _Optional[_Union[Sources, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RuleSetServiceActivateResponse(_message.Message):
    __slots__ = ("rule_set", "previous_version", "diagnostics")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    previous_version: str
    diagnostics: _containers.RepeatedCompositeFieldContainer[Diagnostic]
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., previous_version: _Optional[str] = ..., diagnostics: _Optional[_Iterable[_Union[Diagnostic, _Mapping]]] = ...) -> None: ...

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
    __slots__ = ("rule_set", "sources")
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    sources: Sources
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., sources: _Optional[_Union[Sources, _Mapping]] = ...) -> None: ...

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
    __slots__ = ("version", "active", "epoch", "activate_time", "crowds", "scores", "policies", "campaigns", "plans", "decides", "events", "lists")
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
    def __init__(self, version: _Optional[str] = ..., active: _Optional[bool] = ..., epoch: _Optional[int] = ..., activate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., crowds: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., scores: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., policies: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., campaigns: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., plans: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., decides: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ..., lists: _Optional[_Iterable[_Union[Declaration, _Mapping]]] = ...) -> None: ...
