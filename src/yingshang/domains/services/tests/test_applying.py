"""What applicants see of their applications, also where the service has ended meanwhile."""

import pytest
from django.urls import reverse

from yingshang.forms.tests.conftest import District, district
from yingshang.forms.tests.test_pages import browser

__all__ = ["district"]


@pytest.mark.django_db
def test_a_draft_whose_service_has_ended_stays_in_reach_under_its_forms_name(
    district: District,
) -> None:
    draft = district.start(context={"organ": "office", "service": "ended-long-ago"})
    client = browser(district.boss)
    page = client.get(reverse("portal:applications")).content.decode()
    where = reverse("portal:fill-application", args=[draft.ref])
    assert where in page
    assert client.get(where).status_code == 200


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_begun_application_stays_in_reach_behind_many_other_drafts(district: District) -> None:
    draft = district.start(context={"organ": "office", "service": "ended-long-ago"})
    for _other in range(20):
        district.start()
    page = browser(district.boss).get(reverse("portal:applications")).content.decode()
    assert reverse("portal:fill-application", args=[draft.ref]) in page
