"""The kind of content that cases understand."""

from yingshang.cases.linting import lint_procedure
from yingshang.cases.procedure import Procedure
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add("procedure", Kind("procedure", "procedures", Procedure, lint_procedure, after=("role",)))
