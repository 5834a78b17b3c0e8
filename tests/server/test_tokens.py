"""Which tokens prove whose a call is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from server.ports import KeysUnusable, Role, TokenExpired, TokenUnusable
from server.wiring import jwt_token, jwt_tokens
from tests.server.papers import (
    PRIVATE,
    SECRET,
    jwk_set,
    private_pem,
    public_pem,
    secret_file,
    token,
)

OTHER = b"fedcba9876543210fedcba9876543210"


def test_whom_a_token_names_and_what_they_may(tmp_path: Path) -> None:
    tokens = jwt_tokens([secret_file(tmp_path)])
    caller = tokens.read(token(suasion={"shop": ["author", "caller", "king"], "bank": []}))
    assert caller.subject == "anna"
    assert caller.roles == {"shop": {Role.AUTHOR, Role.CALLER}, "bank": frozenset()}


@pytest.mark.parametrize("algorithm", PRIVATE)
def test_public_keys_verify_in_pem_and_as_a_set(tmp_path: Path, algorithm: str) -> None:
    pem, keys = tmp_path / "main.pem", tmp_path / "keys.json"
    pem.write_bytes(public_pem(PRIVATE[algorithm]))
    keys.write_text(jwk_set(main=algorithm))
    signed = token(PRIVATE[algorithm], algorithm)
    for file in (pem, keys):
        assert jwt_tokens([file]).read(signed).subject == "anna"
        with pytest.raises(TokenUnusable, match="names no key"):
            jwt_tokens([file]).read(token(PRIVATE[algorithm], algorithm, "other"))


def test_a_public_key_is_no_secret(tmp_path: Path) -> None:
    """The classic: a token signed by HMAC with the text of the public key."""
    pem = tmp_path / "main.pem"
    pem.write_bytes(public_pem(PRIVATE["RS256"]))
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "main"}).encode())
    body = token().split(".")[1].encode()
    hmac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    sign: Any = jwt.algorithms.HMACAlgorithm.sign
    signature = jwt.utils.base64url_encode(sign(hmac, head + b"." + body, public_pem(PRIVATE["RS256"])))
    with pytest.raises(TokenUnusable, match="algorithm"):
        jwt_tokens([pem]).read(b".".join((head, body, signature)).decode())


REFUSED = {
    "not yet": ({"nbf": 2**33}, "not valid yet"),
    "another audience": ({"aud": "another"}, "another audience"),
    "no audience": ({"aud": None}, "lacks"),
    "no end": ({"exp": None}, "lacks"),
    "nobody": ({"sub": None}, "lacks"),
    "an empty subject": ({"sub": ""}, "`sub`"),
    "a subject that cannot be shown": ({"sub": "a\x1b[2J"}, "`sub`"),
    "a long subject": ({"sub": "a" * 129}, "`sub`"),
    "another issuer": ({"iss": "another"}, "another issuer"),
    "roles that are none": ({"suasion": ["author"], "iss": "us"}, "roles by workspace"),
    "roles of nothing": ({"suasion": {"default": "author"}, "iss": "us"}, "roles by workspace"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_tokens_that_prove_nothing(tmp_path: Path, case: str) -> None:
    claims, why = REFUSED[case]
    tokens = jwt_tokens([secret_file(tmp_path)], issuer="us")
    with pytest.raises(TokenUnusable, match=why):
        tokens.read(token(**({"iss": "us"} | claims)))


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "é.é.é", "." * 1000, "e30.e30.e30"])
def test_texts_that_are_no_tokens(tmp_path: Path, text: str) -> None:
    with pytest.raises(TokenUnusable):
        jwt_tokens([secret_file(tmp_path)]).read(text)


def test_a_token_that_was_taken_before_expires_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, taken = jwt_tokens([secret_file(tmp_path)]), token()
    assert tokens.read(taken).subject == "anna"
    monkeypatch.setattr("time.time", lambda: 2.0**33)
    with pytest.raises(TokenExpired):
        tokens.read(taken)


def test_a_key_takes_the_place_of_another_while_both_hold(tmp_path: Path) -> None:
    files = [secret_file(tmp_path, "old"), secret_file(tmp_path, "new", OTHER)]
    tokens = jwt_tokens(files)
    assert tokens.read(token(kid="old")).subject == tokens.read(token(OTHER, kid="new")).subject
    with pytest.raises(TokenUnusable, match="signature"):
        tokens.read(token(OTHER, kid="old"))
    with pytest.raises(TokenUnusable, match="names no key"):
        tokens.read(token(kid=None))


def test_one_key_need_not_be_named(tmp_path: Path) -> None:
    assert jwt_tokens([secret_file(tmp_path)]).read(token(kid=None)).subject == "anna"


def test_a_file_that_changes_holds_at_once_and_one_that_breaks_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.adapters.tokens.LOOK_SECONDS", 0.0)
    file = secret_file(tmp_path)
    tokens, before, after = jwt_tokens([file]), token(), token(OTHER)
    assert tokens.read(before).subject == "anna"
    exchange(file, OTHER)
    assert tokens.read(after).subject == "anna"
    with pytest.raises(TokenUnusable, match="signature"):
        tokens.read(before)
    exchange(file, b"short")
    assert tokens.read(after).subject == "anna"
    file.unlink()
    assert tokens.read(after).subject == "anna"


def exchange(file: Path, data: bytes) -> None:
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(data)
    os.replace(fresh, file)


KEYS = {
    "a short secret": (b"short", "too short"),
    "a private key": (private_pem(PRIVATE["ES256"]), "no public key"),
    "another curve": (public_pem(ec.generate_private_key(ec.SECP384R1())), "none of HS256"),
    "a short key": (public_pem(rsa.generate_private_key(65537, 1024)), "2048 bits"),
    "no set": (b"{}", "no set of keys"),
    "half a set": (b'{"keys": [', "no set of keys"),
    "an algorithm that we do not take": (
        jwk_set(main="RS256").replace('"RS256"', '"RS512"').encode(),
        "none of HS256",
    ),
}


@pytest.mark.parametrize("case", KEYS)
def test_files_without_keys_are_refused(tmp_path: Path, case: str) -> None:
    data, why = KEYS[case]
    file = tmp_path / "main.key"
    file.write_bytes(data)
    with pytest.raises(KeysUnusable, match=why):
        jwt_tokens([file])
    with pytest.raises(KeysUnusable, match="cannot read"):
        jwt_tokens([tmp_path / "nowhere"])


def test_two_keys_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(KeysUnusable, match="`main`"):
        jwt_tokens([secret_file(tmp_path), secret_file(tmp_path / "other")])


@pytest.mark.parametrize("algorithm", ["HS256", *PRIVATE])
def test_a_minted_token_is_taken(tmp_path: Path, algorithm: str) -> None:
    key, public = secret_file(tmp_path), secret_file(tmp_path)
    if algorithm in PRIVATE:
        key, public = tmp_path / "main.pem", tmp_path / "public" / "main.pem"
        public.parent.mkdir()
        key.write_bytes(private_pem(PRIVATE[algorithm]))
        public.write_bytes(public_pem(PRIVATE[algorithm]))
    minted = jwt_token(key, "anna", {"shop": [Role.AUTHOR]}, 60)
    assert jwt_tokens([public]).read(minted).roles == {"shop": {Role.AUTHOR}}
    assert jwt.get_unverified_header(minted)["kid"] == "main" and SECRET.decode() not in minted
