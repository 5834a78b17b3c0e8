import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from suasion.v1 import answer_pb2 as _answer_pb2
from suasion.v1 import contact_pb2 as _contact_pb2
from suasion.v1 import fact_service_pb2 as _fact_service_pb2
from suasion.v1 import subject_pb2 as _subject_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MessageKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MESSAGE_KIND_UNSPECIFIED: _ClassVar[MessageKind]
    MESSAGE_KIND_MARKETING: _ClassVar[MessageKind]
    MESSAGE_KIND_TRANSACTIONAL: _ClassVar[MessageKind]
    MESSAGE_KIND_LEGAL: _ClassVar[MessageKind]

class CrowdForm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CROWD_FORM_UNSPECIFIED: _ClassVar[CrowdForm]
    CROWD_FORM_NAMES: _ClassVar[CrowdForm]
    CROWD_FORM_IDS: _ClassVar[CrowdForm]
    CROWD_FORM_BITMAP: _ClassVar[CrowdForm]
MESSAGE_KIND_UNSPECIFIED: MessageKind
MESSAGE_KIND_MARKETING: MessageKind
MESSAGE_KIND_TRANSACTIONAL: MessageKind
MESSAGE_KIND_LEGAL: MessageKind
CROWD_FORM_UNSPECIFIED: CrowdForm
CROWD_FORM_NAMES: CrowdForm
CROWD_FORM_IDS: CrowdForm
CROWD_FORM_BITMAP: CrowdForm

class CheckCrowdsRequest(_message.Message):
    __slots__ = ("subject", "crowds", "explain", "as_of_time", "request_id", "form")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    EXPLAIN_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    crowds: _containers.RepeatedScalarFieldContainer[str]
    explain: bool
    as_of_time: _timestamp_pb2.Timestamp
    request_id: str
    form: CrowdForm
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., crowds: _Optional[_Iterable[str]] = ..., explain: _Optional[bool] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., form: _Optional[_Union[CrowdForm, str]] = ...) -> None: ...

class CrowdAnswer(_message.Message):
    __slots__ = ("crowd", "answer", "reasons", "explanation")
    CROWD_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    crowd: str
    answer: _answer_pb2.Answer
    reasons: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Reason]
    explanation: _containers.RepeatedCompositeFieldContainer[_answer_pb2.ExplainedPart]
    def __init__(self, crowd: _Optional[str] = ..., answer: _Optional[_Union[_answer_pb2.Answer, str]] = ..., reasons: _Optional[_Iterable[_Union[_answer_pb2.Reason, _Mapping]]] = ..., explanation: _Optional[_Iterable[_Union[_answer_pb2.ExplainedPart, _Mapping]]] = ...) -> None: ...

class CheckCrowdsResponse(_message.Message):
    __slots__ = ("answers", "compact", "provenance")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    COMPACT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[CrowdAnswer]
    compact: UserCrowds
    provenance: _answer_pb2.Provenance
    def __init__(self, answers: _Optional[_Iterable[_Union[CrowdAnswer, _Mapping]]] = ..., compact: _Optional[_Union[UserCrowds, _Mapping]] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class ListCrowdsRequest(_message.Message):
    __slots__ = ("subject", "as_of_time", "request_id", "form")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    as_of_time: _timestamp_pb2.Timestamp
    request_id: str
    form: CrowdForm
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., form: _Optional[_Union[CrowdForm, str]] = ...) -> None: ...

class ListCrowdsResponse(_message.Message):
    __slots__ = ("crowds", "unknown_crowds", "crowd_count", "compact", "provenance")
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_CROWDS_FIELD_NUMBER: _ClassVar[int]
    CROWD_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPACT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    crowds: _containers.RepeatedCompositeFieldContainer[CrowdAnswer]
    unknown_crowds: _containers.RepeatedCompositeFieldContainer[CrowdAnswer]
    crowd_count: int
    compact: UserCrowds
    provenance: _answer_pb2.Provenance
    def __init__(self, crowds: _Optional[_Iterable[_Union[CrowdAnswer, _Mapping]]] = ..., unknown_crowds: _Optional[_Iterable[_Union[CrowdAnswer, _Mapping]]] = ..., crowd_count: _Optional[int] = ..., compact: _Optional[_Union[UserCrowds, _Mapping]] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class MatchPlanRequest(_message.Message):
    __slots__ = ("subject", "decide", "as_of_time", "request_id")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    DECIDE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    decide: str
    as_of_time: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., decide: _Optional[str] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class Attempt(_message.Message):
    __slots__ = ("plan", "channel", "content", "arguments", "occurrence")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    plan: str
    channel: str
    content: str
    arguments: _containers.RepeatedCompositeFieldContainer[_answer_pb2.NamedValue]
    occurrence: str
    def __init__(self, plan: _Optional[str] = ..., channel: _Optional[str] = ..., content: _Optional[str] = ..., arguments: _Optional[_Iterable[_Union[_answer_pb2.NamedValue, _Mapping]]] = ..., occurrence: _Optional[str] = ...) -> None: ...

class ScheduledPlan(_message.Message):
    __slots__ = ("plan", "due_time", "occurrence")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    plan: str
    due_time: _timestamp_pb2.Timestamp
    occurrence: str
    def __init__(self, plan: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., occurrence: _Optional[str] = ...) -> None: ...

class PlanOutcome(_message.Message):
    __slots__ = ("plan", "fell_at", "verdict", "channel", "until_time", "occurrence", "rank_json", "margin_json", "reasons")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    FELL_AT_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    RANK_JSON_FIELD_NUMBER: _ClassVar[int]
    MARGIN_JSON_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    plan: str
    fell_at: _answer_pb2.Gate
    verdict: _answer_pb2.Verdict
    channel: str
    until_time: _timestamp_pb2.Timestamp
    occurrence: str
    rank_json: str
    margin_json: str
    reasons: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Reason]
    def __init__(self, plan: _Optional[str] = ..., fell_at: _Optional[_Union[_answer_pb2.Gate, str]] = ..., verdict: _Optional[_Union[_answer_pb2.Verdict, str]] = ..., channel: _Optional[str] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., occurrence: _Optional[str] = ..., rank_json: _Optional[str] = ..., margin_json: _Optional[str] = ..., reasons: _Optional[_Iterable[_Union[_answer_pb2.Reason, _Mapping]]] = ...) -> None: ...

class MatchPlanResponse(_message.Message):
    __slots__ = ("decide", "verdict", "plan", "channel", "until_time", "reasons", "attempts", "plans", "scheduled", "provenance")
    DECIDE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    decide: str
    verdict: _answer_pb2.Verdict
    plan: str
    channel: str
    until_time: _timestamp_pb2.Timestamp
    reasons: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Reason]
    attempts: _containers.RepeatedCompositeFieldContainer[Attempt]
    plans: _containers.RepeatedCompositeFieldContainer[PlanOutcome]
    scheduled: _containers.RepeatedCompositeFieldContainer[ScheduledPlan]
    provenance: _answer_pb2.Provenance
    def __init__(self, decide: _Optional[str] = ..., verdict: _Optional[_Union[_answer_pb2.Verdict, str]] = ..., plan: _Optional[str] = ..., channel: _Optional[str] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reasons: _Optional[_Iterable[_Union[_answer_pb2.Reason, _Mapping]]] = ..., attempts: _Optional[_Iterable[_Union[Attempt, _Mapping]]] = ..., plans: _Optional[_Iterable[_Union[PlanOutcome, _Mapping]]] = ..., scheduled: _Optional[_Iterable[_Union[ScheduledPlan, _Mapping]]] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class Message(_message.Message):
    __slots__ = ("channel", "policies", "tags", "kind", "obey_nothing")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OBEY_NOTHING_FIELD_NUMBER: _ClassVar[int]
    channel: str
    policies: _containers.RepeatedScalarFieldContainer[str]
    tags: _containers.RepeatedScalarFieldContainer[str]
    kind: MessageKind
    obey_nothing: bool
    def __init__(self, channel: _Optional[str] = ..., policies: _Optional[_Iterable[str]] = ..., tags: _Optional[_Iterable[str]] = ..., kind: _Optional[_Union[MessageKind, str]] = ..., obey_nothing: _Optional[bool] = ...) -> None: ...

class CheckContactRequest(_message.Message):
    __slots__ = ("subject", "plan", "message", "as_of_time", "request_id")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    plan: str
    message: Message
    as_of_time: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., plan: _Optional[str] = ..., message: _Optional[_Union[Message, _Mapping]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CheckContactResponse(_message.Message):
    __slots__ = ("verdict", "channel", "until_time", "reasons", "provenance")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    verdict: _answer_pb2.Verdict
    channel: str
    until_time: _timestamp_pb2.Timestamp
    reasons: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Reason]
    provenance: _answer_pb2.Provenance
    def __init__(self, verdict: _Optional[_Union[_answer_pb2.Verdict, str]] = ..., channel: _Optional[str] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reasons: _Optional[_Iterable[_Union[_answer_pb2.Reason, _Mapping]]] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class DecideRequest(_message.Message):
    __slots__ = ("subject", "event", "decide", "reserve", "as_of_time", "lease_duration", "request_id")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    DECIDE_FIELD_NUMBER: _ClassVar[int]
    RESERVE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    LEASE_DURATION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    event: _fact_service_pb2.Event
    decide: str
    reserve: bool
    as_of_time: _timestamp_pb2.Timestamp
    lease_duration: _duration_pb2.Duration
    request_id: str
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., event: _Optional[_Union[_fact_service_pb2.Event, _Mapping]] = ..., decide: _Optional[str] = ..., reserve: _Optional[bool] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lease_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DecideResponse(_message.Message):
    __slots__ = ("decide", "verdict", "plan", "channel", "until_time", "reasons", "plans", "scheduled", "contact", "plan_version", "provenance")
    DECIDE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    PLAN_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    decide: str
    verdict: _answer_pb2.Verdict
    plan: str
    channel: str
    until_time: _timestamp_pb2.Timestamp
    reasons: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Reason]
    plans: _containers.RepeatedCompositeFieldContainer[PlanOutcome]
    scheduled: _containers.RepeatedCompositeFieldContainer[ScheduledPlan]
    contact: _contact_pb2.Contact
    plan_version: str
    provenance: _answer_pb2.Provenance
    def __init__(self, decide: _Optional[str] = ..., verdict: _Optional[_Union[_answer_pb2.Verdict, str]] = ..., plan: _Optional[str] = ..., channel: _Optional[str] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reasons: _Optional[_Iterable[_Union[_answer_pb2.Reason, _Mapping]]] = ..., plans: _Optional[_Iterable[_Union[PlanOutcome, _Mapping]]] = ..., scheduled: _Optional[_Iterable[_Union[ScheduledPlan, _Mapping]]] = ..., contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., plan_version: _Optional[str] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class BatchDecideRequest(_message.Message):
    __slots__ = ("requests", "request_id")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[DecideRequest]
    request_id: str
    def __init__(self, requests: _Optional[_Iterable[_Union[DecideRequest, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DecideResult(_message.Message):
    __slots__ = ("response", "error")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    response: DecideResponse
    error: _status_pb2.Status
    def __init__(self, response: _Optional[_Union[DecideResponse, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class BatchDecideResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DecideResult]
    def __init__(self, results: _Optional[_Iterable[_Union[DecideResult, _Mapping]]] = ...) -> None: ...

class BatchCheckCrowdsRequest(_message.Message):
    __slots__ = ("subjects", "crowds", "as_of_time", "request_id", "form")
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    subjects: _containers.RepeatedCompositeFieldContainer[_subject_pb2.Subject]
    crowds: _containers.RepeatedScalarFieldContainer[str]
    as_of_time: _timestamp_pb2.Timestamp
    request_id: str
    form: CrowdForm
    def __init__(self, subjects: _Optional[_Iterable[_Union[_subject_pb2.Subject, _Mapping]]] = ..., crowds: _Optional[_Iterable[str]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., form: _Optional[_Union[CrowdForm, str]] = ...) -> None: ...

class BatchListCrowdsRequest(_message.Message):
    __slots__ = ("subjects", "as_of_time", "request_id", "form")
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    subjects: _containers.RepeatedCompositeFieldContainer[_subject_pb2.Subject]
    as_of_time: _timestamp_pb2.Timestamp
    request_id: str
    form: CrowdForm
    def __init__(self, subjects: _Optional[_Iterable[_Union[_subject_pb2.Subject, _Mapping]]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., form: _Optional[_Union[CrowdForm, str]] = ...) -> None: ...

class UserCrowds(_message.Message):
    __slots__ = ("crowds", "unknown_crowds", "crowd_ids", "unknown_crowd_ids", "crowd_bits", "unknown_crowd_bits", "unavailable", "version")
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_CROWDS_FIELD_NUMBER: _ClassVar[int]
    CROWD_IDS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_CROWD_IDS_FIELD_NUMBER: _ClassVar[int]
    CROWD_BITS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_CROWD_BITS_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    crowds: _containers.RepeatedScalarFieldContainer[str]
    unknown_crowds: _containers.RepeatedScalarFieldContainer[str]
    crowd_ids: _containers.RepeatedScalarFieldContainer[int]
    unknown_crowd_ids: _containers.RepeatedScalarFieldContainer[int]
    crowd_bits: bytes
    unknown_crowd_bits: bytes
    unavailable: _containers.RepeatedScalarFieldContainer[str]
    version: str
    def __init__(self, crowds: _Optional[_Iterable[str]] = ..., unknown_crowds: _Optional[_Iterable[str]] = ..., crowd_ids: _Optional[_Iterable[int]] = ..., unknown_crowd_ids: _Optional[_Iterable[int]] = ..., crowd_bits: _Optional[bytes] = ..., unknown_crowd_bits: _Optional[bytes] = ..., unavailable: _Optional[_Iterable[str]] = ..., version: _Optional[str] = ...) -> None: ...

class GetCrowdDictionaryRequest(_message.Message):
    __slots__ = ("version", "request_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    request_id: str
    def __init__(self, version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetCrowdDictionaryResponse(_message.Message):
    __slots__ = ("version", "crowds", "lists")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    LISTS_FIELD_NUMBER: _ClassVar[int]
    version: str
    crowds: _containers.RepeatedScalarFieldContainer[str]
    lists: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, version: _Optional[str] = ..., crowds: _Optional[_Iterable[str]] = ..., lists: _Optional[_Iterable[str]] = ...) -> None: ...

class UserCrowdsResult(_message.Message):
    __slots__ = ("crowds", "error")
    CROWDS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    crowds: UserCrowds
    error: _status_pb2.Status
    def __init__(self, crowds: _Optional[_Union[UserCrowds, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class BatchCheckCrowdsResponse(_message.Message):
    __slots__ = ("results", "provenance")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[UserCrowdsResult]
    provenance: _answer_pb2.Provenance
    def __init__(self, results: _Optional[_Iterable[_Union[UserCrowdsResult, _Mapping]]] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class BatchListCrowdsResponse(_message.Message):
    __slots__ = ("results", "provenance")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[UserCrowdsResult]
    provenance: _answer_pb2.Provenance
    def __init__(self, results: _Optional[_Iterable[_Union[UserCrowdsResult, _Mapping]]] = ..., provenance: _Optional[_Union[_answer_pb2.Provenance, _Mapping]] = ...) -> None: ...

class BatchCheckContactRequest(_message.Message):
    __slots__ = ("requests", "request_id")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[CheckContactRequest]
    request_id: str
    def __init__(self, requests: _Optional[_Iterable[_Union[CheckContactRequest, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CheckContactResult(_message.Message):
    __slots__ = ("response", "error")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    response: CheckContactResponse
    error: _status_pb2.Status
    def __init__(self, response: _Optional[_Union[CheckContactResponse, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class BatchCheckContactResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[CheckContactResult]
    def __init__(self, results: _Optional[_Iterable[_Union[CheckContactResult, _Mapping]]] = ...) -> None: ...

class StreamDecideRequest(_message.Message):
    __slots__ = ("request",)
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    request: DecideRequest
    def __init__(self, request: _Optional[_Union[DecideRequest, _Mapping]] = ...) -> None: ...

class StreamDecideResponse(_message.Message):
    __slots__ = ("result",)
    RESULT_FIELD_NUMBER: _ClassVar[int]
    result: DecideResult
    def __init__(self, result: _Optional[_Union[DecideResult, _Mapping]] = ...) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ("after_id", "only_new", "request_id")
    AFTER_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_NEW_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    after_id: int
    only_new: bool
    request_id: str
    def __init__(self, after_id: _Optional[int] = ..., only_new: _Optional[bool] = ..., request_id: _Optional[str] = ...) -> None: ...

class WatchResponse(_message.Message):
    __slots__ = ("id", "user_id", "decide_time", "decision")
    ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    id: int
    user_id: str
    decide_time: _timestamp_pb2.Timestamp
    decision: DecideResponse
    def __init__(self, id: _Optional[int] = ..., user_id: _Optional[str] = ..., decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., decision: _Optional[_Union[DecideResponse, _Mapping]] = ...) -> None: ...
