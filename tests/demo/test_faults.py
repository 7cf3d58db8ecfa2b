"""Every fault does what its name says, where and as often as it was told."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.portal import Replica
from tests.portal.faults import Fault
from tests.portal.troubles import (
    CATALOGUE,
    Bomb,
    Drip,
    Endless,
    Hang,
    Redirect,
    Robots,
    SlowHeaders,
    SoftNotFound,
    Status,
)
from tests.portal.troubles.payloads import encoded

Serve = Callable[..., "Answered"]


class Answered:
    """One raw exchange."""

    def __init__(self, raw: bytes, ended: str) -> None:
        self.raw = raw
        self.ended = ended
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        self.status = int(status.split()[1]) if b" " in status else 0
        self.lines = lines
        pairs = (line.partition(b": ") for line in lines)
        self.headers = {name.lower().decode("latin-1"): value.decode("latin-1") for name, _, value in pairs}


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=30) as replica:
        yield replica


@pytest.fixture
def serve(replica: Replica) -> Iterator[Serve]:
    def ask(
        fault: Fault, path: str = "/", *, limit: int = 400_000, wait: float = 5, headers: str = ""
    ) -> Answered:
        replica.faults.clear()
        replica.faults.add(fault)
        return _raw(replica, path, limit=limit, wait=wait, headers=headers)

    yield ask
    replica.faults.clear()


def _raw(replica: Replica, path: str, *, limit: int, wait: float, headers: str) -> Answered:
    with socket.create_connection(("127.0.0.1", replica.port), timeout=wait) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode())
        raw, ended = b"", "limit"
        while len(raw) < limit:
            try:
                part = line.recv(65536)
            except TimeoutError:
                ended = "timeout"
                break
            except ConnectionResetError:
                ended = "reset"
                break
            if not part:
                ended = "closed"
                break
            raw += part
    return Answered(raw, ended)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_fault_of_the_catalogue_answers_something(serve: Serve, name: str) -> None:
    quick = {
        "hang": Hang(0.1),
        "drip": Drip(4096, 0.001),
        "slow-headers": SlowHeaders(32, 0.001),
        "gzip-bomb": Bomb(2),
    }
    answer = serve(quick.get(name, CATALOGUE[name]()))
    assert answer.raw or answer.ended == "reset"


@pytest.mark.parametrize("status", [404, 410, 403, 500, 503, 429])
def test_statuses(serve: Serve, status: int) -> None:
    assert serve(Status(status)).status == status


def test_retry_after_in_seconds_as_a_date_and_as_nonsense(serve: Serve) -> None:
    due = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert serve(Status(503, retry_after=7)).headers["retry-after"] == "7"
    assert parsedate_to_datetime(serve(Status(429, retry_after=due)).headers["retry-after"]) == due
    assert serve(Status(503, retry_after="soon")).headers["retry-after"] == "soon"


def test_redirects(serve: Serve) -> None:
    assert serve(Redirect("http://169.254.169.254/")).headers["location"] == "http://169.254.169.254/"
    first = serve(CATALOGUE["redirect-loop"](), "/a").headers["location"]
    second = serve(CATALOGUE["redirect-loop"](), first).headers["location"]
    assert (first, second) == ("/a?lap=2", "/a?lap=1")


def test_a_hang_sends_nothing(serve: Serve) -> None:
    answer = serve(Hang(30), wait=0.3)
    assert (answer.raw, answer.ended) == (b"", "timeout")


def test_drips_come_in_small_steps(serve: Serve) -> None:
    answer = serve(Drip(10, 0.2), wait=0.35, limit=300)
    assert answer.status == 200
    assert len(answer.body) < 200
    slow = serve(SlowHeaders(1, 0.2), limit=3)
    assert slow.raw == b"HTT"


def test_resets_come_without_goodbye(serve: Serve) -> None:
    assert serve(CATALOGUE["reset"]()).ended == "reset"
    half = serve(CATALOGUE["reset-in-body"]())
    assert half.ended == "reset"
    assert len(half.raw) == 600


def test_less_than_announced_is_sent(serve: Serve) -> None:
    answer = serve(CATALOGUE["truncated"]())
    assert answer.ended == "closed"
    assert 0 < len(answer.body) < int(answer.headers["content-length"])
    cut = serve(CATALOGUE["chunks-cut"]())
    assert not cut.body.endswith(b"0\r\n\r\n")
    whole = serve(CATALOGUE["chunked"]())
    assert whole.body.endswith(b"0\r\n\r\n")


def test_bombs_unfold(serve: Serve) -> None:
    answer = serve(Bomb(64))
    assert len(answer.body) < 200_000
    unpacked = zlib.decompressobj(31).decompress(answer.body)
    assert len(unpacked) == 64 << 20
    endless = serve(Endless(), limit=2_000_000)
    assert endless.ended == "limit"


def test_codings_lie(serve: Serve) -> None:
    plain = serve(CATALOGUE["wrong-coding"]())
    assert plain.headers["content-encoding"] == "gzip"
    assert plain.body.startswith(b"<!DOCTYPE html>")
    broken = serve(CATALOGUE["corrupt-gzip"](), headers="Accept-Encoding: gzip\r\n")
    with pytest.raises((zlib.error, gzip.BadGzipFile, EOFError)):
        gzip.decompress(broken.body)


def test_header_bytes_are_raw(serve: Serve) -> None:
    answer = serve(CATALOGUE["invalid-headers"]())
    assert b"no colon here" in answer.lines
    assert any(b"\xff\xfe" in line for line in answer.lines)
    assert answer.body.startswith(b"<!DOCTYPE html>")


def test_charsets(serve: Serve) -> None:
    lying = serve(CATALOGUE["lying-charset"]())
    assert lying.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert "huyện Gia Viễn".encode() in lying.body
    legacy = serve(CATALOGUE["windows-1258"]())
    assert "huyện" not in legacy.body.decode("utf-8", "replace")
    assert b'charset="windows-1258"' in legacy.body
    assert encoded("huyện Gia Viễn, ồ", "windows-1258") == b"huy\xea\xf2n Gia Vi\xea\xden, \xf4\xcc"


def test_wrong_pages(serve: Serve) -> None:
    stub = serve(CATALOGUE["challenge"]())
    assert len(stub.body) == 177
    assert b"D1N=" in stub.body
    passed = serve(CATALOGUE["challenge"](), headers="Cookie: D1N=4a\r\n")
    assert b"Gia Vi" in passed.body
    for name, said in (
        ("maintenance", "bảo trì"),
        ("login", "Mật khẩu"),
        ("shell", 'id="app"'),
        ("captcha", "browser"),
    ):
        assert said.encode() in serve(CATALOGUE[name]()).body
    assert serve(CATALOGUE["maintenance-503"]()).status == 503
    assert serve(CATALOGUE["empty"]()).body == b""


def test_soft_not_found_replaces_honest_404s_only(serve: Serve) -> None:
    assert serve(SoftNotFound(), "/khong-co").status == 200
    assert "không tồn tại" in serve(SoftNotFound(), "/khong-co").body.decode()
    assert "không tồn tại" not in serve(SoftNotFound(), "/").body.decode()
    assert "không tồn tại" in serve(SoftNotFound(only_missing=False), "/").body.decode()


def test_link_traps_never_end(serve: Serve) -> None:
    calendar = CATALOGUE["calendar"]()
    assert b'href="/lich-cong-tac?thang=7&amp;nam=2023"' in serve(calendar, "/").body
    page = serve(calendar, "/lich-cong-tac?thang=12&nam=2023").body
    assert b"thang=1&amp;nam=2024" in page
    assert b"thang=11&amp;nam=2023" in page
    one, two = (serve(CATALOGUE["session-ids"](), "/").body for _ in range(2))
    assert b"PHPSESSID=" in one + two
    assert b";jsessionid=" in one + two
    followed = serve(CATALOGUE["session-ids"](), "/tin-tuc.html;jsessionid=AB12?PHPSESSID=9")
    assert followed.status == 200


def test_robots_can_be_rewritten(serve: Serve) -> None:
    fault = Robots("User-agent: *\nCrawl-delay: 3\n")
    assert serve(fault, "/robots.txt").body == b"User-agent: *\nCrawl-delay: 3\n"
    assert b"<html" in serve(fault, "/").body


def test_rules_know_where_how_often_and_when() -> None:
    with Replica(articles=30) as replica, httpx.Client(base_url=replica.base_url) as client:

        def statuses(path: str, count: int) -> list[int]:
            return [client.get(path).status_code for _ in range(count)]

        rule = replica.faults.add(Status(503), r"^/tin-tuc", times=2, after=1)
        assert statuses("/kinh-te.html", 2) == [200, 200]
        assert statuses("/tin-tuc.html", 5) == [200, 503, 503, 200, 200]
        assert rule.met == 5
        replica.faults.remove(rule)
        replica.faults.add(Status(500), "kinh-te")
        replica.faults.add(Status(403))
        assert statuses("/kinh-te.html", 1) == [500]
        assert statuses("/tin-tuc.html", 1) == [403]
        replica.faults.clear()
        assert statuses("/kinh-te.html", 1) == [200]


def test_stopping_ends_what_hangs() -> None:
    replica = Replica(articles=5).start()
    replica.faults.add(Hang(600))
    with socket.create_connection(("127.0.0.1", replica.port), timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)
        replica.stop()
        line.settimeout(20)
        assert line.recv(1) == b""
