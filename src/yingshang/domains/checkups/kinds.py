"""Registers the kind of content that makes tags."""

from collections.abc import Iterable, Mapping
from typing import Any

from yingshang.domains.checkups.declaring import TagDeclaration
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.derived_types import NotDerivable
from yingshang.kernel.kinds import KINDS, Kind, Remark
from yingshang.rules.compiling import compile_rules
from yingshang.rules.errors import RuleFault

TAG = "tag"


def lint_tag(tag: TagDeclaration, declared: Mapping[str, Mapping[str, Any]]) -> Iterable[Remark]:
    """Yield what is wrong with a tag's condition by the catalogue of the loaded packs."""
    catalogue = Catalogue(
        types=declared.get("fact_type", {}),
        derivations=declared.get("derivation", {}),
        sources=declared.get("fact_source", {}),
        codes=declared.get("code_list", {}),
        owners={},
    )
    try:
        compile_rules([tag.policy], catalogue.declarations())
    except NotDerivable:
        return
    except RuleFault as fault:
        yield fault.code, str(fault), ("condition",)


KINDS.add(TAG, Kind(TAG, "tags", TagDeclaration, lint_tag))
