import datetime
import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.kernel.times
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('facts', '0001_initial'), ('facts', '0002_evaluation_organ'), ('facts', '0003_files_handed_in'), ('facts', '0004_rule_keys'), ('facts', '0005_issue_sorts'), ('facts', '0006_upload_digests'), ('facts', '0007_upload_attempts'), ('facts', '0008_relation_acts'), ('facts', '0009_loads_in_parts')]

    initial = True

    dependencies = [
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='EvaluatedRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('rule', models.CharField(max_length=120)),
                    ('title', models.CharField(max_length=300)),
                    ('body', models.JSONField()),
                    ('keys', models.JSONField(default=list)),
                ],
            ), migrations.CreateModel(
                name='FactLoad',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('sort', models.CharField(choices=[('entry', '录入'), ('file', '批量导入'), ('correction', '更正'), ('withdrawal', '撤回'), ('claim', '异议采纳'), ('relation', '关系变动')], default='entry', max_length=12)),
                    ('source', models.CharField(blank=True, max_length=80)),
                    ('actor', models.CharField(max_length=120)),
                    ('actor_name', models.CharField(blank=True, max_length=80)),
                    ('recorded_at', models.DateTimeField(db_index=True, default=yingshang.kernel.times.now)),
                    ('rows', models.PositiveIntegerField(default=0)),
                    ('issues', models.PositiveIntegerField(default=0)),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('entry', models.CharField(blank=True, max_length=24)),
                    ('reason', models.CharField(blank=True, max_length=500)),
                    ('file_name', models.CharField(blank=True, max_length=200)),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fact_loads', to='parties.organ')),
                    ('file_digest', models.CharField(blank=True, max_length=64)),
                    ('relation', models.CharField(blank=True, max_length=40)),
                    ('closed_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                    ('runner', models.CharField(blank=True, max_length=24)),
                    ('touched_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('touched_at__isnull', False)), fields=['touched_at'], name='fact_load_unfinished')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), fields=('source',), name='one_open_load_per_source')],
                },
            ), migrations.CreateModel(
                name='Evaluation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('purpose', models.CharField(max_length=60)),
                    ('as_of', models.DateField()),
                    ('known_at', models.DateTimeField()),
                    ('evaluated_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('actor', models.CharField(max_length=120)),
                    ('outcome', models.JSONField()),
                    ('decision', models.CharField(blank=True, db_index=True, max_length=160)),
                    ('changed', models.BooleanField(default=False)),
                    ('is_latest', models.BooleanField(default=True)),
                    ('revises', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='facts.evaluation')),
                    ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='facts.evaluatedrule')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='parties.subject')),
                    ('cause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reevaluations', to='facts.factload')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='parties.organ')),
                ],
            ), migrations.CreateModel(
                name='FactValue',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('key', models.CharField(max_length=80)),
                    ('item', models.CharField(blank=True, default='', max_length=64)),
                    ('content', models.JSONField()),
                    ('valid_from', models.DateField(blank=True, null=True)),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('recorded_at', models.DateTimeField()),
                    ('superseded_at', models.DateTimeField(blank=True, null=True)),
                    ('source', models.CharField(max_length=80)),
                    ('grade', models.CharField(choices=[('declared', '自行申报'), ('committed', '承诺'), ('verified', '已核实'), ('authoritative', '权威来源')], default='authoritative', max_length=14)),
                    ('evidence', models.CharField(blank=True, default='', max_length=160)),
                    ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='facts.factload')),
                    ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='parties.subject')),
                    ('superseded_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended', to='facts.factload')),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', 'key'], name='fact_value_place'), models.Index(condition=models.Q(('superseded_by__isnull', False)), fields=['superseded_by'], name='fact_value_ended')],
                },
            ), migrations.CreateModel(
                name='FactClaim',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('key', models.CharField(max_length=80)),
                    ('item', models.CharField(blank=True, default='', max_length=64)),
                    ('content', models.JSONField(null=True)),
                    ('valid_from', models.DateField(blank=True, null=True)),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('source', models.CharField(blank=True, max_length=80)),
                    ('why', models.CharField(max_length=1000)),
                    ('evidence', models.JSONField(default=list)),
                    ('claimed_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('claimed_by', models.CharField(max_length=120)),
                    ('claimed_name', models.CharField(blank=True, max_length=80)),
                    ('by_subject', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('open', '待处理'), ('accepted', '已采纳'), ('rejected', '未采纳')], default='open', max_length=10)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('decided_by', models.CharField(blank=True, max_length=120)),
                    ('reason', models.CharField(blank=True, max_length=1000)),
                    ('case', models.CharField(blank=True, max_length=24)),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fact_claims', to='parties.subject')),
                    ('result', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='facts.factload')),
                    ('against', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='facts.factvalue')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('subject', 'key', 'item'), name='one_open_claim_per_value')],
                },
            ), migrations.CreateModel(
                name='EvaluationUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80)),
                    ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='facts.evaluation')),
                    ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                    ('value', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='facts.factvalue')),
                    ('related', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', 'key'], name='fact_use_place')],
                },
            ), migrations.CreateModel(
                name='QualityIssue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('source', models.CharField(max_length=80)),
                    ('key', models.CharField(max_length=80)),
                    ('sort', models.CharField(choices=[('unknown_code', '不在代码表中'), ('wrong_type', '类型不符'), ('out_of_range', '超出范围'), ('bad_format', '格式不符'), ('in_future', '日期晚于今天'), ('field_missing', '缺少必填字段'), ('no_subject', '主体不存在'), ('other_source', '与权威来源不一致'), ('contradictory', '前后矛盾')], max_length=20)),
                    ('detail', models.CharField(max_length=300)),
                    ('cell', models.CharField(blank=True, max_length=60)),
                    ('found_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('resolved_at', models.DateTimeField(blank=True, null=True)),
                    ('resolution', models.CharField(blank=True, max_length=300)),
                    ('load', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quality_issues', to='facts.factload')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fact_issues', to='parties.subject')),
                    ('value', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='facts.factvalue')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['source', '-found_at'], name='fact_issue_open')],
                },
            ), migrations.CreateModel(
                name='Reading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('subject_type', models.CharField(blank=True, choices=[('enterprise', '企业'), ('self_employed', '个体工商户'), ('person', '自然人'), ('project', '项目'), ('site', '场所')], max_length=20)),
                    ('division', models.CharField(blank=True, max_length=12)),
                    ('subjects', models.PositiveIntegerField(default=1)),
                    ('keys', models.JSONField(default=list)),
                    ('sensitive', models.BooleanField(default=False)),
                    ('actor', models.CharField(max_length=120)),
                    ('actor_name', models.CharField(blank=True, max_length=80)),
                    ('purpose', models.CharField(max_length=60)),
                    ('ground', models.CharField(blank=True, max_length=300)),
                    ('as_of', models.DateField()),
                    ('read_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('deferred_until', models.DateField(blank=True, null=True)),
                    ('deferral_ground', models.CharField(blank=True, max_length=300)),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='parties.organ')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', '-read_at'], name='fact_reading_subject'), models.Index(condition=models.Q(('subject__isnull', True)), fields=['subject_type', '-read_at'], name='fact_reading_run')],
                },
            ), migrations.CreateModel(
                name='SourceCompleteness',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=80)),
                    ('key', models.CharField(max_length=80)),
                    ('complete_to', models.DateField()),
                    ('recorded_at', models.DateTimeField()),
                    ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completeness', to='facts.factload')),
                ],
                options={
                    'indexes': [models.Index(fields=['key', 'recorded_at'], name='fact_completeness_place')],
                },
            ), migrations.CreateModel(
                name='FactUpload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('place', models.CharField(max_length=200)),
                    ('size', models.PositiveBigIntegerField()),
                    ('source', models.CharField(max_length=80)),
                    ('grade', models.CharField(choices=[('declared', '自行申报'), ('committed', '承诺'), ('verified', '已核实'), ('authoritative', '权威来源')], default='authoritative', max_length=14)),
                    ('uploaded_by', models.CharField(max_length=120)),
                    ('uploaded_name', models.CharField(blank=True, max_length=80)),
                    ('uploaded_at', models.DateTimeField(db_index=True, default=yingshang.kernel.times.now)),
                    ('state', models.CharField(choices=[('waiting', '等待处理'), ('running', '正在处理'), ('done', '已完成'), ('refused', '未导入')], default='waiting', max_length=10)),
                    ('phase', models.CharField(blank=True, max_length=10)),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('total', models.PositiveIntegerField(default=0)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('why', models.CharField(blank=True, max_length=500)),
                    ('report', models.JSONField(blank=True, null=True)),
                    ('load', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='facts.factload')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fact_uploads', to='parties.organ')),
                    ('digest', models.CharField(blank=True, db_index=True, max_length=64)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                ],
            )],
        ),
    ]
