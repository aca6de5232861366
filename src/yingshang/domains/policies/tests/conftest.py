"""A small library: texts and rules as content in force, organs, and who reads and writes them."""

from typing import Any

import pytest
from django.urls import get_resolver

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.content.packs import read_packs
from yingshang.domains.policies.tests.test_linting import RULE, TEXT
from yingshang.facts.tests.conftest import Stage, stage
from yingshang.kernel.kinds import KINDS
from yingshang.kernel.times import now, today

__all__ = ["Library", "library", "stage"]

CONDITION = {
    "all": [
        {"text": "enterprise.staff >= 10", "clause": "第一条第一项", "label": "规模"},
        {"clause": "第三条", "not": "enterprise.on_list"},
    ]
}


class Library:
    """Puts texts and rules in force."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        assert get_resolver().url_patterns
        topics = {
            "key": "policy_topics",
            "label": "主题",
            "label_en": "Topics",
            "codes": "innovation 科技创新 | Innovation\n",
        }
        self.put("code_list", topics)

    def put(self, kind: str, body: dict[str, Any]) -> ContentVersion:
        """Store one declaration as the version in force and install it, as loading does."""
        declared = KINDS.get(kind)
        one = declared.model.model_validate(body)
        plain = canonical_body(one)
        ContentVersion.objects.filter(kind=kind, key=one.key).update(is_current=False)
        version = ContentVersion.objects.create(
            kind=kind, key=one.key, pack="trial", body=plain, digest=digest_of(plain),
            number=ContentVersion.objects.filter(kind=kind, key=one.key).count() + 1,
            valid_from=today(), loaded_at=now(),
        )  # fmt: skip
        if declared.install is not None:
            declared.install(one)
        return version

    def procedures(self) -> None:
        """Put the procedures of making and amending texts in force."""
        for pack in read_packs(("enterprise-policies",)):
            for one in pack.declared:
                if one.kind.name == "procedure":
                    self.put("procedure", one.body)

    def text(self, **more: Any) -> ContentVersion:
        """Put the pilot's text in force, changed."""
        return self.put("policy_text", {**TEXT, "issuer": "market", **more})

    def rule(self, **more: Any) -> ContentVersion:
        """Put the pilot's rule in force, changed."""
        plain = {**RULE, "condition": CONDITION, "asks": [], "asks_clause": ""}
        amount = {"base": "enterprise.staff * 1000", "rate": "1", "rounding": "down"}
        return self.put("policy", {**plain, "results": {"amount": amount}, **more})


@pytest.fixture
def library(stage: Stage) -> Library:
    """Return an empty library with organs ``market``, ``tax`` and ``other``."""
    return Library(stage)
