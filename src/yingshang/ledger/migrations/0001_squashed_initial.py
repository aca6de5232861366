import django.db.models.deletion
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('ledger', '0001_initial')]

    initial = True

    dependencies = [
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='Head',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('size', models.BigIntegerField(unique=True)),
                    ('root', models.CharField(max_length=64)),
                    ('signed_at', models.DateTimeField()),
                    ('text', models.TextField()),
                ],
            ), migrations.CreateModel(
                name='Node',
                fields=[
                    ('place', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('hash', models.CharField(max_length=64)),
                ],
            ), migrations.CreateModel(
                name='SequencerLock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ],
            ), migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(max_length=24, unique=True)),
                    ('kind', models.CharField(max_length=80)),
                    ('actor', models.CharField(max_length=120)),
                    ('subject', models.CharField(db_index=True, max_length=160)),
                    ('occurred_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('payload_digest', models.CharField(max_length=64)),
                    ('leaf', models.CharField(max_length=64)),
                    ('seal', models.CharField(max_length=64)),
                    ('position', models.BigIntegerField(null=True, unique=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('position__isnull', True)), fields=['id'], name='ledger_unsequenced')],
                },
            ), migrations.CreateModel(
                name='Payload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('salt', models.CharField(max_length=64)),
                    ('body', models.TextField()),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payload', to='ledger.entry')),
                ],
            )],
        ),
    ]
