"""Accounts, the journal with its postings, commitments, payments, and what is due back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yingshang.domains.funds.vouchers.models import (  # noqa: F401
    Redemption,
    Settlement,
    Voucher,
    VoucherProvider,
)
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Subject


class Holding(models.TextChoices):
    """The accounts that every budget line has in every fiscal year.

    ``BUDGET``, ``BROUGHT_FORWARD`` and ``RECOVERY`` say where money comes from and are never above
    nought; the others say where it is and are never below. Together they are always nought.
    """

    BUDGET = "budget", pgettext_lazy("fund account", "预算")
    BROUGHT_FORWARD = "brought_forward", pgettext_lazy("fund account", "上年结转")
    RECOVERY = "recovery", pgettext_lazy("fund account", "追回来源")
    AVAILABLE = "available", pgettext_lazy("fund account", "可用")
    COMMITTED = "committed", pgettext_lazy("fund account", "已占用")
    IN_PAYMENT = "in_payment", pgettext_lazy("fund account", "支付中")
    PAID = "paid", pgettext_lazy("fund account", "已支付")
    CARRIED_OVER = "carried_over", pgettext_lazy("fund account", "结转下年")
    LAPSED = "lapsed", pgettext_lazy("fund account", "收回预算")
    REFUND_DUE = "refund_due", pgettext_lazy("fund account", "应追回")
    REFUNDED = "refunded", pgettext_lazy("fund account", "已收回")


SOURCES = (Holding.BUDGET, Holding.BROUGHT_FORWARD, Holding.RECOVERY)


def _signs() -> Q:
    """Return that no account has the wrong sign."""
    found = Q()
    for one in Holding:
        found &= Q(**{f"{one.value}__{'lte' if one in SOURCES else 'gte'}": 0})
    return found


class BudgetAccount(models.Model):
    """The balances of one budget line in one fiscal year, in fen, a column for each :class:`Holding`.

    A projection of the postings, and the one row that everybody who spends from the line has to change:
    a change names what must still be there, so that the database itself refuses an overdraft.
    """

    fund = models.CharField(max_length=60)
    line = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    is_closed = models.BooleanField(default=False)
    budget = models.BigIntegerField(default=0)
    brought_forward = models.BigIntegerField(default=0)
    recovery = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)
    in_payment = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    carried_over = models.BigIntegerField(default=0)
    lapsed = models.BigIntegerField(default=0)
    refund_due = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "line", "year"], name="one_budget_account"),
            models.CheckConstraint(condition=_signs(), name="no_fund_overdraft"),
            models.CheckConstraint(
                condition=Q(
                    budget=0
                    - F("brought_forward")
                    - F("recovery")
                    - F("available")
                    - F("committed")
                    - F("in_payment")
                    - F("paid")
                    - F("carried_over")
                    - F("lapsed")
                    - F("refund_due")
                    - F("refunded")
                ),
                name="fund_accounts_balance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.line} {self.year}"


class EntryKind(models.TextChoices):
    """What an entry in the journal tells."""

    APPROPRIATED = "appropriated", pgettext_lazy("fund entry", "下达预算")
    TRANSFERRED = "transferred", pgettext_lazy("fund entry", "调剂预算")
    COMMITTED = "committed", pgettext_lazy("fund entry", "占用")
    RELEASED = "released", pgettext_lazy("fund entry", "释放占用")
    ORDERED = "ordered", pgettext_lazy("fund entry", "申请支付")
    PAID = "paid", pgettext_lazy("fund entry", "国库支付")
    REFUSED = "refused", pgettext_lazy("fund entry", "国库不予支付")
    RETURNED = "returned", pgettext_lazy("fund entry", "退票")
    DUE_BACK = "due_back", pgettext_lazy("fund entry", "应追回")
    DUE_WITHDRAWN = "due_withdrawn", pgettext_lazy("fund entry", "撤销追回")
    RECEIVED_BACK = "received_back", pgettext_lazy("fund entry", "收回")
    OFFSET = "offset", pgettext_lazy("fund entry", "轧差抵扣")
    CARRIED_OVER = "carried_over", pgettext_lazy("fund entry", "结转下年")
    BROUGHT_FORWARD = "brought_forward", pgettext_lazy("fund entry", "上年转入")
    LAPSED = "lapsed", pgettext_lazy("fund entry", "收回预算")


class JournalEntry(models.Model):
    """One entry (凭证) in a fund's journal of one fiscal year; never changed, never removed.

    ``origin`` is what it was done for, ``<sort>:<ref>``; ``ground`` says why in words, ``document`` names
    the paper that it rests on.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    fund = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=EntryKind)
    amount_fen = models.BigIntegerField()
    origin = models.CharField(max_length=160, blank=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=160)
    ground = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=160)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "key"], name="one_fund_entry_per_key"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="fund_entry_moves_money"),
        ]
        indexes = [
            models.Index(fields=["fund", "year", "-id"], name="fund_journal"),
            models.Index(fields=["origin"], name="fund_entries_of_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Posting(models.Model):
    """One line of an entry (分录): so much more, or less, in one account; an entry's lines are nought in sum."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(BudgetAccount, on_delete=models.PROTECT, related_name="postings")
    holding = models.CharField(max_length=20, choices=Holding)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="fund_posting_moves_money")
        ]

    def __str__(self) -> str:
        return f"{self.holding} {self.amount_fen}"


class Commitment(models.Model):
    """Money reserved for an origin (占用): ``open_fen`` of it is neither ordered, paid nor released."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    account = models.ForeignKey(BudgetAccount, on_delete=models.PROTECT, related_name="commitments")
    origin = models.CharField(max_length=160)
    key = models.CharField(max_length=80)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="commitments"
    )
    amount_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "key"], name="committed_once"),
            models.CheckConstraint(
                condition=Q(open_fen__gte=0, open_fen__lte=F("amount_fen")),
                name="commitment_not_overspent",
            ),
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(open_fen__gt=0), name="open_commitments")
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.amount_fen}"


class PaymentState(models.TextChoices):
    """How far a payment has come; ``PAID`` may still be followed by ``RETURNED``."""

    ORDERED = "ordered", pgettext_lazy("payment", "待国库受理")
    ACCEPTED = "accepted", pgettext_lazy("payment", "国库已受理")
    PAID = "paid", pgettext_lazy("payment", "已支付")
    REFUSED = "refused", pgettext_lazy("payment", "不予支付")
    RETURNED = "returned", pgettext_lazy("payment", "已退票")


UNDER_WAY = (PaymentState.ORDERED, PaymentState.ACCEPTED)


class Payment(models.Model):
    """One order to the treasury (支付令) out of a commitment; after a return a new one is ordered.

    ``number`` is what the treasury and the payee read. The account number goes to the treasury and is
    shown by its last four digits only.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    number = models.CharField(max_length=40, unique=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="payments")
    account = models.ForeignKey(BudgetAccount, on_delete=models.PROTECT, related_name="payments")
    """Where it was booked; the commitment may have gone over to a later year since."""
    key = models.CharField(max_length=80)
    payee_name = models.CharField(max_length=120)
    payee_code = models.CharField(max_length=18, blank=True)
    payee_bank = models.CharField(max_length=120, blank=True)
    payee_account = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    due_fen = models.BigIntegerField(default=0)
    """So much of it is, or was, to come back."""
    state = models.CharField(max_length=12, choices=PaymentState, default=PaymentState.ORDERED)
    reason = models.CharField(max_length=80, blank=True)
    reason_label = models.CharField(max_length=200, blank=True)
    treasury_number = models.CharField(max_length=80, blank=True)
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was refused or returned."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "key"], name="ordered_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, due_fen__gte=0, due_fen__lte=F("amount_fen")),
                name="no_more_due_than_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="fund_payments_by_state"),
            models.Index(fields=["paid_at"], name="fund_payments_by_day"),
        ]

    def __str__(self) -> str:
        return self.number


class GivenAccount(models.Model):
    """Another account for a payment that came back, as one person read it in the payee's paper.

    Somebody else orders the payment into it.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="given_accounts")
    payee_name = models.CharField(max_length=120)
    bank = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40)
    document = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=160)
    given_person = models.BigIntegerField(null=True)
    given_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.payee_name} …{self.number[-4:]}"


class DueBack(models.Model):
    """Money that has to come back from whoever was paid (追回), with its ground."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    origin = models.CharField(max_length=160)
    key = models.CharField(max_length=80)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="dues_back"
    )
    amount_fen = models.BigIntegerField()
    received_fen = models.BigIntegerField(default=0)
    ground = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "key"], name="due_back_once"),
            models.CheckConstraint(
                condition=Q(received_fen__gte=0, received_fen__lte=F("amount_fen")),
                name="no_more_received_than_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.amount_fen}"


class DuePart(models.Model):
    """What of a due comes back from one payment; :attr:`received_fen` of it has come."""

    due = models.ForeignKey(DueBack, on_delete=models.PROTECT, related_name="parts")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="dues")
    amount_fen = models.BigIntegerField()
    received_fen = models.BigIntegerField(default=0)


class ProposalState(models.TextChoices):
    """How far a budget proposal has come."""

    PROPOSED = "proposed", pgettext_lazy("budget proposal", "待批准")
    APPROVED = "approved", pgettext_lazy("budget proposal", "已批准")
    REFUSED = "refused", pgettext_lazy("budget proposal", "已退回")


class BudgetProposal(models.Model):
    """A budget to be given to a line, or moved to it from another line of the fund (调剂)."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    fund = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    line = models.CharField(max_length=60)
    from_line = models.CharField(max_length=60, blank=True)
    """Empty where the budget comes from outside the fund."""
    amount_fen = models.BigIntegerField()
    document = models.CharField(max_length=200)
    ground = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=160)
    proposed_person = models.BigIntegerField(null=True)
    proposed_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_name = models.CharField(max_length=120, blank=True)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="a_budget_is_money")
        ]
        indexes = [models.Index(fields=["fund", "-id"], name="budget_proposals_of_fund")]

    def __str__(self) -> str:
        return f"{self.fund} {self.line} {self.amount_fen}"


class YearEnd(models.Model):
    """A fund's closed fiscal year (年终结账), with what was carried over and what lapsed."""

    fund = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    carried_fen = models.BigIntegerField(default=0)
    lapsed_fen = models.BigIntegerField(default=0)
    ground = models.CharField(max_length=500)
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=160)
    closed_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "year"], name="one_end_per_fund_year")
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.year}"
