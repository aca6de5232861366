"""Taking a mandate back, the same for an office and for an enterprise."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yingshang.domains.administration.forms import Reason
from yingshang.parties.actions.mandates import revoke_mandate
from yingshang.parties.selectors import get_mandate_for
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest


def answer_revocation(request: PageRequest, ref: str, *, back: str) -> HttpResponse:
    """Show and take in the form that takes a mandate back at once, with the reason."""
    found = get_mandate_for(request.actor, ref)
    return answer_form(
        request,
        Reason(request.POST or None),
        lambda given: revoke_mandate(request.actor, mandate=ref, **given),
        done=_("授权已撤销。"),
        back=back,
        context={
            "title": _("撤销“%(name)s”的授权") % {"name": found.person.name},
            "lead": str(found.organ or found.subject),
            "action_label": _("撤销"),
            "tone": "danger",
        },
    )
