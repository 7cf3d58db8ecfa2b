"""Compressed inputs that are the same whenever they are made."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping


def gzipped(data: bytes, level: int = 9) -> bytes:
    """`data` as a gzip member without a time: `gzip.compress` writes the time of day into its header."""
    return gzip.compress(data, level, mtime=0)  # noqa: TID251


def zipped(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file whose members are dated 1980: `writestr` with a name takes the time of day."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        for name, content in files.items():
            container.writestr(zipfile.ZipInfo(name), content, compression)
    return stream.getvalue()
