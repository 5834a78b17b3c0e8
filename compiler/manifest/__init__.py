"""What a decision needs to know: the facts to fetch for one entry point, so that a store is asked once.

    from_checked    rule set and entry point -> manifest
    needs           the manifest, and facts cut down to it

Facts cut down to the manifest answer like all facts, to the last reason. It errs on the side of too much: it counts
in what stands behind an `and` that is already no, and all events of a trigger even with `expires`, as an older one
may be the reason (cancelled, expired) for which a plan is not relevant.
"""

from compiler.manifest.from_checked import (
    EntryPoint,
    OfChannel,
    OfContact,
    OfCrowds,
    OfDecide,
    OfEvent,
    OfPlan,
    OfSend,
    OfTrigger,
    manifest,
    retention,
)
from compiler.manifest.needs import EventNeed, Manifest, Reach, Retention

__all__ = [
    "EntryPoint",
    "EventNeed",
    "Manifest",
    "OfChannel",
    "OfContact",
    "OfCrowds",
    "OfDecide",
    "OfEvent",
    "OfPlan",
    "OfSend",
    "OfTrigger",
    "Reach",
    "Retention",
    "manifest",
    "retention",
]
