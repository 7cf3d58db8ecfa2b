"""What a host prints around the text of every article is learnt by comparing its pages, and told by none of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .conftest import objects
from .running import Ended

Gv = Callable[..., Ended]

NOTICE = "Chuyên trang của nhân dân và cán bộ huyện nhà, mời bà con cùng tham gia viết bài"
TOPICS = (
    "Gia Xuân",
    "Gia Tân",
    "Gia Lập",
    "Gia Vân",
    "Gia Trấn",
    "Gia Phong",
    "Gia Sinh",
    "Liên Sơn",
    "Gia Hòa",
)


def _body(topic: str, refrain: str) -> str:
    """Two paragraphs; `refrain` is what the second one says after its topic."""
    return (
        f"<p>Sáng nay, xã {topic} tổ chức hội nghị sơ kết công tác sản xuất vụ Đông Xuân, đề ra nhiệm vụ.</p>"
        f"<p>Đại diện {topic} cho biết, năng suất lúa bình quân tăng so với cùng kỳ năm trước.</p>{refrain}"
    )


def _article(number: int, topic: str, refrain: str) -> str:
    return (
        f"<!DOCTYPE html><title>Xã {topic} sơ kết vụ Đông Xuân</title><div class='q1'>"
        f"<h1>Xã {topic} sơ kết vụ Đông Xuân</h1><span>{number:02d}/03/2023 08:30</span><div class='q2'>"
        f"{_body(topic, refrain)}<p align='right'><b>Hồng Hạ</b></p><div class='q3'>{NOTICE}</div></div></div>"
    )


@contextmanager
def _portal(refrain: str) -> Iterator[str]:
    """Nine articles under one template that nobody has declared."""
    pages = {f"/bai-{n}.html": _article(n, topic, refrain) for n, topic in enumerate(TOPICS, 1)}
    pages["/"] = (
        "<!DOCTYPE html><title>Trang tin</title><h2>Tin mới</h2><ul>"
        + "".join(
            f"<li><a href='/bai-{n}.html'>Xã {topic} sơ kết vụ Đông Xuân</a> <i>{n:02d}/03/2023</i></li>"
            for n, topic in enumerate(TOPICS, 1)
        )
        + "</ul>"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            body = (page or "<h1>Not Found</h1>").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _texts(gv: Gv, archive: Path) -> dict[str, str]:
    rows = objects(gv("export", "jsonl", "--archive", archive).out)
    return {row["title"]: row["text"] for row in rows}


def test_a_notice_around_every_article_is_told_by_none(tmp_path: Path, gv: Gv) -> None:
    archive = tmp_path / "a"
    with _portal("") as base:
        assert gv("sync", base, "--delay", "0", "--archive", archive).code == 0
    rows = objects(gv("export", "jsonl", "--archive", archive).out)
    assert len(rows) == len(TOPICS)
    for row in rows:
        topic = row["title"].removeprefix("Xã ").removesuffix(" sơ kết vụ Đông Xuân")
        assert row["text"] == _body(topic, "").removeprefix("<p>").removesuffix("</p>").replace(
            "</p><p>", "\n\n"
        )
        assert row["author"] == "Hồng Hạ"
        assert row["revision"] == 1
    # Nothing of it can be searched, and every text derives from its record, also from the records of the first.
    assert gv("search", f'"{NOTICE}"', "--archive", archive).err == "Nothing matches.\n"
    assert gv("verify", "--articles", "--archive", archive).code == 0
    for jobs in ("1", "2"):
        assert gv("rebuild", "--jobs", jobs, "--archive", archive).code == 0
        assert objects(gv("export", "jsonl", "--archive", archive).out) == rows


@pytest.mark.parametrize("tag", ["p", "li"])
def test_what_articles_say_in_their_own_text_stays(tmp_path: Path, gv: Gv, tag: str) -> None:
    """Reports repeat themselves: a sentence among the others, or an item of a list, is no furniture."""
    sentence = "Hội nghị đã thảo luận và thống nhất các nhiệm vụ trọng tâm trong thời gian tới."
    with _portal(f"<{tag}>{sentence}</{tag}>") as base:
        assert gv("sync", base, "--delay", "0", "--archive", tmp_path / "a").code == 0
    texts = _texts(gv, tmp_path / "a")
    assert len(texts) == len(TOPICS)
    assert all(text.endswith(sentence) for text in texts.values())
