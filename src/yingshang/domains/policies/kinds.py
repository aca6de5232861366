"""Registers the kind of content that policy texts are."""

from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.linting import lint_clauses, lint_text
from yingshang.domains.policies.searching import index_text
from yingshang.kernel.kinds import KINDS, Kind
from yingshang.rulebook.linting import FURTHER_LINTS

POLICY_TEXT = "policy_text"

KINDS.add(
    POLICY_TEXT,
    Kind(POLICY_TEXT, "policy_texts", PolicyTextDeclaration, lint_text, install=index_text),
)
FURTHER_LINTS.add("policies.clauses", lint_clauses)
