"""What a run brings home, and what the runs after it do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest

from gvreader.demo.exchange import Ask, PortalReply
from gvreader.errors import UsageError
from gvreader.model import Article
from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal, adhoc
from gvreader.web import Policy
from tests.operations.sync.conftest import TOTAL, Archive, kinds, stored
from tests.portal import Replica
from tests.portal.faults import Fault, Honest
from tests.portal.troubles import Redirect, Robots, SoftNotFound, Status

FAMILIES = (
    *(
        "giavien",
        "giavien-framed",
        "giavien-cards",
        "vnpt",
        "vhv",
        "lacviet",
        "tandan",
        "nukeviet",
        "liferay",
    ),
    *(
        "unknown-divs",
        "unknown-tables",
        "unknown-semantic",
        "unknown-blog",
        "unknown-forms",
        "unknown-seeded",
    ),
)


def said(article: Article) -> tuple[object, ...]:
    return article.title, article.published, article.author, article.organisation, article.text


def by_url(archive: Archive) -> dict[str, Article]:
    with archive.library() as library:
        return {one.row.url: one.article for one in library.articles.stream(library.articles.ids())}


# ── the first run ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("family", FAMILIES)
def test_a_first_run_brings_what_the_portal_says(family: str, archive: Archive) -> None:
    with Replica(family=family, articles=16) as server:
        report = archive.finish(adhoc(server.base_url + "/"))
        truth = [*server.truth(), *server.static_truth()]
        assert (report.exit_code, report.complete, report.problems) == (0, True, ())
        assert report.tally.new == len(truth)
        assert report.tally.requests == len(server.requests)
        held = {article.title: article for article in by_url(archive).values()}
        for article in truth:
            assert said(held[article.title])[1:4] == said(article)[1:4], article.url
            assert held[article.title].text == article.text, article.url


def test_keys_sections_media_and_evidence(archive: Archive, giavien: Portal, replica: Replica) -> None:
    report = archive.finish(giavien, base_url=replica.base_url)
    truth = list(replica.truth(giavien.origin))
    media = {image.url for article in truth for image in article.images}
    media |= {file.url for article in truth for file in article.attachments}
    assert report.tally.media_new == len(media)
    with archive.library() as library, archive.vault() as vault:
        for article in truth:
            one = library.articles.get(f"giavien:{article.identity}")
            assert one is not None
            assert one.row.url.startswith("https://giavien.ninhbinh.gov.vn/")
            assert {ref.slug for ref in one.row.sections} >= {ref.slug for ref in article.sections}
            assert one.evidence is not None
            assert vault.get(one.evidence).source_uri.startswith(replica.base_url)  # type: ignore[union-attr]
        assert all(library.media.has(url) for url in media)


def test_pages_of_a_posted_form_are_read(archive: Archive) -> None:
    with Replica(family="vnpt", articles=60) as server:
        report = archive.finish(adhoc(server.base_url + "/"))
        posts = [request for request in server.requests if request.method == "POST"]
        assert report.tally.new == 60 + len(list(server.static_truth()))
        assert posts
        assert all(b"page=" in request.body for request in posts)


@pytest.mark.parametrize("family", ["vnpt", "nukeviet", "unknown-blog"])
def test_a_feed_tells_what_a_failing_list_does_not(family: str, archive: Archive) -> None:
    with Replica(family=family, articles=20) as server:
        portal = adhoc(server.base_url + "/")
        archive.finish(portal)
        news = server.site.publish(2)
        archive.later(hours=6)
        hidden = {piece.title for piece in news}
        paths = {urlsplit(server.truth_of(piece.number).url).path for piece in news}

        class WithoutNews(Fault):
            """Lists that have not heard of it yet."""

            def answer(self, ask: Ask, honest: Honest) -> PortalReply:
                answer = honest(ask)
                return answer if b"<rss" in answer.body or ask.path in paths else PortalReply(status=503)

        server.faults.add(WithoutNews(), r"^/(?!$|robots)")
        report = archive.finish(portal, policy=Policy(delay=0.0, backoff=0.0, max_attempts=1))
        assert any("rss" in request.path or "feed" in request.path for request in server.requests)
        assert hidden <= {article.title for article in by_url(archive).values()}
        assert report.exit_code == 3


# ── later runs ──────────────────────────────────────────────────────────────────────────────────


def test_an_unchanged_portal_of_300_articles_is_cheap(archive: Archive, giavien: Portal) -> None:
    with Replica(articles=300) as server:
        archive.finish(giavien, base_url=server.base_url)
        before = archive.contents()
        with archive.library() as library:
            sections = len(library.sections.counts("giavien"))
        server.requests.clear()
        archive.later(hours=6)
        report = archive.finish(giavien, base_url=server.base_url)
        assert (report.tally.new, report.tally.changed, report.tally.gone) == (0, 0, 0)
        assert (report.exit_code, report.complete) == (0, True)
        assert len(server.requests) == report.tally.requests <= 3 * sections + 10
        assert archive.contents() == before


def test_a_portal_without_validators_costs_no_more(archive: Archive, giavien: Portal) -> None:
    with Replica(articles=30, validators=False) as server:
        archive.finish(giavien, base_url=server.base_url)
        archive.later(hours=6)
        report = archive.finish(giavien, base_url=server.base_url)
        assert (report.tally.new, report.tally.changed) == (0, 0)
        assert report.tally.requests <= 3 * 9 + 10


def test_counters_and_clocks_make_no_revision(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    replica.site.publish(3)  # other related articles, another page of each list
    archive.later(days=1)
    report = archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    assert (report.tally.new, report.tally.changed) == (3, 0)
    with archive.library() as library:
        assert {len(library.articles.history(number)) for number in library.articles.ids()} == {1}


def test_an_edit_makes_a_revision_and_keeps_the_old_text(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    number = next(replica.site.pieces()).number
    old = replica.truth_of(number, giavien.origin)
    replica.site.edit(number, title="Tên mới của bài viết sau khi đính chính", append="Một đoạn viết thêm.")
    archive.later(hours=2)
    report, events = archive.run(giavien, base_url=replica.base_url)
    assert report is not None
    assert stored(events, "changed") == [f"giavien:{number}"]
    assert report.tally.changed == 1
    with archive.library() as library:
        article_id = library.articles.id_of(f"giavien:{number}")
        assert article_id is not None
        first, second = library.articles.history(article_id)
        before, after = (library.articles.get(f"giavien:{number}", revision=n) for n in (1, 2))
        assert before is not None
        assert after is not None
        assert (before.article.title, before.article.text) == (old.title, old.text)
        assert after.article.title == "Tên mới của bài viết sau khi đính chính"
        assert after.article.text == old.text + "\n\nMột đoạn viết thêm."
        assert first.evidence != second.evidence


def test_an_old_article_is_looked_at_again_in_time(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    oldest = list(replica.site.pieces())[-1].number
    replica.site.edit(oldest, append="Đính chính muộn.")
    changed: list[str] = []
    for _ in range(4):
        archive.later(days=190)
        _report, events = archive.run(giavien, base_url=replica.base_url)
        changed += stored(events, "changed")
    assert changed == [f"giavien:{oldest}"]


def test_runs_look_at_every_article_in_turn(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    numbers = [piece.number for piece in replica.site.pieces()]
    for number in numbers[10::5]:
        replica.site.edit(number, append="Thêm một câu.")
    changed: set[str] = set()
    for _ in range(3):
        archive.later(minutes=1)
        _report, events = archive.run(giavien, base_url=replica.base_url)
        changed |= set(stored(events, "changed"))
    assert changed == {f"giavien:{number}" for number in numbers[10::5]}


def test_what_robots_forbids_is_told(archive: Archive, giavien: Portal, replica: Replica) -> None:
    replica.faults.add(Robots("User-agent: *\nDisallow: /thong-bao\nDisallow: /public/\n"), "^/robots")
    report = archive.finish(giavien, base_url=replica.base_url)
    assert (report.exit_code, kinds(report)) == (0, ["robots"])
    assert any(problem.url.endswith("/thong-bao.html") for problem in report.problems)
    asked = [request.path for request in replica.requests]
    assert not [path for path in asked if path.startswith(("/thong-bao", "/public/"))]
    healthy = [one for one in replica.truth() if "/thong-bao" not in one.url]
    assert archive.contents().keys() >= {f"giavien:{article.identity}" for article in healthy}


def test_a_deleted_article_is_gone_and_may_come_back(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    number = list(replica.site.pieces())[2].number
    text = archive.contents()[f"giavien:{number}"]
    replica.site.delete(number)
    archive.later(hours=3)
    report, events = archive.run(giavien, base_url=replica.base_url)
    assert report is not None
    assert (report.exit_code, report.tally.gone) == (0, 1)
    assert stored(events, "gone") == [f"giavien:{number}"]
    with archive.library() as library:
        one = library.articles.get(f"giavien:{number}")
        assert one is not None
        assert one.row.gone is not None
        assert one.content_sha256 == text
    archive.later(hours=3)
    assert archive.finish(giavien, base_url=replica.base_url).tally.gone == 0
    replica.site.restore(number)
    archive.later(hours=3)
    _report, events = archive.run(giavien, base_url=replica.base_url)
    assert stored(events, "returned") == [f"giavien:{number}"]
    with archive.library() as library:
        one = library.articles.get(f"giavien:{number}")
        assert one is not None
        assert one.row.gone is None


def test_a_soft_404_is_gone_too(archive: Archive, giavien: Portal, replica: Replica) -> None:
    replica.faults.add(SoftNotFound())
    archive.finish(giavien, base_url=replica.base_url)
    number = next(replica.site.pieces()).number
    replica.site.delete(number)
    archive.later(hours=3)
    assert archive.finish(giavien, base_url=replica.base_url).tally.gone == 1


def test_an_article_that_leads_home_is_gone_too(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    number = next(replica.site.pieces()).number
    rule = replica.faults.add(Redirect("/"), rf"-{number}\.html")
    archive.later(hours=3)
    report, events = archive.run(giavien, base_url=replica.base_url)
    assert report is not None
    assert (report.exit_code, report.tally.gone) == (0, 1)
    assert stored(events, "gone") == [f"giavien:{number}"]
    replica.faults.remove(rule)
    archive.later(hours=3)
    _report, events = archive.run(giavien, base_url=replica.base_url)
    assert stored(events, "returned") == [f"giavien:{number}"]


def test_a_home_page_at_another_address(archive: Archive) -> None:
    with Replica(articles=12) as server:

        class Moved(Fault):
            """The root leads to a start page; so does what is not there."""

            def answer(self, ask: Ask, honest: Honest) -> PortalReply:
                if ask.path == "/trang-chu.html":
                    return honest(replace(ask, path="/", target="/"))
                if ask.path == "/" or ask.path.endswith(f"-{deleted}.html"):
                    return PortalReply(status=302, headers=(("Location", "/trang-chu.html"),), body=b"")
                return honest(ask)

        deleted = list(server.site.pieces())[3].number
        server.faults.add(Moved())
        report = archive.finish(adhoc(server.base_url + "/"))
        assert (report.exit_code, kinds(report)) == (3, ["soft-404"])
        assert report.tally.new == 11 + len(list(server.static_truth()))


def test_lists_that_shift_while_they_are_read_lose_nothing(archive: Archive, giavien: Portal) -> None:
    with Replica(articles=40) as server:

        class Busy(Fault):
            """Something new is published whenever a list is read."""

            def answer(self, ask: Ask, honest: Honest) -> PortalReply:
                answer = honest(ask)
                if server.site.count() < 64:
                    server.site.publish(3)
                return answer

        server.faults.add(Busy(), r"^/[a-z-]+(/?|\.html|.*(trang|page|p)[-=/]?\d+.*)$")
        archive.finish(giavien, base_url=server.base_url)
        server.faults.clear()
        archive.later(hours=1)
        report = archive.finish(giavien, base_url=server.base_url)
        assert server.site.count() >= 64
        assert report.exit_code == 0
        assert archive.contents().keys() >= {f"giavien:{article.identity}" for article in server.truth()}


def test_a_failing_section_is_told_and_made_up_for(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    policy = Policy(delay=0.0, backoff=0.0)
    replica.faults.add(Status(500), r"^/thong-bao")
    report = archive.finish(giavien, base_url=replica.base_url, policy=policy)
    assert (report.exit_code, report.complete, kinds(report)) == (3, False, ["http-status"])
    assert {problem.section for problem in report.problems} >= {"thong-bao"}
    with archive.library() as library:
        (portal,) = library.status().portals
        sections = {section.slug: section for section in portal.sections}
        healthy = sections["kinh-te"]
        assert healthy.last_success is not None
        assert healthy.last_problem is None
        if "thong-bao" in sections:
            assert sections["thong-bao"].last_success is None
            assert sections["thong-bao"].last_problem is not None
    replica.faults.clear()
    archive.later(hours=6)
    assert archive.finish(giavien, base_url=replica.base_url).complete
    assert archive.contents().keys() >= {f"giavien:{article.identity}" for article in replica.truth()}


def test_a_run_that_was_stopped_is_continued(archive: Archive, giavien: Portal, replica: Replica) -> None:
    whole = Archive(archive.folder.with_name("whole"))
    whole.finish(giavien, base_url=replica.base_url)
    for events in (3, 40, 90):
        archive.run(giavien, base_url=replica.base_url, stop_after=events)
    replica.requests.clear()
    assert archive.finish(giavien, base_url=replica.base_url).complete
    assert archive.contents() == whole.contents()


# ── options ─────────────────────────────────────────────────────────────────────────────────────


def test_a_limit_is_kept_and_gone_beyond_later(archive: Archive, giavien: Portal, replica: Replica) -> None:
    report = archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(limit=5, media=False))
    assert (report.exit_code, report.complete, report.tally.new) == (0, False, 5)
    assert len([request for request in replica.requests if "/public/" in request.path]) == 0
    report = archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(limit=5))
    assert report.tally.new == 5
    assert archive.finish(giavien, base_url=replica.base_url).complete
    assert len(archive.contents()) == TOTAL


def test_only_a_section(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(sections=("kinh-te",)))
    wanted = {
        f"giavien:{article.identity}"
        for article in replica.truth()
        if "kinh-te" in {ref.slug for ref in article.sections}
    }
    assert archive.contents().keys() == wanted
    with pytest.raises(UsageError, match="khong-co"):
        archive.run(giavien, base_url=replica.base_url, options=SyncOptions(sections=("khong-co",)))


def test_nothing_older_than_asked_for(archive: Archive, giavien: Portal, replica: Replica) -> None:
    days = sorted(article.published for article in replica.truth() if isinstance(article.published, date))
    since = days[len(days) // 2]
    assert type(since) is date
    archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(since=since))
    wanted = {
        f"giavien:{article.identity}"
        for article in replica.truth()
        if isinstance(article.published, date) and article.published >= since
    }
    held = archive.contents().keys()
    assert wanted <= held
    assert len(held) < TOTAL
    assert archive.finish(giavien, base_url=replica.base_url).complete
    assert len(archive.contents()) == TOTAL


def test_a_full_run_asks_for_every_article_again(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    replica.site.edit(list(replica.site.pieces())[-1].number)
    archive.later(hours=1)
    report = archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    assert report.tally.changed == 1
    assert report.tally.unchanged == TOTAL - 1


def test_media_that_were_left_out_are_made_up_for(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(media=False))
    archive.later(hours=6)
    report = archive.finish(giavien, base_url=replica.base_url)
    assert report.tally.media_new == len(
        {image.url for article in replica.truth() for image in article.images}
        | {file.url for article in replica.truth() for file in article.attachments}
    )
