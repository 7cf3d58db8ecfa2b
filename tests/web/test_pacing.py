"""How often, how soon again, and when not at all: on a clock that only moves when someone sleeps."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest

from gvreader.model import Capture, Request
from gvreader.urls import Scope
from gvreader.web import Client, Policy, throttle
from tests.web.conftest import Clock, MakeClient
from tests.web.servers import Script, Server, page, reset, silence


def get(client: Client, url: str) -> tuple[str | None, int | None]:
    """The kind of problem and the status of the answer."""
    outcome = client.fetch(Request(url=url))
    return (
        outcome.problem.kind if outcome.problem else None,
        outcome.captures[-1].status if outcome.captures else None,
    )


def test_a_second_between_starts(server: Server, client: Client, clock: Clock) -> None:
    for path in ("/a", "/b", "/c"):
        get(client, server.origin + path)
    assert clock.slept == [1.0, 1.0, 1.0]
    clock.elapsed += 0.25  # work between two pages counts
    get(client, f"{server.origin}/d")
    assert clock.slept[-1] == 0.75
    clock.elapsed += 30
    get(client, f"{server.origin}/e")
    assert len(clock.slept) == 4


def test_redirects_and_retries_wait_as_well(server: Server, make_client: MakeClient, clock: Clock) -> None:
    server.routes |= {"/a": page(b"", "302 Found", Location="/b"), "/b": [page(b"", "503 Busy"), page(b"b")]}
    client = make_client(server.origin, delay=5.0)
    assert get(client, f"{server.origin}/a") == (None, 200)
    assert clock.slept == [5.0, 5.0, 5.0]


def test_the_gap_is_what_the_server_sees(server: Server) -> None:
    """With real time: the wait counts from the sending, not from the connecting before it."""
    for path in ("/a", "/b", "/c"):
        server.routes[path] = page()
    with Client(Policy(delay=0.1), Scope(origin=server.origin)) as client:
        for path in ("/a", "/b", "/c"):
            client.fetch(Request(url=server.origin + path))
    starts = [received.at for received in server.received]
    assert all(later - earlier > 0.09 for earlier, later in itertools.pairwise(starts))


def test_one_request_at_a_time_on_a_host(server: Server) -> None:
    overlap: list[int] = []
    flying = threading.Semaphore(1)

    def answer(sock: object, _: object) -> None:
        if not flying.acquire(blocking=False):
            overlap.append(1)
            return
        time.sleep(0.02)
        flying.release()
        sock.sendall(page())  # type: ignore[attr-defined]

    server.routes |= {f"/{n}": answer for n in range(8)}
    with Client(Policy(delay=0), Scope(origin=server.origin)) as client:
        urls = [f"{server.origin}/{n}" for n in range(8)]
        threads = [threading.Thread(target=lambda url=url: client.fetch(Request(url=url))) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert overlap == []
    assert len(server.pages()) == 8


# ── again ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "status", ["429 Too Many", "500 Error", "502 Bad Gateway", "503 Busy", "504 Timeout", "408 Late"]
)
def test_not_now_is_asked_again(server: Server, client: Client, clock: Clock, status: str) -> None:
    server.routes["/a"] = [page(b"", status), page(b"", status), page(b"a")]
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert [capture.status for capture in outcome.captures] == [404, 200]
    assert clock.slept == [1.0, 2.0, 4.0]
    assert client.requests == 4


def test_what_persists_is_the_answer(server: Server, client: Client) -> None:
    server.routes["/a"] = page(b"maintenance", "503 Busy")
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert (outcome.captures[-1].status, outcome.captures[-1].body) == (503, b"maintenance")
    assert len(server.pages()) == 3


def test_the_last_attempt_delays_nothing_but_what_the_server_asks(
    server: Server, client: Client, clock: Clock
) -> None:
    server.routes |= {
        "/a": page(b"", "500 Error"),
        "/b": page(b"", "503 Busy", Retry_After="9"),
        "/c": page(),
    }
    for path in ("/a", "/b", "/c"):
        get(client, server.origin + path)
    assert clock.slept == [1.0, 2.0, 4.0, 1.0, 9.0, 9.0, 9.0]


def test_jitter_spreads_the_attempts(server: Server, make_client: MakeClient, clock: Clock) -> None:
    chances = iter([0.0, 1.0])
    server.routes["/a"] = page(b"", "503 Busy")
    get(make_client(server.origin, random=lambda: next(chances, 0.5)), f"{server.origin}/a")
    assert clock.slept == [1.0, 1.0, 6.0]


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("120", 120.0),
        ("Tue, 07 Feb 2023 00:00:31 GMT", 30.0),
        ("Tuesday, 07-Feb-23 00:00:31 GMT", 30.0),
        ("Mon, 06 Feb 2023 00:00:00 GMT", 1.0),
        ("soon", 2.0),
        ("-5", 2.0),
        ("", 2.0),
    ],
)
def test_retry_after_is_honoured(
    server: Server, client: Client, clock: Clock, value: str, wait: float
) -> None:
    server.routes["/a"] = [page(b"", "503 Busy", Retry_After=value), page(b"a")]
    assert get(client, f"{server.origin}/a") == (None, 200)
    assert clock.slept == [1.0, wait]


def test_a_date_counts_from_the_servers_own_clock(server: Server, client: Client, clock: Clock) -> None:
    busy = page(
        b"", "429 Busy", Retry_After="Wed, 01 Jan 2020 10:00:40 GMT", Date="Wed, 01 Jan 2020 10:00:00 GMT"
    )
    server.routes["/a"] = [busy, page(b"a")]
    assert get(client, f"{server.origin}/a") == (None, 200)
    assert clock.slept == [1.0, 40.0]


@pytest.mark.parametrize("value", ["3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_long_absence_is_not_waited_for(server: Server, client: Client, clock: Clock, value: str) -> None:
    """The page is given back as it is, and the host rests as long as we are willing to wait."""
    server.routes |= {"/a": page(b"", "503 Busy", Retry_After=value), "/b": page(b"b")}
    assert get(client, f"{server.origin}/a") == (None, 503)
    assert len(server.pages()) == 1
    assert get(client, f"{server.origin}/b") == (None, 200)
    assert clock.slept == [1.0, 120.0]


@pytest.mark.parametrize(
    "value", ["Tue, 99 Feb 2023 00:00:00 GMT", "\x00", "1.5", "١٢", "Tue, 07 Feb 99999999999999 00:00:00 GMT"]
)
def test_retry_after_junk(value: str) -> None:
    request = Request(url="https://example.com/")
    now = datetime(2023, 1, 1, tzinfo=UTC)
    capture = Capture(
        url=request.url, captured=now, status=503, headers=(("Retry-After", value),), request=request
    )
    assert throttle.retry_after(capture, now) is None


# ── rest ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("reply", "kind"), [(reset, "connection"), (silence, "timeout")])
def test_a_host_that_keeps_failing_is_left_alone(
    server: Server, make_client: MakeClient, clock: Clock, reply: Script, kind: str
) -> None:
    server.routes |= {f"/{n}": reply for n in range(9)}
    server.routes |= {"/robots.txt": [page(b""), reply, page(b"")], "/a": page(b"a")}
    client = make_client(server.origin, read_timeout=0.05, max_attempts=2)
    assert [get(client, f"{server.origin}/{n}")[0] for n in range(5)] == [kind] * 5
    assert len(server.received) == 1 + 5 * 2
    # From now on one look at robots.txt, then nothing.
    slept = len(clock.slept)
    outcomes = [client.fetch(Request(url=f"{server.origin}/{n}")) for n in (5, 6, 7)]
    assert [outcome.problem.kind for outcome in outcomes if outcome.problem] == [kind] * 3
    assert all(outcome.at_rest for outcome in outcomes)
    assert all("in a row" in outcome.problem.detail for outcome in outcomes if outcome.problem)
    assert len(server.received) == 1 + 5 * 2 + 1
    assert len(clock.slept) == slept + 1
    clock.elapsed += 61
    assert get(client, f"{server.origin}/a") == (None, 200)


def test_bad_pages_do_not_condemn_a_healthy_host(server: Server, make_client: MakeClient) -> None:
    server.routes |= {f"/{n}": reset for n in range(7)} | {"/robots.txt": page(b""), "/a": page(b"a")}
    client = make_client(server.origin, max_attempts=1)
    kinds = [get(client, f"{server.origin}/{n}")[0] for n in range(7)]
    assert kinds == ["connection"] * 7
    assert len(server.pages()) == 7
    assert server.paths.count("/robots.txt") == 2
    assert not client.fetch(Request(url=f"{server.origin}/0")).at_rest
    assert get(client, f"{server.origin}/a") == (None, 200)


def test_one_answer_makes_up_for_failures(server: Server, make_client: MakeClient) -> None:
    server.routes |= {f"/{n}": reset for n in range(8)} | {"/a": page(b"a")}
    client = make_client(server.origin, max_attempts=1)
    for path in ["/0", "/1", "/2", "/3", "/a", "/4", "/5", "/6", "/7", "/a"]:
        get(client, server.origin + path)
    assert server.paths.count("/robots.txt") == 1


def test_failing_statuses_wear_a_host_out(server: Server, make_client: MakeClient) -> None:
    busy = page(b"", "503 Busy")
    server.routes |= {f"/{n}": busy for n in range(9)} | {"/robots.txt": [page(b""), busy]}
    client = make_client(server.origin, max_attempts=1)
    assert [get(client, f"{server.origin}/{n}") for n in range(5)] == [(None, 503)] * 5
    assert get(client, f"{server.origin}/5")[0] == "http-status"


# ── any transport ───────────────────────────────────────────────────────────────────────────────


def test_another_transport_can_take_its_place(clock: Clock) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=f"{request.method} {request.url.path}")

    with Client(
        Policy(),
        Scope(origin="https://giavien.ninhbinh.gov.vn"),
        monotonic=clock.monotonic,
        now=clock.now,
        sleep=clock.sleep,
        transport=httpx.MockTransport(handler),
    ) as client:
        answer = client.fetch(Request(url="https://giavien.ninhbinh.gov.vn/a")).captures[-1]
    assert (answer.body, answer.trust, answer.address) == (b"GET /a", "unknown", None)
    assert client.requests == 2
    assert clock.slept == [1.0]
