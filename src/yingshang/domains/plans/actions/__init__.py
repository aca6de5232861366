"""Every write of the measure library, one function per verb."""

from yingshang.domains.plans.actions import comparison, imports, publication, targets, units

__all__ = ["comparison", "imports", "publication", "targets", "units"]
