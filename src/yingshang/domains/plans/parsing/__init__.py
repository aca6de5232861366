"""Reading plan documents (行动方案、规划、任务清单) as districts really write them.

``parse_bytes`` takes the bytes of a txt, html, docx, xlsx or pdf file and returns a
:class:`ParsedPlan`: the measures with their headings, units, deadlines and figures, whatever else
the document says, and a noise report that names every repair. It guesses nothing silently: a field
that is doubtful is named in the measure's ``unsure``. Pure Python; it neither stores nor looks up.
"""

from yingshang.domains.plans.parsing.errors import NoMeasuresFound, PlanNotReadable
from yingshang.domains.plans.parsing.model import (
    Extra,
    Measure,
    NoiseEntry,
    ParsedPlan,
    Role,
    Target,
    Unit,
)
from yingshang.domains.plans.parsing.parser import parse_bytes
from yingshang.domains.plans.parsing.rendering import to_json

__all__ = [
    "Extra",
    "Measure",
    "NoMeasuresFound",
    "NoiseEntry",
    "ParsedPlan",
    "PlanNotReadable",
    "Role",
    "Target",
    "Unit",
    "parse_bytes",
    "to_json",
]
