import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('matching', '0001_runs'), ('matching', '0002_telling'), ('matching', '0003_back_tests')]

    initial = True

    dependencies = [
        ('parties', '0002_relation_times'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='RuleBook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('body', models.JSONField()),
                ],
            ), migrations.CreateModel(
                name='MatchRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('sequence', models.PositiveIntegerField(unique=True)),
                    ('as_of', models.DateField(verbose_name='截至')),
                    ('known_at', models.DateTimeField()),
                    ('snapshot_digest', models.CharField(max_length=64)),
                    ('snapshot_stamp', models.CharField(max_length=80)),
                    ('actor', models.CharField(max_length=200)),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField()),
                    ('phases', models.JSONField(default=dict)),
                    ('policies', models.PositiveIntegerField()),
                    ('subjects', models.PositiveIntegerField()),
                    ('entitled', models.BigIntegerField()),
                    ('unknown', models.BigIntegerField()),
                    ('gained', models.BigIntegerField()),
                    ('lost', models.BigIntegerField()),
                    ('changed', models.BigIntegerField()),
                    ('amount_fen', models.BigIntegerField()),
                    ('told', models.PositiveIntegerField()),
                    ('places', models.JSONField(default=list)),
                    ('unfit', models.JSONField(default=dict)),
                    ('is_kept', models.BooleanField(default=True)),
                    ('previous', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='matching.matchrun')),
                    ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matching.rulebook')),
                    ('is_telling', models.BooleanField(default=True)),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['as_of'], name='match_runs_by_day')],
                },
            ), migrations.CreateModel(
                name='RunPolicy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('policy', models.CharField(max_length=80)),
                    ('place', models.PositiveIntegerField()),
                    ('entitled', models.PositiveIntegerField()),
                    ('unknown', models.PositiveIntegerField()),
                    ('gained', models.PositiveIntegerField()),
                    ('lost', models.PositiveIntegerField()),
                    ('amount_fen', models.BigIntegerField()),
                    ('unknown_amounts', models.PositiveIntegerField()),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='matching.matchrun')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('run', 'policy'), name='one_outcome_per_policy_and_run')],
                },
            ), migrations.CreateModel(
                name='BackTest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('policy', models.CharField(max_length=80)),
                    ('title', models.CharField(max_length=200)),
                    ('body', models.JSONField()),
                    ('actor', models.CharField(max_length=200)),
                    ('days', models.JSONField()),
                    ('results', models.JSONField(default=list)),
                    ('asked_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('organ', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ')),
                ],
                options={
                    'indexes': [models.Index(fields=['organ', '-asked_at'], name='back_tests_of_organ')],
                },
            )],
        ),
    ]
