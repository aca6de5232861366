import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models

from yingshang.forms.protection import protect, unprotect
from yingshang.squashed import refused


def _protect(editor):
    protect(editor.connection, refused(editor))


def _unprotect(editor):
    unprotect(editor.connection)


class Migration(migrations.Migration):

    replaces = [('yingshang_forms', '0001_drafts_submissions_and_materials'), ('yingshang_forms', '0002_submissions_are_append_only')]

    initial = True

    dependencies = [
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='PinnedForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(db_index=True, max_length=80)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('body', models.JSONField()),
                    ('versions', models.JSONField()),
                    ('pinned_at', models.DateTimeField()),
                ],
            ), migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('purpose', models.CharField(max_length=120)),
                    ('expires_on', models.DateField()),
                    ('given_by', models.CharField(max_length=120)),
                    ('given_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='yingshang_forms.materialitem')),
                ],
            ), migrations.CreateModel(
                name='MaterialItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('material', models.CharField(max_length=80)),
                    ('files', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('origin', models.CharField(max_length=160)),
                    ('purpose', models.CharField(max_length=120)),
                    ('handed_in_at', models.DateTimeField()),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('subject', 'material', 'digest'), name='kept_once')],
                },
            ), migrations.CreateModel(
                name='ItemUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(max_length=120)),
                    ('about', models.CharField(max_length=160)),
                    ('used_by', models.CharField(max_length=120)),
                    ('used_at', models.DateTimeField()),
                    ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='yingshang_forms.consent')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='yingshang_forms.materialitem')),
                ],
            ), migrations.CreateModel(
                name='Draft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('purpose', models.CharField(max_length=120)),
                    ('context', models.JSONField(default=dict)),
                    ('answers', models.JSONField(default=dict)),
                    ('known', models.JSONField(default=dict)),
                    ('materials', models.JSONField(default=dict)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('changed', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('open', '填写中'), ('submitted', '已提交')], default='open', max_length=12)),
                    ('confirmation', models.JSONField(default=dict)),
                    ('open_paths', models.JSONField(default=list)),
                    ('carried', models.JSONField(default=list)),
                    ('started_by', models.CharField(max_length=120)),
                    ('started_name', models.CharField(max_length=80)),
                    ('started_at', models.DateTimeField()),
                    ('saved_at', models.DateTimeField()),
                    ('expires_on', models.DateField()),
                    ('told_on', models.DateField(blank=True, null=True)),
                    ('on_behalf', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='yingshang_forms.pinnedform')),
                    ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='yingshang_forms.submission')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['subject', '-saved_at'], name='open_drafts_of_a_subject'), models.Index(condition=models.Q(('state', 'open')), fields=['expires_on'], name='expiring_drafts')],
                },
            ), migrations.CreateModel(
                name='Signature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slot', models.CharField(max_length=80)),
                    ('name', models.CharField(max_length=80)),
                    ('signer', models.CharField(max_length=120)),
                    ('method', models.CharField(max_length=20)),
                    ('digest', models.CharField(max_length=64)),
                    ('signed_at', models.DateTimeField()),
                    ('voided_at', models.DateTimeField(blank=True, null=True)),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='yingshang_forms.draft')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('draft', 'slot'), name='signed_once')],
                },
            ), migrations.CreateModel(
                name='Submission',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('purpose', models.CharField(max_length=120)),
                    ('body', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('submitted_by', models.CharField(max_length=120)),
                    ('submitted_name', models.CharField(max_length=80)),
                    ('submitted_at', models.DateTimeField()),
                    ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='yingshang_forms.submission')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='yingshang_forms.pinnedform')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', '-submitted_at'], name='submissions_of_subject')],
                },
            ), migrations.CreateModel(
                name='FieldMark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('path', models.CharField(max_length=160)),
                    ('remark', models.CharField(max_length=500)),
                    ('marked_by', models.CharField(max_length=120)),
                    ('marked_at', models.DateTimeField()),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                    ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='yingshang_forms.submission')),
                ],
                options={
                    'ordering': ('pk',),
                },
            )],
        ),
        yingshang.squashed.OnDatabase(_protect, _unprotect),
    ]
