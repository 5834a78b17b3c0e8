"""Builds the service from its parts; the only module that knows every adapter."""

from __future__ import annotations

from pathlib import Path

from server.adapters.memory.contacts import MemoryContactLedger
from server.adapters.memory.events import MemoryEventStore
from server.adapters.memory.lists import MemoryListStore
from server.adapters.memory.profiles import MemoryProfileStore
from server.adapters.memory.rules import MemoryRuleStore
from server.adapters.sql.contacts import SqlContactLedger
from server.adapters.sql.database import Database
from server.adapters.sql.events import SqlEventStore
from server.adapters.sql.lists import SqlListStore
from server.adapters.sql.profiles import SqlProfileStore
from server.adapters.sql.rules import SqlRuleStore
from server.ports import Stores


def memory_stores() -> Stores:
    """Stores that end with the process."""
    return Stores(
        rules=MemoryRuleStore(),
        profiles=MemoryProfileStore(),
        events=MemoryEventStore(),
        lists=MemoryListStore(),
        contacts=MemoryContactLedger(),
        close=lambda: None,
    )


def sqlite_stores(path: Path) -> Stores:
    """Stores in one SQLite file, made when there is none. Raises StoreUnavailable when it cannot be used."""
    database = Database(path)
    return Stores(
        rules=SqlRuleStore(database),
        profiles=SqlProfileStore(database),
        events=SqlEventStore(database),
        lists=SqlListStore(database),
        contacts=SqlContactLedger(database),
        close=database.close,
    )
