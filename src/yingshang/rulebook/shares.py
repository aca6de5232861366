"""Numbers that people read as per cent."""

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import Growth, Ratio


def is_share(catalogue: Catalogue, key: str) -> bool:
    """Tell whether a column is a share or a growth without a unit, which people read as percent."""
    declared = catalogue.derivations.get(key)
    if declared is None or not isinstance(declared.how, Ratio | Growth):
        return False
    return not catalogue.columns[key].unit
