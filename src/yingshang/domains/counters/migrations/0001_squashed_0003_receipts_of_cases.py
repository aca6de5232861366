import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models

from yingshang.licences.protection import protect, unprotect
from yingshang.squashed import refused

TABLES = ("counters_ticketevent",)


def _protect(editor):
    for table in TABLES:
        protect(editor.connection, table, refused(editor))


def _unprotect(editor):
    for table in TABLES:
        unprotect(editor.connection, table)


class Migration(migrations.Migration):

    replaces = [('counters', '0001_halls'), ('counters', '0002_trail_is_append_only'), ('counters', '0003_receipts_of_cases')]

    initial = True

    dependencies = [
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='QueueDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hall', models.CharField(max_length=60)),
                    ('day', models.DateField()),
                    ('numbers', models.JSONField(default=dict)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('hall', 'day'), name='one_queue_a_day')],
                },
            ), migrations.CreateModel(
                name='Booking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('code', models.CharField(max_length=12)),
                    ('starts_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('group', models.CharField(max_length=60)),
                    ('item', models.CharField(max_length=80)),
                    ('state', models.CharField(choices=[('booked', '已预约'), ('used', '已到场'), ('cancelled', '已取消'), ('moved', '已改期'), ('no_show', '爽约')], default='booked', max_length=10)),
                    ('booked_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='counters.queueday')),
                ],
                options={
                    'indexes': [models.Index(fields=['day', 'group', 'starts_at', 'state'], name='slot_taken'), models.Index(fields=['person', '-starts_at'], name='bookings_of_person'), models.Index(fields=['state', 'ends_at'], name='bookings_overdue')],
                    'constraints': [models.UniqueConstraint(fields=('day', 'code'), name='one_booking_per_code_and_day')],
                },
            ), migrations.CreateModel(
                name='SignOn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('window', models.CharField(max_length=60)),
                    ('hall', models.CharField(max_length=60)),
                    ('since', models.DateTimeField()),
                    ('until', models.DateTimeField(null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                ],
                options={
                    'indexes': [models.Index(fields=['hall', 'until'], name='windows_open')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('window',), name='one_clerk_at_a_window'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('person',), name='one_window_for_a_clerk')],
                },
            ), migrations.CreateModel(
                name='Ticket',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('prefix', models.CharField(max_length=1)),
                    ('number', models.PositiveIntegerField()),
                    ('group', models.CharField(max_length=60)),
                    ('item', models.CharField(blank=True, max_length=80)),
                    ('priority', models.CharField(blank=True, choices=[('', '无'), ('elderly', '老年人'), ('disabled', '残疾人'), ('service', '现役军人、退役军人'), ('pregnant', '孕妇和携带婴幼儿的人')], max_length=10)),
                    ('name', models.CharField(blank=True, max_length=60)),
                    ('taken_at', models.DateTimeField()),
                    ('state', models.CharField(max_length=12)),
                    ('waiting_since', models.DateTimeField()),
                    ('window', models.CharField(blank=True, max_length=60)),
                    ('calls', models.PositiveSmallIntegerField(default=0)),
                    ('called_at', models.DateTimeField(null=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('booking', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ticket', to='counters.booking')),
                    ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='counters.queueday')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                ],
                options={
                    'indexes': [models.Index(fields=['day', 'state'], name='tickets_in_state'), models.Index(fields=['group', 'finished_at'], name='service_times')],
                    'constraints': [models.UniqueConstraint(fields=('day', 'prefix', 'number'), name='a_number_once_a_day'), models.UniqueConstraint(condition=models.Q(('state__in', ['called', 'serving'])), fields=('day', 'window'), name='one_ticket_at_a_window')],
                },
            ), migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('hall', models.CharField(max_length=60)),
                    ('number', models.CharField(max_length=30, unique=True)),
                    ('window', models.CharField(max_length=60)),
                    ('service', models.CharField(max_length=80)),
                    ('service_name', models.CharField(max_length=120)),
                    ('applicant', models.CharField(max_length=120)),
                    ('submitter', models.CharField(max_length=60)),
                    ('papers', models.JSONField()),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('received_at', models.DateTimeField()),
                    ('received_by', models.CharField(max_length=120)),
                    ('taken_over_at', models.DateTimeField(null=True)),
                    ('taken_over_by', models.CharField(blank=True, max_length=120)),
                    ('routed_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                    ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='counters.ticket')),
                    ('identity', models.CharField(blank=True, choices=[('id_card', '居民身份证'), ('e_id', '电子证照亮证'), ('passport', '护照或其他证件')], max_length=10)),
                    ('identity_tail', models.CharField(blank=True, max_length=4)),
                    ('is_agent', models.BooleanField(default=False)),
                    ('origin', models.CharField(blank=True, max_length=160)),
                ],
                options={
                    'indexes': [models.Index(fields=['hall', '-received_at'], name='receipts_of_hall'), models.Index(fields=['routed_to', 'taken_over_at'], name='receipts_to_take')],
                },
            ), migrations.CreateModel(
                name='TicketEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('did', models.CharField(max_length=12)),
                    ('at', models.DateTimeField()),
                    ('window', models.CharField(blank=True, max_length=60)),
                    ('overtook', models.BooleanField(default=False)),
                    ('by', models.CharField(max_length=120)),
                    ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='counters.ticket')),
                ],
                options={
                    'ordering': ('ticket', 'number'),
                    'indexes': [models.Index(fields=['window', 'did', '-at'], name='calls_of_window')],
                    'constraints': [models.UniqueConstraint(fields=('ticket', 'number'), name='one_event_per_place_in_trail')],
                },
            ), migrations.CreateModel(
                name='PickUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('hall', models.CharField(max_length=60)),
                    ('number', models.CharField(max_length=30, unique=True)),
                    ('origin', models.CharField(max_length=160)),
                    ('what', models.CharField(max_length=160)),
                    ('holder', models.CharField(max_length=120)),
                    ('ready_at', models.DateTimeField()),
                    ('handed_over_at', models.DateTimeField(null=True)),
                    ('handed_over_by', models.CharField(blank=True, max_length=120)),
                    ('receiver', models.CharField(blank=True, max_length=60)),
                    ('is_agent', models.BooleanField(default=False)),
                    ('identity', models.CharField(blank=True, choices=[('id_card', '居民身份证'), ('e_id', '电子证照亮证'), ('passport', '护照或其他证件')], max_length=10)),
                    ('identity_tail', models.CharField(blank=True, max_length=4)),
                    ('signature', models.CharField(blank=True, choices=[('pad', '电子签名板'), ('paper', '纸质签收单')], max_length=10)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['hall', 'handed_over_at', '-ready_at'], name='pick_ups')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('handed_over_at', None)), fields=('origin', 'what'), name='one_waiting_pick_up_per_origin')],
                },
            )],
        ),
        yingshang.squashed.OnDatabase(_protect, _unprotect),
    ]
