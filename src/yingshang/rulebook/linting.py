"""What is wrong in policies, found before they are loaded: by the catalogue of the same packs."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.derived_types import NotDerivable
from yingshang.kernel.kinds import Remark
from yingshang.kernel.registry import Registry
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rules.compiling import compile_rules
from yingshang.rules.errors import RuleFault
from yingshang.rules.typed import keys_of

Lint = Callable[[PolicyDeclaration, Mapping[str, Mapping[str, Any]]], Iterable[Remark]]
FURTHER_LINTS: Registry[Lint] = Registry("lint of policies")
"""What upper layers have to say about a policy: that its parts rest on clauses."""


def lint_policy(
    policy: PolicyDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[Remark]:
    """Name what the catalogue does not have or has otherwise, and what upper layers find, by place."""
    yield from _lint_by_the_catalogue(policy, known)
    for _name, lint in FURTHER_LINTS:
        yield from lint(policy, known)


def _lint_by_the_catalogue(
    policy: PolicyDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[Remark]:
    catalogue = Catalogue(
        types=known.get("fact_type", {}),
        derivations=known.get("derivation", {}),
        sources=known.get("fact_source", {}),
        codes=known.get("code_list", {}),
        owners={},
    )
    parameters = {key: one.parameter for key, one in known.get("parameter", {}).items()}
    try:
        declarations = catalogue.declarations(policy.valid_from, parameters)
    except NotDerivable:
        return
    try:
        (rule,) = compile_rules([policy.policy], declarations)
    except RuleFault as fault:
        yield fault.code, str(fault), ("condition",)
        return
    for key in policy.asks:
        if key not in catalogue.columns:
            yield "unknown_fact", f"数据目录中没有 {key}", ("asks",)
    for key in sorted(keys_of(rule.condition.typed) - set(catalogue.columns) - set(parameters)):
        yield "unknown_fact", f"数据目录中没有 {key}", ("condition",)
