"""What parent and worker say to each other: length-prefixed pickles, read back as plain values only.

The worker trusts its parent. The parent does not trust the worker, which has read strangers' bytes: of what comes
back only the values of `gvreader.model` and the results of `gvreader.files` are made.
"""

from __future__ import annotations

import io
import pickle
import struct
from typing import Any, Final

LENGTH: Final = struct.Struct(">Q")
MAX_ANSWER: Final = 64 << 20
_DATES: Final = frozenset({"date", "datetime", "timedelta", "timezone"})
_ROOMS: Final = frozenset({"gvreader.model", "gvreader.files.result"})


def packed(value: object) -> bytes:
    """A value as one frame."""
    data = pickle.dumps(value, protocol=5)
    return LENGTH.pack(len(data)) + data


class _Values(pickle.Unpickler):
    """Makes values, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in _DATES:
            return super().find_class(module, name)
        if module in _ROOMS and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and not issubclass(found, Exception):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value")


def unpacked(data: bytes) -> Any:
    """The value of a frame from the worker. Raises pickle.UnpicklingError and others for what is none."""
    return _Values(io.BytesIO(data)).load()
