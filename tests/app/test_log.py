from __future__ import annotations

import logging
from pathlib import Path

from gvreader.app import log
from gvreader.app.log import log_to

LOGGER = logging.getLogger("gvreader.test")


def test_strangers_texts_stay_on_one_line_and_obey_nobody(tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    with log_to(file):
        LOGGER.info("refused %s", "http://a.vn/\r\nx \x1b[31m\u202e\ud800 %s")
    (line,) = file.read_text("utf-8").splitlines()
    assert line.endswith("INFO gvreader.test: refused http://a.vn/  x ␛[31m� %s")


def test_a_log_is_added_to_and_ends_with_its_context(tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    for number in range(2):
        with log_to(file):
            LOGGER.info("run %d", number)
            LOGGER.debug("a detail")
    LOGGER.info("nobody listens")
    assert [line.rpartition(": ")[2] for line in file.read_text("utf-8").splitlines()] == ["run 0", "run 1"]
    with log_to(file, detailed=True):
        LOGGER.debug("a detail")
    assert "DEBUG gvreader.test: a detail" in file.read_text("utf-8")


def test_a_long_log_is_rotated_and_the_oldest_goes(tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    with log_to(file):
        for _number in range(5 * log.LARGEST // 1_000_000 + 5):
            LOGGER.info("x" * 1_000_000)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["run.log", "run.log.1", "run.log.2", "run.log.3"]
    assert all(path.stat().st_size <= log.LARGEST for path in tmp_path.iterdir())


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    with log_to(None):
        LOGGER.info("nobody listens")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_stops_no_run() -> None:
    with log_to(Path("/dev/full")):
        LOGGER.info("lost")
