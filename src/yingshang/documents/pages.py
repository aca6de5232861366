"""Handing out attachments."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from yingshang.documents.selectors import get_attachment_for, read_content
from yingshang.web.access import SignedIn
from yingshang.web.downloads import download
from yingshang.web.routes import PageRequest, page


@page("attachments/<str:ref>/", name="attachment", access=SignedIn(), title=_("附件"))
def attachment(request: PageRequest, ref: str) -> HttpResponse:
    """Send one attachment as a download; a browser never shows it inside our pages."""
    found = get_attachment_for(request.actor, ref)
    return download(read_content(found), found.name, found.media_type)
