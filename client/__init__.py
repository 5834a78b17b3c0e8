"""Suasion for service developers: `Client`, `AsyncClient`, and what can be asked.

    with Client("127.0.0.1:50051") as suasion:
        decision = suasion.ask(Decide("u1"))

Everything that is asked or answered is a frozen dataclass. See docs/client.md.
"""

from client.asking import AsyncClient, Client
from client.contacts import (
    Confirm,
    Contact,
    ContactState,
    Dispatch,
    Fail,
    History,
    Page,
    Recorded,
    RecordOutcome,
    Release,
    Reserve,
    Reserved,
)
from client.decisions import (
    BatchDecide,
    CheckContact,
    CheckCrowds,
    Crowds,
    Decide,
    Decision,
    ListCrowds,
    MatchPlan,
    Outcome,
    Permission,
    Scheduled,
    Watched,
)
from client.errors import (
    Conflict,
    DeadlinePassed,
    InvalidRequest,
    NotFound,
    OutOfReach,
    ServerBug,
    SuasionError,
    Violation,
)
from client.facts import Event, EventResult, ListMode, LoadList, Profile, RecordEvents, UpsertProfiles
from client.values import Money, Provenance, Reason, User, Verdict

__all__ = [
    "AsyncClient",
    "BatchDecide",
    "CheckContact",
    "CheckCrowds",
    "Client",
    "Confirm",
    "Conflict",
    "Contact",
    "ContactState",
    "Crowds",
    "DeadlinePassed",
    "Decide",
    "Decision",
    "Dispatch",
    "Event",
    "EventResult",
    "Fail",
    "History",
    "InvalidRequest",
    "ListCrowds",
    "ListMode",
    "LoadList",
    "MatchPlan",
    "Money",
    "NotFound",
    "OutOfReach",
    "Outcome",
    "Page",
    "Permission",
    "Profile",
    "Provenance",
    "Reason",
    "RecordEvents",
    "RecordOutcome",
    "Recorded",
    "Release",
    "Reserve",
    "Reserved",
    "Scheduled",
    "ServerBug",
    "SuasionError",
    "UpsertProfiles",
    "User",
    "Verdict",
    "Violation",
    "Watched",
]
