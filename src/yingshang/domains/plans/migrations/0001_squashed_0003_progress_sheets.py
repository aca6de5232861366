import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('plans', '0001_initial'), ('plans', '0002_work_on_plans'), ('plans', '0003_progress_sheets')]

    initial = True

    dependencies = [
        ('cases', '0002_events_are_append_only'),
        ('parties', '0001_initial'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='Measure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('key', models.CharField(max_length=40)),
                    ('current', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_of', to='plans.measureversion')),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='plans.plandocument')),
                    ('dropped_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dropped', to='plans.planversion')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('document', 'key'), name='one_measure_per_key')],
                },
            ), migrations.CreateModel(
                name='PlanDocument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('kind', models.CharField(choices=[('own', '本区方案'), ('reference', '参考方案')], default='own', max_length=12, verbose_name='类别')),
                    ('status', models.CharField(choices=[('internal', '内部'), ('published', '已公开')], default='internal', max_length=12, verbose_name='状态')),
                    ('title', models.CharField(max_length=200, verbose_name='方案名称')),
                    ('issuer', models.CharField(blank=True, max_length=200, verbose_name='制发机关')),
                    ('number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                    ('division', models.CharField(help_text='GB/T 2260', max_length=12, verbose_name='行政区划代码')),
                    ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年份')),
                    ('issued_on', models.DateField(blank=True, null=True, verbose_name='成文日期')),
                    ('created_at', models.DateTimeField()),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('current', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_of', to='plans.planversion')),
                ],
                options={
                    'ordering': ('-year', '-created_at', 'pk'),
                    'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('division', 'number'), name='one_plan_per_document_number'), models.CheckConstraint(condition=models.Q(('kind', 'own'), ('status', 'internal'), _connector='OR'), name='a_reference_plan_is_never_public')],
                },
            ), migrations.CreateModel(
                name='SourceFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(help_text='SHA-256 in hexadecimal', max_length=64, unique=True)),
                    ('filename', models.CharField(max_length=200, verbose_name='文件名')),
                    ('format', models.CharField(max_length=10, verbose_name='格式')),
                    ('size', models.PositiveIntegerField()),
                    ('content', models.BinaryField()),
                    ('scanned', models.BooleanField(default=False, help_text='whether a scanner passed it')),
                ],
            ), migrations.CreateModel(
                name='MeasureVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveIntegerField()),
                    ('number', models.PositiveIntegerField(null=True, verbose_name='序号')),
                    ('chapter', models.CharField(blank=True, max_length=200, verbose_name='章')),
                    ('section', models.CharField(blank=True, max_length=200, verbose_name='节')),
                    ('action', models.CharField(blank=True, max_length=200, verbose_name='行动')),
                    ('reform_item', models.CharField(blank=True, max_length=300, verbose_name='改革事项')),
                    ('title', models.CharField(blank=True, max_length=300, verbose_name='标题')),
                    ('text', models.TextField(verbose_name='内容')),
                    ('raw', models.TextField(blank=True, verbose_name='原文')),
                    ('source_line', models.PositiveIntegerField(null=True, verbose_name='原文行号')),
                    ('source_at', models.CharField(blank=True, max_length=80, verbose_name='原文位置')),
                    ('due', models.DateField(null=True, verbose_name='完成时限')),
                    ('due_text', models.CharField(blank=True, max_length=100, verbose_name='时限原文')),
                    ('starred', models.BooleanField(default=False, verbose_name='标星')),
                    ('unsure', models.JSONField(default=list)),
                    ('sentences', models.JSONField(default=list)),
                    ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='plans.measure')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='plans.planversion')),
                ],
                options={
                    'ordering': ('version', 'order'),
                    'indexes': [models.Index(fields=['version', 'due'], name='measures_by_due')],
                    'constraints': [models.UniqueConstraint(fields=('version', 'measure'), name='one_wording_per_version'), models.UniqueConstraint(fields=('version', 'order'), name='one_measure_per_place')],
                },
            ), migrations.CreateModel(
                name='PlanVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sequence', models.PositiveIntegerField(verbose_name='版次')),
                    ('content', models.JSONField(help_text='the confirmed draft')),
                    ('noise', models.JSONField(default=list)),
                    ('changes', models.JSONField(default=dict, help_text='counts of kept, changed, new, dropped')),
                    ('confirmed_at', models.DateTimeField()),
                    ('confirmed_by', models.CharField(max_length=120)),
                    ('confirmed_by_name', models.CharField(blank=True, max_length=60)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='plans.plandocument')),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='plans.sourcefile')),
                ],
                options={
                    'ordering': ('document', '-sequence'),
                    'constraints': [models.UniqueConstraint(fields=('document', 'sequence'), name='one_plan_version_each')],
                },
            ), migrations.CreateModel(
                name='ImportDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('kind', models.CharField(choices=[('own', '本区方案'), ('reference', '参考方案')], default='own', max_length=12, verbose_name='类别')),
                    ('division', models.CharField(max_length=12, verbose_name='行政区划代码')),
                    ('status', models.CharField(choices=[('open', '待确认'), ('confirmed', '已确认'), ('discarded', '已作废')], default='open', max_length=12)),
                    ('parsed', models.JSONField()),
                    ('state', models.JSONField()),
                    ('revision', models.PositiveIntegerField(default=0)),
                    ('created_at', models.DateTimeField()),
                    ('updated_at', models.DateTimeField()),
                    ('created_by', models.CharField(max_length=120)),
                    ('created_by_name', models.CharField(blank=True, max_length=60)),
                    ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='plans.plandocument')),
                    ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='plans.planversion')),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='plans.sourcefile')),
                ],
                options={
                    'ordering': ('-created_at', '-pk'),
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('source',), name='one_open_draft_per_file')],
                },
            ), migrations.CreateModel(
                name='TargetProposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('order', models.PositiveIntegerField()),
                    ('indicator', models.CharField(max_length=200, verbose_name='指标')),
                    ('comparator', models.CharField(choices=[('>=', '不低于'), ('<=', '不高于'), ('=', '等于'), ('~=', '基本达到')], max_length=2, verbose_name='比较')),
                    ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='目标值')),
                    ('unit', models.CharField(blank=True, max_length=40, verbose_name='单位')),
                    ('deadline', models.DateField(blank=True, null=True, verbose_name='期限')),
                    ('baseline', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='原值')),
                    ('span_start', models.PositiveIntegerField(default=0)),
                    ('span_end', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('proposed', '待确认'), ('confirmed', '已确认'), ('rejected', '不采纳')], default='proposed', max_length=12, verbose_name='状态')),
                    ('decided_by', models.CharField(blank=True, max_length=120)),
                    ('decided_by_name', models.CharField(blank=True, max_length=60)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='plans.measureversion')),
                ],
                options={
                    'ordering': ('wording', 'order'),
                },
            ), migrations.CreateModel(
                name='DraftOperation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sequence', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=40)),
                    ('parameters', models.JSONField()),
                    ('actor', models.CharField(max_length=120)),
                    ('actor_name', models.CharField(blank=True, max_length=60)),
                    ('at', models.DateTimeField()),
                    ('undone_at', models.DateTimeField(blank=True, null=True)),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='operations', to='plans.importdraft')),
                ],
                options={
                    'ordering': ('draft', 'sequence'),
                    'constraints': [models.UniqueConstraint(fields=('draft', 'sequence'), name='one_operation_per_place')],
                },
            ), migrations.CreateModel(
                name='MatchDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verdict', models.CharField(choices=[('linked', '认定对应'), ('unlinked', '认定不对应')], max_length=10)),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                    ('decided_by', models.CharField(max_length=120)),
                    ('decided_by_name', models.CharField(blank=True, max_length=60)),
                    ('decided_at', models.DateTimeField()),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions_as_first', to='plans.measure')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions_as_second', to='plans.measure')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_decision_per_pair'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='pairs_in_row_order')],
                },
            ), migrations.CreateModel(
                name='MeasureUnit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveIntegerField()),
                    ('name', models.CharField(db_index=True, max_length=80, verbose_name='单位名称')),
                    ('is_group', models.BooleanField(default=False, verbose_name='集合名称')),
                    ('role', models.CharField(choices=[('lead', '牵头'), ('cooperate', '配合')], max_length=12, verbose_name='分工')),
                    ('role_assumed', models.BooleanField(default=False, verbose_name='分工系推定')),
                    ('resolution', models.CharField(blank=True, choices=[('', '待明确'), ('alias', '按别名表'), ('person', '人工指定')], default='', max_length=10)),
                    ('organs', models.ManyToManyField(blank=True, related_name='plan_units', to='parties.organ')),
                    ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='plans.measureversion')),
                ],
                options={
                    'ordering': ('wording', 'order'),
                    'constraints': [models.UniqueConstraint(fields=('wording', 'name'), name='one_unit_per_measure')],
                },
            ), migrations.CreateModel(
                name='SupervisedTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.PositiveIntegerField()),
                    ('drawn', models.PositiveIntegerField(null=True)),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pool', to='plans.supervisionbatch')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='plans.task')),
                ],
                options={
                    'ordering': ('batch', 'place'),
                    'constraints': [models.UniqueConstraint(fields=('batch', 'place'), name='one_task_per_pool_place'), models.UniqueConstraint(fields=('batch', 'task'), name='a_task_once_per_pool'), models.UniqueConstraint(condition=models.Q(('drawn__isnull', False)), fields=('batch', 'drawn'), name='one_task_per_place_drawn')],
                },
            ), migrations.CreateModel(
                name='Meeting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('title', models.CharField(max_length=200, verbose_name='会议名称')),
                    ('held_on', models.DateField(verbose_name='召开日期')),
                    ('chair', models.CharField(max_length=60, verbose_name='主持人')),
                    ('minutes', models.TextField(blank=True, verbose_name='会议纪要')),
                    ('attachments', models.JSONField(default=list, help_text='refs of the attached minutes')),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by_name', models.CharField(blank=True, max_length=60)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('organs', models.ManyToManyField(related_name='meetings', to='parties.organ', verbose_name='参会单位')),
                ],
                options={
                    'ordering': ('-held_on', '-pk'),
                },
            ), migrations.CreateModel(
                name='MeetingDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveIntegerField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_decision', to='cases.case')),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='plans.meeting')),
                ],
                options={
                    'ordering': ('meeting', 'order'),
                    'constraints': [models.UniqueConstraint(fields=('meeting', 'order'), name='one_decision_per_place')],
                },
            ), migrations.CreateModel(
                name='Finding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveIntegerField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='finding', to='cases.case')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='plans.supervisedtask')),
                ],
                options={
                    'ordering': ('item', 'order'),
                    'constraints': [models.UniqueConstraint(fields=('item', 'order'), name='one_finding_per_place')],
                },
            ), migrations.CreateModel(
                name='SupervisionBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('title', models.CharField(max_length=200, verbose_name='名称')),
                    ('purpose', models.TextField(verbose_name='督查目的')),
                    ('scope', models.JSONField(default=dict, help_text='the filter by which the pool was chosen')),
                    ('draw', models.CharField(max_length=24, unique=True)),
                    ('opened_at', models.DateTimeField()),
                    ('opened_by_name', models.CharField(blank=True, max_length=60)),
                    ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='plans.plandocument')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
                options={
                    'ordering': ('-opened_at', '-pk'),
                },
            ), migrations.CreateModel(
                name='SupervisionVisit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seen_on', models.DateField(verbose_name='督查日期')),
                    ('note', models.TextField(verbose_name='督查情况')),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by_name', models.CharField(blank=True, max_length=60)),
                    ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='plans.supervisedtask')),
                ],
            ), migrations.CreateModel(
                name='Task',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('lead', '牵头'), ('cooperate', '配合')], max_length=12, verbose_name='分工')),
                    ('role_assumed', models.BooleanField(default=False, verbose_name='分工系推定')),
                    ('sort', models.CharField(choices=[('dated', '限时完成'), ('periodic', '持续推进'), ('review', '成效复核')], max_length=12, verbose_name='方式')),
                    ('due_on', models.DateField(db_index=True, verbose_name='完成时限')),
                    ('due_basis', models.CharField(choices=[('document', '方案写明'), ('chosen', '下达时指定'), ('assumed', '推定为方案年度末')], max_length=12, verbose_name='时限依据')),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='plan_task', to='cases.case')),
                    ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='plans.meetingdecision')),
                    ('measure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='plans.measure')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_tasks', to='parties.organ')),
                    ('wording', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.measureversion')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', True), ('measure__isnull', False)), models.Q(('decision__isnull', False), ('measure__isnull', True)), _connector='OR'), name='a_task_has_one_source'), models.UniqueConstraint(condition=models.Q(('measure__isnull', False)), fields=('measure', 'organ'), name='one_task_per_measure_and_organ'), models.UniqueConstraint(condition=models.Q(('decision__isnull', False)), fields=('decision', 'organ'), name='one_task_per_decision_and_organ')],
                },
            ), migrations.CreateModel(
                name='SubAction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveIntegerField()),
                    ('text', models.TextField()),
                    ('weight', models.PositiveSmallIntegerField(default=1, verbose_name='权重')),
                    ('confirmed_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.caseevent')),
                    ('reported_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.caseevent')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sub_actions', to='plans.task')),
                ],
                options={
                    'ordering': ('task', 'order'),
                    'constraints': [models.UniqueConstraint(fields=('task', 'order'), name='one_sub_action_per_place'), models.CheckConstraint(condition=models.Q(('weight__gte', 1)), name='a_weight_counts'), models.CheckConstraint(condition=models.Q(('confirmed_in__isnull', True), ('reported_in__isnull', False), _connector='OR'), name='only_what_was_reported_is_confirmed')],
                },
            ), migrations.CreateModel(
                name='ProgressSheet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('workbook', models.CharField(max_length=24)),
                    ('filename', models.CharField(max_length=160, verbose_name='文件')),
                    ('evidence', models.JSONField(default=dict)),
                    ('digest', models.CharField(max_length=64)),
                    ('handed_in_at', models.DateTimeField()),
                    ('handed_in_by_name', models.CharField(blank=True, max_length=60)),
                    ('reported_at', models.DateTimeField(blank=True, null=True)),
                    ('reported_by_name', models.CharField(blank=True, max_length=60)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
                options={
                    'ordering': ('-handed_in_at', '-pk'),
                    'indexes': [models.Index(fields=['organ', '-handed_in_at'], name='plans_sheets_of_organ')],
                    'constraints': [models.UniqueConstraint(fields=('organ', 'digest'), name='a_progress_sheet_once')],
                },
            )],
        ),
    ]
