"""An index of a WARC file: CDXJ lines sorted by SURT key, in the compressed form that replay tools load."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from gvreader.export.records import dumps
from gvreader.export.warc_export import Placed
from gvreader.warc import bare, normal_digest, parse_date, parse_response
from gvreader.warc.write import Output

# Lines of one gzip member of the index; the second index points at each member.
BLOCK_LINES: Final = 3000
INDEX_NAME: Final = "index.cdx.gz"

_KEPT: Final = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WWW: Final = re.compile(rb"\Awww\d*\.")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_PATH_SESSION: Final = re.compile(
    rb"(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))/([^?]+\.aspx.*)", re.I | re.S
)
_QUERY_SESSION: Final = re.compile(
    rb"(.*)(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)"
    rb"(?:&(.*))?",
    re.I | re.S,
)


def url_key(url: str) -> str:
    """The address as indexes of web archives sort it (SURT): `vn,gov,ninhbinh,giavien)/tin-882.html`.

    Scheme, `www.`, default port, letter case, percent-encoding, order of the query's parts, session ids and a
    slash at the end make no difference, as in the canonical form of the Internet Archive's tools.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return url
    where = b",".join(reversed(_host(parts.hostname).split(b".")))
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        where += b":%d" % port
    return (where + b")" + _path(parts.path) + _query(parts.query)).decode("ascii")


def _host(name: str) -> bytes:
    raw = _unescaped(name)
    try:
        raw = raw.decode("utf-8", "ignore").encode("idna") if not raw.isascii() else raw
    except UnicodeError:
        return _escaped(raw.lower())
    return _WWW.sub(b"", _escaped(raw.replace(b"..", b".").strip(b".").lower()))


def _path(path: str) -> bytes:
    kept: list[bytes] = []
    for piece in _unescaped(path).split(b"/")[1:]:
        if piece == b".." and kept:
            kept.pop()
        elif piece != b".":
            kept.append(piece)
    *folders, last = kept or [b""]
    spelled = b"/" + b"".join(folder + b"/" for folder in folders if folder) + last
    spelled = _escaped(spelled).lower()
    session = _PATH_SESSION.fullmatch(spelled)
    if session:
        spelled = session[1] + session[2]
    return spelled[:-1] if spelled.endswith(b"/") and len(spelled) > 1 else spelled


def _query(query: str) -> bytes:
    spelled = _escaped(_unescaped(query))
    while session := _QUERY_SESSION.fullmatch(spelled):
        spelled = session[1] + (session[2] or b"")
    arguments = sorted(tuple(part.split(b"=", 1)) for part in spelled.lower().split(b"&"))
    joined = b"&".join(b"=".join(part) for part in arguments)
    return b"?" + joined if joined else b""


def _unescaped(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    while (again := unquote_to_bytes(raw)) != raw:
        raw = again
    return raw


def _escaped(raw: bytes) -> bytes:
    return quote_from_bytes(raw, safe=_KEPT).encode("ascii")


def index_line(placed: Placed, file: str) -> bytes | None:
    """The line of a record; None for one that replays nothing (a bare 304, no status line, no time)."""
    record = placed.record
    url, when = bare(record.fields.get("WARC-Target-URI")), parse_date(record.fields.get("WARC-Date"))
    head = parse_response(record.block)
    if url is None or when is None or head is None or head.status == 304:
        return None
    media_type = next((value for name, value in head.headers if name.lower() == "content-type"), "")
    is_revisit = record.type == "revisit"
    entry = {
        "url": url,
        "mime": "warc/revisit" if is_revisit else media_type.partition(";")[0].strip().lower() or "unk",
        "status": str(head.status),
        "digest": normal_digest(record.fields.get("WARC-Payload-Digest")) or "-",
        "length": str(placed.length),
        "offset": str(placed.offset),
        "filename": file,
    }
    return f"{url_key(url)} {when:%Y%m%d%H%M%S} {dumps(entry)}".encode("utf-8", "replace")


def write_index(lines: Iterable[bytes], output: Output) -> bytes:
    """Write sorted lines in gzip members of `BLOCK_LINES`; returns the second index, which finds each member."""
    second = [b'!meta 0 {"format":"cdxj-gzip-1.0","filename":"%s"}\n' % INDEX_NAME.encode()]
    offset = 0
    block: list[bytes] = []

    def finish() -> None:
        nonlocal offset
        packed = gzip.compress(b"".join(line + b"\n" for line in block), mtime=0)
        output.write(packed)
        key = block[0].partition(b" {")[0]
        second.append(b'%s {"offset":%d,"length":%d}\n' % (key, offset, len(packed)))
        offset += len(packed)
        block.clear()

    for line in lines:
        block.append(line)
        if len(block) == BLOCK_LINES:
            finish()
    if block:
        finish()
    if offset == 0:
        output.write(gzip.compress(b"", zlib.Z_BEST_COMPRESSION, mtime=0))
    return b"".join(second)
