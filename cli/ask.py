"""`suasion ask`: put a question to a server, or tell it facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from google.protobuf.json_format import MessageToDict
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb

from cli import ask_shown as shown
from cli.ask_call import call
from cli.ask_contacts import confirm, dispatch, fail, history, outcome, release, reserve, uncertain
from cli.ask_decide import decide, decides, status
from cli.ask_facts import ALWAYS, MODES, Told, backfill, events, horizons, members, profiles
from cli.asked import KINDS, Asked, answer, message, refused
from cli.asking import asks
from cli.client import Client
from cli.exit_codes import Failure
from cli.output import HUMAN, Output, OutputOption
from cli.releasing import whole

QuestionArgument = Annotated[
    str, typer.Argument(metavar="QUESTION", help="One of those above.", show_default=False)
]
WordsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="WORD", help="What it is about.", show_default=False)
]
FactsOption = Annotated[
    str,
    typer.Option(
        "--facts", metavar="JSON", help='Facts on top of stored ones: `{"user": {…}}`.', show_default=False
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="INSTANT", help="Decide as of `2026-03-01T22:40:00+01:00`.", show_default=False
    ),
]
ChannelOption = Annotated[
    str, typer.Option("--channel", help="contact: of a message without a plan.", show_default=False)
]
PolicyOption = Annotated[
    list[str] | None,
    typer.Option("--policy", help="contact: obeyed by the message.", show_default=False),
]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", help="contact: of the message.", show_default=False)
]
KindOption = Annotated[str, typer.Option("--kind", metavar="|".join(KINDS), help="contact: of the message.")]
ModeOption = Annotated[
    str, typer.Option("--mode", metavar="|".join(MODES), help="members: what becomes of them.")
]
EventOption = Annotated[
    str,
    typer.Option(
        "--event",
        metavar="JSON",
        help="decide: what the user did just now, as a line of `events`.",
        show_default=False,
    ),
]
RequestIdOption = Annotated[
    str,
    typer.Option(
        "--request-id",
        metavar="ID",
        help="decide, reserve, dispatch: a repeat is answered as the first time.",
        show_default=False,
    ),
]
LeaseOption = Annotated[
    float | None,
    typer.Option(
        "--lease",
        metavar="SECONDS",
        help="decide, reserve, dispatch: how long it holds; 5 minutes.",
        show_default=False,
    ),
]
AdviceOption = Annotated[bool, typer.Option("--advice", help="decide: reserve nothing.")]
DeduplicatesOption = Annotated[
    bool,
    typer.Option(
        "--deduplicates", help="dispatch: the channel drops a second message of the same occurrence."
    ),
]


@asks()
def command(
    client: Client,
    question: QuestionArgument,
    words: WordsArgument = None,
    facts: FactsOption = "",
    as_of: AsOfOption = None,
    channel: ChannelOption = "",
    policy: PolicyOption = None,
    tag: TagOption = None,
    kind: KindOption = "marketing",
    mode: ModeOption = "replace",
    event: EventOption = "",
    request_id: RequestIdOption = "",
    lease: LeaseOption = None,
    advice: AdviceOption = False,
    deduplicates: DeduplicatesOption = False,
    out: OutputOption = HUMAN,
) -> None:
    asked = Asked(
        words or [],
        facts,
        as_of,
        channel,
        policy or [],
        tag or [],
        chosen("kind", kind, KINDS),
        chosen("mode", mode, MODES),
        event,
        request_id,
        lease,
        advice,
        deduplicates,
    )
    kind_of = QUESTIONS[chosen("question", question, QUESTIONS)]
    if not kind_of.least <= len(asked.words) <= kind_of.most:
        raise Failure(
            f"`{question}` is asked in other words", hint=f"`suasion ask {question} {kind_of.words}`"
        )
    kind_of.ask(client, asked, out)


def chosen(what: str, name: str, known: Mapping[str, object]) -> str:
    if name not in known:
        raise Failure(f"`{name}` is no {what}", hint=f"there are {', '.join(known)}")
    return name


# ---- questions


def crowds(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = decisions_pb.CheckCrowdsRequest(
        subject=asked.subject, crowds=asked.words[1:], as_of_time=asked.as_of_time, explain=True
    )
    answer(out, client.call(client.decisions.CheckCrowds, request), shown.crowds)


def all_crowds(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = decisions_pb.ListCrowdsRequest(subject=asked.subject, as_of_time=asked.as_of_time)
    answer(out, client.call(client.decisions.ListCrowds, request), shown.all_crowds)


def plan(client: Client, asked: Asked, out: Output) -> NoReturn:
    decide = "".join(asked.words[1:])
    request = decisions_pb.MatchPlanRequest(subject=asked.subject, decide=decide, as_of_time=asked.as_of_time)
    answer(out, client.call(client.decisions.MatchPlan, request), shown.plan)


def contact(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = decisions_pb.CheckContactRequest(subject=asked.subject, as_of_time=asked.as_of_time)
    if len(asked.words) > 1:
        request.plan = asked.words[1]
    elif asked.channel:
        request.message.CopyFrom(message(asked))
    else:
        raise Failure("contact with what?", hint="name a plan, or a `--channel`")
    answer(out, client.call(client.decisions.CheckContact, request), shown.contact)


def rules(client: Client, asked: Asked, out: Output) -> NoReturn:
    version = whole(client, asked.words[0]) if asked.words else ""
    request = rules_pb.RuleSetServiceGetRequest(version=version)
    answer(out, client.call(client.rules.Get, request), shown.rule_set)


# ---- facts


def tell_profiles(client: Client, asked: Asked, out: Output) -> NoReturn:
    report(out, asked.words[0], profiles(client, Path(asked.words[0])))


def tell_events(client: Client, asked: Asked, out: Output) -> NoReturn:
    report(out, asked.words[0], events(client, Path(asked.words[0])))


def tell_history(client: Client, asked: Asked, out: Output) -> NoReturn:
    report(out, asked.words[0], backfill(client, Path(asked.words[0])))


def known_since(client: Client, asked: Asked, out: Output) -> NoReturn:
    told = horizons(client, asked.words)
    fields = [MessageToDict(each, preserving_proto_field_name=True) for each in told]
    lines = [f"{each['event_type']}: {each.get('known_since_time', ALWAYS)}" for each in fields]
    out.finish({"horizons": fields}, lambda console: console.print("\n".join(lines)))


def erase(client: Client, asked: Asked, out: Output) -> NoReturn:
    response = client.call(client.facts.EraseUser, facts_pb.EraseUserRequest(user_id=asked.words[0]))
    counts = MessageToDict(
        response, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    text = ", ".join(
        f"{counts[f'{what}_count']} {what}s" for what in ("attribute", "event", "list", "contact")
    )
    out.finish(counts, lambda console: console.print(f"erased: {text}"))


def tell_members(client: Client, asked: Asked, out: Output) -> NoReturn:
    name, *files = asked.words
    if not files:
        how_list_is(client, name, out)
    response = members(client, name, Path(files[0]), asked.mode)
    text = f"{name}: {response.user_count} users, {response.added_count} new, {response.removed_count} gone"
    out.finish(MessageToDict(response, preserving_proto_field_name=True), lambda console: console.print(text))


def how_list_is(client: Client, name: str, out: Output) -> NoReturn:
    response = client.call(client.facts.GetList, facts_pb.GetListRequest(list=name))
    fields = MessageToDict(response, preserving_proto_field_name=True)
    loaded = f"{response.user_count} users, version {response.list_version} of {fields.get('load_time')}"
    text = f"{name}: {loaded if response.list_version else 'never loaded'}"
    out.finish(fields, lambda console: console.print(text))


def report(out: Output, file: str, told: Told) -> NoReturn:
    """What became of a file's lines; ends with 1 if some were refused."""
    code = refused(out, file, told)
    counts = ", ".join(f"{count} {state}" for state, count in told.counts.items()) or "nothing to tell"
    out.finish(dict(told.counts), lambda console: console.print(counts), code)


Ask = Callable[[Client, Asked, Output], NoReturn]
MANY = 1001


@dataclass(frozen=True, slots=True)
class Question:
    """What answers it, how many words it is asked with, which, and what it is about."""

    ask: Ask
    least: int
    most: int
    words: str
    about: str


QUESTIONS: Mapping[str, Question] = {
    "crowds": Question(crowds, 2, MANY, "USER CROWD…", "is the user in these crowds, and why"),
    "list": Question(all_crowds, 1, 1, "USER", "all crowds of the user"),
    "plan": Question(plan, 1, 2, "USER [DECIDE]", "the best plan, and what became of the others"),
    "contact": Question(
        contact, 1, 2, "USER [PLAN]", "may the plan, or a message of --channel, reach the user"
    ),
    "decide": Question(
        decide, 1, 2, "USER [DECIDE]", "what shall be done, now or about --event; reserves what it grants"
    ),
    "decides": Question(
        decides, 1, 1, "FILE", 'the same for many: lines of {"user_id", "decide", "event", "request_id"}'
    ),
    "reserve": Question(reserve, 2, 2, "USER PLAN", "reserve a contact that no decide granted"),
    "dispatch": Question(dispatch, 1, 1, "CONTACT", "say that a contact is about to go out"),
    "confirm": Question(confirm, 2, 2, "CONTACT TOKEN", "say that it went out"),
    "fail": Question(fail, 2, 2, "CONTACT TOKEN", "say that it did not go out"),
    "release": Question(release, 1, 1, "CONTACT", "give it back"),
    "outcome": Question(
        outcome, 2, 2, "CONTACT TYPE", "record what the user made of it, as an event of the rules"
    ),
    "history": Question(history, 1, 1, "USER", "the user's contacts, newest first"),
    "uncertain": Question(
        uncertain, 0, 0, "", "contacts that were dispatched and nobody told of, oldest first"
    ),
    "profiles": Question(
        tell_profiles, 1, 1, "FILE", 'set attributes: lines of {"user_id", "attributes"}; - is stdin'
    ),
    "events": Question(
        tell_events,
        1,
        1,
        "FILE",
        'record events: lines of {"event", "event_id", "user_id", "time", "fields"}',
    ),
    "backfill": Question(tell_history, 1, 1, "FILE", "the same of long ago: it opens no waiting plans"),
    "horizons": Question(
        known_since, 0, 2, "[EVENT INSTANT]", f"since when all events of a type are known; or `{ALWAYS}`"
    ),
    "members": Question(
        tell_members, 1, 2, "LIST [FILE]", "say who is on a list: lines of ids; without a file, how it is"
    ),
    "erase": Question(erase, 1, 1, "USER", "erase all that is known of the user"),
    "rules": Question(rules, 0, 1, "[VERSION]", "what the active rules, or another version, declare"),
    "status": Question(status, 0, 0, "", "how the server is"),
    "call": Question(
        call,
        1,
        MANY,
        "SERVICE/METHOD [JSON…]",
        "any call of docs/api.md, its messages in the JSON form of protobuf",
    ),
}


def told_of(name: str) -> str:
    question = QUESTIONS[name]
    return f"{f'{name} {question.words}':<22}{question.about}"


command.__doc__ = "\n\n".join(
    [
        "Put a question to a server, or tell it facts.",
        *map(told_of, QUESTIONS),
        "Ends with 4 if no server answers.",
    ]
)
