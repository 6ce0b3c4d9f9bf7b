"""An authenticator in software: it makes passkeys and signs with them, as a browser's does, or wrongly if told to."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """Good for the shop at one host; ``user_handle`` is learned when it is made."""

    host: str = "testserver"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: str = ""
    flags: int = PRESENT | VERIFIED

    def create(self, options: dict[str, Any]) -> str:
        """The answer to a page that adds a passkey."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        credential = bytes(16) + struct.pack(">H", len(self.name)) + self.name + public
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + credential}
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", asked["challenge"])),
            "attestationObject": websafe_encode(cbor.encode(attestation)),
        }
        return self._answer(response, clientExtensionResults={"credProps": {"rk": True}})

    def sign(self, options: dict[str, Any], **changed: str) -> str:
        """The answer to a challenge; ``origin`` or ``user_handle`` other than they are."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"], changed.get("origin"))
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": changed.get("user_handle", self.user_handle),
        }
        return self._answer(response, clientExtensionResults={})

    def _client(self, kind: str, challenge: str, origin: str | None = None) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": origin or f"https://{self.host}", "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int = 0) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", self.flags | flags, 0)

    def _answer(self, response: dict[str, Any], **more: Any) -> str:
        name = websafe_encode(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response, **more})
