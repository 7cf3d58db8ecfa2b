"""One input from another: what editors, proxies, disks and attackers do to bytes. Deterministic for a `Random`."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

LONGEST = 400_000
_SCRAPS = (
    b"<", b">", b'"', b"'", b"=", b"&#0;", b"&#x1b;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"<!--",
    b"-->", b"<![CDATA[", b"]]>", b"</script>", b"<script>", b"<table><tr><td>", b"<p " + b"a " * 600 + b">", b"\r\n",
    b"%00", b"\x1b]52;c;", b"charset=undefined", b"31/12/9999", b"0" * 400, b"(" * 300, b"\xcc\x81" * 200, b"\x13",
)  # fmt: skip


def mutated(seed: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """`seed` after one to six changes; parts of `others` may come in."""
    data = bytearray(seed)
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(data) + 1)
        match random.randrange(7):
            case 0 if data:
                data[min(place, len(data) - 1)] ^= 1 << random.randrange(8)
            case 1:
                del data[place : place + random.randrange(1, 200)]
            case 2:
                data[place:place] = random.choice(_SCRAPS)
            case 3:
                part = bytes(data[place : place + random.randrange(1, 400)])
                data[place:place] = part * random.choice((2, 10, 300))
            case 4:
                other = random.choice(others)
                start = random.randrange(len(other) + 1)
                data[place:place] = other[start : start + random.randrange(1, 2_000)]
            case 5:
                data[place : place + 8] = random.randbytes(8)
            case _:
                del data[place:]
        del data[LONGEST:]
    return bytes(data)
