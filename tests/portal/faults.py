"""Trouble that can be switched on per address or for the whole portal. The kinds are in `troubles`.

    replica.faults.add(Status(503, retry_after=2), "/tin-tuc", times=1)

A fault acts in up to three places: it changes the answer, the bytes of the response, or how they are sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from gvreader.demo.exchange import Ask, Line, PortalReply, Wire

Honest = Callable[[Ask], PortalReply]


class Fault:
    """No fault at all; each kind of trouble overrides one step."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        """What is answered; `honest(ask)` is what the portal would say."""
        return honest(ask)

    def wire(self, wire: Wire) -> Wire:
        """The response's bytes; may change `wire` in place."""
        return wire

    def send(self, wire: Wire, line: Line) -> None:
        """Put the bytes on the line."""
        line.write(wire.head + wire.body)


_NONE: Final = Fault()


@dataclass(slots=True, kw_only=True)
class Rule:
    """A fault and where it applies. `times`: how often at most; `after`: how many matches go well before.

    `met` counts the matching requests so far.
    """

    fault: Fault
    pattern: re.Pattern[str]
    times: int | None = None
    after: int = 0
    met: int = 0


class Faults:
    """The rules in force; the first that is due for a request's target (path and query as sent) decides."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = Lock()

    def add(self, fault: Fault, pattern: str = "", *, times: int | None = None, after: int = 0) -> Rule:
        """Switch a fault on where the regular expression `pattern` is found; everywhere by default."""
        rule = Rule(fault=fault, pattern=re.compile(pattern), times=times, after=after)
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        with self._lock:
            self._rules.remove(rule)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def meet(self, target: str) -> Fault:
        """The fault that this request meets; a harmless one when there is none."""
        with self._lock:
            for rule in self._rules:
                if not rule.pattern.search(target):
                    continue
                rule.met += 1
                turn = rule.met - rule.after
                if turn > 0 and (rule.times is None or turn <= rule.times):
                    return rule.fault
        return _NONE
