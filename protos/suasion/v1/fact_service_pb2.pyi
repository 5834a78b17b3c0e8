import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Profile(_message.Message):
    __slots__ = ("user_id", "attributes_json")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_JSON_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    attributes_json: bytes
    def __init__(self, user_id: _Optional[str] = ..., attributes_json: _Optional[bytes] = ...) -> None: ...

class UpsertProfilesRequest(_message.Message):
    __slots__ = ("profiles", "request_id")
    PROFILES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    profiles: _containers.RepeatedCompositeFieldContainer[Profile]
    request_id: str
    def __init__(self, profiles: _Optional[_Iterable[_Union[Profile, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpsertProfileResult(_message.Message):
    __slots__ = ("user_id", "error", "undeclared_field_count")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    UNDECLARED_FIELD_COUNT_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    error: _status_pb2.Status
    undeclared_field_count: int
    def __init__(self, user_id: _Optional[str] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., undeclared_field_count: _Optional[int] = ...) -> None: ...

class UpsertProfilesResponse(_message.Message):
    __slots__ = ("results", "stored_count", "version")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    STORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[UpsertProfileResult]
    stored_count: int
    version: str
    def __init__(self, results: _Optional[_Iterable[_Union[UpsertProfileResult, _Mapping]]] = ..., stored_count: _Optional[int] = ..., version: _Optional[str] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("event_id", "type", "user_id", "event_time", "fields_json")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    FIELDS_JSON_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    type: str
    user_id: str
    event_time: _timestamp_pb2.Timestamp
    fields_json: bytes
    def __init__(self, event_id: _Optional[str] = ..., type: _Optional[str] = ..., user_id: _Optional[str] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., fields_json: _Optional[bytes] = ...) -> None: ...

class RecordEventsRequest(_message.Message):
    __slots__ = ("events", "request_id")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[Event]
    request_id: str
    def __init__(self, events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RecordEventResult(_message.Message):
    __slots__ = ("event_id", "state", "error", "undeclared_field_count")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[RecordEventResult.State]
        STATE_RECORDED: _ClassVar[RecordEventResult.State]
        STATE_DUPLICATE: _ClassVar[RecordEventResult.State]
    STATE_UNSPECIFIED: RecordEventResult.State
    STATE_RECORDED: RecordEventResult.State
    STATE_DUPLICATE: RecordEventResult.State
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    UNDECLARED_FIELD_COUNT_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    state: RecordEventResult.State
    error: _status_pb2.Status
    undeclared_field_count: int
    def __init__(self, event_id: _Optional[str] = ..., state: _Optional[_Union[RecordEventResult.State, str]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., undeclared_field_count: _Optional[int] = ...) -> None: ...

class RecordEventsResponse(_message.Message):
    __slots__ = ("results", "recorded_count", "duplicate_count", "version")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[RecordEventResult]
    recorded_count: int
    duplicate_count: int
    version: str
    def __init__(self, results: _Optional[_Iterable[_Union[RecordEventResult, _Mapping]]] = ..., recorded_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., version: _Optional[str] = ...) -> None: ...

class StreamEventsRequest(_message.Message):
    __slots__ = ("events",)
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[Event]
    def __init__(self, events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ...) -> None: ...

class StreamEventsResponse(_message.Message):
    __slots__ = ("results", "recorded_count", "duplicate_count", "version")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[RecordEventResult]
    recorded_count: int
    duplicate_count: int
    version: str
    def __init__(self, results: _Optional[_Iterable[_Union[RecordEventResult, _Mapping]]] = ..., recorded_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., version: _Optional[str] = ...) -> None: ...

class BackfillRequest(_message.Message):
    __slots__ = ("events", "request_id")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[Event]
    request_id: str
    def __init__(self, events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class BackfillResponse(_message.Message):
    __slots__ = ("results", "recorded_count", "duplicate_count", "version")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[RecordEventResult]
    recorded_count: int
    duplicate_count: int
    version: str
    def __init__(self, results: _Optional[_Iterable[_Union[RecordEventResult, _Mapping]]] = ..., recorded_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., version: _Optional[str] = ...) -> None: ...

class Horizon(_message.Message):
    __slots__ = ("event_type", "known_since_time")
    EVENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    KNOWN_SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    event_type: str
    known_since_time: _timestamp_pb2.Timestamp
    def __init__(self, event_type: _Optional[str] = ..., known_since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SetHorizonRequest(_message.Message):
    __slots__ = ("horizon", "request_id")
    HORIZON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    horizon: Horizon
    request_id: str
    def __init__(self, horizon: _Optional[_Union[Horizon, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class SetHorizonResponse(_message.Message):
    __slots__ = ("horizon",)
    HORIZON_FIELD_NUMBER: _ClassVar[int]
    horizon: Horizon
    def __init__(self, horizon: _Optional[_Union[Horizon, _Mapping]] = ...) -> None: ...

class ListHorizonsRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class ListHorizonsResponse(_message.Message):
    __slots__ = ("horizons",)
    HORIZONS_FIELD_NUMBER: _ClassVar[int]
    horizons: _containers.RepeatedCompositeFieldContainer[Horizon]
    def __init__(self, horizons: _Optional[_Iterable[_Union[Horizon, _Mapping]]] = ...) -> None: ...

class LoadListRequest(_message.Message):
    __slots__ = ("list", "user_ids", "mode", "expected_list_version", "request_id")
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        MODE_UNSPECIFIED: _ClassVar[LoadListRequest.Mode]
        MODE_REPLACE: _ClassVar[LoadListRequest.Mode]
        MODE_ADD: _ClassVar[LoadListRequest.Mode]
        MODE_REMOVE: _ClassVar[LoadListRequest.Mode]
    MODE_UNSPECIFIED: LoadListRequest.Mode
    MODE_REPLACE: LoadListRequest.Mode
    MODE_ADD: LoadListRequest.Mode
    MODE_REMOVE: LoadListRequest.Mode
    LIST_FIELD_NUMBER: _ClassVar[int]
    USER_IDS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_LIST_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    list: str
    user_ids: _containers.RepeatedScalarFieldContainer[str]
    mode: LoadListRequest.Mode
    expected_list_version: int
    request_id: str
    def __init__(self, list: _Optional[str] = ..., user_ids: _Optional[_Iterable[str]] = ..., mode: _Optional[_Union[LoadListRequest.Mode, str]] = ..., expected_list_version: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class EraseUserRequest(_message.Message):
    __slots__ = ("user_id", "request_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    request_id: str
    def __init__(self, user_id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class EraseUserResponse(_message.Message):
    __slots__ = ("attribute_count", "event_count", "list_count", "contact_count")
    ATTRIBUTE_COUNT_FIELD_NUMBER: _ClassVar[int]
    EVENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    LIST_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_COUNT_FIELD_NUMBER: _ClassVar[int]
    attribute_count: int
    event_count: int
    list_count: int
    contact_count: int
    def __init__(self, attribute_count: _Optional[int] = ..., event_count: _Optional[int] = ..., list_count: _Optional[int] = ..., contact_count: _Optional[int] = ...) -> None: ...

class LoadListResponse(_message.Message):
    __slots__ = ("list", "user_count", "added_count", "removed_count", "version", "list_version")
    LIST_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    ADDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REMOVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    LIST_VERSION_FIELD_NUMBER: _ClassVar[int]
    list: str
    user_count: int
    added_count: int
    removed_count: int
    version: str
    list_version: int
    def __init__(self, list: _Optional[str] = ..., user_count: _Optional[int] = ..., added_count: _Optional[int] = ..., removed_count: _Optional[int] = ..., version: _Optional[str] = ..., list_version: _Optional[int] = ...) -> None: ...

class GetListRequest(_message.Message):
    __slots__ = ("list", "request_id")
    LIST_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    list: str
    request_id: str
    def __init__(self, list: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetListResponse(_message.Message):
    __slots__ = ("list", "list_version", "user_count", "load_time", "version")
    LIST_FIELD_NUMBER: _ClassVar[int]
    LIST_VERSION_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    LOAD_TIME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    list: str
    list_version: int
    user_count: int
    load_time: _timestamp_pb2.Timestamp
    version: str
    def __init__(self, list: _Optional[str] = ..., list_version: _Optional[int] = ..., user_count: _Optional[int] = ..., load_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[str] = ...) -> None: ...
