"""How long facts of a request take to read, beside `google.protobuf.Struct`."""

from __future__ import annotations

from collections.abc import Iterator

import msgpack
import orjson
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct, Value

from bench.service_rules import attributes, shop
from bench.timing import in_turns
from compiler.driver import compile_ruleset
from compiler.facts_at_one_go import QuickReader
from compiler.facts_from_json import Reader
from compiler.wire.encodings import Encoding
from compiler.wire.json_text import parse_json
from compiler.wire.msgpack_form import parse_msgpack
from dsl.source import Source

CUSTOMERS = 60
STRUCT = "Struct, by `MessageToDict`"
BY_HAND = "Struct, by a loop of our own"
WORDS = {
    "json": "JSON bytes → dict, every limit checked",
    "msgpack": "MessagePack bytes → dict, every limit checked",
    "typed": "JSON bytes → typed facts",
    "typed msgpack": "MessagePack bytes → typed facts",
}


def plain(value: Value) -> object:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return {name: plain(each) for name, each in value.struct_value.fields.items()}
    if kind == "list_value":
        return [plain(each) for each in value.list_value.values]
    return None if kind is None or kind == "null_value" else getattr(value, kind)


def by_hand(data: bytes) -> object:
    return {name: plain(each) for name, each in Struct.FromString(data).fields.items()}


def decoding() -> Iterator[str]:
    """A table, of the attributes of the shop's customers: some twenty of them."""
    text, customers = shop()
    ruleset = compile_ruleset([Source("shop.sua", text)]).ruleset
    assert ruleset is not None
    documents = [{"user": attributes(ruleset, each)} for each in customers[:CUSTOMERS]]
    structs = [Struct() for _ in documents]
    for struct, document in zip(structs, documents, strict=True):
        struct.update(document)
    in_json, in_msgpack = (
        [orjson.dumps(each) for each in documents],
        [msgpack.packb(each) for each in documents],
    )
    reader = QuickReader(ruleset, Reader(ruleset))
    in_struct = [each.SerializeToString() for each in structs]
    times = in_turns(
        {
            "json": (parse_json, in_json),
            "msgpack": (parse_msgpack, in_msgpack),
            "typed": (lambda data: reader.read(data, Encoding.JSON), in_json),
            "typed msgpack": (lambda data: reader.read(data, Encoding.MSGPACK), in_msgpack),
            STRUCT: (lambda data: MessageToDict(Struct.FromString(data)), in_struct),
            BY_HAND: (by_hand, in_struct),
        }
    )
    yield f"| facts of a request | times as fast as {STRUCT} | as {BY_HAND} | wanted |"
    yield "|---|---|---|---|"
    for name, words in WORDS.items():
        wanted = "" if name.startswith("typed") else "8"
        yield f"| {words} | {times.ratio(STRUCT, name):.1f} | {times.ratio(BY_HAND, name):.1f} | {wanted} |"
