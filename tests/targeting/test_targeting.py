"""Conditions of another product, written in the language, answer as they expect."""

from __future__ import annotations

import pytest

from tests.targeting.translate import PAGE, Record, page, records, result

RECORDS = records()


@pytest.mark.parametrize("record", RECORDS, ids=[record.id for record in RECORDS])
def test_answers_as_expected(record: Record) -> None:
    assert result(record).fault == ""


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page([result(record) for record in RECORDS])
