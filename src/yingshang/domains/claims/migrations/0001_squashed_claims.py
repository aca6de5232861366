import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('claims', '0001_claims')]

    initial = True

    dependencies = [
        ('cases', '0007_planner_knows_what_waits'),
        ('content', '0002_published_here_and_offers'),
        ('facts', '0009_loads_in_parts'),
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='ClaimList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('item_key', models.CharField(max_length=80)),
                    ('sort', models.CharField(choices=[('automatic', '免申即享名单'), ('scored', '专家评审')], max_length=12)),
                    ('year', models.PositiveIntegerField()),
                    ('ranking', models.JSONField(default=dict)),
                    ('is_open', models.BooleanField(default=True)),
                    ('opened_at', models.DateTimeField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim_list', to='cases.case')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('item_key', 'sort'), name='one_open_list_per_item')],
                },
            ), migrations.CreateModel(
                name='Claim',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('item_key', models.CharField(max_length=80)),
                    ('policy', models.CharField(max_length=80)),
                    ('year', models.PositiveIntegerField()),
                    ('period', models.CharField(max_length=40)),
                    ('is_live', models.BooleanField(default=True)),
                    ('amount_fen', models.BigIntegerField(null=True)),
                    ('decided_fen', models.BigIntegerField(null=True)),
                    ('paid_fen', models.BigIntegerField(default=0)),
                    ('commitment', models.CharField(blank=True, max_length=24)),
                    ('opened_at', models.DateTimeField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='cases.case')),
                    ('decided_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.evaluation')),
                    ('evaluation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.evaluation')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='claims.claim')),
                    ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='parties.subject')),
                    ('listed', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.claimlist')),
                    ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.payeeaccount')),
                ],
                options={
                    'indexes': [models.Index(fields=['policy', 'subject'], name='claims_by_policy'), models.Index(fields=['item_key', '-id'], name='claims_by_item'), models.Index(fields=['subject', '-id'], name='claims_by_subject')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('subject', 'item_key', 'period'), name='one_live_claim_per_period'), models.CheckConstraint(condition=models.Q(('paid_fen__gte', 0), models.Q(models.Q(('decided_fen__isnull', True), ('paid_fen', 0)), ('paid_fen__lte', models.F('decided_fen')), _connector='OR')), name='no_claim_paid_above_decision')],
                },
            ), migrations.CreateModel(
                name='Expert',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('field', models.CharField(max_length=80)),
                    ('title', models.CharField(blank=True, max_length=80, verbose_name='职称职务')),
                    ('employer', models.CharField(max_length=120, verbose_name='工作单位')),
                    ('employer_code', models.CharField(blank=True, max_length=18, verbose_name='单位代码')),
                    ('entered_by', models.CharField(max_length=160)),
                    ('entered_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expertise', to='parties.person')),
                ],
                options={
                    'indexes': [models.Index(fields=['field', '-id'], name='experts_by_field')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('person', 'field'), name='an_expert_once_per_field')],
                },
            ), migrations.CreateModel(
                name='ListEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount_fen', models.BigIntegerField(null=True)),
                    ('since', models.DateField(null=True)),
                    ('place', models.PositiveIntegerField(default=0)),
                    ('is_chosen', models.BooleanField()),
                    ('reason', models.CharField(max_length=20)),
                    ('told', models.JSONField(default=list)),
                    ('detail', models.CharField(blank=True, max_length=300)),
                    ('claim', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='list_entry', to='claims.claim')),
                    ('listed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='claims.claimlist')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['listed', '-is_chosen', 'place'], name='claim_list_order')],
                    'constraints': [models.UniqueConstraint(fields=('listed', 'subject'), name='once_on_a_claim_list')],
                },
            ), migrations.CreateModel(
                name='Panel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('draw', models.CharField(max_length=24)),
                    ('sources', models.JSONField()),
                    ('numbers', models.JSONField(default=list)),
                    ('excluded', models.JSONField(default=list)),
                    ('drawn_at', models.DateTimeField(null=True)),
                    ('listed', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='panel', to='claims.claimlist')),
                ],
            ), migrations.CreateModel(
                name='PayeeAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('holder', models.CharField(max_length=120, verbose_name='户名')),
                    ('bank', models.CharField(max_length=120, verbose_name='开户银行')),
                    ('number', models.CharField(max_length=40, verbose_name='账号')),
                    ('confirmed_by', models.CharField(max_length=160)),
                    ('confirmed_name', models.CharField(blank=True, max_length=80)),
                    ('confirmed_at', models.DateTimeField()),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payee_accounts', to='parties.subject')),
                ],
            ), migrations.CreateModel(
                name='ScoredResult',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sheets', models.JSONField()),
                    ('counted', models.JSONField()),
                    ('by_criterion', models.JSONField()),
                    ('comments', models.JSONField(default=list)),
                    ('mean_hundredths', models.IntegerField()),
                    ('place', models.PositiveIntegerField()),
                    ('is_chosen', models.BooleanField()),
                    ('reason', models.CharField(max_length=20)),
                    ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scored', to='claims.claim')),
                ],
            ), migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('seated_at', models.DateTimeField()),
                    ('recused_at', models.DateTimeField(null=True)),
                    ('ground', models.CharField(blank=True, max_length=300)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='claims.expert')),
                    ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='claims.panel')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('panel', 'expert'), name='one_seat_per_expert')],
                },
            ), migrations.CreateModel(
                name='Score',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('criterion', models.CharField(max_length=60)),
                    ('points', models.PositiveSmallIntegerField()),
                    ('comment', models.CharField(blank=True, max_length=1000)),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='claims.claim')),
                    ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='claims.seat')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('seat', 'claim', 'criterion'), name='one_score_per_criterion')],
                },
            ), migrations.CreateModel(
                name='ClaimDemand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('ground', models.CharField(max_length=60)),
                    ('amount_fen', models.BigIntegerField()),
                    ('received_fen', models.BigIntegerField(default=0)),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim_demand', to='cases.case')),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='claims.claim')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('received_fen__gte', 0), ('received_fen__lte', models.F('amount_fen'))), name='claim_demand_is_money')],
                },
            ), migrations.CreateModel(
                name='ClaimEvidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('digest', models.CharField(db_index=True, max_length=64)),
                    ('is_held', models.BooleanField(default=False)),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='claims.claim')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('claim', 'digest'), name='evidence_once_per_claim'), models.UniqueConstraint(condition=models.Q(('is_held', True)), fields=('digest',), name='evidence_held_once')],
                },
            ), migrations.CreateModel(
                name='ClaimInstalment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('label', models.CharField(blank=True, max_length=120)),
                    ('label_en', models.CharField(blank=True, max_length=120)),
                    ('amount_fen', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('held', '待验收'), ('due', '待支付'), ('ordered', '支付中'), ('paid', '已支付'), ('returned', '已退票'), ('dropped', '不再支付')], max_length=10)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('payment', models.CharField(blank=True, db_index=True, max_length=24)),
                    ('paid_at', models.DateTimeField(null=True)),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='claims.claim')),
                ],
                options={
                    'ordering': ('claim', 'number'),
                    'constraints': [models.UniqueConstraint(fields=('claim', 'number'), name='one_claim_instalment'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='instalment_is_money')],
                },
            )],
        ),
    ]
