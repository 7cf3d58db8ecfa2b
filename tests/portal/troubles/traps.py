"""Links without end: calendars and session ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gvreader.demo.exchange import Ask, PortalReply
from tests.portal.faults import Fault, Honest


def _is_page(answer: PortalReply) -> bool:
    return answer.status == 200 and answer.media_type.startswith("text/html")


@dataclass(frozen=True, slots=True)
class Calendar(Fault):
    """Every page links to a calendar of past and future months, each of which links on."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        if ask.path != "/lich-cong-tac":
            answer = honest(ask)
            if not _is_page(answer):
                return answer
            link = b'<div class="lich"><a href="/lich-cong-tac?thang=7&amp;nam=2023">L\xe1\xbb\x8bch</a></div></body>'
            return replace(answer, body=answer.body.replace(b"</body>", link, 1))
        month, year = (int(ask.query.get(name, "1")) for name in ("thang", "nam"))
        before, after = (year * 12 + month - 2), (year * 12 + month)
        links = " ".join(
            f'<a href="/lich-cong-tac?thang={place % 12 + 1}&amp;nam={place // 12}">{place % 12 + 1}/{place // 12}</a>'
            for place in (before, after)
        )
        days = "".join(
            f'<td><a href="/lich-cong-tac?thang={month}&amp;nam={year}&amp;ngay={day}">{day}</a></td>'
            for day in range(1, 29)
        )
        return PortalReply(
            body=f"<html><body><h1>Lịch công tác</h1>{links}<table><tr>{days}</tr></table></body></html>".encode()
        )


@dataclass(frozen=True, slots=True)
class SessionIds(Fault):
    """Every link of a page carries a new session id, in the query and sometimes in the path."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        answer = honest(replace(ask, path=re.sub(r";jsessionid=\w+", "", ask.path)))
        if not _is_page(answer):
            return answer
        session = f"{ask.hits * 2654435761 % 2**32:08x}{ask.hits:024x}"

        def with_session(match: re.Match[str]) -> str:
            href = match[2]
            if ask.hits % 2 and "?" not in href:
                return f"{match[1]}{href};jsessionid={session.upper()}{match[3]}"
            return f"{match[1]}{href}{'&amp;' if '?' in href else '?'}PHPSESSID={session}{match[3]}"

        page = re.sub(
            r'(<a [^>]*?href=")(/[^"#]*)(")', with_session, answer.body.decode("utf-8", "surrogatepass")
        )
        return replace(answer, body=page.encode("utf-8", "surrogatepass"))
