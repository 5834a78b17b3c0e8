"""Who calls, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

DEFAULT_WORKSPACE = "default"
WORKSPACE = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""What a workspace may be called: databases, files and queues bear its name."""
SUBJECT = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,128}")
"""Whom a token may name."""


class Role(StrEnum):
    """Author: writes rules. Approver: lets them go out. Operator: releases them and runs the server. Caller: a service."""

    AUTHOR = "author"
    APPROVER = "approver"
    OPERATOR = "operator"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """`subject` names a person or a service, `roles` are by workspace; from `expires` on, in seconds since 1970, nobody is
    known to be the caller any more."""

    subject: str
    roles: Mapping[str, Collection[Role]]
    expires: float


class TokenUnusable(Exception):
    """A token proves nothing. The text says why, in words, and shows nothing of it."""


class TokenExpired(TokenUnusable):
    """It did once."""


class KeysUnusable(Exception):
    """There are no keys by which tokens could prove anything. The text says why."""


class Tokens(Protocol):
    """Reads who calls from what they bring."""

    def read(self, token: str) -> Caller:
        """Whom a token names, if whoever may say so says so. Raises TokenUnusable, TokenExpired."""
