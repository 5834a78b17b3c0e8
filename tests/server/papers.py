"""Keys, tokens and certificates, made by another hand than the server's: PyJWT's encoder and `cryptography`."""

from __future__ import annotations

import ipaddress
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

SECRET = b"0123456789abcdef0123456789abcdef"
EVERYTHING = ["author", "approver", "operator", "caller"]
PRIVATE: dict[str, Any] = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
JWK = {
    "RS256": jwt.algorithms.RSAAlgorithm,
    "ES256": jwt.algorithms.ECAlgorithm,
    "EdDSA": jwt.algorithms.OKPAlgorithm,
}


def secret_file(folder: Path, name: str = "main", secret: bytes = SECRET) -> Path:
    file = folder / f"{name}.key"
    file.write_bytes(secret + b"\n")
    return file


def public_pem(key: Any) -> bytes:
    data: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return data


def private_pem(key: Any) -> bytes:
    data: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return data


def jwk_set(**algorithms: str) -> str:
    """A key set, by key id the algorithm of the key."""
    keys = [
        json.loads(JWK[algorithm].to_jwk(PRIVATE[algorithm].public_key()))  # type: ignore[attr-defined]
        | {"kid": id, "alg": algorithm}
        for id, algorithm in algorithms.items()
    ]
    return json.dumps({"keys": keys})


def token(
    key: Any = SECRET, algorithm: str = "HS256", kid: str | None = "main", seconds: float = 600, **claims: Any
) -> str:
    """A token, valid for everything in the workspace `default` unless said otherwise; a claim that is None is left out."""
    usual = {
        "sub": "anna",
        "aud": "suasion",
        "exp": int(time.time() + seconds),
        "suasion": {"default": EVERYTHING},
    }
    payload = {name: value for name, value in (usual | claims).items() if value is not None}
    return jwt.encode(payload, key, algorithm, {"kid": kid} if kid is not None else None)


@dataclass(frozen=True)
class Authority:
    """Signs certificates for 127.0.0.1."""

    key: Any
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, signed(key, key, named("authority"), named("authority"), authority=True))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, folder: Path, name: str) -> tuple[Path, Path]:
        """A certificate and its key, in files that are exchanged if they are there."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = signed(key, self.key, named(name), self.certificate.subject, authority=False)
        files = folder / f"{name}.crt", folder / f"{name}.pem"
        files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        files[1].write_bytes(private_pem(key))
        return files


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def signed(key: Any, by: Any, subject: x509.Name, issuer: x509.Name, *, authority: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(here, critical=False)
        .sign(by, hashes.SHA256())
    )
