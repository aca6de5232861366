"""Anyone verifies a licence, a copy or a document: by the QR code, or by identifier and code typed in."""

from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.licences.errors import NotVerifiable, TooManyGuesses
from yingshang.licences.forms import FileForm, VerificationForm
from yingshang.licences.labels import TONES, state_label
from yingshang.licences.verifying import WITHIN, Verified, matches_file, verify
from yingshang.web.access import Anyone
from yingshang.web.errors import too_many
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

LARGEST = 20 * 1024 * 1024


@page(
    "verify/",
    name="portal:verify",
    access=Anyone(),
    title=_("证照核验"),
    navigation=Navigation(_("证照核验"), order=55),
    methods=("GET", "POST"),
)
def verification(request: PageRequest) -> HttpResponse:
    """Say whether a document is genuine and in force, and whether a file at hand is the one that was sealed."""
    asked = request.POST if request.method == "POST" else request.GET
    form = VerificationForm(asked if "id" in asked else None)
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = verify(
                form.cleaned_data["id"],
                form.cleaned_data["code"],
                address=request.META.get("REMOTE_ADDR", ""),
            )
        except NotVerifiable as error:
            show_refusal(form, error)
        except TooManyGuesses as error:
            return too_many(request, str(error), retry_seconds=int(WITHIN.total_seconds()))
    upload, compared = _compare(request, found)
    context: dict[str, Any] = {"form": form, "found": found, "upload": upload, "compared": compared}
    if found is not None:
        context |= {"state": state_label(found.state), "tone": TONES[found.state]}
    refused = bool(form.errors or upload.errors)
    return render(request, "licences/verify.html", context, status=422 if refused else 200)


def _compare(request: PageRequest, found: Verified | None) -> tuple[FileForm, bool | None]:
    """Compare an uploaded file by its digest; None where there is nothing to compare."""
    posted = request.method == "POST" and found is not None
    upload = FileForm(request.POST, request.FILES) if posted else FileForm()
    if found is None or not posted or not upload.is_valid():
        return upload, None
    file = upload.cleaned_data["file"]
    if (file.size or 0) > LARGEST:
        upload.add_error("file", gettext("文件超过 20 MB，不会是本平台的文件。"))
        return upload, None
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return upload, matches_file(found, digest.hexdigest())
