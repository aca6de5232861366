"""How findings are laid out for pages and for paper."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yingshang.domains.checkups.conditions import Condition
from yingshang.domains.checkups.evidence import Evidence
from yingshang.domains.checkups.findings import ENTITLED, NEARLY, NO, UNKNOWN, Finding

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class PartOf:
    """A part of a check-up: what it is called, what it means, its tone."""

    label: "_StrOrPromise"
    lead: "_StrOrPromise"
    tone: str


PARTS = {
    ENTITLED: PartOf(_("可以享受"), _("现有数据已经满足全部条件。"), "good"),
    NEARLY: PartOf(_("差一点"), _("只差一两项，补上就能享受。"), "warn"),
    UNKNOWN: PartOf(_("缺数据"), _("现有数据还不能判断，补充后即可得出结论。"), "active"),
    NO: PartOf(_("不符合"), _("至少有一项条件不满足，每项都写明依据。"), "idle"),
}
RESULTS = {
    "yes": (_("满足"), "good"),
    "no": (_("不满足"), "bad"),
    "unknown": (_("未知"), "warn"),
}


@dataclass(frozen=True)
class Shown:
    """A condition with its facts; groups have ``parts``."""

    condition: Condition
    said: "_StrOrPromise"
    tone: str
    clause_text: str
    evidence: tuple[Evidence, ...]
    parts: "tuple[Shown, ...]"


@dataclass(frozen=True)
class Detail:
    """Why a finding is as it is: its conditions from the outermost, and the facts of the amount."""

    finding: Finding
    part: PartOf
    conditions: tuple[Shown, ...]
    amount_facts: tuple[Evidence, ...]


def detail_of(finding: Finding) -> Detail:
    """Return everything that explains a finding."""
    whole = _shown(finding, finding.conditions)
    top = whole.parts if finding.conditions.kind == "all" and whole.parts else (whole,)
    columns = sorted({c.partition("@")[0] for c in finding.verdict.rule.result_columns})
    return Detail(finding, PARTS[finding.state], top, tuple(finding.evidence(columns)))


def _shown(finding: Finding, condition: Condition) -> Shown:
    said, tone = RESULTS[condition.result]
    return Shown(
        condition,
        said,
        tone,
        finding.clauses.get(condition.clause, ""),
        tuple(finding.evidence(condition.keys)),
        tuple(_shown(finding, part) for part in condition.parts),
    )
