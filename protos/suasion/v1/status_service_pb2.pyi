import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StatusRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class ServedVersion(_message.Message):
    __slots__ = ("version", "epoch", "serve_time", "share", "crowd", "except_crowd", "shadow_sample")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SERVE_TIME_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    CROWD_FIELD_NUMBER: _ClassVar[int]
    EXCEPT_CROWD_FIELD_NUMBER: _ClassVar[int]
    SHADOW_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    version: str
    epoch: int
    serve_time: _timestamp_pb2.Timestamp
    share: float
    crowd: str
    except_crowd: str
    shadow_sample: float
    def __init__(self, version: _Optional[str] = ..., epoch: _Optional[int] = ..., serve_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., share: _Optional[float] = ..., crowd: _Optional[str] = ..., except_crowd: _Optional[str] = ..., shadow_sample: _Optional[float] = ...) -> None: ...

class LoadFailure(_message.Message):
    __slots__ = ("version", "fail_time", "message")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FAIL_TIME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    version: str
    fail_time: _timestamp_pb2.Timestamp
    message: str
    def __init__(self, version: _Optional[str] = ..., fail_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class StoreStatus(_message.Message):
    __slots__ = ("name", "answers", "problem", "latency_duration")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    LATENCY_DURATION_FIELD_NUMBER: _ClassVar[int]
    name: str
    answers: bool
    problem: str
    latency_duration: _duration_pb2.Duration
    def __init__(self, name: _Optional[str] = ..., answers: _Optional[bool] = ..., problem: _Optional[str] = ..., latency_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Figure(_message.Message):
    __slots__ = ("name", "unit", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    unit: str
    value: float
    def __init__(self, name: _Optional[str] = ..., unit: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class StatusResponse(_message.Message):
    __slots__ = ("ready", "versions", "last_load_failure", "stores", "timers_lag_duration", "clock", "now_time", "start_time", "uptime_duration", "engine_version", "language_edition", "tzdata_version", "figures", "last_watch_id", "shadow")
    READY_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    LAST_LOAD_FAILURE_FIELD_NUMBER: _ClassVar[int]
    STORES_FIELD_NUMBER: _ClassVar[int]
    TIMERS_LAG_DURATION_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    NOW_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    UPTIME_DURATION_FIELD_NUMBER: _ClassVar[int]
    ENGINE_VERSION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_EDITION_FIELD_NUMBER: _ClassVar[int]
    TZDATA_VERSION_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    LAST_WATCH_ID_FIELD_NUMBER: _ClassVar[int]
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    ready: bool
    versions: _containers.RepeatedCompositeFieldContainer[ServedVersion]
    last_load_failure: LoadFailure
    stores: _containers.RepeatedCompositeFieldContainer[StoreStatus]
    timers_lag_duration: _duration_pb2.Duration
    clock: str
    now_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    uptime_duration: _duration_pb2.Duration
    engine_version: str
    language_edition: str
    tzdata_version: str
    figures: _containers.RepeatedCompositeFieldContainer[Figure]
    last_watch_id: int
    shadow: ServedVersion
    def __init__(self, ready: _Optional[bool] = ..., versions: _Optional[_Iterable[_Union[ServedVersion, _Mapping]]] = ..., last_load_failure: _Optional[_Union[LoadFailure, _Mapping]] = ..., stores: _Optional[_Iterable[_Union[StoreStatus, _Mapping]]] = ..., timers_lag_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., clock: _Optional[str] = ..., now_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., uptime_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., engine_version: _Optional[str] = ..., language_edition: _Optional[str] = ..., tzdata_version: _Optional[str] = ..., figures: _Optional[_Iterable[_Union[Figure, _Mapping]]] = ..., last_watch_id: _Optional[int] = ..., shadow: _Optional[_Union[ServedVersion, _Mapping]] = ...) -> None: ...
