"""What asks to stop is heard, wherever it strikes."""

from __future__ import annotations

import subprocess
import sys

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
        "import signal; from gvreader.cli import stopping; signals.listen(); "
        "assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN"
    )
    subprocess.run(["sh", "-c", 'trap "" INT; exec "$0" -c "$1"', sys.executable, code], check=True)
