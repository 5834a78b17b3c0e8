"""`suasion ask` about contacts: from a reservation to what became of it."""

import uuid
from typing import Any, NoReturn

from suasion.v1 import contact_service_pb2 as pb

from cli import ask_shown as shown
from cli.asked import Asked, answer
from cli.client import Client
from cli.exit_codes import Failure
from cli.output import Output


def reserve(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = pb.ReserveRequest(
        subject=asked.subject,
        plan=asked.words[1],
        lease_duration=asked.lease_duration,
        request_id=asked.request_id,
    )
    answer(out, client.call(client.contacts.Reserve, request), shown.reserved)


def dispatch(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = pb.DispatchRequest(
        contact_id=asked.words[0],
        lease_duration=asked.lease_duration,
        deduplicates=asked.deduplicates,
        request_id=asked.request_id or uuid.uuid4().hex,
    )
    answer(out, client.call(client.contacts.Dispatch, request), shown.a_contact)


def confirm(client: Client, asked: Asked, out: Output) -> NoReturn:
    ended(client.contacts.Confirm, pb.ConfirmRequest, client, asked, out)


def fail(client: Client, asked: Asked, out: Output) -> NoReturn:
    ended(client.contacts.Fail, pb.FailRequest, client, asked, out)


def ended(method: Any, request: Any, client: Client, asked: Asked, out: Output) -> NoReturn:
    contact, token = asked.words
    if not token.isascii() or not token.isdigit():
        raise Failure(f"`{token}` is no token", hint="it is the number that `dispatch` answered")
    response = client.call(method, request(contact_id=contact, fencing_token=int(token)))
    answer(out, response, shown.a_contact)


def release(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = pb.ReleaseRequest(contact_id=asked.words[0])
    answer(out, client.call(client.contacts.Release, request), shown.a_contact)


def outcome(client: Client, asked: Asked, out: Output) -> NoReturn:
    contact, type = asked.words
    response = client.call(
        client.contacts.RecordOutcome, pb.RecordOutcomeRequest(contact_id=contact, type=type)
    )
    known = "known before" if response.duplicate else "recorded"
    answer(out, response, lambda _: lambda console: console.print(f"{response.event_id} {known}"))


def uncertain(client: Client, asked: Asked, out: Output) -> NoReturn:
    found = client.pages(client.contacts.ListUncertain, pb.ListUncertainRequest(), "contacts")
    answer(out, pb.ListUncertainResponse(contacts=found), shown.uncertain)


def history(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = pb.HistoryRequest(user_id=asked.words[0])
    answer(out, client.call(client.contacts.History, request), shown.contacts)
