"""The replica with pages of real weight: about 100 kB of menus, boxes and scripts around each article.

python benchmarks/weight.py ARTICLES        serves it until interrupted; its address is the first line
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace

from tests.portal import Replica
from tests.portal.faults import Fault, Honest

from gvreader.demo.exchange import HTML, Ask, PortalReply


def furniture(origin: str = "") -> tuple[bytes, bytes]:
    """What real portals print around an article, above and below: some 90 kB of menus, boxes and scripts.

    Its links lead to `origin`.
    """
    menu = "".join(
        f'<li class="nav-item item-{one}">'
        f'<a class="nav-link" href="{origin}/chuyen-muc-{one}" title="Chuyên mục {one}">'
        f"<span>Chuyên mục {one}</span></a><ul>"
        + "".join(
            f'<li><a href="{origin}/chuyen-muc-{one}/muc-{two}">Mục con {two}</a></li>' for two in range(6)
        )
        + "</ul></li>"
        for one in range(24)
    )
    boxes = "".join(
        f'<div class="box box-{one}"><h3 class="box-title"><a href="{origin}/hop-{one}">Hộp tin {one}</a></h3><ul>'
        + "".join(
            f'<li><a href="{origin}/hop-{one}/tin-{two}-{900 + two}.html"><img src="/thumb/{two}.jpg" alt="">'
            f"Một tin của huyện trong hộp số {one}, bài {two}</a> <span>(0{two}/02/2023)</span></li>"
            for two in range(1, 7)
        )
        + "</ul></div>"
        for one in range(18)
    )
    script = (
        "<script>"
        + "var settings = {'a': [1, 2, 3], 'url': '/x'}; function f(x) { return x; }\n" * 500
        + "</script>"
    )
    return (
        f'<div class="mega-menu"><ul>{menu}</ul></div>'.encode(),
        f'<div class="sidebar">{boxes}</div>{script}'.encode(),
    )


def weighted(body: bytes, origin: str = "") -> bytes:
    """A page with the furniture; what is no page stays as it is."""
    above, below = furniture(origin)
    start = body.find(b">", body.find(b"<body")) + 1
    end = body.rfind(b"</body>")
    return body[:start] + above + body[start:end] + below + body[end:] if 0 < start < end else body


class Furnished(Fault):
    """Every page with furniture whose links leave the portal, so that nothing more is there to be fetched."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        answer = honest(ask)
        if answer.media_type != HTML or answer.status != 200:
            return answer
        return replace(answer, body=weighted(answer.body, "https://elsewhere.example"))


def main() -> None:
    replica = Replica(articles=int(sys.argv[1]), keep_log=False)
    replica.faults.add(Furnished())
    print(replica.base_url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        replica.serve_forever()


if __name__ == "__main__":
    main()
