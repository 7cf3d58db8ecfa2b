"""Whole screens as plain text. To look at what changed: GVREADER_WRITE_SCREENS=1 pytest tests/tui/test_screens.py"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from gvreader import i18n
from gvreader.model import (
    Article,
    Attachment,
    Block,
    Image,
    SectionRef,
    Span,
)
from tests.tui.piloting import Driver, reading, run
from tests.tui.shelf import NOW, ORIGIN, Shelf, ShelfServices

SCREENS = Path(__file__).parent / "screens"
TITLES = (
    "UBND huyện tổ chức Hội nghị kiểm điểm công tác chỉ đạo, điều hành thực hiện nhiệm vụ năm 2022",
    "Sở Văn hóa và Thể thao kiểm tra công tác văn hóa, thể thao và gia đình",
    "Kế hoạch tiêm phòng gia súc, gia cầm",
    "Thông báo tuyển dụng viên chức",
    "Nông thôn mới ở xã Gia Hòa",
)


@pytest.fixture
def small(tmp_path: Path) -> ShelfServices:
    """Five articles, each with something that the list has a sign for."""
    shelf = Shelf(tmp_path)
    sections = (
        SectionRef(slug="tin-tuc", title="Tin tức"),
        SectionRef(slug="van-hoa", title="Văn hóa - Xã hội"),
    )
    articles = [
        Article(
            url=f"{ORIGIN}/bai-{number}.html",
            identity=str(number),
            title=title,
            published=date(2023, 2, 7) - timedelta(days=number * 40),
            author="Hồng Hạ" if number == 0 else None,
            organisation="Trung tâm VHTT&TT" if number == 0 else None,
            sections=(sections[number % 2],),
            blocks=(
                Block(kind="paragraph", spans=(Span(text=f"Sáng ngày 0{number + 1}/2, {title}. " * 3),)),
                Block(kind="heading", level=2, spans=(Span(text="Kết quả"),)),
                Block(kind="item", spans=(Span(text="Thu ngân sách đạt 512 tỷ đồng"),)),
                Block(kind="figure", image=0),
            ),
            images=(Image(url=f"{ORIGIN}/i.jpg", caption="Đ/c Hoàng Mạnh Hùng phát biểu"),),
            attachments=(Attachment(url=f"{ORIGIN}/q.pdf", name="Quyết định 1234/QĐ-UBND.pdf"),),
        )
        for number, title in enumerate(TITLES)
    ]
    ids = shelf.put(articles)

    def mark(library) -> None:  # type: ignore[no-untyped-def]
        library.marks.set_starred(ids[1:2], True)
        library.marks.set_read(ids[2:], True)
        library.marks.tag(ids[4:], "nông nghiệp")
        library.marks.save("hội nghị", "hoi nghi")
        library.articles.set_gone(ids[3], NOW - timedelta(days=2))

    shelf.change(mark)
    return ShelfServices(tmp_path)


def compare(name: str, driver: Driver) -> None:
    file = SCREENS / f"{name}.txt"
    shown = driver.screen + "\n"
    if os.environ.get("GVREADER_WRITE_SCREENS"):
        SCREENS.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


CASES = {
    "wide": ((132, 30), "en", ()),
    "wide-vi": ((132, 30), "vi", ()),
    "narrow-list": ((60, 20), "en", ("j",)),
    "narrow-text": ((60, 20), "en", ("enter",)),
    "smallest": ((40, 12), "en", ("enter",)),
    "search": ((120, 24), "en", ("/", *"hoi", "space", *"nghi", "enter")),
    "palette": ((90, 24), "vi", ("p", *"dong", "space", *"bo")),
}


@pytest.mark.parametrize("name", CASES)
def test_screens_look_as_they_did(name: str, small: ShelfServices) -> None:
    size, language, keys = CASES[name]

    async def test() -> None:
        async with reading(small, size) as driver:
            await driver.until(lambda: driver.reader.view.composition or not driver.reader.view.display)
            await driver.press(*keys)
            await driver.pilot.pause(0.4)
            compare(name, driver)

    before = i18n.language()
    i18n.use(language)  # type: ignore[arg-type]
    try:
        run(test)
    finally:
        i18n.use(before)
