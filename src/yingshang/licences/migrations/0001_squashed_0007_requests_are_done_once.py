import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models

from yingshang.licences.protection import protect, unprotect
from yingshang.squashed import refused

TABLES = (
    "licences_licenceversion",
    "licences_licenceevent",
    "licences_decision",
    "licences_sealuse",
)


def _protect(editor):
    for table in TABLES:
        protect(editor.connection, table, refused(editor))


def _unprotect(editor):
    for table in TABLES:
        unprotect(editor.connection, table)


class Migration(migrations.Migration):

    replaces = [('licences', '0001_licences_and_decisions'), ('licences', '0002_records_are_append_only'), ('licences', '0003_seals_renditions_and_servings'), ('licences', '0004_uses_of_seals_are_append_only'), ('licences', '0005_consent_of_servings'), ('licences', '0006_papers_are_found_by_origin'), ('licences', '0007_requests_are_done_once')]

    initial = True

    dependencies = [
        ('content', '0001_content_versions'),
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='Licence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('kind', models.CharField(max_length=80)),
                    ('number', models.CharField(max_length=80, verbose_name='证照编号')),
                    ('identifier', models.CharField(max_length=120, unique=True, verbose_name='电子证照标识')),
                    ('holder_name', models.CharField(max_length=120, verbose_name='持证主体')),
                    ('state', models.CharField(choices=[('valid', '有效'), ('suspended', '暂停'), ('revoked', '已撤销'), ('cancelled', '已注销'), ('expired', '已到期')], default='valid', max_length=12)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('valid_from', models.DateField(verbose_name='有效期自')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                    ('issued_on', models.DateField(verbose_name='颁发日期')),
                    ('origin', models.CharField(blank=True, max_length=160)),
                    ('record_digest', models.CharField(max_length=64)),
                    ('serial', models.CharField(max_length=40)),
                    ('changed_at', models.DateTimeField()),
                    ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences_issued', to='parties.organ')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences', to='parties.subject')),
                ],
                options={
                    'indexes': [models.Index(fields=['-changed_at', '-id'], name='licences_by_change'), models.Index(fields=['issuer', '-changed_at', '-id'], name='licences_of_issuer'), models.Index(fields=['subject', '-issued_on', '-id'], name='licences_of_subject'), models.Index(condition=models.Q(('state__in', ['valid', 'suspended']), ('valid_to__isnull', False)), fields=['valid_to'], name='licences_that_end'), models.Index(fields=['origin'], name='licences_of_origin')],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='one_licence_per_number')],
                },
            ), migrations.CreateModel(
                name='LicenceEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('issue', '颁发'), ('change', '变更'), ('renew', '延续'), ('suspend', '暂停'), ('resume', '恢复'), ('revoke', '撤销'), ('cancel', '注销'), ('expire', '到期失效')], max_length=12)),
                    ('on', models.DateField()),
                    ('ground', models.CharField(blank=True, max_length=500)),
                    ('version', models.PositiveIntegerField()),
                    ('recorded_at', models.DateTimeField()),
                    ('actor', models.CharField(max_length=120)),
                    ('actor_name', models.CharField(blank=True, max_length=80)),
                    ('entry', models.CharField(max_length=24)),
                    ('licence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='licences.licence')),
                ],
                options={
                    'ordering': ('seq',),
                    'constraints': [models.UniqueConstraint(fields=('licence', 'seq'), name='licence_events_in_order')],
                },
            ), migrations.CreateModel(
                name='LicenceVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('identifier', models.CharField(max_length=120, unique=True)),
                    ('record', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('signature', models.CharField(max_length=200)),
                    ('made_at', models.DateTimeField()),
                    ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                    ('licence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='licences.licence')),
                    ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('licence', 'number'), name='one_record_per_version')],
                },
            ), migrations.CreateModel(
                name='NumberSeries',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('series', models.CharField(max_length=100)),
                    ('year', models.PositiveIntegerField()),
                    ('last', models.PositiveIntegerField(default=0)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='number_series', to='parties.organ')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('organ', 'series', 'year'), name='one_count_per_series')],
                },
            ), migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('series', models.CharField(max_length=80)),
                    ('year', models.PositiveIntegerField()),
                    ('serial', models.PositiveIntegerField()),
                    ('number', models.CharField(max_length=80, verbose_name='文号')),
                    ('title', models.CharField(max_length=120, verbose_name='标题')),
                    ('addressee', models.CharField(blank=True, max_length=120, verbose_name='受送达人')),
                    ('origin', models.CharField(blank=True, max_length=160)),
                    ('issued_on', models.DateField(verbose_name='成文日期')),
                    ('record', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('signature', models.CharField(max_length=200)),
                    ('made_at', models.DateTimeField()),
                    ('entry', models.CharField(max_length=24)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='parties.organ')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='parties.subject')),
                    ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion')),
                ],
                options={
                    'indexes': [models.Index(fields=['organ', '-made_at', '-id'], name='decisions_of_organ'), models.Index(fields=['-made_at', '-id'], name='decisions_by_time'), models.Index(fields=['subject', '-made_at', '-id'], name='decisions_of_subject'), models.Index(fields=['origin'], name='decisions_of_origin')],
                    'constraints': [models.UniqueConstraint(fields=('organ', 'series', 'year', 'serial'), name='one_decision_per_number')],
                },
            ), migrations.CreateModel(
                name='Seal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('kind', models.CharField(choices=[('official', '行政公章'), ('approval', '行政审批专用章'), ('licence', '证照专用章')], max_length=12, verbose_name='种类')),
                    ('name', models.CharField(max_length=80, verbose_name='印章名称')),
                    ('sealer', models.CharField(max_length=40)),
                    ('certificate', models.TextField()),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('custodian', models.CharField(max_length=60, verbose_name='保管人')),
                    ('state', models.CharField(choices=[('active', '在用'), ('suspended', '停用'), ('revoked', '已废止')], default='active', max_length=12)),
                    ('ground', models.CharField(blank=True, max_length=300)),
                    ('registered_at', models.DateTimeField()),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='parties.organ')),
                ],
                options={
                    'indexes': [models.Index(fields=['organ', 'kind', '-id'], name='seals_of_organ')],
                },
            ), migrations.CreateModel(
                name='Rendition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('document', models.CharField(max_length=160)),
                    ('format', models.CharField(default='pdf', max_length=12)),
                    ('state', models.CharField(choices=[('waiting', '正在生成'), ('done', '已生成'), ('failed', '生成失败')], default='waiting', max_length=8)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('claimed_at', models.DateTimeField(blank=True, null=True)),
                    ('next_try_at', models.DateTimeField()),
                    ('error', models.CharField(blank=True, max_length=300)),
                    ('requested_by', models.CharField(max_length=120)),
                    ('requested_name', models.CharField(blank=True, max_length=80)),
                    ('requested_at', models.DateTimeField()),
                    ('made_at', models.DateTimeField(blank=True, null=True)),
                    ('sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                    ('size', models.PositiveIntegerField(default=0)),
                    ('seal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renditions', to='licences.seal')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='renditions_waiting')],
                    'constraints': [models.UniqueConstraint(fields=('document', 'format'), name='one_file_per_format')],
                },
            ), migrations.CreateModel(
                name='SealUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('document', models.CharField(max_length=160)),
                    ('title', models.CharField(max_length=200)),
                    ('sha256', models.CharField(max_length=64)),
                    ('actor', models.CharField(max_length=120)),
                    ('actor_name', models.CharField(blank=True, max_length=80)),
                    ('used_at', models.DateTimeField()),
                    ('entry', models.CharField(max_length=24)),
                    ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='licences.seal')),
                ],
                options={
                    'indexes': [models.Index(fields=['seal', '-used_at', '-id'], name='uses_of_seal'), models.Index(fields=['-used_at', '-id'], name='uses_by_time')],
                },
            ), migrations.CreateModel(
                name='Serving',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('document', models.CharField(db_index=True, max_length=160)),
                    ('title', models.CharField(max_length=120)),
                    ('number', models.CharField(max_length=80)),
                    ('recipient', models.CharField(max_length=120, verbose_name='受送达人')),
                    ('means', models.CharField(choices=[('electronic', '电子送达'), ('counter', '窗口直接送达'), ('left', '留置送达'), ('post', '邮寄送达'), ('notice', '公告送达')], max_length=12, verbose_name='送达方式')),
                    ('state', models.CharField(choices=[('sent', '已发出'), ('served', '已送达'), ('failed', '未送达')], default='sent', max_length=8)),
                    ('legal', models.CharField(max_length=120)),
                    ('sent_at', models.DateTimeField()),
                    ('sent_by', models.CharField(max_length=120)),
                    ('sent_name', models.CharField(blank=True, max_length=80)),
                    ('tracking', models.CharField(blank=True, max_length=60, verbose_name='邮件号码')),
                    ('deemed_on', models.DateField(blank=True, null=True)),
                    ('opened_at', models.DateTimeField(blank=True, null=True)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('served_at', models.DateTimeField(blank=True, null=True, verbose_name='送达时间')),
                    ('receipt', models.CharField(blank=True, max_length=120, verbose_name='签收人或见证情况')),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='servings', to='parties.organ')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='servings', to='parties.subject')),
                    ('consent', models.CharField(blank=True, max_length=40)),
                    ('request_key', models.CharField(blank=True, max_length=80)),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', '-sent_at', '-id'], name='servings_of_subject'), models.Index(fields=['organ', '-sent_at', '-id'], name='servings_of_organ'), models.Index(condition=models.Q(('state', 'sent')), fields=['deemed_on'], name='servings_to_be_deemed')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('request_key', ''), _negated=True), fields=('sent_by', 'request_key'), name='one_serving_per_request')],
                },
            ), migrations.CreateModel(
                name='ServingConsent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('contact', models.CharField(blank=True, max_length=80, verbose_name='联系手机或邮箱')),
                    ('given_by', models.CharField(max_length=120)),
                    ('given_name', models.CharField(blank=True, max_length=80)),
                    ('given_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='serving_consents', to='parties.subject')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('subject',), name='one_consent_at_a_time')],
                },
            ), migrations.CreateModel(
                name='VerificationFailure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.CharField(max_length=64)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['address', 'at'], name='failures_of_address')],
                },
            ), migrations.CreateModel(
                name='LicenceCopy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('purpose', models.CharField(max_length=80, verbose_name='用途')),
                    ('recipient', models.CharField(blank=True, max_length=80, verbose_name='使用单位')),
                    ('expires_on', models.DateField(verbose_name='有效期至')),
                    ('made_by', models.CharField(max_length=120)),
                    ('made_name', models.CharField(blank=True, max_length=80)),
                    ('made_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licence_copies', to='parties.subject')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='licences.licenceversion')),
                    ('request_key', models.CharField(blank=True, max_length=80)),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', '-made_at', '-id'], name='copies_of_subject')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('request_key', ''), _negated=True), fields=('made_by', 'request_key'), name='one_copy_per_request')],
                },
            )],
        ),
        yingshang.squashed.OnDatabase(_protect, _unprotect),
    ]
