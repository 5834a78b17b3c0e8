import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from suasion.v1 import rule_set_service_pb2 as _rule_set_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReplayKnowledge(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPLAY_KNOWLEDGE_UNSPECIFIED: _ClassVar[ReplayKnowledge]
    REPLAY_KNOWLEDGE_THEN: _ClassVar[ReplayKnowledge]
    REPLAY_KNOWLEDGE_FULL: _ClassVar[ReplayKnowledge]
    REPLAY_KNOWLEDGE_BOTH: _ClassVar[ReplayKnowledge]

class ReplayLoop(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPLAY_LOOP_UNSPECIFIED: _ClassVar[ReplayLoop]
    REPLAY_LOOP_VERIFY: _ClassVar[ReplayLoop]
    REPLAY_LOOP_OPEN: _ClassVar[ReplayLoop]
    REPLAY_LOOP_CLOSED: _ClassVar[ReplayLoop]
REPLAY_KNOWLEDGE_UNSPECIFIED: ReplayKnowledge
REPLAY_KNOWLEDGE_THEN: ReplayKnowledge
REPLAY_KNOWLEDGE_FULL: ReplayKnowledge
REPLAY_KNOWLEDGE_BOTH: ReplayKnowledge
REPLAY_LOOP_UNSPECIFIED: ReplayLoop
REPLAY_LOOP_VERIFY: ReplayLoop
REPLAY_LOOP_OPEN: ReplayLoop
REPLAY_LOOP_CLOSED: ReplayLoop

class ReplayRequest(_message.Message):
    __slots__ = ("base", "candidate", "request_id", "loop", "coverage", "lives")
    BASE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LOOP_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    LIVES_FIELD_NUMBER: _ClassVar[int]
    base: _rule_set_service_pb2.VersionOrSources
    candidate: _rule_set_service_pb2.VersionOrSources
    request_id: str
    loop: ReplayLoop
    coverage: bool
    lives: ReplayLives
    def __init__(self, base: _Optional[_Union[_rule_set_service_pb2.VersionOrSources, _Mapping]] = ..., candidate: _Optional[_Union[_rule_set_service_pb2.VersionOrSources, _Mapping]] = ..., request_id: _Optional[str] = ..., loop: _Optional[_Union[ReplayLoop, str]] = ..., coverage: _Optional[bool] = ..., lives: _Optional[_Union[ReplayLives, _Mapping]] = ...) -> None: ...

class ReplayLives(_message.Message):
    __slots__ = ("knowledge", "decide", "switch_time", "until_time")
    KNOWLEDGE_FIELD_NUMBER: _ClassVar[int]
    DECIDE_FIELD_NUMBER: _ClassVar[int]
    SWITCH_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    knowledge: ReplayKnowledge
    decide: str
    switch_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    def __init__(self, knowledge: _Optional[_Union[ReplayKnowledge, str]] = ..., decide: _Optional[str] = ..., switch_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReplayResponse(_message.Message):
    __slots__ = ("progress", "report")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    progress: ReplayProgress
    report: ReplayReport
    def __init__(self, progress: _Optional[_Union[ReplayProgress, _Mapping]] = ..., report: _Optional[_Union[ReplayReport, _Mapping]] = ...) -> None: ...

class ReplayProgress(_message.Message):
    __slots__ = ("done_count", "record_count")
    DONE_COUNT_FIELD_NUMBER: _ClassVar[int]
    RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    done_count: int
    record_count: int
    def __init__(self, done_count: _Optional[int] = ..., record_count: _Optional[int] = ...) -> None: ...

class ReplayMove(_message.Message):
    __slots__ = ("before", "after", "decision_count", "user_count")
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    DECISION_COUNT_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    before: str
    after: str
    decision_count: int
    user_count: int
    def __init__(self, before: _Optional[str] = ..., after: _Optional[str] = ..., decision_count: _Optional[int] = ..., user_count: _Optional[int] = ...) -> None: ...

class ReplayFigure(_message.Message):
    __slots__ = ("name", "before", "after")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    name: str
    before: float
    after: float
    def __init__(self, name: _Optional[str] = ..., before: _Optional[float] = ..., after: _Optional[float] = ...) -> None: ...

class ReplayCrowd(_message.Message):
    __slots__ = ("crowd", "entered_count", "left_count")
    CROWD_FIELD_NUMBER: _ClassVar[int]
    ENTERED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LEFT_COUNT_FIELD_NUMBER: _ClassVar[int]
    crowd: str
    entered_count: int
    left_count: int
    def __init__(self, crowd: _Optional[str] = ..., entered_count: _Optional[int] = ..., left_count: _Optional[int] = ...) -> None: ...

class ReplayAnswer(_message.Message):
    __slots__ = ("verdict", "plan", "channel", "until_time", "content", "crowds")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    verdict: str
    plan: str
    channel: str
    until_time: _timestamp_pb2.Timestamp
    content: str
    crowds: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, verdict: _Optional[str] = ..., plan: _Optional[str] = ..., channel: _Optional[str] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., content: _Optional[str] = ..., crowds: _Optional[_Iterable[str]] = ...) -> None: ...

class ReplayExample(_message.Message):
    __slots__ = ("decision_id", "user_id", "decide_time", "before", "after", "why_before", "why_after")
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    WHY_BEFORE_FIELD_NUMBER: _ClassVar[int]
    WHY_AFTER_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    user_id: str
    decide_time: _timestamp_pb2.Timestamp
    before: ReplayAnswer
    after: ReplayAnswer
    why_before: str
    why_after: str
    def __init__(self, decision_id: _Optional[str] = ..., user_id: _Optional[str] = ..., decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., before: _Optional[_Union[ReplayAnswer, _Mapping]] = ..., after: _Optional[_Union[ReplayAnswer, _Mapping]] = ..., why_before: _Optional[str] = ..., why_after: _Optional[str] = ...) -> None: ...

class ReplayBlame(_message.Message):
    __slots__ = ("rule", "location", "text_before", "text_after", "decision_count", "user_count", "effect_count", "moves", "examples")
    RULE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    TEXT_AFTER_FIELD_NUMBER: _ClassVar[int]
    DECISION_COUNT_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    EFFECT_COUNT_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    rule: str
    location: str
    text_before: str
    text_after: str
    decision_count: int
    user_count: int
    effect_count: int
    moves: _containers.RepeatedCompositeFieldContainer[ReplayMove]
    examples: _containers.RepeatedCompositeFieldContainer[ReplayExample]
    def __init__(self, rule: _Optional[str] = ..., location: _Optional[str] = ..., text_before: _Optional[str] = ..., text_after: _Optional[str] = ..., decision_count: _Optional[int] = ..., user_count: _Optional[int] = ..., effect_count: _Optional[int] = ..., moves: _Optional[_Iterable[_Union[ReplayMove, _Mapping]]] = ..., examples: _Optional[_Iterable[_Union[ReplayExample, _Mapping]]] = ...) -> None: ...

class ReplayLeftOut(_message.Message):
    __slots__ = ("why", "record_count", "first")
    WHY_FIELD_NUMBER: _ClassVar[int]
    RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    why: str
    record_count: int
    first: str
    def __init__(self, why: _Optional[str] = ..., record_count: _Optional[int] = ..., first: _Optional[str] = ...) -> None: ...

class ReplayEntryPoint(_message.Message):
    __slots__ = ("name", "decision_count", "user_count", "changed_user_count", "changed_count", "error_count", "verdicts", "plans")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DECISION_COUNT_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERROR_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    name: str
    decision_count: int
    user_count: int
    changed_user_count: int
    changed_count: int
    error_count: int
    verdicts: _containers.RepeatedCompositeFieldContainer[ReplayMove]
    plans: _containers.RepeatedCompositeFieldContainer[ReplayMove]
    def __init__(self, name: _Optional[str] = ..., decision_count: _Optional[int] = ..., user_count: _Optional[int] = ..., changed_user_count: _Optional[int] = ..., changed_count: _Optional[int] = ..., error_count: _Optional[int] = ..., verdicts: _Optional[_Iterable[_Union[ReplayMove, _Mapping]]] = ..., plans: _Optional[_Iterable[_Union[ReplayMove, _Mapping]]] = ...) -> None: ...

class ReplayCoverage(_message.Message):
    __slots__ = ("rule", "location", "text", "yes_count", "no_count", "unknown_count")
    RULE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    YES_COUNT_FIELD_NUMBER: _ClassVar[int]
    NO_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_COUNT_FIELD_NUMBER: _ClassVar[int]
    rule: str
    location: str
    text: str
    yes_count: int
    no_count: int
    unknown_count: int
    def __init__(self, rule: _Optional[str] = ..., location: _Optional[str] = ..., text: _Optional[str] = ..., yes_count: _Optional[int] = ..., no_count: _Optional[int] = ..., unknown_count: _Optional[int] = ...) -> None: ...

class ReplayReport(_message.Message):
    __slots__ = ("base_version", "candidate_version", "loop", "decision_count", "user_count", "changed_user_count", "same_count", "changed_count", "slower_count", "error_count", "verdicts", "plans", "crowds", "sends", "limits", "money", "days", "blamed", "left_out", "notes", "time_zone", "currency_code", "regrets", "coverage", "covered_decision_count", "entry_points", "first_decide_time", "last_decide_time")
    BASE_VERSION_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_VERSION_FIELD_NUMBER: _ClassVar[int]
    LOOP_FIELD_NUMBER: _ClassVar[int]
    DECISION_COUNT_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SLOWER_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERROR_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    SENDS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    BLAMED_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    REGRETS_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    COVERED_DECISION_COUNT_FIELD_NUMBER: _ClassVar[int]
    ENTRY_POINTS_FIELD_NUMBER: _ClassVar[int]
    FIRST_DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    base_version: str
    candidate_version: str
    loop: ReplayLoop
    decision_count: int
    user_count: int
    changed_user_count: int
    same_count: int
    changed_count: int
    slower_count: int
    error_count: int
    verdicts: _containers.RepeatedCompositeFieldContainer[ReplayMove]
    plans: _containers.RepeatedCompositeFieldContainer[ReplayMove]
    crowds: _containers.RepeatedCompositeFieldContainer[ReplayCrowd]
    sends: _containers.RepeatedCompositeFieldContainer[ReplayFigure]
    limits: _containers.RepeatedCompositeFieldContainer[ReplayFigure]
    money: _containers.RepeatedCompositeFieldContainer[ReplayFigure]
    days: _containers.RepeatedCompositeFieldContainer[ReplayFigure]
    blamed: _containers.RepeatedCompositeFieldContainer[ReplayBlame]
    left_out: _containers.RepeatedCompositeFieldContainer[ReplayLeftOut]
    notes: _containers.RepeatedScalarFieldContainer[str]
    time_zone: str
    currency_code: str
    regrets: _containers.RepeatedCompositeFieldContainer[ReplayExample]
    coverage: _containers.RepeatedCompositeFieldContainer[ReplayCoverage]
    covered_decision_count: int
    entry_points: _containers.RepeatedCompositeFieldContainer[ReplayEntryPoint]
    first_decide_time: _timestamp_pb2.Timestamp
    last_decide_time: _timestamp_pb2.Timestamp
    def __init__(self, base_version: _Optional[str] = ..., candidate_version: _Optional[str] = ..., loop: _Optional[_Union[ReplayLoop, str]] = ..., decision_count: _Optional[int] = ..., user_count: _Optional[int] = ..., changed_user_count: _Optional[int] = ..., same_count: _Optional[int] = ..., changed_count: _Optional[int] = ..., slower_count: _Optional[int] = ..., error_count: _Optional[int] = ..., verdicts: _Optional[_Iterable[_Union[ReplayMove, _Mapping]]] = ..., plans: _Optional[_Iterable[_Union[ReplayMove, _Mapping]]] = ..., crowds: _Optional[_Iterable[_Union[ReplayCrowd, _Mapping]]] = ..., sends: _Optional[_Iterable[_Union[ReplayFigure, _Mapping]]] = ..., limits: _Optional[_Iterable[_Union[ReplayFigure, _Mapping]]] = ..., money: _Optional[_Iterable[_Union[ReplayFigure, _Mapping]]] = ..., days: _Optional[_Iterable[_Union[ReplayFigure, _Mapping]]] = ..., blamed: _Optional[_Iterable[_Union[ReplayBlame, _Mapping]]] = ..., left_out: _Optional[_Iterable[_Union[ReplayLeftOut, _Mapping]]] = ..., notes: _Optional[_Iterable[str]] = ..., time_zone: _Optional[str] = ..., currency_code: _Optional[str] = ..., regrets: _Optional[_Iterable[_Union[ReplayExample, _Mapping]]] = ..., coverage: _Optional[_Iterable[_Union[ReplayCoverage, _Mapping]]] = ..., covered_decision_count: _Optional[int] = ..., entry_points: _Optional[_Iterable[_Union[ReplayEntryPoint, _Mapping]]] = ..., first_decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
