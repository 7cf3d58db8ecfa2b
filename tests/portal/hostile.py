"""Text that attacks whoever shows it: terminal escapes, markup, bidirectional controls, endless lines."""

from __future__ import annotations

from random import Random
from typing import Final

from gvreader.model import Block, Span

ATTACKS: Final = (
    "\x1b[31mđỏ\x1b[0m \x1b]0;tiêu đề\x07 \x1b[2J",
    "\x9b31m \x90q\x9c c1 điều khiển",
    "[bold red]không phải đánh dấu[/] [link=https://evil.example]bấm[/link]",
    "<script>alert('x')</script> <img src=x onerror=alert(1)> &lt;b&gt;",
    "\u202eđảo ngược\u202c \u2066cô lập\u2069 \u200e\u200f \u202dtrái\u202c",
    "dòng\rghi đè\x08\x08\x08 và\x00rỗng",
    "'; DROP TABLE articles; -- \" OR NEAR(a b) * ^",
    "$(touch /tmp/owned) `id` ${HOME} | ; &&",
    "]]> <![CDATA[ --> <?xml ?>",
    "dài" * 40_000,
    "e\u0301\u0323\u0300" * 200,
    '=HYPERLINK("http://evil.example","x")',
)


def poisoned(title: str, blocks: list[Block], random: Random) -> tuple[str, list[Block]]:
    """The title and body with attacks sewn in; the truth says them as HTML would carry them."""
    title_attack = random.choice([attack for attack in ATTACKS if len(attack) < 100])
    added = [
        Block(kind="paragraph", spans=(Span(text=attack),))
        for attack in random.sample(ATTACKS, k=min(4, len(ATTACKS)))
    ]
    return f"{title} {title_attack}", [*blocks[:1], *added, *blocks[1:]]
