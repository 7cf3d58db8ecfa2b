"""Names of a site's files: made of what a portal says, safe on every file system, the same at every export."""

from __future__ import annotations

import re
from typing import Final

from gvreader.export.media_copies import digest_name, safe_name

_PLAIN_KEY: Final = re.compile(r"([a-z0-9]{1,60}):([a-z0-9]{1,40})\Z")
_PLAIN_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LONGEST: Final = 60
_MARK_LENGTH: Final = 8


def article_name(key: str) -> str:
    """`giavien:882` → `giavien-882`; a key that says more gets a digest, so that no two share a name."""
    plain = _PLAIN_KEY.match(key)
    return f"{plain[1]}-{plain[2]}" if plain else _with_mark(key)


def section_name(portal: str, slug: str) -> str:
    """`giavien-tin-tuc`."""
    whole = f"{portal}-{slug}"
    # Only the first hyphen parts portal and slug, so that the name stays theirs alone.
    is_plain = _PLAIN_SLUG.match(whole) and "-" not in portal and len(whole) <= _LONGEST
    return whole if is_plain else _with_mark(f"{portal}:{slug}")


def _with_mark(text: str) -> str:
    return f"{safe_name(text, longest=_LONGEST) or 'x'}-{digest_name(text)[:_MARK_LENGTH]}"
