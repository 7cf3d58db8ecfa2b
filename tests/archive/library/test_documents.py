"""Official documents in the library: held, named, and derived again from what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gvreader.archive.library import Library
from gvreader.model import Attachment, Media

from .making import ORIGIN, Scribe, article, at, capture, paragraphs

PDF = f"{ORIGIN}/public/userfiles/qd.pdf"
DECISION = """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN GIA VIỄN | Độc lập - Tự do - Hạnh phúc
Số: 05/2023/QĐ-UBND | Gia Viễn, ngày 12 tháng 5 năm 2023
QUYẾT ĐỊNH
Căn cứ Luật Tổ chức chính quyền địa phương số 77/2015/QH13;
Điều 2. Quyết định này thay thế Quyết định số 17/2019/QĐ-UBND và bãi bỏ Quyết định số 44/2016/QĐ-UBND.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn Hùng"""
COLUMNS = "number, kind, issued, issuer, signer, replaces, article_id, url, file, named_in"


def rows(library: Library) -> list[tuple[object, ...]]:
    return library._connection.execute(f"SELECT {COLUMNS} FROM documents ORDER BY number").fetchall()


def with_file(scribe: Scribe, text: str = DECISION) -> int:
    shown = replace(article(), attachments=(Attachment(url=PDF, name="Quyết định"),))
    article_id = scribe.see(shown, at(0))
    media = Media(url=PDF, media_type="application/pdf", bytes=1, sha256="0" * 64, text=text)
    scribe.library.media.put(media, scribe.record(capture(PDF, at(0)), "media"))
    return article_id


def test_a_file_is_a_document_and_what_it_says_of_itself_is_kept(library: Library, scribe: Scribe) -> None:
    article_id = with_file(scribe)
    scribe.see(article("UBND huyện công bố Quyết định số 5/2023/qđ-ubnd hôm nay.", "9"), at(1))
    assert rows(library) == [
        (
            *(
                "05/2023/QĐ-UBND",
                "quyết định",
                "2023-05-12",
                "ỦY BAN NHÂN DÂN HUYỆN GIA VIỄN",
                "Nguyễn Văn Hùng",
            ),
            *("17/2019/QĐ-UBND; 44/2016/QĐ-UBND", article_id, f"{ORIGIN}/hoi-nghi-882.html", PDF, 1),
        ),
        ("17/2019/QĐ-UBND", "quyết định", *(None,) * 7, 1),
        ("44/2016/QĐ-UBND", "quyết định", *(None,) * 7, 1),
        ("77/2015/QH13", *(None,) * 8, 1),
    ]
    assert library.check() == ()


def test_an_article_is_a_document_with_what_its_page_and_file_say(library: Library, scribe: Scribe) -> None:
    own = replace(
        article("Ban hành Quy định.", "5"),
        kind="document",
        number="05/2023/QĐ-UBND",
        published=date(2023, 5, 13),
        author="Đinh Văn Nam",
        organisation="UBND huyện",
        attachments=(Attachment(url=PDF, name="Toàn văn"),),
    )
    article_id = scribe.see(own, at(0))
    media = Media(url=PDF, media_type="application/pdf", bytes=1, sha256="0" * 64, text=DECISION)
    library.media.put(media, scribe.record(capture(PDF, at(0)), "media"))
    (held,) = library.documents.held("5/2023/QĐ.UBND")
    assert (held.article_id, held.issued, held.issuer, held.signer, held.file) == (
        *(article_id, "2023-05-13", "UBND huyện", "Đinh Văn Nam", PDF),
    )
    assert held.replaces == ("17/2019/QĐ-UBND", "44/2016/QĐ-UBND")


def test_what_names_a_document_is_found_by_any_spelling_newest_first(
    library: Library, scribe: Scribe
) -> None:
    first = scribe.see(
        replace(article("Theo Nghị quyết số 01-NQ/HU.", "1"), published=date(2021, 1, 1)), at(0)
    )
    second = scribe.see(replace(article("Nghị quyết số 1 NQ/HU", "2"), published=date(2022, 1, 1)), at(0))
    scribe.see(article("Hợp đồng số 01/NQ-XD; lớp 1/NQ", "3"), at(0))
    for typed in ("01-NQ/HU", "1-nq/hu", "01/NQ-HU", " 01 - NQ / HU "):
        assert library.documents.naming(typed) == (second, first), typed
    assert library.documents.held("01-NQ/HU") == ()
    assert library.documents.known(["01-NQ/HU"]) == {}


def test_an_article_that_changes_names_what_it_says_now(library: Library, scribe: Scribe) -> None:
    scribe.see(article("Theo Kế hoạch số 15-KH/HU."), at(0))
    scribe.see(replace(article(), blocks=paragraphs("Theo Kế hoạch số 16-KH/HU.")), at(1))
    assert [row[0] for row in rows(library)] == ["16-KH/HU"]
    assert library.check() == ()


def test_altered_rows_are_found_and_derived_again(library: Library, scribe: Scribe) -> None:
    with_file(scribe)
    before = rows(library)
    with library.transaction():
        library._connection.execute("UPDATE held_documents SET signer = 'Người khác'")
        library._connection.execute("DELETE FROM document_mentions WHERE number LIKE '77/%'")
    assert {flaw.where for flaw in library.check()} == {"documents"}
    assert library.repair() == ()
    assert rows(library) == before
