"""我的文书: documents served on a subject, with their receipts, and the consent to electronic service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.licences.actions.servings import (
    agree_to_electronic_service,
    confirm_receipt,
    end_electronic_service,
    open_document,
)
from yingshang.licences.forms import ConsentForm
from yingshang.licences.permissions import HOLD
from yingshang.licences.presenting import file_of, serving_rows
from yingshang.licences.renditions import read_file
from yingshang.licences.selectors import find_consent_for, get_serving_for, list_servings_for
from yingshang.web.access import SubjectNeeds
from yingshang.web.downloads import download
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page


@page(
    "my-documents/",
    name="portal:my-documents",
    access=SubjectNeeds(HOLD),
    title=_("我的文书"),
    navigation=Navigation(_("我的文书"), OWN, 64),
)
def my_documents(request: PageRequest) -> HttpResponse:
    """List the documents served on the subject, the last first."""
    own = list_servings_for(request.actor).filter(subject=request.actor.subject_id)
    listing = list_page(request, own, sorts={"sent": ("sent_at", "pk")}, default="-sent")
    context = {
        "listing": listing,
        "rows": serving_rows(listing.rows),
        "consent": find_consent_for(request.actor),
    }
    return render(request, "licences/my_documents.html", context)


@page(
    "my-documents/consent/",
    name="portal:electronic-service",
    access=SubjectNeeds(HOLD),
    title=_("电子送达确认"),
    methods=("GET", "POST"),
    parent="portal:my-documents",
)
def consent(request: PageRequest) -> HttpResponse:
    """Agree to electronic service, or withdraw the consent."""
    standing = find_consent_for(request.actor)
    back = reverse("portal:my-documents")
    if standing is not None and request.method == "POST":
        end_electronic_service(request.actor)
        messages.success(request, gettext("已撤回电子送达确认，此后的文书改用其他方式送达。"))
        return redirect(back)
    if standing is not None:
        return render(request, "licences/consent.html", {"consent": standing})
    return answer_form(
        request,
        ConsentForm(request.POST or None),
        lambda given: agree_to_electronic_service(request.actor, contact=given["contact"]),
        done=_("已确认电子送达。"),
        back=back,
        context={
            "title": gettext("电子送达确认"),
            "lead": gettext("可以随时撤回；撤回不影响已经送达的文书。"),
            "action_label": gettext("同意电子送达"),
        },
    )


@page(
    "my-documents/<str:ref>/",
    name="portal:my-document",
    access=SubjectNeeds(HOLD),
    title=_("文书"),
    parent="portal:my-documents",
)
def my_document(request: PageRequest, ref: str) -> HttpResponse:
    """Show one document that was served, which writes down that it was opened."""
    serving = get_serving_for(request.actor, ref)
    if serving.opened_at is None and serving.subject_id == request.actor.subject_id:
        serving = open_document(request.actor, serving=ref)
    context = {
        "serving": serving,
        "row": serving_rows([serving])[0],
        "file": file_of(serving.document),
        "crumb_title": serving.number,
    }
    return render(request, "licences/my_document.html", context)


@page(
    "my-documents/<str:ref>/file/",
    name="portal:my-document-file",
    access=SubjectNeeds(HOLD),
    title=_("下载文书"),
    parent="portal:my-document",
)
def my_document_file(request: PageRequest, ref: str) -> HttpResponse:
    """Send the sealed file of a document that was served."""
    serving = get_serving_for(request.actor, ref)
    name = f"{serving.title}{serving.number}.pdf"
    return download(read_file(serving.document), name, "application/pdf")


@page(
    "my-documents/<str:ref>/confirm/",
    name="portal:confirm-receipt",
    access=SubjectNeeds(HOLD),
    title=_("确认收到"),
    methods=("POST",),
    parent="portal:my-document",
)
def confirm(request: PageRequest, ref: str) -> HttpResponse:
    """Confirm that a document was received."""
    confirm_receipt(request.actor, serving=ref)
    messages.success(request, gettext("已确认收到。"))
    return redirect("portal:my-document", ref=ref)
