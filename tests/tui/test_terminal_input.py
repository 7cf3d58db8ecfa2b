"""Bytes of a terminal become text, known keys and pastes, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

from gvreader.tui.terminal_input import (
    INTRODUCER_PATIENCE,
    LONGEST_PASTE,
    LONGEST_STRING_SECONDS,
    STRING_PATIENCE,
    InputFilter,
    InputToken,
)

Read = tuple[str, str]


def new_filter() -> InputFilter:
    return InputFilter(ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS)


def reads(*chunks: bytes, gap: float = 0.0) -> list[Read]:
    """What comes of reads that are `gap` seconds apart, and of the silence after them."""
    found, now, tokens = new_filter(), 0.0, list[InputToken]()
    for chunk in chunks:
        if found.deadline is not None and found.deadline <= now:
            tokens += found.expire(now)
        tokens += found.feed(chunk, now)
        now += gap
    if found.deadline is not None:
        tokens += found.expire(found.deadline)
    joined: list[Read] = []
    for token in tokens:
        if joined and token.kind == "text" and joined[-1][0] == "text":
            joined[-1] = ("text", joined[-1][1] + token.data)
        else:
            joined.append((token.kind, token.data))
    return joined


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"j", [("text", "j")]),
        ("tiếng Việt".encode(), [("text", "tiếng Việt")]),
        (b"\x7f\r\x03", [("text", "\x7f\r\x03")]),
        # no UTF-8
        (b"\xe1j", [("text", "j")]),
        (b"\xe1\xe1\xba\xbf", [("text", "ế")]),
        (b"a\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80b", [("text", "ab")]),
        (b"\xc2\x85\x84", []),
        # keys
        (b"\x1b[A", [("sequence", "\x1b[A")]),
        (b"\x1bOA", [("sequence", "\x1bOA")]),
        (b"\x1b[1;5C", [("sequence", "\x1b[1;5C")]),
        (b"\x1b[3~", [("sequence", "\x1b[3~")]),
        (b"\x1b[3;5~", [("sequence", "\x1b[3;5~")]),
        (b"\x1b[[A", [("sequence", "\x1b[[A")]),
        (b"\x1b[Z", [("sequence", "\x1b[Z")]),
        (b"\x1b\x7f", [("sequence", "\x1b\x7f")]),
        (b"\x1b[I\x1b[O", [("sequence", "\x1b[I"), ("sequence", "\x1b[O")]),
        # Esc, and Esc or Alt with a letter
        (b"\x1b", [("escape", "\x1b")]),
        (b"\x1b\x1b", [("escape", "\x1b"), ("escape", "\x1b")]),
        (b"\x1bj", [("alt", "j")]),
        (b"\x1bQj", [("alt", "Q"), ("text", "j")]),
        (b"\x1b\r", [("escape", "\x1b"), ("text", "\r")]),
        (b"\x1b ", [("escape", "\x1b"), ("text", " ")]),
        ("\x1bđ".encode(), [("escape", "\x1b"), ("text", "đ")]),
        (b"\x1b\x1b[A", [("escape", "\x1b"), ("sequence", "\x1b[A")]),
        (b"\x1b[", [("alt", "[")]),
        (b"\x1bO", [("alt", "O")]),
        (b"\x1b]", [("alt", "]")]),
        (b"\x1bP", [("alt", "P")]),
        (b"\x1b]j", [("alt", "]"), ("text", "j")]),
        # answers to what other programs asked
        (b"\x1b]11;rgb:0000/0000/0000\x1b\\j", [("text", "j")]),
        (b"\x1b]11;rgb:0000/0000/0000\x07j", [("text", "j")]),
        ("\x1b]lTiêu đề Ŝ\x1b\\j".encode(), [("text", "j")]),
        (b"\x1bP>|xterm(370)\x1b\\q", [("text", "q")]),
        (b"\x1bP1$r0m\x9cj", [("text", "j")]),
        (b"\x1b_Gi=1;OK\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\j", [("text", "j")]),
        (b"\x9d11;rgb:0/0/0\x9cj\xc2\x9d4;1\xc2\x9cj", [("text", "jj")]),
        (b"\x1b]11;rgb\x1b[A", [("sequence", "\x1b[A")]),
        (b"\x1b]11;rgb\x03j", [("text", "j")]),
        (b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28cj", [("text", "j")]),
        (b"\x1b[>41;370;0c\x1b[0n\x1b[12;40R\x1b[8;40;100tj", [("text", "j")]),
        (b"\x1b[?1;2c\x9b?62c", []),
        (b"\x1b[2$yq", [("text", "q")]),
        # what the reader asks for itself
        (b"\x1b[?2026;2$y", [("sequence", "\x1b[?2026;2$y")]),
        (b"\x1b[?9999;2$yj", [("text", "j")]),
        (b"\x1b[48;24;80;480;640t", [("sequence", "\x1b[48;24;80;480;640t")]),
        (b"\x1b[48;0;0;0;0t", []),
        # mice
        (b"\x1b[<0;12;7M", [("sequence", "\x1b[<0;12;7M")]),
        (b"\x1b[<99999999999;12;7M", []),
        (b"\x1b[M \xa1\xffj", [("text", "j")]),
        (b"\x1b[32;12;7M", []),
        # key reports
        (b"\x1b[113u", [("text", "q")]),
        (b"\x1b[113;1:1u", [("text", "q")]),
        (b"\x1b[113;1:3uj", [("text", "j")]),
        (b"\x1b[127;1:1u", [("sequence", "\x1b[127u")]),
        (b"\x1b[113:81;2u\x1b[113;2u", [("text", "QQ")]),
        (b"\x1b[113;2;81u", [("text", "Q")]),
        (b"\x1b[113;3u", [("sequence", "\x1b[113;3u")]),
        (b"\x1b[113;3;113u", [("sequence", "\x1b[113;3u")]),
        (b"\x1b[113;3;339u", [("text", "œ")]),
        (b"\x1b[113;5u", [("sequence", "\x1b[113;5u")]),
        (b"\x1b[113;9;113u", [("sequence", "\x1b[113;9u")]),
        (b"\x1b[113;65;81u", [("text", "Q")]),
        (b"\x1b[0;;116:105:7871:110:103u", [("text", "tiếng")]),
        (b"\x1b[0;;" + b":".join(b"7871" for _ in range(11)) + b"u", [("text", "ế" * 11)]),
        (b"\x1b[27;5;113~\x1b[27;3;113~", [("sequence", "\x1b[113;5u"), ("sequence", "\x1b[113;3u")]),
        (b"\x1b[99999999999u\x1b[1114112u\x1b[55296u\x1b[7u\x1b[155uj", [("text", "j")]),
        (b"\x1b[113A\x1b[113~\x1b[5;5Qj", [("text", "j")]),
        (b"\x1b[113;:;;;;u\x1b[;;;u\x1b[:u", []),
        (b"\x1b[" + b"1;" * 500 + b"uj", [("text", "j")]),
        # pastes
        (b"\x1b[200~a\xe1b\x1b[31m\x1b[201~j", [("paste", "a\ufffdb\x1b[31m"), ("text", "j")]),
        (b"\x1b[200~qq", [("paste", "qq")]),
        (b"\x1b[201~j", [("text", "j")]),
    ],
)
def test_what_bytes_mean(data: bytes, expected: list[Read]) -> None:
    assert reads(data) == expected
    # The same however it is cut.
    assert reads(*(bytes((byte,)) for byte in data)) == expected


def test_a_late_answer_that_comes_in_pieces() -> None:
    answer = b"\x1b]11;rgb:1e1e/2e2e/3e3e\x1b\\"
    for at in range(2, len(answer)):
        assert reads(answer[:at], answer[at:] + b"j", gap=INTRODUCER_PATIENCE * 0.9) == [("text", "j")], at
    assert reads(answer[:9], answer[9:14], answer[14:], gap=STRING_PATIENCE * 0.9) == []


def test_nobody_is_locked_out_by_a_string_or_a_paste_without_an_end() -> None:
    assert reads(b"\x1b]11;rgb", b"j", gap=STRING_PATIENCE * 1.1) == [("text", "j")]
    assert reads(b"\x1b[200~abc", b"j", gap=STRING_PATIENCE * 1.1) == [("paste", "abc"), ("text", "j")]
    slow = reads(b"\x1bPx", *(b"j" for _ in range(20)), gap=STRING_PATIENCE * 0.5)
    assert slow == [("text", "j" * (20 - int(LONGEST_STRING_SECONDS / STRING_PATIENCE / 0.5)))]


def test_an_escape_waits_for_what_follows_it() -> None:
    assert reads(b"\x1b", b"[A", gap=0.05) == [("sequence", "\x1b[A")]
    assert reads(b"\x1b", b"j", gap=0.2) == [("escape", "\x1b"), ("text", "j")]


def test_a_paste_is_bounded() -> None:
    (kind, pasted), after = reads(b"\x1b[200~" + b"x" * (LONGEST_PASTE + 5000) + b"\x1b[201~j")
    assert (kind, len(pasted), after) == ("paste", LONGEST_PASTE, ("text", "j"))


@given(st.lists(st.binary(max_size=30), max_size=8), st.sampled_from([0.0, 0.2, 2.0]))
def test_whatever_comes_is_known_or_nothing(chunks: list[bytes], gap: float) -> None:
    for kind, data in reads(*chunks, gap=gap):
        if kind == "text":
            assert not any(0x7F < ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in data)
            assert "\x1b" not in data
        elif kind == "alt":
            assert len(data) == 1


@given(st.binary(max_size=60))
def test_cuts_change_nothing(data: bytes) -> None:
    assert reads(data) == reads(*(bytes((byte,)) for byte in data))


_PIECES = st.sampled_from(
    [b"\x1b[", b"\x1b]", b"\x1bP", b"\x1bO", b"\x1b", b";", b":", b"1", b"27", b"113", b"u", b"~", b"A", b"M", b"<",
     b"\x07", b"\x1b\\", b"\xe1", b"\xc2", b"\x9b", b"200~", b"q", b"$", b"?", b"2026", b"y", b"t", b"48"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map(b"".join))
def test_what_passes_is_understood_by_the_parser_behind(data: bytes) -> None:
    """No exception, nothing that is left waiting, and nothing pressed that is not one key."""
    from textual._xterm_parser import XTermParser

    for kind, sequence in reads(data):
        if kind == "sequence":
            parser = XTermParser()
            assert len(list(parser.feed(sequence))) <= 1, sequence
            assert parser._awaiting.timeout is None, sequence
