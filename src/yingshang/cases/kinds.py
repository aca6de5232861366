"""The kinds of content that cases understand."""

from yingshang.cases.linting import lint_procedure
from yingshang.cases.procedure import Procedure
from yingshang.cases.wordings import KIND, Wording, lint_wording
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add("procedure", Kind("procedure", "procedures", Procedure, lint_procedure, after=("role",)))
KINDS.add(KIND, Kind(KIND, "wordings", Wording, lint_wording, after=("procedure",)))
