"""The reader in a browser: what `textual serve` starts, spoken to as it speaks."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

from tests.tui.shelf import ShelfServices


def packet(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack(">I", len(data)) + data


def test_it_runs_under_textual_serve(services: ShelfServices) -> None:
    environ = os.environ | {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "COLUMNS": "110",
        "ROWS": "30",
        "TERM_PROGRAM": "textual",
        "HOME": str(services.folder),
    }
    arguments = ("-m", "gvreader", "--archive", str(services.folder), "--lang", "en")
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout
    deadline = threading.Timer(30, process.kill)
    deadline.start()
    shown = b""

    def until(text: bytes) -> None:
        nonlocal shown
        while text not in shown:
            head = stdout.read(5)
            assert len(head) == 5, shown[-500:]
            kind, length = head[:1], struct.unpack(">I", head[1:])[0]
            data = stdout.read(length)
            shown += data if kind == b"D" else b""
        shown = b""

    try:
        assert stdout.readline() == b"__GANGLION__\n"
        stdin.write(packet(b"M", json.dumps({"type": "resize", "width": 110, "height": 30}).encode()))
        stdin.flush()
        until(b"60 articles")
        stdin.write(packet(b"D", b"C"))
        stdin.flush()
        until(b"NEWEST OF EACH SECTION")
        stdin.write(packet(b"D", b"q"))
        stdin.flush()
        until(b"60 articles")
        stdin.write(packet(b"D", b"q"))
        # The server hangs up when the application says that it has ended.
        stdin.close()
        stdout.read()
        assert process.wait() == 0
    finally:
        deadline.cancel()
        process.kill()
        process.wait()
        stdin.close()
        stdout.close()
