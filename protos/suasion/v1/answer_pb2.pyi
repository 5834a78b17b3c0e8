import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Answer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANSWER_UNSPECIFIED: _ClassVar[Answer]
    ANSWER_YES: _ClassVar[Answer]
    ANSWER_NO: _ClassVar[Answer]
    ANSWER_UNKNOWN: _ClassVar[Answer]

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_SEND: _ClassVar[Verdict]
    VERDICT_WAIT: _ClassVar[Verdict]
    VERDICT_BLOCK: _ClassVar[Verdict]
    VERDICT_HOLDOUT: _ClassVar[Verdict]
    VERDICT_NONE: _ClassVar[Verdict]

class Gate(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GATE_UNSPECIFIED: _ClassVar[Gate]
    GATE_ELIGIBLE: _ClassVar[Gate]
    GATE_RELEVANT: _ClassVar[Gate]
    GATE_CONTACTABLE: _ClassVar[Gate]
    GATE_RANKED: _ClassVar[Gate]
    GATE_HOLDOUT: _ClassVar[Gate]
    GATE_CHOSEN: _ClassVar[Gate]
ANSWER_UNSPECIFIED: Answer
ANSWER_YES: Answer
ANSWER_NO: Answer
ANSWER_UNKNOWN: Answer
VERDICT_UNSPECIFIED: Verdict
VERDICT_SEND: Verdict
VERDICT_WAIT: Verdict
VERDICT_BLOCK: Verdict
VERDICT_HOLDOUT: Verdict
VERDICT_NONE: Verdict
GATE_UNSPECIFIED: Gate
GATE_ELIGIBLE: Gate
GATE_RELEVANT: Gate
GATE_CONTACTABLE: Gate
GATE_RANKED: Gate
GATE_HOLDOUT: Gate
GATE_CHOSEN: Gate

class Reason(_message.Message):
    __slots__ = ("text", "code", "gate", "rule", "location", "channel", "answer", "until_time")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    text: str
    code: str
    gate: Gate
    rule: str
    location: str
    channel: str
    answer: Answer
    until_time: _timestamp_pb2.Timestamp
    def __init__(self, text: _Optional[str] = ..., code: _Optional[str] = ..., gate: _Optional[_Union[Gate, str]] = ..., rule: _Optional[str] = ..., location: _Optional[str] = ..., channel: _Optional[str] = ..., answer: _Optional[_Union[Answer, str]] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class NamedValue(_message.Message):
    __slots__ = ("name", "value_json")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_JSON_FIELD_NUMBER: _ClassVar[int]
    name: str
    value_json: str
    def __init__(self, name: _Optional[str] = ..., value_json: _Optional[str] = ...) -> None: ...

class ExplainedPart(_message.Message):
    __slots__ = ("depth", "kind", "text", "location", "answer", "value_json", "gap", "needs", "needs_by", "looked_at", "left_out_count", "same_as_location")
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    VALUE_JSON_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_BY_FIELD_NUMBER: _ClassVar[int]
    LOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAME_AS_LOCATION_FIELD_NUMBER: _ClassVar[int]
    depth: int
    kind: str
    text: str
    location: str
    answer: Answer
    value_json: str
    gap: str
    needs: str
    needs_by: str
    looked_at: _containers.RepeatedCompositeFieldContainer[LookedAt]
    left_out_count: int
    same_as_location: str
    def __init__(self, depth: _Optional[int] = ..., kind: _Optional[str] = ..., text: _Optional[str] = ..., location: _Optional[str] = ..., answer: _Optional[_Union[Answer, str]] = ..., value_json: _Optional[str] = ..., gap: _Optional[str] = ..., needs: _Optional[str] = ..., needs_by: _Optional[str] = ..., looked_at: _Optional[_Iterable[_Union[LookedAt, _Mapping]]] = ..., left_out_count: _Optional[int] = ..., same_as_location: _Optional[str] = ...) -> None: ...

class LookedAt(_message.Message):
    __slots__ = ("type", "in_window_count", "taken_count", "unknown_count")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    IN_WINDOW_COUNT_FIELD_NUMBER: _ClassVar[int]
    TAKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_COUNT_FIELD_NUMBER: _ClassVar[int]
    type: str
    in_window_count: int
    taken_count: int
    unknown_count: int
    def __init__(self, type: _Optional[str] = ..., in_window_count: _Optional[int] = ..., taken_count: _Optional[int] = ..., unknown_count: _Optional[int] = ...) -> None: ...

class Provenance(_message.Message):
    __slots__ = ("decision_id", "version", "evaluate_time", "degraded", "missing", "unavailable", "advisory", "tzdata_version", "engine_version")
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EVALUATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    ADVISORY_FIELD_NUMBER: _ClassVar[int]
    TZDATA_VERSION_FIELD_NUMBER: _ClassVar[int]
    ENGINE_VERSION_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    version: str
    evaluate_time: _timestamp_pb2.Timestamp
    degraded: bool
    missing: _containers.RepeatedScalarFieldContainer[str]
    unavailable: _containers.RepeatedScalarFieldContainer[str]
    advisory: bool
    tzdata_version: str
    engine_version: str
    def __init__(self, decision_id: _Optional[str] = ..., version: _Optional[str] = ..., evaluate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., degraded: _Optional[bool] = ..., missing: _Optional[_Iterable[str]] = ..., unavailable: _Optional[_Iterable[str]] = ..., advisory: _Optional[bool] = ..., tzdata_version: _Optional[str] = ..., engine_version: _Optional[str] = ...) -> None: ...
