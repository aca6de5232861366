import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models

from yingshang.cases.protection import protect, unprotect
from yingshang.squashed import refused

# Without it PostgreSQL takes an organ's open cases for a fortieth of what they are, since it holds state
# and turn to be independent, and sorts them all where it could read a thousand along the index.
TELL = "CREATE STATISTICS case_waiting (mcv) ON turn_id, closed_at, state FROM cases_case"
FORGET = "DROP STATISTICS IF EXISTS case_waiting"


def _protect(editor):
    protect(editor.connection, refused(editor))


def _unprotect(editor):
    unprotect(editor.connection)


def _tell(editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(TELL)


def _forget(editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(FORGET)


class Migration(migrations.Migration):

    replaces = [('cases', '0001_cases_and_events'), ('cases', '0002_events_are_append_only'), ('cases', '0003_late_entries_are_confirmed'), ('cases', '0004_powers_cards_and_versions'), ('cases', '0005_lists_along_indexes'), ('cases', '0006_who_works_on_a_case'), ('cases', '0007_planner_knows_what_waits')]

    initial = True

    dependencies = [
        ('content', '0001_content_versions'),
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='Case',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('procedure', models.CharField(max_length=80)),
                    ('title', models.CharField(max_length=300, verbose_name='标题')),
                    ('origin', models.CharField(blank=True, db_index=True, max_length=160)),
                    ('state', models.CharField(max_length=60)),
                    ('data', models.JSONField(default=dict)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('seq', models.PositiveIntegerField()),
                    ('due_on', models.DateField(null=True)),
                    ('sort_on', models.DateField()),
                    ('yellow_on', models.DateField(null=True)),
                    ('red_on', models.DateField(null=True)),
                    ('provisional', models.BooleanField(default=False)),
                    ('paused', models.BooleanField(default=False)),
                    ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('opener', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='cases.case')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='parties.subject')),
                    ('turn', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('expires_on', models.DateField(null=True)),
                    ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['turn', 'sort_on', 'id'], name='case_worklist'), models.Index(fields=['procedure', 'state', 'sort_on', 'id'], name='case_by_state'), models.Index(fields=['holder', 'procedure', 'sort_on', 'id'], name='case_by_holder'), models.Index(fields=['subject', '-id'], name='case_by_subject'), models.Index(condition=models.Q(('closed_at', None), ('provisional', True)), fields=['id'], name='case_provisional'), models.Index(condition=models.Q(('closed_at', None), ('expires_on__isnull', False)), fields=['expires_on'], name='case_expiring'), models.Index(fields=['sort_on', 'id'], name='case_by_urgency'), models.Index(fields=['holder', 'sort_on', 'id'], name='case_by_holder_urgency'), models.Index(fields=['subject', 'sort_on', 'id'], name='case_by_subject_urgency'), models.Index(condition=models.Q(('assignee__isnull', False), ('closed_at', None)), fields=['assignee', 'sort_on', 'id'], name='case_by_assignee')],
                },
            ), migrations.CreateModel(
                name='CaseEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveIntegerField()),
                    ('action', models.CharField(max_length=60)),
                    ('from_state', models.CharField(blank=True, max_length=60)),
                    ('to_state', models.CharField(max_length=60)),
                    ('fields', models.JSONField(default=dict)),
                    ('reason', models.TextField(blank=True)),
                    ('participants', models.JSONField(default=list)),
                    ('actor', models.CharField(max_length=120)),
                    ('actor_name', models.CharField(blank=True, max_length=80)),
                    ('occurred_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('ground', models.CharField(blank=True, max_length=300)),
                    ('idempotency_key', models.CharField(blank=True, max_length=80)),
                    ('entry', models.CharField(max_length=24)),
                    ('actor_organ', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='cases.case')),
                    ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('about', models.PositiveIntegerField(null=True)),
                    ('former_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('power', models.CharField(blank=True, max_length=24)),
                    ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                ],
                options={
                    'ordering': ('case', 'seq'),
                    'indexes': [models.Index(condition=models.Q(('ground', ''), _negated=True), fields=['-id'], name='case_late_entries')],
                    'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='one_event_per_place'), models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('actor', 'idempotency_key'), name='one_event_per_request'), models.CheckConstraint(condition=models.Q(('occurred_at__lte', models.F('recorded_at'))), name='recorded_after_it_occurred'), models.UniqueConstraint(condition=models.Q(('about__isnull', False)), fields=('case', 'about'), name='one_verdict_per_late_entry')],
                },
            ), migrations.CreateModel(
                name='CaseParticipant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='cases.case')),
                    ('organ', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                    ('sort_on', models.DateField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('person', None)), fields=['organ', 'sort_on', 'case'], name='participant_by_urgency')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('person', None)), fields=('organ', 'case'), name='an_organ_once_per_case'), models.UniqueConstraint(condition=models.Q(('organ', None)), fields=('person', 'case'), name='a_person_once_per_case')],
                },
            ), migrations.CreateModel(
                name='Card',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('clock', models.CharField(max_length=60)),
                    ('colour', models.CharField(choices=[('yellow', '黄牌'), ('red', '红牌')], max_length=10)),
                    ('run', models.PositiveIntegerField()),
                    ('due_on', models.DateField()),
                    ('issued_at', models.DateTimeField()),
                    ('explanation', models.TextField(blank=True)),
                    ('explained_by', models.CharField(blank=True, max_length=80)),
                    ('explained_at', models.DateTimeField(null=True)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cases.case')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
                options={
                    'indexes': [models.Index(fields=['organ', '-id'], name='card_by_organ'), models.Index(fields=['colour', '-id'], name='card_by_colour')],
                    'constraints': [models.UniqueConstraint(fields=('case', 'clock', 'run', 'colour'), name='one_card_per_run')],
                },
            ), migrations.CreateModel(
                name='Power',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('scope', models.CharField(max_length=160, verbose_name='权力事项')),
                    ('procedure', models.CharField(blank=True, max_length=80, verbose_name='流程')),
                    ('action', models.CharField(blank=True, max_length=60, verbose_name='操作')),
                    ('ground', models.CharField(max_length=300, verbose_name='授权依据')),
                    ('readiness', models.CharField(max_length=300, verbose_name='承接核验')),
                    ('granted_by', models.CharField(max_length=120)),
                    ('granted_by_name', models.CharField(blank=True, max_length=80)),
                    ('granted_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_by', models.CharField(blank=True, max_length=80)),
                    ('revoke_reason', models.CharField(blank=True, max_length=300)),
                    ('request_key', models.CharField(blank=True, max_length=80)),
                    ('grantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='powers_granted', to='parties.organ')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='powers', to='parties.organ')),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='powers', to='parties.person')),
                ],
                options={
                    'indexes': [models.Index(fields=['scope', 'grantor'], name='power_by_scope')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('organ__isnull', False), ('person__isnull', False), _connector='OR'), name='a_power_is_given_to_somebody'), models.UniqueConstraint(condition=models.Q(('request_key', ''), _negated=True), fields=('granted_by', 'request_key'), name='one_power_per_request')],
                },
            )],
        ),
        yingshang.squashed.OnDatabase(_protect, _unprotect),
        yingshang.squashed.OnDatabase(_tell, _forget),
    ]
