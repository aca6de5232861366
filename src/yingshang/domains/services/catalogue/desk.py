"""事项目录 on the desk: what is in force, how far online, where organs differ, and proposing changes."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.catalogue.changing import changes_in
from yingshang.domains.services.catalogue.comparing import count_depths, list_differences
from yingshang.domains.services.catalogue.declaring import Implementation
from yingshang.domains.services.catalogue.forms import ProposalForm
from yingshang.domains.services.catalogue.portal import guide_of
from yingshang.domains.services.catalogue.presenting import (
    DEPTHS,
    LEVELS,
    element_text,
    line_of,
    local,
)
from yingshang.domains.services.catalogue.presenting import (
    ELEMENTS as ELEMENT_LABELS,
)
from yingshang.domains.services.catalogue.proposing import propose_change
from yingshang.domains.services.catalogue.reading import (
    Service,
    get_version_for,
    item_names,
    list_services,
    list_versions_for,
    service_of,
)
from yingshang.domains.services.models import ImplementationVersion, ServiceImplementation
from yingshang.domains.services.permissions import PROPOSE_CHANGE, READ_CATALOGUE
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("政务服务")
STATES: dict[str, tuple[Any, str]] = {
    "proposed": (_("审定中"), "warn"),
    "published": (_("已公布"), "good"),
    "refused": (_("未采纳"), "idle"),
    "offered": (_("上级新版本，待提出"), "warn"),
}


class CatalogueFilter(forms.Form):
    """Narrows the catalogue."""

    organ = forms.ModelChoiceField(
        label=_("办理单位"),
        required=False,
        queryset=Organ.objects.none(),
        to_field_name="ref",
        empty_label=_("全部"),
    )
    depth = forms.ChoiceField(
        label=_("网办深度"), required=False, choices=[("", _("全部")), *DEPTHS.items()]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        organs = ServiceImplementation.objects.values("organ")
        self.fields["organ"].queryset = Organ.objects.filter(pk__in=organs)  # type: ignore[attr-defined]

    def fits(self, one: Service) -> bool:
        """Tell whether a service is among those that were chosen."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else {}
        organ, depth = chosen.get("organ"), chosen.get("depth")
        return (not organ or one.organ == organ) and (not depth or one.elements.depth == depth)


@page(
    "services/",
    name="desk:services",
    access=Needs(READ_CATALOGUE),
    title=_("事项目录"),
    navigation=Navigation(_("事项目录"), GROUP, 300),
)
def services(request: PageRequest) -> HttpResponse:
    """List the services in force, with how many are handled online."""
    every = list_services()
    form = CatalogueFilter(request.GET or None)
    lines = [line_of(one) for one in every if form.fits(one)]
    waiting = ImplementationVersion.objects.filter(state__in=("proposed", "offered"))
    context = {
        "form": form,
        "lines": lines,
        "depths": count_depths(every),
        "differences": sum(1 for _one in list_differences(every)),
        "waiting": waiting.count(),
        "any": bool(every),
    }
    return render(request, "services/desk/services.html", context)


@page(
    "services/differences/",
    name="desk:service-differences",
    access=Needs(READ_CATALOGUE),
    title=_("同一事项差异"),
    parent="desk:services",
)
def differences(request: PageRequest) -> HttpResponse:
    """Show in which elements organs of one level implement the same item otherwise."""
    found = list(list_differences(list_services()))
    names = item_names(one.item for one in found)
    rows = [
        {
            "item": local(names[one.item], "name"),
            "level": LEVELS[one.level],
            "element": ELEMENT_LABELS[one.element],
            "groups": [
                (element_text(few[0], one.element), [line_of(service) for service in few])
                for _value, few in one.groups
            ],
            "unexplained": [line_of(service) for service in one.unexplained],
        }
        for one in found
    ]
    return render(request, "services/desk/differences.html", {"rows": rows})


@page(
    "services/<str:key>/",
    name="desk:service",
    access=Needs(READ_CATALOGUE),
    title=_("事项"),
    parent="desk:services",
)
def service(request: PageRequest, key: str) -> HttpResponse:
    """Show an implementation as applicants read it, its versions, and what a version changed."""
    versions = list(list_versions_for(request.actor, key))
    day = today()
    current = next((one for one in versions if one.is_in_force_on(day)), versions[-1])
    shown = service_of(current)
    own = shown.organ.pk == request.actor.organ_id
    context = {
        **guide_of(shown),
        "crumb_title": local(shown.item, "name"),
        "in_force": current.is_in_force_on(day),
        "versions": [(one, *STATES[one.state], changes_in(one, versions)) for one in versions],
        "may_propose": own and request.actor.may(PROPOSE_CHANGE),
    }
    return render(request, "services/desk/service.html", context)


@page(
    "services/<str:key>/propose/",
    name="desk:service-propose",
    access=Needs(PROPOSE_CHANGE),
    title=_("提出调整"),
    methods=("GET", "POST"),
    parent="desk:service",
)
def propose(request: PageRequest, key: str) -> HttpResponse:
    """Propose other elements for a service of one's own organ."""
    versions = list(list_versions_for(request.actor, key))
    offered = next((one for one in versions if one.state == "offered"), None)
    published = next(one for one in versions if one.state == "published")
    start = Implementation.model_validate((offered or published).body)
    form = ProposalForm(request.POST or None, start=start)
    return answer_form(
        request,
        form,
        lambda given: propose_change(
            request.actor,
            implementation=key,
            elements=form.elements(),
            why=given["why"],
            reviewer=given["reviewer"].ref,
        ),
        done=_("已提交审定，审定通过后自拟生效日期起公布。"),
        back=reverse("desk:service", args=[key]),
        context={
            "title": _("提出调整"),
            "lead": local(service_of(published).item, "name"),
            "action_label": _("提交审定"),
        },
    )


@page(
    "services/versions/<str:ref>/",
    name="desk:service-version",
    access=Needs(READ_CATALOGUE),
    title=_("事项版本"),
    parent="desk:services",
)
def version(request: PageRequest, ref: str) -> HttpResponse:
    """Show one version as applicants would read it."""
    found = get_version_for(request.actor, ref)
    versions = list(list_versions_for(request.actor, found.implementation.key))
    context = {
        **guide_of(service_of(found)),
        "version": found,
        "state": STATES[found.state],
        "changes": changes_in(found, versions),
    }
    return render(request, "services/desk/version.html", context)


def _some_service() -> dict[str, Any]:
    return {"key": ServiceImplementation.objects.filter(organ__key="qj-approval")[0].key}


example("desk:service", _some_service, visitor="approver")
example("desk:service-propose", _some_service, visitor="approver")
example(
    "desk:service-version",
    lambda: {"ref": ImplementationVersion.objects.order_by("pk")[0].ref},
    visitor="approver",
)
