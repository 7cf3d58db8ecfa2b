"""What a terminal sends, as tokens that are safe to act on: valid text, known keys, pastes, reports asked for.

A terminal is a stranger. Its bytes may be cut anywhere, be no UTF-8, answer a question that another program asked, or
report keys in ways that nobody here knows. Everything of that kind ends here; nothing of it is pressed as a key.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Container
from typing import Final, Literal

from gvreader.frozen import dataclass

Kind = Literal["text", "escape", "alt", "sequence", "paste"]
_State = Literal[
    "ground", "escape", "csi", "ss3", "console", "mouse", "introducer", "string", "string-escape", "paste"
]

STRING_PATIENCE: Final = 1.0
"""Seconds without a byte after which a string of the terminal, or a paste, is over."""
INTRODUCER_PATIENCE: Final = 0.3
"""Seconds in which a string must go on after its first two bytes, which Alt and a letter are, too."""
LONGEST_STRING_SECONDS: Final = 5.0
"""Seconds after which whatever seemed to be a string is over: nobody's keys are swallowed for longer."""
LONGEST_SEQUENCE: Final = 64
LONGEST_PASTE: Final = 1 << 20

_ESC: Final = 0x1B
_BEL: Final = 0x07
_STRINGS: Final = {ord("]"): "osc", ord("P"): "dcs", ord("_"): "apc", ord("^"): "pm", ord("X"): "sos"}
_CONTROL_1: Final = {0x9D: ord("]"), 0x90: ord("P"), 0x9F: ord("_"), 0x9E: ord("^"), 0x98: ord("X")}
_OSC_BODIES: Final = b"0123456789lLI"
_PASTE_END: Final = b"\x1b[201~"

_MOUSE: Final = re.compile(r"<\d{1,4};-?\d{1,5};-?\d{1,5}[Mm]")
_MODE: Final = re.compile(r"\?(?:2026|2048);[0-4]\$y")
_RESIZE: Final = re.compile(r"48;[1-9]\d{0,4}(?:;[1-9]\d{0,4}){3}t")
_KEY: Final = re.compile(r"(?a:(?:([\d:]*))(?:;([\d:]*))?(?:;([\d:]*))?([u~ABCDEFHPQS]))")
_SHIFT: Final = 1
_ALT: Final = 2
_OTHER_MODIFIERS: Final = 0b111110
_LOCKS: Final = 0b11000000


@dataclass(frozen=True, slots=True)
class InputToken:
    """`text`: characters typed, C0 controls among them; `escape`: the Esc key; `alt`: one character after ESC, which
    is Alt and that key, or Esc and then that key; `sequence`: a whole escape sequence that is a known key or report;
    `paste`: what was pasted.
    """

    kind: Kind
    data: str


class InputFilter:
    """Bytes in, tokens out. `feed` what was read; call `expire` when `deadline` has passed without a further read.

    `known`: escape sequences that are keys. `functional`: key reports by number and final letter (`27u`, `3~`, `1A`).
    `delay`: seconds for which ESC waits for what follows it.
    """

    def __init__(self, known: Container[str], functional: Container[str], *, delay: float = 0.1) -> None:
        self._known: Final = known
        self._functional: Final = functional
        self._delay: Final = delay
        self._state: _State = "ground"
        self._decoder: Final = codecs.getincrementaldecoder("utf-8")("ignore")
        self._held = bytearray()
        self._of_letter = self._lead = 0
        self._began = 0.0
        self._tokens: list[InputToken] = []
        self._now = 0.0
        self.deadline: float | None = None
        self._handlers: Final[dict[_State, Callable[[int], None]]] = {
            "ground": self._ground,
            "escape": self._escape,
            "csi": self._csi,
            "ss3": self._ss3,
            "console": self._console,
            "mouse": self._mouse,
            "introducer": self._introducer,
            "string": self._string,
            "string-escape": self._string_escape,
            "paste": self._paste,
        }

    def feed(self, data: bytes, now: float) -> list[InputToken]:
        """Take in what was read at `now` (seconds of any clock that never goes back)."""
        self._now = now
        if self._state in ("string", "string-escape") and now - self._began > LONGEST_STRING_SECONDS:
            self._to("ground")
        for byte in data:
            self._handlers[self._state](byte)
        self.deadline = self._patience(now)
        return self._taken()

    def expire(self, now: float) -> list[InputToken]:
        """Nothing more came: what is held is complete, or nothing."""
        self._now = now
        state, held = self._state, bytes(self._held)
        self._to("ground")
        if state == "escape":
            self._add("escape", "\x1b")
        elif state == "introducer" or (state in ("csi", "ss3") and len(held) == 1):
            self._add("alt", held.decode("ascii"))
        elif state == "paste":
            self._pasted(held)
        self.deadline = None
        return self._taken()

    # ── states ──

    def _ground(self, byte: int) -> None:
        if byte == _ESC:
            self._to("escape")
        elif 0x80 <= byte <= 0x9F and self._decoder.getstate()[0] in (b"", b"\xc2"):
            # One of the C1 controls, alone or as UTF-8 spells it.
            self._decoder.reset()
            self._control_1(byte)
        else:
            self._add("text", self._decoder.decode(bytes((byte,))))

    def _control_1(self, byte: int) -> None:
        if byte == 0x9B:
            self._begin("csi", ord("["))
        elif byte in _CONTROL_1:
            self._begin("introducer", _CONTROL_1[byte])

    def _escape(self, byte: int) -> None:
        if byte == _ESC:
            self._add("escape", "\x1b")
        elif byte == ord("["):
            self._begin("csi", byte)
        elif byte == ord("O"):
            self._begin("ss3", byte)
        elif byte in _STRINGS:
            self._begin("introducer", byte)
        else:
            self._alt(byte)

    def _alt(self, byte: int) -> None:
        self._to("ground")
        if byte == 0x7F:
            self._add("sequence", "\x1b\x7f")
        elif 0x20 < byte < 0x7F:
            self._add("alt", chr(byte))
        else:
            self._add("escape", "\x1b")
            self._ground(byte)

    def _csi(self, byte: int) -> None:
        first = len(self._held) == 1
        if 0x20 <= byte <= 0x3F:
            self._hold(byte)
        elif first and byte == ord("["):
            self._to("console")
        elif first and byte == ord("M"):
            self._to("mouse")
        elif 0x40 <= byte <= 0x7E:
            body = bytes(self._held[1:]).decode("ascii") + chr(byte)
            self._to("ground")
            if len(body) <= LONGEST_SEQUENCE:
                self._control_sequence(body)
        else:
            self._to("ground")
            self._ground(byte)

    def _ss3(self, byte: int) -> None:
        if 0x30 <= byte <= 0x3F:
            self._hold(byte)
            return
        self._to("ground")
        if 0x40 <= byte <= 0x7E:
            self._known_sequence("O" + chr(byte))
        else:
            self._ground(byte)

    def _console(self, byte: int) -> None:
        self._to("ground")
        if 0x20 <= byte <= 0x7E:
            self._known_sequence("[[" + chr(byte))
        else:
            self._ground(byte)

    def _mouse(self, byte: int) -> None:
        # Three bytes of a mouse report of old: beyond column 95 they are no characters.
        self._held.append(byte)
        if len(self._held) == 3:
            self._to("ground")

    def _introducer(self, byte: int) -> None:
        introducer = self._held[0]
        plausible = byte in _OSC_BODIES if introducer == ord("]") else byte >= 0x20
        if plausible or byte in (_ESC, _BEL, 0x9C):
            self._state, self._began, self._of_letter = "string", self._now, 0
            self._string(byte)
        else:
            self._to("ground")
            self._add("alt", chr(introducer))
            self._ground(byte)

    def _string(self, byte: int) -> None:
        if byte == _ESC:
            self._state = "string-escape"
        elif byte < 0x20 or (byte == 0x9C and (not self._of_letter or self._lead == 0xC2)):
            self._to("ground")
        # A letter of UTF-8 may hold the byte that ends a string: count the bytes that still belong to it.
        if byte >= 0xC2:
            self._lead = byte
            self._of_letter = 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
        else:
            self._of_letter = max(self._of_letter - 1, 0) if 0x80 <= byte < 0xC0 else 0

    def _string_escape(self, byte: int) -> None:
        if byte == ord("\\"):
            self._to("ground")
        else:
            self._to("escape")
            self._escape(byte)

    def _paste(self, byte: int) -> None:
        self._held.append(byte)
        if byte == ord("~") and self._held.endswith(_PASTE_END):
            pasted = bytes(self._held[: -len(_PASTE_END)])
            self._to("ground")
            self._pasted(pasted)
        elif len(self._held) > LONGEST_PASTE + len(_PASTE_END):
            # The end may still come; what lies between is lost.
            del self._held[LONGEST_PASTE : -len(_PASTE_END)]

    # ── what is complete ──

    def _control_sequence(self, body: str) -> None:
        if body == "200~":
            self._state = "paste"
        elif body in ("I", "O") or _MOUSE.fullmatch(body) or _MODE.fullmatch(body) or _RESIZE.fullmatch(body):
            self._add("sequence", "\x1b[" + body)
        elif found := _KEY.fullmatch(body):
            self._key_report(*found.groups(default=""))
        else:
            self._known_sequence("[" + body)

    def _known_sequence(self, rest: str) -> None:
        if "\x1b" + rest in self._known:
            self._add("sequence", "\x1b" + rest)

    def _key_report(self, codes: str, modifiers: str, texts: str, final: str) -> None:
        """`CSI code:shifted;modifiers:event;text final`, every part of it optional."""
        numbers = _numbers(codes)
        held, event = [*_numbers(modifiers), 0, 0][:2]
        if event > 2 or held > 256:
            return
        held = max(held - 1, 0) & ~_LOCKS
        code = numbers[0] if numbers else 1
        if final == "~" and code == 27 and (of_key := _numbers(texts)):
            # xterm's modifyOtherKeys says in another order what everybody else says with `u`.
            self._letter(of_key, held, "")
        elif f"{code}{final}" in self._functional:
            self._functional_key(code, held, _characters(texts), final)
        elif final == "u":
            self._letter(numbers, held, _characters(texts))
        elif not modifiers and not texts:
            self._known_sequence(f"[{codes}{final}")

    def _functional_key(self, code: int, held: int, text: str, final: str) -> None:
        if text and text.isprintable() and not held & _OTHER_MODIFIERS:
            self._add("text", text)
            return
        plain = "" if code == 1 and final not in "u~" else str(code)
        self._add("sequence", f"\x1b[{code};{held + 1}{final}" if held else f"\x1b[{plain}{final}")

    def _letter(self, codes: list[int], held: int, text: str) -> None:
        code = codes[0] if codes else 0
        if code == 0:
            self._add("text", text)
            return
        character = _character(code)
        if not character or not character.isprintable():
            return
        others = held & _OTHER_MODIFIERS
        if text and not (others and text.casefold() == character.casefold()):
            # What AltGr, Option or an input method composed counts, not the keys that it took.
            self._add("text", text)
        elif others:
            self._add("sequence", f"\x1b[{code};{held + 1}u")
        elif held & _SHIFT:
            shifted = _character(codes[1]) if len(codes) > 1 else character.upper()
            self._add("text", shifted if len(shifted) == 1 and shifted.isprintable() else character)
        else:
            self._add("text", character)

    def _pasted(self, data: bytes) -> None:
        self._add("paste", data[:LONGEST_PASTE].decode("utf-8", "replace").replace("\x00", ""))

    # ── the machine ──

    def _to(self, state: _State) -> None:
        self._decoder.reset()
        self._state = state
        self._held.clear()

    def _begin(self, state: _State, byte: int) -> None:
        self._to(state)
        self._held.append(byte)

    def _hold(self, byte: int) -> None:
        if len(self._held) <= LONGEST_SEQUENCE:
            self._held.append(byte)

    def _add(self, kind: Kind, data: str) -> None:
        if kind == "text" and self._tokens and self._tokens[-1].kind == "text":
            self._tokens[-1] = InputToken("text", self._tokens[-1].data + data)
        elif data or kind == "paste":
            self._tokens.append(InputToken(kind, data))

    def _taken(self) -> list[InputToken]:
        taken, self._tokens = self._tokens, []
        return taken

    def _patience(self, now: float) -> float | None:
        if self._state == "ground":
            return None
        if self._state == "introducer":
            return now + max(INTRODUCER_PATIENCE, self._delay)
        if self._state in ("string", "string-escape", "paste"):
            return now + STRING_PATIENCE
        return now + self._delay


def _numbers(field: str) -> list[int]:
    """The numbers of a field, `113:81`; one that is too long to mean anything is one that nothing means."""
    return [int(part) if len(part) <= 7 else 0x110000 for part in field.split(":") if part]


def _character(code: int) -> str:
    """The character of a code, or nothing where that is none that anybody types."""
    return (
        "" if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
    )


def _characters(field: str) -> str:
    return "".join(_character(code) for code in _numbers(field))
