"""What every test starts from, whoever starts it: signals, the environment, the time zone and the examples tried."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, settings

_FOREIGN = (
    "GVREADER_ARCHIVE",
    "GVREADER_CONFIG",
    "GVREADER_LANG",
    "GVREADER_PACE",
    "NO_COLOR",
    "COLORFGBG",
    "TMUX",
    "STY",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "BROWSER",
    "PAGER",
    "NO_PAGER",
    "COLUMNS",
    "LINES",
)
_PLACE = {"TZ": "Asia/Ho_Chi_Minh", "TERM": "xterm-256color", "COLORTERM": "truecolor"}

# A property is right or wrong however busy the machine is, and the same examples are tried each time;
# `--hypothesis-profile=exploring` tries others.
settings.register_profile("exploring", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("calm", settings.get_profile("exploring"), derandomize=True)
settings.load_profile("calm")


def pytest_configure() -> None:
    """Heed signals that the starter ignores (`nohup`, `&`), which processes under test inherit; forget its wishes."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    for name in [name for name in os.environ if name in _FOREIGN or name.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ |= _PLACE | {"GVREADER_PACE": str(Path(tempfile.gettempdir()) / "gvreader-tests-pace")}
    time.tzset()
