"""Two people import the same file at the same moment: there is one draft, and the other is told."""

from functools import partial

import pytest

from yingshang.cases.tests.test_concurrency import at_once
from yingshang.domains.plans.actions.imports import discard_draft, start_import
from yingshang.domains.plans.errors import DraftExists
from yingshang.domains.plans.models import ImportDraft
from yingshang.domains.plans.tests.cast import OFFICE, PLAN_2025, make_organs


@pytest.mark.django_db(transaction=True)
def test_two_importers_of_the_same_bytes_make_one_draft() -> None:
    make_organs()
    start = partial(start_import, OFFICE, filename="方案.txt", content=PLAN_2025.encode())
    for _ in range(3):
        results = at_once(start, start)
        (refusal,) = [result for result in results if not isinstance(result, str)]
        (draft,) = [result for result in results if isinstance(result, str)]
        assert isinstance(refusal, DraftExists)
        assert refusal.params["draft"] == draft
        discard_draft(OFFICE, draft=draft)
    assert ImportDraft.objects.count() == 3
