"""What packs on disk declare for rules, without any database: for the commands."""

from typing import Any

from yingshang.content.packs import pack_folders, read_packs
from yingshang.facts.catalogue import Catalogue
from yingshang.rulebook.declaring import ParameterDeclaration
from yingshang.rulebook.kinds import PARAMETER
from yingshang.rules.policies import Library


def is_pack(name: str) -> bool:
    """Tell whether there is a pack of this name."""
    return name in pack_folders()


def library_of(pack: str) -> Library:
    """Return the facts and parameters that a pack and those it requires declare.

    Raises ``Invalid`` for a pack that cannot be read; what is not valid in it is left out.
    """
    by_kind: dict[str, dict[str, Any]] = {}
    for read in read_packs([pack]):
        for one in read.declared:
            by_kind.setdefault(one.kind.name, {})[one.value.key] = one.value
    catalogue = Catalogue(
        types=by_kind.get("fact_type", {}),
        derivations=by_kind.get("derivation", {}),
        sources=by_kind.get("fact_source", {}),
        codes=by_kind.get("code_list", {}),
        owners={},
    )
    given: dict[str, ParameterDeclaration] = by_kind.get(PARAMETER, {})
    parameters = {key: one.parameter for key, one in given.items()}
    return Library((), parameters, catalogue.declared)
