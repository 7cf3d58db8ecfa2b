"""A portal's pages as strangers keep them: WARC files of warcio, pages saved by browsers, trees of wget."""

from __future__ import annotations

import email.policy
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.portal import Replica

ORIGIN = "https://giavien.ninhbinh.gov.vn"


def page(replica: Replica, number: int) -> tuple[str, bytes]:
    """An article's address on the portal, and its page as served now."""
    url = replica.truth_of(number, ORIGIN).url
    with urlopen(replica.base_url + urlsplit(url).path) as answer:
        return url, answer.read()


def warc(path: Path, exchanges: Iterable[tuple[str, str, bytes]], *, packed: bool = True) -> Path:
    """A WARC file of warcio: (WARC-Date, address, page) each."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        about = writer.create_warcinfo_record(path.name, {"software": "Heritrix/3.4.0"})
        writer.write_record(about)
        about.raw_stream.close()
        for when, url, body in exchanges:
            head = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": when},
            )
            writer.write_record(record)
            # warcio leaves its temporary file open.
            record.raw_stream.close()
    return path


def mhtml(url: str, html: str, pictures: dict[str, bytes], *, when: datetime) -> bytes:
    """What a browser writes as "web page, single file"."""
    message = MIMEMultipart("related", type="text/html")
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = url
    message["Date"] = f"{when.astimezone(UTC):%a, %d %b %Y %H:%M:%S} -0000"
    text = MIMEText(html, "html", "utf-8")
    text["Content-Location"] = url
    message.attach(text)
    for address, content in pictures.items():
        part = MIMEBase("image", "png")
        part.set_payload(content)
        part["Content-Location"] = address
        message.attach(part)
    return message.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))
