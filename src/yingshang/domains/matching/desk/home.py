"""应享未享 on the officials' home page: how much is owed to how many, and under which policies most."""

from django.template.loader import render_to_string

from yingshang.domains.matching.permissions import READ
from yingshang.domains.matching.radar import radar_for
from yingshang.web.access import OfficialNeeds
from yingshang.web.blocks import home_block
from yingshang.web.routes import PageRequest

MOST = 3


@home_block("desk:home", order=19, width="full", access=OfficialNeeds(READ))
def unpaid(request: PageRequest) -> str:
    """Show the radar in a line and the policies under which most is unpaid; nothing before the first run."""
    found = radar_for(request.actor)
    if found is None or not found.claims_known:
        return ""
    context = {"radar": found, "rows": found.policies[:MOST]}
    return render_to_string("matching/blocks/unpaid.html", context, request)
