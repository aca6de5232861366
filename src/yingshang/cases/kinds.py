"""The kinds of content that cases understand."""

from yingshang.cases.linting import lint_procedure
from yingshang.cases.procedure import Procedure
from yingshang.cases.ready_words import KIND, ReadyWords, lint_ready_words
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add("procedure", Kind("procedure", "procedures", Procedure, lint_procedure, after=("role",)))
KINDS.add(KIND, Kind(KIND, "ready_words", ReadyWords, lint_ready_words, after=("procedure",)))
