"""TLS: verified by default, otherwise only as the configuration says, and recorded with the capture."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from gvreader.errors import ConfigError
from gvreader.model import Request
from gvreader.web import Client, TlsRule
from tests.web.conftest import MakeClient
from tests.web.servers import Reply, Server, page

CERTIFICATES = Path(__file__).parent / "certificates"


def context(name: str = "portal.pem") -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(CERTIFICATES / name)
    return made


def fingerprint(name: str = "portal.pem") -> str:
    pem = (CERTIFICATES / name).read_text()
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERT") :])).hexdigest()


@pytest.fixture
def portal() -> Iterator[Server]:
    with Server({"/a": page(b"a"), "/b": page(b"b")}, context()) as running:
        yield running


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


def kind(client: Client, url: str) -> str | None:
    problem = client.fetch(Request(url=url)).problem
    return problem.kind if problem else None


@pytest.mark.usefixtures("trusted")
def test_a_valid_certificate(portal: Server, make_client: MakeClient) -> None:
    client = make_client(portal.origin)
    for path in ("/a", "/b"):
        outcome = client.fetch(Request(url=portal.origin + path))
        assert outcome.problem is None
        assert outcome.captures[-1].trust == "verified"
    assert portal.connections == 1


def test_an_unknown_authority_is_a_tls_problem(portal: Server, make_client: MakeClient) -> None:
    outcome = make_client(portal.origin).fetch(Request(url=f"{portal.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "tls"
    assert "certificate" in outcome.problem.detail
    assert outcome.captures == ()
    assert portal.connections == 1  # it will not be better at the next attempt
    assert portal.received == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_host_is_a_tls_problem(make_client: MakeClient) -> None:
    with Server({"/a": page()}, context("other-host.pem")) as portal:
        assert kind(make_client(portal.origin), f"{portal.origin}/a") == "tls"


def test_plain_http_on_a_tls_port_is_a_tls_problem(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.recv(100)
                sock.sendall(page())

        thread = threading.Thread(target=answer)
        thread.start()
        origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
        assert kind(make_client(origin), f"{origin}/a") == "tls"
        thread.join()


def test_legacy_takes_any_certificate_and_says_so(portal: Server, make_client: MakeClient) -> None:
    client = make_client(portal.origin, tls={"127.0.0.1": "legacy"})
    outcome = client.fetch(Request(url=f"{portal.origin}/a"))
    assert outcome.problem is None
    assert {capture.trust for capture in outcome.captures} == {"legacy"}


def test_legacy_is_for_the_named_host_only(portal: Server, make_client: MakeClient) -> None:
    assert kind(make_client(portal.origin, tls={"localhost": "legacy"}), f"{portal.origin}/a") == "tls"


def test_legacy_speaks_old_protocols(make_client: MakeClient) -> None:
    old = context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with Server({"/a": page()}, old) as portal:
        assert kind(make_client(portal.origin), f"{portal.origin}/a") == "tls"
        assert kind(make_client(portal.origin, tls={"127.0.0.1": "legacy"}), f"{portal.origin}/a") is None


@pytest.mark.parametrize(
    "spelling",
    [fingerprint(), fingerprint().upper(), ":".join(fingerprint()[i : i + 2] for i in range(0, 64, 2))],
)
def test_the_pinned_certificate_is_enough(portal: Server, make_client: MakeClient, spelling: str) -> None:
    client = make_client(portal.origin, tls={"127.0.0.1": f"pinned:{spelling}"})
    outcome = client.fetch(Request(url=f"{portal.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].trust == "pinned"


@pytest.mark.usefixtures("trusted")
def test_another_certificate_than_the_pinned_one_is_refused_though_valid(
    portal: Server, make_client: MakeClient
) -> None:
    client = make_client(portal.origin, tls={"127.0.0.1": f"pinned:{fingerprint('other-host.pem')}"})
    outcome = client.fetch(Request(url=f"{portal.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "tls"
    assert fingerprint() in outcome.problem.detail
    assert portal.received == []


@pytest.mark.usefixtures("trusted")
def test_the_name_is_sent_and_checked_though_the_address_is_dialled(
    portal: Server, make_client: MakeClient
) -> None:
    names: list[str | None] = []
    assert portal.context is not None
    portal.context.sni_callback = lambda _, name, __: names.append(name)
    client = make_client(
        "https://giavien.example.org",
        resolve=lambda host, port: ["8.8.8.8"],
        dial=lambda address, port, timeout: socket.create_connection(("127.0.0.1", portal.port), timeout),
    )
    answer = client.fetch(Request(url="https://giavien.example.org/a")).captures[-1]
    assert (answer.trust, answer.address) == ("verified", "8.8.8.8")
    assert names == ["giavien.example.org"]
    assert portal.received[-1].header("host") == "giavien.example.org"


def test_a_handshake_that_never_ends(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
        client = make_client(origin, connect_timeout=0.2, max_attempts=1)
        assert kind(client, f"{origin}/a") == "timeout"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("verified", TlsRule()),
        (" legacy ", TlsRule(mode="legacy")),
        ("pinned:" + "AB" * 32, TlsRule(mode="pinned", sha256="ab" * 32)),
    ],
)
def test_rules(text: str, rule: TlsRule) -> None:
    assert TlsRule.parse(text) == rule


@pytest.mark.parametrize(
    "text", ["", "none", "pinned", "pinned:", "pinned:abc", "pinned:" + "g" * 64, "legacy:x"]
)
def test_rules_that_cannot_be(text: str, make_client: MakeClient) -> None:
    with pytest.raises(ConfigError):
        TlsRule.parse(text)
    with pytest.raises(ConfigError):
        make_client("http://127.0.0.1:1", tls={"127.0.0.1": text})


def test_nothing_leads_a_portal_known_by_https_back_to_http(make_client: MakeClient) -> None:
    host = "giavien.example.org"

    def plain(path: str) -> bytes:
        return page(b"", "302 Found", Location=f"http://{host}{path}")

    routes: dict[str, Reply] = {
        "/robots.txt": plain("/robots.txt"),
        "/same": plain("/same"),
        "/other": plain("/b"),
        "/twin": plain("/b").replace(host.encode(), f"www.{host}".encode()),
        "/b": page(b"b"),
    }
    dialled: list[int] = []
    with Server(routes, context()) as portal:

        def dial(_address: str, port: int, timeout: float) -> socket.socket:
            dialled.append(port)
            return socket.create_connection(("127.0.0.1", portal.port), timeout)

        client = make_client(
            f"https://{host}",
            tls={host: "legacy", f"www.{host}": "legacy"},
            resolve=lambda *_: ["8.8.8.8"],
            dial=dial,
        )
        assert kind(client, f"https://{host}/b") is None
        assert kind(client, f"https://{host}/same") == "redirect-loop"
        assert kind(client, f"https://{host}/other") is None
        assert kind(client, f"https://{host}/twin") is None
        assert kind(client, f"http://{host}/b") is None
    assert set(dialled) == {443}
