import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models

from yingshang.licences.protection import protect, unprotect
from yingshang.squashed import refused

TABLES = ("services_objection",)


def _protect(editor):
    for table in TABLES:
        protect(editor.connection, table, refused(editor))


def _unprotect(editor):
    for table in TABLES:
        unprotect(editor.connection, table)


class Migration(migrations.Migration):

    replaces = [('services', '0001_catalogue'), ('services', '0002_steps_of_whole_matters'), ('services', '0003_delivery_and_filing'), ('services', '0004_public_notices'), ('services', '0005_kept_names'), ('services', '0006_notices_that_list_many')]

    initial = True

    dependencies = [
        ('cases', '0006_who_works_on_a_case'),
        ('content', '0001_content_versions'),
        ('parties', '0002_relation_times'),
        ('yingshang_forms', '0002_submissions_are_append_only'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='ServiceImplementation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80, unique=True)),
                    ('item', models.CharField(db_index=True, max_length=80)),
                    ('level', models.CharField(max_length=10)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
            ), migrations.CreateModel(
                name='ImplementationVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('body', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('origin', models.CharField(max_length=160)),
                    ('state', models.CharField(max_length=10)),
                    ('valid_from', models.DateField()),
                    ('valid_to', models.DateField(null=True)),
                    ('proposed_by', models.CharField(max_length=120)),
                    ('proposed_at', models.DateTimeField()),
                    ('published_by', models.CharField(blank=True, max_length=120)),
                    ('published_at', models.DateTimeField(null=True)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('implementation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='services.serviceimplementation')),
                ],
                options={
                    'indexes': [models.Index(fields=['state', 'implementation', '-valid_from'], name='impl_in_force')],
                    'constraints': [models.UniqueConstraint(fields=('implementation', 'number'), name='one_body_per_implementation_version'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('implementation',), name='one_proposal_at_a_time')],
                },
            ), migrations.CreateModel(
                name='MatterStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField()),
                    ('item', models.CharField(max_length=80)),
                    ('procedure', models.CharField(max_length=80)),
                    ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matter_steps', to='cases.case')),
                    ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='yingshang_forms.submission')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.implementationversion')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('parent', 'item'), name='one_step_per_item_of_a_matter')],
                },
            ), migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('means', models.CharField(choices=[('electronic', '电子送达'), ('counter', '窗口领取'), ('post', '邮寄')], max_length=12)),
                    ('hall', models.CharField(blank=True, max_length=60)),
                    ('recipient', models.CharField(blank=True, max_length=60)),
                    ('phone', models.CharField(blank=True, max_length=30)),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('chosen_by', models.CharField(max_length=120)),
                    ('chosen_name', models.CharField(blank=True, max_length=80)),
                    ('chosen_at', models.DateTimeField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='delivery', to='cases.case')),
                ],
            ), migrations.CreateModel(
                name='Filing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('submitter', models.CharField(max_length=60)),
                    ('identity', models.CharField(max_length=10)),
                    ('identity_tail', models.CharField(max_length=4)),
                    ('is_agent', models.BooleanField(default=False)),
                    ('receipt', models.CharField(blank=True, max_length=24)),
                    ('receipt_number', models.CharField(blank=True, max_length=30)),
                    ('filed_by', models.CharField(max_length=120)),
                    ('filed_name', models.CharField(blank=True, max_length=80)),
                    ('filed_at', models.DateTimeField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='filing', to='cases.case')),
                ],
            ), migrations.CreateModel(
                name='PublicNotice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('kind', models.CharField(max_length=80)),
                    ('title', models.CharField(max_length=200)),
                    ('shown', models.JSONField()),
                    ('is_public', models.BooleanField()),
                    ('published_at', models.DateTimeField()),
                    ('ends_on', models.DateField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('result', models.CharField(blank=True, max_length=60)),
                    ('shown_until', models.DateField(null=True)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_notices', to='cases.case')),
                    ('declared', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('listed', models.JSONField(default=list)),
                ],
                options={
                    'indexes': [models.Index(fields=['-published_at', '-id'], name='notices_newest_first')],
                },
            ), migrations.CreateModel(
                name='Objection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('ground', models.CharField(max_length=60)),
                    ('text', models.TextField()),
                    ('name', models.CharField(max_length=80)),
                    ('contact', models.CharField(max_length=80)),
                    ('party', models.CharField(blank=True, max_length=120)),
                    ('actor', models.CharField(max_length=160)),
                    ('place', models.CharField(max_length=64)),
                    ('received_at', models.DateTimeField()),
                    ('digest', models.CharField(max_length=64)),
                    ('entry', models.CharField(max_length=24)),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='services.publicnotice')),
                    ('listed', models.CharField(blank=True, max_length=60)),
                ],
                options={
                    'indexes': [models.Index(fields=['place', 'received_at'], name='objections_from_place')],
                },
            ), migrations.CreateModel(
                name='NameReservation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('plain', models.CharField(max_length=120, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('owner', models.CharField(max_length=40)),
                    ('until', models.DateField()),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ],
            )],
        ),
        yingshang.squashed.OnDatabase(_protect, _unprotect),
    ]
