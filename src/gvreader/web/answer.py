"""What came of one request."""

from __future__ import annotations

from dataclasses import dataclass

from gvreader.model import Capture, ProblemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no answer, or not a whole one.

    `again`: another attempt may fare better; `at_once`: without a pause, since the server was not to blame.
    """

    kind: ProblemKind
    detail: str
    again: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A capture, a failure, or both where part of an answer came."""

    capture: Capture | None = None
    failure: Failure | None = None

    @property
    def trouble(self) -> Failure | None:
        """What another attempt may cure: the failure, or a status that says 'not now'."""
        if self.failure is not None:
            return self.failure if self.failure.again else None
        assert self.capture is not None
        status = self.capture.status
        if status in (408, 429) or status >= 500:
            return Failure(kind="http-status", detail=f"the server answers {status}", again=True)
        return None

    @property
    def host_failure(self) -> Failure | None:
        """What speaks against the whole host rather than one page."""
        if self.failure is not None:
            return self.failure if self.failure.kind in ("timeout", "connection", "tls") else None
        return self.trouble
