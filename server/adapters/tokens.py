"""JSON Web Tokens (RFC 7519), signed with keys from files."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cachetools import LRUCache
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from server.ports import Caller, KeysUnusable, Role, TokenExpired, TokenUnusable
from server.ports.access import SUBJECT

CLAIM = "suasion"
"""The claim that has the roles by workspace: `{"shop": ["author", "caller"]}`."""
LEEWAY_SECONDS = 10.0
"""By so much the clocks of whoever signs and of this machine may differ."""
LOOK_SECONDS = 1.0
"""So often it is looked whether files of keys have changed, while there are calls."""
KNOWN = 4096
"""Tokens whose signatures need not be verified again."""
SHORTEST_SECRET = 32
LEAST_RSA_BITS = 2048
KINDS: Mapping[type, str] = {
    rsa.RSAPublicKey: "RS256",
    ec.EllipticCurvePublicKey: "ES256",
    ed25519.Ed25519PublicKey: "EdDSA",
}
ALGORITHMS = ("HS256", *KINDS.values())
WORDS: Mapping[type[jwt.PyJWTError], str] = {
    jwt.ImmatureSignatureError: "it is not valid yet",
    jwt.InvalidAudienceError: "it is meant for another audience",
    jwt.InvalidIssuerError: "it is from another issuer",
    jwt.MissingRequiredClaimError: "it lacks one of the claims `sub`, `exp` and `aud`",
    jwt.InvalidSignatureError: "its signature is not by a key of this server",
    jwt.InvalidAlgorithmError: "its algorithm is not that of its key",
}
log = logging.getLogger("suasion.access")


@dataclass(frozen=True, slots=True)
class Key:
    """What verifies a signature, and by which algorithm alone."""

    algorithm: str
    key: Any


class JwtTokens:
    """Tokens for an audience, by an issuer (None: whoever has the key). A changed file of keys holds from the next second on; one
    that cannot be read leaves the keys that were."""

    def __init__(self, files: Sequence[Path], audience: str, issuer: str | None) -> None:
        """Raises KeysUnusable."""
        self._files = files
        self._audience = audience
        self._issuer = issuer
        self._keys = keys_of(files)
        self._seen = changes(files)
        self._looked = time.monotonic()
        self._known: LRUCache[str, Caller] = LRUCache(KNOWN)

    def read(self, token: str) -> Caller:
        self._look()
        caller = self._known.get(token)
        if caller is None:
            caller = self._known[token] = self._verified(token)
        if caller.expires <= time.time():
            raise TokenExpired("it has expired")
        return caller

    def _verified(self, token: str) -> Caller:
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["sub", "exp", "aud"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired("it has expired") from error
        except jwt.PyJWTError as error:
            words = (WORDS[kind] for kind in type(error).__mro__ if kind in WORDS)
            raise TokenUnusable(next(words, "it is no token that can be read")) from error
        return Caller(subject_of(claims), roles_of(claims), float(claims["exp"]) + LEEWAY_SECONDS)

    def _key(self, id: object) -> Key:
        """Of the id that a token names; where there is but one key, it need not."""
        if id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if not isinstance(id, str) or id not in self._keys:
            raise TokenUnusable("it names no key of this server")
        return self._keys[id]

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        seen = changes(self._files)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._keys = keys_of(self._files)
        except KeysUnusable as error:
            log.error({"event": "keys", "error": str(error)})
            return
        self._known.clear()


# ---- claims


def subject_of(claims: Mapping[str, Any]) -> str:
    subject: str = claims["sub"]
    if not SUBJECT.fullmatch(subject):
        raise TokenUnusable("its `sub` is not 1 to 128 characters that can be shown")
    return subject


def roles_of(claims: Mapping[str, Any]) -> dict[str, frozenset[Role]]:
    """What is no role of ours gives nobody anything."""
    claimed = claims.get(CLAIM, {})
    if not isinstance(claimed, dict) or not all(isinstance(each, list) for each in claimed.values()):
        raise TokenUnusable(f'its `{CLAIM}` is not roles by workspace: `{{"shop": ["author"]}}`')
    return {
        workspace: frozenset(role for role in Role if role in roles) for workspace, roles in claimed.items()
    }


# ---- keys


def changes(files: Sequence[Path]) -> list[tuple[int, int] | None]:
    """What tells that a file is not what it was."""
    return [changed(file) for file in files]


def changed(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino


def keys_of(files: Sequence[Path]) -> dict[str, Key]:
    """The keys of all files, by id. Raises KeysUnusable."""
    keys: dict[str, Key] = {}
    for file in files:
        for id, key in keys_in(file):
            if id in keys:
                raise KeysUnusable(f"two keys are called `{id}`")
            keys[id] = fit(key, file)
    return keys


def keys_in(file: Path) -> Iterator[tuple[str, Key]]:
    """A JSON Web Key Set; or one key, called like its file: a public one in PEM, or a secret."""
    try:
        data = file.read_bytes().strip()
        if data.startswith(b"{"):
            yield from key_set(json.loads(data))
        elif data.startswith(b"-----BEGIN"):
            yield file.stem, public(load_pem_public_key(data))
        else:
            yield file.stem, Key("HS256", data)
    except OSError as error:
        raise KeysUnusable(f"cannot read `{file}`: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError) as error:
        raise KeysUnusable(f"`{file}` is no set of keys, and no public key in PEM") from error


def key_set(document: Any) -> Iterator[tuple[str, Key]]:
    for key in jwt.PyJWKSet.from_dict(document).keys:
        yield key.key_id or "", Key(key.algorithm_name, key.key)


def public(key: Any) -> Key:
    other_curve = isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1)
    kinds = (name for kind, name in KINDS.items() if isinstance(key, kind) and not other_curve)
    return Key(next(kinds, "unknown"), key)


def fit(key: Key, file: Path) -> Key:
    """The key, if what it signs can be trusted. Raises KeysUnusable."""
    if key.algorithm not in ALGORITHMS:
        raise KeysUnusable(f"`{file}` has a key for none of {', '.join(ALGORITHMS)}")
    if isinstance(key.key, bytes) and len(key.key) < SHORTEST_SECRET:
        raise KeysUnusable(
            f"the secret in `{file}` is too short: {SHORTEST_SECRET} bytes at least are wanted"
        )
    if isinstance(key.key, rsa.RSAPublicKey) and key.key.key_size < LEAST_RSA_BITS:
        raise KeysUnusable(f"the key in `{file}` is too short: {LEAST_RSA_BITS} bits at least are wanted")
    return key


# ---- tokens for development


def minted(file: Path, subject: str, roles: Mapping[str, Sequence[Role]], audience: str, seconds: int) -> str:
    """A token signed with the secret, or the private key in PEM, of a file. Raises KeysUnusable."""
    data = file.read_bytes().strip()
    key = signing(data, file) if data.startswith(b"-----BEGIN") else Key("HS256", data)
    now = int(time.time())
    claims = {"sub": subject, "aud": audience, "iat": now, "exp": now + seconds, CLAIM: roles}
    return jwt.encode(claims, key.key, key.algorithm, {"kid": file.stem})


def signing(data: bytes, file: Path) -> Key:
    try:
        key: Any = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeysUnusable(f"`{file}` is no private key in PEM, or has a password") from error
    return Key(public(key.public_key()).algorithm, key)
