"""Letters under a wrong charset: read as what they are, repaired where that is clear, else doubted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.extract import extract
from gvreader.extract.page.charset import decode
from gvreader.extract.page.text_damage import repair, score
from gvreader.model import Article, Capture, Request
from gvreader.portals import portal_for
from gvreader.vietnamese import nfc

# The same words in each charset, written by hand.
WORDS = "Lễ phát động trồng cây đầu xuân tại trung tâm huyện, các xã, thị trấn"
TCVN3 = "LÔ ph¸t ®éng trång c©y ®Çu xu©n t¹i trung t©m huyÖn, c¸c x·, thÞ trÊn"
VNI = "Leã phaùt ñoäng troàng caây ñaàu xuaân taïi trung taâm huyeän, caùc xaõ, thò traán"
DOUBLE = "Lá»… phÃ¡t Ä‘á»™ng trá»“ng cÃ¢y Ä‘áº§u xuÃ¢n táº¡i trung tÃ¢m huyá»‡n, cÃ¡c xÃ£, thá»‹ tráº¥n"
DOUBLE_1258 = "Lá»… phĂ¡t Ä‘á»™ng trá»“ng cĂ¢y Ä‘áº§u xuĂ¢n táº¡i trung tĂ¢m huyá»‡n, cĂ¡c xĂ£, thá»‹ tráº¥n"
CP1258 = (
    b"L\xea\xde pha\xect \xf0\xf4\xf2ng tr\xf4\xccng c\xe2y \xf0\xe2\xccu xu\xe2n ta\xf2i trung t\xe2m huy\xea\xf2n, "
    b"ca\xecc xa\xde, thi\xf2 tr\xe2\xecn"
)


def page(*passages: bytes) -> bytes:
    return (
        b"<html><head><title>"
        + passages[0]
        + b"</title></head><body><p>"
        + b"</p><p>".join(passages)
        + b"</p>"
    )


@pytest.mark.parametrize(
    "declared", ["text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"]
)
@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        (TCVN3.encode("latin-1"), "x-tcvn3"),
        (VNI.encode("cp1252"), "x-vni"),
        (CP1258, "windows-1258"),
        (DOUBLE.encode(), "utf-8 (double UTF-8)"),
        (DOUBLE_1258.encode(), "utf-8 (double UTF-8 (1258))"),
        (TCVN3.encode(), "utf-8 (TCVN3)"),
        (VNI.encode(), "utf-8 (VNI)"),
    ],
)
def test_whole_pages(declared: str, raw: bytes, charset: str) -> None:
    found = decode(page(raw), declared)
    assert nfc(found.text).count(WORDS) == 2, found.text
    assert (found.charset, found.replaced, found.is_doubtful) == (charset, 0.0, False)


@pytest.mark.parametrize(
    "raw",
    [
        TCVN3.encode("latin-1"),
        VNI.encode("cp1252"),
        CP1258,
        DOUBLE.encode(),
        TCVN3.encode(),
        VNI.encode(),
        "".join(f"&#{ord(one)};" if ord(one) > 127 else one for one in TCVN3).encode(),
    ],
)
def test_one_passage_in_a_page_of_utf_8(raw: bytes) -> None:
    found = decode(page(WORDS.encode(), raw, WORDS.encode(), raw), "text/html")
    assert nfc(found.text).count(WORDS) == 5, found.text


def test_a_bad_byte_costs_itself() -> None:
    found = decode(page((WORDS * 3).encode(), b"Gia Vi\xffn"), "text/html")
    assert found.charset == "utf-8"
    assert nfc(found.text).count(WORDS) == 6


def test_surrogate_pairs_are_the_character_they_stand_for() -> None:
    cesu = "\U0001f600".encode("utf-16-le")
    pair = b"".join(
        cesu[at : at + 2].decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")
        for at in (0, 2)
    )
    assert pair == b"\xed\xa0\xbd\xed\xb8\x80"
    found = decode(page(WORDS.encode() + pair), "text/html")
    assert found.text.count(f"{WORDS}\U0001f600") == 2
    assert found.replaced == 0.0


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        ("Ça va très bien, garçon naïf à l’hôtel, façade déjà reçue « été » ", "cp1252", "windows-1252"),
        ("Привет мир это новости ", "cp1251", "windows-1251"),
        ("江南大学计算机学院新闻", "gb18030", "gb18030"),
    ],
)
def test_other_languages_stay(text: str, codec: str, declared: str) -> None:
    for raw, said in ((text.encode(codec), declared), (text.encode(), "utf-8")):
        found = decode(page(raw * 20), f"text/html; charset={said}")
        assert text in found.text
        assert not found.is_doubtful


@pytest.mark.parametrize(
    "sound",
    [
        f"{WORDS} – giá £5 ® © “{WORDS}” café résumé naïve façade ±2° ½",
        "".join(f"&#{ord(one)};" if ord(one) > 127 else one for one in WORDS),
        "XÃ HỘI, ĐÀO TẠO » KINH TẾ » VĂN HÓA » ÕNG » TIN TỨC",
    ],
)
def test_sound_text_stays(sound: str) -> None:
    assert repair(f"<p>{sound}</p>").text == f"<p>{sound}</p>"
    assert repair(f"<p>{sound}</p>").damage == ""


def test_what_no_repair_explains_is_kept_and_doubted() -> None:
    portal = portal_for("giavien")
    assert portal is not None
    body = "".join(f"<p>{'Lð ph×t ®¤ng ¸c½x ¬µz ¤b§d q¶w½k z¾v ' * 6}</p>" for _ in range(4))
    html = (
        f"<html><body><h1>Lễ phát động trồng cây đầu xuân</h1><div>Thứ ba, 07/02/2023</div><div>{body}</div>"
    )
    url = f"{portal.origin}/le-phat-dong-882.html"
    capture = Capture(
        url=url,
        captured=datetime(2024, 1, 1, tzinfo=UTC),
        status=200,
        body=html.encode(),
        request=Request(url=url),
    )
    found = extract(capture, portal)
    assert isinstance(found.page, Article)
    assert found.is_garbled
    assert found.page.confidence <= 0.4


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=windows-1258"]),
)
def test_no_bytes_raise(raw: bytes, declared: str) -> None:
    decode(b"<p>" + raw, declared)
    score(raw.decode("latin-1"))
