"""Signs of markup that are never closed cost what their number costs, and no more."""

from __future__ import annotations

import pytest

from gvreader.extract.page import charset
from tests.growth import grows_with_size


@pytest.mark.parametrize("sign", [b"<", b"<script ", b"<a href=", b"&#x", b"<!--"])
@pytest.mark.parametrize("content_type", [None, "text/html", "text/html; charset=iso-8859-1"])
def test_unclosed_markup_is_read_in_time_that_grows_with_the_page(
    sign: bytes, content_type: str | None
) -> None:
    def work(size: int) -> object:
        return charset.decode(sign * (size // len(sign)) + b" \xff\xe9 h\xe0", content_type)

    assert grows_with_size(work, 160_000)
