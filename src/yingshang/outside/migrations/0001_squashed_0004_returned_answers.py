import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.outside.models
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outside', '0001_requests_answers_and_simulators'), ('outside', '0002_simulated_decisions'), ('outside', '0003_settled_requests'), ('outside', '0004_returned_answers')]

    initial = True

    dependencies = [
        ('content', '0001_content_versions'),
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='SimulatedBehaviour',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('body', models.CharField(max_length=80, unique=True)),
                    ('behaviour', models.JSONField()),
                    ('down_until', models.DateTimeField(null=True)),
                    ('changed_at', models.DateTimeField()),
                ],
            ), migrations.CreateModel(
                name='Reconciliation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('body', models.CharField(max_length=80)),
                    ('day', models.DateField()),
                    ('ran_at', models.DateTimeField()),
                    ('ours', models.PositiveIntegerField(default=0)),
                    ('theirs', models.PositiveIntegerField(default=0)),
                    ('agreed', models.PositiveIntegerField(default=0)),
                    ('failed', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [models.Index(fields=['-day', 'body'], name='reconciliations_by_day')],
                    'constraints': [models.UniqueConstraint(fields=('body', 'day'), name='one_reconciliation_per_day')],
                },
            ), migrations.CreateModel(
                name='Request',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.outside.models.new_message_id, max_length=24, unique=True)),
                    ('body', models.CharField(max_length=80)),
                    ('message', models.CharField(max_length=80)),
                    ('about', models.CharField(max_length=160)),
                    ('occasion', models.CharField(blank=True, max_length=80)),
                    ('payload', models.JSONField()),
                    ('asked_by', models.CharField(max_length=160)),
                    ('asked_name', models.CharField(blank=True, max_length=120)),
                    ('asked_at', models.DateTimeField()),
                    ('delivery', models.CharField(choices=[('waiting', '待发送'), ('sending', '发送中'), ('unknown', '已发出，待核实'), ('delivered', '已送达'), ('failed', '未能送达')], default='waiting', max_length=12)),
                    ('tries', models.PositiveIntegerField(default=0)),
                    ('next_try_at', models.DateTimeField()),
                    ('lease', models.CharField(blank=True, max_length=24)),
                    ('leased_until', models.DateTimeField(null=True)),
                    ('unknown_since', models.DateTimeField(null=True)),
                    ('answer', models.CharField(blank=True, choices=[('accepted', '已受理'), ('done', '已办结'), ('refused', '不予办理'), ('returned', '办结后退回')], max_length=12)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('due_at', models.DateTimeField()),
                    ('stuck', models.CharField(blank=True, choices=[('no_answer', '超时未答复'), ('gave_up', '多次发送未成功'), ('rejected', '对方不接收报文'), ('contradicted', '答复前后矛盾'), ('not_applied', '答复未能生效')], max_length=16)),
                    ('stuck_at', models.DateTimeField(null=True)),
                    ('why', models.CharField(blank=True, max_length=300)),
                    ('organ', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('delivery', 'waiting')), fields=['body', 'next_try_at'], name='outside_to_send'), models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['body', 'due_at'], name='outside_unsettled'), models.Index(condition=models.Q(('stuck_at__isnull', False)), fields=['-stuck_at', '-id'], name='outside_stuck'), models.Index(fields=['body', '-asked_at', '-id'], name='outside_of_body'), models.Index(fields=['settled_at', 'body'], name='outside_settled')],
                    'constraints': [models.UniqueConstraint(fields=('about', 'body', 'message', 'occasion'), name='asked_once')],
                },
            ), migrations.CreateModel(
                name='Note',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('by', models.CharField(max_length=160)),
                    ('by_name', models.CharField(blank=True, max_length=120)),
                    ('what', models.CharField(max_length=40)),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='outside.request')),
                ],
            ), migrations.CreateModel(
                name='Difference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('body', models.CharField(max_length=80)),
                    ('day', models.DateField()),
                    ('message_id', models.CharField(max_length=80)),
                    ('sort', models.CharField(choices=[('only_here', '我方有，对方没有'), ('only_there', '对方有，我方没有'), ('different', '两边不一致'), ('twice', '对方重复办理')], max_length=12)),
                    ('here', models.CharField(blank=True, max_length=40)),
                    ('there', models.CharField(blank=True, max_length=40)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('closed_by', models.CharField(blank=True, max_length=160)),
                    ('closed_name', models.CharField(blank=True, max_length=120)),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='outside.request')),
                ],
                options={
                    'indexes': [models.Index(fields=['-opened_at', '-id'], name='differences_by_time')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('body', 'message_id', 'sort'), name='one_open_difference')],
                },
            ), migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('lease', models.CharField(max_length=24)),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, choices=[('delivered', '对方已接收'), ('not_taken', '对方未接收'), ('no_reply', '对方没有回应，是否收到待核实'), ('rejected', '对方不接收报文'), ('lost', '发送中断，是否收到待核实')], max_length=12)),
                    ('why', models.CharField(blank=True, max_length=300)),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='outside.request')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('request', 'lease'), name='one_try_per_lease')],
                },
            ), migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('status', models.CharField(choices=[('accepted', '已受理'), ('done', '已办结'), ('refused', '不予办理'), ('returned', '办结后退回')], max_length=12)),
                    ('fields', models.JSONField()),
                    ('reason', models.CharField(blank=True, max_length=80)),
                    ('digest', models.CharField(max_length=64)),
                    ('source', models.CharField(choices=[('callback', '回调'), ('at_once', '发送时即答'), ('reconciliation', '对账'), ('by_hand', '人工登记')], max_length=16)),
                    ('verdict', models.CharField(choices=[('counts', '采用'), ('late', '迟到，不影响结果'), ('contradicts', '与先前答复矛盾，未采用')], max_length=12)),
                    ('received_at', models.DateTimeField()),
                    ('repeats', models.PositiveIntegerField(default=0)),
                    ('applied_at', models.DateTimeField(null=True)),
                    ('unapplied', models.CharField(blank=True, max_length=300)),
                    ('by', models.CharField(blank=True, max_length=160)),
                    ('by_name', models.CharField(blank=True, max_length=120)),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('cleared_at', models.DateTimeField(null=True)),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='outside.request')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('applied_at__isnull', True), ('verdict', 'counts')), fields=['request'], name='outside_unapplied')],
                    'constraints': [models.UniqueConstraint(fields=('request', 'digest'), name='an_answer_once')],
                },
            ), migrations.CreateModel(
                name='SimulatedMessage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('body', models.CharField(max_length=80)),
                    ('message_id', models.CharField(max_length=80)),
                    ('message', models.CharField(max_length=80)),
                    ('day', models.DateField()),
                    ('knocks', models.PositiveIntegerField(default=0)),
                    ('effects', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(blank=True, max_length=12)),
                    ('fields', models.JSONField(default=dict)),
                    ('reason', models.CharField(blank=True, max_length=80)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('returned_at', models.DateTimeField(null=True)),
                    ('returned_reason', models.CharField(blank=True, max_length=80)),
                ],
                options={
                    'indexes': [models.Index(fields=['body', 'day'], name='simulated_by_day')],
                    'constraints': [models.UniqueConstraint(fields=('body', 'message_id'), name='simulated_message_once')],
                },
            ), migrations.CreateModel(
                name='SimulatedCallback',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('payload', models.JSONField()),
                    ('due_at', models.DateTimeField()),
                    ('tries', models.PositiveIntegerField(default=0)),
                    ('delivered_at', models.DateTimeField(null=True)),
                    ('answered', models.PositiveIntegerField(null=True)),
                    ('told', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='callbacks', to='outside.simulatedmessage')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('delivered_at__isnull', True)), fields=['due_at'], name='simulated_to_call')],
                },
            )],
        ),
    ]
