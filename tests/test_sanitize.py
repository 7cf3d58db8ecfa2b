"""What strangers' text may hold in the model, in JSON and on a console."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.sanitize import escaped_json, for_console, is_sound, line, paragraphs
from gvreader.urls import address, mailto


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huyện uỷ\n\tGia Viễn", "Huyện uỷ\n\tGia Viễn"),
        ("a\x1b]52;c;x\x07b", "a]52;c;xb"),
        ("a\x9b31mb\x7f", "a31mb"),
        ("a\r\nb\rc\x85d", "a\nb\nc\nd"),
        ("a\u202eb\u2066c\u200fd\u061ce", "abcde"),
        ("a\U000e0041\U000e007fb", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("\u200dgia\u200b", "\u200dgia\u200b"),
    ],
)
def test_paragraphs(text: str, expected: str) -> None:
    assert paragraphs(text) == expected


def test_a_line_is_one_line() -> None:
    assert line("Nghị quyết\r\nvề\u2028nông\x85thôn\x1b") == "Nghị quyết về nông thôn"


@given(st.text(alphabet=st.characters()))
def test_what_was_cleaned_is_sound_and_stays(text: str) -> None:
    cleaned = paragraphs(text)
    assert is_sound(cleaned)
    assert paragraphs(cleaned) == cleaned
    assert "\n" not in line(text)


@given(st.text())
def test_json_means_the_same_without_anything_that_acts(text: str) -> None:
    written = escaped_json(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(written) == {"a": text}
    assert is_sound(written)
    assert "\u2028" not in written


def test_json_writes_what_acts_as_escapes() -> None:
    written = escaped_json(json.dumps("\x9b\u202e\U000e0041\x7fễ", ensure_ascii=False))
    assert written == '"\\u009b\\u202e\\udb40\\udc41\\u007fễ"'


def test_a_console_has_its_own_styles_only() -> None:
    text = "\x1b[1mđậm\x1b[0m\x1b]52;c;x\x07\x9b\r\n"
    assert for_console(text, styled=True) == "\x1b[1mđậm\x1b[0m\ufffd]52;c;x\ufffd\ufffd\r\n"
    assert for_console(text, styled=False) == "\ufffd[1mđậm\ufffd[0m\ufffd]52;c;x\ufffd\ufffd\r\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mailto:a@b.vn", "mailto:a@b.vn"),
        (" MAILTO: a@b.vn?subject=x y", "mailto:a@b.vn?subject=xy"),
        ("mailto:a@b.vn\x1b]52;c;x\x07", "mailto:a@b.vn%1B%5D52;c;x"),
        ("mailto:a\u202e@b.vn", "mailto:a%E2%80%AE@b.vn"),
        ("mailto:", None),
        ("mailto:" + "a" * 300, None),
        ("javascript:alert(1)", None),
    ],
)
def test_mail_addresses(text: str, expected: str | None) -> None:
    assert mailto(text) == expected
    assert address(text) == expected


@given(st.text())
def test_no_address_acts(text: str) -> None:
    for spelled in (address(text), address(f"mailto:{text}"), address(f"https://a.vn/{text}")):
        assert spelled is None or (spelled.isascii() and spelled.isprintable())
