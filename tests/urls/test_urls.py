"""Addresses: one spelling each, whose they are, and which ones never end."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gvreader import urls
from gvreader.urls import Memento, Scope, canonical, embedded, is_embedded_address, unwrapped

ORIGIN = "https://giavien.ninhbinh.gov.vn"

CANONICAL = [
    # scheme, host, port
    ("https://giavien.ninhbinh.gov.vn", f"{ORIGIN}/"),
    ("HTTPS://GiaVien.NinhBinh.gov.vn./", f"{ORIGIN}/"),
    ("https://giavien.ninhbinh.gov.vn:443/a", f"{ORIGIN}/a"),
    ("https://giavien.ninhbinh.gov.vn:80/a", f"{ORIGIN}/a"),
    ("http://giavien.ninhbinh.gov.vn:80/a", "http://giavien.ninhbinh.gov.vn/a"),
    ("http://giavien.ninhbinh.gov.vn:443/a", "http://giavien.ninhbinh.gov.vn:443/a"),
    ("http://giavien.ninhbinh.gov.vn:/a", "http://giavien.ninhbinh.gov.vn/a"),
    ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
    ("http://user:secret@example.com/a", "http://example.com/a"),
    ("http://[0:0::0001]:8000/a", "http://[::1]:8000/a"),
    ("http://[2001:DB8::A]/", "http://[2001:db8::a]/"),
    ("https://www.example.com/", "https://www.example.com/"),
    ("https://ubnd_huyen.example.com/", "https://ubnd_huyen.example.com/"),
    ("https://giaviễn.vn/", "https://xn--giavin-7j8b.vn/"),
    # margins and line breaks that editors leave in hrefs
    ("  https://example.com/a \r\n", "https://example.com/a"),
    ("\ufeffhttps://example.com/a\u200b", "https://example.com/a"),
    ("\x00https://example.com/a", "https://example.com/a"),
    ("https://example.com/tin\r\n-tuc", "https://example.com/tin-tuc"),
    # percent-encoding
    ("https://example.com/Tin tức.pdf", "https://example.com/Tin%20t%E1%BB%A9c.pdf"),
    ("https://example.com/tin%20t%e1%bb%a9c", "https://example.com/tin%20t%E1%BB%A9c"),
    ("https://example.com/%7Euser/%2d%41", "https://example.com/~user/-A"),
    ("https://example.com/a%2Fb%3Fc", "https://example.com/a%2Fb%3Fc"),
    ("https://example.com/100%", "https://example.com/100%25"),
    ("https://example.com/%zz", "https://example.com/%25zz"),
    ("https://example.com/a(1)/b,c;d=e!", "https://example.com/a(1)/b,c;d=e!"),
    ('https://example.com/a<b>"c"|d^`{}', "https://example.com/a%3Cb%3E%22c%22%7Cd%5E%60%7B%7D"),
    ("https://example.com/a\u00a0b", "https://example.com/a%20b"),
    ("https://example.com/?q=gia viễn", "https://example.com/?q=gia%20vi%E1%BB%85n"),
    ("https://example.com/?q=a+b&r=c%2Bd", "https://example.com/?q=a+b&r=c%2Bd"),
    ("https://example.com/\ud800", "https://example.com/%3F"),
    # dots, slashes, backslashes
    ("https://example.com/a/./b/../c", "https://example.com/a/c"),
    ("https://example.com/../../a", "https://example.com/a"),
    ("https://example.com/a/..", "https://example.com/"),
    ("https://example.com/a/%2e%2e/b", "https://example.com/b"),
    ("https://example.com//a//b", "https://example.com//a//b"),
    ("https:\\\\example.com\\upload\\a.pdf?x=\\", "https://example.com/upload/a.pdf?x=%5C"),
    ("https://example.com\\@evil.example/", "https://example.com/@evil.example/"),
    # query, fragment
    ("https://example.com/a?", "https://example.com/a"),
    ("https://example.com/a?b", "https://example.com/a?b"),
    ("https://example.com/a?b=1&&c=2&", "https://example.com/a?b=1&c=2"),
    ("https://example.com/a?b=2&a=1&b=1", "https://example.com/a?b=2&a=1&b=1"),
    ("https://example.com/a#b?c", "https://example.com/a"),
    # tracking and sessions
    ("https://example.com/a?utm_source=x&id=1&fbclid=y", "https://example.com/a?id=1"),
    ("https://example.com/a?UTM_Medium", "https://example.com/a"),
    ("https://example.com/a?utm%5Fsource=x", "https://example.com/a"),
    ("https://example.com/a?zalo_share=1&_gl=1", "https://example.com/a"),
    ("https://example.com/a?PHPSESSID=abc&p=1", "https://example.com/a?p=1"),
    ("https://example.com/a?ASP.NET_SessionId=abc", "https://example.com/a"),
    ("https://example.com/a?sid=0123456789abcdef01234567", "https://example.com/a"),
    (
        "https://example.com/Default.aspx?sname=ubnd&sid=4&pageid=468",
        "https://example.com/Default.aspx?sname=ubnd&sid=4&pageid=468",
    ),
    ("https://example.com/a;jsessionid=0AF?b=1", "https://example.com/a?b=1"),
    ("https://example.com/a;JSESSIONID=0AF/b", "https://example.com/a/b"),
    ("https://example.com/(S(abc123))/tin.aspx", "https://example.com/tin.aspx"),
    ("https://example.com/(%53(abc123))/tin.aspx", "https://example.com/tin.aspx"),
    ("https://example.com/(S(a))b/tin", "https://example.com/(S(a))b/tin"),
]


@pytest.mark.parametrize(("url", "spelled"), CANONICAL)
def test_canonical(url: str, spelled: str) -> None:
    assert urls.canonical(url) == spelled


NOT_HTTP = [
    "",
    "   ",
    "mailto:huyengiavien@ninhbinh.gov.vn",
    "javascript:void(0)",
    "tel:02293868123",
    "ftp://example.com/a",
    "file:///etc/passwd",
    "data:text/html,<p>",
    "//example.com/a",
    "/a.html",
    "tin-tuc.html",
    "http://",
    "http:///a",
    "http:a",
    "http://:80/",
    "https://exa mple.com/",
    "https://exam%70le.com/",
    "http://[::1/",
    "http://[::1%25eth0]/",
    "http://[nonsense]/",
    "http://example.com:port/",
    "http://example.com:99999/",
    "http://./",
    "http://℀.example/",
    "http://" + "ế" * 80 + ".vn/",
    "http://example.com/" + "a" * 8192,
    "http://example.com/" + "ế" * 1000,
]


@pytest.mark.parametrize("url", NOT_HTTP)
def test_what_is_no_web_address(url: str) -> None:
    assert urls.canonical(url) is None
    assert urls.origin(url) is None
    assert urls.host(url) == ""
    assert not Scope(origin=ORIGIN).may_fetch(url)


@pytest.mark.parametrize(
    ("url", "origin", "host"),
    [
        ("https://Example.com/a/b?c", "https://example.com", "example.com"),
        ("http://x/", "http://x", "x"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000/a", "http://[::1]:8000", "::1"),
    ],
)
def test_origin_and_host(url: str, origin: str, host: str) -> None:
    assert urls.origin(url) == origin
    assert urls.host(url) == host


TWINS = [
    "https://giavien.ninhbinh.gov.vn/tin-tuc",
    "http://giavien.ninhbinh.gov.vn/tin-tuc",
    "https://www.giavien.ninhbinh.gov.vn/tin-tuc",
    "https://giavien.ninhbinh.gov.vn:80/tin-tuc",
    "HTTP://WWW.GIAVIEN.NINHBINH.GOV.VN:80/tin-tuc/",
    "https://giavien.ninhbinh.gov.vn/tin-tuc/#top",
    "https://giavien.ninhbinh.gov.vn/tin-tuc?utm_source=zalo",
]


def test_twins_have_one_name() -> None:
    assert {urls.twin(url) for url in TWINS} == {"giavien.ninhbinh.gov.vn/tin-tuc"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a", "https://example.com/a?p=2"),
        ("https://example.com/a", "https://example.com:8443/a"),
        ("https://example.com/a", "https://tin.example.com/a"),
        ("https://example.com/", "https://example.com/a"),
    ],
)
def test_what_differs_is_no_twin(one: str, other: str) -> None:
    assert urls.twin(one) != urls.twin(other)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        (f"{ORIGIN}/gioi-thieu/gioi-thieu-chung-3.html", "gioi-thieu-chung"),
        (f"{ORIGIN}/so-van-hoa-tai-huyen-gia-vien-882.html", "so-van-hoa-tai-huyen-gia-vien"),
        (f"{ORIGIN}/tin-tuc", "tin-tuc"),
        (f"{ORIGIN}/tin-tuc/", "tin-tuc"),
        (f"{ORIGIN}/category/van-hoa-325798", "van-hoa"),
        (f"{ORIGIN}/2023", "2023"),
        (f"{ORIGIN}/-12.html", "-12"),
        (f"{ORIGIN}/tin%20t%E1%BB%A9c.aspx", "tin tức"),
        (f"{ORIGIN}/", ""),
        (ORIGIN, ""),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_slug(url: str, slug: str) -> None:
    assert urls.slug(url) == slug


TRAPS = [
    "/tin-tuc?print=1",
    "/tin-tuc-12.html?in=1",
    "/tin-tuc/print",
    "/PrintArticle.aspx?id=5",
    "/in/882",
    "/in-bai-viet/12",
    "/ban-in/12.html",
    "/tin-tuc?sort=date",
    "/tin-tuc?page=2&orderby=title",
    "/tin-tuc?sapxep=moi",
    "/lich?thang=5&nam=2031",
    "/lich/2031/05",
    "/lich-cong-tac/2031-05-01",
    "/calendar/2031",
    "/su-kien?month=5",
    "/dang-nhap",
    "/login.aspx",
    "/user/login?a=1",
    "/search?q=a",
    "/tim-kiem.html",
    "/tin?action=print",
    "/tin?format=print",
    "/tin?replytocom=5",
    "/a/b/a/b/a/b",
    "/" + "/".join("abcdefghijklmnop"),
    "/" + "a" * 2100,
]
ROADS = [
    "/",
    "/tin-tuc-trong-huyen/",
    "/tin-tuc?page=2",
    "/tin-tuc/page/12",
    "/so-van-hoa-va-the-thao-882.html",
    "/Default.aspx?sname=ubnd&sid=4&pageid=468&catid=61",
    "/huong-dan-dang-ky-kinh-doanh-12.html",
    "/dang-ky-ket-hon-13.html",
    "/dang-nhap-cong-dich-vu-cong-14.html",
    "/lich-cong-tac-tuan-12.html",
    "/lich-su-huyen-gia-vien-9.html",
    "/in-an-tai-lieu-15.html",
    "/tin?thangloi=1&namnu=2&ngayhoi=3",
    "/tin?id=5&orderid=7",
    "/public/userfiles/2023/01/01/a.pdf",
    "/portal/Pages/2023-1-30/Slug-abc.aspx",
]


@pytest.mark.parametrize("path", TRAPS)
def test_traps(path: str) -> None:
    assert urls.is_trap(ORIGIN + path)


@pytest.mark.parametrize("path", ROADS)
def test_no_traps(path: str) -> None:
    assert not urls.is_trap(ORIGIN + path)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost/", True),
        ("http://LOCALHOST:8000/", True),
        ("http://portal.localhost/", True),
        ("http://127.0.0.1:8000/a", True),
        ("http://127.9.9.9/", True),
        ("http://[::1]:8000/", True),
        ("http://localhost.example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://0.0.0.0/", False),
        ("http://2130706433/", False),
        (f"{ORIGIN}/127.0.0.1", False),
        ("localhost", False),
    ],
)
def test_loopback(url: str, loopback: bool) -> None:
    assert urls.is_loopback(url) is loopback


# ── scope ───────────────────────────────────────────────────────────────────────────────────────

SCOPE = Scope(
    origin=ORIGIN,
    aliases=("http://127.0.0.1:8000", "https://Mirror.example.org/"),
    hosts=("storage-vnportal.vnpt.vn", "Files.Example.org"),
)


@pytest.mark.parametrize(
    ("url", "logical"),
    [
        (f"{ORIGIN}/a", f"{ORIGIN}/a"),
        ("http://www.giavien.ninhbinh.gov.vn:80/a?b=1#c", f"{ORIGIN}/a?b=1"),
        ("http://127.0.0.1:8000/a", f"{ORIGIN}/a"),
        ("https://mirror.example.org/a/", f"{ORIGIN}/a/"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/a"),
        ("https://giavien.ninhbinh.gov.vn:8443/a", "https://giavien.ninhbinh.gov.vn:8443/a"),
        ("https://example.com/a", "https://example.com/a"),
        ("mailto:a@b", None),
    ],
)
def test_logical(url: str, logical: str | None) -> None:
    assert SCOPE.logical(url) == logical


def test_the_origin_may_be_spelled_anyhow() -> None:
    scope = Scope(origin="HTTPS://WWW.Example.com:443/", aliases=("not an address",))
    assert scope.logical("http://example.com/a") == "https://www.example.com/a"
    assert scope.contains("https://www.example.com/a")
    assert Scope(origin="junk").logical("http://example.com") == "http://example.com/"
    assert not Scope(origin="junk").contains("junk")


PAGE = f"{ORIGIN}/tin-tuc/bai-882.html"


@pytest.mark.parametrize(
    ("href", "resolved"),
    [
        ("bai-883.html", f"{ORIGIN}/tin-tuc/bai-883.html"),
        ("./bai-883.html", f"{ORIGIN}/tin-tuc/bai-883.html"),
        ("../", f"{ORIGIN}/"),
        (
            "/public/userfiles/files/Kế hoạch (1).pdf",
            f"{ORIGIN}/public/userfiles/files/K%E1%BA%BF%20ho%E1%BA%A1ch%20(1).pdf",
        ),
        ("\\Uploads\\a.doc", f"{ORIGIN}/Uploads/a.doc"),
        ("?page=2", f"{ORIGIN}/tin-tuc/bai-882.html?page=2"),
        ("//storage-vnportal.vnpt.vn/nbh/a.jpg", "https://storage-vnportal.vnpt.vn/nbh/a.jpg"),
        (" \n/a\n ", f"{ORIGIN}/a"),
        ("http://127.0.0.1:8000/a", f"{ORIGIN}/a"),
        ("#top", None),
        ("", None),
        ("  ", None),
        ("javascript:history.back()", None),
        ("JavaScript:void(0)", None),
        ("mailto:a@b.vn", None),
        ("http://[", None),
        ("data:image/png;base64," + "A" * 100_000, None),
    ],
)
def test_resolve(href: str, resolved: str | None) -> None:
    assert SCOPE.resolve(PAGE, href) == resolved


def test_resolve_on_a_broken_base() -> None:
    assert SCOPE.resolve("http://[", "a.html") is None
    assert SCOPE.resolve("", "a.html") is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (f"{ORIGIN}/a", True),
        ("https://storage-vnportal.vnpt.vn/a", True),
        ("http://files.example.org:8080/a", False),
        ("http://files.example.org:80/a", True),
        (
            "http://giavien.ninhbinh.gov.vn/a",
            False,
        ),  # not logical: the twin of an address is spelled as the origin
        ("https://kimson.ninhbinh.gov.vn/a", False),
        ("https://storage-vnportal.vnpt.vn.example.com/a", False),
        ("https://example.com/?https://storage-vnportal.vnpt.vn", False),
    ],
)
def test_may_fetch(url: str, allowed: bool) -> None:
    assert SCOPE.may_fetch(url) is allowed


# ── properties ──────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        *"/.?&=#;%aS(@:[]+'\"<|\\ \u00a0\n\t\x00\ud800ế℀。",
        *(
            "//",
            "..",
            "%2",
            "%2e",
            "%2F",
            "%53",
            "%20",
            "(S(",
            "))",
            "e\u0302\u0301",
            "www.",
            "80",
            "tin-tuc",
        ),
        *("utm_source", "utm%5Fid", "jsessionid", ";jsessionid=", "sid=00000000000000000000"),
    ]
)
HOSTS = st.sampled_from(
    ["example.com", "www.Example.com.", "127.0.0.1:80", "[::1]:443", "gia-viễn.vn", "x:8080", "u@h"]
)
WILD = st.one_of(
    st.text(),
    st.text(alphabet=string.printable),
    st.builds(
        lambda scheme, host, rest: f"{scheme}://{host}/{rest}",
        st.sampled_from(["http", "https", "HTTPS"]),
        HOSTS,
        st.lists(PIECES, max_size=12).map("".join),
    ),
    st.lists(PIECES, max_size=12).map("".join),
)


@settings(max_examples=600)
@given(WILD)
@example("http://h/(S/(S(a))(b))/x")
@example("http://h/(%53(a))/(S(b))")
@example("http://h/a;jsession;jsessionid=id=1/..;jsessionid=2/b")
@example("http://h/?utm_utm_source=1&%75tm_x=2")
def test_canonical_is_idempotent_and_plain(url: str) -> None:
    spelled = urls.canonical(url)
    if spelled is None:
        return
    assert urls.canonical(spelled) == spelled
    assert spelled.isascii()
    assert not set(spelled) & set(' \t\r\n\x00\x7f\\"<>^`{|}#')
    assert spelled.startswith(("http://", "https://"))
    assert urls.origin(spelled) == urls.origin(url)
    assert spelled.startswith(f"{urls.origin(spelled)}/")


@settings(max_examples=300)
@given(WILD, WILD)
def test_nothing_raises(url: str, other: str) -> None:
    for scope in (SCOPE, Scope(origin=url, aliases=(other,), hosts=(other,))):
        scope.logical(other)
        scope.contains(other)
        scope.may_fetch(other)
        scope.resolve(url, other)
    urls.twin(url)
    urls.slug(url)
    urls.is_trap(url)
    urls.is_loopback(url)


@settings(max_examples=300)
@given(WILD)
def test_logical_addresses_stay_logical(url: str) -> None:
    logical = SCOPE.logical(url)
    if logical is not None:
        assert SCOPE.logical(logical) == logical
        assert SCOPE.resolve(PAGE, logical) == logical


@settings(max_examples=300)
@given(WILD)
def test_twins_of_any_address(url: str) -> None:
    spelled = urls.canonical(url)
    if spelled is None or spelled.startswith(("http://www.", "https://www.")):
        return
    scheme, _, rest = spelled.partition("://")
    other = {"http": "https", "https": "http"}[scheme]
    host, _, path = rest.partition("/")
    if host.endswith(":443"):
        return
    assert urls.twin(f"{other}://{host}/{path}") == urls.twin(spelled)
    assert urls.twin(f"{scheme}://www.{host}/{path}") == urls.twin(spelled) or host.startswith("[")


@pytest.mark.parametrize(
    ("url", "address", "stamp"),
    [
        ("https://web.archive.org/web/20210301100000/https://a.vn/x", "https://a.vn/x", "20210301100000"),
        ("/web/20210301100000id_/https://a.vn/x?a=1", "https://a.vn/x?a=1", "20210301100000"),
        ("https://web.archive.org/web/2021/http://a.vn", "http://a.vn/", "2021"),
        ("https://web.archive.org/web/2021/a.vn/x", "http://a.vn/x", "2021"),
        ("https://archive.ph/2021.03.01-100000/https://a.vn/x", "https://a.vn/x", "20210301100000"),
        ("https://arquivo.pt/wayback/20210301100000mp_/http://a.vn:80/", "http://a.vn/", "20210301100000"),
        (
            "https://web.archive.org/web/2021/https://web.archive.org/web/20190101000000/http://b.vn/",
            "http://b.vn/",
            "20190101000000",
        ),
    ],
)
def test_addresses_in_web_archives(url: str, address: str, stamp: str) -> None:
    assert unwrapped(url) == Memento(address, stamp)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.vn/2021/http-la-gi.html",
        "https://a.vn/20210301100000/bai.html",
        "https://a.vn/web/2021/tin.html",
        "https://a.vn/login?next=/web/2021/https://a.vn/",
        "https://web.archive.org/web/*/https://a.vn/",
        "https://web.archive.org/web/2021/javascript:alert(1)",
    ],
)
def test_other_addresses_stay(url: str) -> None:
    assert unwrapped(url) is None


def test_links_of_a_copy_mean_the_portal() -> None:
    scope = Scope(origin="https://a.vn")
    assert scope.resolve("https://a.vn/tin/", "/web/20210301100000/http://www.a.vn/x") == "https://a.vn/x"
    assert scope.logical("https://web.archive.org/web/2021/https://a.vn/x") == "https://a.vn/x"
    assert scope.logical("https://web.archive.org/web/2021im_/https://cdn.vn/x.jpg") == "https://cdn.vn/x.jpg"
    foreign = "https://web.archive.org/web/2021/https://b.vn/x"
    assert scope.logical(foreign) == foreign


def test_pictures_inside_a_page_lie_beside_it() -> None:
    page = "https://a.vn/tin/bai-5.html"
    one = embedded(page, "data:image/png;base64,AAAA")
    assert one is not None
    assert one.startswith("https://a.vn/tin/gvreader-embedded-")
    assert is_embedded_address(one)
    assert embedded(page, " DATA:image/png;base64,AA\nAA ") == one
    assert embedded(page, "cid:a%40b") == embedded(page, "cid:<a@b>")
    assert embedded(page, "https://a.vn/x.png") is None
    assert not is_embedded_address(page)


@given(st.text())
def test_unwrapping_raises_on_no_text(text: str) -> None:
    memento = unwrapped(text)
    assert memento is None or canonical(memento.url) == memento.url


def test_a_file_host_may_be_named_with_its_port() -> None:
    scope = Scope(origin="https://a.vn", hosts=("Files.vn:8080",))
    assert scope.may_fetch("http://files.vn:8080/x")
    assert not scope.may_fetch("http://files.vn/x")
    assert not scope.may_fetch("http://files.vn:25/x")


@pytest.mark.parametrize(
    ("href", "spelled"),
    [
        ("/(S(abc))/", "https://a.vn/(S(abc))/"),
        ("/;jsessionid=AB12", "https://a.vn/;jsessionid=AB12"),
        ("?PHPSESSID=0123456789abcdef0123456789", "https://a.vn/tin/?PHPSESSID=0123456789abcdef0123456789"),
        ("x%2dy?a=%c3%a0&&b#c", "https://a.vn/tin/x%2dy?a=%c3%a0&&b"),
        ("/tin tức", "https://a.vn/tin%20t%E1%BB%A9c"),
        ("../x", "https://a.vn/x"),
        ("https://A.vn:443", "https://a.vn/"),
        ("javascript:x", None),
        ("#x", None),
    ],
)
def test_addresses_are_asked_as_they_are_spelled(href: str, spelled: str | None) -> None:
    assert urls.spelled_join("https://a.vn/tin/", href) == spelled


@given(st.text(), st.text())
def test_the_canonical_form_of_a_spelled_address(base: str, href: str) -> None:
    spelled = urls.spelled_join(f"https://a.vn/{base}", href)
    assert (canonical(spelled) if spelled else None) == urls.join(f"https://a.vn/{base}", href)
