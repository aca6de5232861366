"""What is asked although the platform knows it (重复索要): the same questions for the lint and the report."""

import re

from yingshang.facts.catalogue import Catalogue
from yingshang.forms.definition import Material, Question

SELF = "self"
"""The source by which a subject speaks for itself: what only it says must be asked."""

_EMPTY_WORDS = re.compile(r"[\s（）()：:、的]|企业|公司|本单位|申请人|单位")


def _bare(label: str) -> str:
    return _EMPTY_WORDS.sub("", label)


def known_question(question: Question, catalogue: Catalogue) -> str:
    """Return why a question need not be asked as it is, or nothing.

    One without a fact whose label says the same as a fact's, and one that is bound to a fact of
    another source and yet not prefilled.
    """
    if question.fact:
        declared = catalogue.types.get(question.fact)
        held = declared is not None and declared.source != SELF
        return (
            f"“{catalogue.label_of(question.fact)}”平台已有却不预填"
            if held and (question.prefill == "none")
            else ""
        )
    if not question.label or question.prefill not in ("fact", "none"):
        return ""
    wanted = _bare(question.label)
    for declared in catalogue:
        same = wanted and _bare(declared.label) == wanted
        if same and declared.shape == "scalar" and declared.source != SELF:
            return f"“{question.label}”就是数据目录中的 {declared.key}"
    return ""


def known_material(material: Material, catalogue: Catalogue) -> str:
    """Return why a material need not be handed in, or nothing.

    One from the applicant that proves nothing but what another source tells the platform, and one for
    which a licence stands.
    """
    if material.source != "applicant":
        return ""
    if material.licence_kind:
        return f"“{material.label}”是平台可以核验的证照"
    held = [catalogue.types[key] for key in material.proves if key in catalogue.types]
    if held and len(held) == len(material.proves) and all(one.source != SELF for one in held):
        labels = "、".join(one.label for one in held)
        return f"“{material.label}”证明的{labels}平台已有"
    return ""
