import django.db.models.deletion
import django.db.models.expressions
import yingshang.domains.funds.vouchers.models
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models

from yingshang.licences.protection import protect, unprotect
from yingshang.squashed import refused

TABLES = ("funds_journalentry", "funds_posting")


def _protect(editor):
    for table in TABLES:
        protect(editor.connection, table, refused(editor))


def _unprotect(editor):
    for table in TABLES:
        unprotect(editor.connection, table)


class Migration(migrations.Migration):

    replaces = [('funds', '0001_ledger'), ('funds', '0002_journal_is_append_only'), ('funds', '0003_vouchers')]

    initial = True

    dependencies = [
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='BudgetAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.CharField(max_length=60)),
                    ('line', models.CharField(max_length=60)),
                    ('year', models.PositiveIntegerField()),
                    ('is_closed', models.BooleanField(default=False)),
                    ('budget', models.BigIntegerField(default=0)),
                    ('brought_forward', models.BigIntegerField(default=0)),
                    ('recovery', models.BigIntegerField(default=0)),
                    ('available', models.BigIntegerField(default=0)),
                    ('committed', models.BigIntegerField(default=0)),
                    ('in_payment', models.BigIntegerField(default=0)),
                    ('paid', models.BigIntegerField(default=0)),
                    ('carried_over', models.BigIntegerField(default=0)),
                    ('lapsed', models.BigIntegerField(default=0)),
                    ('refund_due', models.BigIntegerField(default=0)),
                    ('refunded', models.BigIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('fund', 'line', 'year'), name='one_budget_account'), models.CheckConstraint(condition=models.Q(('budget__lte', 0), ('brought_forward__lte', 0), ('recovery__lte', 0), ('available__gte', 0), ('committed__gte', 0), ('in_payment__gte', 0), ('paid__gte', 0), ('carried_over__gte', 0), ('lapsed__gte', 0), ('refund_due__gte', 0), ('refunded__gte', 0)), name='no_fund_overdraft'), models.CheckConstraint(condition=models.Q(('budget', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(0), '-', models.F('brought_forward')), '-', models.F('recovery')), '-', models.F('available')), '-', models.F('committed')), '-', models.F('in_payment')), '-', models.F('paid')), '-', models.F('carried_over')), '-', models.F('lapsed')), '-', models.F('refund_due')), '-', models.F('refunded')))), name='fund_accounts_balance')],
                },
            ), migrations.CreateModel(
                name='BudgetProposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('fund', models.CharField(max_length=60)),
                    ('year', models.PositiveIntegerField()),
                    ('line', models.CharField(max_length=60)),
                    ('from_line', models.CharField(blank=True, max_length=60)),
                    ('amount_fen', models.BigIntegerField()),
                    ('document', models.CharField(max_length=200)),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('state', models.CharField(choices=[('proposed', '待批准'), ('approved', '已批准'), ('refused', '已退回')], default='proposed', max_length=12)),
                    ('proposed_at', models.DateTimeField()),
                    ('proposed_by', models.CharField(max_length=160)),
                    ('proposed_person', models.BigIntegerField(null=True)),
                    ('proposed_name', models.CharField(blank=True, max_length=120)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.CharField(blank=True, max_length=160)),
                    ('decided_name', models.CharField(blank=True, max_length=120)),
                    ('remark', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'indexes': [models.Index(fields=['fund', '-id'], name='budget_proposals_of_fund')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='a_budget_is_money')],
                },
            ), migrations.CreateModel(
                name='Commitment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('origin', models.CharField(max_length=160)),
                    ('key', models.CharField(max_length=80)),
                    ('amount_fen', models.BigIntegerField()),
                    ('open_fen', models.BigIntegerField()),
                    ('made_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='funds.budgetaccount')),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('open_fen__gt', 0)), fields=['account'], name='open_commitments')],
                    'constraints': [models.UniqueConstraint(fields=('origin', 'key'), name='committed_once'), models.CheckConstraint(condition=models.Q(('open_fen__gte', 0), ('open_fen__lte', models.F('amount_fen'))), name='commitment_not_overspent')],
                },
            ), migrations.CreateModel(
                name='DueBack',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('origin', models.CharField(max_length=160)),
                    ('key', models.CharField(max_length=80)),
                    ('amount_fen', models.BigIntegerField()),
                    ('received_fen', models.BigIntegerField(default=0)),
                    ('ground', models.CharField(max_length=500)),
                    ('made_at', models.DateTimeField()),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues_back', to='parties.subject')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('origin', 'key'), name='due_back_once'), models.CheckConstraint(condition=models.Q(('received_fen__gte', 0), ('received_fen__lte', models.F('amount_fen'))), name='no_more_received_than_due')],
                },
            ), migrations.CreateModel(
                name='JournalEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('fund', models.CharField(max_length=60)),
                    ('year', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('appropriated', '下达预算'), ('transferred', '调剂预算'), ('committed', '占用'), ('released', '释放占用'), ('ordered', '申请支付'), ('paid', '国库支付'), ('refused', '国库不予支付'), ('returned', '退票'), ('due_back', '应追回'), ('due_withdrawn', '撤销追回'), ('received_back', '收回'), ('offset', '轧差抵扣'), ('carried_over', '结转下年'), ('brought_forward', '上年转入'), ('lapsed', '收回预算')], max_length=20)),
                    ('amount_fen', models.BigIntegerField()),
                    ('origin', models.CharField(blank=True, max_length=160)),
                    ('key', models.CharField(max_length=160)),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('document', models.CharField(blank=True, max_length=200)),
                    ('by', models.CharField(max_length=160)),
                    ('by_name', models.CharField(blank=True, max_length=120)),
                    ('at', models.DateTimeField()),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['fund', 'year', '-id'], name='fund_journal'), models.Index(fields=['origin'], name='fund_entries_of_origin')],
                    'constraints': [models.UniqueConstraint(fields=('fund', 'year', 'key'), name='one_fund_entry_per_key'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='fund_entry_moves_money')],
                },
            ), migrations.CreateModel(
                name='Payment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('number', models.CharField(max_length=40, unique=True)),
                    ('key', models.CharField(max_length=80)),
                    ('payee_name', models.CharField(max_length=120)),
                    ('payee_code', models.CharField(blank=True, max_length=18)),
                    ('payee_bank', models.CharField(blank=True, max_length=120)),
                    ('payee_account', models.CharField(max_length=40)),
                    ('amount_fen', models.BigIntegerField()),
                    ('due_fen', models.BigIntegerField(default=0)),
                    ('state', models.CharField(choices=[('ordered', '待国库受理'), ('accepted', '国库已受理'), ('paid', '已支付'), ('refused', '不予支付'), ('returned', '已退票')], default='ordered', max_length=12)),
                    ('reason', models.CharField(blank=True, max_length=80)),
                    ('reason_label', models.CharField(blank=True, max_length=200)),
                    ('treasury_number', models.CharField(blank=True, max_length=80)),
                    ('ordered_at', models.DateTimeField()),
                    ('paid_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='funds.budgetaccount')),
                    ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='funds.commitment')),
                ],
                options={
                    'indexes': [models.Index(fields=['state', '-id'], name='fund_payments_by_state'), models.Index(fields=['paid_at'], name='fund_payments_by_day')],
                    'constraints': [models.UniqueConstraint(fields=('commitment', 'key'), name='ordered_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('due_fen__gte', 0), ('due_fen__lte', models.F('amount_fen'))), name='no_more_due_than_paid')],
                },
            ), migrations.CreateModel(
                name='DuePart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount_fen', models.BigIntegerField()),
                    ('received_fen', models.BigIntegerField(default=0)),
                    ('due', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='funds.dueback')),
                    ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='funds.payment')),
                ],
            ), migrations.CreateModel(
                name='Posting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('holding', models.CharField(choices=[('budget', '预算'), ('brought_forward', '上年结转'), ('recovery', '追回来源'), ('available', '可用'), ('committed', '已占用'), ('in_payment', '支付中'), ('paid', '已支付'), ('carried_over', '结转下年'), ('lapsed', '收回预算'), ('refund_due', '应追回'), ('refunded', '已收回')], max_length=20)),
                    ('amount_fen', models.BigIntegerField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='funds.budgetaccount')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='funds.journalentry')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen', 0), _negated=True), name='fund_posting_moves_money')],
                },
            ), migrations.CreateModel(
                name='YearEnd',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.CharField(max_length=60)),
                    ('year', models.PositiveIntegerField()),
                    ('carried_fen', models.BigIntegerField(default=0)),
                    ('lapsed_fen', models.BigIntegerField(default=0)),
                    ('ground', models.CharField(max_length=500)),
                    ('closed_at', models.DateTimeField()),
                    ('closed_by', models.CharField(max_length=160)),
                    ('closed_name', models.CharField(blank=True, max_length=120)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('fund', 'year'), name='one_end_per_fund_year')],
                },
            ), migrations.CreateModel(
                name='Settlement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('scheme', models.CharField(max_length=60)),
                    ('region', models.CharField(max_length=12)),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('payable_fen', models.BigIntegerField()),
                    ('receivable_fen', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('drawn', '待对方确认'), ('confirmed', '已确认'), ('paying', '支付中'), ('paid', '已结清')], default='drawn', max_length=12)),
                    ('drawn_at', models.DateTimeField()),
                    ('drawn_by', models.CharField(max_length=160)),
                    ('drawn_person', models.BigIntegerField(null=True)),
                    ('drawn_name', models.CharField(blank=True, max_length=120)),
                    ('confirmation', models.CharField(blank=True, max_length=200)),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('confirmed_name', models.CharField(blank=True, max_length=120)),
                    ('paid_at', models.DateTimeField(null=True)),
                    ('document', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('scheme', 'region', 'ends_on'), name='settled_once_a_period')],
                },
            ), migrations.CreateModel(
                name='Voucher',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('number', models.CharField(default=yingshang.domains.funds.vouchers.models.new_voucher_number, max_length=24, unique=True)),
                    ('scheme', models.CharField(max_length=60)),
                    ('scope', models.CharField(max_length=40)),
                    ('rate', models.DecimalField(decimal_places=3, max_digits=4)),
                    ('cap_fen', models.BigIntegerField()),
                    ('left_fen', models.BigIntegerField()),
                    ('year_cap_fen', models.BigIntegerField()),
                    ('issued_on', models.DateField()),
                    ('valid_until', models.DateField()),
                    ('state', models.CharField(choices=[('issued', '可使用'), ('used', '已用完'), ('expired', '已过期'), ('cancelled', '已作废')], default='issued', max_length=12)),
                    ('key', models.CharField(max_length=80)),
                    ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='funds.commitment')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'issued')), fields=['valid_until'], name='vouchers_open')],
                    'constraints': [models.UniqueConstraint(fields=('scheme', 'subject', 'key'), name='voucher_issued_once'), models.CheckConstraint(condition=models.Q(('left_fen__gte', 0), ('left_fen__lte', models.F('cap_fen'))), name='voucher_not_overdrawn')],
                },
            ), migrations.CreateModel(
                name='VoucherProvider',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('scheme', models.CharField(max_length=60)),
                    ('region', models.CharField(max_length=12)),
                    ('name', models.CharField(max_length=120)),
                    ('code', models.CharField(max_length=18)),
                    ('bank', models.CharField(blank=True, max_length=120)),
                    ('account', models.CharField(blank=True, max_length=40)),
                    ('scopes', models.JSONField(default=list)),
                    ('recognised_at', models.DateTimeField()),
                    ('ended_on', models.DateField(null=True)),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('scheme', 'code'), name='provider_recognised_once')],
                },
            ), migrations.CreateModel(
                name='Redemption',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('scheme', models.CharField(max_length=60)),
                    ('direction', models.CharField(choices=[('local', '本地使用'), ('outbound', '本地券异地使用'), ('inbound', '异地券本地使用')], max_length=12)),
                    ('region', models.CharField(max_length=12)),
                    ('number', models.CharField(max_length=40)),
                    ('holder_name', models.CharField(max_length=120)),
                    ('holder_code', models.CharField(max_length=18)),
                    ('contract', models.CharField(max_length=80)),
                    ('invoice', models.CharField(max_length=40, unique=True)),
                    ('invoice_fen', models.BigIntegerField()),
                    ('amount_fen', models.BigIntegerField()),
                    ('confirmation', models.CharField(blank=True, max_length=80)),
                    ('redeemed_at', models.DateTimeField()),
                    ('by', models.CharField(max_length=160)),
                    ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.commitment')),
                    ('due', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.dueback')),
                    ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.payment')),
                    ('settlement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='funds.settlement')),
                    ('voucher', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='funds.voucher')),
                    ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='funds.voucherprovider')),
                ],
                options={
                    'indexes': [models.Index(fields=['scheme', 'region', 'redeemed_at'], name='redemptions_by_region')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('amount_fen__lte', models.F('invoice_fen'))), name='voucher_bears_a_share')],
                },
            )],
        ),
        yingshang.squashed.OnDatabase(_protect, _unprotect),
    ]
