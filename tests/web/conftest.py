from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest

from gvreader.urls import Scope
from gvreader.web import Client, Policy
from tests.web.servers import Server


class Clock:
    """Time that passes only while someone sleeps."""

    def __init__(self) -> None:
        self.elapsed = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> datetime:
        return datetime(2023, 2, 7, tzinfo=UTC) + timedelta(seconds=self.elapsed - 1000)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.elapsed += seconds


class MakeClient(Protocol):
    def __call__(self, origin: str, *, hosts: tuple[str, ...] = (), **settings: Any) -> Client: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_client(clock: Clock) -> Iterator[MakeClient]:
    """Clients on the fake clock; settings of the policy and of the client may be mixed."""
    made: list[Client] = []

    def make(origin: str, *, hosts: tuple[str, ...] = (), **settings: Any) -> Client:
        of_policy = {name: settings.pop(name) for name in list(settings) if name in Policy.__slots__}
        world = {"monotonic": clock.monotonic, "now": clock.now, "sleep": clock.sleep, "random": lambda: 0.5}
        client = Client(
            Policy(**({"read_timeout": 10.0, "connect_timeout": 10.0} | of_policy)),
            Scope(origin=origin, hosts=hosts),
            **(world | settings),
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(server: Server, make_client: MakeClient) -> Client:
    """A client of the server, with every default of the policy."""
    return make_client(server.origin)
