"""Registers the kinds of content that make up the book of rules."""

from yingshang.kernel.kinds import KINDS, Kind
from yingshang.rulebook.declaring import ParameterDeclaration, PolicyDeclaration
from yingshang.rulebook.linting import lint_policy

POLICY, PARAMETER = "policy", "parameter"

KINDS.add(PARAMETER, Kind(PARAMETER, "parameters", ParameterDeclaration))
KINDS.add(POLICY, Kind(POLICY, "policies", PolicyDeclaration, lint_policy))
