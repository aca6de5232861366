"""Why a file yields no plan; each message says what to do next."""

from yingshang.kernel.errors import Invalid


class PlanNotReadable(Invalid):
    """The bytes are no document that can be read: damaged, encrypted, scanned, or another format."""

    code = "plan_not_readable"


class NoMeasuresFound(Invalid):
    """The document can be read, but nothing in it looks like the measures of a plan."""

    code = "no_measures_found"
