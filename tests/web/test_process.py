"""What only a process of its own shows: imports, and Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.web.servers import Reply, Server, drip, page, silence


def test_the_room_loads_httpx_only_to_fetch() -> None:
    code = """
import sys, gvreader.web
from gvreader.urls import Scope
loaded = {"httpx", "ssl", "protego", "textual", "lxml"} & set(sys.modules)
gvreader.web.Client(gvreader.web.Policy(), Scope(origin="http://127.0.0.1:1")).close()
print(sorted(loaded), "httpx" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


@pytest.mark.parametrize("place", ["waiting its turn", "an answer", "a body"])
def test_ctrl_c_is_prompt(server: Server, place: str) -> None:
    replies: dict[str, Reply] = {
        "waiting its turn": page(),
        "an answer": silence,
        "a body": drip(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000),
    }
    server.routes["/a"] = replies[place]
    delay = 300 if place == "waiting its turn" else 0
    code = f"""
from gvreader.model import Request
from gvreader.urls import Scope
from gvreader.web import Client, Policy
with Client(Policy(delay={delay}), Scope(origin={server.origin!r})) as client:
    print("ready", flush=True)
    client.fetch(Request(url={server.origin!r} + "/a"))
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    expected = 1 if delay else 2
    while len(server.received) < expected:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT
    assert b"KeyboardInterrupt" in errors
