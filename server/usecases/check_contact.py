"""May a user be contacted?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from compiler.facts import Facts
from compiler.manifest import OfChannel, OfContact, OfSend
from compiler.outcome import Contact
from compiler.wire.json_text import Json
from dsl.frozen import dataclass
from server.usecases.active_rules import Serving
from server.usecases.choice import Choice
from server.usecases.grounds import Ground, Grounds
from server.usecases.refusals import UnknownName
from server.usecases.subject import Subject

Kind = Literal["marketing", "transactional", "legal"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that no plan describes. `policies` None: every default one, as for a plan that names none."""

    channel: str
    policies: tuple[str, ...] | None
    tags: frozenset[str]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Contacted:
    """The verdict, what it rests on, and the definitions that were asked: `plan nudge`, or each `policy gentle`."""

    contact: Contact
    asked: tuple[str, ...]
    grounds: Grounds


Asked = OfContact | OfSend | OfChannel
Judge = Callable[[Facts], Contact]


class CheckContact:
    """The verdict of the policies alone, on a plan or on any other message."""

    def __init__(self, choose: Choice, ground: Ground) -> None:
        self._choose = choose
        self._ground = ground

    async def __call__(self, subject: Subject, contact: str | Message, as_of: int | None) -> Contacted:
        """`contact` is a plan's name, or a message. Raises NoActiveRules, UnknownName, InvalidRequest."""
        serving = await self._choose(subject, as_of)
        entry, judge = question(serving, contact)
        grounds = await self._ground(serving, entry, subject, as_of)
        self._ground.require(kind_of(serving, contact), grounds)
        verdict = judge(grounds.facts)
        await self._ground.record("check_contact", as_json(contact, entry), grounds, verdict)
        return Contacted(verdict, asked_of(entry), grounds)


def question(serving: Serving, contact: str | Message) -> tuple[Asked, Judge]:
    """What is to be known, and who judges. Raises UnknownName."""
    return of_plan(serving, contact) if isinstance(contact, str) else of_message(serving, contact)


def question_for_good(serving: Serving, contact: str | Message) -> tuple[Asked, Judge]:
    """The same of what is to be reserved: what is sent has to be known, and a campaign may hold the user out."""
    return of_send(serving, contact) if isinstance(contact, str) else of_message(serving, contact)


def of_plan(serving: Serving, plan: str) -> tuple[Asked, Judge]:
    require_plan(serving, plan)
    return OfContact(plan), partial(serving.program.contact, plan)


def of_send(serving: Serving, plan: str) -> tuple[Asked, Judge]:
    require_plan(serving, plan)
    return OfSend(plan), partial(serving.program.granted, plan)


def require_plan(serving: Serving, plan: str) -> None:
    if plan not in serving.ruleset.plans:
        raise UnknownName("plan", plan, serving.ruleset.plans, serving.version)


def of_message(serving: Serving, message: Message) -> tuple[Asked, Judge]:
    declared = serving.ruleset.policies
    policies = message.policies
    if policies is None:
        policies = tuple(name for name, policy in declared.items() if policy.is_default)
    for name in policies:
        if name not in declared:
            raise UnknownName("policy", name, declared, serving.version)
    judge = partial(serving.program.contact_channel, message.channel, policies, message.tags, message.kind)
    return OfChannel(policies), judge


def kind_of(serving: Serving, contact: str | Message) -> Kind:
    return serving.ruleset.plans[contact].kind if isinstance(contact, str) else contact.kind


def asked_of(entry: Asked) -> tuple[str, ...]:
    if isinstance(entry, OfChannel):
        return tuple(f"policy {name}" for name in entry.policies)
    return (f"plan {entry.plan}",)


def as_json(contact: str | Message, entry: Asked) -> dict[str, Json]:
    """For the record, with the policies that were looked at."""
    if isinstance(contact, str):
        return {"plan": contact}
    policies = list(entry.policies) if isinstance(entry, OfChannel) else []
    return {
        "channel": contact.channel,
        "policies": policies,
        "tags": sorted(contact.tags),
        "kind": contact.kind,
    }


def from_json(asked: Mapping[str, Any]) -> str | Message:
    """What was asked, from its record."""
    if "plan" in asked:
        plan: str = asked["plan"]
        return plan
    return Message(asked["channel"], tuple(asked["policies"]), frozenset(asked["tags"]), asked["kind"])
