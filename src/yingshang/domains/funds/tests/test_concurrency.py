"""Many approvals at once against one nearly empty fund: no overdraft, none lost, the refused are told."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from yingshang.domains.funds import public
from yingshang.domains.funds.models import BudgetAccount
from yingshang.domains.funds.proving import faults
from yingshang.domains.funds.tests.conftest import PAYEE, YEAR, People
from yingshang.kernel.errors import DomainError

APPROVALS, EACH = 12, 1_000


@pytest.mark.django_db(transaction=True)
def test_an_empty_fund_is_not_overdrawn(make_people: Callable[[], People]) -> None:
    people = make_people()
    people.budget(7 * EACH + 999)
    ready, outcomes = threading.Barrier(APPROVALS), []

    def approve(number: int) -> None:
        ready.wait()
        try:
            with transaction.atomic():
                held = public.commit(
                    people.officer,
                    fund="innovation",
                    line="rd",
                    year=YEAR,
                    amount_fen=EACH,
                    origin=f"claim:{number}",
                    subject=None,
                    key="1",
                )
                public.order_payment(
                    people.officer, commitment=held.ref, payee=PAYEE, amount_fen=EACH, key="1"
                )
            outcomes.append("approved")
        except DomainError as error:
            outcomes.append(f"{error.code} {error.params['left_fen']}")
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(n,)) for n in range(APPROVALS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert Counter(outcomes) == {"approved": 7, "fund_exhausted 999": 5}
    account = BudgetAccount.objects.get()
    assert (account.available, account.in_payment) == (999, 7 * EACH)
    assert list(faults()) == []
