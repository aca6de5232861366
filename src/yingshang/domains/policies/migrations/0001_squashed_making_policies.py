import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.kernel.times
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('policies', '0001_making_policies')]

    initial = True

    dependencies = [
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='Hearing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('clauses', models.JSONField()),
                    ('inclusive', models.BooleanField()),
                    ('wanted', models.PositiveIntegerField()),
                    ('opened_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('ends_on', models.DateField()),
                    ('short', models.CharField(blank=True, max_length=300)),
                    ('commitment', models.CharField(max_length=24)),
                    ('drawn_at', models.DateTimeField(blank=True, null=True)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hearings', to='policies.textdraft')),
                ],
            ), migrations.CreateModel(
                name='CleanUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('title', models.CharField(max_length=200)),
                    ('criteria', models.JSONField()),
                    ('due_on', models.DateField()),
                    ('opened_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clean_ups', to='parties.organ')),
                ],
            ), migrations.CreateModel(
                name='Candidate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stratum', models.CharField(max_length=120)),
                    ('size', models.CharField(blank=True, max_length=20)),
                    ('holding', models.CharField(blank=True, max_length=20)),
                    ('industry', models.CharField(blank=True, max_length=4)),
                    ('invited_at', models.DateTimeField(blank=True, null=True)),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.subject')),
                    ('hearing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='policies.hearing')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('invited_at__isnull', False)), fields=['subject'], name='policy_invited_subject')],
                    'constraints': [models.UniqueConstraint(fields=('hearing', 'subject'), name='one_place_in_a_pool')],
                },
            ), migrations.CreateModel(
                name='Opinion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('clause', models.CharField(blank=True, max_length=40)),
                    ('stance', models.CharField(choices=[('support', '赞成'), ('change', '建议修改'), ('oppose', '反对')], max_length=10)),
                    ('text', models.TextField(blank=True)),
                    ('given_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('adoption', models.CharField(blank=True, choices=[('adopted', '采纳'), ('partly', '部分采纳'), ('not', '未采纳')], max_length=10)),
                    ('reply', models.TextField(blank=True)),
                    ('replied_by_name', models.CharField(blank=True, max_length=60)),
                    ('replied_at', models.DateTimeField(blank=True, null=True)),
                    ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='policies.candidate')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('candidate', 'clause'), name='one_opinion_per_clause')],
                },
            ), migrations.CreateModel(
                name='TextDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('key', models.CharField(max_length=80, verbose_name='标识')),
                    ('title', models.CharField(max_length=200, verbose_name='标题')),
                    ('body', models.JSONField(default=dict)),
                    ('source', models.TextField(blank=True)),
                    ('source_name', models.CharField(blank=True, max_length=200)),
                    ('rules', models.JSONField(default=list)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('case', models.CharField(blank=True, db_index=True, max_length=24)),
                    ('made_by', models.CharField(max_length=120)),
                    ('saved_by', models.CharField(max_length=120)),
                    ('authors', models.JSONField(default=list)),
                    ('made_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('published', models.CharField(blank=True, max_length=80)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policy_drafts', to='parties.organ')),
                ],
                options={
                    'indexes': [models.Index(fields=['organ', '-id'], name='policy_draft_organ')],
                },
            ), migrations.CreateModel(
                name='Review',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('gate', models.CharField(choices=[('competition', '公平竞争审查'), ('legality', '合法性审核'), ('consistency', '一致性评估')], max_length=20)),
                    ('digest', models.CharField(max_length=64)),
                    ('answers', models.JSONField(default=dict)),
                    ('exception', models.CharField(blank=True, max_length=60)),
                    ('statement', models.TextField()),
                    ('findings', models.JSONField(default=list)),
                    ('passed', models.BooleanField()),
                    ('by', models.CharField(max_length=120)),
                    ('by_name', models.CharField(max_length=60)),
                    ('at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policy_reviews', to='parties.organ')),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='policies.textdraft')),
                ],
            ), migrations.CreateModel(
                name='Proposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.PositiveIntegerField()),
                    ('clause', models.CharField(max_length=40)),
                    ('sort', models.CharField(choices=[('condition', '条件'), ('amount', '支持标准'), ('window', '受理时间'), ('material', '申请材料')], max_length=10)),
                    ('words', models.TextField()),
                    ('content', models.JSONField()),
                    ('decision', models.CharField(choices=[('open', '待核对'), ('confirmed', '已确认'), ('changed', '已修改'), ('rejected', '不采用')], default='open', max_length=10)),
                    ('decided', models.JSONField(blank=True, null=True)),
                    ('why', models.CharField(blank=True, max_length=300)),
                    ('decided_by_name', models.CharField(blank=True, max_length=60)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='policies.textdraft')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('draft', 'place'), name='one_proposal_per_place')],
                },
            ), migrations.CreateModel(
                name='TextReading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=80)),
                    ('first_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.subject')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('text', 'subject'), name='one_first_reading')],
                },
            ), migrations.CreateModel(
                name='CleanUpItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=80)),
                    ('title', models.CharField(max_length=200)),
                    ('grounds', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('answer', models.CharField(blank=True, choices=[('keep', '保留'), ('change', '修改'), ('abolish', '废止')], max_length=10)),
                    ('reason', models.TextField(blank=True)),
                    ('ends_from', models.DateField(blank=True, null=True)),
                    ('answered_by_name', models.CharField(blank=True, max_length=60)),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('clean_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='policies.cleanup')),
                    ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('clean_up', 'text'), name='one_line_per_text')],
                },
            )],
        ),
    ]
