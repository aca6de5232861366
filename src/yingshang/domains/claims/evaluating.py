"""What the rule of an item says of an enterprise, kept with everything that it rests on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yingshang.content.models import ContentVersion
from yingshang.domains.claims.acting import organ_actor
from yingshang.domains.claims.explaining import failed_parts
from yingshang.domains.claims.items.book import Item, policy_of
from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.evaluating import compile_body
from yingshang.facts.models import Evaluation
from yingshang.facts.purposes import POLICY
from yingshang.facts.showing import english
from yingshang.kernel.times import today
from yingshang.parties.models import Subject
from yingshang.rulebook.book import current_book
from yingshang.rules.compiling import Rule


def evaluate(
    item: Item, rule: ContentVersion, subject: Subject, *, decision: str = ""
) -> Evaluation:
    """Evaluate a rule in one of its versions as of today for the organ that decides, and keep it.

    ``decision`` (``claim:<ref>``) is what rests on it: a later correction of facts then opens a review.
    Raises ``RuleUnfit``.
    """
    document = policy_of(rule).document
    return record_evaluation(
        organ_actor(item.organ),
        subject=subject.ref,
        policy=document,
        parameters=parameters_of(document) or None,
        purpose=POLICY,
        decision=decision,
        ground=item.declared.label,
    )


def compile_rule(rule: ContentVersion, catalogue: Catalogue) -> Rule:
    """Compile a rule in one of its versions as of today; raises ``RuleUnfit``."""
    document = policy_of(rule).document
    body = {"policy": document, "parameters": parameters_of(document)}
    return compile_body(body, catalogue, today())


def parameters_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dated parameters that a rule names, as they stand in force."""
    text = json.dumps(document, ensure_ascii=False)
    return {
        key: one.model_dump(mode="json", by_alias=True, exclude_none=True)
        for key, one in current_book(today()).parameters.items()
        if key in text
    }


@dataclass(frozen=True)
class Said:
    """What an evaluation comes to for an item: the answer, the amount where there is one, and why not."""

    result: str
    amount_fen: int | None
    why: str

    @property
    def is_payable(self) -> bool:
        """Tell whether it says yes with an amount above nought."""
        return self.result == "yes" and (self.amount_fen or 0) > 0


def said_of(evaluation: Evaluation, item: Item) -> Said:
    """Return what a kept evaluation comes to for an item, in the reader's language."""
    outcome = evaluation.outcome
    result = str(outcome["result"])
    amount = (outcome.get("results") or {}).get(item.declared.amount)
    return Said(result, fen_of(outcome, item), _why(evaluation, result, amount))


def fen_of(outcome: Mapping[str, Any], item: Item) -> int | None:
    """Return the amount that an outcome gives for an item; None where it gives none or does not know it."""
    amount = (outcome.get("results") or {}).get(item.declared.amount)
    return amount if isinstance(amount, int) and not isinstance(amount, bool) else None


def _why(evaluation: Evaluation, result: str, amount: Any) -> str:
    outcome = evaluation.outcome
    if result == "unknown":
        return gettext("缺少数据：%(what)s") % {"what": labels(outcome.get("missing", ()))}
    if result == "no":
        return gettext("不符合条件：%(what)s") % {"what": "；".join(failed_parts(evaluation))}
    if isinstance(amount, dict) and amount.get("missing"):
        return gettext("缺少数据：%(what)s") % {"what": labels(amount["missing"])}
    return ""


def labels(keys: Any) -> str:
    """Return the names of facts in words."""
    catalogue = current_catalogue()
    in_english = english()
    names = dict.fromkeys(
        catalogue.label_of(str(key).partition("@")[0], english=in_english) for key in keys
    )
    return gettext("、").join(names)
