"""What claims bring to the enterprise's own page: those under way."""

from django.template.loader import render_to_string

from yingshang.domains.claims.permissions import CLAIM
from yingshang.domains.claims.presenting import line_of
from yingshang.domains.claims.selectors import list_claims_for
from yingshang.web.access import SubjectNeeds
from yingshang.web.blocks import home_block
from yingshang.web.routes import PageRequest

MOST = 5


@home_block("portal:mine", order=25, width="two-thirds", access=SubjectNeeds(CLAIM))
def claims_under_way(request: PageRequest) -> str:
    """Show the claims that are not over or paid, the latest first; nothing where there are none."""
    found = list_claims_for(request.actor).filter(is_live=True, case__closed_at=None)
    found = found.exclude(case__state="paid")
    lines = [line_of(one) for one in found.order_by("-pk")[:MOST]]
    if not lines:
        return ""
    return render_to_string("claims/blocks/under_way.html", {"lines": lines}, request)
