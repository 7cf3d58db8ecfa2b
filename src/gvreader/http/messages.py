"""Heads of HTTP messages as they lie in archives, and chunked bodies. Latin-1 text; total on any bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gvreader.limits import HEAD_LINES
from gvreader.model import Headers

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE: Final = re.compile(r"([A-Za-z][A-Za-z0-9]*(?:/\d+(?:\.\d+)?)?)[ \t]+(\d{3})(?:[ \t]+(.*))?")
_PSEUDO_STATUS: Final = re.compile(r":status:?[ \t]*(\d{3})", re.I)
_METHOD: Final = re.compile(r"([A-Za-z]+)[ \t]+\S")
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_TRAILERS: Final = re.compile(rb"(?:[^\r\n]{1,65536}\r?\n)*(?:\r?\n)?\s{0,4}")
_LINE_BREAKING: Final = re.compile(r"[\r\n\x00]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseHead:
    """A parsed response head; the body begins at `size` bytes into the message."""

    version: str
    status: int
    reason: str
    headers: Headers
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHead:
    """A parsed request head; the body begins at `size` bytes into the message."""

    method: str
    headers: Headers
    size: int


def parse_response(message: bytes) -> ResponseHead | None:
    """The head of a response; None where there is no status line (HTTP/0.9, a bare body, junk).

    Pseudo status lines of HTTP/2 makers (`HTTP/2 200`, `:status: 200`) are read, folded lines are joined.
    """
    lines, size = _head_lines(message)
    if not lines:
        return None
    match = _STATUS_LINE.fullmatch(lines[0])
    if match:
        version, status, reason = match[1], int(match[2]), match[3] or ""
    else:
        pseudo = _PSEUDO_STATUS.fullmatch(lines[0].strip())
        if not pseudo:
            return None
        version, status, reason = "HTTP/2", int(pseudo[1]), ""
    return ResponseHead(version=version, status=status, reason=reason, headers=_headers(lines[1:]), size=size)


def parse_request(message: bytes) -> RequestHead | None:
    """The head of a request; None where there is no request line."""
    lines, size = _head_lines(message)
    match = _METHOD.match(lines[0]) if lines else None
    if not match:
        return None
    return RequestHead(method=match[1].upper(), headers=_headers(lines[1:]), size=size)


def message_head(start_line: str, headers: Headers) -> bytes:
    """A head as bytes. What would break a line or is not latin-1 is replaced: it always stays one head."""
    lines = [_flat(start_line), *(f"{_flat(name)}: {_flat(value)}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def is_chunked(headers: Headers) -> bool:
    """Whether the headers say that the body is chunked (which need not be true of a stored one)."""
    return any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)


def dechunk(body: bytes) -> tuple[bytes, bool] | None:
    """The content of a chunked body and whether its end is there; None when the bytes are not chunked."""
    content: list[bytes] = []
    position = 0
    while match := _CHUNK_SIZE.match(body, position):
        size = int(match[1], 16)
        start = match.end()
        if size == 0:
            trailers = _TRAILERS.match(body, start)
            return (b"".join(content), True) if trailers and trailers.end() == len(body) else None
        content.append(body[start : start + size])
        position = start + size
        if position >= len(body):
            return b"".join(content), False
        if body.startswith(b"\r\n", position):
            position += 2
        elif body.startswith(b"\n", position):
            position += 1
        elif body[position:] != b"\r":
            return None
    # Cut between two chunks or inside a size line; anything longer is no chunk.
    rest = body[position:]
    if content and re.fullmatch(rb"\r?[0-9A-Fa-f]{0,15}[ \t]*\r?", rest):
        return b"".join(content), False
    return None


def _flat(text: str) -> str:
    return _LINE_BREAKING.sub(" ", text)


def _head_lines(message: bytes) -> tuple[list[str], int]:
    end = _HEAD_END.search(message)
    head, size = (message[: end.start()], end.end()) if end else (message, len(message))
    if not end:
        head = head.removesuffix(b"\n").removesuffix(b"\r")
    # Counted in lines, not bytes: what was read must be readable again when it is written more tidily.
    if head.count(b"\n") > HEAD_LINES:
        return [], 0
    lines: list[list[str]] = []
    for raw in head.split(b"\n"):
        line = raw.removesuffix(b"\r").decode("latin-1")
        if line[:1] in (" ", "\t") and len(lines) > 1:
            lines[-1].append(line.strip(" \t"))
        else:
            lines.append([line])
    return [" ".join(folds) for folds in lines], size


def _headers(lines: list[str]) -> Headers:
    headers = []
    for line in lines:
        # Pseudo headers of HTTP/2 begin with a colon of their own.
        colon = line.find(":", 1)
        name, value = (line, "") if colon < 0 else (line[:colon], line[colon + 1 :])
        headers.append((name.rstrip(" \t"), value.strip(" \t")))
    return tuple(headers)
