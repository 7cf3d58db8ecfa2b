"""TLS contexts for the three rules, and the check of a pinned certificate."""

from __future__ import annotations

import hashlib
import socket
import ssl
from typing import Final

import httpx

from gvreader.web.policy import TlsMode, TlsRule

# ssl.OP_LEGACY_SERVER_CONNECT has a name from Python 3.12 on.
_LEGACY_SERVER_CONNECT: Final = 0x4


def context_for(mode: TlsMode) -> ssl.SSLContext:
    """`verified` trusts what httpx does: certifi's list, or SSL_CERT_FILE and SSL_CERT_DIR where they are set."""
    if mode == "verified":
        context = httpx.create_ssl_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
        context.options |= _LEGACY_SERVER_CONNECT
    context.set_alpn_protocols(["http/1.1"])
    return context


def handshake(sock: socket.socket, context: ssl.SSLContext, rule: TlsRule, host: str) -> ssl.SSLSocket:
    """The encrypted connection. Raises ssl.SSLError, also where a pinned certificate is another one."""
    wrapped = context.wrap_socket(sock, server_hostname=host)
    if rule.mode == "pinned":
        certificate = wrapped.getpeercert(binary_form=True) or b""
        seen = hashlib.sha256(certificate).hexdigest()
        if seen != rule.sha256:
            wrapped.close()
            raise ssl.SSLError(f"the certificate is not the pinned one; its SHA-256 is {seen}")
    return wrapped
