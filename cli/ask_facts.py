"""Facts from files to a server."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import fact_service_pb2 as pb

from cli.client import Client
from cli.exit_codes import Failure
from cli.json_lines import lines_of_file
from compiler.wire.errors import FactsError
from compiler.wire.json_text import parse_json
from compiler.wire.time_text import read_instant
from server.rpc.convert.event_json import a_text, an_event, an_object
from server.rpc.convert.time import timestamp

CHUNK = 500
"""Lines of a message."""
MOST_USERS = 100_000
IN_REQUEST = re.compile(r"^(events|profiles)\[\d+\]\.")
MODES = {
    "replace": pb.LoadListRequest.MODE_REPLACE,
    "add": pb.LoadListRequest.MODE_ADD,
    "remove": pb.LoadListRequest.MODE_REMOVE,
}
STATES = {pb.RecordEventResult.STATE_RECORDED: "recorded", pb.RecordEventResult.STATE_DUPLICATE: "duplicate"}


@dataclass(slots=True)
class Told:
    """What became of the lines of a file. `refused`: by line, why."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)

    def refuse(self, line: int, why: str) -> None:
        self.refused[line] = why
        self.counts["refused"] += 1

    def settle(self, line: int, state: str, result: Any) -> None:
        """Take over the server's result for a line."""
        if result.HasField("error"):
            self.refuse(line, IN_REQUEST.sub("", result.error.message))
        else:
            self.counts[state] += 1


Make = Callable[[Mapping[str, Any]], Any]


def items(path: Path, make: Make, told: Told) -> Iterator[list[tuple[int, Any]]]:
    """What `make` makes of the lines, with their numbers, a chunk at a time; what it cannot read is refused."""
    pending = readable(path, make, told)
    while chunk := list(islice(pending, CHUNK)):
        yield chunk


def readable(path: Path, make: Make, told: Told) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines_of_file(path), start=1):
        if line.strip():
            try:
                yield number, make(an_object(parse_json(line)))
            except FactsError as error:
                told.refuse(number, str(error))


# ---- events


def events(client: Client, path: Path) -> Told:
    """Records events, as a stream."""
    told = Told()
    sent: list[list[int]] = []
    pending = items(path, an_event, told)
    first = next(pending, [])  # so that a file that cannot be read is told of here, and not by gRPC's thread

    def requests() -> Iterator[pb.StreamEventsRequest]:
        for chunk in chain([first], pending):
            sent.append([number for number, _ in chunk])
            yield pb.StreamEventsRequest(events=[each for _, each in chunk])

    for index, response in enumerate(client.stream(client.facts.StreamEvents, requests())):
        for number, result in zip(sent[index], response.results, strict=True):
            told.settle(number, STATES.get(result.state, ""), result)
    return told


def backfill(client: Client, path: Path) -> Told:
    """Stores history. A call of which nothing is accepted fails as a whole, with the reason of its first line."""
    told = Told()
    for chunk in items(path, an_event, told):
        response = client.call(client.facts.Backfill, pb.BackfillRequest(events=[each for _, each in chunk]))
        for (number, _), result in zip(chunk, response.results, strict=True):
            told.settle(number, STATES.get(result.state, ""), result)
    return told


# ---- horizons

ALWAYS = "always"
"""In the place of an instant: all that ever happened is stored."""


def horizons(client: Client, words: Sequence[str]) -> list[pb.Horizon]:
    """Those of all event types, or what has become of one: EVENT, and an instant or ALWAYS."""
    if not words:
        return list(client.call(client.facts.ListHorizons, pb.ListHorizonsRequest()).horizons)
    if len(words) == 1:
        raise Failure("known since when?", hint=f"name an instant, or `{ALWAYS}`")
    event, since = words
    horizon = pb.Horizon(event_type=event)
    if since != ALWAYS:
        horizon.known_since_time.CopyFrom(instant_named(since))
    return [client.call(client.facts.SetHorizon, pb.SetHorizonRequest(horizon=horizon)).horizon]


def instant_named(text: str) -> Timestamp:
    time = read_instant(text)
    if time is None:
        raise Failure(f"`{text}` is no instant", hint="write it as `2026-03-01T20:10:00+01:00`")
    return timestamp(time)


# ---- profiles


def profiles(client: Client, path: Path) -> Told:
    """Sets attributes. A call of which nothing is accepted fails as a whole, with the reason of its first line."""
    told = Told()
    for chunk in items(path, profile, told):
        request = pb.UpsertProfilesRequest(profiles=[each for _, each in chunk])
        response = client.call(client.facts.UpsertProfiles, request)
        for (number, _), result in zip(chunk, response.results, strict=True):
            told.settle(number, "stored", result)
    return told


def profile(found: Mapping[str, Any]) -> pb.Profile:
    """`{"user_id": "u1", "attributes": {"tier": "plus"}}`."""
    attributes = orjson.dumps(an_object(found.get("attributes")))
    return pb.Profile(user_id=a_text(found, "user_id"), attributes_json=attributes)


# ---- lists


def members(client: Client, name: str, path: Path, mode: str) -> Any:
    """Loads a list from a file with one id a line, in calls of MOST_USERS."""
    users = [line.decode() for line in lines_of_file(path) if line.strip()]
    first, *more = [users[start : start + MOST_USERS] for start in range(0, len(users), MOST_USERS)] or [[]]
    answer = client.call(
        client.facts.LoadList, pb.LoadListRequest(list=name, user_ids=first, mode=MODES[mode])
    )
    for some in more:
        next_mode = MODES["add" if mode == "replace" else mode]
        answer = client.call(
            client.facts.LoadList, pb.LoadListRequest(list=name, user_ids=some, mode=next_mode)
        )
    return answer
