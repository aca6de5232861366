"""What the case pages of a matter show: all steps on the whole, and the whole on each step."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.domains.services.bundles.burden import compare
from yingshang.domains.services.bundles.names import BUNDLE
from yingshang.domains.services.bundles.presenting import burden_rows, matter_lines, steps_shown
from yingshang.domains.services.bundles.reading import bundle_of, list_matters
from yingshang.domains.services.catalogue.presenting import local
from yingshang.web.routes import PageRequest


@case_panel("services.matter", title=_("一件事办理情况"), order=10)
def matter(request: PageRequest, case: Case) -> str:
    """Show every step of the matter to which a case belongs, and the burden on the whole."""
    parent = case if BUNDLE in case.data else case.parent
    if parent is None or BUNDLE not in parent.data:
        return ""
    bundle = bundle_of(parent)
    context = {
        "parent": parent,
        "bundle_key": bundle.key,
        "burden": _burden(bundle.key, parent) if parent is case else [],
        "here": case,
        "name": local(bundle, "label"),
        "steps": steps_shown(request.actor, parent),
        "ended": matter_lines(parent),
    }
    return render_to_string("services/desk/matter_panel.html", context, request)


def _burden(key: str, parent: Case) -> list[tuple[str, int, int]]:
    """Compare the steps that this matter took, by the bundle and services in force now."""
    matter = next((one for one in list_matters() if one.bundle.key == key), None)
    taken = set(parent.matter_steps.values_list("item", flat=True))
    steps = (
        [one for one in matter.steps if one.item in taken & matter.services.keys()]
        if matter
        else []
    )
    return burden_rows(compare(matter, steps)) if matter and steps else []
