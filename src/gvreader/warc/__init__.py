"""The WARC format (ISO 28500, WARC/1.1): records from bytes of any maker, and captures as records and back.

`read_records` is lenient and streams; what it cannot read it yields as a `Fault` and goes on behind it.
`exchange_records` and `capture_of` are inverse to each other: a capture survives the way through a file
unchanged, and records of other makers become captures as far as they hold an HTTP exchange.
"""

from gvreader.http.messages import dechunk, is_chunked, parse_response
from gvreader.warc.captures import (
    Original,
    RecordDraft,
    UnusableRecordError,
    capture_of,
    exchange_records,
    is_http_address,
    request_id_of,
    request_of,
    warcinfo_record,
)
from gvreader.warc.digests import Verdict, check_digests, digest_of, normal_digest
from gvreader.warc.members import (
    BadMemberError,
    Member,
    PackedExchange,
    exchange_members,
    member_at,
)
from gvreader.warc.records import (
    MAX_FIELDS_BYTES,
    MAX_RECORD_BYTES,
    Fault,
    FaultKind,
    Record,
    RecordFields,
    bare,
    begins_archive,
    parse_fields,
    read_records,
)
from gvreader.warc.timestamps import format_date, parse_date, parse_mail_date
from gvreader.warc.write import MEMBER_HEADER, write_record

__all__ = [
    "MAX_FIELDS_BYTES",
    "MAX_RECORD_BYTES",
    "MEMBER_HEADER",
    "BadMemberError",
    "Fault",
    "FaultKind",
    "Member",
    "Original",
    "PackedExchange",
    "Record",
    "RecordDraft",
    "RecordFields",
    "UnusableRecordError",
    "Verdict",
    "bare",
    "begins_archive",
    "capture_of",
    "check_digests",
    "dechunk",
    "digest_of",
    "exchange_members",
    "exchange_records",
    "format_date",
    "is_chunked",
    "is_http_address",
    "member_at",
    "normal_digest",
    "parse_date",
    "parse_fields",
    "parse_mail_date",
    "parse_response",
    "read_records",
    "request_id_of",
    "request_of",
    "warcinfo_record",
    "write_record",
]
