from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FactSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACT_SOURCE_UNSPECIFIED: _ClassVar[FactSource]
    FACT_SOURCE_STORE_AND_REQUEST: _ClassVar[FactSource]
    FACT_SOURCE_REQUEST: _ClassVar[FactSource]
FACT_SOURCE_UNSPECIFIED: FactSource
FACT_SOURCE_STORE_AND_REQUEST: FactSource
FACT_SOURCE_REQUEST: FactSource

class Subject(_message.Message):
    __slots__ = ("user_id", "facts_json", "fact_source", "facts_msgpack")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FACTS_JSON_FIELD_NUMBER: _ClassVar[int]
    FACT_SOURCE_FIELD_NUMBER: _ClassVar[int]
    FACTS_MSGPACK_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    facts_json: bytes
    fact_source: FactSource
    facts_msgpack: bytes
    def __init__(self, user_id: _Optional[str] = ..., facts_json: _Optional[bytes] = ..., fact_source: _Optional[_Union[FactSource, str]] = ..., facts_msgpack: _Optional[bytes] = ...) -> None: ...
