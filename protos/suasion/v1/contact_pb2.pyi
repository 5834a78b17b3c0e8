import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from suasion.v1 import answer_pb2 as _answer_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContactState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTACT_STATE_UNSPECIFIED: _ClassVar[ContactState]
    CONTACT_STATE_RESERVED: _ClassVar[ContactState]
    CONTACT_STATE_DISPATCHED: _ClassVar[ContactState]
    CONTACT_STATE_CONFIRMED: _ClassVar[ContactState]
    CONTACT_STATE_FAILED: _ClassVar[ContactState]
    CONTACT_STATE_UNCERTAIN: _ClassVar[ContactState]
    CONTACT_STATE_RELEASED: _ClassVar[ContactState]
    CONTACT_STATE_HELD_OUT: _ClassVar[ContactState]
CONTACT_STATE_UNSPECIFIED: ContactState
CONTACT_STATE_RESERVED: ContactState
CONTACT_STATE_DISPATCHED: ContactState
CONTACT_STATE_CONFIRMED: ContactState
CONTACT_STATE_FAILED: ContactState
CONTACT_STATE_UNCERTAIN: ContactState
CONTACT_STATE_RELEASED: ContactState
CONTACT_STATE_HELD_OUT: ContactState

class Contact(_message.Message):
    __slots__ = ("contact_id", "user_id", "state", "plan", "channel", "content", "arguments", "occurrence", "reserve_time", "lease_expire_time", "fencing_token", "tags", "counted", "campaign", "version", "decision_id", "completes", "duplicate")
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    RESERVE_TIME_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    FENCING_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    COMPLETES_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    contact_id: str
    user_id: str
    state: ContactState
    plan: str
    channel: str
    content: str
    arguments: _containers.RepeatedCompositeFieldContainer[_answer_pb2.NamedValue]
    occurrence: str
    reserve_time: _timestamp_pb2.Timestamp
    lease_expire_time: _timestamp_pb2.Timestamp
    fencing_token: int
    tags: _containers.RepeatedScalarFieldContainer[str]
    counted: bool
    campaign: str
    version: str
    decision_id: str
    completes: str
    duplicate: bool
    def __init__(self, contact_id: _Optional[str] = ..., user_id: _Optional[str] = ..., state: _Optional[_Union[ContactState, str]] = ..., plan: _Optional[str] = ..., channel: _Optional[str] = ..., content: _Optional[str] = ..., arguments: _Optional[_Iterable[_Union[_answer_pb2.NamedValue, _Mapping]]] = ..., occurrence: _Optional[str] = ..., reserve_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lease_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., fencing_token: _Optional[int] = ..., tags: _Optional[_Iterable[str]] = ..., counted: _Optional[bool] = ..., campaign: _Optional[str] = ..., version: _Optional[str] = ..., decision_id: _Optional[str] = ..., completes: _Optional[str] = ..., duplicate: _Optional[bool] = ...) -> None: ...
