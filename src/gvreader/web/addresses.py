"""Which network addresses may be connected to: the public internet, or the one portal on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port → IP addresses in the order to try; raises OSError (`socket.gaierror`)."""

_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")
# Not told apart by `ipaddress` in every Python version in use: RFC 8215, RFC 6890, RFC 7534 and the like.
_CLOSED: Final = (
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("100::/64"),
    IPv6Network("2001::/23"),  # Teredo among them
    IPv6Network("3fff::/20"),
    IPv6Network("5f00::/16"),
    IPv6Network("fec0::/10"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    # Public by their numbers, but inside the clouds: Azure's metadata, IBM's services.
    IPv4Network("168.63.129.16/32"),
    IPv4Network("161.26.0.0/16"),
    IPv4Network("166.8.0.0/14"),
)
_ISATAP: Final = (0x00005EFE, 0x02005EFE)  # RFC 5214: before an IPv4 address in an interface identifier


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that traffic to this IPv6 address really goes to, if it is nothing but a wrapper."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(text: str) -> bool:
    """Whether an IP address is a unicast address of the public internet, also once its wrappers are undone."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if (inner := _wrapped(address)) is not None:
            return is_public(str(inner))
        number = int(address)
        if (number >> 32) & 0xFFFFFFFF in _ISATAP and not is_public(str(IPv4Address(number & 0xFFFFFFFF))):
            return False
    if any(address.version == network.version and address in network for network in _CLOSED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_loopback(text: str) -> bool:
    """Whether an IP address is this machine's."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Says which of a host's addresses may be connected to.

    `loopback`: host and port of a portal on this machine; then nothing else is allowed, otherwise only
    public addresses are.
    """

    loopback: tuple[str, int] | None = None

    def allowed(self, host: str, port: int, addresses: Sequence[str]) -> tuple[str, ...]:
        """Those of `addresses` that may be used for `host`, in the same order."""
        if self.loopback is None:
            return tuple(address for address in addresses if is_public(address))
        if (host, port) != self.loopback:
            return ()
        return tuple(address for address in addresses if is_loopback(address))


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host as the system finds them, each once."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} cannot be a host name") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
