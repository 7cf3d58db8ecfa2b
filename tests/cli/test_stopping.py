"""What asks to stop is heard, wherever it strikes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

# The signal strikes inside a destructor, where Python drops every exception.
SWALLOWED = """
import os, signal, sys
from gvreader.cli import signals

class Trap:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})
        sum(range(1000))

def steps():
    try:
        for number in range(100):
            if number == 3:
                Trap()
            yield number
    finally:
        print("closed")

signals.listen()
try:
    for number in signals.heeding(steps()):
        print(number)
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_inside_a_destructor_is_not_lost(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWED.format(name=name)], capture_output=True, text=True, check=True
    )
    assert "Exception ignored" in ended.stderr
    assert ended.stdout.split() == ["0", "1", "2", "closed", "stopped"]


def test_what_the_parent_ignores_stays_ignored() -> None:
    code = (
        "import signal; from gvreader.cli import signals; signals.listen(); "
        "assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN"
    )
    subprocess.run(["sh", "-c", 'trap "" INT; exec "$0" -c "$1"', sys.executable, code], check=True)


# A query without end, in the file that a command would open.
ENDLESS = """
import sys
from pathlib import Path
from gvreader.archive.library.connection import connect
import gvreader.cli.app as app

def run(arguments):
    connection = connect(Path(sys.argv[1]), "write")
    print("ready", flush=True)
    connection.execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    ).fetchone()

app.load = lambda command: type("Command", (), {"run": staticmethod(run)})
sys.exit(app.main(["list"]))
"""

# C code that hears nothing: it waits for a lock that nobody gives back, restarting whenever a signal disturbs it.
DEAF = """
import _thread, ctypes, sys
from gvreader.cli import signals

signals.listen()
sys.setswitchinterval(1000)  # the thread runs when the main one is inside C code
mutex = ctypes.create_string_buffer(64)
ctypes.PyDLL(None).pthread_mutex_lock(mutex)
libc = ctypes.CDLL(None)
_thread.start_new_thread(lambda: print("ready", flush=True), ())
libc.pthread_mutex_lock(mutex)
"""


def test_the_second_signal_ends_whatever_runs() -> None:
    process = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_first_signal_interrupts_a_query(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(tmp_path / "library.sqlite3")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in said.lower()
