"""Writes docs/api from the protos and the examples beside this file: `python -m tests.docs.api_pages`.

A call's examples are `api/<Service>.<Call>.py` and `api/<Service>.<Call>.sh`. What their commands print is kept from the page as it was;
`python -m tests.docs.refresh docs/api/<page>` brings that up to date.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from google.protobuf import descriptor_pb2 as pb

from tests.docs.pages import ROOT, blocks, commands

PROTOS = ROOT / "protos"
FOLDER = ROOT / "docs" / "api"
EXAMPLES = Path(__file__).parent / "api"
SHARED = "messages.md"
SERVE = "./suasion serve docs/api/shop.sua --clock events --no-access-log"
EVENTS = "./suasion ask events docs/api/events.jsonl"
BEGIN: Mapping[str, tuple[str, ...]] = {
    "DecisionService": ("./suasion ask members staff /dev/null", EVENTS),
    "ContactService": (EVENTS,),
    "ReplayService": (EVENTS, "./suasion ask plan u1 > answer.txt"),
}
"""What is told to the server before its examples are run; they follow each other, and one may rest on those above it."""

OPTIONS: Mapping[str, str] = {"ReplayService": " --log decisions"}
"""Of the server."""

Field = pb.FieldDescriptorProto
TYPES: Mapping[int, str] = {
    Field.TYPE_STRING: "text",
    Field.TYPE_BYTES: "bytes",
    Field.TYPE_BOOL: "bool",
    Field.TYPE_INT32: "int32",
    Field.TYPE_INT64: "int64",
    Field.TYPE_DOUBLE: "double",
}


# ---- the protos, with their comments


@dataclass(frozen=True)
class Protos:
    files: tuple[pb.FileDescriptorProto, ...]

    @cached_property
    def comments(self) -> Mapping[str, str]:
        """By full name: `.suasion.v1.Answer`, `.suasion.v1.Answer.ANSWER_YES`."""
        return {name: text for file in self.files for name, text in comments(file)}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """By full name of a message or enum, the page that it stands on."""
        return {full: page_of(file) for file in self.files for full, _ in types(file, f".{file.package}", ())}


def page_of(file: pb.FileDescriptorProto) -> str:
    return f"{Path(file.name).stem}.md" if file.service else SHARED


def read_protos() -> Protos:
    with tempfile.NamedTemporaryFile() as described:
        names = sorted(str(path.relative_to(PROTOS)) for path in (PROTOS / "suasion" / "v1").glob("*.proto"))
        protoc = [sys.executable, "-m", "grpc_tools.protoc", "-I", ".", "-I", "third_party"]
        options = ["--include_source_info", f"--descriptor_set_out={described.name}"]
        subprocess.run([*protoc, *options, *names], cwd=PROTOS, check=True)
        files = pb.FileDescriptorSet.FromString(Path(described.name).read_bytes()).file
    return Protos(tuple(file for file in files if file.package == "suasion.v1"))


def comments(file: pb.FileDescriptorProto) -> Iterator[tuple[str, str]]:
    """A comment's place is a path of field numbers and indexes in the descriptor."""
    for place in file.source_code_info.location:
        if place.leading_comments and len(place.path) % 2 == 0:
            name, here = f".{file.package}", file
            for number, index in zip(place.path[::2], place.path[1::2], strict=True):
                here = getattr(here, here.DESCRIPTOR.fields_by_number[number].name)[index]
                name = f"{name}.{here.name}"
            yield (
                name,
                "\n".join(line.removeprefix(" ") for line in place.leading_comments.splitlines()).strip(),
            )


def types(
    holder: pb.FileDescriptorProto | pb.DescriptorProto, name: str, above: tuple[str, ...]
) -> Iterator[tuple[str, pb.DescriptorProto | pb.EnumDescriptorProto]]:
    """Messages and enums by full name, those within a message behind it."""
    messages = holder.message_type if isinstance(holder, pb.FileDescriptorProto) else holder.nested_type
    for message in messages:
        full = f"{name}.{message.name}"
        yield full, message
        yield from types(message, full, (*above, message.name))
    for enum in holder.enum_type:
        yield f"{name}.{enum.name}", enum


# ---- pages


def pages() -> Mapping[str, str]:
    """By file name, its text."""
    protos = read_protos()
    services = [file for file in protos.files if file.service]
    written = {page_of(file): service_page(protos, file) for file in services}
    return {**written, SHARED: shared_page(protos)}


def service_page(protos: Protos, file: pb.FileDescriptorProto) -> str:
    [service] = file.service
    full = f".{file.package}.{service.name}"
    shown = printed(FOLDER / page_of(file))
    calls = [part for method in service.method for part in call(protos, full, method, shown)]
    return joined(
        f"# {service.name}",
        protos.comments[full],
        "Written from the protos by `python -m tests.docs.api_pages`. Errors, and what holds for every call: [the API](../api.md).",
        "The examples below follow each other, on [these rules](shop.sua):",
        console((SERVE + OPTIONS.get(service.name, ""),), shown, " serving"),
        *([console(BEGIN[service.name], shown)] if service.name in BEGIN else []),
        *calls,
        "# Messages",
        *listed(protos, file, page_of(file)),
    )


def shared_page(protos: Protos) -> str:
    files = [file for file in protos.files if not file.service]
    parts = [part for file in files for part in listed(protos, file, SHARED)]
    return joined("# Messages that services share", *parts)


def call(
    protos: Protos, service: str, method: pb.MethodDescriptorProto, shown: Mapping[str, str]
) -> Iterator[str]:
    asks = f"{'a stream of ' * method.client_streaming}{linked(protos, method.input_type, '')}"
    answers = f"{'a stream of ' * method.server_streaming}{linked(protos, method.output_type, '')}"
    yield f"## {method.name}"
    yield protos.comments[f"{service}.{method.name}"]
    yield f"Takes {asks}, answers {answers}."
    example = EXAMPLES / f"{service.rpartition('.')[2]}.{method.name}.py"
    if example.exists():
        name = f"{method.name}.py"
        yield f"```python {name}\n{example.read_text(encoding='utf-8')}```"
        curl = example.with_suffix(".sh").read_text(encoding="utf-8").strip()
        yield console((f".venv/bin/python {name}", curl), shown)


def console(lines: tuple[str, ...], shown: Mapping[str, str], how: str = "") -> str:
    parts = [f"$ {line}\n{shown.get(line, '')}" for line in lines]
    return f"```console{how}\n{''.join(parts)}```"


def printed(page: Path) -> Mapping[str, str]:
    """What the page shows below each of its commands."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    consoles = [block for block in blocks(text) if block.language == "console"]
    return {command.text: command.shown for block in consoles for command in commands(block)}


def listed(protos: Protos, file: pb.FileDescriptorProto, page: str) -> Iterator[str]:
    for full, found in types(file, f".{file.package}", ()):
        yield f"## {short(full)}"
        yield protos.comments[full]
        table = fields if isinstance(found, pb.DescriptorProto) else values
        if rows := list(table(protos, full, found, page)):  # type: ignore[operator]
            yield "\n".join(rows)


def fields(protos: Protos, full: str, message: pb.DescriptorProto, page: str) -> Iterator[str]:
    if message.field:
        yield from ("| field | type | |", "|---|---|---|")
    for field in message.field:
        kind = linked(protos, field.type_name, page) if field.type_name else TYPES[field.type]
        several = "list of " if field.label == Field.LABEL_REPEATED else ""
        group = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
        choice = f"; one of `{group}`" if group and not field.proto3_optional else ""
        yield f"| `{field.name}` | {several}{kind}{choice} | {in_a_row(protos.comments[f'{full}.{field.name}'])} |"


def values(protos: Protos, full: str, enum: pb.EnumDescriptorProto, page: str) -> Iterator[str]:
    yield from ("| value | number | |", "|---|---|---|")
    for value in enum.value:
        comment = in_a_row(protos.comments[f"{full}.{value.name}"])
        yield f"| `{value.name}` | {value.number} | {comment} |"


def linked(protos: Protos, full: str, page: str) -> str:
    """The type's name, and a link to where it stands if that is ours."""
    place = protos.places.get(full)
    if place is None:
        return f"`{full.removeprefix('.')}`"
    anchor = f"#{short(full).lower().replace('.', '')}"
    return f"[{short(full)}]({anchor if place == page or (not page and place != SHARED) else place + anchor})"


def short(full: str) -> str:
    return full.removeprefix(".suasion.v1.")


def in_a_row(comment: str) -> str:
    return " ".join(line.strip() for line in comment.splitlines()).replace("|", "\\|")


def joined(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
