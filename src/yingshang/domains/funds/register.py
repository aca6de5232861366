"""Funds as they are declared now."""

from typing import cast

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.funds.declaring import FUND, BudgetLine, Fund
from yingshang.domains.funds.errors import NoSuchFund, NoSuchLine


def list_funds() -> list[Fund]:
    """Return every fund declared now, by key."""
    return [cast("Fund", declaration_of(version)) for version in list_current(FUND)]


def get_fund(key: str) -> Fund:
    """Return a fund; raises ``NoSuchFund``."""
    version = ContentVersion.objects.filter(kind=FUND, key=key, is_current=True).first()
    if version is None:
        raise NoSuchFund(params={"fund": key})
    return cast("Fund", declaration_of(version))


def get_line(fund: Fund, key: str) -> BudgetLine:
    """Return a budget line of a fund; raises ``NoSuchLine``."""
    found = fund.find_line(key)
    if found is None:
        raise NoSuchLine(params={"fund": fund.label, "line": key})
    return found
